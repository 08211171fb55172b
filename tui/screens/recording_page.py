"""A recording under way as it is shown, to be read from two metres: its state, and the gauges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from capture.moment import Doing, Moment
from study.screen_text import safe
from tui.recording import Recording
from tui.widgets import telling
from tui.widgets.blocks import Blocks, Scale, width
from tui.widgets.meter import Meter
from tui.widgets.plain import Part, Plain, Steady
from tui.widgets.telling import Standstill
from tui.widgets.topics import Topics

_LEAST_WORD = "● RECORDING"  # where not even this fits large, nothing is
_LEAST_BESIDE = (76, 18)  # columns and lines from which the guide stands beside the gauges
_LEAST_TALL = (120, 30)  # from which the word is written large and not only the time
_LEAST_FOR_KEYS = 5  # lines; below it there is room for the state alone
_LEAST_LARGE = 12  # lines from which anything is written large
_SPEAKERS_IN_SIGHT, _SPEAKERS_BEFORE = 4, 3  # of 48 columns
_LOUD = frozenset({Doing.RECONNECTING, Doing.ENDED})
GONE = frozenset({Doing.PAUSED, Doing.OFF_RECORD})  # nothing is kept, because a person wished it


@dataclass(frozen=True, slots=True)
class RecordWidgets:
    """What stands on the screen, each with the id by which ``app.tcss`` knows it."""

    topics: Topics
    heading: Plain = field(default_factory=lambda: Plain(id="heading", classes="bar"))
    state: Blocks = field(default_factory=lambda: Blocks(id="state"))
    meaning: Plain = field(default_factory=lambda: Steady(id="meaning"))
    faults: Plain = field(default_factory=lambda: Plain(id="faults"))
    time: Blocks = field(default_factory=lambda: Blocks(id="time"))
    meter: Meter = field(default_factory=lambda: Meter(id="meter"))
    disk: Plain = field(default_factory=lambda: Steady(id="disk"))
    speakers: Plain = field(default_factory=lambda: Steady(id="speakers"))
    lost: Plain = field(default_factory=lambda: Steady(id="lost"))
    last: Plain = field(default_factory=lambda: Steady(id="last"))


class _Frame(Protocol):
    """The screen, as what is shown on it needs it."""

    def set_class(self, add: bool, *class_names: str) -> object: ...  # noqa: FBT001 - Textual's


class RecordingPage:
    """Shows a moment of a recording, as large as the window allows."""

    def __init__(
        self,
        recording: Recording,
        widgets: RecordWidgets,
        frame: _Frame,
        clock: Callable[[], float],
    ) -> None:
        self._recording, self._widgets, self._frame = recording, widgets, frame
        self._standstill = Standstill(clock)
        self._is_large = False
        self.is_ending = False  # a person wished it; the last second is being sealed
        self.is_distress = False  # why it is paused

    def begin(self) -> None:
        """Show what stays as it is."""
        device = f"   {self._recording.device}" if self._recording.device else ""
        self._widgets.heading.say((self._recording.label, "bold"), device)
        self._widgets.meter.label(self._recording.channels)

    def fit(self, columns: int, lines: int) -> None:
        """Choose how large things are written, and where the guide stands."""
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
            self._frame.set_class(is_so, name)
        state = Scale.TALL if is_tall else Scale.HALF if is_large else Scale.LINE
        digits = (Scale.TALL if is_beside else Scale.HALF) if is_large else Scale.LINE
        self._widgets.state.fit(state, columns - 2 if is_large else columns)
        self._widgets.time.fit(digits, columns - 2)

    def show(self, moment: Moment) -> None:
        """Show what has changed."""
        on = self._widgets
        banner = telling.SEALING if self.is_ending else telling.banner(moment)
        self._frame.set_class(moment.doing in _LOUD and not self.is_ending, "-alarm")
        here = telling.counted(moment.before_s + moment.sound_s)
        word = banner.word if self._is_large else f"{banner.word} {here}"
        on.state.show(word, f"bold ${banner.look}")
        on.time.show(here, "$quiet" if moment.doing in GONE else "bold")
        self.is_distress = self.is_distress and moment.doing is Doing.PAUSED
        on.meaning.say((self._meaning(moment), f"bold ${banner.look}"))
        self._show_faults(moment)
        self._show_gauges(moment)
        on.topics.show(moment.topic, moment.asked)

    def _meaning(self, moment: Moment) -> str:
        if self.is_ending:
            return "The last second is being sealed."
        why = "Distress or dissent marked. " if self.is_distress else ""
        return why + telling.sentence(moment)

    def _show_faults(self, moment: Moment) -> None:
        sentences = [fault.sentence for fault in moment.faults[:3]]
        still = self._standstill.look(moment)
        if still and not sentences:
            sentences = [still]
        said = "\n".join(f"! {safe(sentence)}" for sentence in sentences)
        if said != self._widgets.faults.said:
            # A new layout: what is wrong takes the room it needs.
            self._widgets.faults.say((said, "bold $wrong"))
            self._frame.set_class(bool(said), "-faulty")

    def _show_gauges(self, moment: Moment) -> None:
        on = self._widgets
        on.meter.show(moment.level_dbfs, moment.peak_dbfs)
        disk = telling.disk(moment)
        asleep = "" if moment.keeps_awake else "   ! keep the lid open"
        on.disk.say((disk, "bold $wrong" if disk.startswith("!") else ""), asleep)
        on.speakers.say(*self._speakers(moment.speaker))
        on.lost.say((telling.losses(moment), "bold $wrong"))
        last = telling.happened(moment.last_mark) if moment.last_mark else ""
        on.last.say((f"✓ {last}" if last else "", "$done"))

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
