"""What each participant agreed to: a list, a form for one of them, and the questions read aloud.

Names of participants and consultees are typed into the form, go to the contact details, and are
not shown in the list: somebody may sit beside the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from app import (
    PURPOSE_HEADS,
    CommandPlace,
    ParticipantConsent,
    begin_consent_draft,
    describe_capacity,
    describe_capacity_loss,
    list_participant_consents,
    note_capacity_lost,
    save_consent_page,
)
from study import (
    CapacityState,
    ConsentAnswer,
    ConsentPurpose,
    ConsentRecord,
    InterviewSummary,
    is_code,
)
from study.errors import BadName, ConsentFlaw, ConsentRefused, EarshotError
from study.store import read_study_policy
from tui.key_bindings import build_bindings
from tui.screens.command_screen import CommandScreen
from tui.screens.consent_form import ConsentFormScreen
from tui.screens.dialogs import QuestionDialog
from tui.screens.prompts import TextPrompt
from tui.widgets.consent_rows import ANSWER_SIGNS, describe_rule
from tui.widgets.key_line import KeyLine
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText
from tui.widgets.work_line import WorkLine

_CODE_COLUMNS, _ANSWER_COLUMNS = 10, 9
_PAGE_HINT = "A file that ends in .html, outside the study; open it in a browser and print it."


class ConsentScreen(CommandScreen):
    """Everybody whose consent it takes, and what each agreed to."""

    place: ClassVar[CommandPlace] = CommandPlace.CONSENT
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.CONSENT)

    def __init__(self, wanted: Sequence[str] = ()) -> None:
        """wanted: codes to show even where no interview and no record has them."""
        super().__init__()
        self._wanted = tuple(wanted)
        self._people: list[ParticipantConsent] = []
        self._rows = RowList(id="consents")
        self._problem = ""

    def compose(self) -> ComposeResult:
        """Lay out the list, what is known of the one under the cursor, and the keys."""
        yield SafeText(id="heading", classes="bar")
        yield SafeText(id="rule", classes="hint")
        yield SafeText(_head(), id="consent-head")
        yield self._rows
        yield SafeText(id="about-consent")
        yield WorkLine(id="work")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Read the records."""
        super().on_mount()
        self.refresh_study()
        codes = [one.code for one in self._people]
        if self._wanted and self._wanted[0] in codes:
            self._rows.choose_row(codes.index(self._wanted[0]))
            self._show()

    def find_chosen(self) -> InterviewSummary | None:
        """Return None: no other work is begun from this screen."""
        return None

    def refresh_study(self) -> None:
        """Read the records again."""
        try:
            found = list_participant_consents(self.earshot.study)
            known = {one.code for one in found}
            more = [ParticipantConsent(c, None, None) for c in self._wanted if c not in known]
            self._people = sorted([*found, *more], key=lambda one: one.code)
            self._problem = ""
        except EarshotError as error:
            self._problem = self.problem(error)
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the participant under the cursor."""
        chosen = self._find()
        if action in {"record", "spoken"} and chosen is None:
            return False
        if action == "lost" and (
            chosen is None or chosen.record is None or chosen.record.capacity is CapacityState.LOST
        ):
            return False
        return super().check_action(action, parameters)

    def action_move(self, direction: str) -> None:
        """Move the cursor."""
        self._rows.move(direction)
        self._show()

    def action_record(self) -> None:
        """Open the form of the participant under the cursor."""
        chosen = self._find()
        if chosen is not None:
            self._open_form(chosen.code)

    def action_new(self) -> None:
        """Ask for the code of somebody new, and open their form."""

        def typed(code: str | None) -> None:
            if code:
                self._wanted = (code, *self._wanted)
                self._open_form(code)

        hint = "A code such as P07: never a name."
        self.ask(TextPrompt("Which participant?", hint=hint, check=self._wrong_code), typed)

    def action_lost(self) -> None:
        """Show what a loss of capacity brings, and note it once it is confirmed."""
        chosen = self._find()
        if chosen is None:
            return
        study, code = self.earshot.study, chosen.code

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if wanted and self.try_change(lambda: _note_lost(self, code)):
                self.refresh_study()

        question = f"Note that {code} has lost capacity?\n\n{describe_capacity_loss(study)}"
        self.ask(QuestionDialog(question), answered)

    def action_spoken(self) -> None:
        """Record the participant under the cursor saying what they agree to."""
        chosen = self._find()
        if chosen is None:
            return
        if chosen.record is None:
            self.show_message(self.problem(ConsentRefused(ConsentFlaw.NOT_RECORDED)))
            return
        self.earshot.record_spoken_consent(chosen.code)

    def action_page(self) -> None:
        """Write the questions to a page to print."""
        chosen = self._find()

        def typed(path: str | None) -> None:
            if path and self.try_change(
                lambda: save_consent_page(
                    self.earshot.study, chosen.code if chosen else "", Path(path).expanduser()
                )
            ):
                self.show_message("The page is written. Open it in a browser and print it.")

        self.ask(TextPrompt("Where to?", hint=_PAGE_HINT), typed)

    def action_back(self) -> None:
        """Go back."""
        self.earshot.pop_screen()

    def _open_form(self, code: str) -> None:
        try:
            draft = begin_consent_draft(self.earshot.study, code)
        except EarshotError as error:
            self.show_message(self.problem(error))
            return
        self.earshot.push_screen(ConsentFormScreen(draft))

    def _find(self) -> ParticipantConsent | None:
        row = self._rows.cursor
        return self._people[row] if row < len(self._people) else None

    def _wrong_code(self, code: str) -> str:
        return "" if is_code(code) else self.problem(BadName("participant code"))

    def _show(self) -> None:
        self.query_one("#heading", SafeText).say(("Consent", "bold"))
        self._rows.show([_row(one) for one in self._people])
        chosen = self._find()
        self.query_one("#about-consent", SafeText).say(
            self._problem or (_describe(chosen) if chosen else "Nobody takes part yet; n adds one.")
        )
        rule = "" if self._problem else describe_rule(read_study_policy(self.earshot.study))
        self.query_one("#rule", SafeText).say(rule)
        self.refresh_bindings()


def _note_lost(screen: ConsentScreen, code: str) -> None:
    note_capacity_lost(screen.earshot.study, code)


def _head() -> str:
    answers = "".join(f"{head:<{_ANSWER_COLUMNS}}" for head in PURPOSE_HEADS.values())
    return f"   {'who':<{_CODE_COLUMNS}}{answers}"


def _row(one: ParticipantConsent) -> str:
    if one.record is None:
        return f"{one.code:<{_CODE_COLUMNS}}! no consent is recorded"
    answers = "".join(
        f"{ANSWER_SIGNS[one.record.read_answer(purpose)]:<{_ANSWER_COLUMNS}}"
        for purpose in PURPOSE_HEADS
    )
    lost = "!" if one.record.capacity is CapacityState.LOST else " "
    return f"{one.code:<{_CODE_COLUMNS - 1}}{lost}{answers}"


def _describe(one: ParticipantConsent) -> str:
    role = f", {one.role}" if one.role else ""
    if one.record is None:
        return f"{one.code}{role}: no consent is recorded. Enter records it."
    return f"{one.code}{role}\n" + "\n".join(_describe_record(one.record))


def _describe_record(record: ConsentRecord) -> list[str]:
    not_asked = [
        purpose.value
        for purpose in ConsentPurpose
        if record.read_answer(purpose) is ConsentAnswer.NOT_ASKED
    ]
    lines = [
        f"{describe_capacity(record)}. {record.basis_note or record.basis}, {record.jurisdiction}.",
        f"Taken {record.taken_on} by {record.taken_by}.",
        f"Information sheet: {record.sheet.version} of {record.sheet.date}.",
        f"Consent form: {record.form.version} of {record.form.date}.",
    ]
    if not_asked:
        lines.append(f"Not asked: {', '.join(not_asked)}.")
    if record.spoken:
        lines.append("A spoken consent is recorded.")
    return lines
