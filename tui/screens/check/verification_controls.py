"""The verification of the whole study, on a thread, with its progress and findings."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from textual.message import Message

from app import RemainingTime, format_duration
from study import TaskProgress
from study.errors import EarshotError, Stopped
from study.store import IntegrityFinding, Study, TrailHead, verify_study
from tui.key_names import with_keys
from tui.screens.check.check_lists import CheckLists
from tui.screens.check.check_page import CheckPage
from tui.screens.check.check_widgets import CheckWidgets
from tui.screens.stage import Stage
from tui.widgets.work_line import WorkAdvanced

_TOLD_EACH_S = 0.1


class VerificationEnded(Message):
    """The verification has ended; ``findings`` is None if it was stopped or failed."""

    def __init__(
        self, findings: list[IntegrityFinding] | None, head: TrailHead, problem: str = ""
    ) -> None:
        super().__init__()
        self.findings, self.head, self.problem = findings, head, problem


class VerificationControls:
    """Verifies every byte of the study against the trail, and shows the findings."""

    def __init__(
        self, study: Study, lists: CheckLists, page: CheckPage, widgets: CheckWidgets, stage: Stage
    ) -> None:
        self._study, self._lists, self._page = study, lists, page
        self._status, self._stage = widgets.status, stage
        self.is_running = False
        self._halt = threading.Event()

    def action_verify(self) -> None:
        """Verify the whole study on a thread."""
        if self.is_running:
            return
        if self._lists.kind != "trail":
            self._page.switch_list("trail")
        self.is_running = True
        self._halt.clear()
        self._stage.run_beside(self._verify, "verify")

    def stop(self) -> None:
        """Ask the verification to stop."""
        self._halt.set()

    def show_progress(self, message: WorkAdvanced) -> None:
        """Show the progress."""
        if self.is_running and message.progress.total:
            share = int(100 * message.progress.done / message.progress.total)
            left = "" if message.left_s is None else f"  {format_duration(message.left_s)} left"
            stops = with_keys("{check.stop} stops it")
            self._status.say(f"Verifying every byte: {share}%{left}   {stops}")

    def show_findings(self, message: VerificationEnded) -> None:
        """Show the findings, or why the verification ended early."""
        self.is_running = False
        if message.findings is None:
            self._page.describe(message.problem)
            return
        trail = self._lists.trail
        trail.findings, trail.verified = message.findings, message.head
        self._lists.read_trail()
        self._page.show_list()
        self._stage.show_message(_sentence(message.findings, message.head))

    def _verify(self) -> None:
        """Verify over a second connection, so that no key waits for the database."""
        pace, told_at = RemainingTime(), 0.0

        def report(progress: TaskProgress) -> None:
            nonlocal told_at
            if time.monotonic() - told_at >= _TOLD_EACH_S:
                told_at = time.monotonic()
                self._stage.post_message(WorkAdvanced(progress, pace.estimate_left_s(progress)))

        try:
            with Study.open_with_keys(self._study.folder, self._study.ring) as study:
                findings = verify_study(study, report=report, stop=self._halt.is_set)
                head = study.read_trail()[1]
            self._stage.post_message(VerificationEnded(findings, head))
        except Stopped as stopped:
            self._stage.post_message(VerificationEnded(None, TrailHead(0, ""), str(stopped)))
        except EarshotError as error:
            self._stage.post_message(
                VerificationEnded(None, TrailHead(0, ""), self._stage.problem(error))
            )


def _sentence(findings: Sequence[IntegrityFinding], head: TrailHead) -> str:
    if not findings:
        return (
            "✓ Nothing was changed outside Earshot: every encrypted row, every "
            "block of sound and every line of the audit trail is intact.\n\nHead "
            f"of the trail: {head}\n\nCompare it with a head printed earlier: only "
            "that can show that the end of the trail was cut off."
        )
    lines = [f"{finding.where} {finding.what}" for finding in findings]
    return "\n".join([f"✗ {len(findings)} findings:", "", *lines])
