"""The people of the study: who may open it, with which keys, and who is there.

Whoever may say who opens a study adds and removes people here; everybody changes their own
passphrase, sees the fingerprint of a key, and hands the keyboard to somebody else. What takes the
time of a passphrase runs on a thread, and no key works meanwhile.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from functools import partial
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from app import (
    ROLE_SUMMARIES,
    CommandPlace,
    change_passphrase,
    describe_opened_keys,
    describe_presence,
    describe_removal,
    describe_who_is_there,
    open_as_person,
)
from study import JOINING_ROLES, InterviewSummary, PersonRole
from study.errors import EarshotError
from study.store import (
    Person,
    Removal,
    Study,
    add_person,
    check_person_name,
    check_recovery_code,
    format_fingerprint,
    format_fingerprint_groups,
    list_people,
    remove_person,
    renew_recovery_code,
)
from tui.key_bindings import build_bindings
from tui.key_names import with_keys
from tui.screens.command_screen import CommandScreen
from tui.screens.dialogs import QuestionDialog
from tui.screens.passphrase_prompt import PassphrasePrompt
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.widgets.key_line import KeyLine
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText
from tui.widgets.text_columns import ColumnLines, ListColumn
from tui.widgets.work_line import WorkLine

_Result = TypeVar("_Result")

_COLUMNS = (
    ListColumn("name"),
    ListColumn("role", 12),
    ListColumn("since", 10),
    ListColumn("here", 4),
)
_GROUPS_WIDTH = 40  # eight groups of four digits
_WAIT = "One moment …"
_CODE = "Recovery code"
_BUSY = (
    "A task is running. Before somebody else takes over, wait for it or stop it with {people.stop}."
)
_NOT_THEIRS = "That passphrase is not theirs. Press {people.switch} on their line to try again."
_CHANGED = "Your passphrase is changed. The old one no longer works."
_CODE_OPENS = "✓ That recovery code opens this study."
_CODE_FAILS = "✗ That is not the recovery code of this study. If it is lost, make a new one."
_NEW_CODE = (
    "Make a new recovery code? The one on paper will stop working, and the new "
    "one is shown only once."
)
_WRITE_DOWN = (
    "The old recovery code no longer works. Write this one on paper, and keep it "
    "away from the computer:\n\n    {code}\n\nIs it written down? It is not shown "
    "again."
)


class PeopleScreen(CommandScreen):
    """Who may open the study."""

    place: ClassVar[CommandPlace] = CommandPlace.PEOPLE
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.PEOPLE)

    class Ended(Message):
        """Something on a thread has ended; ``tell`` shows how."""

        def __init__(self, tell: Callable[[], None]) -> None:
            super().__init__()
            self.tell = tell

    def __init__(self) -> None:
        super().__init__()
        self._people: list[Person] = []
        self._problem = ""
        self._is_busy = False

    def compose(self) -> ComposeResult:
        """Lay out the heading, the people, what the chosen one's keys open, and the keys."""
        yield SafeText(id="heading", classes="bar")
        yield SafeText(id="columns")
        yield RowList(id="people", counts_more=True)
        yield SafeText(id="about-person")
        yield SafeText("This window is too small: make it larger.", classes="too-small")
        yield WorkLine(id="work")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Read who there is."""
        super().on_mount()
        self.refresh_study()

    def on_resize(self) -> None:
        """Fit the columns into another width."""
        self._show()

    @property
    def _study(self) -> Study:
        return self.earshot.study

    @property
    def _chosen(self) -> Person | None:
        row = self.query_one(RowList).cursor
        return self._people[row] if 0 <= row < len(self._people) else None

    def find_chosen(self) -> InterviewSummary | None:
        """Return None: nothing here is about an interview."""
        return None

    def refresh_study(self) -> None:
        """Read the people again."""
        try:
            self._people, self._problem = list_people(self._study), ""
        except EarshotError as error:
            self._problem = self.problem(error)
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no key while a passphrase is being worked on; a code on paper is nobody's."""
        if self._is_busy and action != "move":
            return False
        if action == "change_passphrase" and self._study.role is PersonRole.RECOVERY:
            return False
        return super().check_action(action, parameters)

    def action_move(self, direction: str) -> None:
        """Go along the people."""
        self.query_one(RowList).move(direction)
        self._show()

    def action_back(self) -> None:
        """Go back to the list of interviews."""
        self.earshot.pop_screen()

    def action_add(self) -> None:
        """Ask for a name, a role and a passphrase, and add somebody."""

        def check(name: str) -> str:
            try:
                check_person_name(self._study, name)
            except EarshotError as error:
                return self.problem(error)
            return ""

        prompt = TextPrompt(
            "What is the new person's name?",
            hint=(
                "As it will appear in the audit trail and on sign-offs. Enter "
                "continues, Esc cancels."
            ),
            check=check,
        )
        self.ask(prompt, self._ask_role)

    def _ask_role(self, name: str | None) -> None:
        if name is None:
            return

        def answered(number: int | None) -> None:
            if number is not None:
                self._ask_first_passphrase(name, JOINING_ROLES[number])

        roles = [f"{role.value:<12} {ROLE_SUMMARIES[role]}" for role in JOINING_ROLES]
        self.ask(ChoicePrompt(f"What does {name} do in this study?", roles, chosen=1), answered)

    def _ask_first_passphrase(self, name: str, role: PersonRole) -> None:
        def typed(passphrase: str | None) -> None:
            if passphrase is not None:
                self._run(lambda: add_person(self._study, name, role, passphrase), self._tell_added)

        question = f"A passphrase for {name}, who types it while nobody looks:"
        self.ask(PassphrasePrompt(question, is_new=True), typed)

    def _tell_added(self, made: Person) -> None:
        self.show_message(
            f"{made.name} can open the study as {made.role.value}: "
            f"{describe_opened_keys(made)}.\n\nIf anybody else knows that "
            "passphrase, they should change it here."
        )

    def action_change_passphrase(self) -> None:
        """Ask for another passphrase of who is there."""

        def typed(passphrase: str | None) -> None:
            if passphrase is not None:
                self._run(
                    lambda: change_passphrase(self._study, passphrase),
                    lambda _: self.show_message(_CHANGED),
                )

        who = self._study.slot_name
        self.ask(PassphrasePrompt(f"A new passphrase for you, {who}:", is_new=True), typed)

    def action_remove(self) -> None:
        """Say what somebody may have copied, ask, and remove them."""
        person = self._chosen
        if person is None:
            return
        question = (
            f"Remove {person.name}? Their passphrase will open nothing, and new keys will guard"
            " what is entered from now on. They may have copied what they could open until now:"
            f" {describe_opened_keys(person)}."
        )

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if wanted:
                self._run(lambda: remove_person(self._study, person.name), self._tell_removed)

        self.ask(QuestionDialog(question), answered)

    def _tell_removed(self, removed: Removal) -> None:
        self.show_message("\n\n".join(describe_removal(removed)))

    def action_check_code(self) -> None:
        """Ask for the recovery code, and say whether it opens the study."""

        def typed(code: str | None) -> None:
            if code is not None:
                self._run(
                    lambda: check_recovery_code(self._study, code),
                    lambda opens: self.show_message(_CODE_OPENS if opens else _CODE_FAILS),
                )

        self.ask(PassphrasePrompt("The recovery code, as it stands on paper:", wanted=_CODE), typed)

    def action_renew_code(self) -> None:
        """Make a new recovery code, after asking."""

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if wanted:
                self._run(lambda: renew_recovery_code(self._study), self._show_code)

        self.ask(QuestionDialog(_NEW_CODE), answered)

    def _show_code(self, code: str) -> None:
        """Show a code until it is written down."""

        def answered(is_written: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if not is_written:
                self._show_code(code)

        self.ask(QuestionDialog(_WRITE_DOWN.format(code=code)), answered)

    def action_show_key(self) -> None:
        """Show the fingerprint of the key with which somebody signs."""
        person = self._chosen
        if person is None:
            return
        if not person.signing:
            self.show_message(f"{person.name} signs nothing, and has no key to sign with.")
            return
        groups = textwrap.wrap(format_fingerprint_groups(person.signing), _GROUPS_WIDTH)
        self.show_message(
            f"{person.name} signs with the key\n\n{format_fingerprint(person.signing)}\n\n"
            + "\n".join(groups)
            + "\n\nThe same stands on their sign-off sheets; who receives a bundle compares it."
        )

    def action_switch(self) -> None:
        """Ask for the passphrase of the person under the cursor, and let them take over."""
        person = self._chosen
        if person is None or person.is_here:
            if person is not None:
                self.show_message("That is you: you are already signed in.")
            return
        if self.earshot.work is not None:
            self.show_message(with_keys(_BUSY))
            return

        def typed(passphrase: str | None) -> None:
            if passphrase is not None:
                self._run(
                    lambda: open_as_person(self._study, person, passphrase), self._change_person
                )

        is_code = person.role is PersonRole.RECOVERY
        if is_code:
            prompt = PassphrasePrompt("The recovery code:", wanted=_CODE)
        else:
            prompt = PassphrasePrompt(f"The passphrase of {person.name}:")
        self.ask(prompt, typed)

    def _change_person(self, opened: Study | None) -> None:
        if opened is None:
            self.show_message(with_keys(_NOT_THEIRS))
            return
        self.earshot.change_person(opened)
        self.earshot.pop_screen()

    def _run(self, act: Callable[[], _Result], tell: Callable[[_Result], None]) -> None:
        """Run something on a thread, and then ``tell`` of it, or show the error that it raised."""

        def run() -> None:
            try:
                ending = partial(tell, act())
            except EarshotError as error:
                ending = partial(self.show_message, self.problem(error))
            self.post_message(self.Ended(ending))

        self._set_busy(is_busy=True)
        self.run_beside(run, "people")

    @on(Ended)
    def _ended(self, message: Ended) -> None:
        self._set_busy(is_busy=False)
        self.refresh_study()
        message.tell()

    def _set_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.refresh_bindings()
        self._show()

    def _show(self) -> None:
        rows = self.query_one(RowList)
        lines = ColumnLines(
            _COLUMNS, len(self._people), lambda n: _cells(self._people[n]), self.size.width - 4
        )
        self.query_one("#columns", SafeText).say(f"  {lines.heading}")
        rows.show(lines)
        who = describe_who_is_there(self._study)
        heading = "   Who may open this study" + (f"   You are {who}" if who else "")
        self.query_one("#heading", SafeText).say(("Earshot", "bold"), heading)
        person = self._chosen
        about = self._problem or (_describe(person) if person else "")
        self.query_one("#about-person", SafeText).say(_WAIT if self._is_busy else about)


def _cells(person: Person) -> tuple[str, ...]:
    return person.name, person.role.value, person.since[:10], "you" if person.is_here else ""


def _describe(person: Person) -> str:
    if person.is_here or person.has_own_keys:
        return f"The keys of {person.name} open: {describe_opened_keys(person)}."
    return f"{person.name} {describe_presence(person)}."
