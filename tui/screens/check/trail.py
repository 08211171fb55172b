"""The audit trail as a list: what was done, by whom, when; of one interview or of the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from study.trail import Finding, Head, Line
from tui.checking import Checking
from tui.screens.check.sheets import Spot
from tui.widgets import wording
from tui.widgets.columns import Column
from tui.widgets.plain import Part

_HASH = 16  # digits of a hash that are shown: as many as a printed head has


class TrailSheet:
    """Lines of the trail."""

    columns = (
        Column("line", 6),
        Column("at", 19),
        Column("by", 12),
        Column("what was done"),
        Column("interview", 14),
    )

    def __init__(self, checking: Checking) -> None:
        self._checking = checking
        self._every: Sequence[Line] = ()
        self._lines: list[Line] = []
        self._labels: Mapping[str, str] = {}
        self.is_whole = False  # of the study, not of this interview alone
        self.verb, self.slot = "", 0
        self.problem = ""  # why it could not be read
        self.head = Head(0, "")
        self.findings: Sequence[Finding] | None = None  # None until it was verified
        self.verified = Head(0, "")

    def show(self, lines: Sequence[Line], head: Head, labels: Mapping[str, str]) -> None:
        """Take the trail over as it is now."""
        self._every, self.head, self._labels = lines, head, labels
        self.refresh()

    def refresh(self) -> None:
        """Choose the lines that are asked for."""
        self._lines = [
            line
            for line in self._every
            if self._is_within(line)
            and (not self.verb or line.verb == self.verb)
            and (not self.slot or line.slot == self.slot)
        ]

    @property
    def verbs(self) -> list[str]:
        """All that was done, each once."""
        return sorted({line.verb for line in self._every if self._is_within(line)})

    @property
    def slots(self) -> list[int]:
        """All who did something."""
        return sorted({line.slot for line in self._every})

    def _is_within(self, line: Line) -> bool:
        return self.is_whole or line.interview == self._checking.interview

    def __len__(self) -> int:
        """Count the lines that are shown."""
        return len(self._lines)

    def cells(self, row: int) -> Sequence[str]:
        """Return the cells of a line."""
        line = self._lines[row]
        about = self._labels.get(line.interview, line.interview)
        at = line.at[:19].replace("T", " ")
        return str(line.number), at, self._checking.who(line.slot), line.verb, about

    def spots(self, row: int) -> Sequence[Spot]:
        """Lead nowhere: the trail holds no place in a transcript."""
        del row
        return ()

    def detail(self, row: int) -> Sequence[Part]:
        """Tell the facts of a line: versions, hashes, counts."""
        line = self._lines[row]
        facts = [f"{name} {_short(fact)}" for name, fact in line.facts.items()]
        return (
            (f"Line {line.number}: {line.verb}", "bold"),
            f"\nhash {line.hash.hex()[:_HASH]}\n" + "\n".join(facts),
        )

    def told(self) -> str:
        """Say what is shown, and how the verification ended."""
        if self.problem:
            return self.problem
        whole = "of the whole study" if self.is_whole else "about this interview"
        asked = ", ".join(
            part
            for part in (self.verb, f"by {self._checking.who(self.slot)}" if self.slot else "")
            if part
        )
        lines = wording.counted(len(self), "line")
        return f"{lines} {whole}{': ' + asked if asked else ''}   {self._verified()}"

    def _verified(self) -> str:
        if self.findings is None:
            return f"head {self.head}   v verifies the study"
        if self.findings:
            return f"✗ {len(self.findings)} findings: v shows them again"
        since = self.head.count - self.verified.count
        more = f", {since} lines since" if since else ""
        return f"✓ whole, head {self.verified}{more}"


def _short(fact: str | float) -> str:
    text = str(fact)
    return f"{text[:_HASH]}…" if len(text) > 2 * _HASH else text
