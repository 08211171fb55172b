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
    PURPOSE_LEGEND,
    WITHDRAWN_SIGN,
    CommandPlace,
    ParticipantConsent,
    begin_consent_draft,
    describe_capacity,
    describe_capacity_loss,
    describe_withdrawn,
    doubt_codes,
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
    WithdrawalScope,
    is_code,
)
from study.errors import BadName, ConsentFlaw, ConsentRefused, EarshotError
from study.store import read_study_policy
from tui.key_bindings import build_bindings
from tui.key_names import with_keys
from tui.screens.command_screen import CommandScreen
from tui.screens.consent_form import ConsentFormScreen
from tui.screens.dialogs import QuestionDialog
from tui.screens.prompts import TextPrompt
from tui.widgets.consent_rows import ANSWER_SIGNS, describe_rule
from tui.widgets.key_line import KeyLine
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText
from tui.widgets.work_line import WorkLine

_CODE_COLUMNS, _ANSWER_COLUMNS, _GAP = 10, 9, 2
_WHOLE_HEADS = tuple(purpose.value for purpose in PURPOSE_HEADS)
_NOBODY = "No participants yet; {consent.new} adds one."
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
        self._rows = RowList(id="consents", counts_more=True)
        self._problem = ""

    def compose(self) -> ComposeResult:
        """Lay out the list, what is known of the one under the cursor, and the keys."""
        yield SafeText(id="heading", classes="bar")
        yield SafeText(id="rule", classes="hint")
        yield SafeText(id="consent-head")
        yield self._rows
        yield SafeText(id="legend", classes="hint")
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

    def on_resize(self) -> None:
        """Write the heads out where there is room for them."""
        self._show()

    def explain_refusal(self, action: str, parameters: tuple[object, ...]) -> str:
        """Say as well what cannot be done with the participant under the cursor."""
        if refusal := super().explain_refusal(action, parameters):
            return refusal
        if action not in {"record", "spoken", "lost"}:
            return ""
        chosen = self._find()
        return with_keys(_NOBODY) if chosen is None else _find_obstacle(chosen, action)

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
        prompt = TextPrompt(
            "Which participant?", hint=hint, check=self._wrong_code, doubt=self._doubt_code
        )
        self.ask(prompt, typed)

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

    def _doubt_code(self, code: str) -> str:
        is_known = any(person.code == code for person in self._people)
        return "" if is_known else doubt_codes([code])

    def _wrong_code(self, code: str) -> str:
        return "" if is_code(code) else self.problem(BadName("participant code"))

    def _show(self) -> None:
        self.query_one("#heading", SafeText).say(("Consent", "bold"))
        heads = _choose_heads(self.size.width)
        columns = [len(head) + _GAP for head in heads]
        self.query_one("#consent-head", SafeText).say(
            f"  {'who':<{_CODE_COLUMNS}}" + "".join(f"{head}{' ' * _GAP}" for head in heads)
        )
        is_short = heads != _WHOLE_HEADS
        self.query_one("#legend", SafeText).say(f"{PURPOSE_LEGEND}." if is_short else "")
        self.query_one("#legend").display = is_short
        self._rows.show([_row(one, columns) for one in self._people])
        chosen = self._find()
        self.query_one("#about-consent", SafeText).say(
            self._problem or (_describe(chosen) if chosen else with_keys(_NOBODY))
        )
        rule = "" if self._problem else describe_rule(read_study_policy(self.earshot.study))
        self.query_one("#rule", SafeText).say(rule)
        self.refresh_bindings()


def _find_obstacle(chosen: ParticipantConsent, action: str) -> str:
    """Say why an action is nothing for this participant, "" where it is."""
    gone, record = chosen.withdrawn, chosen.record
    if gone is not None and (action != "record" or gone.scope is WithdrawalScope.EVERYTHING):
        return f"{chosen.code} has withdrawn ({gone}): nothing more is asked of them."
    if action == "lost" and record is None:
        return f"No consent of {chosen.code} is recorded yet; Enter records it."
    if action == "lost" and record is not None and record.capacity is CapacityState.LOST:
        return f"It is already noted that {chosen.code} has lost capacity."
    return ""


def _note_lost(screen: ConsentScreen, code: str) -> None:
    note_capacity_lost(screen.earshot.study, code)


def _choose_heads(room: int) -> tuple[str, ...]:
    """Return the heads of the answers: written out where there is room."""
    short = tuple(f"{head:<{_ANSWER_COLUMNS - _GAP}}" for head in PURPOSE_HEADS.values())
    whole = 2 + _CODE_COLUMNS + sum(len(head) + _GAP for head in _WHOLE_HEADS)
    return _WHOLE_HEADS if room >= whole else short


def _row(one: ParticipantConsent, columns: Sequence[int]) -> str:
    if one.withdrawn is not None:
        return f"{one.code:<{_CODE_COLUMNS}}{WITHDRAWN_SIGN} withdrawn: {one.withdrawn}"
    if one.record is None:
        return f"{one.code:<{_CODE_COLUMNS}}! no consent is recorded"
    answers = "".join(
        f"{ANSWER_SIGNS[one.record.read_answer(purpose)]:<{width}}"
        for purpose, width in zip(PURPOSE_HEADS, columns, strict=True)
    )
    lost = "!" if one.record.capacity is CapacityState.LOST else " "
    return f"{one.code:<{_CODE_COLUMNS - 1}}{lost}{answers}"


def _describe(one: ParticipantConsent) -> str:
    role = f", {one.role}" if one.role else ""
    withdrawn = describe_withdrawn(one.withdrawn) if one.withdrawn else []
    if one.record is None:
        lines = withdrawn or [f"{one.code}{role}: no consent is recorded. Enter records it."]
        return "\n".join([f"{one.code}{role}", *lines] if withdrawn else lines)
    answers = [_list_answers(one.record)] if withdrawn else []
    return "\n".join([f"{one.code}{role}", *withdrawn, *answers, *_describe_record(one.record)])


def _list_answers(record: ConsentRecord) -> str:
    """Return the answers that still count for what is left, as a line."""
    left = (ConsentPurpose.QUOTES, ConsentPurpose.ARCHIVE, ConsentPurpose.KEEP_AFTER_WITHDRAWAL)
    return "  " + ", ".join(f"{one}: {record.read_answer(one)}" for one in left) + "."


def _describe_record(record: ConsentRecord) -> list[str]:
    not_asked = [
        purpose.value
        for purpose in ConsentPurpose
        if record.read_answer(purpose) is ConsentAnswer.NOT_ASKED
    ]
    capacity = describe_capacity(record)
    basis = record.basis_note or record.basis
    who = "" if record.capacity is CapacityState.ADVISED else f" {_capitalise(basis)}."
    lines = [
        f"{_capitalise(capacity)}.{who} Law of {record.jurisdiction}.",
        f"Taken {record.taken_on} by {record.taken_by}.",
        f"Information sheet: {record.sheet.version} of {record.sheet.date}.",
        f"Consent form: {record.form.version} of {record.form.date}.",
    ]
    if not_asked:
        lines.append(f"Not asked: {', '.join(not_asked)}.")
    if record.spoken:
        lines.append("A spoken consent is recorded.")
    return lines


def _capitalise(text: str) -> str:
    """Begin a sentence with a capital; the rest stays, names among it."""
    return f"{text[:1].upper()}{text[1:]}"
