"""Voice activity: short and quiet answers are found, silence and noise are not."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest

from transcribe.following import Hearing, Span
from transcribe.hearing import RATE, Samples, levelled, without_rumble
from transcribe.voice import spans


def heard(samples: Samples) -> list[Span]:
    """Spans of sound of shape (samples, channels), fed in pieces of half a minute."""
    pieces = (samples[first : first + 30 * RATE] for first in range(0, len(samples), 30 * RATE))
    return list(spans(pieces, Hearing()))


def one_channel(samples: npt.NDArray[np.floating]) -> Samples:
    return samples.astype(np.float32).reshape(-1, 1)


@pytest.fixture
def word(talk: npt.NDArray[np.int16]) -> Samples:
    """About 0.6 s of one spoken answer, float."""
    return (talk[int(5.3 * RATE) : int(5.9 * RATE), 0] / 32768).astype(np.float32)


def test_silence_holds_no_speech() -> None:
    assert heard(one_channel(np.zeros(40 * RATE))) == []


@pytest.mark.parametrize("dbfs", [-60, -50, -40, -30])
def test_of_pure_noise_at_most_a_fiftieth_is_taken_for_speech(dbfs: float) -> None:
    noise = np.random.default_rng(1).standard_normal(60 * RATE) * 10 ** (dbfs / 20)

    found = heard(one_channel(noise))

    assert sum(s.end_s - s.start_s for s in found) <= 1.1  # of 60 s


def test_a_short_answer_after_a_long_silence_is_found(word: Samples) -> None:
    sound = np.concatenate([np.zeros(15 * RATE), word, np.zeros(5 * RATE)])
    sound += np.random.default_rng(2).standard_normal(len(sound)) * 1e-4

    found = heard(one_channel(sound))

    assert len(found) == 1
    assert found[0].start_s < 15.2
    assert found[0].end_s > 15.4


def test_a_second_voice_26_db_quieter_is_found(talk: npt.NDArray[np.int16]) -> None:
    loud = talk[:, 0] / 32768
    sound = np.concatenate([loud, np.zeros(RATE), loud * 0.05])

    found = heard(one_channel(sound))

    begun = len(loud) / RATE
    quiet_s = sum(s.end_s - max(s.start_s, begun) for s in found if s.end_s > begun)
    loud_s = sum(s.end_s - s.start_s for s in found if s.end_s <= begun)
    assert quiet_s > 0.9 * loud_s


def test_spans_of_a_channel_never_overlap_and_lie_within_the_sound(
    talk: npt.NDArray[np.int16],
) -> None:
    sound = one_channel(np.tile(talk[:, 0], 3) / 32768)

    found = heard(sound)

    assert all(a.end_s <= b.start_s for a, b in itertools.pairwise(found))
    assert found[0].start_s >= 0
    assert found[-1].end_s <= len(sound) / RATE


def test_speech_up_to_the_very_end_ends_with_the_sound(word: Samples) -> None:
    sound = np.concatenate([np.zeros(RATE), word, word])[: RATE + 9_999]

    found = heard(one_channel(sound))

    assert found[-1].end_s == pytest.approx((RATE + 9_999) / RATE, abs=0.001)


def test_a_voice_that_bleeds_into_another_microphone_is_heard_on_its_own_only(
    talk: npt.NDArray[np.int16],
) -> None:
    voice = talk[:, 0] / 32768

    found = heard(np.stack([voice, voice * 0.05], axis=1).astype(np.float32))

    assert {s.channel for s in found} == {0}


def test_the_same_sound_gives_the_same_spans_whatever_is_read_first(
    talk: npt.NDArray[np.int16],
) -> None:
    sound = one_channel(talk[:, 0] / 32768)

    assert heard(sound) == heard(sound)


def test_rumble_goes_and_the_voice_stays() -> None:
    seconds = np.arange(2 * RATE) / RATE
    rumble = np.sin(2 * np.pi * 25 * seconds).astype(np.float32)
    voice = np.sin(2 * np.pi * 400 * seconds).astype(np.float32)
    inside = slice(RATE // 2, -RATE // 2)

    assert np.abs(without_rumble(rumble)[inside]).max() < 0.15
    assert np.abs(without_rumble(voice)[inside]).max() > 0.95


def test_levelling_lifts_at_most_ten_times_and_never_clips() -> None:
    quiet = np.full(4 * RATE, 0.001, dtype=np.float32)
    loud = np.full(4 * RATE, 0.9, dtype=np.float32)

    assert levelled(quiet).max() == pytest.approx(0.010, rel=0.01)
    assert levelled(np.concatenate([quiet, loud])).max() <= 1.0
