"""The anonymisation log as a list: filtered, sampled, and what was found at each line."""

from __future__ import annotations

from collections.abc import Sequence

from anonymise.ledger import Difference
from study.checks import Found
from study.screen_text import clock
from study.terms import LogLine
from tui.checking import Asked, Checking
from tui.screens.check.sheets import Spot
from tui.widgets import wording
from tui.widgets.columns import Column
from tui.widgets.plain import Part
from tui.widgets.wording import CHECKED, DECIDED

_FOUND = {Found.RIGHT: "✓", Found.WRONG: "✗"}
_WIDE, _WIDEST = 100, 130


class LogSheet:
    """Lines of the log."""

    columns = (
        Column("", 1),
        Column("time", 8),
        Column("kind", 14),
        Column("", 1),
        Column("action", 9),
        Column("what stands there"),
        Column("by", 8),
        Column("found by", 10),
        Column("class", 8, from_width=_WIDE),
        Column("on", 10, from_width=_WIDE),
        Column("note", 17, from_width=_WIDEST),
    )

    def __init__(self, checking: Checking) -> None:
        self._checking = checking
        self.asked = Asked()
        self._lines: list[LogLine] = []
        self.refresh()

    def refresh(self) -> None:
        """Take over what was read anew, or is asked for now."""
        self._lines = self._checking.lines(self.asked)

    def __len__(self) -> int:
        """Count the lines that are shown."""
        return len(self._lines)

    def line(self, row: int) -> LogLine | None:
        """Return a line of the log."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def cells(self, row: int) -> Sequence[str]:
        """Return the cells of a line."""
        line = self._lines[row]
        check = self._checking.checks.get(line.mention)
        sign, word = DECIDED[line.action]
        return (
            _FOUND[Found(check.found)] if check else " ",
            clock(line.start_s),
            line.category.value,
            sign,
            word,
            line.replacement,
            self._checking.who(line.by),
            line.source,
            _class(line),
            line.at[:10],
            self._notes(line),
        )

    def spots(self, row: int) -> Sequence[Spot]:
        """Return the one place that a line leads to."""
        line = self._lines[row]
        return (Spot(line.turn, self._checking.number(line), key=line.mention),)

    def detail(self, row: int) -> Sequence[Part]:
        """Tell all of a line, what was found at it, and the original once it was asked for."""
        line = self._lines[row]
        sign, word = DECIDED[line.action]
        stands = f" → {line.replacement}" if line.replacement else ""
        who = self._checking.who(line.by)
        when = f" by {who}, {line.at[:16].replace('T', ' ')}" if line.at else ""
        notes = self._notes(line)
        parts: list[Part] = [
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
            told = f"\n{CHECKED[check.found]}{why} ({self._checking.who(check.by)})"
            parts.append((told, "bold"))
        found = f"{line.source} {line.score:.2f} {line.component}"
        parts.append(f"\n{line.category.value} ({_class(line)}), found by {found}")
        return parts

    def told(self) -> str:
        """Say how many lines there are, which are shown, and how many were looked at again."""
        every, asked = len(self._checking.log), self.asked
        some = (
            f"{len(self)} of {every} lines"
            if len(self) != every
            else wording.counted(every, "line")
        )
        found = self._checking.checks
        wrong = len(self._checking.objections())
        looked = f"   ✓ {len(found) - wrong} right  ✗ {wrong} objected to" if found else ""
        if asked.is_all:
            return f"{some}{looked}"
        here = sum(1 for line in self._lines if line.mention in found)
        left = f", {here} looked at again" if self._lines else ""
        return f"{some}: {_asked(asked, self._checking)}{left}{looked}"

    def _notes(self, line: LogLine) -> str:
        notes: list[str] = ["in bulk"] if line.in_bulk else []
        if line.turn in self._checking.unseen:
            notes.append("turn not seen")
        return ", ".join(notes)


def _class(line: LogLine) -> str:
    return "direct" if line.direct else "indirect"


def _changed(change: Difference) -> str:
    sides = (("was", change.before), ("then", change.after))
    return ", ".join(f"{when} {_did(line)}" for when, line in sides)


def _did(line: LogLine | None) -> str:
    if line is None:
        return "not there"
    sign, word = DECIDED[line.action]
    return f"{sign} {word}" + (f" → {line.replacement}" if line.replacement else "")


def _asked(asked: Asked, checking: Checking) -> str:
    wanted = asked.wanted
    parts: list[str] = [wanted.category.value] if wanted.category else []
    parts += [wanted.action] if wanted.action else []
    if wanted.direct is not None:
        parts.append("direct" if wanted.direct else "indirect")
    parts += [f"by {checking.who(wanted.by)}"] if wanted.by is not None else []
    parts += ["in bulk"] if wanted.in_bulk else []
    parts += ["turns not seen"] if asked.unseen else []
    if asked.since:
        until = f" and version {asked.until}" if asked.until else " and now"
        parts.append(f"changed between version {asked.since}{until}")
    if asked.percent:
        parts.append(f"sample of {asked.percent:g} %" + (f" ({asked.seed})" if asked.seed else ""))
    return ", ".join(parts)
