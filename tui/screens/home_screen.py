"""The list of interviews: how far each is, and what to do next."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from app import (
    CommandPlace,
    StandingWithdrawal,
    count_due,
    describe_gone_people,
    describe_move,
    describe_who_is_there,
    explain_withheld,
    find_withdrawals,
    format_count,
    is_over,
    list_confirmable,
    list_transcribed_elsewhere,
    list_waiting_returns,
    list_withdrawn,
)
from study import ArtefactKind, InterviewState, InterviewSummary, LinkedCase, SignOff, group_cases
from study.errors import EarshotError
from study.store import SentAway, list_consents, list_unsettled_moves
from tui.key_bindings import build_bindings
from tui.key_names import with_keys
from tui.screens.command_screen import CommandScreen, name_folder, split_action
from tui.screens.language_prompt import choose_whose_language
from tui.screens.names_prompt import enter_more_names
from tui.widgets.interview_table import InterviewTable
from tui.widgets.key_line import KeyLine
from tui.widgets.labels import describe_next_step, name_next_step
from tui.widgets.safe_text import SafeText
from tui.widgets.work_line import WorkLine

_EMPTY = (
    "No interviews yet.\n\nPress {home.new} to record one, or import one in a "
    "terminal:\n\n    earshot import STUDY FILE --label P07_i1 --participant P07\n\nThen press "
    "{home.refresh} here."
)


_RECORD_ON = (
    "What is recorded now is not, and its words take the sign-off back.\n\nGo on with the recording"
    " all the same?"
)
_NONE = "No interviews yet; {home.new} records one."
_NONE_FITS = "No interview has that in its label, case, state or next step. {home.unfilter}: all."
_NONE_SHOWN = "No interview matches; {home.unfilter} shows all again."
_FILTERING = "Enter goes to the list; Esc shows all again."
_TYPED_IN_FILTER = {"filter", "people"}  # whose keys Textual does not know as letters
_FEW = 10  # sign-offs that are read one by one
_OTHERS_S = 2.0  # how often to look whether another program changed the study


class FilterField(Input):
    """The field for the text by which the list is filtered."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "To the list"),
        Binding("escape", "screen.unfilter", "Show all"),
    ]


