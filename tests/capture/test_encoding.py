"""Sound for other programs, read back by readers that are not ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from capture.encoders import FLAC_KIND, OPUS_KIND, encode_sound
from study import SoundFormat
from study.errors import DiskFull, TargetUnwritable
from tests.disk import mounted


def blocks(samples: np.ndarray[tuple[int, int], np.dtype[np.int16]], rate: int) -> Iterator[bytes]:
    for first in range(0, len(samples), rate):
        yield samples[first : first + rate].tobytes()


@pytest.fixture
def spoken(tone: Callable[..., np.ndarray[tuple[int, int], np.dtype[np.float64]]]) -> Callable[
    [int, int], np.ndarray[tuple[int, int], np.dtype[np.int16]]
]:  # fmt: skip
    def made(rate: int, channels: int) -> np.ndarray[tuple[int, int], np.dtype[np.int16]]:
        return (tone(2.5, rate, channels) * 32767).astype("<i2")

    return made


Made = Callable[[int, int], np.ndarray[tuple[int, int], np.dtype[np.int16]]]


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (44_100, 2), (48_000, 3)])
def test_flac_is_the_very_same_sound(
    spoken: Made, tmp_path: Path, rate: int, channels: int
) -> None:
    samples = spoken(rate, channels)

    encode_sound(blocks(samples, rate), SoundFormat(rate, channels), tmp_path / "a.flac", FLAC_KIND)

    read, found = soundfile.read(tmp_path / "a.flac", dtype="int16", always_2d=True)
    assert found == rate
    assert (read == samples).all()


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (44_100, 2), (8_000, 3)])
def test_opus_is_as_long_and_as_loud_and_pyav_and_libsndfile_read_it(
    spoken: Made, tmp_path: Path, rate: int, channels: int
) -> None:
    encode_sound(
        blocks(spoken(rate, channels), rate),
        SoundFormat(rate, channels),
        tmp_path / "a.opus",
        OPUS_KIND,
    )

    with av.open(str(tmp_path / "a.opus")) as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
        assert container.streams.audio[0].codec_context.name in {"opus", "libopus"}
        assert container.streams.audio[0].channels == channels
    assert sum(frame.shape[1] for frame in frames) / 48_000 == pytest.approx(2.5, abs=0.05)
    read, found = soundfile.read(tmp_path / "a.opus", always_2d=True)
    assert (found, read.shape[1]) == (48_000, channels)
    assert np.sqrt(np.mean(read**2)) == pytest.approx(0.354, abs=0.03)


@pytest.mark.parametrize("kind", [FLAC_KIND, OPUS_KIND])
def test_the_same_sound_gives_the_same_bytes_and_names_no_program(
    spoken: Made, tmp_path: Path, kind: str
) -> None:
    for name in ("a", "b"):
        encode_sound(
            blocks(spoken(16_000, 1), 16_000), SoundFormat(16_000, 1), tmp_path / name, kind
        )

    raw = (tmp_path / "a").read_bytes()
    assert raw == (tmp_path / "b").read_bytes()
    assert b"Lavf6" not in raw


def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.flac").write_text("mine")

    with pytest.raises((TargetUnwritable, FileExistsError)):
        encode_sound([], SoundFormat(8000, 1), tmp_path / "a.flac", FLAC_KIND)

    assert (tmp_path / "a.flac").read_text() == "mine"


@pytest.mark.parametrize("kind", [FLAC_KIND, OPUS_KIND])
def test_a_full_disk_is_said_to_be_full(tmp_path: Path, kind: str) -> None:
    noise = np.random.default_rng(1).integers(-9000, 9000, (16_000 * 200, 1)).astype("<i2")
    with mounted(tmp_path, mib=16) as disk:
        free = disk.place / "filler"
        free.write_bytes(bytes(13 * 1024 * 1024))
        with pytest.raises(DiskFull):
            encode_sound(blocks(noise, 16_000), SoundFormat(16_000, 1), disk.place / "a", kind)
