"""From the probability of speech, moment by moment, to the spans in which somebody speaks.

A span that would be longer than the model may hear is cut at its weakest moment, as soon as it
is that long: nothing here grows with the interview, and words come however long nobody pauses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.catalogue import LONGEST_WINDOW_S
from transcribe.hearing import RATE, Samples

SLICE = 512  # samples that the network hears at once: 32 ms
SLICE_S = SLICE / RATE
_MOMENT = 4  # slices: 128 ms; the sound stops for as long inside a "t", for longer between words
_REST_S = 1.0  # at least this much follows a cut, so that no scrap is heard alone


@dataclass(frozen=True, slots=True)
class Hearing:
    """How voice activity becomes spans of speech; times in seconds.

    begin, end: probabilities above which speech begins and below which it ends.
    silence_s: a pause this long ends a span. pad_s: sound kept before and after.
    longest_s: no span is longer; at least 3.
    """

    begin: float = 0.25
    end: float = 0.12
    silence_s: float = 0.3
    pad_s: float = 0.2
    longest_s: float = LONGEST_WINDOW_S


@dataclass(frozen=True, slots=True)
class Span:
    """Somebody speaks on a channel from ``start_s`` to ``end_s``."""

    channel: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Until:
    """All was heard up to ``at_s``; of each channel, since when somebody speaks, None if nobody."""

    at_s: float
    begun_s: tuple[float | None, ...]


class Follower:
    """Follows one channel slice by slice and says where speech begins and ends."""

    def __init__(self, channel: int, hearing: Hearing) -> None:
        self.channel = channel
        self._hearing = hearing
        self._at = 0  # slices followed so far
        self._start: int | None = None
        self._last = 0  # one past the last slice of speech
        self._floor_s = 0.0  # where the span before ended
        self._strength: list[float] = []  # of the open span's slices

    def follow(self, probabilities: Samples, energies: Samples) -> list[Span]:
        """Take the next slices in; return the spans that ended within them.

        Both of shape (slices,): how likely it is speech, 0 to 1, and its mean square.
        """
        ended: list[Span] = []
        for probability, energy in zip(probabilities.tolist(), energies.tolist(), strict=True):
            if probability >= self._hearing.begin or (
                self._start is not None and probability >= self._hearing.end
            ):
                self._start = self._at if self._start is None else self._start
                self._last = self._at + 1
            self._at += 1
            if self._start is not None:
                self._strength.append(probability * energy)
                ended += self._ended(self._start)
        return ended

    @property
    def begun_s(self) -> float | None:
        """Since when somebody speaks, in seconds; None where nobody does."""
        return None if self._start is None else self._start_s(self._start)

    @property
    def until_s(self) -> float:
        """Up to where it was followed, in seconds."""
        return self._at * SLICE_S

    def close(self) -> list[Span]:
        """Return the span that was still open when the sound ended."""
        return [] if self._start is None else [self._end(self._start, self._end_s())]

    def _ended(self, start: int) -> list[Span]:
        end_s = self._end_s()
        if end_s - self._start_s(start) > self._hearing.longest_s:
            return [self._cut(start)]
        silent_s = (self._at - self._last) * SLICE_S
        return [self._end(start, end_s)] if silent_s >= self._hearing.silence_s else []

    def _start_s(self, start: int) -> float:
        # Never before the end of the span before, so that no sound is heard twice.
        return max(start * SLICE_S - self._hearing.pad_s, self._floor_s)

    def _end_s(self) -> float:
        # Half the silence to the neighbour at most.
        pad_s = min(self._hearing.pad_s, self._hearing.silence_s / 2)
        return min(self._last * SLICE_S + pad_s, self._at * SLICE_S)

    def _end(self, start: int, end_s: float) -> Span:
        span = Span(self.channel, round(self._start_s(start), 3), round(end_s, 3))
        self._floor_s, self._start, self._strength = end_s, None, []
        return span

    def _cut(self, start: int) -> Span:
        """End the span at its weakest moment; what follows is a span of its own."""
        place = _weakest(self._strength)
        rest = self._strength[place:]
        span = self._end(start, (start + place) * SLICE_S)
        self._start, self._strength = start + place, rest
        return span


def _weakest(strength: list[float]) -> int:
    """Return before which slice to cut: in the second half, a little before the end."""
    first = len(strength) // 2
    last = max(first + 1, len(strength) - round(_REST_S / SLICE_S))
    around = np.array(strength[first - _MOMENT // 2 : last + _MOMENT // 2])
    moments = np.lib.stride_tricks.sliding_window_view(around, _MOMENT).max(axis=1)
    return first + len(moments) - 1 - int(moments[::-1].argmin())  # of equals the last
