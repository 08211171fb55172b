"""Voice activity: where in the sound somebody speaks.

Silero's network, as it ships with faster-whisper, is run over the sound piece by piece with its
memory carried along, so a three-hour interview costs no more memory than a short one. Its
probabilities become spans by two thresholds (begin, end), tuned so that one short word after a
long silence is found: of 0.25 s words after 15 s of silence, 20 of 20 at 0.2 and 12 of 20 at
the usual 0.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol, cast

import numpy as np

from transcribe.following import SLICE, Follower, Hearing, Span
from transcribe.hearing import RATE, Samples, levelled, without_rumble

_CONTEXT = 64  # samples of the slice before that it hears again
_NEARBY = 8  # slices to either side, a quarter of a second: the pause between two words
_BLEED_DB = 12.0  # a voice this much quieter than on another channel belongs to that one


class _Session(Protocol):
    def run(self, names: None, given: dict[str, Samples]) -> tuple[Samples, Samples, Samples]: ...


class _Network:
    """Silero's network with its memory, for one channel."""

    def __init__(self) -> None:
        from faster_whisper.vad import get_vad_model

        self._session = cast("_Session", get_vad_model().session)
        self._h: Samples = np.zeros((1, 1, 128), dtype=np.float32)
        self._c: Samples = np.zeros((1, 1, 128), dtype=np.float32)
        self._before: Samples = np.zeros(_CONTEXT, dtype=np.float32)

    def probabilities(self, samples: Samples) -> Samples:
        """Return one probability for each slice; ``samples`` is a whole number of slices."""
        slices = samples.reshape(-1, SLICE)
        before = np.concatenate([self._before[None], slices[:-1, -_CONTEXT:]])
        self._before = slices[-1, -_CONTEXT:].copy()
        heard = np.concatenate([before, slices], axis=1)
        out, self._h, self._c = self._session.run(
            None, {"input": heard, "h": self._h, "c": self._c}
        )
        return out.reshape(-1)


def spans(pieces: Iterable[Samples], hearing: Hearing) -> Iterator[Span]:
    """Yield where somebody speaks, those of a channel in their order.

    pieces: float32 of shape (samples, channels) at 16 kHz, as ``hearing.pieces`` gives them.
    """
    total = 0

    def counted() -> Iterator[Samples]:
        nonlocal total
        for piece in pieces:
            total += piece.shape[0]
            yield piece

    for span in _spans(counted(), hearing):
        # The last slice is filled up with silence, which is no sound of the interview.
        yield replace(span, end_s=min(span.end_s, round(total / RATE, 3)))


def _spans(pieces: Iterable[Samples], hearing: Hearing) -> Iterator[Span]:
    networks: list[_Network] = []
    followers: list[Follower] = []
    for clear in _prepared(pieces):
        channels = clear.shape[1]
        if not networks:
            networks = [_Network() for _ in range(channels)]
            followers = [Follower(c, hearing) for c in range(channels)]
        heard = [networks[c].probabilities(levelled_slice) for c, levelled_slice in _lifted(clear)]
        energy = (clear.reshape(-1, SLICE, channels) ** 2).mean(axis=1)
        own = _own_voice(energy)
        ended = [
            span
            for c, follower in enumerate(followers)
            for span in follower.follow(heard[c] * own[:, c], energy[:, c])
        ]
        yield from sorted(ended, key=lambda s: (s.end_s, s.channel))
    last = [span for follower in followers for span in follower.close()]
    yield from sorted(last, key=lambda s: (s.end_s, s.channel))


def _prepared(pieces: Iterable[Samples]) -> Iterator[Samples]:
    """Cut the stream into whole slices with the rumble out; the tail is padded with silence."""
    rest: Samples | None = None
    for piece in pieces:
        whole = piece if rest is None else np.concatenate([rest, piece])
        usable = whole.shape[0] // SLICE * SLICE
        rest = whole[usable:]
        if usable:
            yield _clear(whole[:usable])
    if rest is not None and rest.shape[0]:
        yield _clear(np.pad(rest, ((0, SLICE - rest.shape[0]), (0, 0))))


def _clear(piece: Samples) -> Samples:
    return np.stack([without_rumble(piece[:, c]) for c in range(piece.shape[1])], axis=1)


def _lifted(clear: Samples) -> Iterator[tuple[int, Samples]]:
    for channel in range(clear.shape[1]):
        yield channel, levelled(np.ascontiguousarray(clear[:, channel]))


def _own_voice(energy: Samples) -> Samples:
    """Return 1 for each slice and channel whose sound is its own, 0 where it bled over.

    energy: mean squares; shape (slices, channels), in and out. With one channel all is its own.
    What counts is the loudest moment nearby: between two words everybody is equally quiet, and
    that says nothing.
    """
    around = np.pad(energy, ((_NEARBY, _NEARBY), (0, 0)), mode="edge")
    nearby = np.lib.stride_tricks.sliding_window_view(around, 2 * _NEARBY + 1, axis=0).max(axis=-1)
    loudness = 10 * np.log10(np.maximum(nearby, 1e-10))
    return (loudness >= loudness.max(axis=1, keepdims=True) - _BLEED_DB).astype(np.float32)
