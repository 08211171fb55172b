"""Judge from counters and clocks alone which faults a recording has.

PortAudio's own flags caught none of the faults they were tried on. Each fault here has a beginning
and an end, one sentence while it lasts, and one mark in the recording when it is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from capture.clock_lag import LagDetector, MissingSound, NewestBlock
from capture.recording_status import RecordingFault
from study import MarkKind, format_duration

# Where no reason is given, the number is our choice and not measured.
_LATE_S, _STOPPED_S = 1.0, 3.0  # a healthy device calls back many times a second
_GIVEN_UP_S = 10.0  # a frozen server has been seen to come back within 5, with all of its sound
_MUTED_S = 2.0  # a real room is never exactly zero, even for a moment
_CLIPPED = 0.001  # of the samples of 3 s: some 50 a second at 48 kHz, which can be heard
_LOW_S, _VERY_LOW_S = 30 * 60, 10 * 60  # room on the disk
# Smaller differences come from a clock set right, or from reading two clocks in turn.
_CLOCK_S, _SLEEP_S = 2.0, 1.0
_SHOWN_S = 30.0  # for how long a fault that is over is still shown
_SETTLED_S = 4.0  # after this a source that had stopped has given all its buffered sound

MICROPHONE_FROZE = "the microphone gave nothing"
COMPUTER_SLEPT = "the computer slept"
DRIVER_LOST_SOUND = "the sound driver lost sound"
SOUND_MISSING = "the reason is not known"
MICROPHONE_CAUGHT_UP = "the microphone gave nothing for a while, then all of it"


@dataclass(frozen=True, slots=True)
class RecordingSnapshot:
    """The counters and clocks of one moment; frames are counted over the whole recording.

    now_s, awake_s, wall_s: see ``RecordingClocks``. still_s: since the last sound, or since the
    source started. heard: frames kept and measured. zeros, clipped: see ``LevelMeter``. overflows:
    of the present source. source: the device that it records, empty if unknown.
    """

    now_s: float
    awake_s: float
    wall_s: float
    newest_block: NewestBlock
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
class MarkToMake:
    """A mark to write; ``place`` in frames of the whole recording."""

    kind: MarkKind
    place: int
    note: str = ""
    length_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _BrokenRule:
    """A rule that is broken now. ``marks``: the kind of mark that it leaves when it is over."""

    rule: str
    fault: RecordingFault
    marks: MarkKind | None = None
    for_s: float = 0.0
    frames: int = 0


@dataclass(frozen=True, slots=True)
class _Spell:
    """How long a rule has been broken."""

    began_s: float
    place: int
    wrong: _BrokenRule


@dataclass(frozen=True, slots=True)
class _Settling:
    """Sound may be missing at ``place``; at ``until_s`` it is certain whether it is."""

    until_s: float
    place: int
    why: str


class Watchdog:
    """Judges one snapshot after another. ``faults`` are the present ones, worst first."""

    def __init__(self, rate: int, *, planned_s: float | None = None) -> None:
        """Begin. planned_s: the planned length, compared with the room on the disk."""
        self.faults: tuple[RecordingFault, ...] = ()
        self._rate = rate
        self._planned_s = planned_s
        self._lag = LagDetector(rate)
        self._spells: dict[str, _Spell] = {}
        self._before: RecordingSnapshot | None = None
        self._first_source = self._source = ""
        self._was_aside = False
        self._slept_s = 0.0  # since a block came
        # Faults that are over and still shown, and until when.
        self._shown: dict[str, tuple[float, RecordingFault]] = {}
        self._settling: _Settling | None = None

    def judge(self, seen: RecordingSnapshot) -> list[MarkToMake]:
        """Judge a snapshot, set ``faults``, and return the marks to write now."""
        before = self._before or seen
        found = [*self._clocks(seen, before), *self._sources(seen)]
        if not seen.is_cut:
            found += self._frames(seen, self._lag.take_block(seen.newest_block))
        wrong = [*self._stopped(seen), *self._disk(seen, before), *self._sound(seen, before)]
        found += self._over(seen, {broken.rule for broken in wrong})
        for broken in wrong:
            began_s, place = seen.now_s - broken.for_s, seen.heard - broken.frames
            spell = self._spells.get(broken.rule) or _Spell(began_s, place, broken)
            self._spells[broken.rule] = _Spell(spell.began_s, spell.place, broken)
        self._shown = {k: v for k, v in self._shown.items() if v[0] > seen.now_s}
        shown = [broken.fault for broken in wrong] + [fault for _, fault in self._shown.values()]
        self.faults = tuple(sorted(shown, key=lambda fault: not fault.is_loud))
        self._before = seen
        return found

    def close(self, seen: RecordingSnapshot) -> list[MarkToMake]:
        """End all faults when the source was lost or the recording stops; return their marks."""
        found = self._frames(seen, self._lag.conclude())
        found += self._over(seen, set())
        self._lag.restart()
        self._settling = None
        self.faults = ()
        return found

    def has_given_up(self, seen: RecordingSnapshot) -> bool:
        """Whether the source has given nothing for so long that it should be opened again."""
        return seen.still_s - self._slept_s > _GIVEN_UP_S

    @property
    def has_slept(self) -> bool:
        """Whether the computer slept just now."""
        return "slept" in self._shown

    @property
    def missing_reason(self) -> str:
        """The likely reason for sound that is missing now."""
        return COMPUTER_SLEPT if self.has_slept else MICROPHONE_FROZE

    def _clocks(self, seen: RecordingSnapshot, before: RecordingSnapshot) -> Iterator[MarkToMake]:
        """Notice that the computer slept, or that its time of day was changed."""
        passed_s = seen.now_s - before.now_s
        slept_s = passed_s - (seen.awake_s - before.awake_s)
        if seen.newest_block.frames_received != before.newest_block.frames_received:
            self._slept_s = 0.0
        if slept_s > _SLEEP_S:
            self._slept_s += slept_s
            slept = format_duration(slept_s)
            words = f"The computer slept for {slept}: nothing was recorded meanwhile."
            self._show("slept", seen, RecordingFault(MarkKind.GAP, words))
        turned_s = seen.wall_s - before.wall_s - passed_s
        if abs(turned_s) > _CLOCK_S:
            way = "forward" if turned_s > 0 else "back"
            note = f"{way} by {format_duration(abs(turned_s))}"
            words = f"The computer's clock went {note}. The recording's own times stay true."
            self._show("clock", seen, RecordingFault(MarkKind.CLOCK, words))
            yield MarkToMake(MarkKind.CLOCK, seen.heard, note)

    def _sources(self, seen: RecordingSnapshot) -> Iterator[MarkToMake]:
        """Notice that the sound comes from another source."""
        self._first_source = self._first_source or seen.source
        if seen.source and self._source and seen.source != self._source:
            yield MarkToMake(MarkKind.SOURCE, seen.heard, seen.source)
        self._source = seen.source or self._source

    def _frames(self, seen: RecordingSnapshot, jump: MissingSound | None) -> list[MarkToMake]:
        """Return marks for missing sound, or for a source that stopped and has caught up."""
        was_aside, self._was_aside = self._was_aside, seen.is_aside
        if jump is not None:
            note, self._settling = self._reason(), None
            words = f"{jump.length_s:.1f} s of sound are missing: {note}."
            self._show("gap", seen, RecordingFault(MarkKind.GAP, words))
            return [] if was_aside else [MarkToMake(MarkKind.GAP, jump.place, note, jump.length_s)]
        over = self._settling
        if over is None or seen.now_s <= over.until_s:
            return []
        self._settling = None
        note = MICROPHONE_CAUGHT_UP if over.why == MICROPHONE_FROZE else over.why
        return [MarkToMake(MarkKind.GAP, over.place, note)]

    def _reason(self) -> str:
        if self.has_slept:
            return COMPUTER_SLEPT
        return self._settling.why if self._settling is not None else SOUND_MISSING

    def _settle(self, seen: RecordingSnapshot, place: int, why: str) -> None:
        """Wait until it is certain whether sound is missing; then one mark, at the first place."""
        place = self._settling.place if self._settling is not None else place
        self._settling = _Settling(seen.now_s + _SETTLED_S, place, why)

    def _stopped(self, seen: RecordingSnapshot) -> Iterator[_BrokenRule]:
        if seen.is_cut or seen.still_s <= _LATE_S:
            return
        has_stopped = seen.still_s > _STOPPED_S
        words = f"Nothing has come from the microphone for {seen.still_s:.0f} s."
        if has_stopped:
            words = f"Recording has stopped. {words}"
        fault = RecordingFault(MarkKind.GAP, words, is_loud=has_stopped)
        yield _BrokenRule("stopped" if has_stopped else "late", fault, for_s=seen.still_s)

    def _disk(self, seen: RecordingSnapshot, before: RecordingSnapshot) -> Iterator[_BrokenRule]:
        if seen.dropped_s > before.dropped_s:
            words = f"{seen.dropped_s:.1f} s of sound were lost: the disk is too slow."
            self._show("lost", seen, RecordingFault(MarkKind.LOST, words, is_loud=True))
        if seen.queued_s > seen.queue_s / 2:
            words = f"The disk is slow: {seen.queued_s:.0f} s of sound wait for it."
            yield _BrokenRule("slow", RecordingFault(MarkKind.SLOW_DISK, words), MarkKind.SLOW_DISK)
        left_s = seen.disk_left_s
        minutes = int(left_s // 60)
        fits = (
            f"{format_duration(60 * minutes) if minutes else 'a minute'} of sound fits on the disk."
        )
        sound_s = seen.heard / self._rate
        if left_s < _VERY_LOW_S:
            yield _BrokenRule("room", RecordingFault("disk", f"Only {fits}", is_loud=True))
        elif self._planned_s is not None and left_s < self._planned_s - sound_s:
            yield _BrokenRule(
                "room", RecordingFault("disk", f"Only {fits} That is less than was planned.")
            )
        elif left_s < _LOW_S:
            yield _BrokenRule("room", RecordingFault("disk", f"Only {fits}"))

    def _sound(self, seen: RecordingSnapshot, before: RecordingSnapshot) -> Iterator[_BrokenRule]:
        if self._source != self._first_source:
            words = f"Another microphone is being recorded: {self._source}."
            yield _BrokenRule("source", RecordingFault(MarkKind.SOURCE, words, is_loud=True))
        zeros_s = seen.zeros / self._rate
        is_kept = not (seen.is_aside or seen.is_cut)
        if is_kept and zeros_s > _MUTED_S:
            words = "The microphone is muted or off: it gives exact silence."
            fault = RecordingFault(MarkKind.MUTED, words, is_loud=True)
            yield _BrokenRule("muted", fault, MarkKind.MUTED, zeros_s, seen.zeros)
        if is_kept and seen.clipped > _CLIPPED:
            words = "Too loud, the sound is clipped: turn the microphone down or move it away."
            yield _BrokenRule("clipped", RecordingFault(MarkKind.CLIPPED, words), MarkKind.CLIPPED)
        if seen.overflows > before.overflows:
            words = "The sound driver says that it lost sound."
            self._show("overflow", seen, RecordingFault(MarkKind.GAP, words))
            self._settle(seen, seen.heard, DRIVER_LOST_SOUND)

    def _over(self, seen: RecordingSnapshot, still_wrong: set[str]) -> list[MarkToMake]:
        """End the spells of rules that are no longer broken."""
        found: list[MarkToMake] = []
        for rule in [*self._spells]:
            if rule in still_wrong:
                continue
            spell = self._spells.pop(rule)
            if rule == "stopped" and not seen.is_cut:
                self._settle(seen, spell.place, MICROPHONE_FROZE)
            if spell.wrong.marks is not None:
                length_s = seen.now_s - spell.began_s
                found.append(MarkToMake(spell.wrong.marks, spell.place, length_s=length_s))
        return found

    def _show(self, rule: str, seen: RecordingSnapshot, fault: RecordingFault) -> None:
        self._shown[rule] = (seen.now_s + _SHOWN_S, fault)
