"""The officer's findings at lines of the log: right or objected to; and the originals."""

from __future__ import annotations

from app import OfficerCheck
from study import LogLine, SpotCheckResult
from study.errors import EarshotError
from tui.key_names import with_keys
from tui.screens.check.check_lists import CheckLists
from tui.screens.check.check_page import CheckPage
from tui.screens.prompts import TextPrompt
from tui.screens.stage import Stage

_HINT = "Enter saves the objection, to go back with all others. Esc cancels."
_OBJECTED = (
    "Objected to turn {number}. {{check.send_back}} sends it back, {{check.take_back}} takes this"
    " back."
)


class LineChecks:
    """Records the officer's findings at lines of the log and at turns, and shows originals."""

    def __init__(
        self, checking: OfficerCheck, lists: CheckLists, page: CheckPage, stage: Stage
    ) -> None:
        self._checking, self._lists, self._page, self._stage = checking, lists, page, stage

    def action_right(self) -> None:
        """Record that the line is right, and go to the next."""
        self._note(SpotCheckResult.RIGHT)

    def action_object(self) -> None:
        """Ask what is wrong with the line, or with the turn that is read; record the objection."""
        turn = self._page.chosen_turn
        if turn:
            self._object_to(turn)
        elif self._line() is not None:
            self._object_to_line()

    def _object_to(self, turn: int) -> None:
        number = self._checking.show_turn(turn)

        def objected(reason: str | None) -> None:
            if reason and self._stage.try_change(
                lambda: self._checking.object_to_turn(turn, reason)
            ):
                self._page.show_objections(with_keys(_OBJECTED.format(number=number)))

        self._stage.ask(
            TextPrompt(
                f"What is wrong in turn {number}? The reviewer will read it.",
                hint=_HINT,
                check=_need_reason,
            ),
            objected,
        )

    def _object_to_line(self) -> None:

        def objected(reason: str | None) -> None:
            if reason:
                self._note(SpotCheckResult.WRONG, reason)

        self._stage.ask(
            TextPrompt(
                "What is wrong with this decision? The reviewer will read it.",
                hint=_HINT,
                check=_need_reason,
            ),
            objected,
        )

    def action_take_back(self) -> None:
        """Take back the finding at the turn or line; where it has none, what was let pass last."""
        line, turn = self._line(), self._page.chosen_turn
        if turn in self._checking.turn_objections:
            if self._stage.try_change(lambda: self._checking.accept_turn(turn)):
                number = self._checking.show_turn(turn)
                self._page.show_objections(f"The objection to turn {number} is taken back.")
        elif line is not None and line.mention in self._checking.checks:
            self._note(SpotCheckResult.OPEN)
        else:
            self._ask_to_stop_again()

    def _ask_to_stop_again(self) -> None:
        """Ask why the newest words that were let through may not leave after all."""
        try:
            newest = self._checking.find_newest_pass()
        except EarshotError as error:
            self._stage.show_message(self._stage.problem(error))
            return
        if newest is None:
            return

        def reasoned(reason: str | None) -> None:
            if reason and self._stage.try_change(lambda: self._checking.stop_again(newest, reason)):
                self._page.describe("The gate looks for these words again.")

        where = (
            f"in turn {self._checking.show_turn(newest.turn)}"
            if newest.turn
            else "in the whole interview"
        )
        self._stage.ask(
            TextPrompt(
                f"Why must the gate stop these words again {where}?",
                hint="The sheet no longer lists it; do not repeat the words. Esc cancels.",
                check=_need_reason,
            ),
            reasoned,
        )

    def action_original(self) -> None:
        """Show the original words of the lines; the audit trail records that they were read."""
        if self._stage.try_change(self._checking.read_originals):
            self._lists.read_others()
            self._page.show_line_place(
                "Originals are shown. The audit trail records that you saw them."
            )

    def _line(self) -> LogLine | None:
        """Return the line of the log under the cursor, None if the log no longer has it."""
        line = self._lists.log.line(self._page.row) if self._lists.kind == "log" else None
        return line if line in self._checking.log else None

    def _note(self, found: SpotCheckResult, reason: str = "") -> None:
        line = self._line()
        if line is None:
            return
        if self._stage.try_change(lambda: self._checking.note_check(line, found, reason)):
            self._lists.read_others()
            row = self._page.row
            self._page.show_list()
            if found is not SpotCheckResult.OPEN:
                self._page.go_to_row(row + 1)


def _need_reason(text: str) -> str:
    return "" if text.strip() else "Type a reason, or press Esc."
