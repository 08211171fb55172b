"""What is wrong with a recording, judged from counters and clocks alone.

PortAudio's own flags caught none of the faults they were tried on. Each fault here has a beginning
and an end, one sentence while it lasts, and one mark in the recording when it is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from capture.lag import Came, Jump, Lag
from capture.moment import Fault
from study.events import lasting
from study.terms import MarkKind

# Where no reason is given, the number is our choice and not measured.
_LATE_S, _STOPPED_S = 1.0, 3.0  # a healthy device calls back many times a second
_GIVEN_UP_S = 10.0  # a frozen server has been seen to come back within 5, with all of its sound
_MUTED_S = 2.0  # a real room is never exactly zero, even for a moment
_CLIPPED = 0.001  # of the samples of 3 s: some 50 a second at 48 kHz, which can be heard
_LOW_S, _VERY_LOW_S = 30 * 60, 10 * 60  # room on the disk
_CLOCK_S, _SLEEP_S = 2.0, 1.0  # what is less is a clock being set right, and reading two of them
_SHOWN_S = 30.0  # for how long what is over is still shown
_SETTLED_S = 4.0  # after which a source that had stopped has given all that it held back

FROZEN = "the microphone gave nothing"
SLEPT = "the computer slept"
DRIVER = "the sound driver lost sound"
MISSING = "sound is missing"
CAUGHT_UP = "the microphone gave nothing for a while, then all of it"


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to see at one moment; frames are counted over the whole recording.

    now_s, awake_s, wall_s: see ``Clocks``. still_s: since sound came, or could have come first.
    heard: frames that are kept and were looked at. zeros, clipped: see ``Meter``. overflows: of
    the source of now. source: what it listens to, empty where that is not known.
    """

    now_s: float
    awake_s: float
    wall_s: float
    came: Came
    still_s: float
    heard: int
    zeros: int
    clipped: float
    overflows: int
    queued_s: float
    queue_s: float
    dropped_s: float
    source: str
    disk_left_s: float
    is_aside: bool
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A mark to be made; ``place`` in frames of the whole recording."""

    kind: MarkKind
    place: int
    note: str = ""
    length_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A rule that is broken now. ``marks``: the mark it leaves, once it is over."""

    rule: str
    fault: Fault
    marks: MarkKind | None = None
    for_s: float = 0.0
    frames: int = 0


@dataclass(frozen=True, slots=True)
class _Spell:
    """How long a rule has been broken."""

    began_s: float
    place: int
    wrong: _Wrong


@dataclass(frozen=True, slots=True)
class _Settling:
    """Sound may be missing here: ``until_s`` it is seen whether it is."""

    until_s: float
    place: int
    why: str


