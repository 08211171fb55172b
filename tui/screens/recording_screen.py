"""A recording under way, to be read from two metres.

It looks at the session some times a second and redraws what has changed. It reads nothing from
the study and asks nothing of the microphone, so that neither can make it stand still. There is
no bell when something goes wrong: it would be heard in the recording.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.message import Message

from app import CommandPlace, OngoingRecording, Willing, describe_losses, group_asked
from capture import RecordingPhase, RecordingStatus
from study import InterviewSummary, MarkKind, format_clock
from study.errors import EarshotError
from tui.key_bindings import build_bindings
from tui.screens.command_screen import CommandScreen
from tui.screens.dialogs import MessageDialog, PausedAnswer, PausedDialog, StopDialog
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.screens.recording_page import GONE, RecordingPage, RecordingWidgets
from tui.screens.willingness_screen import DissentScreen, ask_everybody
from tui.widgets.key_line import KeyLine
from tui.widgets.topic_list import TopicList, find_next_topic
from tui.widgets.work_line import WorkLine

_WHILE_RECORDING = frozenset({
    "pause", "marker", "note", "off_record", "affirmed", "assent", "dissent", "distress", "end",
})  # fmt: skip
# Where the window is narrow, the last of these are left out; what stops the sound never is.
_KEYS = (
    *(
        f"record.{name}"
        for name in (
            "pause", "stop", "dissent", "marker", "distress", "note", "next", "topics", "off",
            "close",
        )
    ),
    "cover",
)  # fmt: skip
_ASKS_TO_END = StopDialog | PausedDialog
_LOOK_S = 0.125  # eight times a second: a level that follows the voice, at little cost


class RecordingScreen(CommandScreen):
    """The status of the recorder, and one key for each event of an interview."""

    place: ClassVar[CommandPlace] = CommandPlace.RECORD
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.RECORD)

    class RecordingSealed(Message):
        """The recording was ended by a person and is sealed, or could not be sealed whole."""

        def __init__(
            self, last: RecordingStatus, error: EarshotError | None, *, leave: bool
        ) -> None:
            super().__init__()
            self.last = last
            self.error = error
            self.leave = leave

    def __init__(
        self, recording: OngoingRecording, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._recording = recording
        self._topics = recording.guide.topics if recording.guide else ()
        self._moment = RecordingStatus(RecordingPhase.STARTING)
        self._widgets = RecordingWidgets(TopicList(self._topics, id="topics"))
        self._is_dissent = False
        self._page = RecordingPage(recording, self._widgets, self, clock)

    def compose(self) -> ComposeResult:
        """Lay out the state, what is wrong, the gauges and the guide, and the keys."""
        widgets = self._widgets
        yield widgets.heading
        yield widgets.state
        yield widgets.meaning
        yield widgets.faults
        with Horizontal(id="desk"):
            with Vertical(id="gauges"):
                yield widgets.time
                yield widgets.meter
                yield widgets.disk
                yield widgets.speakers
                yield widgets.lost
                yield widgets.last
            yield widgets.topics
        yield WorkLine(id="work")
        yield KeyLine(id="keys", lines=2, choose=lambda: _KEYS)

    def on_mount(self) -> None:
        """Begin to poll the recorder's status."""
        super().on_mount()
        self._page.begin()
        self.set_interval(_LOOK_S, self.show_status)
        self.show_status()

    def on_resize(self, event: Resize) -> None:
        """Choose how large things are written, and where the guide stands."""
        self._page.fit(event.size.width, event.size.height)
        self.call_after_refresh(self.show_status)

    def refresh_study(self) -> None:
        """Do nothing: the recorder alone uses the study now."""

    def find_chosen(self) -> InterviewSummary | None:
        """Return None: no other work is begun from this screen."""
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable only the keys that apply: as many speakers as there are, topics, the end."""
        is_over = self._page.is_ending or self._moment.doing is RecordingPhase.ENDED
        if action == "close":
            return is_over and not self._page.is_ending
        if action == "speaker":
            number = parameters[0] if parameters else 1
            return isinstance(number, int) and number <= len(self._recording.speakers)
        if action in {"next_topic", "topics"}:
            return bool(self._topics) and not is_over
        if action in _WHILE_RECORDING:
            return not is_over
        return super().check_action(action, parameters)

    def show_status(self) -> None:
        """Read the recorder's status, and redraw the parts that changed."""
        before, self._moment = self._moment, self._recording.controls.read_status()
        self._page.show(self._moment)
        if before.doing is not self._moment.doing:
            self.refresh_bindings()

    def action_pause(self) -> None:
        """Pause, or ask whether to go on from whatever kept the sound away."""
        session = self._recording.controls
        if session.read_status().doing in GONE:
            self._ask_to_go_on()
        else:
            session.pause()
        self.show_status()

    def _ask_to_go_on(self) -> None:
        """Ask whether everybody can and wants to go on; only then is sound kept again."""

        def answered(shown: tuple[Willing, ...] | None) -> None:
            last, who = shown[-1] if shown else (None, "")
            if last is MarkKind.DISSENT:
                self._end_by_dissent(who)
            elif last is MarkKind.DISTRESS:
                self.action_distress()
            elif shown:
                self._recording.controls.resume()
                for kind, code in shown:
                    self._recording.controls.mark_consent(kind, code)
            self.show_status()

        ask_everybody(self.ask, self._recording.asked, answered, goes_on=True)

    def action_off_record(self) -> None:
        """Go off the record, or back on it."""
        session = self._recording.controls
        if session.read_status().doing is RecordingPhase.OFF_RECORD:
            self._ask_to_go_on()
        else:
            session.go_off_record()
        self.show_status()

    def action_affirmed(self) -> None:
        """Mark that they were asked again, and agree."""
        self._mark_asked_again(MarkKind.AFFIRMED, "Who was asked again, and agrees?")

    def action_assent(self) -> None:
        """Mark that somebody without capacity shows that they are willing."""
        self._mark_asked_again(MarkKind.ASSENT, "Who shows that they are willing?")

    def _mark_asked_again(self, kind: MarkKind, question: str) -> None:
        """Mark what was shown: of everybody, or of one where they decide in different ways."""
        controls, asked = self._recording.controls, self._recording.asked
        if len(group_asked(asked)) == 1:
            controls.mark_consent(kind)
            self.show_status()
            return

        def chosen(number: int | None) -> None:
            if number is not None:
                controls.mark_consent(kind, asked[number].code)
                self.show_status()

        self.ask(ChoicePrompt(question, [f"{one.code}: {one.way}" for one in asked]), chosen)

    def action_dissent(self) -> None:
        """Mark that somebody does not want to go on, and end the recording at once."""
        self._end_by_dissent("")

    def _end_by_dissent(self, who: str) -> None:
        if self._page.is_ending:
            return
        self._recording.controls.mark_consent(MarkKind.DISSENT, who)
        self._is_dissent = self._page.is_ending = True
        self._seal(leave=False)
        self.show_status()

    def action_distress(self) -> None:
        """Pause at once, and offer to stop."""
        self._recording.controls.mark_distress()
        self._page.is_distress = True
        self.show_status()
        if self._page.is_ending or isinstance(self.earshot.screen, _ASKS_TO_END):
            return

        def answered(answer: PausedAnswer | None) -> None:
            if answer is PausedAnswer.END:
                self._end(leave=False)
            elif answer is PausedAnswer.ASK:
                self._ask_to_go_on()

        self.ask(PausedDialog(), answered)

    def action_marker(self) -> None:
        """Mark this moment."""
        self._recording.controls.set_marker()
        self.show_status()

    def action_note(self) -> None:
        """Mark this moment, then ask for a note about it."""
        session = self._recording.controls
        place = session.set_marker()  # first: what is noted happened now, and typing takes a while
        question = "What happened?"

        def noted(text: str | None) -> None:
            if text:
                session.set_marker(text, place=place)
                self.show_status()

        hint = "This moment is marked. Enter adds the note, Esc adds none."
        self.ask(TextPrompt(question, hint=hint), noted)
        self.show_status()

    def action_next_topic(self) -> None:
        """Begin the next topic of the guide that was not begun yet."""
        moment = self._recording.controls.read_status()
        number = find_next_topic(self._topics, moment.topic, moment.asked)
        if number is not None:
            self._recording.controls.begin_topic(number)
            self.show_status()

    def action_topics(self) -> None:
        """Ask which topic begins."""
        moment = self._recording.controls.read_status()
        titles = [
            f"{'✓' if number in moment.asked else ' '} {topic.heading}"
            for number, topic in enumerate(self._topics)
        ]

        def begin(number: int | None) -> None:
            if number is not None:
                self._recording.controls.begin_topic(number)
                self.show_status()

        following_one = find_next_topic(self._topics, moment.topic, moment.asked) or 0
        self.ask(ChoicePrompt("Which topic is starting?", titles, chosen=following_one), begin)

    def action_speaker(self, number: int) -> None:
        """Note which participant speaks now."""
        self._recording.controls.note_speaker(self._recording.speakers[number - 1])
        self.show_status()

    def action_end(self) -> None:
        """End the recording, after asking once."""
        self.ask_to_end("Stop recording?")

    def ask_to_end(self, question: str, *, leave: bool = False) -> None:
        """Ask whether to end the recording; only S does. ``leave``: then close the study."""
        if self._page.is_ending or isinstance(self.earshot.screen, _ASKS_TO_END):
            return

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if wanted:
                self._end(leave=leave)

        is_kept = self._recording.controls.read_status().doing not in GONE
        goes_on = " The recording goes on until S ends it." if is_kept else ""
        no = "go on recording" if is_kept else "stay paused"
        self.ask(StopDialog(f"{question}{goes_on}", no), answered)

    def _end(self, *, leave: bool) -> None:
        self._page.is_ending = True
        self._seal(leave=leave)
        self.show_status()

    def action_close(self) -> None:
        """Seal a recording that has ended by itself, and go back to the list."""
        self._page.is_ending = True
        self._seal(leave=False)

    @work(thread=True, group="sealing", exit_on_error=False)
    def _seal(self, *, leave: bool) -> None:
        error = None
        session = self._recording.controls
        try:
            last = session.stop()
        except EarshotError as problem:
            last, error = session.read_status(), problem
        self.post_message(self.RecordingSealed(last, error, leave=leave))

    @on(RecordingSealed)
    def _sealed(self, message: RecordingSealed) -> None:
        """Say what is kept, and go back."""
        further = self.earshot.finish_recording(goes_on=not self._is_dissent)
        if message.leave:
            self.earshot.exit()
            return
        problem = f"{self.problem(message.error)}\n\n" if message.error else ""
        while self in self.earshot.screen_stack:  # a message may stand in front of it
            self.earshot.pop_screen()
        farewell = problem + _farewell(self._recording, message.last, further)
        if self._is_dissent:
            self.earshot.push_screen(DissentScreen(farewell))
        else:
            self.earshot.push_screen(MessageDialog(farewell))


def _farewell(recording: OngoingRecording, last: RecordingStatus, further: str) -> str:
    lines = [f"{recording.label}: {format_clock(last.sound_s)} recorded and sealed."]
    if last.failure:
        lines.append(last.failure)
    lost = describe_losses(last)
    if lost:
        lines.append(lost)
    return "\n".join([*lines, "", further])
