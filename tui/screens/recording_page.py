"""The page of a running recording, legible from two metres: its state, and the gauges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from app import (
    SEALING,
    OngoingRecording,
    StandstillWatch,
    choose_banner,
    describe_disk,
    describe_losses,
    describe_mark,
    format_elapsed,
    is_fault_mark,
)
from capture import RecordingPhase, RecordingStatus
from study import sanitise_text
from tui.widgets.block_letters import BlockLetters, LetterScale, measure_letters
from tui.widgets.level_bars import LevelBars
from tui.widgets.recording_text import describe_status
from tui.widgets.safe_text import SafeText, SteadyText, TextPart
from tui.widgets.topic_list import TopicList

_LEAST_WORD = "● RECORDING"  # where not even this fits large, nothing is
_LEAST_BESIDE = (76, 18)  # columns and lines from which the guide stands beside the gauges
_LEAST_TALL = (120, 30)  # from which the word is written large and not only the time
_LEAST_FOR_KEYS = 5  # lines; below it there is room for the state alone
_LEAST_LARGE = 12  # lines from which anything is written large
_SPEAKERS_IN_SIGHT, _SPEAKERS_BEFORE = 4, 3  # of 48 columns
_LOUD = frozenset({RecordingPhase.RECONNECTING, RecordingPhase.ENDED})
GONE = frozenset(
    {RecordingPhase.PAUSED, RecordingPhase.OFF_RECORD}
)  # nothing is kept, because a person wished it


@dataclass(frozen=True, slots=True)
class RecordingWidgets:
    """The widgets of the screen, each with the id by which ``app.tcss`` styles it."""

    topics: TopicList
    heading: SafeText = field(default_factory=lambda: SafeText(id="heading", classes="bar"))
    state: BlockLetters = field(default_factory=lambda: BlockLetters(id="state"))
    meaning: SafeText = field(default_factory=lambda: SteadyText(id="meaning"))
    faults: SafeText = field(default_factory=lambda: SafeText(id="faults"))
    time: BlockLetters = field(default_factory=lambda: BlockLetters(id="time"))
    meter: LevelBars = field(default_factory=lambda: LevelBars(id="meter"))
    disk: SafeText = field(default_factory=lambda: SteadyText(id="disk"))
    speakers: SafeText = field(default_factory=lambda: SteadyText(id="speakers"))
    lost: SafeText = field(default_factory=lambda: SteadyText(id="lost"))
    last: SafeText = field(default_factory=lambda: SteadyText(id="last"))


class _Frame(Protocol):
    """The few methods of the screen that the page calls."""

    def set_class(self, add: bool, *class_names: str) -> object: ...  # noqa: FBT001 - Textual's


class RecordingPage:
    """Shows the status of a recording, in letters as large as the window allows."""

    def __init__(
        self,
        recording: OngoingRecording,
        widgets: RecordingWidgets,
        frame: _Frame,
        clock: Callable[[], float],
    ) -> None:
        self._recording, self._widgets, self._frame = recording, widgets, frame
        self._standstill = StandstillWatch(clock)
        self._is_large = False
        self.is_ending = False  # a person wished it; the last second is being sealed
        self.is_distress = False  # why it is paused

    def begin(self) -> None:
        """Show the heading and the names of the channels, which do not change."""
        device = f"   {self._recording.device}" if self._recording.device else ""
        self._widgets.heading.say((self._recording.label, "bold"), device)
        self._widgets.meter.set_channels(self._recording.channels)

    def fit(self, columns: int, lines: int) -> None:
        """Choose how large things are written, and where the guide stands."""
        is_beside = columns >= _LEAST_BESIDE[0] and lines >= _LEAST_BESIDE[1]
        is_large = (
            lines >= _LEAST_LARGE and columns >= measure_letters(_LEAST_WORD, LetterScale.HALF) + 2
        )
        is_tall = columns >= _LEAST_TALL[0] and lines >= _LEAST_TALL[1]
        self._is_large = is_large
        for name, is_so in (
            ("-beside", is_beside),
            ("-plain", not is_large),
            ("-airy", is_tall),
            ("-least", lines < _LEAST_FOR_KEYS),
        ):
            self._frame.set_class(is_so, name)
        state = LetterScale.TALL if is_tall else LetterScale.HALF if is_large else LetterScale.LINE
        digits = (
            (LetterScale.TALL if is_beside else LetterScale.HALF) if is_large else LetterScale.LINE
        )
        self._widgets.state.fit(state, columns - 2 if is_large else columns)
        self._widgets.time.fit(digits, columns - 2)

    def show(self, moment: RecordingStatus) -> None:
        """Show what has changed."""
        on = self._widgets
        banner = SEALING if self.is_ending else choose_banner(moment)
        self._frame.set_class(moment.doing in _LOUD and not self.is_ending, "-alarm")
        here = format_elapsed(moment.before_s + moment.sound_s)
        word = banner.word if self._is_large else f"{banner.word} {here}"
        on.state.show(word, f"bold ${banner.look}")
        on.time.show(here, "$quiet" if moment.doing in GONE else "bold")
        self.is_distress = self.is_distress and moment.doing is RecordingPhase.PAUSED
        is_kept = moment.doing is RecordingPhase.RECORDING and not moment.faults
        look = "done" if is_kept and not self.is_ending else banner.look
        on.meaning.say((self._meaning(moment), f"bold ${look}"))
        self._show_faults(moment)
        self._show_gauges(moment)
        on.topics.show(moment.topic, moment.asked)

    def _meaning(self, moment: RecordingStatus) -> str:
        if self.is_ending:
            return "Saving the last second."
        why = "For the participant. " if self.is_distress else ""
        return why + describe_status(moment)

    def _show_faults(self, moment: RecordingStatus) -> None:
        sentences = [fault.sentence for fault in moment.faults[:3]]
        still = self._standstill.check_progress(moment)
        if still and not sentences:
            sentences = [still]
        said = "\n".join(f"! {sanitise_text(sentence)}" for sentence in sentences)
        if said != self._widgets.faults.said:
            # A new layout: what is wrong takes the room it needs.
            self._widgets.faults.say((said, "bold $wrong"))
            self._frame.set_class(bool(said), "-faulty")

    def _show_gauges(self, moment: RecordingStatus) -> None:
        on = self._widgets
        on.meter.show_levels(moment.level_dbfs, moment.peak_dbfs)
        disk = describe_disk(moment)
        asleep = "" if moment.keeps_awake else "   ! keep the lid open"
        on.disk.say((disk, "bold $wrong" if disk.startswith("!") else ""), asleep)
        on.speakers.say(*self._speakers(moment.speaker))
        on.lost.say((describe_losses(moment), "bold $wrong"))
        last = describe_mark(moment.last_mark) if moment.last_mark else ""
        is_fault = moment.last_mark is not None and is_fault_mark(moment.last_mark)
        sign, look = ("!", "$wrong") if is_fault else ("✓", "$done")
        on.last.say((f"{sign} {last}" if last else "", look))

    def _speakers(self, speaking: str) -> list[TextPart]:
        if not self._recording.speakers:
            return []
        parts: list[TextPart] = ["Speaks: "]
        known = list(enumerate(self._recording.speakers[:9], 1))
        here = next((n for n, code in known if code == speaking), 1)
        first = max(0, here - _SPEAKERS_BEFORE) if len(known) > _SPEAKERS_IN_SIGHT else 0
        for number, code in known[first:]:  # who speaks is in sight, however many there are
            is_now = code == speaking
            shown = (
                f"▸{number} {sanitise_text(code)}◂"
                if is_now
                else f" {number} {sanitise_text(code)} "
            )
            parts.append((shown, "bold $open" if is_now else ""))
        return parts
