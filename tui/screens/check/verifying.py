"""What takes a while: reading the risk sheet and the trail, and verifying the whole study."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from textual import on, work
from textual.message import Message

from anonymise.risk import Line
from study.errors import EarshotError, Stopped
from study.steps import Progress
from study.store import Study
from study.trail import Finding, Head
from tui.background import Pace
from tui.screens.check.ruling import Ruling
from tui.widgets import wording
from tui.widgets.plain import Steady

_TOLD_EACH_S = 0.1


class Verifying(Ruling):
    """Work on threads of its own."""

    class RiskRead(Message):
        """The risk sheet was read, or could not be."""

        def __init__(self, lines: Sequence[Line], problem: str = "") -> None:
            super().__init__()
            self.lines, self.problem = lines, problem

    class Verified(Message):
        """The verification is over; findings are None where it was stopped or failed."""

        def __init__(self, findings: list[Finding] | None, head: Head, problem: str = "") -> None:
            super().__init__()
            self.findings, self.head, self.problem = findings, head, problem

    class Went(Message):
        """The verification has got further; a newer one makes this one stale."""

        def __init__(self, progress: Progress, left_s: float | None) -> None:
            super().__init__()
            self.progress, self.left_s = progress, left_s

        def can_replace(self, message: Message) -> bool:
            """Whether this one makes ``message`` superfluous."""
            return isinstance(message, Verifying.Went)

    def __init__(self, interview: str) -> None:
        super().__init__(interview)
        self.is_verifying = False
        self.halt = threading.Event()  # asks the verification to stop

    def read_again(self) -> None:
        """Read the risk sheet and the trail anew, the one when it is looked at."""
        self.risk.lines, self.risk.problem = None, ""
        if self.kind == "risk":
            self._read_risk()
        elif self.kind == "trail":
            self._read_trail()

    def action_show(self, kind: str) -> None:
        """Show the log, the risk sheet or the trail."""
        if kind == "trail":
            self._read_trail()
        self.switch(kind)
        if kind == "risk" and self.risk.lines is None:
            self._read_risk()

    def action_verify(self) -> None:
        """Verify the whole study, or show again what was found."""
        trail = self.trail
        if trail is None or self.is_verifying:
            return
        if self.kind != "trail":
            self.action_show("trail")
        self.is_verifying = True
        self.halt.clear()
        self._verify()

    @work(thread=True, exclusive=True, group="risk", exit_on_error=False)
    def _read_risk(self) -> None:
        from anonymise import risk

        try:
            self.post_message(self.RiskRead(risk.sheet(self.earshot.study, self.interview)))
        except EarshotError as error:
            self.post_message(self.RiskRead((), wording.problem(error)))

    @on(RiskRead)
    def _risk_read(self, message: RiskRead) -> None:
        self.risk.lines, self.risk.problem = message.lines, message.problem
        if self.kind == "risk":
            self.show_list()

    def _read_trail(self) -> None:
        study, sheet = self.earshot.study, self.trail
        if sheet is None:
            return
        try:
            labels = {summary.id: summary.label for summary in study.summaries()}
            sheet.show(*study.trail(), labels)
        except EarshotError as error:
            sheet.problem = wording.problem(error)
        else:
            sheet.problem = ""

    @work(thread=True, exclusive=True, group="verify", exit_on_error=False)
    def _verify(self) -> None:
        """Verify with a connection of its own, so that nobody waits for it."""
        from study import verify

        ours, pace, told_at = self.earshot.study, Pace(), 0.0

        def report(progress: Progress) -> None:
            nonlocal told_at
            if time.monotonic() - told_at >= _TOLD_EACH_S:
                told_at = time.monotonic()
                self.post_message(self.Went(progress, pace.left_s(progress)))

        try:
            with Study.open_with_keys(ours.folder, ours.ring) as study:
                findings = verify.check_study(study, report=report, stop=self.halt.is_set)
                head = study.trail()[1]
            self.post_message(self.Verified(findings, head))
        except Stopped as stopped:
            self.post_message(self.Verified(None, Head(0, ""), str(stopped)))
        except EarshotError as error:
            self.post_message(self.Verified(None, Head(0, ""), wording.problem(error)))

    @on(Went)
    def _went(self, message: Went) -> None:
        if self.is_verifying and message.progress.total:
            share = int(100 * message.progress.done / message.progress.total)
            left = "" if message.left_s is None else f"  {wording.span(message.left_s)} left"
            self.query_one("#status", Steady).say(
                f"Verifying every byte: {share} %{left}   s stops it"
            )

    @on(Verified)
    def _verified(self, message: Verified) -> None:
        self.is_verifying = False
        trail = self.trail
        if trail is None:
            return
        if message.findings is None:
            self.describe(message.problem)
            return
        trail.findings, trail.verified = message.findings, message.head
        self._read_trail()
        self.show_list()
        self.tell(_sentence(message.findings, message.head))


def _sentence(findings: Sequence[Finding], head: Head) -> str:
    if not findings:
        return (
            "✓ Everything is as Earshot wrote it: every sealed row, every block of sound, and each"
            f" line of the audit trail.\n\nHead of the trail: {head}\n\nCompare it with a head that"
            " was printed earlier: only that shows a trail whose end was cut off."
        )
    told = [f"{finding.where} {finding.what}" for finding in findings]
    return "\n".join([f"✗ {len(findings)} findings:", "", *told])
