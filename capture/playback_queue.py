"""The queue of prepared sound between the player and the sound card's thread.

A run is one order to play. The player prepares its sound, the sound card's thread takes it; the
position follows from which frames it took and when they are heard. Nothing here waits, reads a
sound or opens a device.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from capture.time_stretch import Samples

_REST_S = 0.05  # a sound server's account of when a frame is heard was up to 13 ms too early
_MOST_PIECES = 100  # 0.2 s would do; this covers 1 s in blocks of 10 ms


@dataclass(frozen=True, slots=True)
class PlaybackChunk:
    """Prepared sound; ``frame`` is the frame of the interview's sound that it begins with."""

    samples: Samples
    frame: float
    speed: float
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """Frames handed to the sound card together, which are heard from ``when_s`` on."""

    when_s: float
    at: float
    frames: int
    speed: float


@dataclass(slots=True, eq=False)
class PlaybackRun:
    """One order to play the sound from frame ``start`` on, up to ``end`` (exclusive).

    first: where it begins again, if it ``repeats`` or is played once more. Only the player writes
    ``put`` and ``is_all_put``, only the sound card's thread the fields below them; each end of a
    deque is safe to use without a lock.
    """

    start: int
    first: int
    end: int
    repeats: bool = False
    queue: deque[PlaybackChunk] = field(default_factory=deque[PlaybackChunk])
    put: int = 0
    is_all_put: bool = False
    taken: int = 0
    offset: int = 0
    heard: tuple[_Piece, ...] = ()
    ends_s: float | None = None

    def restart_at(self, frame: float) -> PlaybackRun:
        """Return the same order, not begun yet, that starts at ``frame``."""
        return PlaybackRun(min(round(frame), self.end), self.first, self.end, self.repeats)

    def add_chunk(self, chunk: PlaybackChunk) -> None:
        """Add prepared sound at the end."""
        self.put += len(chunk.samples)
        self.is_all_put = chunk.is_last
        self.queue.append(chunk)

    def is_over(self, now_s: float) -> bool:
        """Whether its last frame has been heard."""
        return self.ends_s is not None and now_s >= self.ends_s

    def find_frame(self, now_s: float, rate: int) -> float:
        """Return the frame that is heard now, or that was heard last."""
        if self.is_over(now_s):
            return float(self.end)
        for piece in reversed(self.heard):
            if piece.when_s <= now_s:
                passed = min((now_s - piece.when_s) * rate, piece.frames)
                return min(piece.at + passed * piece.speed, float(self.end))
        return self.heard[0].at if self.heard else float(self.start)

    def fill_output(self, out: Samples, when_s: float, rate: int) -> int:
        """Fill ``out``, which is heard from ``when_s`` on; return how many frames were filled.

        Only the sound card's thread calls it, for one run at a time.
        """
        filled = 0
        while filled < len(out) and self.queue:
            chunk = self.queue[0]
            part = chunk.samples[self.offset : self.offset + len(out) - filled]
            out[filled : filled + len(part)] = part
            at = chunk.frame + self.offset * chunk.speed
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
