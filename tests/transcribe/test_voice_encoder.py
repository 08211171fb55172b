"""Pieces of speech become points: by the piece alone, at any level, wherever it lies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from models import InstalledModel, find_offer, load_demonstration
from study.errors import ModelBroken
from tests.genuine import find_voices
from tests.models.checkpoints import build_network, hear, make_weights
from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.voice_encoder import VoiceEncoder, compute_mel

WEIGHTS = make_weights()


def noise(seconds: float, seed: int = 1, level: float = 0.05) -> Samples:
    drawn = np.random.default_rng(seed).normal(0, level, int(seconds * MODEL_RATE))
    return drawn.astype(np.float32)


@pytest.fixture(scope="module")
def untaught(tmp_path_factory: pytest.TempPathFactory) -> InstalledModel:
    """A voice model that has learnt nothing, in its true shapes."""
    offer = find_offer("voices")
    assert offer is not None
    folder = tmp_path_factory.mktemp("voices")
    (folder / "voices.onnx").write_bytes(build_network(WEIGHTS))
    return InstalledModel(offer, folder)


@pytest.fixture(scope="module")
def encoder(untaught: InstalledModel) -> VoiceEncoder:
    return VoiceEncoder(untaught)


def test_a_point_is_what_the_network_makes_of_the_mel_power_at_one_level(
    encoder: VoiceEncoder,
) -> None:
    sound = noise(1.6)
    level = 10 ** (-24 / 20) / np.sqrt(np.mean(sound.astype(np.float64) ** 2))

    voices = encoder.embed(sound, [0.0])

    mel = compute_mel(sound * np.float32(level))[None, :160]
    assert np.abs(voices - hear(WEIGHTS, mel)).max() < 1e-4


def test_points_have_unit_length_one_for_each_piece(encoder: VoiceEncoder) -> None:
    voices = encoder.embed(noise(10), [n / 4 for n in range(37)])

    assert voices.shape == (37, 256)
    assert voices.dtype == np.float32
    assert np.abs(np.linalg.norm(voices, axis=1) - 1).max() < 1e-5


def test_a_quieter_recording_has_the_same_points(encoder: VoiceEncoder) -> None:
    sound = noise(3)

    apart = encoder.embed(sound, [0.5, 1.0]) - encoder.embed(sound * np.float32(0.01), [0.5, 1.0])

    assert np.abs(apart).max() < 1e-5


def test_a_point_does_not_depend_on_what_else_is_in_the_block(encoder: VoiceEncoder) -> None:
    sound = np.concatenate([noise(70, level=0.5), noise(6, seed=2)])

    alone = encoder.embed(sound[70 * MODEL_RATE - 1600 :], [0.6])
    among = encoder.embed(sound, [3.0, 70.5, 12.0])

    assert np.abs(among[1] - alone[0]).max() < 1e-6


def test_a_piece_that_reaches_over_the_end_is_filled_with_silence(encoder: VoiceEncoder) -> None:
    voices = encoder.embed(noise(2), [0.0, 1.5, 1.99, 2.5])

    assert np.isfinite(voices).all()
    assert np.abs(voices[3] - encoder.embed(np.zeros(0, np.float32), [0.0])[0]).max() < 1e-6


def test_silence_is_not_amplified_into_a_voice(encoder: VoiceEncoder) -> None:
    silent = encoder.embed(np.zeros(4 * MODEL_RATE, np.float32), [0.0, 1.0])

    assert np.isfinite(silent).all()
    assert np.abs(silent[0] - silent[1]).max() < 1e-6


def test_no_piece_is_no_point(encoder: VoiceEncoder) -> None:
    assert encoder.embed(noise(2), []).shape == (0, 256)


@pytest.mark.parametrize(("hertz", "band"), [(200, 2), (1000, 13), (4000, 31)])
def test_a_tone_is_loudest_in_the_band_of_its_pitch(hertz: float, band: int) -> None:
    at = np.arange(MODEL_RATE) / MODEL_RATE

    mel = compute_mel(np.sin(2 * np.pi * hertz * at).astype(np.float32))

    assert mel.shape == (101, 40)
    assert mel[50].argmax() == band


def test_long_sound_has_the_same_frames_as_its_parts() -> None:
    sound = noise(65)

    whole, part = compute_mel(sound), compute_mel(sound[29 * MODEL_RATE : 31 * MODEL_RATE])

    assert len(whole) == 6501
    assert np.allclose(whole[2902:3098], part[2:-3], rtol=1e-4)


@pytest.mark.parametrize("content", [b"", b"nonsense"])
def test_a_model_that_is_no_network_is_broken(
    content: bytes, untaught: InstalledModel, tmp_path: Path
) -> None:
    (tmp_path / "voices.onnx").write_bytes(content)

    with pytest.raises(ModelBroken):
        VoiceEncoder(InstalledModel(untaught.offer, tmp_path))


def test_a_model_that_is_gone_is_broken(untaught: InstalledModel, tmp_path: Path) -> None:
    with pytest.raises(ModelBroken):
        VoiceEncoder(InstalledModel(untaught.offer, tmp_path))


def test_the_genuine_one_hears_who_speaks_on_one_microphone() -> None:
    encoder = VoiceEncoder(find_voices())
    sound, rate = soundfile.read(load_demonstration().sound, stop=32 * MODEL_RATE, dtype="float32")
    assert rate == MODEL_RATE
    one = encoder.embed(sound.sum(axis=1), [0.6, 1.2, 1.8, 2.4, 7.8, 8.4])
    other = encoder.embed(sound.sum(axis=1), [11.4, 13.0, 15.0, 17.0, 22.3, 24.0, 26.0])

    same = min((one @ one.T).min(), (other @ other.T).min())
    different = (one @ other.T).max()

    assert same > different
