"""The base of the large screens: the commands of the table, and work in the background."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, TypeVar, cast

from textual.events import Key
from textual.screen import Screen
from textual.widgets import Input, TextArea

from app import (
    EXPORT_VERB,
    TRANSCRIBE_VERB,
    BackgroundWork,
    CommandPlace,
    HandOverPlan,
    explain_role,
    find_earlier_model,
    find_withdrawals,
    is_signed,
    list_choosable_models,
    list_commands,
    list_withdrawn,
    plan_hand_over,
)
from models import ModelKind, list_models
from study import InterviewState, InterviewSummary, sanitise_text
from study.errors import EarshotError
from study.store import KeyClass
from tui.guided_tour import TourPosition, suggest_next_key
from tui.key_advice import describe_error
from tui.screens.dead_keys import explain_key
from tui.screens.dialogs import MessageDialog, QuestionDialog
from tui.screens.host import Host
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.widgets.labels import describe_next_step
from tui.widgets.next_key import NextKey
from tui.widgets.work_line import WorkLine, describe_running

_Answer = TypeVar("_Answer")
_KEYS = {"check": KeyClass.CLEAN, "consent": KeyClass.IDENTIFYING}
_NO_KEYS = "The keys of your role, {role}, do not open what is shown there."
_HEAR_AGAIN = (
    "{label} is transcribed, and somebody has worked on it. Hear all of it again? The text stays;"
    " what is heard is put beside it. With which model?"
)
_HEAR = "Transcribe {label} with which model? A larger one hears better, and takes longer."
_SEARCH_VERB = "anonymise"
_SEARCH_AGAIN = "Searching it again takes the sign-off back.\n\nSearch all the same?"
_WHO_RECEIVES = "Who receives {label}?"
_WHO_HINT = (
    "Earshot keeps the name with the hand-over; it may stay empty. Enter goes on to the last"
    " question, Esc hands nothing over."
)
_HAND_OVER = (
    "Hand {label} over{to_whom}?\n\nIts anonymised transcript goes into {folder}, as {formats}."
    " The files there are not encrypted.\n\nFor other formats, or to note what it is for, type in a"
    " terminal: earshot export STUDY {label} --format NAME --purpose TEXT"
)
_SEVERAL = 2
_NO_WORK = "No task is running, so there is nothing to stop."


class CommandScreen(Screen[None]):
    """A screen that a person works on; ``place`` names its commands in the command table."""

    ALLOW_SELECT = False
    place: ClassVar[CommandPlace]
    _was_left = False
    _said_of: Key | None = None  # the key of which it is said that it does nothing
    _has_next_key = False
    _doing: tuple[str, str] | None = None  # the verb and the interview of the work that is shown

    @property
    def earshot(self) -> Host:
        """The app, seen as the protocol that screens may call."""
        return cast("Host", self.app)

    def find_chosen(self) -> InterviewSummary | None:
        """Return the interview that commands act on."""
        raise NotImplementedError

    def refresh_study(self) -> None:
        """Read the study again, and show what it says now."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Follow the work in the background from now on."""
        self.earshot.work_changed.subscribe(self, self._show_work)
        self._show_work(self.earshot.work)
        # Textual calls the on_mount of every class, and subclasses call this one too.
        if self.earshot.is_guided and not self._has_next_key:
            self._has_next_key = True
            self.mount(NextKey(lambda: suggest_next_key(self.describe_whereabouts())), before=0)

    def show_other_work(self) -> None:
        """Show what depends on whether work runs, and on which; called when that changes."""

    def describe_work_here(self, interview: str, *, names_model: bool = False) -> str:
        """Say what runs on an interview in place of what to do next, "" where nothing does."""
        work = self.earshot.work
        if work is None or work.interview != interview:
            return ""
        return describe_running(work, names_model=names_model)

    def describe_whereabouts(self) -> TourPosition:
        """Return the person's position in the guided tour."""
        return TourPosition(self.place, self.find_chosen(), self.earshot.work is not None)

    def on_screen_suspend(self) -> None:
        """Note that another screen has covered this one."""
        self._was_left = True

    def on_screen_resume(self) -> None:
        """Refresh after another screen was closed."""
        if self._was_left:
            self.refresh_after_return()

    def refresh_after_return(self) -> None:
        """Show what another screen changed. Textual calls every class's own ``on_`` methods."""
        self.refresh_study()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what the role of who is there allows, and to stop only while something runs."""
        return not self.explain_refusal(action, parameters)

    def explain_refusal(self, action: str, parameters: tuple[object, ...]) -> str:
        """Say in a sentence why an action is not available now, "" where it is."""
        if refusal := explain_role(self.place, action, parameters, self.earshot.study.role):
            return refusal
        study, needed = self.earshot.study, _KEYS.get(action)
        if needed is not None and not study.ring.holds(needed):
            return _NO_KEYS.format(role=study.role)
        return _NO_WORK if action == "stop" and self.earshot.work is None else ""

    def on_key(self, event: Key) -> None:
        """Say why a key does nothing, where no command and no field took it."""
        if self.is_current and not isinstance(self.focused, Input | TextArea):
            said = self._explain_key(event)
            self._said_of = event if said else None
            self.query_one(WorkLine).say_for_now(said)

    def take_named_key(self, key: str) -> bool:
        """Do what a key does here, once the message that names it is closed."""
        own = self.earshot.preferences.keys
        here = (c for c in list_commands(self.place) if key in own.get(c.id, c.key).split(","))
        action = next((c.action for c in here if self.check_action(c.action, ())), "")
        if action:
            # Run as its own, and not as the closed message's: a question it asks is answered here.
            self.call_after_refresh(self.call_later, self.run_action, action)
        return bool(action)

    def forget_said(self, event: Key) -> None:
        """Take back what was said of a key, as the next one comes in."""
        if self._said_of is not None and self._said_of is not event:
            self._said_of = None
            self.query_one(WorkLine).say_nothing()

    def _explain_key(self, event: Key) -> str:
        return explain_key(self.place, event, self.earshot.preferences.keys, self.explain_refusal)

    def action_work(self, verb: str) -> None:
        """Begin a verb of the shell on the chosen interview."""
        summary = self.find_chosen()
        if summary is None:
            return
        heard_by = ""
        if verb == TRANSCRIBE_VERB:
            heard_by = find_earlier_model(self.earshot.study, summary)
        if heard_by and summary.has_later_sound:  # that alone is heard, by whatever heard the rest
            is_there = heard_by in {model.name for model in list_models(ModelKind.SPEECH)}
            self.earshot.begin_work(verb, summary, model=heard_by if is_there else "")
        elif heard_by:
            self._ask_model_again(summary, heard_by)
        elif verb == TRANSCRIBE_VERB and not self.earshot.speech_model:
            self._ask_model(summary)
        elif verb == EXPORT_VERB:
            self._ask_to_hand_over(summary)
        elif verb == _SEARCH_VERB:
            self.ask_if_signed(
                summary, _SEARCH_AGAIN, lambda: self.earshot.begin_work(verb, summary)
            )
        else:
            self.earshot.begin_work(verb, summary)

    def _ask_model(self, summary: InterviewSummary) -> None:
        """Transcribe; ask first with which model where several can."""
        models = list_choosable_models(self.earshot.study, summary)
        if self.earshot.recording is not None or len(models) < _SEVERAL:
            self.earshot.begin_work(TRANSCRIBE_VERB, summary)
            return

        def chosen(number: int | None) -> None:
            if number is not None:
                self.earshot.begin_work(TRANSCRIBE_VERB, summary, model=models[number].name)

        options = [f"{model.name}, {model.offer.size_mb:,} MB" for model in models]
        options[0] += ", the usual one here"
        self.ask(ChoicePrompt(_HEAR.format(label=summary.label), options), chosen)

    def _ask_model_again(self, summary: InterviewSummary, heard_by: str) -> None:
        """Ask which model hears an interview that a person has worked on, before anything runs."""
        names = [model.name for model in list_models(ModelKind.SPEECH)]
        if not names:
            self.earshot.begin_work(TRANSCRIBE_VERB, summary)  # which says what is missing
            return

        def chosen(number: int | None) -> None:
            if number is not None:
                self.earshot.begin_work(TRANSCRIBE_VERB, summary, model=names[number])

        options = [f"{name}, which heard it before" if name == heard_by else name for name in names]
        at = names.index(heard_by) if heard_by in names else 0
        question = _HEAR_AGAIN.format(label=summary.label)
        self.ask(ChoicePrompt(question, options, chosen=at), chosen)

    def ask_if_signed(self, summary: InterviewSummary, loss: str, act: Callable[[], None]) -> None:
        """Do something to an interview; ask first where that takes a sign-off back.

        loss: what becomes of the sign-off, and whether to do it all the same.
        """
        if not is_signed(summary):
            act()
            return

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if wanted:
                act()

        handed = ", and was handed over" if summary.state is InterviewState.HANDED else ""
        self.ask(QuestionDialog(f"{summary.label} is signed off{handed}. {loss}"), answered)

    def _ask_to_hand_over(self, summary: InterviewSummary) -> None:
        """Ask who receives it, then whether to hand it over; what is not signed says so at once."""
        plans: list[HandOverPlan | None] = []
        study = self.earshot.study
        if self.earshot.work is not None and is_signed(study.interview(summary.id).summary):
            self.earshot.begin_work(EXPORT_VERB, summary)  # which says what it waits for
            return
        if not self.try_change(lambda: plans.append(plan_hand_over(study, summary.id))):
            return
        plan = plans[0]
        if plan is None:
            now = study.interview(summary.id).summary
            withdrawn = find_withdrawals(now, list_withdrawn(study))
            step = describe_next_step(now, withdrawn, study.role, place=self.place)
            self.show_message(f"{now.label} is not signed off. {step}")
            return

        def named(to_whom: str | None) -> None:
            if to_whom is None:
                return
            told = f", for {to_whom}" if to_whom else ", with nobody named who receives it"
            folder = sanitise_text(name_folder(plan.folder))
            question = _HAND_OVER.format(
                label=plan.label, to_whom=told, folder=folder, formats=", ".join(plan.formats)
            )

            question = "\n\n".join([*plan.warnings, question])

            def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands it over so
                if wanted:
                    self.earshot.begin_work(EXPORT_VERB, summary, to_whom=to_whom)

            self.ask(QuestionDialog(question), answered)

        self.ask(TextPrompt(_WHO_RECEIVES.format(label=plan.label), hint=_WHO_HINT), named)

    def action_check(self) -> None:
        """Open the chosen interview for the data officer."""
        summary = self.find_chosen()
        if summary is not None:
            self.earshot.open_check(summary.id)

    def action_stop(self) -> None:
        """Stop the work in the background."""
        self.earshot.stop_work()

    def action_refresh(self) -> None:
        """Read the study again because a person asks for it."""
        self.refresh_study()

    def take_actions(self, *controllers: object) -> None:
        """Add the ``action_…`` methods of controllers to this screen, so that keys reach them."""
        for controller in controllers:
            for name in dir(controller):
                if name.startswith("action_"):
                    setattr(self, name, getattr(controller, name))

    def ask(self, question: Screen[_Answer], answered: Callable[[_Answer | None], None]) -> None:
        """Show a question; ``answered`` gets its answer, or None if it was cancelled."""
        self.earshot.push_screen(question, answered)

    def show_message(self, sentence: str) -> None:
        """Show a sentence in a dialog that the person has to close."""
        self.earshot.push_screen(MessageDialog(sentence))

    def run_beside(self, act: Callable[[], None], group: str) -> None:
        """Run ``act`` on a thread; it replaces the worker of the same group."""
        self.run_worker(act, group=group, thread=True, exclusive=True, exit_on_error=False)

    def problem(self, error: EarshotError) -> str:
        """Return an error as two sentences: what happened, and what to do."""
        return describe_error(error, self.earshot.preferences.keys)

    def try_change(self, act: Callable[[], None]) -> bool:
        """Run a change of the study; on an error, show it in a dialog and return False."""
        try:
            act()
        except EarshotError as error:
            self.show_message(self.problem(error))
            return False
        return True

    def _show_work(self, work: BackgroundWork | None) -> None:
        if self.children:  # else it is being taken down
            self.query_one(WorkLine).show_work(work)
            doing = (work.verb, work.interview) if work else None
            if doing != self._doing:
                self._doing = doing
                self.show_other_work()
            self.refresh_bindings()


def name_folder(folder: Path) -> str:
    """Return a folder as it is typed where the interface was opened."""
    here = Path.cwd()
    return str(
        folder.resolve().relative_to(here) if folder.resolve().is_relative_to(here) else folder
    )


def split_action(action: str, parameters: tuple[object, ...]) -> list[str]:
    """Return the name of an action and what its key hands over, as words.

    action, parameters: as Textual asks for them: the name alone with what the key hands over, or
    the whole as it stands in the command table.
    """
    if parameters:
        return [action, *map(str, parameters)]
    name, _, rest = action.partition("(")
    return [name, *(word.strip(" '\"") for word in rest.rstrip(")").split(",") if word)]
