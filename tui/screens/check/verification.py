"""Verifying the whole study on a thread of its own, with how far it is and what was found."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from textual.message import Message

from study.errors import EarshotError, Stopped
from study.steps import Progress
from study.store import Study
from study.trail import Finding, Head
from tui.background import Pace
from tui.screens.check.lists import Lists
from tui.screens.check.page import Page
from tui.screens.check.widgets import CheckWidgets
from tui.screens.stage import Stage
from tui.widgets import wording
from tui.widgets.working import WorkAdvanced

_TOLD_EACH_S = 0.1


class Verified(Message):
    """The verification is over; findings are None where it was stopped or failed."""

    def __init__(self, findings: list[Finding] | None, head: Head, problem: str = "") -> None:
        super().__init__()
        self.findings, self.head, self.problem = findings, head, problem


class Verification:
    """Checks every byte of the study against the trail, and tells what it found."""

    def __init__(
        self, study: Study, lists: Lists, page: Page, widgets: CheckWidgets, stage: Stage
    ) -> None:
        self._study, self._lists, self._page = study, lists, page
        self._status, self._stage = widgets.status, stage
        self.is_running = False
        self._halt = threading.Event()

    def action_verify(self) -> None:
        """Verify the whole study, beside the screen."""
        if self.is_running:
            return
        if self._lists.kind != "trail":
            self._page.switch("trail")
        self.is_running = True
        self._halt.clear()
        self._stage.run_beside(self._verify, "verify")

    def stop(self) -> None:
        """Ask the verification to stop."""
        self._halt.set()

    def show_progress(self, message: WorkAdvanced) -> None:
        """Say how far it is."""
        if self.is_running and message.progress.total:
            share = int(100 * message.progress.done / message.progress.total)
            left = "" if message.left_s is None else f"  {wording.span(message.left_s)} left"
            self._status.say(f"Verifying every byte: {share} %{left}   s stops it")

    def show_findings(self, message: Verified) -> None:
        """Say what was found, or why it ended before that."""
        self.is_running = False
        if message.findings is None:
            self._page.describe(message.problem)
            return
        trail = self._lists.trail
        trail.findings, trail.verified = message.findings, message.head
        self._lists.read_trail()
        self._page.show_list()
        self._stage.tell(_sentence(message.findings, message.head))

    def _verify(self) -> None:
        """Verify with a connection of its own, so that nobody waits for it."""
        from study import verify

        pace, told_at = Pace(), 0.0

        def report(progress: Progress) -> None:
            nonlocal told_at
            if time.monotonic() - told_at >= _TOLD_EACH_S:
                told_at = time.monotonic()
                self._stage.post_message(WorkAdvanced(progress, pace.left_s(progress)))

        try:
            with Study.open_with_keys(self._study.folder, self._study.ring) as study:
                findings = verify.check_study(study, report=report, stop=self._halt.is_set)
                head = study.trail()[1]
            self._stage.post_message(Verified(findings, head))
        except Stopped as stopped:
            self._stage.post_message(Verified(None, Head(0, ""), str(stopped)))
        except EarshotError as error:
            self._stage.post_message(Verified(None, Head(0, ""), self._stage.problem(error)))


def _sentence(findings: Sequence[Finding], head: Head) -> str:
    if not findings:
        return (
            "✓ Everything is as Earshot wrote it: every sealed row, every block of sound, and each"
            f" line of the audit trail.\n\nHead of the trail: {head}\n\nCompare it with a head that"
            " was printed earlier: only that shows a trail whose end was cut off."
        )
    told = [f"{finding.where} {finding.what}" for finding in findings]
    return "\n".join([f"✗ {len(findings)} findings:", "", *told])
