"""Guard a recording: check its microphone, its writing and its disk, and act on faults.

The guard opens a microphone again that is gone or has given nothing for long, and marks what the
watchdog finds in the recording. It never waits for a device or a disk, which are polled in the
background.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable

from capture.clocks import RecordingClocks
from capture.device_connection import DeviceConnection
from capture.polling import Poller
from capture.recorder import Recorder
from capture.recording_status import RecordingFault
from capture.watchdog import COMPUTER_SLEPT, MarkToMake, RecordingSnapshot, Watchdog
from study import MarkKind, SoundFormat
from study.store import Study

MICROPHONE_GONE = "the microphone was gone"
_ASK_DISK_S, _ASK_SOURCE_S = 2.0, 5.0
_STILL_S = 1.0  # a source without a block for this long had stopped before the end


class RecordingGuard:
    """Call ``inspect`` several times a second, one thread at a time, and ``close`` before the end.

    is_cut: whether there is no sound because the microphone was lost. cut_s: since when.
    """

    def __init__(
        self, study: Study, recorder: Recorder, connection: DeviceConnection,
        sound_format: SoundFormat, clocks: RecordingClocks, *, planned_s: float | None = None,
    ) -> None:  # fmt: skip
        self.is_cut = False
        self.cut_s = 0.0
        self._recorder = recorder
        self._intake = recorder.intake
        self._connection = connection
        self._clocks = clocks
        self._rate = sound_format.rate
        self._frames_at_cut = 0
        self._watchdog = Watchdog(sound_format.rate, planned_s=planned_s)
        room = _make_room_question(study, sound_format)
        self._disk = Poller(room, _ASK_DISK_S, room())
        self._name = Poller(self._find_source_name, _ASK_SOURCE_S, "")

    @property
    def disk_left_s(self) -> float:
        """How much more sound of this format fits on the study's disk, in seconds."""
        return self._disk.answer

    @property
    def faults(self) -> tuple[RecordingFault, ...]:
        """The faults of this moment, worst first."""
        if not self.is_cut:
            return self._watchdog.faults
        why = self._connection.trouble or "The microphone is gone."
        gone = RecordingFault(MarkKind.GAP, f"{why} Earshot keeps trying to open it.", is_loud=True)
        return (gone, *self._watchdog.faults)

    def inspect(self, *, is_aside: bool) -> None:
        """Check everything once. is_aside: whether a person paused or went off the record."""
        if self.is_cut:
            has_come = self._intake.came.frames_received != self._frames_at_cut
            self.is_cut = self._connection.source is None or not has_come
        self._connection.retry_when_due(self._intake.open_push)
        seen = self._take_snapshot(is_aside)
        self._mark(self._watchdog.judge(seen))
        if self._connection.source is not None and not self._connection.is_alive:
            self._cut(seen, COMPUTER_SLEPT if self._watchdog.has_slept else MICROPHONE_GONE)
        elif self._connection.source is not None and self._watchdog.has_given_up(seen):
            self._cut(seen, self._watchdog.missing_reason)

    def close(self, *, is_aside: bool) -> None:
        """Mark the faults that last until the recording is stopped."""
        seen = self._take_snapshot(is_aside)
        self._mark(self._watchdog.close(seen))
        if seen.still_s > _STILL_S and not self.is_cut:
            self._intake.cut_source(seen.newest_block.at_s, self._watchdog.missing_reason)

    def _cut(self, seen: RecordingSnapshot, reason: str) -> None:
        """End the stretch at the last sound of the source, and open the source again."""
        self._mark(self._watchdog.close(seen))
        came = self._intake.came
        if not self.is_cut:
            self.cut_s, self._frames_at_cut = came.at_s, came.frames_received
        self.is_cut = True
        self._intake.cut_source(self.cut_s, reason)
        self._connection.reopen(self._intake.open_push)

    def _take_snapshot(self, is_aside: bool) -> RecordingSnapshot:  # noqa: FBT001 - the only option
        tally, came, meter = self._recorder.read_tally(), self._intake.came, self._recorder.meter
        now_s, source = self._clocks.now(), self._connection.source
        return RecordingSnapshot(
            now_s=now_s,
            awake_s=self._clocks.awake(),
            wall_s=self._clocks.wall(),
            newest_block=came,
            still_s=now_s - max(came.at_s, self._connection.since_s),
            heard=tally.heard,
            zeros=meter.zeros,
            clipped=meter.clipped,
            overflows=source.overflows if source is not None else 0,
            queued_s=tally.queued / self._rate,
            queue_s=self._intake.room / self._rate,
            dropped_s=self._intake.dropped / self._rate,
            source=self._name.poll(now_s),
            disk_left_s=self._disk.poll(now_s),
            is_aside=is_aside,
            is_cut=self.is_cut,
        )

    def _mark(self, found: list[MarkToMake]) -> None:
        for mark in found:
            self._intake.mark(mark.kind, mark.note, length_s=mark.length_s, place=mark.place)

    def _find_source_name(self) -> str:
        source = self._connection.source
        return source.listens_to() if source is not None else ""


def _make_room_question(study: Study, form: SoundFormat) -> Callable[[], float]:
    """Return a function that returns how many seconds of sound fit on the study's disk."""

    def left_s() -> float:
        return shutil.disk_usage(study.folder).free / (form.rate * form.frame_bytes)

    return left_s
