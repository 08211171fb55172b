"""The three lists of the check: the log, the risk sheet and the trail, and which one is shown."""

from __future__ import annotations

from textual.message import Message

from anonymise.risk import Line
from study.errors import EarshotError
from tui.checking import Checking
from tui.screens.check.log import LogSheet
from tui.screens.check.risk import RiskSheet
from tui.screens.check.sheets import Sheet
from tui.screens.check.trail import TrailSheet
from tui.screens.stage import Stage


class RiskRead(Message):
    """The risk sheet was read, or could not be."""

    def __init__(self, lines: tuple[Line, ...], problem: str = "") -> None:
        super().__init__()
        self.lines, self.problem = lines, problem


class Lists:
    """Reads each list when it is looked at; ``kind`` says which is: "log", "risk" or "trail"."""

    def __init__(self, checking: Checking, stage: Stage) -> None:
        self._checking, self._stage = checking, stage
        self.kind = "log"
        self.log = LogSheet(checking)
        self.risk = RiskSheet()
        self.trail = TrailSheet(checking)

    @property
    def sheet(self) -> Sheet:
        """The list that is shown."""
        sheets: dict[str, Sheet] = {"log": self.log, "risk": self.risk, "trail": self.trail}
        return sheets[self.kind]

    def refresh(self) -> None:
        """Read again what is shown; the rest once it is looked at."""
        self.log.refresh()
        self.read_others()

    def read_others(self) -> None:
        """Read the risk sheet or the trail again, whichever is shown."""
        self.risk.lines, self.risk.problem = None, ""
        if self.kind == "risk":
            self._read_risk()
        elif self.kind == "trail":
            self.read_trail()

    def look_at(self, kind: str) -> None:
        """Let another list be shown, read as far as it has to be."""
        self.kind = kind
        if kind == "trail":
            self.read_trail()
        elif kind == "risk" and self.risk.lines is None:
            self._read_risk()

    def take_risk(self, message: RiskRead) -> bool:
        """Take over a risk sheet that was read; return whether it is shown."""
        self.risk.lines, self.risk.problem = message.lines, message.problem
        return self.kind == "risk"

    def read_trail(self) -> None:
        """Read the trail."""
        study, sheet = self._checking.study, self.trail
        try:
            labels = {summary.id: summary.label for summary in study.summaries()}
            sheet.show(*study.trail(), labels)
        except EarshotError as error:
            sheet.problem = self._stage.problem(error)
        else:
            sheet.problem = ""

    def _read_risk(self) -> None:
        self._stage.run_beside(self._read_risk_beside, "risk")

    def _read_risk_beside(self) -> None:
        from anonymise import risk

        try:
            lines = risk.sheet(self._checking.study, self._checking.interview)
            self._stage.post_message(RiskRead(tuple(lines)))
        except EarshotError as error:
            self._stage.post_message(RiskRead((), self._stage.problem(error)))
