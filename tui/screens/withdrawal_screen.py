"""Withdrawing: who takes part, what goes and what stays, and what somebody else asked for.

The list stands above, what would go or has gone below. Nothing is done before the code is typed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen, Screen

from app import (
    CommandPlace,
    WithdrawalRow,
    carry_out_withdrawal,
    describe_destruction,
    describe_fully,
    describe_plan,
    format_count,
    list_withdrawal_rows,
    plan_withdrawal,
)
from handoff import render_destruction_certificate, render_recall_notice, write_wordless_file
from study import Destruction, DestructionState, WithdrawalScope
from study.errors import EarshotError
from study.store import confirm_destruction, settle_copy, take_back_request
from tui.key_advice import describe_error
from tui.key_bindings import build_bindings
from tui.screens.dialogs import MessageDialog
from tui.screens.host import Host
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText

_HINT = (
    "1 to 4 show how far: further, sound, words, everything. Space scrolls, Enter does it. Of a"
    " request: c confirms, b takes it back. d ticks off, p writes the papers. Esc leaves."
)
_NOBODY = "Nobody takes part yet."
_NO_REQUEST = "There is nothing that waits to be confirmed here."
_NOT_DONE = "Nothing has been destroyed here yet."
_Answer = TypeVar("_Answer")


class WithdrawalScreen(ModalScreen[None]):
    """The participants of a study, and the destruction of what they take back."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.WITHDRAW)

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host, self._study, self._preferences = host, host.study, host.preferences
        self._rows: list[WithdrawalRow] = []
        self._scope: WithdrawalScope | None = None

    def compose(self) -> ComposeResult:
        """Lay out the list, what is shown of the line under the cursor, and the keys."""
        with Vertical(classes="page"):
            yield SafeText("Who withdraws, and how far?", classes="bar")
            yield RowList(id="rows")
            with VerticalScroll(id="plan", can_focus=False):
                yield SafeText(id="shown")
            yield SafeText(_HINT, id="hint", classes="hint")

    def on_mount(self) -> None:
        """Read the study."""
        self._refresh()

    def action_move(self, direction: str) -> None:
        """Go along the list; what was done or asked for is shown of each line."""
        self.query_one(RowList).move(direction)
        self._scope = None
        self._show()

    def action_scope(self, number: int) -> None:
        """Show what goes where the participant withdraws so far."""
        self._scope = list(WithdrawalScope)[number - 1]
        self._show()

    def action_scroll(self, pages: int) -> None:
        """Scroll what is shown."""
        plan = self.query_one("#plan", VerticalScroll)
        if pages > 0:
            plan.scroll_page_down(animate=False)
        else:
            plan.scroll_page_up(animate=False)

    def action_ask(self) -> None:
        """Withdraw as far as it is shown, once the code was typed."""
        row, scope = self._row, self._scope
        if row is None or not row.code or scope is None:
            self._say("Choose how far with 1 to 4 first.")
            return
        question = f"{row.code} withdraws: {scope}. Type {row.code} to go on."
        self._ask(TextPrompt(question, hint="Escape leaves it as it is."), self._withdraw)

    def _withdraw(self, typed: str) -> None:
        row, scope = self._row, self._scope
        if row is None or scope is None or typed != row.code:
            return
        plan = plan_withdrawal(self._study, row.code, scope)
        one = carry_out_withdrawal(self._study, plan)
        self._scope = None
        self._refresh()
        if one is None:
            self._say(f"Recorded: {row.code} takes part in no further interviews.")
        elif one.state is DestructionState.ASKED:
            self._say("Asked for. It waits for an approver or another owner, who presses c here.")

    def action_confirm(self) -> None:
        """Destroy what somebody else has asked for, once its name was typed."""
        one = self._find(DestructionState.ASKED, _NO_REQUEST)
        if one is not None:
            name = one.code or one.id
            question = f"Destroy it for good: {describe_destruction(one)}. Type {name} to go on."
            self._ask(
                TextPrompt(question, hint="Escape leaves it as it is."),
                lambda typed: self._confirm(one) if typed == name else None,
            )

    def _confirm(self, one: Destruction) -> None:
        confirm_destruction(self._study, one.id)
        self._refresh()

    def action_refuse(self) -> None:
        """Take a request back, or refuse it."""
        one = self._find(DestructionState.ASKED, _NO_REQUEST)
        if one is not None:
            self._try(lambda: take_back_request(self._study, one.id))

    def action_settle(self) -> None:
        """Tick off what a person has dealt with."""
        one = self._row.newest if self._row else None
        left = [n for n, copy in enumerate(one.copies, 1) if not copy.settled_at] if one else []
        if one is None or not left:
            self._say("Nothing is left to deal with here.")
            return
        question = ChoicePrompt("What was dealt with?", [one.copies[n - 1].what for n in left])
        self._ask(question, lambda chosen: self._settle(one, left[chosen]))

    def _settle(self, one: Destruction, number: int) -> None:
        settle_copy(self._study, one.id, number)
        self._refresh()

    def action_papers(self) -> None:
        """Write the certificate, and a notice for each receiver, into a folder."""
        one = self._row.newest if self._row else None
        if one is None or not one.begun_at:
            self._say(_NOT_DONE)
            return
        question = TextPrompt(
            "Into which folder? It may not lie in the study.", value=str(Path.home())
        )
        self._ask(question, lambda folder: self._write(one, Path(folder).expanduser()))

    def _write(self, one: Destruction, folder: Path) -> None:
        name = folder / f"certificate-{one.id}.html"
        write_wordless_file(self._study, name, render_destruction_certificate(self._study, one))
        for n, given in enumerate(one.given_away, 1):
            notice = folder / f"notice-{one.id}-{n}.html"
            write_wordless_file(self._study, notice, render_recall_notice(given))
        pages = format_count(1 + len(one.given_away), "page")
        self._host.push_screen(MessageDialog(f"Written into {folder}: {pages} to print."))

    def action_leave(self) -> None:
        """Go back to the list of interviews."""
        self.dismiss(None)

    @property
    def _row(self) -> WithdrawalRow | None:
        return self._rows[self.query_one(RowList).cursor] if self._rows else None

    def _find(self, state: DestructionState, otherwise: str) -> Destruction | None:
        one = self._row.newest if self._row else None
        if one is None or one.state is not state:
            self._say(otherwise)
            return None
        return one

    def _ask(self, question: Screen[_Answer | None], answered: Callable[[_Answer], object]) -> None:
        def take(answer: _Answer | None) -> None:
            if answer is not None:
                self._try(lambda: answered(answer))

        self._host.push_screen(question, take)

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except EarshotError as error:
            self._host.push_screen(MessageDialog(describe_error(error, self._preferences.keys)))
        self._refresh(said=self._said)

    def _refresh(self, said: str = "") -> None:
        try:
            self._rows = list_withdrawal_rows(self._study)
        except EarshotError as error:
            self._say(describe_error(error, self._preferences.keys))
            return
        self.query_one(RowList).show([_describe_row(row) for row in self._rows])
        self._show(said)

    @property
    def _said(self) -> str:
        return self.query_one("#shown", SafeText).said

    def _show(self, said: str = "") -> None:
        self._say(said or "\n".join(self._describe()))

    def _describe(self) -> list[str]:
        row = self._row
        if row is None:
            return [_NOBODY]
        if self._scope is not None and row.code:
            try:
                return list(describe_plan(plan_withdrawal(self._study, row.code, self._scope)))
            except EarshotError as error:
                return [describe_error(error, self._preferences.keys)]
        if row.newest is not None:
            return list(describe_fully(row.newest))
        return ["1 to 4 show what would go and what would stay."]

    def _say(self, text: str) -> None:
        self.query_one("#shown", SafeText).say(text)
        self.query_one("#plan", VerticalScroll).scroll_home(animate=False)


def _describe_row(row: WithdrawalRow) -> str:
    if not row.code and row.newest is not None:
        return f"{'':<8} {'':<14} {row.newest.id}: {describe_destruction(row.newest)}"
    count = format_count(row.interviews, "interview") if row.interviews else ""
    standing = f"withdrawn: {row.withdrawn}" if row.withdrawn else ""
    if row.newest is not None:
        standing = describe_destruction(row.newest).partition(": ")[2]
    return f"{row.code:<8} {count:<14} {standing}"
