"""Turn the probability of speech, slice by slice, into the spans in which somebody speaks.

A span that grows longer than the model's longest window is cut at its weakest moment at once, so
memory never grows with the interview, and words come even if nobody pauses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    longest_s: the longest span; at least 3. faint_begin, faint_end: the probabilities for a faint
    span; human speech 20 dB below the voice before it has .05 and more nine tenths of the time, the
    noise of a quiet room a thousandth. sure: a span shorter than sure_s that never reaches this
    probability is faint too: every one-word answer reached .59, breaths .25 to .56.
    """

    begin: float = 0.25
    end: float = 0.12
    silence_s: float = 0.3
    pad_s: float = 0.2
    longest_s: float = LONGEST_WINDOW_S
    faint_begin: float = 0.12
    faint_end: float = 0.05
    sure: float = 0.5
    sure_s: float = 1.0

    def lower_for_faint(self) -> VadOptions:
        """Return the options by which faint spans are found."""
        return replace(self, begin=self.faint_begin, end=self.faint_end)


@dataclass(frozen=True, slots=True)
class SpeechSpan:
    """Somebody speaks on a channel from ``start_s`` to ``end_s``; if ``is_faint``, perhaps."""

    channel: int
    start_s: float
    end_s: float
    is_faint: bool = False


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

    def __init__(self, channel: int, options: VadOptions, *, is_faint: bool = False) -> None:
        self.channel = channel
        self._is_faint = is_faint
        self._faint = (
            None if is_faint else SpeechFollower(channel, options.lower_for_faint(), is_faint=True)
        )
        self._options = options
        self._at = 0  # slices followed so far
        self._start: int | None = None
        self._last = 0  # one past the last slice of speech
        self._floor_s = 0.0  # where the span before ended
        self._strength: list[float] = []  # of the open span's slices
        self._peak = 0.0  # the highest probability of the open span

    def take_slices(self, probabilities: Samples, energies: Samples) -> list[SpeechSpan]:
        """Follow the next slices; return the spans that ended within them, faint ones too.

        probabilities: of speech, 0 to 1. energies: the mean squares. Both of shape (slices,).
        """
        ended: list[SpeechSpan] = []
        for probability, energy in zip(probabilities.tolist(), energies.tolist(), strict=True):
            ended += self.take_slice(probability, energy)
            if self._faint is not None:  # while somebody speaks nothing is faint
                likely = probability if self._start is None else 0.0
                ended += self._faint.take_slice(likely, energy)
        return ended

    def take_slice(self, probability: float, energy: float) -> list[SpeechSpan]:
        """Follow one slice; return the span that ended with it, if any."""
        if probability >= self._options.begin or (
            self._start is not None and probability >= self._options.end
        ):
            self._start = self._at if self._start is None else self._start
            self._last = self._at + 1
        self._at += 1
        if self._start is None:
            return []
        self._strength.append(probability * energy)
        self._peak = max(self._peak, probability)
        return self._end_if_due(self._start)

    @property
    def begun_s(self) -> float | None:
        """The start of the speech that has not ended yet, in seconds; None where nobody speaks."""
        return None if self._start is None else self._start_s(self._start)

    @property
    def until_s(self) -> float:
        """How far the sound was followed, in seconds."""
        return self._at * SLICE_S

    def close(self) -> list[SpeechSpan]:
        """Return the spans that were still open when the sound ended."""
        faint = [] if self._faint is None else self._faint.close()
        return faint if self._start is None else [*faint, self._end(self._start, self._end_s())]

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
        start_s = round(self._start_s(start), 3)
        is_sure = self._peak >= self._options.sure or (
            (self._last - start) * SLICE_S >= self._options.sure_s
        )
        span = SpeechSpan(
            self.channel, start_s, round(end_s, 3), is_faint=self._is_faint or not is_sure
        )
        self._floor_s, self._start, self._strength, self._peak = end_s, None, [], 0.0
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
