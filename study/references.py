"""References to the state of an interview that something was made from, compared as a whole.

Mentions, a clean transcript, a sign-off and a review are stored with such a reference. One
comparison then says whether the interview is still in that state.
"""

from __future__ import annotations

from dataclasses import dataclass

from study.artefact_kinds import ArtefactKind


@dataclass(frozen=True, slots=True)
class TranscriptRef:
    """One state of an interview's transcript.

    kind: ``ArtefactKind.RAW`` or ``ArtefactKind.CORRECTED``. version: of that artefact, 0 where
    there is none. edits: how many edits of that version are applied.
    """

    kind: ArtefactKind
    version: int
    edits: int = 0


@dataclass(frozen=True, slots=True)
class DecisionsRef:
    """The decisions about one search: the version of its mentions, and how many were made."""

    mentions: int
    count: int


@dataclass(frozen=True, slots=True)
class ReviewBasis:
    """The state of an interview when its review was handed to the officer.

    raw: the newest version that a model made, which may be newer than the corrected one.
    sign_offs: how many rulings of an officer there were: a new one asks for another review.
    """

    raw: int
    transcript: TranscriptRef
    decisions: DecisionsRef
    sign_offs: int


@dataclass(frozen=True, slots=True)
class SignOffBasis:
    """The state of an interview when an officer ruled; versions are 0 where there was none.

    raw: the newest version that a model made. clean, log: the versions that were signed.
    """

    raw: int
    transcript: TranscriptRef
    decisions: DecisionsRef
    clean: int
    log: int


@dataclass(frozen=True, slots=True)
class CleanBasis:
    """What a clean transcript was made from, and how.

    mentions: the version whose decisions it shows. is_intelligent: fillers and stumbles were left
    out of its text. pauses_from_s: the shortest silence that is in it, 0.0 for none.
    """

    transcript: TranscriptRef
    mentions: int
    is_intelligent: bool = False
    pauses_from_s: float = 0.0