class HomeScreen(CommandScreen):
    """All interviews of the study."""

    place: ClassVar[CommandPlace] = CommandPlace.HOME
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.HOME)

    def __init__(self) -> None:
        super().__init__()
        self._every: list[InterviewSummary] = []
        self._cases: list[LinkedCase] = []
        self._sign_offs: dict[str, str] = {}
        self._wanted = ""
        self._problem = ""
        self._who = ""
        self._due = self._to_confirm = self._pulse = 0
        self._withdrawn: dict[str, StandingWithdrawal] = {}
        self._no_interviews = ""
        self._moves: dict[str, SentAway] = {}
        self._returned: frozenset[str] = frozenset()  # ids of those whose copy came back
        self._elsewhere: frozenset[str] = frozenset()  # transcribed by another program

    def compose(self) -> ComposeResult:
        """Lay out the heading, the table, what to do next, and the keys."""
        yield SafeText(id="heading", classes="bar")
        yield FilterField(
            id="filter",
            placeholder="Show only interviews with … in label, case, state or what is next",
            compact=True,
        )
        yield InterviewTable(id="interviews")
        folder = shlex.quote(name_folder(self.earshot.study.folder))  # so that it can be pasted
        self._no_interviews = with_keys(_EMPTY).replace("STUDY", folder)
        yield SafeText(id="empty")
        yield SafeText("This window is too small: make it larger.", classes="too-small")
        yield SafeText(id="next")
        yield WorkLine(id="work")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Read the study, and put the cursor in the table."""
        super().on_mount()
        self.refresh_study()
        self.query_one(InterviewTable).focus()
        self.set_interval(_OTHERS_S, self.notice_other_programs)

    def notice_other_programs(self) -> None:
        """Read the list again after another program changed the study or began to transcribe."""
        study, work = self.earshot.study, self.earshot.work
        if work is not None or not self.is_current:
            return
        pulse = study.count_foreign_changes()
        if pulse != self._pulse or self._find_elsewhere() != self._elsewhere:
            self.refresh_study()

    def _find_elsewhere(self) -> frozenset[str]:
        work = self.earshot.work
        own = work.interview if work else ""
        return list_transcribed_elsewhere(self.earshot.study, self._every, own)

    def find_chosen(self) -> InterviewSummary | None:
        """Return the interview under the cursor; None, too, once the screen is taken down."""
        tables = self.query(InterviewTable)
        return tables.first().chosen if tables else None

    def refresh_study(self) -> None:
        """Read the list again."""
        try:
            study = self.earshot.study
            self._pulse = study.count_foreign_changes()
            self._every = study.summaries()
            self._cases = group_cases(self._every)
            self._sign_offs = self._signed()
            self._who = describe_who_is_there(study)
            self._due = count_due(study)
            self._withdrawn = list_withdrawn(study)
            self._returned = list_waiting_returns(study, self._every)
            self._moves = list_unsettled_moves(study, [one.id for one in self._every])
            self._to_confirm = len(list_confirmable(study))
            self._elsewhere = self._find_elsewhere()
            self._problem = ""
        except EarshotError as error:
            self._problem = self.problem(error)
        self._show()

    def choose_interview(self, interview: str) -> None:
        """Put the cursor on an interview, by its id, as on one that was just recorded."""
        self.refresh_study()
        self.query_one(InterviewTable).choose(interview)
        self._show_next()

    def action_open(self) -> None:
        """Open the interview under the cursor."""
        summary = self.find_chosen()
        if summary is not None:
            self.earshot.open_review(summary.id)

    def action_record_new(self) -> None:
        """Prepare the recording of a new interview."""
        from tui.screens.preparation_screen import PreparationScreen

        agreed: list[str] = []
        study = self.earshot.study
        if self.try_change(lambda: agreed.extend(one.code for one in list_consents(study))):
            screen = PreparationScreen(self.earshot.audio_devices, None, self._every, agreed=agreed)
            self.earshot.push_screen(screen)

    def action_record_on(self) -> None:
        """Prepare to record the interview under the cursor, or to go on with it."""
        from tui.screens.preparation_screen import PreparationScreen

        summary = self.find_chosen()
        if summary is None:
            return

        def prepare() -> None:
            screen = PreparationScreen(self.earshot.audio_devices, summary, self._every)
            self.earshot.push_screen(screen)

        self.ask_if_signed(summary, _RECORD_ON, prepare)

    def action_consent(self) -> None:
        """Open what each participant agreed to."""
        self.earshot.open_consent()

    def action_withdraw(self) -> None:
        """Show who has withdrawn, and what can be destroyed."""
        from tui.screens.withdrawal_screen import WithdrawalScreen  # it writes papers as well

        self.earshot.push_screen(WithdrawalScreen(self.earshot))

    def action_language(self) -> None:
        """Ask which language is spoken in the interview under the cursor, or in the study."""
        choose_whose_language(self.earshot, self.find_chosen(), self.refresh_study)

    def action_names(self) -> None:
        """Ask for the names that may be said in the interview under the cursor."""
        summary = self.find_chosen()
        if summary is not None:
            enter_more_names(self, self.earshot.study.interview(summary.id), self.refresh_study)

    def action_travel(self) -> None:
        """Send interviews to another study, or receive some."""
        from tui.screens.travel.travel_screen import TravelScreen  # it makes replacements agree

        self.earshot.push_screen(TravelScreen())

    def action_people(self) -> None:
        """Show who may open the study."""
        from tui.screens.people_screen import PeopleScreen  # few sittings need it

        self.earshot.push_screen(PeopleScreen())

    def action_move(self, direction: str) -> None:
        """Move the cursor."""
        self.query_one(InterviewTable).move(direction)

    def action_filter(self) -> None:
        """Open the field that narrows the list down."""
        self.add_class("-filtering")
        self.set_focus(self.query_one("#filter", Input))
        self._show_next()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no letter as a command while the filter field has the focus."""
        if action in _TYPED_IN_FILTER and isinstance(self.focused, FilterField):
            return False
        return super().check_action(action, parameters)

    def explain_refusal(self, action: str, parameters: tuple[object, ...]) -> str:
        """Say as well what cannot be done with the interview under the cursor."""
        if refusal := super().explain_refusal(action, parameters):
            return refusal
        name, *words = split_action(action, parameters)
        wanted = "record" if name == "record_on" else words[0] if name == "work" and words else ""
        if not wanted and name not in {"open", "check"}:
            return ""
        summary = self.find_chosen()
        if summary is None:
            return with_keys(_NONE_SHOWN if self._every else _NONE)
        found = find_withdrawals(summary, self._withdrawn)
        return explain_withheld(summary, found, wanted) if wanted else ""

    def action_unfilter(self) -> None:
        """Show all interviews again."""
        self.query_one("#filter", Input).value = ""
        self.remove_class("-filtering")
        self._go_to_list()

    def action_quit(self) -> None:
        """Close the study."""
        self.earshot.action_leave()

    @on(Input.Changed, "#filter")
    def _narrow(self, event: Input.Changed) -> None:
        self._wanted = event.value.strip().casefold()
        self._show()

    @on(Input.Submitted, "#filter")
    def _narrowed(self) -> None:
        self.query_one(InterviewTable).keep()
        self._go_to_list()

    def _go_to_list(self) -> None:
        self.set_focus(self.query_one(InterviewTable))
        self._show_next()

    @on(InterviewTable.RowClicked)
    def _clicked(self) -> None:
        self.action_open()

    @on(InterviewTable.RowChosen)
    def _show_next(self) -> None:
        summary = self.find_chosen()
        case = next((c.name for c in self._cases if summary in c.interviews), "")
        front = f"Case {case}   " if case and len(self._cases) < len(self._every) else ""
        is_done = summary is not None and is_over(
            summary, find_withdrawals(summary, self._withdrawn)
        )
        head = front if is_done else f"{front}Next: "
        nothing = with_keys(_NONE_FITS) if self._every and not self._problem else ""
        sentence = f"{head}{self._describe_next(summary)}" if summary else nothing
        if summary and self.has_class("-filtering") and isinstance(self.focused, FilterField):
            sentence = _FILTERING
        self.query_one("#next", SafeText).say(self._problem or sentence)
        self.refresh_bindings()

    def _describe_next(self, summary: InterviewSummary) -> str:
        if running := self.describe_work_here(summary.id, names_model=True):
            return running
        moved = self._moves.get(summary.id)
        told = f"{describe_move(summary.label, moved)} " if moved else ""
        return told + describe_next_step(
            summary,
            find_withdrawals(summary, self._withdrawn),
            self.earshot.study.role,
            is_elsewhere=summary.id in self._elsewhere,
            is_returned=summary.id in self._returned,
        )

    def show_other_work(self) -> None:
        """Show what is next anew when work begins or ends."""
        self._show()

    def _signed(self) -> dict[str, str]:
        """Read who signed each interview off and when, if the passphrase opens that key."""
        study, kind = self.earshot.study, ArtefactKind.SIGNED
        signed = [s.id for s in self._every if s.state in _SIGNED]
        if len(signed) > _FEW and all(s.is_own for s in self._every):
            every = study.rows.read_newest_of_each(kind, SignOff)
            found = ((id_, every.get(id_)) for id_ in signed)
        else:
            found = ((id_, study.interview(id_).read_artefact(kind, SignOff)) for id_ in signed)
        return {id_: f"{one.at[:10]} {one.name or one.slot_name}" for id_, one in found if one}

    def _show(self) -> None:
        shown = [
            LinkedCase(case.codes, fitting)
            for case in self._cases
            if (fitting := self._narrow_down(case))
        ]
        work = self.earshot.work
        self.query_one(InterviewTable).show(
            shown,
            self._sign_offs,
            withdrawn=self._withdrawn,
            role=self.earshot.study.role,
            busy=work.interview if work else "",
            elsewhere=self._elsewhere,
            returned=self._returned,
        )
        gone = describe_gone_people(self._every, self._withdrawn)
        none = f"No interviews. {gone}" if gone else "No interviews yet."
        told = self._no_interviews.replace("No interviews yet.", none)
        self.query_one("#empty", SafeText).say(told)
        self.set_class(not self._every and not self._problem, "-empty")
        heading = f"   {self._counted(shown)}" + (f"   {self._who}" if self._who else "")
        self.query_one("#heading", SafeText).say(("Earshot", "bold"), heading)
        self._show_next()

    def _narrow_down(self, case: LinkedCase) -> tuple[InterviewSummary, ...]:
        """Return the interviews of a case that have what is looked for."""
        if not self._wanted:
            return tuple(case.interviews)
        return tuple(s for s in case.interviews if self._wanted in _searched(case, s))

    def _counted(self, shown: list[LinkedCase]) -> str:
        many, here = len(self._every), sum(len(case.interviews) for case in shown)
        count = format_count(many, "interview")
        if 1 < len(self._cases) < many:
            count += f" in {len(self._cases)} cases"
        if here < many:
            count += f", {here} shown"
        states = [s.state for s in self._every]
        waiting = (
            (f"? {sum(s.undecided for s in self._every)} to decide", InterviewState.REVIEW),
            (f"→ {_some(states, _TO_CHECK)} to check", *_TO_CHECK),
            (f"✔ {_some(states, _SIGNED)} signed off", *_SIGNED),
        )
        due = [f"! {format_count(self._due, 'kind')} of data due to go"] if self._due else []
        return "   ".join(
            [
                count,
                *self._name_confirmable(),
                *due,
                *(text for text, *of in waiting if _some(states, of)),
            ]
        )

    def _name_confirmable(self) -> list[str]:
        """Name the key behind which something waits for whoever is there to confirm it."""
        if not self._to_confirm:
            return []
        key = with_keys("{home.withdraw}", self.earshot.preferences.keys)
        return [f"! {self._to_confirm} to confirm: {key}"]


_TO_CHECK = (InterviewState.READY, InterviewState.SIGN_AGAIN)
_SIGNED = (InterviewState.SIGNED, InterviewState.HANDED)


def _some(states: list[InterviewState], wanted: Sequence[InterviewState]) -> int:
    return sum(state in wanted for state in states)


def _searched(case: LinkedCase, summary: InterviewSummary) -> str:
    fields = (summary.label, summary.state, case.name, name_next_step(summary))
    return " ".join(fields).casefold()
