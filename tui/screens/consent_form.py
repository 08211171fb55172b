"""The form for one participant's consent, and its questions one by one in large letters."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.events import Resize
from textual.screen import ModalScreen

from app import CommandPlace, ConsentDraft, parse_day, record_consent
from study import (
    OFFERED_BASES,
    PURPOSE_QUESTIONS,
    ConsentAnswer,
    ConsentPurpose,
    InterviewSummary,
    Jurisdiction,
)
from study.errors import ConsentRefused
from tui.key_bindings import build_bindings, build_page_bindings
from tui.key_names import with_keys
from tui.screens.command_screen import CommandScreen
from tui.screens.dialogs import QuestionDialog
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.widgets.block_letters import BlockLetters, choose_largest_scale
from tui.widgets.consent_rows import (
    ANSWER_SIGNS,
    BASIS,
    CONSENT_ROWS,
    LAW,
    ConsentField,
    describe_consent_row,
    format_consent_row,
)
from tui.widgets.key_line import KeyLine
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText
from tui.widgets.work_line import WorkLine

_NO_QUESTION = (
    "{consent_form.yes}, {consent_form.no} and {consent_form.not_asked} answer a question:"
    " go down to one"
    " of them first, or press {consent_form.read}."
)
_LEAST_AROUND = 12  # lines that the question and the keys take


class ConsentFormScreen(CommandScreen):
    """One consent before it is kept."""

    place: ClassVar[CommandPlace] = CommandPlace.CONSENT_FORM
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.CONSENT_FORM)

    def __init__(self, draft: ConsentDraft) -> None:
        super().__init__()
        self._begun = self._draft = draft
        self._rows = RowList(id="consent-rows", counts_more=True)

    def compose(self) -> ComposeResult:
        """Lay out the rows, what the one under the cursor is for, and the keys."""
        yield SafeText(id="heading", classes="bar")
        yield self._rows
        yield SafeText(id="about-consent")
        yield WorkLine(id="work")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Show the draft."""
        super().on_mount()
        self._show()

    def find_chosen(self) -> InterviewSummary | None:
        """Return None: no other work is begun from this screen."""
        return None

    def refresh_study(self) -> None:
        """Do nothing: the draft is what was typed here."""

    def action_move(self, direction: str) -> None:
        """Move the cursor."""
        self._rows.move(direction)
        self._show()

    def action_act(self) -> None:
        """Change the row under the cursor."""
        row = CONSENT_ROWS[self._rows.cursor]
        if isinstance(row, ConsentField):
            self._type(row)
        elif isinstance(row, ConsentPurpose):
            self._choose_answer(row)
        elif row == LAW:
            self._choose_law()
        elif row == BASIS:
            self._choose_basis()
        else:
            self.action_keep()

    def action_answer(self, name: str) -> None:
        """Answer the question under the cursor, and go to the next."""
        row = CONSENT_ROWS[self._rows.cursor]
        if isinstance(row, ConsentPurpose):
            self._draft = self._draft.set_answer(row, ConsentAnswer[name])
            self.action_move("down")

    def explain_refusal(self, action: str, parameters: tuple[object, ...]) -> str:
        """Say as well that only a question can be answered."""
        if refusal := super().explain_refusal(action, parameters):
            return refusal
        is_answer = action.startswith("answer")
        is_question = isinstance(CONSENT_ROWS[self._rows.cursor], ConsentPurpose)
        return with_keys(_NO_QUESTION) if is_answer and not is_question else ""

    def action_read(self) -> None:
        """Show the questions one by one in large letters."""

        def read(draft: ConsentDraft | None) -> None:
            if draft is not None:
                self._set(draft)

        self.ask(ConsentReadingScreen(self._draft), read)

    def action_keep(self) -> None:
        """Keep the draft as the newest consent, or say what is missing."""
        if self.try_change(lambda: _keep(self, self._draft)):
            self.earshot.pop_screen()

    def action_back(self) -> None:
        """Leave the form; ask first where something was typed."""
        if self._draft == self._begun:
            self.earshot.pop_screen()
            return

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if wanted:
                self.earshot.pop_screen()

        self.ask(QuestionDialog("Close the form without saving?"), answered)

    def _type(self, row: ConsentField) -> None:
        def typed(text: str | None) -> None:
            if text is not None:
                self._set(row.write(self._draft, parse_day(text) if row.is_day else text))

        check = self._wrong_day if row.is_day else _anything
        prompt = TextPrompt(
            f"{row.title.strip().capitalize()}?", value=row.read(self._draft), hint=row.hint,
            check=check,
        )  # fmt: skip
        self.ask(prompt, typed)

    def _wrong_day(self, text: str) -> str:
        try:
            parse_day(text)
        except ConsentRefused as wrong:
            return self.problem(wrong)
        return ""

    def _choose_answer(self, purpose: ConsentPurpose) -> None:
        """Ask which answer they gave: Enter alone must never say yes for somebody."""
        answers = list(ConsentAnswer)

        def chosen(number: int | None) -> None:
            if number is not None:
                self._set(self._draft.set_answer(purpose, answers[number]))
                self.action_move("down")

        here = answers.index(self._draft.read_answer(purpose))
        question = ChoicePrompt(
            PURPOSE_QUESTIONS[purpose], [answer.value for answer in answers], chosen=here
        )
        self.ask(question, chosen)

    def _choose_law(self) -> None:
        laws = list(Jurisdiction)

        def chosen(number: int | None) -> None:
            if number is not None:
                self._set(replace(self._draft, jurisdiction=laws[number]))

        here = laws.index(self._draft.jurisdiction)
        self.ask(ChoicePrompt("Whose law applies?", [law.value for law in laws], chosen=here),
                 chosen)  # fmt: skip

    def _choose_basis(self) -> None:
        bases = OFFERED_BASES[self._draft.jurisdiction]

        def chosen(number: int | None) -> None:
            if number is not None:
                self._set(replace(self._draft, basis=bases[number]))

        known = self._draft.basis
        here = bases.index(known) if known in bases else 0
        self.ask(ChoicePrompt("Who decided?", [basis.value for basis in bases], chosen=here),
                 chosen)  # fmt: skip

    def _set(self, draft: ConsentDraft) -> None:
        self._draft = draft
        self._show()

    def _show(self) -> None:
        self.query_one("#heading", SafeText).say(("Consent", "bold"), f"   {self._draft.code}")
        self._rows.show([format_consent_row(row, self._draft) for row in CONSENT_ROWS])
        self.refresh_bindings()
        about = describe_consent_row(CONSENT_ROWS[self._rows.cursor])
        self.query_one("#about-consent", SafeText).say((about, "$quiet"))


