"""What stands beside an artefact or an entry in the clear: facts that tell nobody's words.

The list of interviews is made from them, so that it is there at once and also for whoever may
not read what is sealed. The seal of the row binds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from study.kinds import Kind
from study.references import ReviewBasis, SignOffBasis, TranscriptRef

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class TranscriptFacts:
    """Of a raw or a corrected transcript.

    Lengths are in seconds, as in ``terms.Coverage``; speech_s and covered_s are None where nobody
    listened. draft: it was heard quickly. unsure: turns whose speaker is a guess.
    """

    turns: int = 0
    speech_s: float | None = None
    covered_s: float | None = None
    gaps: int = 0
    again_s: float = 0.0
    doubts: int = 0
    flagged_s: float = 0.0
    draft: bool = False
    unsure: int = 0


@dataclass(frozen=True, slots=True)
class MentionsFacts:
    """Of a search. transcript: what was searched. undecided: before the decisions beside it."""

    transcript: TranscriptRef
    mentions: int = 0
    undecided: int = 0


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """Of a decision. undecided: how many mentions are left after it."""

    undecided: int = 0


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """Of a note about the review.

    looked_at: how many turns somebody looked at. ready: what was there when it was handed to the
    officer, None while it is not.
    """

    looked_at: int = 0
    ready: ReviewBasis | None = None


@dataclass(frozen=True, slots=True)
class SignOffFacts:
    """Of a sign-off; ``is_signed`` is False where the interview was sent back."""

    is_signed: bool
    basis: SignOffBasis


@dataclass(frozen=True, slots=True)
class HandOverFacts:
    """Of a hand-over. sign_off: the version on which it went out."""

    sign_off: int


@dataclass(frozen=True, slots=True)
class PseudonymFacts:
    """How many replacements of each category the study has given out, by the category's name."""

    given: dict[str, int] = field(default_factory=dict[str, int])


Facts = (
    TranscriptFacts
    | MentionsFacts
    | DecisionFacts
    | ReviewFacts
    | SignOffFacts
    | HandOverFacts
    | PseudonymFacts
)


@dataclass(frozen=True, slots=True)
class Newest:
    """The facts of an interview's newest artefacts, None where there is no such artefact.

    undecided: how many mentions wait, after the last decision. edits, decisions: how many entries
    the newest corrected transcript and the newest mentions have.
    """

    raw: TranscriptFacts | None = None
    corrected: TranscriptFacts | None = None
    mentions: MentionsFacts | None = None
    undecided: int = 0
    edits: int = 0
    decisions: int = 0
    review: ReviewFacts | None = None
    sign_off: SignOffFacts | None = None
    hand_over: HandOverFacts | None = None
    pseudonyms: PseudonymFacts | None = None


ARTEFACTS: dict[Kind, type[Facts]] = {
    Kind.RAW: TranscriptFacts,
    Kind.CORRECTED: TranscriptFacts,
    Kind.MENTIONS: MentionsFacts,
    Kind.SIGNED: SignOffFacts,
    Kind.HANDED: HandOverFacts,
    Kind.PSEUDONYMS: PseudonymFacts,
}
ENTRIES: dict[Kind, type[Facts]] = {
    Kind.MENTIONS: DecisionFacts,
    Kind.PROGRESS: ReviewFacts,
}


def newest(
    artefacts: Mapping[Kind, Facts], entries: Mapping[Kind, tuple[int, Facts | None]]
) -> Newest:
    """Put together what the newest artefacts of an interview tell.

    entries: of each kind how many the newest version has, and what the last of them tells.
    """
    edits, _ = entries.get(Kind.CORRECTED, (0, None))
    decisions, decided = entries.get(Kind.MENTIONS, (0, None))
    _, noted = entries.get(Kind.PROGRESS, (0, None))
    mentions = _of(artefacts.get(Kind.MENTIONS), MentionsFacts)
    left = _of(decided, DecisionFacts) or mentions
    return Newest(
        raw=_of(artefacts.get(Kind.RAW), TranscriptFacts),
        corrected=_of(artefacts.get(Kind.CORRECTED), TranscriptFacts),
        mentions=mentions,
        undecided=left.undecided if left else 0,
        edits=edits,
        decisions=decisions,
        review=_of(noted, ReviewFacts),
        sign_off=_of(artefacts.get(Kind.SIGNED), SignOffFacts),
        hand_over=_of(artefacts.get(Kind.HANDED), HandOverFacts),
        pseudonyms=_of(artefacts.get(Kind.PSEUDONYMS), PseudonymFacts),
    )


def _of(found: Facts | None, wanted: type[F]) -> F | None:
    return found if isinstance(found, wanted) else None
