"""The queue into a recording: sound and what happens meanwhile, in the order in which they come.

The source's thread must never wait: it looks at some numbers and appends. Whoever marks, pauses or
cuts appends to the same queue, so that the place of everything among the sound is exact.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from capture.clocks import Clock
from capture.lag import Came
from capture.source import Push
from study.terms import MarkKind, SoundFormat


@dataclass(frozen=True, slots=True)
class Block:
    """Sound of the source with this number; ``pcm`` is empty for what is not to be kept."""

    at_s: float
    frames: int
    pcm: bytes
    source: int


@dataclass(frozen=True, slots=True)
class Lost:
    """Frames of one source that did not fit in the queue here; the first began at ``at_s``."""

    frames: int
    at_s: float
    source: int


@dataclass(frozen=True, slots=True)
class Noted:
    """Something happened; ``place`` is a number of frames of the whole recording, None for here."""

    kind: MarkKind
    note: str
    length_s: float
    place: int | None


@dataclass(frozen=True, slots=True)
class Aside:
    """From here on nothing is kept."""

    kind: MarkKind
    note: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Back:
    """From here on sound is kept again."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Cut:
    """The source is gone; ``at_s`` is when it gave its last. ``source`` numbers the next one."""

    at_s: float
    reason: str
    source: int


Item = Block | Lost | Noted | Aside | Back | Cut


class Intake:
    """Where a recording's sound comes in.

    ``came`` is the newest block; ``room`` how many frames fit, and ``dropped`` how many found no
    room. ``taken`` and ``passed_late`` are the other end's: how many of the frames that were to be
    kept it has taken, and how many of these came after all when nothing was to be kept.
    """

    def __init__(self, form: SoundFormat, clock: Clock, queue_s: float) -> None:
        self.items: deque[Item] = deque()
        self.wake = threading.Event()  # set for all but sound, which can wait a moment
        self.came = Came(clock())
        self.dropped = self.accepted = 0
        self.taken = self.passed_late = 0
        self._form = form
        self._clock = clock
        self.room = int(queue_s * form.rate)
        self._lost_here: Lost | None = None
        self._is_aside = False
        self._deaf_until_s = 0.0
        self._source = 0

    @property
    def queued(self) -> int:
        """How many frames wait to be written."""
        return max(0, self.accepted - self.taken)

    def mouth(self) -> Push:
        """Return where the source of now is to push; those before it are not heard any more."""
        source = self._source
        return lambda pcm: self._push(source, pcm)

    def mark(
        self, kind: MarkKind, note: str = "", *, length_s: float = 0.0, place: int | None = None
    ) -> None:
        """Keep that something happened, here or ``place`` frames into the recording."""
        self._put(Noted(kind, note, length_s, place))

    def set_aside(self, kind: MarkKind, note: str = "") -> None:
        """Keep nothing from here on, but that it was so."""
        self._is_aside = True  # first: what comes from now on is not even put in the queue
        self._tell_loss()
        self._put(Aside(kind, note, self._clock()))

    def resume(self, *, but_s: float = 0.0) -> None:
        """Keep sound again from here on, but for what began less than ``but_s`` after it."""
        now_s = self._clock()
        if but_s:
            self._deaf_until_s = now_s + but_s
        self._put(Back(now_s + but_s))
        self._is_aside = False

    def cut(self, at_s: float, reason: str) -> None:
        """Be told that the source is gone since ``at_s``, and why; another may come."""
        self._source += 1
        self._tell_loss()  # it was of the source that is gone
        self._put(Cut(at_s, reason, self._source))

    def close(self) -> None:
        """Hear nobody any more."""
        self._source = -1

    def lost(self) -> Lost | None:
        """Return what was lost behind the last block, once no more comes."""
        return self._lost_here

    def _put(self, item: Item) -> None:
        self.items.append(item)
        self.wake.set()

    def _push(self, source: int, pcm: bytes) -> None:
        """Take a block, on the source's thread."""
        if source != self._source:
            return
        at_s, frames = self._clock(), len(pcm) // self._form.frame_bytes
        if self._is_aside or at_s - frames / self._form.rate < self._deaf_until_s:
            self.items.append(Block(at_s, frames, b"", source))
        elif self.queued + frames > self.room:
            self.dropped += frames
            self._lose(frames, at_s, source)
        else:
            self._tell_loss()
            self.items.append(Block(at_s, frames, pcm, source))
            self.accepted += frames
        kept = self.accepted - self.passed_late
        self.came = Came(at_s, self.came.given + frames, kept)

    def _lose(self, frames: int, at_s: float, source: int) -> None:
        before = self._lost_here
        if before is not None and before.source != source:
            self._tell_loss()
            before = None
        began_s = at_s - frames / self._form.rate if before is None else before.at_s
        self._lost_here = Lost(frames + (before.frames if before else 0), began_s, source)

    def _tell_loss(self) -> None:
        """Put what was lost so far in the queue, where it would have been.

        Without a lock, for the source's thread never waits: a block that is lost at this very
        moment may be told twice, in a mark and in no count.
        """
        if self._lost_here is not None:
            self.items.append(self._lost_here)
            self._lost_here = None
