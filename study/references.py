"""Which state of an interview something belongs to: records that are compared whole.

Whoever makes mentions, a clean transcript, a sign-off or a review stores with it what it was made
from. Whether that is still what is there now is then one comparison.
"""

from __future__ import annotations

from dataclasses import dataclass

from study.kinds import Kind


@dataclass(frozen=True, slots=True)
class TranscriptRef:
    """One state of an interview's transcript.

    kind: ``Kind.RAW`` or ``Kind.CORRECTED``. version: of that artefact, 0 where there is none.
    edits: how many corrections of that version it holds.
    """

    kind: Kind
    version: int
    edits: int = 0


@dataclass(frozen=True, slots=True)
class DecisionsRef:
    """The decisions about one search: the version of its mentions, and how many were made."""

    mentions: int
    count: int


@dataclass(frozen=True, slots=True)
class ReviewBasis:
    """What was there when a review was handed to the officer.

    raw: the newest version that a model gave, which may be newer than what was corrected.
    sign_offs: how many words of an officer there were: a new one asks for another review.
    """

    raw: int
    transcript: TranscriptRef
    decisions: DecisionsRef
    sign_offs: int


@dataclass(frozen=True, slots=True)
class SignOffBasis:
    """What was there when an officer signed or sent back; versions are 0 where there was none.

    raw: the newest version that a model gave. clean, log: versions of what was signed.
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
    out of its text. pauses_from_s: silences are told from this length on, 0.0 for none.
    """

    transcript: TranscriptRef
    mentions: int
    is_intelligent: bool = False
    pauses_from_s: float = 0.0
