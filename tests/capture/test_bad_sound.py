"""What is no sound, or not all of it, is one sentence and leaves the study as it was."""

from __future__ import annotations

import os
import struct
import traceback
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from capture import decoding_child, sound_import
from capture.sound_import import import_sound
from study import ArtefactKind, InterviewDetails, TaskProgress
from study.errors import (
    EarshotError,
    NotSound,
    SoundEmpty,
    SoundFlaw,
    SoundNotFound,
    SoundTruncated,
    SoundUnreasonable,
    Stopped,
)
from study.store import Study, TrailHead

Samples = NDArray[np.float64]
Tone = Callable[..., Samples]
Write = Callable[..., Path]
Traces = Callable[[Study], tuple[list[str], TrailHead]]
Origin = dict[str, str | int | float | bool]
NAME = "Margaret Holloway"


@pytest.fixture
def refused(study: Study, traces: Traces) -> Callable[..., EarshotError]:
    """Import, and return the error after having made sure that it left and told nothing."""

    def error_of(path: Path, **how: object) -> EarshotError:
        before = traces(study)
        with pytest.raises(EarshotError) as caught:
            import_sound(study, path, InterviewDetails("P01"), **how)  # pyright: ignore[reportArgumentType]
        assert traces(study) == before
        told = "".join(traceback.format_exception(caught.value))
        assert NAME not in told + repr(caught.value.__context__) + repr(vars(caught.value))
        return caught.value

    return error_of


Refused = Callable[..., EarshotError]


@pytest.mark.parametrize("name", ["nowhere", "no\0where", "x" * 300])
def test_a_file_that_is_not_there(refused: Refused, tmp_path: Path, name: str) -> None:
    assert isinstance(refused(tmp_path / f"{NAME}{name}"), SoundNotFound)


def test_a_link_that_leads_to_itself(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / NAME).symlink_to(tmp_path / NAME)

    assert isinstance(refused(tmp_path / NAME), SoundNotFound)


def test_a_file_that_may_not_be_read(
    refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied", NAME)

    monkeypatch.setattr(decoding_child.os, "open", denied)

    assert isinstance(refused(tmp_path / NAME), SoundNotFound)


def test_a_folder_a_pipe_and_a_device(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path / NAME, tmp_path / "pipe", Path("/dev/zero")):
        assert isinstance(refused(path), NotSound)


def test_an_empty_file(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / NAME).touch()

    assert isinstance(refused(tmp_path / NAME), SoundEmpty)


@pytest.mark.parametrize("name", ["talk.wav", "talk.flac"])
def test_sound_without_a_single_frame(refused: Refused, write_sound: Write, name: str) -> None:
    assert isinstance(refused(write_sound(name, np.zeros((0, 1)))), SoundEmpty)


@pytest.mark.parametrize(
    "content",
    [
        b"Interview with " + NAME.encode() + b"\n",
        b"\x89PNG\r\n\x1a\n" + bytes(500),
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/hostname\n",
        bytes(100_000),
        np.random.default_rng(1).bytes(100_000),
        b"RIFF\xff\xff\xff\xffWAVEfmt ",
        b"ID3\x04\0\0\x7f\x7f\x7f\x7f",
    ],
    ids=["text", "png", "m3u", "concat", "zeros", "noise", "riff", "id3"],
)
def test_files_that_are_not_sound(refused: Refused, tmp_path: Path, content: bytes) -> None:
    (tmp_path / f"{NAME}.wav").write_bytes(content)

    assert isinstance(refused(tmp_path / f"{NAME}.wav"), NotSound | SoundEmpty)


@pytest.mark.parametrize(
    ("rate", "channels", "words"), [(16_000, 200, "200 channels"), (1_000_000, 1, "1,000,000 Hz")]
)
def test_sound_that_nobody_records(
    refused: Refused, tone: Tone, write_sound: Write, rate: int, channels: int, words: str
) -> None:
    error = refused(write_sound("talk.wav", tone(0.01, rate, channels), rate))

    assert isinstance(error, SoundUnreasonable)
    assert words in str(error)


def test_a_header_that_claims_a_million_million_frames(refused: Refused, tmp_path: Path) -> None:
    size = 2 * 10**12
    head = b"RF64\xff\xff\xff\xffWAVE" + b"ds64" + struct.pack("<IQQQI", 28, size, size, 10**12, 0)
    head += b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 16_000, 32_000, 2, 16)
    (tmp_path / "talk.wav").write_bytes(head + b"data\xff\xff\xff\xff" + bytes(32_000))

    assert isinstance(refused(tmp_path / "talk.wav", partial=True), SoundUnreasonable)


def test_a_flac_that_claims_more_than_a_day(
    refused: Refused, tone: Tone, write_sound: Write
) -> None:
    path = write_sound("talk.flac", tone())
    raw = bytearray(path.read_bytes())
    raw[21] |= 0x0F
    raw[22:26] = b"\xff" * 4
    path.write_bytes(raw)

    assert isinstance(refused(path, partial=True), SoundUnreasonable)


