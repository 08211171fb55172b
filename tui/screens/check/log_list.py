"""The anonymisation log as a list, filtered and sampled, with the finding at each line."""

from __future__ import annotations

from collections.abc import Sequence

from anonymise import PERSON_SOURCE, LogDifference
from app import LogSelection, OfficerCheck, format_count
from study import LogLine, SpotCheckResult, format_clock
from tui.screens.check.line_lists import ListedPlace
from tui.widgets.labels import CHECK_LABELS, LOG_ACTION_LABELS
from tui.widgets.safe_text import TextPart
from tui.widgets.text_columns import ListColumn

_FOUND = {SpotCheckResult.RIGHT: "✓", SpotCheckResult.WRONG: "✗"}
_WIDE, _WIDEST = 100, 130


class LogList:
    """Lines of the log."""

    columns = (
        ListColumn("", 1),
        ListColumn("time", 8),
        ListColumn("kind", 12, most=20),
        ListColumn("", 1),
        ListColumn("action", 9),
        ListColumn("replaced with"),
        ListColumn("by", 8, most=16),
        ListColumn("found by", 12, most=20),
        ListColumn("class", 8, from_width=_WIDE),
        ListColumn("on", 10, from_width=_WIDE),
        ListColumn("note", 17, from_width=_WIDEST, most=60),
    )

    def __init__(self, checking: OfficerCheck) -> None:
        self._checking = checking
        self.asked = LogSelection()
        self._lines: list[LogLine] = []
        self.refresh()

    def refresh(self) -> None:
        """Select the lines again, after the log was read or the filter changed."""
        self._lines = self._checking.select_lines(self.asked)

    @property
    def is_read(self) -> bool:
        """It is read with the interview."""
        return True

    def __len__(self) -> int:
        """Count the lines that are shown."""
        return len(self._lines)

    def line(self, row: int) -> LogLine | None:
        """Return a line of the log."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def format_cells(self, row: int) -> Sequence[str]:
        """Return the cells of a line."""
        line = self._lines[row]
        check = self._checking.checks.get(line.mention)
        sign, word = LOG_ACTION_LABELS[line.action]
        return (
            _FOUND[SpotCheckResult(check.found)] if check else " ",
            format_clock(line.start_s),
            line.category.value,
            sign,
            word,
            line.replacement,
            self._checking.name_slot(line.by),
            line.source,
            _class(line),
            line.at[:10],
            self._notes(line),
        )

    def list_places(self, row: int) -> Sequence[ListedPlace]:
        """Return the one place that a line leads to."""
        line = self._lines[row]
        return (ListedPlace(line.turn, self._checking.number_of_line(line), key=line.mention),)

    def describe_line(self, row: int) -> Sequence[TextPart]:
        """Return all details of a line, the finding at it, and its original once that was read."""
        line = self._lines[row]
        sign, word = LOG_ACTION_LABELS[line.action]
        stands = f" → {line.replacement}" if line.replacement else ""
        who = self._checking.name_slot(line.by)
        when = f" by {who}, {line.at[:16].replace('T', ' ')}" if line.at else ""
        notes = self._notes(line)
        parts: list[TextPart] = [
            (f"{sign} {word}", "bold"),
            f"{stands}{when}{', ' if notes else ''}{notes}",
        ]
        change = self._checking.changes.get(line.mention)
        if change is not None:
            parts = [_changed(change)]
        original = self._checking.originals.get(line.mention)
        if original is not None:
            why = f"   why: {original.reason}" if original.reason else ""
            parts.append(f"\nSaid: {original.words}{why}")
        check = self._checking.checks.get(line.mention)
        if check is not None:
            why = f": {check.reason}" if check.reason else ""
            finding = f"\n{CHECK_LABELS[check.found]}{why} ({self._checking.name_slot(check.by)})"
            parts.append((finding, "bold"))
        found = (
            "added by hand"
            if line.source == PERSON_SOURCE
            else f"found by {line.source}, {line.score:.0%} sure ({line.component})"
        )
        parts.append(f"\n{line.category.value} ({_class(line)}), {found}")
        return parts

    def describe_list(self) -> str:
        """Say how many lines there are, which are shown, and how many were checked."""
        every, asked = len(self._checking.log), self.asked
        some = (
            f"{len(self)} of {every} lines" if len(self) != every else format_count(every, "line")
        )
        found = self._checking.checks
        lines = len(self._checking.list_line_objections())
        wrong = len(self._checking.list_objections())
        right = len(found) - lines
        looked = f"   ✓ {right} right  ✗ {wrong} objected to" if found or wrong else ""
        if asked.is_all:
            return f"{some}{looked}"
        here = sum(1 for line in self._lines if line.mention in found)
        left = f", {here} looked at again" if self._lines else ""
        return f"{some}: {_asked(asked, self._checking)}{left}{looked}"

    def _notes(self, line: LogLine) -> str:
        notes: list[str] = ["in bulk"] if line.in_bulk else []
        if line.turn in self._checking.unseen:
            notes.append("turn not read")
        return ", ".join(notes)


def _class(line: LogLine) -> str:
    return "direct" if line.direct else "indirect"


def _changed(change: LogDifference) -> str:
    sides = (("was", change.before), ("then", change.after))
    return ", ".join(f"{when} {_did(line)}" for when, line in sides)


def _did(line: LogLine | None) -> str:
    if line is None:
        return "not there"
    sign, word = LOG_ACTION_LABELS[line.action]
    return f"{sign} {word}" + (f" → {line.replacement}" if line.replacement else "")


def _asked(asked: LogSelection, checking: OfficerCheck) -> str:
    wanted = asked.log_filter
    parts: list[str] = [wanted.category.value] if wanted.category else []
    parts += [wanted.action] if wanted.action else []
    if wanted.direct is not None:
        parts.append("direct" if wanted.direct else "indirect")
    parts += [f"by {checking.name_slot(wanted.slot)}"] if wanted.slot is not None else []
    parts += ["in bulk"] if wanted.in_bulk else []
    parts += ["turns not read"] if asked.unseen else []
    if asked.since:
        until = f" and version {asked.until}" if asked.until else " and now"
        parts.append(f"changed between version {asked.since}{until}")
    if asked.percent:
        parts.append(f"sample of {asked.percent:g}%" + (f" ({asked.seed})" if asked.seed else ""))
    return ", ".join(parts)
