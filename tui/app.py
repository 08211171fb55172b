"""The interface: ``run_interface`` opens it on a study that is already unlocked.

The app owns what outlives a screen: the study, the colours, and the one piece of work that may
run in the background. Screens show; what anything means is decided elsewhere.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

import msgspec
from rich.text import Text
from textual import on
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.events import Event, Key, MouseEvent, Paste
from textual.message import Message
from textual.screen import Screen
from textual.signal import Signal
from textual.widgets import Input

from app import (
    BUSY_LOOKS_S,
    EXPORT_VERB,
    HEARD_BESIDE,
    NOT_TOLD_APART,
    SPEAKERS_VERB,
    TRANSCRIBE_VERB,
    AudioDevices,
    BackgroundWork,
    Command,
    CommandPlace,
    JobEnding,
    JobFailed,
    JobFinished,
    Jobs,
    OngoingRecording,
    Preferences,
    ProcessorSample,
    describe_told_voices,
    find_speakers_problem,
    find_told_passphrase,
    format_duration,
    has_terminal,
    has_utf8_terminal,
    is_heard_beside,
    list_commands,
    read_preferences,
)
from study import InterviewSummary, QueuedInterview, sanitise_text
from study.errors import EarshotError, LanguageUnclear, OtherLanguage, StudyChanged
from study.store import RescuedRecording, Study, note_words_opened
from tui.hardening import (
    CRASH_EXIT,
    HardenedApp,
    describe_crash,
    disable_textual_leaks,
    end_driver,
    find_log_file,
    redirect_stderr,
    silence_tracebacks,
)
from tui.key_advice import (
    advise_hearing_key,
    advise_key,
    advise_key_for_code,
    describe_error,
)
from tui.key_bindings import build_bindings
from tui.key_names import use_keys, with_keys
from tui.key_order import KeyOrder, KeyPassed
from tui.pasted_text import clean_pasted_text
from tui.screens.command_screen import CommandScreen
from tui.screens.dialogs import MessageDialog, QuestionDialog
from tui.screens.help_screen import HelpScreen
from tui.screens.home_screen import HomeScreen
from tui.screens.language_prompt import ask_what_is_spoken
from tui.screens.privacy_screens import CoverScreen, LockScreen
from tui.screens.recording_screen import RecordingScreen
from tui.screens.review_screen import ReviewScreen
from tui.themes import DARK_NAME, LIGHT_NAME, TERMINAL_NAME, THEMES
from tui.widgets.turn_editor import TurnEditor
from tui.widgets.work_line import WorkAdvanced

WEB_EXIT = 1
NO_TERMINAL_EXIT = 2
_NO_TERMINAL = (
    "earshot: the interface needs a terminal to draw on and to read keys "
    "from.\nYou can do everything without one: see `earshot --help`.\n"
)
_NO_UTF8 = (
    "earshot: this terminal is not set to UTF-8, so not every letter of an interview would show.\n"
    "Set LANG to a locale that ends in UTF-8, such as C.UTF-8, and start again.\n"
)
_BUSY = "Another task is still running. Wait for it, or stop it with {home.stop}."
_LOOKS_IDLE_S = 5.0
_ABOUT_LANGUAGE = frozenset({OtherLanguage.exit_code, LanguageUnclear.exit_code})
_THEMES = {"dark": DARK_NAME, "light": LIGHT_NAME, "terminal": TERMINAL_NAME}
_WIDTHS = [(0, "-tiny"), (40, "-narrow"), (100, "-wide")]
_HEIGHTS = [(0, "-flat"), (12, "-tall")]
_ON_THE_WEB = "Earshot shows interviews in a terminal only: a browser could leak words.\n"


class Earshot(HardenedApp, inherit_bindings=False):
    """The interface on one study."""

    TITLE = "Earshot"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.EVERYWHERE)

    class WorkEnded(Message):
        """The work in the background is over."""

        def __init__(self, ending: JobEnding) -> None:
            super().__init__()
            self.ending = ending

    class ComputerSeen(Message):
        """It was seen how much of the processor the work in the background got."""

        def __init__(self, sample: ProcessorSample) -> None:
            super().__init__()
            self.sample = sample

    def __init__(
        self,
        study: Study,
        *,
        rescued: Sequence[RescuedRecording] = (),
        broken_off: Sequence[str] = (),
        clock: Callable[[], float] = time.monotonic,
        program: Sequence[str] = (),
        sound: AudioDevices | None = None,
        chosen: Preferences | None = None,
        is_guided: bool = False,
        speech_model: str = "",
    ) -> None:
        super().__init__()
        self.is_guided = is_guided  # somebody is shown around: each place says which key is next
        self.preferences = chosen or Preferences()
        self.set_keymap(self.preferences.keys)
        use_keys(self.preferences.keys)
        self._last_key_s = clock()
        self.knows_own_work = False  # whether who is there was told that it is not signed off
        self._said_of_speakers: set[str] = set()  # sentences about voices not told apart
        self._keys = KeyOrder(self, self._hand_on)
        self.study = study
        self.audio_devices = sound or AudioDevices()
        self.recording: OngoingRecording | None = None  # set as soon as one runs, on any thread
        self.work_changed: Signal[BackgroundWork | None] = Signal(self, "work")
        self._rescued, self._broken_off = rescued, broken_off
        self._clock, self._program = clock, program
        self.speech_model = speech_model  # that transcribes without a question, "": ask
        self._opened: Study | None = None  # the study as somebody opened it who took over
        self.jobs = self._prepare_jobs()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = _THEMES[self.preferences.colours]
        self.animation_level = "none"  # nothing on a page that is read for hours should move

    def _prepare_jobs(self) -> Jobs:
        return Jobs(
            self.study,
            advanced=lambda progress, left_s: self.post_message(WorkAdvanced(progress, left_s)),
            ended=lambda ending: self.post_message(self.WorkEnded(ending)),
            changed=self.work_changed.publish,
            clock=self._clock,
            program=self._program,
            speech_model=self.speech_model,
        )

    @property
    def work(self) -> BackgroundWork | None:
        """The work that runs in the background."""
        return self.jobs.work

    def on_mount(self) -> None:
        """Open the list of interviews; in a browser, refuse."""
        if self.is_web:
            self.exit(return_code=WEB_EXIT, message=Text(_ON_THE_WEB))
            return
        self.push_screen(HomeScreen())
        self.set_interval(_LOOKS_IDLE_S, self.lock_if_idle)
        self.set_interval(BUSY_LOOKS_S, self._look_at_computer)
        if self.preferences.problems:
            heading = "In interface.toml, your settings file:"
            self.push_screen(MessageDialog("\n".join([heading, "", *self.preferences.problems])))
        if (flaw := self.study.change_flaw) is not None:
            changed = StudyChanged(flaw)
            step = advise_key(changed, self.preferences.keys)
            self.push_screen(MessageDialog(f"{changed}\n\n{step}"))
        if self._rescued:
            self.push_screen(MessageDialog(_rescued(self.study, self._rescued)))
        if self._broken_off:
            self.push_screen(MessageDialog("\n\n".join(self._broken_off)))
        if self.recording is None:
            self.jobs.resume_queue()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer the commands of this screen, and none of Textual's own, such as a screenshot."""
        if isinstance(screen, CommandScreen):
            for command in list_commands(screen.place):
                if command.in_palette and screen.check_action(command.action, ()):
                    run = partial(screen.run_action, command.action)
                    yield from _list_names(command, run)
        for command in list_commands(CommandPlace.EVERYWHERE):
            if command.in_palette:
                yield from _list_names(command, partial(self.run_action, command.action))

    def action_help(self) -> None:
        """Open the help: what every key does."""
        place = getattr(self.screen, "place", None)  # some boxes over a screen have keys as well
        if isinstance(place, CommandPlace):
            self.push_screen(HelpScreen(place, self.preferences))

    def action_change_colours(self) -> None:
        """Change the colours: dark, light, the terminal's own, and round again."""
        every = list(_THEMES.values())
        self.theme = every[(every.index(self.theme) + 1) % len(every)]

    def action_cover(self) -> None:
        """Cover the screen and silence the sound, or take the cover off."""
        if isinstance(self.screen, CoverScreen):
            self.pop_screen()
        elif not isinstance(self.screen, LockScreen):
            self._hush()
            self.push_screen(CoverScreen(lambda: self.recording))

    def lock_if_idle(self) -> None:
        """Lock after a time without a key; never while recording, and not while sound plays."""
        if self.recording is not None or isinstance(self.screen, LockScreen):
            return
        if any(isinstance(s, ReviewScreen) and s.playback.is_playing for s in self.screen_stack):
            self._last_key_s = self._clock()
        if self._clock() - self._last_key_s >= self.preferences.lock_after_min * 60:
            self._hush()
            self.push_screen(
                LockScreen(
                    self.study.is_own_passphrase,
                    self.preferences.keys,
                    lambda: find_told_passphrase(self.study),
                )
            )

    def _look_at_computer(self) -> None:
        """Judge beside the screen whether other programs hold up the work in the background."""
        if self.work is None:
            return

        def look() -> None:
            sample = self.jobs.take_processor_sample()
            if sample is not None:
                self.post_message(self.ComputerSeen(sample))

        self.run_worker(look, group="computer", thread=True, exclusive=True, exit_on_error=False)

    @on(ComputerSeen)
    def _computer_seen(self, message: ComputerSeen) -> None:
        self.jobs.judge_computer(message.sample)

    def _hush(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, ReviewScreen):
                screen.playback.hush()

    async def on_event(self, event: Event) -> None:
        """Note the time of each key, and keep keys in order; sanitise pasted text."""
        if isinstance(event, Key | MouseEvent):
            self._last_key_s = self._clock()
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            await self._keys.take(event)
        else:
            await super().on_event(event)

    async def _hand_on(self, event: Key | Paste) -> None:
        """Hand a key or a pasted text to what has the focus now."""
        if isinstance(event, Paste):
            is_line = isinstance(self.focused, Input | TurnEditor)
            event.text = clean_pasted_text(event.text, is_line=is_line)
        elif self.screen_stack and isinstance(self.screen, CommandScreen):
            self.screen.forget_said(event)
        await super().on_event(event)

    @on(KeyPassed)
    async def _note_key_passed(self, message: KeyPassed) -> None:
        await self._keys.note_passed(message)

    def action_leave(self) -> None:
        """Close the study; ask first if that stops a recording or background work."""
        recording = [s for s in self.screen_stack if isinstance(s, RecordingScreen)]
        if recording:
            recording[0].ask_to_end("Leave Earshot and end the recording?", leave=True)
            return
        if self.work is None:
            self.exit()
            return
        if isinstance(self.screen, QuestionDialog):
            return

        def leave(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if wanted:
                self.exit()

        question = "A task is running. Stop it and leave? What is finished is kept."
        if self.work.verb == TRANSCRIBE_VERB:
            question += " It continues next time."
        self.push_screen(QuestionDialog(question), leave)

    def open_review(self, interview: str, turn: int = 0, mention: str = "") -> None:
        """Open the review of an interview, at a turn and one of its mentions if they are given."""
        try:
            note_words_opened(self.study.interview(interview))
        except EarshotError as error:
            self.push_screen(MessageDialog(describe_error(error, self.preferences.keys)))
            return
        self.push_screen(ReviewScreen(self.study, interview, turn, mention))

    def open_check(self, interview: str) -> None:
        """Open the check of an interview."""
        from tui.screens.check.check_screen import CheckScreen  # it leans on more than a list does

        self.push_screen(CheckScreen(self.study, interview))

    def open_consent(self, wanted: Sequence[str] = ()) -> None:
        """Open what the participants agreed to; wanted: codes to show even without a record."""
        from tui.screens.consent_screen import ConsentScreen  # few sittings need it

        self.push_screen(ConsentScreen(wanted))

    def record_spoken_consent(self, code: str) -> None:
        """Prepare to record a participant saying what they agree to."""
        from tui.screens.preparation_screen import PreparationScreen

        summaries = self.study.summaries()
        self.push_screen(
            PreparationScreen(self.audio_devices, None, summaries, spoken_consent_of=code)
        )

    def begin_work(
        self,
        verb: str,
        summary: InterviewSummary,
        *,
        is_unchecked: bool = False,
        model: str = "",
        to_whom: str = "",
    ) -> None:
        """Begin a verb of the shell in the background; one runs at a time, and more may wait.

        is_unchecked: a person insists on the language that the interview has. model: the name of
        the model that transcribes, "" for the one of this program. to_whom: who receives it.
        """
        if self.recording is not None:
            return  # the computer is the recorder's now
        self._take_on(
            lambda: self.jobs.begin(
                verb, summary, is_unchecked=is_unchecked, model=model, to_whom=to_whom
            )
        )

    def hear_again(self, wanted: QueuedInterview, passage: tuple[float, float | None]) -> bool:
        """Hear a passage of an interview again in the background; False where other work runs."""
        if self.recording is not None:
            return False  # the computer is the recorder's now
        return self._take_on(lambda: self.jobs.hear_again(wanted, passage))

    def tell_voices_apart(
        self, interview: str, count: int | None, *, uses_keys: bool | None = None
    ) -> bool:
        """Tell the voices of an interview apart in the background; False where other work runs.

        count: how many people speak, None to guess it. uses_keys: whether the keys count that an
        interviewer pressed while recording, None as the last time.
        """
        if self.recording is not None:
            return False  # the computer is the recorder's now
        return self._take_on(
            lambda: self.jobs.tell_voices_apart(interview, count, uses_keys=uses_keys)
        )

    def _take_on(self, begin: Callable[[], bool]) -> bool:
        """Begin work, or say why it is refused: by an error, or because other work runs."""
        try:
            is_taken = begin()
        except EarshotError as error:
            self.push_screen(MessageDialog(describe_error(error, self.preferences.keys)))
            return False
        if not is_taken:
            self.push_screen(MessageDialog(with_keys(_BUSY)))
        return is_taken

    def stop_work(self) -> None:
        """Stop the work in the background."""
        self.jobs.stop()

    def change_person(self, study: Study) -> None:
        """Go on with the study as somebody else opened it; for when no work runs."""
        self.jobs.leave()
        self.study.close()  # nothing is left open with the keys of who was there before
        self.study = self._opened = study
        self.knows_own_work = False
        self.jobs = self._prepare_jobs()
        self.jobs.resume_queue()

    def show_recording(self, recording: OngoingRecording) -> None:
        """Show a recording that has begun, in the place of what was settled before it.

        It is transcribed as it goes, if the study wants it.
        """
        self.pop_screen()
        self.push_screen(RecordingScreen(recording))
        self.jobs.follow(recording)

    def finish_recording(self, *, goes_on: bool = True) -> str:
        """Finish what follows a recording; return the sentence to show for it.

        goes_on: False where somebody did not want to go on: it is not transcribed any further.
        """
        if self.recording is not None:
            for screen in self.screen_stack:
                if isinstance(screen, HomeScreen):
                    screen.choose_interview(self.recording.interview)
        self.recording = None
        return with_keys(self.jobs.end_recording(goes_on=goes_on))

    def stop_everything(self) -> None:
        """Stop the child process and seal an open recording, however the screen ended."""
        if self.recording is not None:
            with contextlib.suppress(EarshotError):  # all that could be kept is kept
                self.recording.controls.stop()
        self.jobs.leave()
        if self._opened is not None:
            self._opened.close()

    @on(WorkAdvanced)
    def _advanced(self, message: WorkAdvanced) -> None:
        self.jobs.show_progress(message.progress, message.left_s)

    @on(WorkEnded)
    def _ended(self, message: WorkEnded) -> None:
        work, ending = self.work, message.ending
        if not self.jobs.end(ending) or not self.is_running:  # Textual takes the screens down
            return
        text = ""
        if isinstance(ending, JobFailed):
            further = advise_key_for_code(ending.exit_code, self.preferences.keys)
            text = f"{ending.message} {further}".strip()
        if self.recording is not None:
            if text:
                self.jobs.keep_untold(text)
            return
        for screen in self.screen_stack:
            if isinstance(screen, CommandScreen) and screen.children:  # else it is not laid out yet
                screen.refresh_study()
        if isinstance(ending, JobFailed) and ending.exit_code in _ABOUT_LANGUAGE and work:
            summary = self.study.find_interview(work.interview)
            ask_what_is_spoken(self, summary, ending, work.model)
        elif text := text or self._describe_result(work, ending):
            self.push_screen(MessageDialog(text))
        self.jobs.resume_queue()

    def _describe_result(self, work: BackgroundWork | None, ending: JobEnding) -> str:
        """Return what a person reads about work that went well, "" for nothing."""
        if isinstance(ending, JobFinished) and work and work.verb == EXPORT_VERB:
            return _handed_over(ending)
        if work and work.verb == TRANSCRIBE_VERB and is_heard_beside(ending):
            return f"{HEARD_BESIDE} {advise_hearing_key(self.preferences.keys)}"
        if work and work.verb == SPEAKERS_VERB:
            return with_keys(describe_told_voices(ending))
        return self._describe_missing_speakers(ending)

    def _describe_missing_speakers(self, ending: JobEnding) -> str:
        """Say why voices were not told apart: once, for a queue would say it of each interview."""
        problem = find_speakers_problem(ending)
        if problem is None or problem.message in self._said_of_speakers:
            return ""
        self._said_of_speakers.add(problem.message)
        further = advise_key_for_code(problem.exit_code, self.preferences.keys)
        return f"{NOT_TOLD_APART} {problem.message} {further}".strip()


def _list_names(command: Command, run: Callable[[], object]) -> Iterator[SystemCommand]:
    """Yield a command by its label and by each further name, which only typing finds."""
    yield SystemCommand(command.label, command.help, run)
    for name in command.aliases:
        yield SystemCommand(name, command.help, run, discover=False)


def _rescued(study: Study, found: Sequence[RescuedRecording]) -> str:
    labels = {summary.id: summary.label for summary in study.summaries()}
    lines = [
        f"{labels.get(one.interview, one.interview)}: {format_duration(one.kept_s)} kept, "
        "at most the last second is missing."
        for one in found
    ]
    return "\n".join(["An interrupted recording was recovered.", "", *lines])


def _handed_over(ending: JobFinished) -> str:
    files = msgspec.convert(ending.facts.get("result", []), list[str], strict=False)
    if not files:
        return "The interview was handed over."
    folder = Path(files[0]).parent
    names = [sanitise_text(Path(file).name) for file in files]
    return "\n".join([
        f"Handed over, into {sanitise_text(str(folder))}:", "", *names, "",
        "These files are not encrypted: keep them where only your team can read them.",
    ])  # fmt: skip


def run_interface(
    study: Study,
    *,
    rescued: Sequence[RescuedRecording] = (),
    broken_off: Sequence[str] = (),
    clock: Callable[[], float] = time.monotonic,
    log: Path | None = None,
    program: Sequence[str],
    is_guided: bool = False,
    speech_model: str = "",
) -> int:
    """Open the interface on an open study, and return the exit code when it is left.

    rescued, broken_off: what was found cut off, shown in messages first. log: the file for
    what C libraries print, by default ``find_log_file()``. program: the command line that runs a
    verb in a child process. is_guided: whether each screen says which key comes next. speech_model:
    the name of the model that transcribes, "" for the best that is installed. Returns 0,
    ``CRASH_EXIT`` after a fault of ours, or ``NO_TERMINAL_EXIT`` without a terminal that can show
    every letter.
    """
    if not has_terminal():
        sys.stderr.write(_NO_TERMINAL)
        return NO_TERMINAL_EXIT
    if not has_utf8_terminal():
        sys.stderr.write(_NO_UTF8)
        return NO_TERMINAL_EXIT
    disable_textual_leaks()
    redirect_stderr(log or find_log_file())
    app = Earshot(
        study,
        rescued=rescued,
        broken_off=broken_off,
        clock=clock,
        program=program,
        chosen=read_preferences(),
        is_guided=is_guided,
        speech_model=speech_model,
    )
    with silence_tracebacks():
        try:
            app.run()
        except Exception as error:  # noqa: BLE001 - the crash screen: a fault of ours ends here
            sys.stderr.write(describe_crash(error))
            return CRASH_EXIT
        finally:
            end_driver(app)
            app.stop_everything()
    return app.return_code or 0
