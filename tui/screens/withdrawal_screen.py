"""Withdrawing: who takes part, what goes and what stays, and what somebody else asked for.

The list stands above, what has gone below. What would go is shown alone, as one column that
scrolls. Nothing is done before the code is typed, and who may not do it is told before that.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.events import Key
from textual.screen import ModalScreen, Screen

from app import (
    CommandPlace,
    WithdrawalRow,
    carry_out_withdrawal,
    confirm_request,
    describe_destruction,
    describe_fully,
    describe_plan,
    explain_role,
    format_count,
    list_withdrawal_rows,
    plan_withdrawal,
    say_recorded,
)
from handoff import (
    list_received,
    render_destruction_certificate,
    render_recall_notice,
    write_wordless_file,
)
from study import (
    Destruction,
    DestructionState,
    PersonAction,
    WithdrawalScope,
    is_permitted,
)
from study.errors import EarshotError
from study.store import may_confirm, settle_copy, take_back_request
from tui.key_advice import describe_error
from tui.key_bindings import build_page_bindings
from tui.key_names import with_keys
from tui.screens.dead_keys import explain_key
from tui.screens.dialogs import MessageDialog
from tui.screens.host import Host
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText

_HINT = (
    "{withdraw.scope_1} to {withdraw.scope_4} show what goes: {withdraw.scope_1} no further"
    " interviews,"
    " {withdraw.scope_2} the sound, {withdraw.scope_3} the words, {withdraw.scope_4} everything."
    " Of a request: {withdraw.confirm} confirms, {withdraw.refuse} takes it back."
    " {withdraw.settle} ticks off, {withdraw.papers} writes the papers. {withdraw.leave} leaves,"
    " {help} explains."
)
_CHOOSE = "{withdraw.scope_1} to {withdraw.scope_4} show what would go and what would stay."
_PLAN_HINT = (
    "{withdraw.up} {withdraw.down} {withdraw.scroll_down} scroll. {withdraw.scope_1} to"
    " {withdraw.scope_4}: another scope. {withdraw.ask} goes on. {withdraw.leave}: the list."
    " {help} explains."
)
_ASKER, _CONFIRMER = PersonAction.ASK_DESTRUCTION, PersonAction.CONFIRM_DESTRUCTION
_OWN_REQUEST = "You asked for this yourself, so somebody else must confirm it."
_AROUND, _LEAST = 4, 20  # columns: edges and scroll bar; fewer cannot be read
_MOST_ROWS = 6  # of the list, where something is shown below it
_NOBODY = "No participants yet."
_NO_REQUEST = "Nothing here is waiting to be confirmed."
_NOT_DONE = "Nothing has been destroyed here yet."
_Answer = TypeVar("_Answer")


class WithdrawalScreen(ModalScreen[None]):
    """The participants of a study, and the destruction of what they take back."""

    ALLOW_SELECT = False
    place: ClassVar[CommandPlace] = CommandPlace.WITHDRAW
    BINDINGS: ClassVar[list[BindingType]] = build_page_bindings(CommandPlace.WITHDRAW)

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host, self._study, self._preferences = host, host.study, host.preferences
        self._rows: list[WithdrawalRow] = []
        self._scope: WithdrawalScope | None = None

    def compose(self) -> ComposeResult:
        """Lay out the list, what is shown of the line under the cursor, and the keys."""
        with Vertical(classes="page"):
            yield SafeText("Who is withdrawing, and what goes?", classes="bar")
            yield RowList(id="rows", counts_more=True)
            with VerticalScroll(id="plan", can_focus=False):
                yield SafeText(id="shown")
            yield SafeText(id="more")
            yield SafeText(id="why", classes="hint")
            yield SafeText(with_keys(_HINT), id="hint", classes="hint")

    def on_mount(self) -> None:
        """Read the study."""
        self._refresh()
        plan = self.query_one("#plan", VerticalScroll)
        self.watch(plan, "scroll_y", self._count_more)
        self.watch(plan, "virtual_size", self._count_more)

    def on_resize(self) -> None:
        """Break the lines anew, and count what is beyond the edge."""
        if self._rows:
            self._show()
        self.call_after_refresh(self._count_more)

    def on_key(self, event: Key) -> None:
        """Say why a key does nothing."""
        said = explain_key(CommandPlace.WITHDRAW, event, self._preferences.keys, self._explain)
        self.query_one("#why", SafeText).say((said, "$open"))
        self.query_one("#why", SafeText).display = bool(said)

    def _explain(self, action: str, parameters: tuple[object, ...]) -> str:
        role = self._study.role
        is_idle = not any(is_permitted(role, one) for one in (_ASKER, _CONFIRMER))
        if action.startswith("refuse") and is_idle:
            return f"Your role, {role}, does not let you {_ASKER}."
        return explain_role(CommandPlace.WITHDRAW, action, parameters, role)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer nothing that the role of who is there does not allow."""
        return not self._explain(action, parameters)

    def action_move(self, direction: str) -> None:
        """Go along the list, or scroll what would go by a line or a page."""
        if self._scope is None:
            self.query_one(RowList).move(direction)
            self._show()
            return
        plan = self.query_one("#plan", VerticalScroll)
        {
            "up": plan.scroll_up, "down": plan.scroll_down, "page_up": plan.scroll_page_up,
            "page_down": plan.scroll_page_down, "home": plan.scroll_home, "end": plan.scroll_end,
        }[direction](animate=False)  # fmt: skip

    def action_scope(self, number: int) -> None:
        """Show what goes where the participant withdraws so far."""
        row = self._row
        if row is not None and row.withdrawn == WithdrawalScope.EVERYTHING:
            self._scope = None
            self._show(f"{row.code} has withdrawn everything: nothing is left to take back.")
            return
        if row is not None and row.code:
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
            how_far = "Choose what goes with {withdraw.scope_1} to {withdraw.scope_4} first."
            self._say(with_keys(how_far))
            return
        if refusal := self._find_obstacle(row, scope):
            self._host.push_screen(MessageDialog(refusal))
            return
        question = f"{row.code} withdraws: {scope}. Type {row.code} to go on."
        self._ask(_ask_for(question, row.code), lambda _: self._withdraw())

    def _find_obstacle(self, row: WithdrawalRow, scope: WithdrawalScope) -> str:
        """Say why it cannot be done, before anybody types a code."""
        further = scope is WithdrawalScope.FURTHER
        needed = PersonAction.KEEP_CONSENT if further else _ASKER
        if not is_permitted(self._study.role, needed):
            return f"Your role, {self._study.role}, does not let you {needed}."
        try:
            plan_withdrawal(self._study, row.code, scope)
        except EarshotError as error:
            return describe_error(error, self._preferences.keys)
        return ""

    def _withdraw(self) -> None:
        row, scope = self._row, self._scope
        if row is None or scope is None:
            return
        plan = plan_withdrawal(self._study, row.code, scope)
        one = carry_out_withdrawal(self._study, plan)
        self._scope = None
        self._refresh()
        if one is None:
            self._say(say_recorded(row.code, scope))
        elif one.state is DestructionState.ASKED:
            self._say("Requested. An approver or another owner must confirm it here.")

    def action_confirm(self) -> None:
        """Destroy what somebody else has asked for, once its name was typed."""
        one = self._find(DestructionState.ASKED, _NO_REQUEST)
        if one is not None and not may_confirm(self._study, one):
            self._host.push_screen(MessageDialog(_OWN_REQUEST))
        elif one is not None:
            name = one.code or one.id
            question = f"Destroy it for good: {describe_destruction(one)}. Type {name} to go on."
            self._ask(_ask_for(question, name), lambda _: self._confirm(one))

    def _confirm(self, one: Destruction) -> None:
        confirm_request(self._study, one.id)
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
            self._say("Nothing left to deal with here.")
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
        question = TextPrompt("Which folder? It must be outside the study.", value=str(Path.cwd()))
        self._ask(question, lambda folder: self._write(one, Path(folder).expanduser()))

    def _write(self, one: Destruction, folder: Path) -> None:
        name = folder / f"certificate-{one.id}.html"
        write_wordless_file(self._study, name, render_destruction_certificate(self._study, one))
        received = list_received(self._study, one)
        for n, given in enumerate(received, 1):
            notice = folder / f"notice-{one.id}-{n}.html"
            write_wordless_file(self._study, notice, render_recall_notice(given, one.cause))
        pages = format_count(1 + len(received), "page")
        self._host.push_screen(MessageDialog(f"Written into {folder}: {pages} to print."))

    def action_leave(self) -> None:
        """Go back to the list of participants, or of interviews."""
        if self._scope is None:
            self.dismiss(None)
        else:
            self._scope = None
            self._show()

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
        rows, is_planning = self.query_one(RowList), self._scope is not None
        rows.display = not is_planning
        rows.styles.height = max(1, min(_MOST_ROWS, len(self._rows)))
        self.query_one("#why").display = False
        self.query_one("#hint", SafeText).say(with_keys(_PLAN_HINT if is_planning else _HINT))
        room = self.size.width - _AROUND
        self._say(said or "\n".join(_hang(line, room) for line in self._describe()))

    def _count_more(self) -> None:
        """Say how many lines of what is shown are beyond the edge."""
        plan = self.query_one("#plan", VerticalScroll)
        below = round(plan.max_scroll_y - plan.scroll_y)
        more = self.query_one("#more", SafeText)
        more.display = below > 0
        scrolls = with_keys("{withdraw.scroll_down}")
        more.say((f"↓ {format_count(below, 'more line')}: {scrolls}", "$quiet"))

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
        return [with_keys(_CHOOSE)]

    def _say(self, text: str) -> None:
        self.query_one("#shown", SafeText).say(text)
        self.query_one("#plan", VerticalScroll).scroll_home(animate=False)
        self.call_after_refresh(self._count_more)