class ConsentReadingScreen(ModalScreen[ConsentDraft]):
    """One question at a time, to be read aloud; its answer is the draft with the answers."""

    ALLOW_SELECT = False
    place: ClassVar[CommandPlace] = CommandPlace.CONSENT_READ
    BINDINGS: ClassVar[list[BindingType]] = build_page_bindings(CommandPlace.CONSENT_READ)

    def __init__(self, draft: ConsentDraft) -> None:
        super().__init__()
        self._draft, self._number = draft, 0
        self._purposes = tuple(PURPOSE_QUESTIONS)

    def compose(self) -> ComposeResult:
        """Lay out the number in large letters, the question, its answer, and the keys."""
        with VerticalScroll(classes="page"):
            yield BlockLetters(id="large-word")
            yield SafeText(id="large-words")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Show the first question."""
        self._show()

    def on_resize(self, event: Resize) -> None:
        """Write the number as large as the window allows."""
        word = self.query_one(BlockLetters)
        columns, lines = event.size.width - 4, event.size.height - _LEAST_AROUND
        word.fit(choose_largest_scale("0", columns, lines), columns)

    def action_answer(self, name: str) -> None:
        """Answer the question, and go to the next; after the last one, end."""
        purpose = self._purposes[self._number]
        self._draft = self._draft.set_answer(purpose, ConsentAnswer[name])
        self._number += 1
        if self._number == len(self._purposes):
            self.dismiss(self._draft)
        else:
            self._show()

    def action_before(self) -> None:
        """Go back to the question before."""
        self._number = max(0, self._number - 1)
        self._show()

    def action_back(self) -> None:
        """End; the answers so far stay."""
        self.dismiss(self._draft)

    def _show(self) -> None:
        purpose = self._purposes[self._number]
        self.query_one(BlockLetters).show(str(self._number + 1))
        said = self._draft.read_answer(purpose)
        answer = "" if said is ConsentAnswer.NOT_ASKED else f"\n\n{ANSWER_SIGNS[said]}"
        self.query_one("#large-words", SafeText).say(
            (f"\n{PURPOSE_QUESTIONS[purpose]}", "bold"), f"{answer}\n\n",
            (f"Question {self._number + 1} of {len(self._purposes)}. You may say no to each.",
             "$quiet"),
        )  # fmt: skip


def _keep(screen: ConsentFormScreen, draft: ConsentDraft) -> None:
    record_consent(screen.earshot.study, draft)


def _anything(_: str) -> str:
    return ""
