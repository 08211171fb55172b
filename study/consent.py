"""Consent: what a participant, or somebody for them, agreed to, and how anybody knows.

A record is about one participant, shown by their code. It has versions: a later one supersedes it,
and none is overwritten. Names and addresses are in ``ContactDetails``, which the study keeps apart,
so that neither an interview nor the record says who anybody is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class ConsentPurpose(StrEnum):
    """What somebody is asked to agree to. The value is the word people read."""

    SOUND = "sound"
    TRANSCRIPTION = "transcription"
    QUOTES = "quotes"
    ARCHIVE = "archive"
    RECONTACT = "re-contact"
    SOUND_HAND_OVER = "hand-over of sound"
    KEEP_AFTER_WITHDRAWAL = "keep after withdrawal"


PURPOSE_QUESTIONS: Final[Mapping[ConsentPurpose, str]] = MappingProxyType({
    ConsentPurpose.SOUND: "May we record your voice?",
    ConsentPurpose.TRANSCRIPTION: "May a computer program here write down what you say?",
    ConsentPurpose.QUOTES: "May we print your words, without your name?",
    ConsentPurpose.ARCHIVE: "May other researchers use what you said, without your name?",
    ConsentPurpose.RECONTACT: "May we get in touch with you again?",
    ConsentPurpose.SOUND_HAND_OVER: "May others hear the recording of your voice?",
    ConsentPurpose.KEEP_AFTER_WITHDRAWAL: (
        "If you leave the study, may we keep what you told us until then?"
    ),
})  # fmt: skip
"""How each purpose is asked, in the order in which they are asked."""


class ConsentAnswer(StrEnum):
    """The answer to one question. Nothing but YES allows anything."""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not asked"


class Jurisdiction(StrEnum):
    """Whose law says who may decide for somebody who has lost capacity."""

    ENGLAND_AND_WALES = "England and Wales"
    SCOTLAND = "Scotland"
    NORTHERN_IRELAND = "Northern Ireland"
    OTHER = "other"


class ConsentBasis(StrEnum):
    """Who agreed."""

    OWN = "own consent"
    PERSONAL_CONSULTEE = "personal consultee"
    NOMINATED_CONSULTEE = "nominated consultee"
    GUARDIAN = "guardian or attorney"
    OTHER = "other"


OFFERED_BASES: Final[Mapping[Jurisdiction, tuple[ConsentBasis, ...]]] = MappingProxyType({
    # Mental Capacity Act 2005, section 32: advice, not consent.
    Jurisdiction.ENGLAND_AND_WALES: (
        ConsentBasis.OWN, ConsentBasis.PERSONAL_CONSULTEE, ConsentBasis.NOMINATED_CONSULTEE,
        ConsentBasis.OTHER,
    ),
    # Adults with Incapacity (Scotland) Act 2000, section 51; the nearest relative is "other".
    Jurisdiction.SCOTLAND: (ConsentBasis.OWN, ConsentBasis.GUARDIAN, ConsentBasis.OTHER),
    # Mental Capacity Act (Northern Ireland) 2016, part 8.
    Jurisdiction.NORTHERN_IRELAND: (
        ConsentBasis.OWN, ConsentBasis.PERSONAL_CONSULTEE, ConsentBasis.NOMINATED_CONSULTEE,
        ConsentBasis.OTHER,
    ),
    Jurisdiction.OTHER: tuple(ConsentBasis),
})  # fmt: skip
"""The bases that are offered under each law."""


class CapacityState(StrEnum):
    """Whether somebody can decide for themselves. Capacity that comes and goes counts as lost."""

    HAS_CAPACITY = "has capacity"
    LOST = "lost capacity"
    ADVISED = "consultee's advice recorded"


class ConsentRule(StrEnum):
    """What a study asks for before anything is recorded."""

    UNSET = ""  # a study that was begun before there were rules: nothing is refused
    RECORDED = "recorded"  # a record that covers each participant
    PAPER = "paper"  # consent is on paper, and somebody has seen it


class EarlierData(StrEnum):
    """What a study does with earlier interviews of somebody who has lost capacity."""

    UNSET = ""  # the study has not said: they are kept as they are until somebody does
    KEEP = "keep"
    ASK = "ask the consultee"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class PaperVersion:
    """Which version of a paper somebody was given. date: of the version, as 2026-03-01."""

    version: str
    date: str


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One version of what a participant agreed to.

    sheet, form: which information sheet and consent form they were given. taken_by: who took the
    consent, taken_on: on which day, as 2026-11-29. basis_note: what ``ConsentBasis.OTHER`` is.
    answers: a purpose that is missing was not asked. spoken: the id of the interview that holds a
    spoken consent, "" for none. earlier: what was confirmed about earlier interviews when capacity
    was lost. by, at: the slot whose passphrase was in use, and when; set when it is kept.
    """

    code: str
    sheet: PaperVersion
    form: PaperVersion
    taken_by: str
    taken_on: str
    basis: ConsentBasis = ConsentBasis.OWN
    jurisdiction: Jurisdiction = Jurisdiction.ENGLAND_AND_WALES
    answers: dict[ConsentPurpose, ConsentAnswer] = field(
        default_factory=dict[ConsentPurpose, ConsentAnswer]
    )
    capacity: CapacityState = CapacityState.HAS_CAPACITY
    basis_note: str = ""
    spoken: str = ""
    earlier: EarlierData = EarlierData.UNSET
    by: int = 0
    at: str = ""

    def read_answer(self, purpose: ConsentPurpose) -> ConsentAnswer:
        """Return the answer to one question."""
        return self.answers.get(purpose, ConsentAnswer.NOT_ASKED)

    def allows(self, purpose: ConsentPurpose) -> bool:
        """Whether the answer to one question is yes."""
        return self.read_answer(purpose) is ConsentAnswer.YES


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody's name, and how to reach them, as typed; "" where it is not known."""

    name: str = ""
    reach: str = ""

    @property
    def is_known(self) -> bool:
        """Whether anything is known of them."""
        return bool(self.name or self.reach)


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """Who a participant is, and who decides for them. Kept apart from every interview.

    person: the participant. deputy: the consultee, guardian or attorney. by, at: as in
    ``ConsentRecord``.
    """

    code: str
    person: Contact = field(default_factory=Contact)
    deputy: Contact = field(default_factory=Contact)
    by: int = 0
    at: str = ""
