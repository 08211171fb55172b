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

from transcribe.clearing import BATCH, Clearing, Slices
from transcribe.following import Follower, Hearing, Span, Until
from transcribe.hearing import RATE, Samples

_CONTEXT = 64  # samples of the slice before that it hears again


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

    def probabilities(self, slices: Samples) -> Samples:
        """Return one probability for each of the slices, float32 of shape (slices, SLICE)."""
        before = np.concatenate([self._before[None], slices[:-1, -_CONTEXT:]])
        self._before = slices[-1, -_CONTEXT:].copy()
        heard = np.concatenate([before, slices], axis=1)
        out, self._h, self._c = self._session.run(
            None, {"input": heard, "h": self._h, "c": self._c}
        )
        return out.reshape(-1)


def spans(pieces: Iterable[Samples], hearing: Hearing) -> Iterator[Span]:
    """Yield where somebody speaks, as soon as it is known; those of a channel in their order.

    pieces: see ``speech``.
    """
    return (found for found in speech(pieces, hearing) if isinstance(found, Span))


def speech(pieces: Iterable[Samples], hearing: Hearing) -> Iterator[Span | Until]:
    """Yield the same, and about every second how far it has come.

    pieces: float32 of shape (samples, channels) at 16 kHz, as ``hearing.pieces`` gives them. How
    the sound is cut into them makes no difference, nor to the order of what is found.
    """
    total = 0

    def counted() -> Iterator[Samples]:
        nonlocal total
        for piece in pieces:
            total += piece.shape[0]
            yield piece

    for found in _heard(_slices(counted()), hearing):
        if isinstance(found, Until):
            yield found
            continue
        # The last slice is filled up with silence, which is no sound of the interview.
        yield replace(found, end_s=min(found.end_s, round(total / RATE, 3)))


def _slices(pieces: Iterable[Samples]) -> Iterator[Slices]:
    clearing: Clearing | None = None
    for piece in pieces:
        clearing = clearing or Clearing(piece.shape[1])
        yield clearing.take(piece)
    if clearing is not None:
        yield clearing.close()


def _heard(slices: Iterable[Slices], hearing: Hearing) -> Iterator[Span | Until]:
    networks: list[_Network] = []
    followers: list[Follower] = []
    for given in slices:
        channels = given.energy.shape[1]
        if not networks:
            networks = [_Network() for _ in range(channels)]
            followers = [Follower(c, hearing) for c in range(channels)]
        # Always so many at once: the network's last bits depend on it.
        for first in range(0, len(given.energy), BATCH):
            batch = slice(first, first + BATCH)
            ended: list[Span] = []
            for c, follower in enumerate(followers):
                likely = networks[c].probabilities(given.lifted[batch, :, c])
                ended += follower.follow(likely * given.own[batch, c], given.energy[batch, c])
            yield from sorted(ended, key=lambda s: (s.end_s, s.channel))
            yield Until(followers[0].until_s, tuple(f.begun_s for f in followers))
    last = [span for follower in followers for span in follower.close()]
    yield from sorted(last, key=lambda s: (s.end_s, s.channel))
