"""The interface: ``run`` opens it on a study that is already unlocked.

The app owns what outlives a screen: the study, the colours, and the one piece of work that may
run in the background. Screens show; what anything means is decided elsewhere.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
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
from textual.widget import Widget
from textual.widgets import Input, TextArea

from study.artefacts import Summary
from study.errors import EarshotError, StudyChanged
from study.recordings import Rescued
from study.screen_text import safe
from study.store import Study
from tui import background, next_steps, preferences, quiet
from tui.background import Ending, Failed, Finished
from tui.commands import Place, bindings, of
from tui.jobs import Jobs, Work
from tui.labour import TRANSCRIBE
from tui.preferences import Preferences
from tui.quiet import QuietApp
from tui.recording import Recording
from tui.screens.cover import Covered, Locked
from tui.screens.dialog import Asked, Told
from tui.screens.help import Help
from tui.screens.home import Home
from tui.screens.interview import InterviewScreen
from tui.screens.place import PlaceScreen
from tui.screens.record import RecordScreen
from tui.sound import Sound
from tui.themes import DARK_NAME, LIGHT_NAME, TERMINAL_NAME, THEMES
from tui.widgets.wording import span
from tui.widgets.working import WorkAdvanced

WEB_EXIT = 1
NO_TERMINAL_EXIT = 2
_NO_TERMINAL = (
    "earshot: the interface needs a terminal to draw on and to read keys from.\n"
    "Everything it does can be done without one: see `earshot --help`.\n"
)
_NO_UTF8 = (
    "earshot: this terminal is not set to UTF-8, so not every letter of an interview would show.\n"
    "Set LANG to a locale that ends in UTF-8, such as C.UTF-8, and start again.\n"
)
_LOOKS_IDLE_S = 5.0
_THEMES = {"dark": DARK_NAME, "light": LIGHT_NAME, "terminal": TERMINAL_NAME}
_WIDTHS = [(0, "-tiny"), (40, "-narrow"), (100, "-wide")]
_HEIGHTS = [(0, "-flat"), (12, "-tall")]
_ON_THE_WEB = "Earshot shows interviews in a terminal only: a browser would let words out.\n"


class Earshot(QuietApp, inherit_bindings=False):
    """The interface on one study."""

    TITLE = "Earshot"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.EVERYWHERE)

    class Ended(Message):
        """The work in the background is over."""

        def __init__(self, ending: Ending) -> None:
            super().__init__()
            self.ending = ending

    def __init__(
        self,
        study: Study,
        *,
        rescued: Sequence[Rescued] = (),
        clock: Callable[[], float] = time.monotonic,
        program: Sequence[str] = background.PROGRAM,
        sound: Sound | None = None,
        chosen: Preferences | None = None,
        is_guided: bool = False,
    ) -> None:
        super().__init__()
        self.is_guided = is_guided  # somebody is shown around: each place says which key is next
        self.chosen = chosen or Preferences()
        self.set_keymap(self.chosen.keys)
        self._last_key_s = clock()
        self._aimed: deque[tuple[Key, Widget | None]] = deque(maxlen=64)
        self.study = study
        self.sound = sound or Sound()
        self.recording: Recording | None = None  # set as soon as one runs, on any thread
        self.work_changed: Signal[Work | None] = Signal(self, "work")
        self._rescued = rescued
        self._clock = clock
        self.jobs = Jobs(
            study,
            advanced=lambda progress, left_s: self.post_message(WorkAdvanced(progress, left_s)),
            ended=lambda ending: self.post_message(self.Ended(ending)),
            changed=self.work_changed.publish,
            clock=clock,
            program=program,
        )
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = _THEMES[self.chosen.colours]
        self.animation_level = "none"  # nothing on a page that is read for hours should move

    @property
    def work(self) -> Work | None:
        """The work that runs in the background."""
        return self.jobs.work

    def on_mount(self) -> None:
        """Open the list of interviews; in a browser, refuse."""
        if self.is_web:
            self.exit(return_code=WEB_EXIT, message=Text(_ON_THE_WEB))
            return
        self.push_screen(Home())
        self.set_interval(_LOOKS_IDLE_S, self.lock_if_idle)
        if self.chosen.problems:
            heading = "In interface.toml, your file of keys and colours:"
            self.push_screen(Told("\n".join([heading, "", *self.chosen.problems])))
        if self.study.is_changed:
            changed = StudyChanged()
            step = next_steps.next_step(changed, self.chosen.keys)
            self.push_screen(Told(f"{changed}\n\n{step}"))
        if self._rescued:
            self.push_screen(Told(_rescued(self.study, self._rescued)))
        if self.recording is None:
            self.jobs.go_on()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer what can be done here, from the table; above all, no picture of the screen."""
        if isinstance(screen, PlaceScreen):
            for command in of(screen.place):
                if command.in_palette and screen.check_action(command.action, ()):
                    run = partial(screen.run_action, command.action)
                    yield SystemCommand(command.label, command.help, run)
        for command in of(Place.EVERYWHERE):
            if command.in_palette:
                run = partial(self.run_action, command.action)
                yield SystemCommand(command.label, command.help, run)

    def action_help(self) -> None:
        """Show what every key does."""
        if isinstance(self.screen, PlaceScreen):
            self.push_screen(Help(self.screen.place, self.chosen))

    def action_change_colours(self) -> None:
        """Change between dark, light and the terminal's own."""
        every = list(_THEMES.values())
        self.theme = every[(every.index(self.theme) + 1) % len(every)]

    def action_cover(self) -> None:
        """Show nothing of the study, and let nothing of it be heard."""
        if isinstance(self.screen, Covered):
            self.pop_screen()
        elif not isinstance(self.screen, Locked):
            self._hush()
            self.push_screen(Covered())

    def lock_if_idle(self) -> None:
        """Lock after a time without a key; never while recording, and not while sound plays."""
        if self.recording is not None or isinstance(self.screen, Locked):
            return
        if any(isinstance(s, InterviewScreen) and s.playback.is_playing for s in self.screen_stack):
            self._last_key_s = self._clock()
        if self._clock() - self._last_key_s >= self.chosen.lock_after_min * 60:
            self._hush()
            self.push_screen(Locked(self.study.admits, self.chosen.keys))

    def _hush(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, InterviewScreen):
                screen.playback.hush()

    async def on_event(self, event: Event) -> None:
        """Note that somebody is there, and where the key went; what is pasted has no escapes."""
        if isinstance(event, Key | MouseEvent):
            self._last_key_s = self._clock()
        if isinstance(event, Paste):
            event.text = safe(event.text.expandtabs(1), keep_newlines=True)
        if isinstance(event, Key):
            self._aimed.append((event, self.focused))
        await super().on_event(event)

    def on_key(self, event: Key) -> None:
        """Send a key on to a field that was opened by the key before it.

        Textual hands a key to what has the focus when it comes in; where that key waits behind
        one that opens a field, it would be lost, or taken for a command.
        """
        aimed = next((at for key, at in self._aimed if key is event), self.focused)
        now = self.focused
        if now is not aimed and isinstance(now, Input | TextArea):
            event.stop()
            event.prevent_default()
            self.post_message(Key(event.key, event.character))

    def action_leave(self) -> None:
        """Close the study, after asking where a recording or work would be stopped by it."""
        recording = [s for s in self.screen_stack if isinstance(s, RecordScreen)]
        if recording:
            recording[0].ask_to_end("Leave Earshot, and seal the recording?", leave=True)
            return
        if self.work is None:
            self.exit()
            return
        if isinstance(self.screen, Asked):
            return

        def leave(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if wanted:
                self.exit()

        question = "Work is running. Stop it and leave? What is finished is kept."
        if self.work.verb == TRANSCRIBE:
            question += " It goes on at the next start."
        self.push_screen(Asked(question), leave)

    def open_review(self, interview: str, turn: int = 0, mention: str = "") -> None:
        """Open the review of an interview, at a turn and a mention in it where they are given."""
        self.push_screen(InterviewScreen(self.study, interview, turn, mention))

    def open_check(self, interview: str) -> None:
        """Open the check of an interview."""
        from tui.screens.check.screen import CheckScreen  # it leans on more than a list does

        self.push_screen(CheckScreen(self.study, interview))

    def begin_work(self, verb: str, summary: Summary) -> None:
        """Begin a verb of the shell in the background; one runs at a time, and more may wait."""
        if self.recording is not None:
            return  # the computer is the recorder's now
        try:
            is_taken = self.jobs.begin(verb, summary)
        except EarshotError as error:
            self.push_screen(Told(next_steps.problem(error, self.chosen.keys)))
            return
        if not is_taken:
            self.push_screen(Told("Other work is still running. Wait for it, or stop it with s."))

    def stop_work(self) -> None:
        """Stop what runs in the background."""
        self.jobs.stop()

    def show_recording(self, recording: Recording) -> None:
        """Show a recording that has begun, in the place of what was settled before it.

        It is transcribed as it goes, if the study wants it.
        """
        self.pop_screen()
        self.push_screen(RecordScreen(recording))
        self.jobs.follow(recording)

    def recording_ended(self) -> str:
        """Finish what follows a recording; return the sentence to show for it."""
        self.recording = None
        return self.jobs.recording_ended()

    def leave_all(self) -> None:
        """Leave no child and no open recording behind, however the screen ended."""
        if self.recording is not None:
            with contextlib.suppress(EarshotError):  # all that could be kept is kept
                self.recording.session.stop()
        self.jobs.leave()

    @on(WorkAdvanced)
    def _advanced(self, message: WorkAdvanced) -> None:
        self.jobs.show_progress(message.progress, message.left_s)

    @on(Ended)
    def _ended(self, message: Ended) -> None:
        work, ending = self.work, message.ending
        if not self.jobs.end(ending):
            return
        told = ""
        if isinstance(ending, Failed):
            further = next_steps.next_step_of(ending.exit_code, self.chosen.keys)
            told = f"{ending.message} {further}".strip()
        if self.recording is not None:
            if told:
                self.jobs.keep_untold(told)
            return
        for screen in self.screen_stack:
            if isinstance(screen, PlaceScreen) and screen.children:  # else it is being taken down
                screen.refresh_study()
        if told:
            self.push_screen(Told(told))
        elif isinstance(ending, Finished) and work and work.verb == "export":
            self.push_screen(Told(_handed_over(ending)))
        self.jobs.go_on()


def _rescued(study: Study, found: Sequence[Rescued]) -> str:
    labels = {summary.id: summary.label for summary in study.summaries()}
    lines = [
        f"{labels.get(one.interview, one.interview)}: {span(one.kept_s)} were kept, "
        "at most the last second is missing."
        for one in found
    ]
    return "\n".join(["A recording was cut off, and has been brought to safety.", "", *lines])


def _handed_over(ending: Finished) -> str:
    files = msgspec.convert(ending.facts.get("result", []), list[str], strict=False)
    if not files:
        return "The interview was handed over."
    folder = Path(files[0]).parent
    return "\n".join([
        f"Handed over, into {safe(str(folder))}:", "", *(safe(Path(f).name) for f in files),
        "", "These files are not sealed: keep them where only your team can read them.",
    ])  # fmt: skip


def run(
    study: Study,
    *,
    rescued: Sequence[Rescued] = (),
    clock: Callable[[], float] = time.monotonic,
    log: Path | None = None,
    program: Sequence[str] = background.PROGRAM,
    is_guided: bool = False,
) -> int:
    """Open the interface on an open study, and return the exit code when it is left.

    ``rescued`` is what was found cut off, to be told first; ``log`` takes what C libraries
    write; ``is_guided`` says at each place which key comes next. Returns 0, ``quiet.CRASHED``
    after a fault, which is told in a sentence, or ``NO_TERMINAL_EXIT`` where
    there is none, or one that cannot show every letter.
    """
    if not quiet.has_terminal():
        sys.stderr.write(_NO_TERMINAL)
        return NO_TERMINAL_EXIT
    if not quiet.speaks_utf8():
        sys.stderr.write(_NO_UTF8)
        return NO_TERMINAL_EXIT
    quiet.shut_doors()
    quiet.hush(log or quiet.log_file())
    app = Earshot(
        study,
        rescued=rescued,
        clock=clock,
        program=program,
        chosen=preferences.read(),
        is_guided=is_guided,
    )
    with quiet.mute():
        try:
            app.run()
        except Exception as error:  # noqa: BLE001 - the crash screen: a fault of ours ends here
            sys.stderr.write(quiet.farewell(error))
            return quiet.CRASHED
        finally:
            app.leave_all()
    return app.return_code or 0
