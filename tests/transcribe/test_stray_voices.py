"""A cough or an "um" is no person: the wanted number of voices goes to those who speak."""

from __future__ import annotations

import numpy as np
import pytest

from transcribe.voice_clustering import cluster_voices


def test_a_sound_that_is_like_nobody_takes_no_voice_from_somebody_who_says_little() -> None:
    """Two voices much alike, one with an eighth of the speech, and three pieces of an "um"."""
    dice = np.random.default_rng(4)
    first, other, stray = np.eye(3, 64)
    second = 0.8 * first + 0.6 * other
    said = [*[first] * 140, *[second] * 20, *[stray] * 3]
    points = np.array([voice + dice.normal(0, 0.06, 64) for voice in said])
    points = (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)

    found = cluster_voices(points, [0.25] * 163, list(range(163)), count=2)

    truth = np.array([0] * 140 + [1] * 20)
    right = (found.labels[:160] == truth).mean()
    assert max(right, 1 - right) > 0.95


@pytest.mark.parametrize(("spread", "strays", "people"), [(0.04, 2, 2), (0.08, 0, 1)])
def test_two_voices_that_are_much_alike_are_two_where_each_fits_itself(
    spread: float, strays: int, people: int
) -> None:
    """The demonstration's table interview was said to have one voice, or one and an "um"."""
    dice = np.random.default_rng(4)
    first, other, stray = np.eye(3, 64)
    said = [*[first] * 60, *[0.84 * first + 0.543 * other] * 40, *[stray] * strays]
    points = np.array([voice + dice.normal(0, spread, 64) for voice in said])
    points = (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)

    found = cluster_voices(points, [1.0] * len(said), list(range(len(said))), count=None)

    assert len(found.centres) == people
    assert people == 1 or set(found.labels[:60]).isdisjoint(found.labels[60:100])
