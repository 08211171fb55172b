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
from study.screen_text import safe
from tui.commands import Place, bindings
from tui.recording import Recording
from tui.screens.asking import Chosen, Typed
from tui.screens.dialog import Asked, Told
from tui.screens.place import PlaceScreen
from tui.widgets import telling, wording
from tui.widgets.blocks import Blocks, Scale, width
from tui.widgets.keys import KeyLine
from tui.widgets.meter import Meter
from tui.widgets.plain import Part, Plain, Steady
from tui.widgets.telling import Standstill
from tui.widgets.topics import Topics, following
from tui.widgets.working import WorkLine

_LOOK_S = 0.125  # eight times a second: a level that follows the voice, at little cost
_LEAST_WORD = "● RECORDING"  # where not even this fits large, nothing is
_LEAST_BESIDE = (76, 18)  # columns and lines from which the guide stands beside the gauges
_LEAST_TALL = (120, 30)  # from which the word is written large and not only the time
_LEAST_FOR_KEYS = 5  # lines; below it there is room for the state alone
_LEAST_LARGE = 12  # lines from which anything is written large
_SPEAKERS_IN_SIGHT, _SPEAKERS_BEFORE = 4, 3  # of 48 columns
_LOUD = frozenset({Doing.RECONNECTING, Doing.ENDED})
_GONE = frozenset({Doing.PAUSED, Doing.OFF_RECORD})


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
        self._is_ending = self._is_large = self._is_distress = False
        self._standstill = Standstill(clock)
        self._asked_for_a_note = False

    def compose(self) -> ComposeResult:
        """Lay out the state, what is wrong, the gauges and the guide, and the keys."""
        yield Plain(id="heading", classes="bar")
        yield Blocks(id="state")
        yield Steady(id="meaning")
        yield Plain(id="faults")
        with Horizontal(id="desk"):
            with Vertical(id="gauges"):
                yield Blocks(id="time")
                yield Meter(id="meter")
                yield Steady(id="disk")
                yield Steady(id="speakers")
                yield Steady(id="lost")
                yield Steady(id="last")
            yield Topics(self._topics, id="topics")
        yield WorkLine(id="work")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Begin to look."""
        super().on_mount()
        with_device = f"   {self._recording.device}" if self._recording.device else ""
        heading = self.query_one("#heading", Plain)
        heading.say((self._recording.label, "bold"), with_device)
        self.query_one(Meter).label(self._recording.channels)
        self.set_interval(_LOOK_S, self.look)
        self.look()

    def on_resize(self, event: Resize) -> None:
        """Choose how large things are written, and where the guide stands."""
        columns, lines = event.size.width, event.size.height
        is_beside = columns >= _LEAST_BESIDE[0] and lines >= _LEAST_BESIDE[1]
        is_large = lines >= _LEAST_LARGE and columns >= width(_LEAST_WORD, Scale.HALF) + 2
        is_tall = columns >= _LEAST_TALL[0] and lines >= _LEAST_TALL[1]
        self._is_large = is_large
        for name, is_so in (
            ("-beside", is_beside),
            ("-plain", not is_large),
            ("-airy", is_tall),
            ("-least", lines < _LEAST_FOR_KEYS),
        ):
            self.set_class(is_so, name)
        state = Scale.TALL if is_tall else Scale.HALF if is_large else Scale.LINE
        digits = (Scale.TALL if is_beside else Scale.HALF) if is_large else Scale.LINE
        self.query_one("#state", Blocks).fit(state, columns - 2 if is_large else columns)
        self.query_one("#time", Blocks).fit(digits, columns - 2)
        self.call_after_refresh(self.look)

    def refresh_study(self) -> None:
        """Read nothing: the study is the recorder's now."""

    def chosen(self) -> Summary | None:
        """Return nothing: no other work is begun from here."""
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what there is: so many speakers, a guide, an end."""
        is_over = self._is_ending or self._moment.doing is Doing.ENDED
        if action == "close":
            return is_over and not self._is_ending
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
        self._show(self._moment)
        if before.doing is not self._moment.doing:
            self.refresh_bindings()

    def action_pause(self) -> None:
        """Pause, or go on from whatever kept the sound away."""
        session = self._recording.session
        if self._recording.session.moment().doing in _GONE:
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
        self._is_distress = True
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
        if self._is_ending or isinstance(self.earshot.screen, Asked):
            return

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if wanted:
                self._is_ending = True
                self._seal(leave=leave)
                self.look()

        asked = Asked(f"{question} The recording goes on until you press y.")
        asked.add_class("-below")
        self.ask(asked, answered)

    def action_close(self) -> None:
        """Go back to the list, once it is over."""
        self._is_ending = True
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
        problem = f"{wording.problem(message.error)}\n\n" if message.error else ""
        while self in self.earshot.screen_stack:  # a message may stand in front of it
            self.earshot.pop_screen()
        self.earshot.push_screen(Told(problem + _farewell(self._recording, message.last, further)))

    def _show(self, moment: Moment) -> None:
        banner = telling.SEALING if self._is_ending else telling.banner(moment)
        self.set_class(moment.doing in _LOUD and not self._is_ending, "-alarm")
        here = telling.counted(moment.before_s + moment.sound_s)
        state, digits = self.query_one("#state", Blocks), self.query_one("#time", Blocks)
        word = banner.word if self._is_large else f"{banner.word} {here}"
        state.show(word, f"bold ${banner.look}")
        look = "$quiet" if moment.doing in _GONE else "bold"
        digits.show(here, look)
        self._is_distress = self._is_distress and moment.doing is Doing.PAUSED
        self.query_one("#meaning", Steady).say((self._meaning(moment), f"bold ${banner.look}"))
        self._show_faults(moment)
        self._show_gauges(moment)
        self.query_one(Topics).show(moment.topic, moment.asked)

    def _meaning(self, moment: Moment) -> str:
        if self._is_ending:
            return "The last second is being sealed."
        why = "Distress or dissent marked. " if self._is_distress else ""
        return why + telling.sentence(moment)

    def _show_faults(self, moment: Moment) -> None:
        faults = self.query_one("#faults", Plain)
        sentences = [fault.sentence for fault in moment.faults[:3]]
        still = self._standstill.look(moment)
        if still and not sentences:
            sentences = [still]
        told = "\n".join(f"! {safe(sentence)}" for sentence in sentences)
        if told != faults.said:
            faults.say((told, "bold $wrong"))  # a new layout: what is wrong takes the room it needs
            self.set_class(bool(told), "-faulty")

    def _show_gauges(self, moment: Moment) -> None:
        self.query_one(Meter).show(moment.level_dbfs, moment.peak_dbfs)
        disk = telling.disk(moment)
        asleep = "" if moment.keeps_awake else "   ! keep the lid open"
        look = "bold $wrong" if disk.startswith("!") else ""
        self.query_one("#disk", Steady).say((disk, look), asleep)
        self.query_one("#speakers", Steady).say(*self._speakers(moment.speaker))
        self.query_one("#lost", Steady).say((telling.losses(moment), "bold $wrong"))
        last = telling.happened(moment.last_mark) if moment.last_mark else ""
        self.query_one("#last", Steady).say((f"✓ {last}" if last else "", "$done"))

    def _speakers(self, speaking: str) -> list[Part]:
        if not self._recording.speakers:
            return []
        parts: list[Part] = ["Speaks: "]
        known = list(enumerate(self._recording.speakers[:9], 1))
        here = next((n for n, code in known if code == speaking), 1)
        first = max(0, here - _SPEAKERS_BEFORE) if len(known) > _SPEAKERS_IN_SIGHT else 0
        for number, code in known[first:]:  # who speaks is in sight, however many there are
            is_now = code == speaking
            shown = f"▸{number} {safe(code)}◂" if is_now else f" {number} {safe(code)} "
            parts.append((shown, "bold $open" if is_now else ""))
        return parts


def _farewell(recording: Recording, last: Moment, further: str) -> str:
    lines = [f"{recording.label}: {screen_text.clock(last.sound_s)} recorded and sealed."]
    if last.failure:
        lines.append(last.failure)
    lost = telling.losses(last)
    if lost:
        lines.append(lost)
    return "\n".join([*lines, "", further])
