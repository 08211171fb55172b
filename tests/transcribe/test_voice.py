"""Voice activity: short and quiet answers are found, silence and noise are not."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transcribe.conftest import demonstration
from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.vad import find_speech_spans
from transcribe.vad_spans import SpeechSpan, VadOptions


def heard(samples: Samples) -> list[SpeechSpan]:
    """Spans of sound of shape (samples, channels), fed in pieces of half a minute."""
    pieces = (
        samples[first : first + 30 * MODEL_RATE]
        for first in range(0, len(samples), 30 * MODEL_RATE)
    )
    return list(find_speech_spans(pieces, VadOptions()))


def one_channel(samples: npt.NDArray[np.floating]) -> Samples:
    return samples.astype(np.float32).reshape(-1, 1)


@pytest.fixture
def word(spoken_word: npt.NDArray[np.int16]) -> Samples:
    """0.6 s of one spoken answer, float."""
    return (spoken_word[:, 0] / 32768).astype(np.float32)


def test_silence_holds_no_speech() -> None:
    assert heard(one_channel(np.zeros(40 * MODEL_RATE))) == []


@pytest.mark.parametrize("dbfs", [-60, -50, -40, -30])
def test_of_pure_noise_at_most_a_fiftieth_is_taken_for_speech(dbfs: float) -> None:
    noise = np.random.default_rng(1).standard_normal(60 * MODEL_RATE) * 10 ** (dbfs / 20)

    found = heard(one_channel(noise))

    assert sum(s.end_s - s.start_s for s in found) <= 1.1  # of 60 s


def test_a_short_answer_after_a_long_silence_is_found(word: Samples) -> None:
    sound = np.concatenate([np.zeros(15 * MODEL_RATE), word, np.zeros(5 * MODEL_RATE)])
    sound += np.random.default_rng(2).standard_normal(len(sound)) * 1e-4

    found = heard(one_channel(sound))

    assert len(found) == 1
    assert found[0].start_s < 15.2
    assert found[0].end_s > 15.4


@pytest.mark.parametrize("dbfs", [-12, -40])
def test_a_quarter_of_a_second_after_a_long_silence_is_found(
    one_word: npt.NDArray[np.int16], dbfs: float
) -> None:
    """With the usual threshold of 0.5 eight of twenty such answers were lost."""
    answer = one_word[:, 0] / 32768
    loudest = int(np.convolve(answer**2, np.ones(MODEL_RATE // 4), "valid").argmax())
    answer = answer[loudest : loudest + MODEL_RATE // 4]
    answer *= 10 ** (dbfs / 20) / np.abs(answer).max()
    sound = np.concatenate([np.zeros(15 * MODEL_RATE), answer, np.zeros(5 * MODEL_RATE)])
    sound += np.random.default_rng(2).standard_normal(len(sound)) * 1e-4

    found = heard(one_channel(sound))

    assert [s for s in found if s.start_s < 15.2 and s.end_s > 15.1]


def test_a_quiet_voice_over_rumble_is_found(talk: npt.NDArray[np.int16]) -> None:
    """Lorries, a fridge: most of the energy lies below the voice."""
    voice = 0.5 * talk[:, 0] / np.abs(talk).max()
    at = np.arange(len(voice)) / MODEL_RATE
    rumble = 0.3 * np.sin(2 * np.pi * 31 * at) + 0.2 * np.sin(2 * np.pi * 47 * at)

    def spoken_s(sound: npt.NDArray[np.floating]) -> float:
        return sum(s.end_s - s.start_s for s in heard(one_channel(sound)))

    assert spoken_s(0.06 * voice + rumble) > 0.85 * spoken_s(voice)


def test_a_second_voice_26_db_quieter_is_found(talk: npt.NDArray[np.int16]) -> None:
    loud = talk[:, 0] / 32768
    sound = np.concatenate([loud, np.zeros(MODEL_RATE), loud * 0.05])

    found = heard(one_channel(sound))

    begun = len(loud) / MODEL_RATE
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
    assert found[-1].end_s <= len(sound) / MODEL_RATE


def test_speech_up_to_the_very_end_ends_with_the_sound(word: Samples) -> None:
    sound = np.concatenate([np.zeros(MODEL_RATE), word, word])[: MODEL_RATE + 9_999]

    found = heard(one_channel(sound))

    assert found[-1].end_s == pytest.approx((MODEL_RATE + 9_999) / MODEL_RATE, abs=0.001)


def test_a_voice_that_bleeds_into_another_microphone_is_heard_on_its_own_only(
    talk: npt.NDArray[np.int16],
) -> None:
    voice = talk[:, 0] / 32768

    found = heard(np.stack([voice, voice * 0.05], axis=1).astype(np.float32))

    assert {s.channel for s in found} == {0}


def test_a_neighbour_8_db_lower_is_not_heard_once_both_have_spoken() -> None:
    """However the microphones are set: the second is 10 dB higher."""
    talk = demonstration(0, 20)
    voice = np.tile(talk[:, 0], 3) / 32768
    is_first = np.arange(len(voice)) // (10 * MODEL_RATE) % 2 == 0
    apart, gain = 10 ** (-8 / 20), 10 ** (10 / 20)
    first = voice * np.where(is_first, 1, apart) * 0.3
    second = voice * np.where(is_first, apart, 1) * 0.3 * gain

    found = heard(np.stack([first, second], axis=1).astype(np.float32))

    late = [span for span in found if span.start_s > 30.5]
    assert {span.channel for span in late} == {0, 1}
    for span in late:
        own = [int(at_s // 10 % 2) for at_s in (span.start_s + 0.5, span.end_s - 0.5)]
        assert own == [span.channel, span.channel]


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(cuts=st.lists(st.integers(0, 2 * 20 * MODEL_RATE), max_size=40))
def test_the_same_sound_gives_the_same_spans_however_it_was_cut_into_pieces(
    talk: npt.NDArray[np.int16], cuts: list[int]
) -> None:
    """What is followed while it is recorded must have the windows of what is read afterwards."""
    voice = talk[:, 0] / 32768
    sound = np.stack([np.tile(voice, 2), np.roll(np.tile(voice, 2), 5 * MODEL_RATE)], axis=1)
    sound = sound.astype(np.float32)
    places = [0, *sorted(cuts), len(sound)]
    pieces = [sound[a:b] for a, b in itertools.pairwise(places)]

    assert list(find_speech_spans(pieces, VadOptions())) == heard(sound)
