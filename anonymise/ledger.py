"""The anonymisation log: what was decided about each mention, by whom, found by what.

It is read live where the passphrase opens transcripts, and else from the log that was written
with the newest clean transcript. It holds no original; who holds the key of pseudonyms may read
those beside it (``originals``), and that reading stands in the audit trail.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anonymise import cleaning, steps
from study import decided, progress
from study.artefacts import Kind
from study.decided import Decided
from study.keys import KeyClass
from study.store import Study
from study.terms import Category, Decision, LogLine, Mentions, Original


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of the log are asked for; what is None or empty asks for all."""

    category: Category | None = None
    action: str = ""
    direct: bool | None = None
    by: int | None = None
    source: str = ""
    mention: str = ""
    in_bulk: bool | None = None

    def fits(self, line: LogLine) -> bool:
        """Whether a line is asked for."""
        pairs = (
            (self.category, line.category), (self.action or None, line.action),
            (self.direct, line.direct), (self.by, line.by), (self.source or None, line.source),
            (self.mention or None, line.mention), (self.in_bulk, line.in_bulk),
        )  # fmt: skip
        return all(wanted is None or wanted == is_ for wanted, is_ in pairs)


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version of the log says otherwise than another; None where it lacks the line."""

    before: LogLine | None
    after: LogLine | None

    @property
    def line(self) -> LogLine:
        """The line as it is now, or was."""
        line = self.after or self.before
        assert line is not None
        return line


def read(study: Study, interview: str, version: int | None = None) -> tuple[LogLine, ...]:
    """Return the log, in the order of the transcript.

    version: of the log that was written with a clean transcript; None for what stands now, with
        the undecided where the passphrase in use opens transcripts.
    """
    if version is not None or not study.ring.holds(KeyClass.IDENTIFYING):
        return study.get(interview, Kind.LOG, tuple[LogLine, ...], version) or ()
    mentions = study.get(interview, Kind.MENTIONS, Mentions)
    source = decided.searched(study, interview, mentions) if mentions else None
    if mentions is None or source is None:
        return ()
    turns = {turn.key: turn for turn in source.transcript.turns}
    return tuple(
        cleaning.log_line(turns[one.mention.turn], one, mentions)
        for one in decided.read(study, interview)
    )


def originals(study: Study, interview: str) -> dict[str, Original]:
    """Return what was said where each mention stands, and why it was decided so, by its key.

    Raises:
        KeyNotHeld: the passphrase in use does not open the key of pseudonyms.
    """
    study.ring.key(KeyClass.KEY)
    with study.change("originals read", interview):
        if study.ring.holds(KeyClass.IDENTIFYING):
            found = cleaning.originals(study, interview)
        else:
            found = study.get(interview, Kind.ORIGINALS, tuple[Original, ...]) or ()
    return {one.mention: one for one in found}


def counts(lines: Iterable[LogLine]) -> dict[tuple[Category, str], int]:
    """Count lines by category and action, most first."""
    return dict(Counter((line.category, line.action) for line in lines).most_common())


def sample(lines: Sequence[LogLine], percent: float, seed: str = "") -> list[LogLine]:
    """Draw so many of a hundred lines for re-checking, at least one; the same for the same seed.

    Which lines are drawn depends on their keys alone, so that a line stays in the sample when
    others come or go.
    """
    count = min(len(lines), math.ceil(len(lines) * percent / 100))
    drawn = set(sorted((line.mention for line in lines), key=lambda m: _lot(seed, m))[:count])
    return [line for line in lines if line.mention in drawn]


def _lot(seed: str, mention: str) -> str:
    return hashlib.sha256(f"{seed}:{mention}".encode()).hexdigest()


def compare(before: Iterable[LogLine], after: Iterable[LogLine]) -> list[Difference]:
    """Return what changed between two versions of a log: lines new, gone, or decided otherwise."""
    old = {line.mention: line for line in before}
    new = {line.mention: line for line in after}
    keys = [*new, *(key for key in old if key not in new)]
    pairs = [Difference(old.get(key), new.get(key)) for key in keys]
    return [pair for pair in pairs if _told(pair.before) != _told(pair.after)]


def _told(line: LogLine | None) -> tuple[str, ...]:
    return () if line is None else (line.category, line.action, line.replacement)


def history(study: Study, interview: str, mention: str = "") -> list[Decision]:
    """Return every decision ever made, of one mention or all, the oldest first.

    A new search carries decisions over; each is told once.
    """
    every: dict[Decision, None] = {}
    for version in range(1, study.version(interview, Kind.MENTIONS) + 1):
        for decision in study.entries(interview, Kind.MENTIONS, Decision, version):
            if not mention or decision.mention == mention:
                every[decision] = None
    return sorted(every, key=lambda decision: decision.at)


def never_looked_at(study: Study, interview: str) -> list[int]:
    """Return the keys of turns that nobody looked at, in order.

    Somebody did where a turn was on the review screen, or where a mention in it was decided by
    itself; what was decided in bulk was not looked at.
    """
    looked_at = set(progress.read(study, interview).looked_at)
    looked_at |= {d.mention.turn for d in decided.read(study, interview) if _by_itself(d)}
    turns = steps.newest_transcript(study, interview).transcript.turns
    return [turn.key for turn in turns if turn.key not in looked_at]


def _by_itself(one: Decided) -> bool:
    return one.decision is not None and not one.decision.in_bulk
