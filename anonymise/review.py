"""What a screen shows a reviewer: each turn with its mentions, and how many there are of what.

Read only. Offsets hold for ``Reviewed.text``, the words as they were searched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from anonymise import steps
from study import decided
from study.artefacts import Kind
from study.decided import Decided
from study.store import Study
from study.terms import Category, Mentions, Turn


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One turn and its mentions, in the order they stand in it."""

    turn: Turn
    mentions: tuple[Decided, ...] = ()

    @property
    def text(self) -> str:
        """The words of the turn."""
        return self.turn.text

    def words(self, one: Decided) -> str:
        """The words of one of its mentions."""
        return self.turn.text[one.mention.start : one.mention.end]


@dataclass(frozen=True, slots=True)
class Review:
    """An interview as it is reviewed.

    ``is_stale`` says that the transcript was corrected since and has to be searched again;
    ``is_searched`` is False where it never was.
    """

    turns: tuple[Reviewed, ...]
    not_looked_for: tuple[str, ...] = ()
    is_searched: bool = False
    is_stale: bool = False

    @property
    def undecided(self) -> int:
        """How many mentions wait for a person."""
        return sum(d.decision is None for turn in self.turns for d in turn.mentions)


def read(study: Study, interview: str) -> Review:
    """Read the turns as they were searched, or as they are where they were not.

    Raises:
        StepMissing: there is no transcript.
    """
    newest = steps.newest_transcript(study, interview)
    mentions = study.get(interview, Kind.MENTIONS, Mentions)
    source = decided.searched(study, interview, mentions) if mentions else None
    if mentions is None or source is None:
        return Review(tuple(Reviewed(turn) for turn in newest.transcript.turns))
    by_turn: dict[int, list[Decided]] = {}
    for one in decided.read(study, interview):
        by_turn.setdefault(one.mention.turn, []).append(one)
    turns = tuple(
        Reviewed(turn, tuple(by_turn.get(turn.key, ()))) for turn in source.transcript.turns
    )
    return Review(
        turns,
        mentions.not_looked_for,
        is_searched=True,
        is_stale=source.name != newest.name,
    )


def by_category(mentions: Iterable[Decided]) -> dict[Category, int]:
    """Count mentions by category, most first."""
    counted = Counter(one.mention.category for one in mentions)
    return dict(counted.most_common())
