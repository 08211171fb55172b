"""Guard a recording: look at its microphone, its writing and its disk, and act on what is wrong.

A microphone that is gone, or has given nothing for long, is cut off and opened again; what the
watchdog finds is marked in the recording. Nothing here waits for a device or a disk: those are
asked beside everything else.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from capture.asking import Asking
from capture.clocks import Clocks
from capture.line import Line
from capture.moment import Fault
from capture.recorder import Recorder
from capture.watchdog import SLEPT, Found, Seen, Watchdog
from study.store import Study
from study.terms import MarkKind, SoundFormat

GONE = "the microphone is gone"
_ASK_DISK_S, _ASK_SOURCE_S = 2.0, 5.0
_STILL_S = 1.0  # a source that gave its last longer ago than this had stopped before the end


class Guard:
    """``look`` some times a second, on one thread at a time; ``close`` before the end.

    disk_left_s: how much more sound fits. is_cut: whether there is no sound because of the
    microphone, and ``cut_s`` since when.
    """

    def __init__(
        self, study: Study, recorder: Recorder, line: Line, form: SoundFormat, clocks: Clocks, *,
        planned_s: float | None = None,
    ) -> None:  # fmt: skip
        self.is_cut = False
        self.cut_s = 0.0
        self._recorder = recorder
        self._intake = recorder.intake
        self._line = line
        self._clocks = clocks
        self._rate = form.rate
        self._given_at_cut = 0
        self._dog = Watchdog(form.rate, planned_s=planned_s)
        room = _room(study, form)
        self._disk = Asking(room, _ASK_DISK_S, room())
        self._name = Asking(self._listened_to, _ASK_SOURCE_S, "")

    @property
    def disk_left_s(self) -> float:
        """How much more sound of this format fits on the study's disk, in seconds."""
        return self._disk.answer

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong now, worst first."""
        if not self.is_cut:
            return self._dog.faults
        why = self._line.trouble or "The microphone is gone."
        gone = Fault(MarkKind.GAP, f"{why} Earshot keeps trying to open it.", is_loud=True)
        return (gone, *self._dog.faults)

    def look(self, *, is_aside: bool) -> None:
        """Look around once. is_aside: whether a person has set aside what comes now."""
        if self.is_cut:
            has_come = self._intake.came.given != self._given_at_cut
            self.is_cut = self._line.source is None or not has_come
        self._line.look(self._intake.mouth)
        seen = self._seen(is_aside)
        self._mark(self._dog.look(seen))
        if self._line.source is not None and not self._line.is_alive:
            self._cut(seen, SLEPT if self._dog.has_slept else GONE)
        elif self._line.source is not None and self._dog.has_given_up(seen):
            self._cut(seen, self._dog.why)

    def close(self, *, is_aside: bool) -> None:
        """Mark the ends of what lasts until the recording is stopped."""
        seen = self._seen(is_aside)
        self._mark(self._dog.close(seen))
        if seen.still_s > _STILL_S and not self.is_cut:
            self._intake.cut(seen.came.at_s, self._dog.why)

    def _cut(self, seen: Seen, reason: str) -> None:
        """End the stretch where the source gave its last, and look for it again."""
        self._mark(self._dog.close(seen))
        came = self._intake.came
        if not self.is_cut:
            self.cut_s, self._given_at_cut = came.at_s, came.given
        self.is_cut = True
        self._intake.cut(self.cut_s, reason)
        self._line.lose(self._intake.mouth)

    def _seen(self, is_aside: bool) -> Seen:  # noqa: FBT001 - its only option
        tally, came, meter = self._recorder.tally(), self._intake.came, self._recorder.meter
        now_s, source = self._clocks.now(), self._line.source
        return Seen(
            now_s=now_s,
            awake_s=self._clocks.awake(),
            wall_s=self._clocks.wall(),
            came=came,
            still_s=now_s - max(came.at_s, self._line.since_s),
            heard=tally.heard,
            zeros=meter.zeros,
            clipped=meter.clipped,
            overflows=source.overflows if source is not None else 0,
            queued_s=tally.queued / self._rate,
            queue_s=self._intake.room / self._rate,
            dropped_s=self._intake.dropped / self._rate,
            source=self._name.look(now_s),
            disk_left_s=self._disk.look(now_s),
            is_aside=is_aside,
            is_cut=self.is_cut,
        )

    def _mark(self, found: list[Found]) -> None:
        for one in found:
            self._intake.mark(one.kind, one.note, length_s=one.length_s, place=one.place)

    def _listened_to(self) -> str:
        source = self._line.source
        return source.listens_to() if source is not None else ""


def _room(study: Study, form: SoundFormat) -> Callable[[], float]:
    """Make the question how many seconds of sound fit on the study's disk."""

    def left_s() -> float:
        disk = os.statvfs(study.folder)
        return disk.f_bavail * disk.f_frsize / (form.rate * form.frame_bytes)

    return left_s
