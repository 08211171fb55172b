"""Where nothing sounds, judged beside the noise of the window and not by voice activity."""

from __future__ import annotations

import numpy as np
import pytest

from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.sound_level import find_quiet_spans


def sound(*parts: tuple[float, float]) -> Samples:
    """Noise in parts, each of so many seconds and dBFS."""
    dice = np.random.default_rng(5)
    return np.concatenate(
        [
            (10 ** (level / 20) * dice.standard_normal(round(seconds * MODEL_RATE))).astype(
                np.float32
            )
            for seconds, level in parts
        ]
    )


@pytest.mark.parametrize("room_dbfs", [-75.0, -45.0])
def test_a_voice_20_db_quieter_than_the_last_one_is_no_silence(room_dbfs: float) -> None:
    samples = sound((3, -20), (1, room_dbfs), (2, max(-40, room_dbfs + 10)), (1, room_dbfs))

    spans = find_quiet_spans(samples, 60.0)

    assert np.array(spans) == pytest.approx(np.array([(63.0, 64.0), (66.0, 67.0)]), abs=0.02)


def test_digital_silence_is_quiet_and_what_is_above_it_is_not() -> None:
    samples = np.concatenate([sound((1, -60)), np.zeros(MODEL_RATE, np.float32), sound((1, -20))])

    spans = find_quiet_spans(samples, 0.0)

    assert np.array(spans) == pytest.approx(np.array([(1.0, 2.0)]), abs=0.02)


def test_pauses_between_words_are_too_short_to_be_quiet() -> None:
    samples = sound(*[(0.4, -20), (0.2, -70)] * 8)

    assert find_quiet_spans(samples, 0.0) == ()
    assert find_quiet_spans(samples[:100], 0.0) == ()
