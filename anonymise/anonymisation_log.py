"""The anonymisation log: for each mention the decision, who made it, and the way of finding.

It is computed from the newest decisions where the passphrase opens transcripts, and else read as it
was written with the newest clean transcript. It never holds an original. The holder of the key of
pseudonyms may read those as well (``read_originals``), which adds a line to the audit trail.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anonymise.clean_transcript import build_log_line, collect_originals
from anonymise.search import require_transcript
from study import ArtefactKind, Category, DecidedMention, Decision, LogLine, Mentions, OriginalWords
from study.store import (
    Interview,
    KeyClass,
    read_decisions,
    read_review_progress,
    read_searched_transcript,
)


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which lines of the log to show; a field that is None or empty leaves none out."""

    category: Category | None = None
    action: str = ""
    direct: bool | None = None
    slot: int | None = None
    source: str = ""
    mention: str = ""
    in_bulk: bool | None = None

    def matches(self, line: LogLine) -> bool:
        """Whether a line is to be shown."""
        pairs = (
            (self.category, line.category), (self.action or None, line.action),
            (self.direct, line.direct), (self.slot, line.by), (self.source or None, line.source),
            (self.mention or None, line.mention), (self.in_bulk, line.in_bulk),
        )  # fmt: skip
        return all(wanted is None or wanted == is_ for wanted, is_ in pairs)


@dataclass(frozen=True, slots=True)
class LogDifference:
    """A line that differs between two versions of the log; None where one version lacks it."""

    before: LogLine | None
    after: LogLine | None

    @property
    def line(self) -> LogLine:
        """The line of the later version, else that of the earlier one."""
        line = self.after or self.before
        assert line is not None
        return line


def read_anonymisation_log(interview: Interview, version: int | None = None) -> tuple[LogLine, ...]:
    """Return the log, in the order of the transcript.

    version: of the log that was written with a clean transcript. None for the newest decisions,
        undecided mentions included, where the passphrase in use opens transcripts; else for the
        newest version.
    """
    if version is not None or not interview.study.ring.holds(KeyClass.IDENTIFYING):
        return interview.read_artefact(ArtefactKind.LOG, tuple[LogLine, ...], version) or ()
    mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
    source = read_searched_transcript(interview, mentions) if mentions else None
    if mentions is None or source is None:
        return ()
    turns = {turn.key: turn for turn in source.transcript.turns}
    return tuple(
        build_log_line(turns[one.mention.turn], one, mentions) for one in read_decisions(interview)
    )


def read_originals(interview: Interview) -> dict[str, OriginalWords]:
    """Return the original words and the reason for each decision, by the key of the mention.

    Raises:
        KeyNotHeld: the passphrase in use does not open the key of pseudonyms.
    """
    interview.study.ring.get_key(KeyClass.KEY)
    with interview.change("originals read"):
        if interview.study.ring.holds(KeyClass.IDENTIFYING):
            every = collect_originals(interview)
        else:
            every = interview.read_artefact(ArtefactKind.ORIGINALS, tuple[OriginalWords, ...]) or ()
    return {original.mention: original for original in every}


def count_log_lines(lines: Iterable[LogLine]) -> dict[tuple[Category, str], int]:
    """Count lines by category and action, most first."""
    return dict(Counter((line.category, line.action) for line in lines).most_common())


def sample_log_lines(lines: Sequence[LogLine], percent: float, seed: str = "") -> list[LogLine]:
    """Return a sample of ``percent`` of the lines, rounded up; the same for the same seed.

    Which lines are drawn depends on their keys alone, so that a line stays in the sample when
    others are added or removed.
    """
    count = min(len(lines), math.ceil(len(lines) * percent / 100))
    drawn = set(
        sorted((line.mention for line in lines), key=lambda m: _hash_mention(seed, m))[:count]
    )
    return [line for line in lines if line.mention in drawn]


def _hash_mention(seed: str, mention: str) -> str:
    return hashlib.sha256(f"{seed}:{mention}".encode()).hexdigest()


def compare_logs(before: Iterable[LogLine], after: Iterable[LogLine]) -> list[LogDifference]:
    """Return the lines that differ between two versions: new, gone, or decided differently."""
    old = {line.mention: line for line in before}
    new = {line.mention: line for line in after}
    keys = [*new, *(key for key in old if key not in new)]
    pairs = [LogDifference(old.get(key), new.get(key)) for key in keys]
    return [pair for pair in pairs if _list_facts(pair.before) != _list_facts(pair.after)]


def _list_facts(line: LogLine | None) -> tuple[str, ...]:
    return () if line is None else (line.category, line.action, line.replacement)


def list_decision_history(interview: Interview, mention: str = "") -> list[Decision]:
    """Return every decision ever made about one mention or all, the oldest first.

    A new search carries decisions over into its version; each is returned once.
    """
    every: dict[Decision, None] = {}
    for version in range(1, interview.find_newest_version(ArtefactKind.MENTIONS) + 1):
        for decision in interview.read_entries(ArtefactKind.MENTIONS, Decision, version):
            if not mention or decision.mention == mention:
                every[decision] = None
    return sorted(every, key=lambda decision: decision.at)


def list_unseen_turns(interview: Interview) -> list[int]:
    """Return the keys of turns that nobody looked at, in order.

    A turn counts as looked at if it was on the review screen, or if a mention in it was decided by
    itself; a decision in bulk does not count.
    """
    looked_at = set(read_review_progress(interview).looked_at)
    looked_at |= {d.mention.turn for d in read_decisions(interview) if _is_decided_by_itself(d)}
    turns = require_transcript(interview).transcript.turns
    return [turn.key for turn in turns if turn.key not in looked_at]


def _is_decided_by_itself(decided: DecidedMention) -> bool:
    return decided.decision is not None and not decided.decision.in_bulk
