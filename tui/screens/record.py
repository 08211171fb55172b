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

from capture.moment import Doing, Moment
from study import screen_text
from study.artefacts import Summary
from study.errors import EarshotError
from tui.commands import Place, bindings
from tui.recording import Recording
from tui.screens.asking import Chosen, Typed
from tui.screens.dialog import Asked, Told
from tui.screens.place import PlaceScreen
from tui.screens.recording_page import GONE, RecordingPage, RecordWidgets
from tui.widgets import telling
from tui.widgets.keys import KeyLine
from tui.widgets.topics import Topics, following
from tui.widgets.working import WorkLine

_LOOK_S = 0.125  # eight times a second: a level that follows the voice, at little cost


class RecordScreen(PlaceScreen):
    """What the recorder is doing, and one key for each thing that happens in an interview."""

    place: ClassVar[Place] = Place.RECORD
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.RECORD)

    class Sealed(Message):
        """The recording was ended by a person and is sealed, or could not be sealed whole."""

        def __init__(self, last: Moment, error: EarshotError | None, *, leave: bool) -> None:
            super().__init__()
            self.last = last
            self.error = error
            self.leave = leave

    def __init__(
        self, recording: Recording, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._recording = recording
        self._topics = recording.guide.topics if recording.guide else ()
        self._moment = Moment(Doing.STARTING)
        self._widgets = RecordWidgets(Topics(self._topics, id="topics"))
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
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Begin to look."""
        super().on_mount()
        self._page.begin()
        self.set_interval(_LOOK_S, self.look)
        self.look()

    def on_resize(self, event: Resize) -> None:
        """Choose how large things are written, and where the guide stands."""
        self._page.fit(event.size.width, event.size.height)
        self.call_after_refresh(self.look)

    def refresh_study(self) -> None:
        """Read nothing: the study is the recorder's now."""

    def chosen(self) -> Summary | None:
        """Return nothing: no other work is begun from here."""
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what there is: so many speakers, a guide, an end."""
        is_over = self._page.is_ending or self._moment.doing is Doing.ENDED
        if action == "close":
            return is_over and not self._page.is_ending
        if action == "speaker":
            number = parameters[0] if parameters else 1
            return isinstance(number, int) and number <= len(self._recording.speakers)
        if action in {"next_topic", "topics"}:
            return bool(self._topics) and not is_over
        if action in {"pause", "marker", "note", "off_record", "distress", "end"}:
            return not is_over
        return super().check_action(action, parameters)

    def look(self) -> None:
        """Look at the recording, and show what is new."""
        before, self._moment = self._moment, self._recording.session.moment()
        self._page.show(self._moment)
        if before.doing is not self._moment.doing:
            self.refresh_bindings()

    def action_pause(self) -> None:
        """Pause, or go on from whatever kept the sound away."""
        session = self._recording.session
        if self._recording.session.moment().doing in GONE:
            session.resume()
        else:
            session.pause()
        self.look()

    def action_off_record(self) -> None:
        """Go off the record, or back on it."""
        session = self._recording.session
        if session.moment().doing is Doing.OFF_RECORD:
            session.resume()
        else:
            session.off_record()
        self.look()

    def action_distress(self) -> None:
        """Pause at once; nothing is asked first."""
        self._recording.session.distress()
        self._page.is_distress = True
        self.look()

    def action_marker(self) -> None:
        """Mark this moment."""
        self._recording.session.marker()
        self.look()

    def action_note(self) -> None:
        """Mark this moment, then let a note be typed to it."""
        session = self._recording.session
        place = session.marker()  # first: what is noted happened now, and typing takes a while
        question = "What happened?"

        def noted(text: str | None) -> None:
            if text:
                session.marker(text, place=place)
                self.look()

        hint = "The moment is marked. Enter adds the note to it, Escape leaves it without one."
        self.ask(Typed(question, hint=hint), noted)
        self.look()

    def action_next_topic(self) -> None:
        """Begin the next topic that is still unasked."""
        moment = self._recording.session.moment()
        number = following(self._topics, moment.topic, moment.asked)
        if number is not None:
            self._recording.session.topic(number)
            self.look()

    def action_topics(self) -> None:
        """Let any topic be chosen."""
        moment = self._recording.session.moment()
        titles = [
            f"{'✓' if number in moment.asked else ' '} {topic.heading}"
            for number, topic in enumerate(self._topics)
        ]

        def begin(number: int | None) -> None:
            if number is not None:
                self._recording.session.topic(number)
                self.look()

        following_one = following(self._topics, moment.topic, moment.asked) or 0
        self.ask(Chosen("Which topic begins?", titles, chosen=following_one), begin)

    def action_speaker(self, number: int) -> None:
        """Note who speaks."""
        self._recording.session.speaker(self._recording.speakers[number - 1])
        self.look()

    def action_end(self) -> None:
        """End the recording, after asking once."""
        self.ask_to_end("Stop the recording and seal it?")

    def ask_to_end(self, question: str, *, leave: bool = False) -> None:
        """Ask whether to end; only y does. ``leave``: close the study afterwards."""
        if self._page.is_ending or isinstance(self.earshot.screen, Asked):
            return

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if wanted:
                self._page.is_ending = True
                self._seal(leave=leave)
                self.look()

        asked = Asked(f"{question} The recording goes on until you press y.")
        asked.add_class("-below")
        self.ask(asked, answered)

    def action_close(self) -> None:
        """Go back to the list, once it is over."""
        self._page.is_ending = True
        self._seal(leave=False)

    @work(thread=True, group="sealing", exit_on_error=False)
    def _seal(self, *, leave: bool) -> None:
        error = None
        session = self._recording.session
        try:
            last = session.stop()
        except EarshotError as problem:
            last, error = session.moment(), problem
        self.post_message(self.Sealed(last, error, leave=leave))

    @on(Sealed)
    def _sealed(self, message: Sealed) -> None:
        """Say what is kept, and go back."""
        further = self.earshot.recording_ended()
        if message.leave:
            self.earshot.exit()
            return
        problem = f"{self.problem(message.error)}\n\n" if message.error else ""
        while self in self.earshot.screen_stack:  # a message may stand in front of it
            self.earshot.pop_screen()
        self.earshot.push_screen(Told(problem + _farewell(self._recording, message.last, further)))


def _farewell(recording: Recording, last: Moment, further: str) -> str:
    lines = [f"{recording.label}: {screen_text.clock(last.sound_s)} recorded and sealed."]
    if last.failure:
        lines.append(last.failure)
    lost = telling.losses(last)
    if lost:
        lines.append(lost)
    return "\n".join([*lines, "", further])
