"""What an officer finds at a line of the log: right, or objected to; and what was said there."""

from __future__ import annotations

from study.checks import Found
from study.terms import LogLine
from tui.checking import Checking
from tui.screens.asking import Typed
from tui.screens.check.lists import Lists
from tui.screens.check.page import Page
from tui.screens.stage import Stage


class LineChecks:
    """Notes what was found at the line under the cursor, and shows originals."""

    def __init__(self, checking: Checking, lists: Lists, page: Page, stage: Stage) -> None:
        self._checking, self._lists, self._page, self._stage = checking, lists, page, stage

    def action_right(self) -> None:
        """Note that a line is right as it is, and go on to the next."""
        self._note(Found.RIGHT)

    def action_object(self) -> None:
        """Ask what is wrong with a line."""
        if self._line() is None:
            return

        def objected(reason: str | None) -> None:
            if reason:
                self._note(Found.WRONG, reason)

        self._stage.ask(
            Typed(
                "What is wrong with this decision? The reviewer reads it.",
                hint="Enter keeps the objection; it is sent with B. Escape: nothing is wrong.",
                check=lambda text: "" if text else "Type a reason, or press Esc.",
            ),
            objected,
        )

    def action_take_back(self) -> None:
        """Take back what was found at a line."""
        line = self._line()
        if line is not None and line.mention in self._checking.checks:
            self._note(Found.OPEN)

    def action_original(self) -> None:
        """Show what was said where the lines stand; the audit trail notes that it was read."""
        if self._stage.attempt(self._checking.read_originals):
            self._lists.read_others()
            self._page.point("Originals are shown. The audit trail notes that you read them.")

    def _line(self) -> LogLine | None:
        """Return the line of the log under the cursor; none where it stands no more."""
        line = self._lists.log.line(self._page.row) if self._lists.kind == "log" else None
        return line if line in self._checking.log else None

    def _note(self, found: Found, reason: str = "") -> None:
        line = self._line()
        if line is None:
            return
        if self._stage.attempt(lambda: self._checking.note(line, found, reason)):
            self._lists.read_others()
            row = self._page.row
            self._page.show_list()
            if found is not Found.OPEN:
                self._page.go_to_row(row + 1)
