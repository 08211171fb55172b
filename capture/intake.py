"""The queue into a recording: blocks of sound, marks and pauses, in the order of their arrival.

The source's thread must never wait: it compares some numbers and appends. Marks, pauses and cuts go
into the same queue, so that their places in the sound are exact.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from capture.audio_source import PushSound
from capture.clock_lag import NewestBlock
from capture.clocks import Clock
from study import MarkKind, SoundFormat


@dataclass(frozen=True, slots=True)
class SoundBlock:
    """A block from source number ``source``; ``pcm`` is empty if the sound is not to be kept."""

    at_s: float
    frames: int
    pcm: bytes
    source: int


@dataclass(frozen=True, slots=True)
class LostSound:
    """Frames of one source that the full queue could not take; the first began at ``at_s``."""

    frames: int
    at_s: float
    source: int


@dataclass(frozen=True, slots=True)
class MarkRequest:
    """A mark to write at ``place``, in frames of the whole recording; None is here."""

    kind: MarkKind
    note: str
    length_s: float
    place: int | None


@dataclass(frozen=True, slots=True)
class SetAside:
    """From here on no sound is kept."""

    kind: MarkKind
    note: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Resumption:
    """From here on sound is kept again."""

    at_s: float


@dataclass(frozen=True, slots=True)
class SourceCut:
    """The source was lost; its last block came at ``at_s``. ``source`` numbers the next source."""

    at_s: float
    reason: str
    source: int


IntakeItem = SoundBlock | LostSound | MarkRequest | SetAside | Resumption | SourceCut


class SoundIntake:
    """Takes a recording's sound from the source's thread and queues it for the writing thread.

    came: the newest block. room: how many frames fit. accepted, dropped: frames that were queued,
    and that found no room. taken, passed_late: written by the writing thread, of the accepted
    frames those it has taken, and of these those that came when nothing was to be kept.
    """

    def __init__(self, sound_format: SoundFormat, clock: Clock, queue_s: float) -> None:
        self.items: deque[IntakeItem] = deque()
        self.wake = threading.Event()  # set for everything but sound, which can wait a moment
        self.came = NewestBlock(clock())
        self.dropped = self.accepted = 0
        self.taken = self.passed_late = 0
        self._form = sound_format
        self._clock = clock
        self.room = int(queue_s * sound_format.rate)
        self._pending_loss: LostSound | None = None
        self._is_aside = False
        self._skip_until_s = 0.0
        self._source = 0

    @property
    def queued_frames(self) -> int:
        """How many frames wait to be written."""
        return max(0, self.accepted - self.taken)

    def open_push(self) -> PushSound:
        """Return the ``push`` for the present source; sound from earlier sources is ignored."""
        source = self._source
        return lambda pcm: self._push(source, pcm)

    def mark(
        self, kind: MarkKind, note: str = "", *, length_s: float = 0.0, place: int | None = None
    ) -> None:
        """Add a mark, here or ``place`` frames into the recording."""
        self._put(MarkRequest(kind, note, length_s, place))

    def set_aside(self, kind: MarkKind, note: str = "") -> None:
        """Keep no sound from here on; ``resume`` ends it, and then a mark records it."""
        self._is_aside = True  # first, so that sound from now on is not even queued
        self._queue_loss()
        self._put(SetAside(kind, note, self._clock()))

    def resume(self, *, skip_s: float = 0.0) -> None:
        """Keep sound again; blocks that begin less than ``skip_s`` from now are not kept."""
        now_s = self._clock()
        if skip_s:
            self._skip_until_s = now_s + skip_s
        self._put(Resumption(now_s + skip_s))
        self._is_aside = False

    def cut_source(self, at_s: float, reason: str) -> None:
        """Note that the source gave its last at ``at_s``, and why; another may follow."""
        self._source += 1
        self._queue_loss()  # it was of the source that is gone
        self._put(SourceCut(at_s, reason, self._source))

    def close(self) -> None:
        """Ignore all sound from now on."""
        self._source = -1

    def take_last_loss(self) -> LostSound | None:
        """Return the sound lost after the last block, once the source has ended."""
        return self._pending_loss

    def _put(self, item: IntakeItem) -> None:
        self.items.append(item)
        self.wake.set()

    def _push(self, source: int, pcm: bytes) -> None:
        """Take a block, on the source's thread."""
        if source != self._source:
            return
        at_s, frames = self._clock(), len(pcm) // self._form.frame_bytes
        if self._is_aside or at_s - frames / self._form.rate < self._skip_until_s:
            self.items.append(SoundBlock(at_s, frames, b"", source))
        elif self.queued_frames + frames > self.room:
            self.dropped += frames
            self._lose(frames, at_s, source)
        else:
            self._queue_loss()
            self.items.append(SoundBlock(at_s, frames, pcm, source))
            self.accepted += frames
        kept = self.accepted - self.passed_late
        self.came = NewestBlock(at_s, self.came.frames_received + frames, kept)

    def _lose(self, frames: int, at_s: float, source: int) -> None:
        before = self._pending_loss
        if before is not None and before.source != source:
            self._queue_loss()
            before = None
        began_s = at_s - frames / self._form.rate if before is None else before.at_s
        self._pending_loss = LostSound(frames + (before.frames if before else 0), began_s, source)

    def _queue_loss(self) -> None:
        """Queue a note of the sound lost so far, where that sound would have been.

        It takes no lock, because the source's thread must not wait: a block that is lost at this
        very moment may be in two marks, but it is counted once.
        """
        if self._pending_loss is not None:
            self.items.append(self._pending_loss)
            self._pending_loss = None
