"""Sound on its way out: what is ready to be heard, and what of it was.

A run is one order to play. The player makes its sound ready, the sound card's thread takes it,
and from what it took, and when that is heard, follows where we are. Nothing here waits, reads or
opens anything.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from capture.stretching import Samples

_REST_S = 0.05  # a sound server's account of when a frame is heard was up to 13 ms too early
_MOST_PIECES = 100  # 0.2 s are enough, and of 1 s in blocks of 10 ms nothing is forgotten


@dataclass(frozen=True, slots=True)
class Chunk:
    """Sound that is ready. ``at`` is the frame of the interview's sound that it begins with."""

    samples: Samples
    at: float
    speed: float
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """What was handed out at once: it is heard from ``when_s`` on."""

    when_s: float
    at: float
    frames: int
    speed: float


@dataclass(slots=True, eq=False)
class Run:
    """One order to play the sound from frame ``start`` on, up to ``end`` (exclusive).

    first: where it begins again, if it ``repeats`` or is played once more. ``put`` and
    ``is_all_put`` belong to who makes the sound ready, the fields below them to the sound card's
    thread; each end of a deque is safe to use without a lock.
    """

    start: int
    first: int
    end: int
    repeats: bool = False
    queue: deque[Chunk] = field(default_factory=deque[Chunk])
    put: int = 0
    is_all_put: bool = False
    taken: int = 0
    offset: int = 0
    heard: tuple[_Piece, ...] = ()
    ends_s: float | None = None

    def from_frame(self, frame: float) -> Run:
        """Return the same order, to be begun anew at ``frame``."""
        return Run(min(round(frame), self.end), self.first, self.end, self.repeats)

    def add(self, chunk: Chunk) -> None:
        """Make more sound ready."""
        self.put += len(chunk.samples)
        self.is_all_put = chunk.is_last
        self.queue.append(chunk)

    def is_over(self, now_s: float) -> bool:
        """Whether its last frame has been heard."""
        return self.ends_s is not None and now_s >= self.ends_s

    def frame_at(self, now_s: float, rate: int) -> float:
        """Return the frame that is heard now; the last one that was, where nothing is."""
        if self.is_over(now_s):
            return float(self.end)
        for piece in reversed(self.heard):
            if piece.when_s <= now_s:
                passed = min((now_s - piece.when_s) * rate, piece.frames)
                return min(piece.at + passed * piece.speed, float(self.end))
        return self.heard[0].at if self.heard else float(self.start)

    def hand_out(self, out: Samples, when_s: float, rate: int) -> int:
        """Fill ``out``, which is heard from ``when_s`` on; return how many frames there were.

        It is the sound card's thread's to call, and one run's at a time.
        """
        filled = 0
        while filled < len(out) and self.queue:
            chunk = self.queue[0]
            part = chunk.samples[self.offset : self.offset + len(out) - filled]
            out[filled : filled + len(part)] = part
            at = chunk.at + self.offset * chunk.speed
            piece = _Piece(when_s + filled / rate, at, len(part), chunk.speed)
            self.heard = (*self.heard[1 - _MOST_PIECES :], piece)
            filled += len(part)
            self.offset += len(part)
            if self.offset == len(chunk.samples):
                self.queue.popleft()
                self.offset = 0
                self.ends_s = when_s + filled / rate + _REST_S if chunk.is_last else None
        self.taken += filled
        return filled
