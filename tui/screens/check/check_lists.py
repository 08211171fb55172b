"""The lists of the check: log, risk sheet, trail, an outsider's list, and which one is shown."""

from __future__ import annotations

from textual.message import Message

from anonymise import RiskLine, build_risk_sheet, list_traces
from app import OfficerCheck
from study import list_others
from study.errors import EarshotError
from tui.screens.check.line_lists import LineList
from tui.screens.check.log_list import LogList
from tui.screens.check.outsider_list import OutsiderLine, OutsiderList
from tui.screens.check.risk_list import RiskList
from tui.screens.check.trail_list import TrailList
from tui.screens.stage import Stage


class RiskRead(Message):
    """The risk sheet was read, or could not be."""

    def __init__(self, lines: tuple[RiskLine, ...], problem: str = "") -> None:
        super().__init__()
        self.lines, self.problem = lines, problem


class TracesRead(Message):
    """What an outsider could use was read, or could not be."""

    def __init__(self, lines: tuple[OutsiderLine, ...], problem: str = "") -> None:
        super().__init__()
        self.lines, self.problem = lines, problem


class CheckLists:
    """Reads each list when it is shown first; ``kind`` names the shown one.

    It is one of log, risk, trail and outsider.
    """

    def __init__(self, checking: OfficerCheck, stage: Stage) -> None:
        self._checking, self._stage = checking, stage
        self.kind = "log"
        self.log = LogList(checking)
        self.risk = RiskList()
        self.trail = TrailList(checking)
        self.outsider = OutsiderList()

    @property
    def shown(self) -> LineList:
        """The list that is shown."""
        sheets: dict[str, LineList] = {
            "log": self.log, "risk": self.risk, "trail": self.trail, "outsider": self.outsider,
        }  # fmt: skip
        return sheets[self.kind]

    def refresh(self) -> None:
        """Read the shown list again; the others are read when they are shown."""
        self.log.refresh()
        self.read_others()

    def read_others(self) -> None:
        """Read the shown one of the other lists again."""
        self.risk.lines, self.risk.problem = None, ""
        self.outsider.lines, self.outsider.problem = None, ""
        if self.kind == "risk":
            self._read_risk()
        elif self.kind == "outsider":
            self._read_traces()
        elif self.kind == "trail":
            self.read_trail()

    def look_at(self, kind: str) -> None:
        """Switch to another list, and read it if that is still to be done."""
        self.kind = kind
        if kind == "trail":
            self.read_trail()
        elif kind == "risk" and self.risk.lines is None:
            self._read_risk()
        elif kind == "outsider" and self.outsider.lines is None:
            self._read_traces()

    def take_risk(self, message: RiskRead) -> bool:
        """Take over a risk sheet; return whether it is the shown list."""
        self.risk.lines, self.risk.problem = message.lines, message.problem
        return self.kind == "risk"

    def take_traces(self, message: TracesRead) -> bool:
        """Take over what an outsider could use; return whether it is the shown list."""
        self.outsider.lines, self.outsider.problem = message.lines, message.problem
        return self.kind == "outsider"

    def read_trail(self) -> None:
        """Read the trail."""
        study, sheet = self._checking.interview.study, self.trail
        try:
            labels = {summary.id: summary.label for summary in study.summaries()}
            sheet.show(*study.read_trail(), labels)
        except EarshotError as error:
            sheet.problem = self._stage.problem(error)
        else:
            sheet.problem = ""

    def _read_risk(self) -> None:
        self._stage.run_beside(self._read_risk_beside, "risk")

    def _read_risk_beside(self) -> None:

        try:
            lines = build_risk_sheet(self._checking.interview.study, self._checking.interview)
            self._stage.post_message(RiskRead(tuple(lines)))
        except EarshotError as error:
            self._stage.post_message(RiskRead((), self._stage.problem(error)))

    def _read_traces(self) -> None:
        self._stage.run_beside(self._read_traces_beside, "traces")

    def _read_traces_beside(self) -> None:
        interview = self._checking.interview
        try:
            found = [
                OutsiderLine.place_line(code, line, interview.id)
                for code in list_others(interview.participants)
                for line in list_traces(interview.study, code)
            ]
        except EarshotError as error:
            self._stage.post_message(TracesRead((), self._stage.problem(error)))
            return
        found.sort(key=lambda one: -one.line.weight)
        self._stage.post_message(TracesRead(tuple(found)))
