"""Voice activity: find where in the sound somebody speaks.

Silero's network, which ships with faster-whisper, runs over the sound piece by piece and carries
its state along, so a three-hour interview takes no more memory than a short one. Two thresholds
(begin, end) turn its probabilities into spans. They are chosen so that one short word after a long
silence is found: of 20 words of 0.25 s after 15 s of silence, a threshold of 0.2 found 20 and the
usual 0.5 found 12.
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
    """Silero's network with its state, for one channel."""

    def __init__(self) -> None:
        from faster_whisper.vad import get_vad_model

        self._session = cast("_Session", get_vad_model().session)
        self._h: Samples = np.zeros((1, 1, 128), dtype=np.float32)
        self._c: Samples = np.zeros((1, 1, 128), dtype=np.float32)
        self._before: Samples = np.zeros(_CONTEXT, dtype=np.float32)

    def probabilities(self, slices: Samples) -> Samples:
        """Return one probability for each of the slices, float32 of shape (slices, SLICE)."""
        before = np.concatenate([self._before[None], slices[:-1, -_CONTEXT:]])
        self._before = slices[-1, -_CONTEXT:].copy()
        with_context = np.concatenate([before, slices], axis=1)
        out, self._h, self._c = self._session.run(
            None, {"input": with_context, "h": self._h, "c": self._c}
        )
        return out.reshape(-1)


def find_speech_spans(pieces: Iterable[Samples], options: VadOptions) -> Iterator[SpeechSpan]:
    """Yield the spans of speech as soon as each has ended, those of a channel in order.

    pieces: as for ``follow_speech``.
    """
    return (found for found in follow_speech(pieces, options) if isinstance(found, SpeechSpan))


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
    networks: list[_Network] = []
    followers: list[SpeechFollower] = []
    for arrived in slices:
        channels = arrived.energy.shape[1]
        if not networks:
            networks = [_Network() for _ in range(channels)]
            followers = [SpeechFollower(c, options) for c in range(channels)]
        # Always the same number at once, or the last bits of the network's results change.
        for first in range(0, len(arrived.energy), BATCH_SLICES):
            batch = slice(first, first + BATCH_SLICES)
            ended: list[SpeechSpan] = []
            for c, follower in enumerate(followers):
                likely = networks[c].probabilities(arrived.lifted[batch, :, c])
                ended += follower.take_slices(
                    likely * arrived.own[batch, c], arrived.energy[batch, c]
                )
            yield from sorted(ended, key=lambda s: (s.end_s, s.channel))
            yield FollowedUntil(followers[0].until_s, tuple(f.begun_s for f in followers))
    last = [span for follower in followers for span in follower.close()]
    yield from sorted(last, key=lambda s: (s.end_s, s.channel))
