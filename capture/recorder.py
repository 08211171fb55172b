"""Write one recording from its queue, stretch by stretch.

    the source's thread   queues blocks of sound (``capture.intake``)
    a person's thread     queues marks, pauses and their ends, in the same queue
    the writing thread    queue -> block of at most 1 s -> sealed, durable -> counters
    any thread            ``read_tally``: counters, never the device

Only durable sound counts as recorded. A crash costs less than a second; sound that did not fit in
the queue is counted, and marked at its place. Each uninterrupted run of a source is a stretch; the
next stretch begins with the first sound kept after a cut. Until then the old one stays open, so
that marks made meanwhile are durable too.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from capture.blocking_calls import BlockingCall
from capture.clocks import Clock
from capture.intake import (
    IntakeItem,
    LostSound,
    MarkRequest,
    Resumption,
    SetAside,
    SoundBlock,
    SoundIntake,
    SourceCut,
)
from capture.level_meter import LevelMeter
from study import Mark, MarkKind, SoundFormat
from study.errors import StudyInUse
from study.store import Interview, SoundWriter, record_stretch

QUEUE_S = 60.0  # twice what a disk has ever made us wait; 6 MB for one channel at 48 kHz
_BLOCK_S = 0.5  # sealed together: half of what one crash may cost
_LOOK_S = 0.1  # how often the queue is emptied, and so how fresh the level is
_SHORTEST_S = 0.001  # a pause has a length: a mark without one is of a pause that did not end


@dataclass(frozen=True, slots=True)
class RecorderTally:
    """How far the writing is, in frames of the whole recording.

    sealed: durable. heard: kept and taken from the queue. queued: not sealed yet. passed: not kept
    because of a pause. missing_s: lost in gaps; missing_why: how much of it for each reason.
    last_mark: its time counts from the beginning of this recording. failure: the exception that
    ended the writing early.
    """

    sealed: int
    heard: int
    queued: int
    passed: int
    missing_s: float
    missing_why: dict[str, float]
    last_mark: Mark | None
    marks: int
    failure: BaseException | None


class Recorder:
    """Writes one recording: ``begin``, push sound into ``intake``, ``end``. It is used once.

    ``meter`` measures the sound that is kept.
    """

    def __init__(
        self, interview: Interview, sound_format: SoundFormat, clock: Clock, *,
        queue_s: float = QUEUE_S,
    ) -> None:  # fmt: skip
        self.intake = SoundIntake(sound_format, clock, queue_s)
        self.meter = LevelMeter(sound_format)
        self._interview = interview
        self._form = sound_format
        # Only the writing thread writes the counters; any thread reads them.
        self._sealed = self._passed = self._base = self._marks = 0
        self._missing_why: dict[str, float] = {}
        self._last_mark: Mark | None = None
        self._held = bytearray()
        self._aside: SetAside | None = None
        self._cut: SourceCut | None = None
        self._gap_since: float | None = None
        self._back_s = 0.0
        self._first_mark: Mark | None = None  # of the stretch that comes next
        self._is_new = self._is_done = False
        self._ended_s: float | None = None
        self._is_open = threading.Event()
        self._writing: BlockingCall[None] | None = None

    def begin(self) -> None:
        """Open the first stretch, and return once sound is being written.

        Raises:
            UnknownInterview, SoundDiffers, DiskFull, StudyUnwritable, StudyInUse: it did not open.
        """
        self._writing = BlockingCall(self._write, "recording")
        while not self._is_open.wait(_LOOK_S):
            if self._writing.is_done:
                self._writing.result()

    def end(self, at_s: float) -> None:
        """Seal all sound that has arrived, and close. at_s: when a person asked to stop.

        Raises:
            DiskFull, StudyUnwritable, DiskFailed, StudyInUse: all sound sealed before is kept.
        """
        self._ended_s = at_s
        self.intake.wake.set()
        if self._writing is not None:
            self._writing.wait()
            self.intake.close()
            self._writing.result()

    def read_tally(self) -> RecorderTally:
        """Return the counters; any thread may call it at any time."""
        heard, missing_why = self.intake.taken - self.intake.passed_late, self._missing_why
        return RecorderTally(
            sealed=self._sealed,
            heard=heard,
            queued=self.intake.queued_frames + max(0, heard - self._sealed),
            passed=self._passed,
            missing_s=sum(missing_why.values()),
            missing_why=missing_why,
            last_mark=self._last_mark,
            marks=self._marks,
            failure=self._writing.failure if self._writing else None,
        )

    def _write(self) -> None:
        """Write stretch after stretch until ``end``, on the writing thread."""
        while not self._is_done:
            try:
                with record_stretch(self._interview, self._form) as writer:
                    self._is_open.set()
                    self._fill(writer)
            except StudyInUse:
                # Between two stretches there is time to try again: the queue holds a minute.
                if self._is_done or not self._is_open.is_set():
                    raise

    def _fill(self, writer: SoundWriter) -> None:
        """Write one stretch: until the end, or until sound comes from the next source."""
        self._base = self._sealed
        if self._first_mark is not None:
            self._write_mark(writer, self._first_mark)
            self._first_mark = None
        while not self._is_done:
            self.intake.wake.wait(_LOOK_S)
            self.intake.wake.clear()
            ended_s = self._ended_s  # before the queue is emptied: nothing is left in it then
            if not self._drain(writer):
                return
            self.meter.compute_levels()
            if ended_s is not None:
                self._finish(writer, ended_s)

    def _drain(self, writer: SoundWriter) -> bool:
        """Take the items that are queued now; False if the rest belongs to the next stretch."""
        items = self.intake.items
        for _ in range(len(items)):
            item = items.popleft()
            if not self._take(item, writer):
                items.appendleft(item)
                self._seal(writer, least=1)
                return False
        return True

    def _finish(self, writer: SoundWriter, ended_s: float) -> None:
        self._seal(writer, least=1)
        lost = self.intake.take_last_loss()
        if lost is not None:
            self._take(lost, writer)
        if self._aside is not None:
            self._take(Resumption(ended_s), writer)
        self._close_gap(writer, ended_s)
        if self._first_mark is not None:  # of a stretch that got no sound
            self._write_mark(
                writer, replace(self._first_mark, at_s=writer.frames / self._form.rate)
            )
        self._is_done = True

    def _take(self, item: IntakeItem, writer: SoundWriter) -> bool:
        """Take one item from the queue; False if it belongs to the next stretch."""
        if isinstance(item, SoundBlock):
            return self._take_block(item, writer)
        self._seal(writer, least=1)
        if isinstance(item, LostSound):
            self._take_loss(item, writer)
        elif isinstance(item, MarkRequest):
            self._make_mark(writer, item.kind, item.note, item.length_s, item.place)
        elif isinstance(item, SetAside):
            self._close_gap(writer, item.at_s)
            self._make_mark(writer, item.kind, item.note)
            self._aside = item
            self.meter.reset()
        elif isinstance(item, Resumption):
            self._take_back(item, writer)
        else:
            self._take_cut(item)
        return True

    def _take_block(self, block: SoundBlock, writer: SoundWriter) -> bool:
        if self._cut is not None and block.source >= self._cut.source:
            self._flow_again(block.at_s - block.frames / self._form.rate)
        if self._aside is not None or not block.pcm:
            self._passed += block.frames
            if block.pcm:
                self.intake.taken += block.frames
                self.intake.passed_late += block.frames
            return True
        if self._is_new:
            self._is_new = False
            return False
        self.intake.taken += block.frames
        self._held += block.pcm
        self.meter.take_block(block.pcm)
        self._seal(writer, least=int(_BLOCK_S * self._form.rate))
        return True

    def _take_loss(self, lost: LostSound, writer: SoundWriter) -> None:
        if self._cut is not None and lost.source >= self._cut.source:
            self._flow_again(lost.at_s)  # the lost sound had arrived, so the gap ended there
        self._make_mark(writer, MarkKind.LOST, length_s=lost.frames / self._form.rate)

    def _flow_again(self, began_s: float) -> None:
        """Note that the first sound after a cut began at ``began_s``."""
        if self._gap_since is not None and self._cut is not None:
            length_s = max(0.0, began_s - self._gap_since)
            if self._first_mark is not None:  # sound between the two gaps was lost
                length_s += self._first_mark.length_s
            self._first_mark = Mark(0.0, MarkKind.GAP, self._cut.reason, length_s)
        self._cut, self._gap_since = None, None
        self._is_new = True
        self.meter.reset()

    def _take_back(self, back: Resumption, writer: SoundWriter) -> None:
        if self._aside is not None:
            length_s = max(_SHORTEST_S, back.at_s - self._aside.at_s)
            self._make_mark(writer, self._aside.kind, self._aside.note, length_s)
        self._aside, self._back_s = None, back.at_s
        if self._cut is not None:
            self._gap_since = back.at_s

    def _take_cut(self, cut: SourceCut) -> None:
        if self._cut is None and self._aside is None:
            self._gap_since = max(cut.at_s, self._back_s)
        self._cut = cut
        self.meter.reset()

    def _close_gap(self, writer: SoundWriter, at_s: float) -> None:
        """Mark a gap that lasts until now, without sound after it."""
        if self._gap_since is not None and self._cut is not None:
            length_s = max(0.0, at_s - self._gap_since)
            self._make_mark(writer, MarkKind.GAP, self._cut.reason, length_s)
        self._gap_since = None

    def _seal(self, writer: SoundWriter, *, least: int) -> None:
        """Write the held sound while it has ``least`` frames or more, at most a second at a time.

        Whole half seconds go first: each record of a file takes as much room as one.
        """
        size = self._form.frame_bytes
        block = int(_BLOCK_S * self._form.rate) * size
        while len(self._held) >= least * size:
            most = min(2, len(self._held) // block) * block or len(self._held)
            part = bytes(self._held[:most])
            writer.write(part)
            del self._held[:most]
            self._sealed += len(part) // size

    def _make_mark(
        self, writer: SoundWriter, kind: MarkKind, note: str = "", length_s: float = 0.0,
        place: int | None = None,
    ) -> None:  # fmt: skip
        frames = writer.frames if place is None else max(0, place - self._base)
        self._write_mark(
            writer, Mark(min(frames, writer.frames) / self._form.rate, kind, note, length_s)
        )

    def _write_mark(self, writer: SoundWriter, mark: Mark) -> None:
        writer.write_mark(mark)
        if mark.kind == MarkKind.GAP:
            before_s = self._missing_why.get(mark.note, 0.0)
            self._missing_why = {**self._missing_why, mark.note: before_s + mark.length_s}
        self._last_mark = replace(mark, at_s=mark.at_s + self._base / self._form.rate)
        self._marks += 1
