"""Sound files of every kind come in whole, at their own rate and channels."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from capture.levels import decode_samples
from capture.sound_import import import_sound
from study import ArtefactKind, InterviewDetails, SoundFormat, TaskProgress
from study.errors import BadName, ChannelsDiffer
from study.store import Study, verify_interview_sound

Samples = NDArray[np.float64]
Tone = Callable[..., Samples]
Write = Callable[..., Path]
Origin = dict[str, str | int | float | bool]

SPEECH = Path(__file__).parents[3] / "shared" / "data" / "speech"


def back(study: Study, interview: str) -> tuple[SoundFormat, NDArray[np.int16]]:
    sound = study.interview(interview).open_sound()
    assert sound is not None
    with sound:
        return sound.form, decode_samples(sound.read(0, sound.frames), sound.form.channels)


def origin(study: Study, interview: str) -> Origin:
    found = study.interview(interview).read_artefact(ArtefactKind.ORIGIN, Origin)
    assert found is not None
    return found


def likeness(wanted: Samples, found: NDArray[np.int16]) -> float:
    """Return the correlation at the best of small shifts: encoders begin a little late."""
    best = -1.0
    for shift in range(0, 2500, 1):
        length = min(len(wanted), len(found) - shift, 4000)
        if length < 1000:
            break
        a, b = wanted[:length, 0], found[shift : shift + length, 0]
        best = max(best, float(np.corrcoef(a, b)[0, 1]))
        if best > 0.999:
            break
    return best


@pytest.mark.parametrize("name", ["talk.wav", "talk.flac"])
def test_lossless_files_come_back_bit_for_bit(
    study: Study, tone: Tone, write_sound: Write, name: str
) -> None:
    path = write_sound(name, tone(2.5, 44_100, 2), 44_100, subtype="PCM_16")

    interview = import_sound(study, path, InterviewDetails("P01"))

    form, found = back(study, interview)
    assert form == SoundFormat(44_100, 2)
    assert np.abs(found - np.rint(tone(2.5, 44_100, 2) * 32768)).max() <= 1
    assert len(found) == 110_250
    assert verify_interview_sound(study.interview(interview)) == []


@pytest.mark.parametrize(
    ("name", "subtype", "rate"),
    [("talk.ogg", "VORBIS", 16_000), ("talk.ogg", "OPUS", 48_000), ("talk.opus", "OPUS", 16_000)],
)
def test_ogg_files_come_in_at_their_own_rate(
    study: Study, tone: Tone, write_sound: Write, name: str, subtype: str, rate: int
) -> None:
    path = write_sound(name, tone(2.0, rate, 2), rate, subtype=subtype, format="OGG")

    interview = import_sound(study, path, InterviewDetails("P01"))

    form, found = back(study, interview)
    assert form == SoundFormat(rate, 2)
    assert len(found) / rate == pytest.approx(2.0, abs=0.1)
    assert likeness(tone(2.0, rate, 2), found) > 0.99


@pytest.mark.parametrize(
    ("name", "codec", "rate", "channels"),
    [
        ("talk.mp3", "libmp3lame", 44_100, 2),
        ("talk.m4a", "aac", 48_000, 1),
        ("talk.m4a", "aac", 8_000, 1),
        ("talk.m4a", "aac", 44_100, 2),
        ("talk.m4a", "alac", 44_100, 2),
        ("talk.aac", "aac", 44_100, 1),
        ("talk.mka", "libopus", 48_000, 6),
    ],
)
def test_files_of_phones_and_recorders_come_in(
    study: Study, tone: Tone, encode: Write, name: str, codec: str, rate: int, channels: int
) -> None:
    path = encode(name, tone(2.0, rate, channels), rate, codec)

    interview = import_sound(study, path, InterviewDetails("P01"))

    form, found = back(study, interview)
    assert form == SoundFormat(rate, channels)
    assert len(found) / rate == pytest.approx(2.0, abs=0.3)
    assert likeness(tone(2.0, rate, channels), found) > 0.98


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_24", "FLOAT", "ULAW"])
def test_other_sample_widths_become_16_bit(
    study: Study, tone: Tone, write_sound: Write, subtype: str
) -> None:
    path = write_sound("talk.wav", tone(), subtype=subtype)

    _, found = back(study, import_sound(study, path, InterviewDetails("P01")))

    coarse = 600 if subtype in {"PCM_U8", "ULAW"} else 1
    assert np.abs(found - tone() * 32768).max() <= coarse


def test_floats_beyond_full_scale_are_clipped_and_not_wrapped(
    study: Study, write_sound: Write
) -> None:
    loud = np.array([[1.5], [-1.5], [np.nan], [np.inf], [0.25]])
    path = write_sound("talk.wav", loud, subtype="FLOAT")

    _, found = back(study, import_sound(study, path, InterviewDetails("P01")))

    assert found[:, 0].tolist() == [32767, -32768, 0, 32767, 8192]


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (96_000, 1), (192_000, 2), (48_000, 8)])
def test_any_sane_rate_and_number_of_channels_is_kept(
    study: Study, tone: Tone, write_sound: Write, rate: int, channels: int
) -> None:
    path = write_sound("talk.wav", tone(1.2, rate, channels), rate)

    form, found = back(study, import_sound(study, path, InterviewDetails("P01")))

    assert form == SoundFormat(rate, channels)
    assert np.abs(found - tone(1.2, rate, channels) * 32768).max() <= 1


def test_where_it_came_from_is_kept_without_the_name_of_the_file(
    study: Study, tone: Tone, write_sound: Write
) -> None:
    path = write_sound("Margaret Holloway.wav", tone(2.0), subtype="PCM_24")

    kept = origin(study, import_sound(study, path, InterviewDetails("P01")))

    assert kept == {
        "container": "WAV",
        "codec": "PCM_24",
        "rate": 16_000,
        "channels": 1,
        "frames": 32_000,
        "duration_s": 2.0,
        "bytes": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "is_cut": False,
    }


def test_progress_is_told_in_seconds_of_sound(study: Study, tone: Tone, write_sound: Write) -> None:
    told: list[TaskProgress] = []

    import_sound(
        study, write_sound("talk.wav", tone(3.5)), InterviewDetails("P01"), report=told.append
    )

    assert [p.done for p in told] == [1.0, 2.0, 3.0, 3.5]
    assert {p.total for p in told} == {3.5}


def test_a_wav_whose_writer_could_not_seek_back_is_whole(
    study: Study, tone: Tone, write_sound: Write
) -> None:
    path = write_sound("talk.wav", tone(2.0))
    raw = bytearray(path.read_bytes())
    for unknown in (0, 0xFFFFFFFF, 0x7FFFF000):
        raw[40:44] = unknown.to_bytes(4, "little")
        path.write_bytes(raw)

        _, found = back(study, import_sound(study, path, InterviewDetails(f"P{unknown}")))

        assert len(found) == 32_000


def test_more_speakers_than_channels_are_refused_and_nothing_stays(
    study: Study, tone: Tone, write_sound: Write
) -> None:
    path = write_sound("talk.wav", tone())

    with pytest.raises(ChannelsDiffer, match=r"2 speakers .* only one channel"):
        import_sound(study, path, InterviewDetails("P01", channels=("INT01", "P01")))

    assert study.summaries() == []


def test_a_taken_label_is_refused_and_nothing_stays(
    study: Study, tone: Tone, write_sound: Write
) -> None:
    path = write_sound("talk.wav", tone())
    import_sound(study, path, InterviewDetails("P01"))

    with pytest.raises(BadName):
        import_sound(study, path, InterviewDetails("P01"))

    assert len(study.summaries()) == 1
    assert len(list((study.folder / "audio").iterdir())) == 1


@pytest.mark.skipif(not SPEECH.is_dir(), reason="the recordings in ../shared/data are not here")
def test_the_shared_recordings_come_in_with_their_times(study: Study) -> None:
    lines = (SPEECH / "manifest.tsv").read_text().splitlines()[1:]
    wanted = {line.split("\t")[0]: float(line.split("\t")[1]) for line in lines}

    for number, (name, seconds) in enumerate(wanted.items()):
        interview = import_sound(study, SPEECH / name, InterviewDetails(f"P{number}"))

        assert study.find_interview(interview).sound_s == pytest.approx(seconds, abs=0.02)