def _ask_for(question: str, name: str) -> TextPrompt:
    """Return a prompt that takes nothing but this name."""

    def check(typed: str) -> str:
        return "" if typed == name else f"Nothing was done: that is not {name}, letter for letter."

    return TextPrompt(question, hint="Esc cancels.", check=check)


def _hang(line: str, room: int) -> str:
    """Break a line between words; what goes on begins further right than the line does."""
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.fill(
        line, max(_LEAST, room), subsequent_indent=f"{indent}  " if indent else "",
        break_on_hyphens=False,
    )  # fmt: skip


def _describe_row(row: WithdrawalRow) -> str:
    if not row.code and row.newest is not None:
        return f"{'':<8} {'':<14} {row.newest.id}: {describe_destruction(row.newest)}"
    count = format_count(row.interviews, "interview") if row.interviews else ""
    withdrawn = f"withdrawn: {row.withdrawn}" if row.withdrawn else ""
    newest = describe_destruction(row.newest).partition(": ")[2] if row.newest else ""
    standing = newest or withdrawn
    if withdrawn and row.newest is not None and newest.startswith(row.withdrawn):
        standing = f"withdrawn: {newest}"
    elif withdrawn and newest:
        standing = f"{withdrawn}; {newest}"
    return f"{row.code:<8} {count:<14} {standing}"