class Watchdog:
    """Looks again and again. ``faults`` are those of now, worst first."""

    def __init__(self, rate: int, *, planned_s: float | None = None) -> None:
        """Begin. planned_s: how long the recording is to be, against the room on the disk."""
        self.faults: tuple[Fault, ...] = ()
        self._rate = rate
        self._planned_s = planned_s
        self._lag = Lag(rate)
        self._spells: dict[str, _Spell] = {}
        self._before: Seen | None = None
        self._first_source = self._source = ""
        self._was_aside = False
        self._slept_s = 0.0  # since a block came
        self._told: dict[str, tuple[float, Fault]] = {}  # what is over and still shown, until when
        self._settling: _Settling | None = None

    def look(self, seen: Seen) -> list[Found]:
        """Judge, and return the marks to be made now."""
        before = self._before or seen
        found = [*self._clocks(seen, before), *self._sources(seen)]
        if not seen.is_cut:
            found += self._frames(seen, self._lag.look(seen.came))
        wrong = [*self._stopped(seen), *self._disk(seen, before), *self._sound(seen, before)]
        found += self._over(seen, {one.rule for one in wrong})
        for one in wrong:
            began_s = seen.now_s - one.for_s
            spell = self._spells.get(one.rule) or _Spell(began_s, seen.heard - one.frames, one)
            self._spells[one.rule] = _Spell(spell.began_s, spell.place, one)
        self._told = {k: v for k, v in self._told.items() if v[0] > seen.now_s}
        shown = [one.fault for one in wrong] + [fault for _, fault in self._told.values()]
        self.faults = tuple(sorted(shown, key=lambda fault: not fault.is_loud))
        self._before = seen
        return found

    def close(self, seen: Seen) -> list[Found]:
        """End what a lost microphone or a stop ends, and begin anew."""
        found = self._frames(seen, self._lag.settle())
        found += self._over(seen, set())
        self._lag.restart()
        self._settling = None
        self.faults = ()
        return found

    def has_given_up(self, seen: Seen) -> bool:
        """Whether the source has been still for so long that it is to be opened again."""
        return seen.still_s - self._slept_s > _GIVEN_UP_S

    @property
    def has_slept(self) -> bool:
        """Whether the computer slept just now."""
        return "slept" in self._told

    @property
    def why(self) -> str:
        """Why sound is missing now, as far as can be told."""
        return SLEPT if self.has_slept else FROZEN

    def _clocks(self, seen: Seen, before: Seen) -> Iterator[Found]:
        """See that the computer slept, and that its time of day was changed."""
        passed_s = seen.now_s - before.now_s
        slept_s = passed_s - (seen.awake_s - before.awake_s)
        if seen.came.given != before.came.given:
            self._slept_s = 0.0
        if slept_s > _SLEEP_S:
            self._slept_s += slept_s
            words = f"The computer slept for {lasting(slept_s)}: nothing was recorded meanwhile."
            self._show("slept", seen, Fault(MarkKind.GAP, words))
        turned_s = seen.wall_s - before.wall_s - passed_s
        if abs(turned_s) > _CLOCK_S:
            way = "forward" if turned_s > 0 else "back"
            note = f"{way} by {lasting(abs(turned_s))}"
            words = f"The computer's clock went {note}. The recording's own times stay true."
            self._show("clock", seen, Fault(MarkKind.CLOCK, words))
            yield Found(MarkKind.CLOCK, seen.heard, note)

    def _sources(self, seen: Seen) -> Iterator[Found]:
        """See that the sound comes from elsewhere than it did."""
        self._first_source = self._first_source or seen.source
        if seen.source and self._source and seen.source != self._source:
            yield Found(MarkKind.SOURCE, seen.heard, seen.source)
        self._source = seen.source or self._source

    def _frames(self, seen: Seen, jump: Jump | None) -> list[Found]:
        """Tell of sound that is missing, or that a source which had stopped has caught up."""
        was_aside, self._was_aside = self._was_aside, seen.is_aside
        if jump is not None:
            note, self._settling = self._reason(), None
            words = f"{jump.length_s:.1f} s of sound are missing: {note}."
            self._show("gap", seen, Fault(MarkKind.GAP, words))
            return [] if was_aside else [Found(MarkKind.GAP, jump.place, note, jump.length_s)]
        over = self._settling
        if over is None or seen.now_s <= over.until_s:
            return []
        self._settling = None
        return [Found(MarkKind.GAP, over.place, CAUGHT_UP if over.why == FROZEN else over.why)]

    def _reason(self) -> str:
        if self.has_slept:
            return SLEPT
        return self._settling.why if self._settling is not None else MISSING

    def _settle(self, seen: Seen, place: int, why: str) -> None:
        """Wait whether sound is missing: one mark, of the first place, when it is known."""
        place = self._settling.place if self._settling is not None else place
        self._settling = _Settling(seen.now_s + _SETTLED_S, place, why)

    def _stopped(self, seen: Seen) -> Iterator[_Wrong]:
        if seen.is_cut or seen.still_s <= _LATE_S:
            return
        has_stopped = seen.still_s > _STOPPED_S
        words = f"Nothing has come from the microphone for {seen.still_s:.0f} s."
        if has_stopped:
            words = f"Recording has stopped. {words}"
        fault = Fault(MarkKind.GAP, words, is_loud=has_stopped)
        yield _Wrong("stopped" if has_stopped else "late", fault, for_s=seen.still_s)

    def _disk(self, seen: Seen, before: Seen) -> Iterator[_Wrong]:
        if seen.dropped_s > before.dropped_s:
            words = f"{seen.dropped_s:.1f} s of sound were lost: the disk is too slow."
            self._show("lost", seen, Fault(MarkKind.LOST, words, is_loud=True))
        if seen.queued_s > seen.queue_s / 2:
            words = f"The disk is slow: {seen.queued_s:.0f} s of sound wait for it."
            yield _Wrong("slow", Fault(MarkKind.SLOW_DISK, words), MarkKind.SLOW_DISK)
        left_s = seen.disk_left_s
        minutes = int(left_s // 60)
        fits = f"{lasting(60 * minutes) if minutes else 'a minute'} of sound fits on the disk."
        sound_s = seen.heard / self._rate
        if left_s < _VERY_LOW_S:
            yield _Wrong("room", Fault("disk", f"Only {fits}", is_loud=True))
        elif self._planned_s is not None and left_s < self._planned_s - sound_s:
            yield _Wrong("room", Fault("disk", f"Only {fits} That is less than was planned."))
        elif left_s < _LOW_S:
            yield _Wrong("room", Fault("disk", f"Only {fits}"))

    def _sound(self, seen: Seen, before: Seen) -> Iterator[_Wrong]:
        if self._source != self._first_source:
            words = f"Another microphone is being recorded: {self._source}."
            yield _Wrong("source", Fault(MarkKind.SOURCE, words, is_loud=True))
        zeros_s = seen.zeros / self._rate
        is_kept = not (seen.is_aside or seen.is_cut)
        if is_kept and zeros_s > _MUTED_S:
            words = "The microphone is muted or off: it gives exact silence."
            fault = Fault(MarkKind.MUTED, words, is_loud=True)
            yield _Wrong("muted", fault, MarkKind.MUTED, zeros_s, seen.zeros)
        if is_kept and seen.clipped > _CLIPPED:
            words = "Too loud, the sound is clipped: turn the microphone down or move it away."
            yield _Wrong("clipped", Fault(MarkKind.CLIPPED, words), MarkKind.CLIPPED)
        if seen.overflows > before.overflows:
            words = "The sound driver says that it lost sound."
            self._show("overflow", seen, Fault(MarkKind.GAP, words))
            self._settle(seen, seen.heard, DRIVER)

    def _over(self, seen: Seen, still_wrong: set[str]) -> list[Found]:
        """End the spells of rules that are kept again."""
        found: list[Found] = []
        for rule in [*self._spells]:
            if rule in still_wrong:
                continue
            spell = self._spells.pop(rule)
            if rule == "stopped" and not seen.is_cut:
                self._settle(seen, spell.place, FROZEN)
            if spell.wrong.marks is not None:
                length_s = seen.now_s - spell.began_s
                found.append(Found(spell.wrong.marks, spell.place, length_s=length_s))
        return found

    def _show(self, rule: str, seen: Seen, fault: Fault) -> None:
        self._told[rule] = (seen.now_s + _SHOWN_S, fault)
