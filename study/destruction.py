"""Destroying what a study holds: what is asked for, by whom, how far it has come, and what stays.

A destruction is asked for by one person and confirmed by another (see ``study.permissions``). It
says part by part what goes. Nothing here holds a participant's words or a name: interviews are
shown by their labels and participants by their codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from study.artefact_kinds import ArtefactKind
from study.records import HandOver

_K = ArtefactKind


class WithdrawalScope(StrEnum):
    """How much somebody takes back. The value is the word people type and read."""

    FURTHER = "further"  # no further interviews; what there is stays
    SOUND = "sound"
    TRANSCRIPT = "transcript"
    EVERYTHING = "everything"


class DataKind(StrEnum):
    """A kind of data that a study keeps for its own time. The value is the word people read."""

    SOUND = "sound"
    RAW_WORDS = "raw words"
    CLEAN_TEXT = "clean text"
    REPLACEMENTS = "what each replacement stands for"
    CONSENT = "consent"
    CONTACTS = "contact details"
    TRAIL = "trail"


KIND_ARTEFACTS: Final[Mapping[DataKind, frozenset[ArtefactKind]]] = MappingProxyType({
    # Voice prints are made from sound and as good as it.
    DataKind.SOUND: frozenset({_K.ORIGIN, _K.VOICES}),
    DataKind.RAW_WORDS: frozenset({
        _K.HINTS, _K.WINDOWS, _K.RAW, _K.HEARING, _K.HEARING_WINDOWS, _K.CORRECTED, _K.MENTIONS,
        _K.FOUND, _K.PASSED, _K.RETURNED,
    }),
    # Hand-overs stay known: the record of the destruction has them.
    DataKind.CLEAN_TEXT: frozenset({
        _K.PROGRESS, _K.CLEAN, _K.LOG, _K.CHECKS, _K.SIGNED, _K.HANDED,
    }),
    DataKind.REPLACEMENTS: frozenset({_K.PSEUDONYMS, _K.ORIGINALS}),
    DataKind.CONSENT: frozenset({_K.CONSENT}),
    DataKind.CONTACTS: frozenset({_K.CONTACTS}),
    DataKind.TRAIL: frozenset(),
})  # fmt: skip
"""The artefacts of each kind of data; the sound itself lies in files."""

WORD_ARTEFACTS: Final = (
    KIND_ARTEFACTS[DataKind.RAW_WORDS]
    | KIND_ARTEFACTS[DataKind.CLEAN_TEXT]
    | KIND_ARTEFACTS[DataKind.REPLACEMENTS]
)
"""Everything that was made of what somebody said."""

STATE_ARTEFACTS: Final = frozenset({_K.RAW, _K.CORRECTED, _K.MENTIONS})
"""Artefacts whose newest rows stay as empty shells where a text that was made from them stays.

The facts beside them, which hold no words, say what the sign-off of that text rests on."""


class DestructionCause(StrEnum):
    """Why something is destroyed."""

    WITHDRAWAL = "withdrawal"
    RETENTION = "retention"
    MOVED = "moved to another study"  # which has said that it took it in


class DestructionState(StrEnum):
    """How far a destruction has come. The value is the word people read."""

    ASKED = "asked for"
    CONFIRMED = "confirmed"
    BEGUN = "begun"  # what was to go cannot be read any more; files and old keys are being erased
    ENDED = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class DestructionPart:
    """What of one owner is destroyed.

    owner: the id of an interview, or of a participant's consent records or contact details. label:
    as people know it. kinds: the artefacts that go. sound: whether its sound goes. whole: the owner
    goes altogether, and an interview leaves the list. speaker: where it is not "", only this
    speaker's turns and sound go, and ``kinds`` are made anew or go.
    """

    owner: str
    label: str
    kinds: tuple[ArtefactKind, ...] = ()
    sound: bool = False
    whole: bool = False
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class DestroyedItem:
    """One thing that was destroyed: its name within the interview, and its SHA-256 as sealed.

    size: in bytes.
    """

    label: str
    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class GivenAway:
    """A hand-over that the study cannot call back. label: of the interview that it held."""

    label: str
    hand_over: HandOver


@dataclass(frozen=True, slots=True)
class OutsideCopy:
    """Something that Earshot cannot settle, for a person to deal with and tick off.

    what: a sentence about a copy elsewhere, or about what others said of who withdraws. settled_at:
    when somebody said that it was dealt with, "" until then.
    """

    what: str
    settled_by: int = 0
    settled_at: str = ""


@dataclass(frozen=True, slots=True)
class Destruction:
    """One destruction: what was asked for, and what came of it.

    id: random; the trail names it. scope: a ``WithdrawalScope``, or what retention names. code: the
    participant's, "" where it is about no single one. codes: of everybody whom retention concerns.
    cases: whether the attributes of ``code`` go. because: the reason as typed. destroyed,
    given_away, copies: for the certificate; filled when it is carried out. keys_renewed: whether
    new keys guard what is left.
    """

    id: str
    cause: DestructionCause
    scope: str
    code: str
    parts: tuple[DestructionPart, ...]
    asked_by: int
    asked_at: str
    because: str = ""
    cases: bool = False
    codes: tuple[str, ...] = ()
    state: DestructionState = DestructionState.ASKED
    confirmed_by: int = 0
    confirmed_at: str = ""
    begun_at: str = ""
    ended_at: str = ""
    destroyed: tuple[DestroyedItem, ...] = ()
    given_away: tuple[GivenAway, ...] = ()
    copies: tuple[OutsideCopy, ...] = ()
    keys_renewed: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether nobody can confirm it any more, and nothing of it is left to do."""
        return self.state in {DestructionState.ENDED, DestructionState.REFUSED}

    @property
    def is_open(self) -> bool:
        """Whether somebody has confirmed it and it is not finished."""
        return self.state in {DestructionState.CONFIRMED, DestructionState.BEGUN}


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Somebody's word that a participant has withdrawn; it counts from the moment it is recorded.

    pending: the ids of interviews that are being destroyed and may not be worked on meanwhile.
    destruction: the id of what was asked for, "" where nothing is destroyed. salt: random; the
    trail has a hash of the rest with it, "" up to 0.5.0.
    """

    code: str
    scope: WithdrawalScope
    by: int
    at: str
    pending: tuple[str, ...] = ()
    destruction: str = ""
    salt: str = ""


@dataclass(frozen=True, slots=True)
class LegalHold:
    """A person's word that something may not be destroyed. code: the participant, "" for all.

    salt: as of a ``Withdrawal``.
    """

    code: str
    because: str
    by: int
    name: str
    at: str
    salt: str = ""
