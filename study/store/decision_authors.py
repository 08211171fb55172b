"""Who made each decision: by the line of the trail that has its hash, not by the name in it.

A new search writes the decisions that stand once more, as they were, in a line of whoever searched.
Such a one was made by who made it first. Where one of several speakers was taken out of an
interview, what is left of its decisions was written by whoever destroyed: their authors are untold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from study.artefact_kinds import ArtefactKind
from study.permissions import CAME_FROM_ELSEWHERE, DESTRUCTION_BEGUN, KEYS_RENEWED
from study.records import Decision, Verdict
from study.store.database import map_storage_errors
from study.store.sealed_rows import ArtefactHandle
from study.travel import FIRST_FOREIGN


@dataclass(frozen=True, slots=True)
class TracedDecision:
    """A decision, and the slot that made it; None where no line of the trail tells of it."""

    decision: Decision
    author: int | None

    @property
    def is_true(self) -> bool:
        """Whether it names who made it; also true where that is not told."""
        return self.author in {None, self.decision.by}


def trace_decisions(
    versions: Iterable[Sequence[tuple[Decision, int | None]]],
) -> Iterator[list[TracedDecision]]:
    """Yield the decisions of each version of an interview's mentions, with who made them.

    versions: from the oldest on, each decision with the slot that wrote its row.
    """
    standing: dict[str, TracedDecision] = {}
    for version in versions:
        traced: list[TracedDecision] = []
        for decision, writer in version:
            before = standing.get(decision.mention)
            is_kept = before is not None and before.decision == decision
            traced.append(before if before and is_kept else TracedDecision(decision, writer))
        standing = keep_newest(traced)
        yield traced


def keep_newest(traced: Iterable[TracedDecision]) -> dict[str, TracedDecision]:
    """Return the newest decision about each mention, but for those that were taken back."""
    newest = {one.decision.mention: one for one in traced}
    return {m: one for m, one in newest.items() if one.decision.verdict != Verdict.UNDONE}


def read_standing_decisions(interview: ArtefactHandle) -> list[TracedDecision]:
    """Return the decisions of the newest search that stand, with who made them.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_entries``.
    """
    writers = _find_writers(interview)
    kind, traced = ArtefactKind.MENTIONS, list[TracedDecision]()
    versions = (
        [
            (
                decision,
                find_writer(decision, *writers.get(f"{kind}.{version}.{number}", (None, ""))),
            )
            for number, decision in enumerate(interview.read_entries(kind, Decision, version), 1)
        ]
        for version in range(1, interview.find_newest_version(kind) + 1)
    )
    for traced in trace_decisions(versions):  # noqa: B007 - the last is wanted
        pass
    return list(keep_newest(traced).values())


def find_writer(decision: Decision, slot: int | None, verb: str) -> int | None:
    """Return who made a decision by its line, None where no line of this study can tell.

    Somebody of another study made it there; a line of this study tells who took it in.
    """
    is_foreign = verb in CAME_FROM_ELSEWHERE and decision.by >= FIRST_FOREIGN
    return None if verb == DESTRUCTION_BEGUN or is_foreign else slot


def _find_writers(interview: ArtefactHandle) -> dict[str, tuple[int, str]]:
    """Return slot and verb of the line about each entry of an interview's mentions, by its name."""
    with interview.rows.lock, map_storage_errors():
        lines = interview.rows.db.execute(
            "SELECT slot, verb, interview, facts FROM trail WHERE facts LIKE '%mentions.%'"
            " AND verb NOT IN (?, ?) AND (interview = ? OR facts LIKE ?) ORDER BY number",
            [DESTRUCTION_BEGUN, KEYS_RENEWED, interview.id, f"%{interview.id}:mentions.%"],
        ).fetchall()
    writers: dict[str, tuple[int, str]] = {}
    for slot, verb, about, facts in lines:
        try:
            told = msgspec.json.decode(facts, type=dict[str, str | int | float])
        except ValueError:
            continue
        for full in told:
            who, _, name = full.rpartition(":")
            if (who or about) == interview.id:
                writers[name] = (slot, verb)
    return writers
