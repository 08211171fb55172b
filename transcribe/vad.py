"""Voice activity: find where in the sound somebody speaks.

Silero's network, which ships with faster-whisper, runs over the sound piece by piece and carries
its memory along, so a three-hour interview takes no more memory than a short one. That memory makes
it deaf to a voice much quieter than the one before: of 25.7 s of such speech it found none. So a
second copy forgets whenever a second passed in which it noticed nobody, and the larger of the two
probabilities counts; it found 22.5 of those 25.7 s.

Two thresholds (begin, end) turn the probabilities into spans. They are chosen so that one short
word after a long silence is found: of 20 words of 0.25 s after 15 s of silence, a threshold of 0.2
found 20 and the usual 0.5 found 12. Two lower ones give faint spans: what may be speech, and is
given to the model only where the transcript would otherwise say that there was a silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol, cast

import numpy as np

from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.vad_preprocess import BATCH_SLICES, VadPreprocessor, VadSlices
from transcribe.vad_spans import FollowedUntil, SpeechFollower, SpeechSpan, VadOptions

_CONTEXT = 64  # samples of the slice before, which the network takes again


class _Session(Protocol):
    def run(self, names: None, inputs: dict[str, Samples]) -> tuple[Samples, Samples, Samples]: ...


class _Network:
    """Silero's network with its memory, for one channel.

    forgets_below: where no slice of a call reaches this probability, the memory is cleared after
    it; 0 keeps the memory for ever.
    """

    def __init__(self, forgets_below: float = 0.0) -> None:
        from faster_whisper.vad import get_vad_model

        self._session = cast("_Session", get_vad_model().session)
        self._forgets_below = forgets_below
        self._before: Samples = np.zeros(_CONTEXT, dtype=np.float32)
        self._forget()

    def _forget(self) -> None:
        self._h: Samples = np.zeros((1, 1, 128), dtype=np.float32)
        self._c: Samples = np.zeros((1, 1, 128), dtype=np.float32)

    def probabilities(self, slices: Samples) -> Samples:
        """Return one probability for each of the slices, float32 of shape (slices, SLICE)."""
        before = np.concatenate([self._before[None], slices[:-1, -_CONTEXT:]])
        self._before = slices[-1, -_CONTEXT:].copy()
        with_context = np.concatenate([before, slices], axis=1)
        out, self._h, self._c = self._session.run(
            None, {"input": with_context, "h": self._h, "c": self._c}
        )
        probabilities = out.reshape(-1)
        if probabilities.max() < self._forgets_below:
            self._forget()
        return probabilities


class _Listener:
    """Voice activity of one channel: two opinions on every slice, and the spans they make."""

    def __init__(self, channel: int, options: VadOptions) -> None:
        self._networks = (_Network(), _Network(forgets_below=options.begin))
        self.follower = SpeechFollower(channel, options)

    def take_slices(self, lifted: Samples, own: Samples, energy: Samples) -> list[SpeechSpan]:
        """Follow the next slices; return the spans that ended within them."""
        one, other = (network.probabilities(lifted) for network in self._networks)
        return self.follower.take_slices(np.maximum(one, other) * own, energy)


def find_speech_spans(pieces: Iterable[Samples], options: VadOptions) -> Iterator[SpeechSpan]:
    """Yield the spans of speech as soon as each has ended, those of a channel in order.

    pieces: as for ``follow_speech``. Faint spans are left out.
    """
    return (
        found
        for found in follow_speech(pieces, options)
        if isinstance(found, SpeechSpan) and not found.is_faint
    )


def follow_speech(
    pieces: Iterable[Samples], options: VadOptions
) -> Iterator[SpeechSpan | FollowedUntil]:
    """Yield the spans of speech, and about every second how far the sound was followed.

    pieces: float32 of shape (samples, channels) at 16 kHz, as ``read_pieces`` yields them. How the
    sound is cut into pieces changes neither the spans nor their order.
    """
    total = 0

    def count_samples() -> Iterator[Samples]:
        nonlocal total
        for piece in pieces:
            total += piece.shape[0]
            yield piece

    for found in _find_spans(_cut_slices(count_samples()), options):
        if isinstance(found, FollowedUntil):
            yield found
            continue
        # The last slice is padded with silence, which is not part of the interview.
        yield replace(found, end_s=min(found.end_s, round(total / MODEL_RATE, 3)))


def _cut_slices(pieces: Iterable[Samples]) -> Iterator[VadSlices]:
    preprocessor: VadPreprocessor | None = None
    for piece in pieces:
        preprocessor = preprocessor or VadPreprocessor(piece.shape[1])
        yield preprocessor.add_sound(piece)
    if preprocessor is not None:
        yield preprocessor.close()


def _find_spans(
    slices: Iterable[VadSlices], options: VadOptions
) -> Iterator[SpeechSpan | FollowedUntil]:
    listeners: list[_Listener] = []
    for arrived in slices:
        channels = arrived.energy.shape[1]
        listeners = listeners or [_Listener(c, options) for c in range(channels)]
        # Always the same number at once, or the last bits of the networks' results change.
        for first in range(0, len(arrived.energy), BATCH_SLICES):
            batch = slice(first, first + BATCH_SLICES)
            ended = [
                span
                for c, listener in enumerate(listeners)
                for span in listener.take_slices(
                    arrived.lifted[batch, :, c], arrived.own[batch, c], arrived.energy[batch, c]
                )
            ]
            yield from sorted(ended, key=_order_of)
            yield FollowedUntil(
                listeners[0].follower.until_s, tuple(one.follower.begun_s for one in listeners)
            )
    yield from sorted((span for one in listeners for span in one.follower.close()), key=_order_of)


def _order_of(span: SpeechSpan) -> tuple[float, int, bool]:
    return span.end_s, span.channel, span.is_faint
