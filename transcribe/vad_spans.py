"""Turn the probability of speech, slice by slice, into the spans in which somebody speaks.

A span that grows longer than the model's longest window is cut at its weakest moment at once, so
memory never grows with the interview, and words come even if nobody pauses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models import LONGEST_WINDOW_S
from transcribe.audio_tracks import MODEL_RATE, Samples

SLICE_SAMPLES = 512  # samples that the network takes at once: 32 ms
SLICE_S = SLICE_SAMPLES / MODEL_RATE
_MOMENT = 4  # slices: 128 ms; the pause inside a "t" is as long, one between words is longer
_REST_S = 1.0  # at least this much follows a cut, so that no fragment becomes a window


@dataclass(frozen=True, slots=True)
class VadOptions:
    """How voice activity becomes spans of speech; times in seconds.

    begin, end: probabilities, 0 to 1, from which on speech begins and below which it ends.
    silence_s: a pause this long ends a span. pad_s: sound added before and after speech.
    longest_s: the longest span; at least 3.
    """

    begin: float = 0.25
    end: float = 0.12
    silence_s: float = 0.3
    pad_s: float = 0.2
    longest_s: float = LONGEST_WINDOW_S


@dataclass(frozen=True, slots=True)
class SpeechSpan:
    """Somebody speaks on a channel from ``start_s`` to ``end_s``."""

    channel: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class FollowedUntil:
    """How far the sound was followed, and since when each channel has speech.

    at_s: seconds from the beginning. begun_s: of each channel, the start of the speech that has not
    ended yet, None where nobody speaks.
    """

    at_s: float
    begun_s: tuple[float | None, ...]


class SpeechFollower:
    """Follows one channel slice by slice and finds where speech begins and ends."""

    def __init__(self, channel: int, options: VadOptions) -> None:
        self.channel = channel
        self._options = options
        self._at = 0  # slices followed so far
        self._start: int | None = None
        self._last = 0  # one past the last slice of speech
        self._floor_s = 0.0  # where the span before ended
        self._strength: list[float] = []  # of the open span's slices

    def take_slices(self, probabilities: Samples, energies: Samples) -> list[SpeechSpan]:
        """Follow the next slices; return the spans that ended within them.

        probabilities: of speech, 0 to 1. energies: the mean squares. Both of shape (slices,).
        """
        ended: list[SpeechSpan] = []
        for probability, energy in zip(probabilities.tolist(), energies.tolist(), strict=True):
            if probability >= self._options.begin or (
                self._start is not None and probability >= self._options.end
            ):
                self._start = self._at if self._start is None else self._start
                self._last = self._at + 1
            self._at += 1
            if self._start is not None:
                self._strength.append(probability * energy)
                ended += self._end_if_due(self._start)
        return ended

    @property
    def begun_s(self) -> float | None:
        """The start of the speech that has not ended yet, in seconds; None where nobody speaks."""
        return None if self._start is None else self._start_s(self._start)

    @property
    def until_s(self) -> float:
        """How far the sound was followed, in seconds."""
        return self._at * SLICE_S

    def close(self) -> list[SpeechSpan]:
        """Return the span that was still open when the sound ended."""
        return [] if self._start is None else [self._end(self._start, self._end_s())]

    def _end_if_due(self, start: int) -> list[SpeechSpan]:
        end_s = self._end_s()
        if end_s - self._start_s(start) > self._options.longest_s:
            return [self._cut(start)]
        silent_s = (self._at - self._last) * SLICE_S
        return [self._end(start, end_s)] if silent_s >= self._options.silence_s else []

    def _start_s(self, start: int) -> float:
        # Never before the end of the span before, so that no sound is transcribed twice.
        return max(start * SLICE_S - self._options.pad_s, self._floor_s)

    def _end_s(self) -> float:
        # Half the silence to the neighbour at most.
        pad_s = min(self._options.pad_s, self._options.silence_s / 2)
        return min(self._last * SLICE_S + pad_s, self._at * SLICE_S)

    def _end(self, start: int, end_s: float) -> SpeechSpan:
        span = SpeechSpan(self.channel, round(self._start_s(start), 3), round(end_s, 3))
        self._floor_s, self._start, self._strength = end_s, None, []
        return span

    def _cut(self, start: int) -> SpeechSpan:
        """End the span at its weakest moment; the rest begins another span."""
        place = _find_weakest(self._strength)
        rest = self._strength[place:]
        span = self._end(start, (start + place) * SLICE_S)
        self._start, self._strength = start + place, rest
        return span


def _find_weakest(strength: list[float]) -> int:
    """Return the slice to cut before: in the second half, a little before the end."""
    first = len(strength) // 2
    last = max(first + 1, len(strength) - round(_REST_S / SLICE_S))
    around = np.array(strength[first - _MOMENT // 2 : last + _MOMENT // 2])
    moments = np.lib.stride_tricks.sliding_window_view(around, _MOMENT).max(axis=1)
    return first + len(moments) - 1 - int(moments[::-1].argmin())  # the last of equals
