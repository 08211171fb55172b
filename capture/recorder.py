"""Record sound from a microphone into a study, as one stretch.

    the source's thread   copies a block into a bounded queue: no lock, no wait, no print
    the writing thread    queue -> block of at most 1 s -> sealed, durable -> counters
    anybody               ``status``: counters and clock, never the device

What is on disk counts, a crash costs less than a second, and sound that did not fit in the queue
is counted, shown, and marked at its place. Pausing, marks and reconnecting are not here.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable

from capture.errands import Errand
from capture.levels import levels
from capture.source import Source
from capture.status import Status
from study.errors import MicrophoneFailed
from study.recordings import recording
from study.sound import SoundWriter
from study.steps import Stop, never
from study.store import Study
from study.terms import Mark

QUEUE_S = 60.0  # twice what a disk has ever made us wait; 6 MB for one channel at 48 kHz
_BLOCK_S = 0.5  # sealed at once: half of what one crash may cost
_LOOK_S = 0.1  # how often the queue is emptied, and so how fresh the level is
LOST = "sound lost"

Clock = Callable[[], float]
ReportStatus = Callable[[Status], None]


def _silently(_: Status) -> None:
    """Be the report of a recording that nobody watches."""


class Recorder:
    """One stretch of recording: ``start``, look at ``status``, ``stop``. It is used once."""

    def __init__(
        self,
        study: Study,
        interview: str,
        source: Source,
        *,
        clock: Clock = time.monotonic,
        queue_s: float = QUEUE_S,
    ) -> None:
        self._study = study
        self._interview = interview
        self._source = source
        self._clock = clock
        self._form = source.form
        self._room = int(queue_s * self._form.rate)
        # Each counter is written by one thread only, and a deque's ends are safe to use without
        # a lock: so the source's thread waits for nobody.
        self._queue: deque[bytes | int] = deque()  # PCM, or how many frames were lost there
        self._came = self._sealed = self._dropped = self._lost_here = 0
        self._held = bytearray()
        self._level: tuple[float, ...] = ()
        self._zeros = 0
        self._began = self._last_came = clock()
        self._ended: float | None = None
        self._died = False
        self._is_open, self._ending = threading.Event(), threading.Event()
        self._writing: Errand[None] | None = None

    def start(self) -> None:
        """Let sound flow, and return once it is being written.

        Raises:
            MicrophoneFailed: the source does not start; nothing was entered in the study.
            UnknownInterview, DiskFull, StudyUnwritable, StudyInUse: the same.
        """
        self._began = self._last_came = self._clock()
        self._source.start(self._push)  # first: a microphone that fails leaves no empty stretch
        self._writing = Errand(self._write, "recording")
        while not self._is_open.wait(_LOOK_S):
            if self._writing.is_done:
                self.stop()
                return

    def status(self) -> Status:
        """Tell how it is going; may be asked from any thread at any time."""
        now, died = self._clock(), not self._source.is_alive
        if self._ended is not None:
            now, died = self._ended, self._died
        failure = self._writing.failure if self._writing else None
        return Status(
            rate=self._form.rate,
            elapsed_s=now - self._began,
            frames=self._sealed,
            queued_s=max(0, self._came - self._sealed) / self._form.rate,
            queue_s=self._room / self._form.rate,
            level_dbfs=self._level,
            dropped=self._dropped,
            still_s=max(0.0, now - self._last_came),
            zeros_s=self._zeros / self._form.rate,
            is_over=failure is not None or died,
            failure="" if failure is None else str(failure),
        )

    def wait(self, limit_s: float) -> None:
        """Wait for ``limit_s``, or until the writing has ended by itself."""
        if self._writing is not None:
            self._writing.wait(limit_s)

    def stop(self) -> Status:
        """Take no more, seal what has come, close the stretch, and tell how it went.

        Raises:
            DiskFull, StudyUnwritable: the stretch ends where the disk did; all before is kept.
        """
        self._died = not self._source.is_alive  # afterwards it is not, by our own doing
        self._ended = self._clock()
        with contextlib.suppress(MicrophoneFailed):  # a device that hangs costs no sound
            self._source.stop()
        self._ending.set()
        if self._writing is not None:
            self._writing.wait()
            self._writing.result()
        return self.status()

    def _push(self, block: bytes) -> None:
        """Take a block, on the source's thread."""
        frames = len(block) // self._form.frame_bytes
        self._last_came = self._clock()
        if self._came - self._sealed + frames > self._room:
            self._dropped += frames
            self._lost_here += frames
            return
        if self._lost_here:
            self._queue.append(self._lost_here)
            self._lost_here = 0
        self._queue.append(block)
        self._came += frames

    def _write(self) -> None:
        """Keep writing until told to end, on the writing thread."""
        with recording(self._study, self._interview, self._form) as writer:
            self._is_open.set()
            is_last = False
            while not is_last:
                is_last = self._ending.wait(_LOOK_S)
                self._empty(writer)
            self._seal(writer, least=1)
            if self._lost_here:
                self._mark_loss(writer, self._lost_here)

    def _empty(self, writer: SoundWriter) -> None:
        """Take what is in the queue now, and measure it."""
        fresh = b""
        for _ in range(len(self._queue)):
            block = self._queue.popleft()
            if isinstance(block, int):
                self._seal(writer, least=1)
                self._mark_loss(writer, block)
                continue
            fresh = block
            self._held += block
            self._zeros = 0 if any(block) else self._zeros + len(block) // self._form.frame_bytes
            self._seal(writer, least=int(_BLOCK_S * self._form.rate))
        if fresh:
            self._level = levels(fresh, self._form.channels)

    def _seal(self, writer: SoundWriter, *, least: int) -> None:
        """Write what is held, while there are ``least`` frames of it, a second at a time."""
        size, most = self._form.frame_bytes, self._form.rate * self._form.frame_bytes
        while len(self._held) >= least * size:
            part = bytes(self._held[:most])
            writer.write(part)
            del self._held[:most]
            self._sealed += len(part) // size

    def _mark_loss(self, writer: SoundWriter, frames: int) -> None:
        note = f"{frames / self._form.rate:.2f} s"
        writer.mark(Mark(writer.frames / self._form.rate, LOST, note))


def record(
    study: Study,
    interview: str,
    *,
    device: str | None = None,
    channels: int | None = None,
    seconds: float | None = None,
    stop: Stop = never,
    report_status: ReportStatus = _silently,
    source: Source | None = None,
) -> Status:
    """Record a stretch of an interview until ``stop`` says so or ``seconds`` are over.

    interview: its id or label. device: see ``devices.find``. channels: None takes one for each
    speaker who has a channel of their own (see ``About``), one for all if nobody has.
    report_status: called ten times a second. source: instead of a microphone.

    Raises:
        NoSoundLibrary, NoMicrophone, UnknownInterview: nothing was recorded.
        MicrophoneFailed: it did not open, or was disconnected; what came before is kept.
        DiskFull, StudyUnwritable: all before is kept.
    """
    found = study.find(interview)
    if source is None:
        speakers = len(found.about.channels) if found.about else 0
        source = _microphone(device, channels or speakers or 1)
    recorder = Recorder(study, found.id, source)
    recorder.start()
    try:
        while not stop():
            status = recorder.status()
            report_status(status)
            if status.is_over or (seconds is not None and status.elapsed_s >= seconds):
                break
            recorder.wait(_LOOK_S)
    finally:
        last = recorder.stop()
    if last.is_over:
        raise MicrophoneFailed
    return last


def _microphone(device: str | None, channels: int) -> Source:
    from capture.devices import find
    from capture.microphone import Microphone

    return Microphone(find(device), channels)
