"""Facts that stand in the clear beside a sealed artefact or entry: counts, versions, lengths.

The list of interviews is made from them, so that it appears at once, also for somebody who may
not open the sealed content. They hold no words; the seal of the row binds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from study.artefact_kinds import ArtefactKind
from study.references import ReviewBasis, SignOffBasis, TranscriptRef

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class TranscriptFacts:
    """The facts of a raw or a corrected transcript.

    Lengths are in seconds, as in ``records.Coverage``; speech_s and covered_s are None for a text
    that was typed elsewhere. draft: a fast model made it. unsure: turns whose speaker is a guess.
    length_s: how far the times of an imported text reach, 0.0 where it has none; else None.
    sound_s: how much sound there was when it was made, None where nobody noted that.
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
    length_s: float | None = None
    sound_s: float | None = None


@dataclass(frozen=True, slots=True)
class MentionsFacts:
    """The facts of a search. undecided: before the decisions that follow it."""

    transcript: TranscriptRef
    mentions: int = 0
    undecided: int = 0


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """The facts of a decision. undecided: how many mentions are left after it."""

    undecided: int = 0


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """The facts of a note about the review.

    looked_at: how many turns somebody looked at. ready: what the review rested on when it was
    handed to the officer, None while it is not.
    """

    looked_at: int = 0
    ready: ReviewBasis | None = None


@dataclass(frozen=True, slots=True)
class SignOffFacts:
    """The facts of a sign-off; ``is_signed`` is False where the interview was sent back."""

    is_signed: bool
    basis: SignOffBasis


@dataclass(frozen=True, slots=True)
class HandOverFacts:
    """The facts of a hand-over. sign_off: the version of the sign-off that allowed it."""

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
class NewestFacts:
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


ARTEFACT_FACTS: dict[ArtefactKind, type[Facts]] = {
    ArtefactKind.RAW: TranscriptFacts,
    ArtefactKind.CORRECTED: TranscriptFacts,
    ArtefactKind.MENTIONS: MentionsFacts,
    ArtefactKind.SIGNED: SignOffFacts,
    ArtefactKind.HANDED: HandOverFacts,
    ArtefactKind.PSEUDONYMS: PseudonymFacts,
}
ENTRY_FACTS: dict[ArtefactKind, type[Facts]] = {
    ArtefactKind.MENTIONS: DecisionFacts,
    ArtefactKind.PROGRESS: ReviewFacts,
}


def collect_newest_facts(
    artefacts: Mapping[ArtefactKind, Facts],
    entries: Mapping[ArtefactKind, tuple[int, Facts | None]],
) -> NewestFacts:
    """Collect the facts of an interview's newest artefacts.

    entries: by kind, how many entries the newest version has, and the facts of the last one.
    """
    edits, _ = entries.get(ArtefactKind.CORRECTED, (0, None))
    decisions, last_decision = entries.get(ArtefactKind.MENTIONS, (0, None))
    _, last_note = entries.get(ArtefactKind.PROGRESS, (0, None))
    mentions = _as(artefacts.get(ArtefactKind.MENTIONS), MentionsFacts)
    left = _as(last_decision, DecisionFacts) or mentions
    return NewestFacts(
        raw=_as(artefacts.get(ArtefactKind.RAW), TranscriptFacts),
        corrected=_as(artefacts.get(ArtefactKind.CORRECTED), TranscriptFacts),
        mentions=mentions,
        undecided=left.undecided if left else 0,
        edits=edits,
        decisions=decisions,
        review=_as(last_note, ReviewFacts),
        sign_off=_as(artefacts.get(ArtefactKind.SIGNED), SignOffFacts),
        hand_over=_as(artefacts.get(ArtefactKind.HANDED), HandOverFacts),
        pseudonyms=_as(artefacts.get(ArtefactKind.PSEUDONYMS), PseudonymFacts),
    )


def _as(facts: Facts | None, wanted: type[F]) -> F | None:
    return facts if isinstance(facts, wanted) else None