def test_an_mp3_that_claims_a_year(refused: Refused, tone: Tone, encode: Write) -> None:
    path = encode("talk.mp3", tone(3.0, 44_100), 44_100, "libmp3lame")
    raw = bytearray(path.read_bytes())
    tag = max(raw.find(b"Xing"), raw.find(b"Info"))
    raw[tag + 8 : tag + 12] = b"\xff" * 4
    path.write_bytes(raw)

    assert isinstance(refused(path, partial=True), SoundUnreasonable)


def test_sound_that_goes_on_for_longer_than_its_header_says_is_capped(
    refused: Refused, tone: Tone, write_sound: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def two_seconds(rate: int) -> int:
        return 2 * rate

    monkeypatch.setattr(sound_import, "compute_most_frames", two_seconds)

    assert isinstance(refused(write_sound("talk.wav", tone(4.0))), SoundUnreasonable)


def cut(path: Path, keep: float = 0.6) -> Path:
    os.truncate(path, int(path.stat().st_size * keep))
    return path


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("talk.wav", {}),
        ("talk.aiff", {}),
        ("talk.flac", {}),
        ("talk.ogg", {"subtype": "VORBIS"}),
        ("talk.opus", {"subtype": "OPUS", "format": "OGG"}),
    ],
)
def test_a_file_cut_short_says_where_and_can_be_taken_in_part(
    study: Study, refused: Refused, write_sound: Write, name: str, how: dict[str, str]
) -> None:
    noise = np.random.default_rng(2).normal(0, 0.1, (8 * 16_000, 1))  # does not compress away
    path = cut(write_sound(name, noise, **how))

    error = refused(path)
    interview = import_sound(study, path, InterviewDetails("P01"), partial=True)

    assert isinstance(error, SoundTruncated)
    assert 3.0 < study.find_interview(interview).sound_s < 6.0
    assert f"{study.find_interview(interview).sound_s:.1f} s" in str(error)


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [("talk.mp3", "libmp3lame", {}), ("talk.m4a", "aac", {"movflags": "faststart"})],
)
def test_a_file_of_a_phone_cut_short_says_where_and_can_be_taken_in_part(
    study: Study, refused: Refused, tone: Tone, encode: Write,
    name: str, codec: str, options: dict[str, str],
) -> None:  # fmt: skip
    path = cut(encode(name, tone(8.0, 44_100), 44_100, codec, **options))

    error = refused(path)
    interview = import_sound(study, path, InterviewDetails("P01"), partial=True)

    assert isinstance(error, SoundTruncated)
    assert 3.0 < study.find_interview(interview).sound_s < 6.0


def test_an_m4a_without_its_index_was_cut_short_too(
    refused: Refused, tone: Tone, encode: Write
) -> None:
    path = cut(encode("talk.m4a", tone(8.0, 44_100), 44_100, "aac"))

    assert isinstance(refused(path, partial=True), SoundTruncated)


def test_damage_in_the_middle_is_no_cut_and_keeps_its_seconds(
    study: Study, tone: Tone, encode: Write
) -> None:
    path = encode("talk.m4a", tone(8.0, 44_100), 44_100, "aac", movflags="faststart")
    raw = bytearray(path.read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + 2000] = b"\xff" * 2000
    path.write_bytes(raw)

    interview = import_sound(study, path, InterviewDetails("P01"))

    found = study.interview(interview).read_artefact(ArtefactKind.ORIGIN, Origin)
    assert found is not None
    assert found["damaged"] == 1
    assert not found["is_cut"]
    assert study.find_interview(interview).sound_s == pytest.approx(8.0, abs=0.1)


def test_a_stop_half_way_leaves_nothing(refused: Refused, tone: Tone, write_sound: Write) -> None:
    told: list[TaskProgress] = []

    error = refused(
        write_sound("talk.wav", tone(60.0)), stop=lambda: len(told) > 3, report=told.append
    )

    assert isinstance(error, Stopped)
    assert len(told) < 60


def test_a_codec_that_dies_or_hangs_is_a_sentence(
    refused: Refused, tone: Tone, write_sound: Write, monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    path = write_sound("talk.wav", tone(5.0))
    monkeypatch.setattr(decoding_child, "_STALLED_S", 0.5)
    python = tmp_path / "python"
    monkeypatch.setattr(decoding_child.sys, "executable", str(python))
    ready = "printf 'R\\0\\0\\0\\0'\n"
    for end in ("kill -SEGV $$", "exit 1", "sleep 100", "printf 'H\\377\\377\\377\\377'"):
        python.write_text(f"#!/bin/sh\n{ready}{end}\n")
        python.chmod(0o700)

        assert isinstance(refused(path), NotSound)


@pytest.mark.parametrize(
    "head",
    [b"OggS\0\2", b"RIFF\xff\xff\0\0WAVE", b"\0\0\0\x20ftypM4A ", b"caff\0\1\0\0"],
)
def test_a_damaged_file_is_not_said_to_be_no_sound(
    refused: Refused, tmp_path: Path, head: bytes
) -> None:
    path = tmp_path / f"{NAME}.bin"
    path.write_bytes(head + b"\xa5" * 5000)

    why = refused(path)

    assert isinstance(why, SoundTruncated) or SoundFlaw.DAMAGED in str(why)
