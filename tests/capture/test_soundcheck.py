"""A sound check says in words what is wrong, the worst first, and is right about real speech."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from capture.playback import PlayableSound
from capture.sound_check import SoundClip, measure_sound, run_sound_check
from study import SoundCheck, SoundFormat
from study.errors import MicrophoneFailed
from tests.capture.fed import RATE, Fed

Signal = NDArray[np.float64]  # shape (frames,), 1.0 is full scale

SPEECH = Path(__file__).parents[3] / "shared" / "data" / "speech"
SECONDS = 5


def talk(level_dbfs: float, seconds: float = SECONDS) -> Signal:
    """Noise in syllables with pauses between them, its loud parts at a level."""
    at_s = np.arange(round(seconds * RATE)) / RATE
    is_loud = (at_s % 0.4 < 0.25) & (at_s % 2.0 < 1.4)
    return np.where(is_loud, hiss(level_dbfs, seconds), 0.0)


def hiss(level_dbfs: float, seconds: float = SECONDS) -> Signal:
    dice = np.random.default_rng(1)
    return dice.normal(0, 10 ** (level_dbfs / 20), round(seconds * RATE))


def checked(*channels: Signal, rate: int = RATE) -> SoundCheck:
    block = np.clip(np.rint(np.stack(channels, axis=1) * 32768), -32768, 32767)
    return measure_sound(block.astype("<i2").tobytes(), SoundFormat(rate, len(channels)))


def test_a_quiet_room_and_a_clear_voice_are_good() -> None:
    found = checked(talk(-26) + hiss(-60))

    assert (found.is_good, found.verdict, found.seconds) == (True, "Good.", SECONDS)


def test_speech_noise_and_how_far_apart_they_are_is_measured_in_decibels() -> None:
    (channel,) = checked(talk(-26) + hiss(-60)).channels

    assert channel.speech_dbfs == pytest.approx(-26, abs=1)
    assert channel.noise_dbfs == pytest.approx(-60, abs=1)
    assert channel.speech_to_noise_db == pytest.approx(34, abs=2)
    assert channel.speech_dbfs < channel.peak_dbfs < -10
    assert channel.clipped == 0.0


def test_how_much_is_clipped_is_a_share() -> None:
    square = np.tile([1.0] * 25 + [0.0] * 75, 200)

    (channel,) = checked(square).channels

    assert channel.clipped == pytest.approx(0.25)
    assert channel.peak_dbfs == pytest.approx(0.0, abs=0.001)


@pytest.mark.parametrize(
    ("signal", "verdict"),
    [
        (hiss(-60) * 0, "Exact silence: is the microphone switched on?"),
        (hiss(-60), "Nobody was heard: say a sentence or two."),
        (hiss(-30), "Nobody was heard: say a sentence or two."),
        (talk(-50) + hiss(-75), "Too quiet: move the microphone closer."),
        (talk(-9) + hiss(-60), "Too loud: move the microphone away, or turn it down."),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(signal: Signal, verdict: str) -> None:
    found = checked(signal)

    assert not found.is_good
    assert found.verdict == verdict


def test_a_noisy_room_is_told_from_a_quiet_one() -> None:
    assert checked(talk(-26) + hiss(-33)).verdict.startswith("Noisy room: ")
    assert checked(talk(-26) + hiss(-46)).is_good


def test_several_things_are_told_the_worst_first() -> None:
    found = checked(talk(-48) + hiss(-56))

    assert found.verdict.startswith("Too quiet: ")
    assert " Noisy room: " in found.verdict


def test_a_channel_is_named_where_there_are_several() -> None:
    good, off, low = talk(-26) + hiss(-60), hiss(-60) * 0, talk(-50) + hiss(-75)

    assert checked(good, off).verdict == (
        "Exact silence on channel 2: is the microphone switched on?"
    )
    assert checked(low, good, low).verdict == (
        "Too quiet on channels 1 and 3: move the microphone closer."
    )


@pytest.mark.parametrize("channels", [1, 8])
def test_nothing_at_all_can_be_measured(channels: int) -> None:
    found = measure_sound(b"", SoundFormat(48_000, channels))

    assert len(found.channels) == channels
    assert not found.is_good


@pytest.mark.skipif(not SPEECH.is_dir(), reason="no recordings of real speech are here")
@pytest.mark.parametrize(
    ("name", "level_dbfs", "noise_dbfs", "verdict"),
    [
        ("LJ050-0131.wav", -26, -90, "Good."),
        ("jfk.flac", -26, -90, "Good."),
        ("mfa_acoustic_corpus.wav", -26, -90, "Good."),
        ("mfa_acoustic_corpus.wav", -26, -41, "Good."),
        ("mfa_acoustic_corpus.wav", -26, -32, "Noisy room"),
        ("jfk.flac", -26, -32, "Noisy room"),
        ("jfk.flac", -50, -90, "Too quiet"),
        ("LJ050-0131.wav", -10, -90, "Too loud"),
        ("mfa_common_voice_en_22058264.mp3", -32, -90, "Good."),
    ],
)
def test_the_verdict_is_right_about_real_speech(
    name: str, level_dbfs: float, noise_dbfs: float, verdict: str
) -> None:
    speech, rate = read(SPEECH / name)
    (channel,) = checked(speech * 0.2, rate=rate).channels
    at_level = speech * 0.2 * 10 ** ((level_dbfs - channel.speech_dbfs) / 20)
    dice = np.random.default_rng(2)

    found = checked(at_level + dice.normal(0, 10 ** (noise_dbfs / 20), len(speech)), rate=rate)

    assert found.verdict.startswith(verdict)


def read(path: Path) -> tuple[Signal, int]:
    """Read the first seconds of a recording, as one channel."""
    to_mono = av.AudioResampler("flt", "mono")
    with av.open(str(path)) as container:
        decoded = [out for frame in container.decode(audio=0) for out in to_mono.resample(frame)]
    whole = np.concatenate([frame.to_ndarray().reshape(-1) for frame in decoded])
    rate = decoded[0].sample_rate
    return whole[: 6 * rate].astype(np.float64), rate


class Talking(Fed):
    """A microphone that gives all it has as soon as it is started."""

    def __init__(self, pcm: bytes, *, dies: bool = False) -> None:
        super().__init__()
        self._pcm = pcm
        self._dies = dies

    def start(self, push: object) -> None:
        assert callable(push)
        for first in range(0, len(self._pcm), 800):
            push(self._pcm[first : first + 800])
        self.is_alive = not self._dies


def spoken(seconds: float) -> bytes:
    return np.rint((talk(-26, seconds) + hiss(-60, seconds)) * 32768).astype("<i2").tobytes()


def test_a_check_gives_the_verdict_and_the_sound_to_play_back() -> None:
    source = Talking(spoken(4.0))

    found, clip = run_sound_check(lambda: source, seconds=3.0)

    assert (found.verdict, found.seconds, source.stops) == ("Good.", 3.0, 1)
    assert clip.pcm == spoken(4.0)[: len(clip.pcm)]
    assert clip.frames == 3 * RATE
    playable: PlayableSound = clip
    assert playable.read(100, 50) == clip.pcm[200:300]
    assert playable.read(clip.frames, 50) == b""


def test_a_check_that_is_stopped_measures_what_there_is() -> None:
    source = Talking(spoken(2.0))

    found, _ = run_sound_check(lambda: source, seconds=30.0, stop=lambda: True)

    assert found.seconds == 2.0
    assert source.stops == 1


def test_a_check_tells_how_far_it_is_and_how_loud() -> None:
    told: list[tuple[float, tuple[float, ...]]] = []
    source = Talking(spoken(1.0))

    run_sound_check(
        lambda: source,
        seconds=30.0,
        stop=lambda: bool(told),
        report=lambda seconds, levels: told.append((seconds, levels)),
    )

    ((seconds, levels),) = told
    assert seconds == 1.0
    assert len(levels) == 1
    assert -96 <= levels[0] < 0


def test_a_microphone_that_goes_away_fails_the_check_and_is_closed() -> None:
    source = Talking(spoken(1.0), dies=True)

    with pytest.raises(MicrophoneFailed):
        run_sound_check(lambda: source, seconds=30.0)

    assert source.stops == 1


def test_a_clip_can_be_longer_than_anybody_asks_for() -> None:
    clip = SoundClip(SoundFormat(RATE, 2), bytes(range(8)))

    assert (clip.frames, clip.read(1, 99)) == (2, bytes(range(4, 8)))
