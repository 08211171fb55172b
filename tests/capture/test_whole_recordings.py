"""No second of a file is dropped in silence: it is in the study, or the import says what is not.

Every file here goes through the real child process into a real study.
"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from capture import decoder_process
from capture.levels import decode_samples
from capture.sound_import import (
    ImportChoices,
    SoundLeft,
    import_sound_parts,
    measure_sound_file,
)
from capture.taken_files import TakenFiles
from study import ArtefactKind, InterviewDetails, Mark, MarkKind, SoundFormat
from study.errors import (
    ChannelsDiffer,
    EarshotError,
    NoTrack,
    PartLeftOut,
    SoundChanging,
    SoundTakenBefore,
    SoundTruncated,
    SoundUnreachable,
)
from study.store import Study, TrailHead, verify_interview_sound
from tests.capture.import_kinds_sound import SOUND_KINDS, SoundKind, renamed_codec
from tests.capture.sound_making import (
    Track,
    beeping,
    find_onsets,
    join_files,
    write_libsndfile,
    write_tracks,
)

Traces = Callable[[Study], tuple[list[str], TrailHead]]
Origin = dict[str, str | int | float | bool]
KINDS = {kind.name: kind for kind in SOUND_KINDS}


def taken(
    study: Study, *paths: Path, label: str = "P01", **choices: object
) -> tuple[str, Origin, list[Mark]]:
    """Import, and return the interview, what was noted of its files, and its marks."""
    how = ImportChoices(**choices)  # pyright: ignore[reportArgumentType]
    interview = import_sound_parts(study, paths, InterviewDetails(label), how)
    origin = study.interview(interview).read_artefact(ArtefactKind.ORIGIN, Origin)
    assert origin is not None
    sound = study.interview(interview).open_sound()
    assert sound is not None
    with sound:
        return interview, origin, sound.marks()


def heard(study: Study, interview: str) -> tuple[SoundFormat, NDArray[np.int16]]:
    sound = study.interview(interview).open_sound()
    assert sound is not None
    with sound:
        return sound.form, decode_samples(sound.read(0, sound.frames), sound.form.channels)


def onsets(samples: NDArray[np.int16], rate: int, channel: int = 0) -> list[float]:
    return find_onsets(np.ascontiguousarray(samples[:, channel]), rate)


def made(name: str, folder: Path) -> Path:
    kind: SoundKind = KINDS[name]
    return kind.make(folder / kind.file)


def test_a_hole_is_silence_and_an_event(study: Study, tmp_path: Path) -> None:
    interview, origin, marks = taken(study, made("WebM with 5 s missing in its times", tmp_path))

    assert [(m.kind, round(m.length_s)) for m in marks] == [(MarkKind.ABSENT, 5)]
    assert marks[0].at_s == pytest.approx(1.8, abs=0.03)
    assert (origin["gaps"], round(float(origin["gap_s"]))) == (1, 5)
    form, samples = heard(study, interview)
    assert onsets(samples, form.rate) == pytest.approx([1.0, 7.0], abs=0.05)
    quiet = samples[round(2.0 * form.rate) : round(6.5 * form.rate)]
    assert not quiet.any()
    assert verify_interview_sound(study.interview(interview)) == []


def test_damage_is_counted_and_keeps_its_seconds(study: Study, tmp_path: Path) -> None:
    _, origin, marks = taken(study, made("MP3 with damaged frames", tmp_path))

    assert origin["damaged"] == 2
    assert origin["duration_s"] == pytest.approx(3.0, abs=0.03)
    assert [(m.kind, m.note) for m in marks] == [(MarkKind.ABSENT, "damaged in the file")] * 2


def test_a_wrong_header_is_told(study: Study, tmp_path: Path) -> None:
    _, origin, _ = taken(study, made("WAV whose header states too short a length", tmp_path))

    assert (origin["header_s"], origin["duration_s"]) == (1.0, 3.0)


def test_tracks_become_channels_with_their_speakers(study: Study, tmp_path: Path) -> None:
    path = made("MKV with two sound tracks of different rates", tmp_path)
    about = InterviewDetails("P01", channels=("INT01", "P01"))

    interview = import_sound_parts(study, [path], about)

    form, samples = heard(study, interview)
    assert form == SoundFormat(48_000, 2)
    assert onsets(samples, 48_000, 0) == []
    assert onsets(samples, 48_000, 1) == pytest.approx([1.0, 2.0], abs=0.05)
    with pytest.raises(ChannelsDiffer):
        import_sound_parts(
            study, [path], InterviewDetails("P02", channels=("A", "B", "C")),
            ImportChoices(again=True),
        )  # fmt: skip


def test_one_track_alone_can_be_chosen(study: Study, tmp_path: Path) -> None:
    path = made("MP4 with two sound tracks", tmp_path)

    interview, origin, _ = taken(study, path, track=2)

    form, samples = heard(study, interview)
    assert form.channels == 1
    assert "tracks" not in origin
    assert onsets(samples, form.rate) == pytest.approx([1.0, 2.0], abs=0.05)
    with pytest.raises(NoTrack, match="2 sound tracks"):
        taken(study, path, label="P02", track=3, again=True)


def test_spatial_audio_beside_the_same_sound_is_no_loss(study: Study, tmp_path: Path) -> None:
    name = "MP4 whose first track cannot be decoded (spatial audio)"

    interview, origin, _ = taken(study, made(name, tmp_path))

    form, samples = heard(study, interview)
    assert (origin["tracks_left_out"], origin["tracks_spatial"]) == (1, 1)
    assert onsets(samples, form.rate) == pytest.approx([1.0, 2.0], abs=0.05)


@pytest.mark.parametrize("kind", ["another codec", "spatial, of another length", "behind"])
def test_what_cannot_be_decoded_is_left_only_where_somebody_says_so(
    study: Study, tmp_path: Path, kind: str, traces: Traces
) -> None:
    if kind == "behind":
        path = made("WavPack of two joined files", tmp_path)
    else:
        long = beeping(44_100) if kind == "another codec" else np.tile(beeping(44_100), (2, 1))
        tracks = [Track(long, 44_100, "aac"), Track(beeping(44_100), 44_100, "aac")]
        codec = b"xyz1" if kind == "another codec" else b"apac"
        path = renamed_codec(lambda path: write_tracks(path, tracks), codec)(tmp_path / "call.mov")
    before, asked = traces(study), list[SoundLeft]()

    def say_no(left: SoundLeft) -> bool:
        asked.append(left)
        return False

    for choices in (ImportChoices(), ImportChoices(may_leave=say_no)):
        with pytest.raises(PartLeftOut, match="cannot be decoded"):
            import_sound_parts(study, [path], InterviewDetails("P01"), choices)
        assert traces(study) == before
    yes = ImportChoices(may_leave=lambda _: True)
    import_sound_parts(study, [path], InterviewDetails("P01"), yes)
    taken(study, path, label="P02", partial=True, again=True)

    (left,) = asked
    assert left.tracks == (0 if kind == "behind" else 1)
    assert (left.unread_bytes > 0) == (kind == "behind")


def test_tracks_that_begin_and_end_apart_keep_their_places(study: Study, tmp_path: Path) -> None:
    one = Track(beeping(48_000), 48_000, "aac")
    two = Track(beeping(48_000), 48_000, "aac", start_s=2.5)
    path = write_tracks(tmp_path / "call.mkv", [one, two])

    interview, origin, marks = taken(study, path)

    form, samples = heard(study, interview)
    assert onsets(samples, form.rate, 0) == pytest.approx([1.0, 2.0], abs=0.05)
    assert onsets(samples, form.rate, 1) == pytest.approx([3.5, 4.5], abs=0.05)
    assert len(samples) / form.rate == pytest.approx(5.5, abs=0.1)
    assert marks == []
    assert "gaps" not in origin


def test_files_become_one_interview_with_a_mark_at_each_joint(study: Study, tmp_path: Path) -> None:
    one = write_libsndfile(tmp_path / "1.wav", beeping(16_000), 16_000)
    two = write_libsndfile(tmp_path / "2.flac", beeping(48_000, 2), 48_000)
    three = write_libsndfile(tmp_path / "3.wav", beeping(8_000), 8_000)

    interview, origin, marks = taken(study, one, two, three)

    form, samples = heard(study, interview)
    assert form == SoundFormat(48_000, 2)
    joints = [(m.kind, m.note, round(m.at_s, 1)) for m in marks]
    assert joints == [(MarkKind.JOINT, "2 of 3", 3.0), (MarkKind.JOINT, "3 of 3", 6.0)]
    assert onsets(samples, 48_000) == pytest.approx([1.0, 2.0, 4.0, 5.0, 7.0, 8.0], abs=0.05)
    assert origin["files"] == 3
    assert len(str(origin["sha256"]).split()) == 3


def test_one_bad_file_of_several_leaves_nothing(
    study: Study, tmp_path: Path, traces: Traces
) -> None:
    good = write_libsndfile(tmp_path / "1.wav", beeping())
    bad = made("WAV that was cut short", tmp_path)
    before = traces(study)

    with pytest.raises(SoundTruncated):
        taken(study, good, bad)

    assert traces(study) == before


def test_a_file_of_the_same_content_is_refused_and_named(study: Study, tmp_path: Path) -> None:
    path = write_libsndfile(tmp_path / "a.wav", beeping())
    other = join_files(tmp_path / "b.wav", [path])
    taken(study, path, label="P07_i1")

    with pytest.raises(SoundTakenBefore, match="as P07_i1"):
        taken(study, other, label="P08_i1")
    taken(study, other, label="P08_i1", again=True)

    assert TakenFiles.read(study).find_path_label(other) in {"P07_i1", "P08_i1"}


def test_one_file_given_twice_is_asked_about(study: Study, tmp_path: Path) -> None:
    path = write_libsndfile(tmp_path / "a.wav", beeping())
    copy = join_files(tmp_path / "b.wav", [path])

    with pytest.raises(SoundTakenBefore, match="contain the same sound"):
        taken(study, path, copy)

    assert taken(study, path, copy, again=True)[1]["duration_s"] == 6.0


def test_a_part_of_a_joined_interview_is_known_again(study: Study, tmp_path: Path) -> None:
    one = write_libsndfile(tmp_path / "1.wav", beeping())
    two = write_libsndfile(tmp_path / "2.wav", beeping(8_000), 8_000)
    taken(study, one, two, label="P07_i1")

    with pytest.raises(SoundTakenBefore, match="as P07_i1"):
        taken(study, two, label="P08_i1")


@pytest.mark.parametrize("change", ["grows", "shrinks"])
def test_a_file_that_changes_while_it_is_read_leaves_nothing(
    study: Study, tmp_path: Path, traces: Traces, change: str
) -> None:
    path = write_libsndfile(tmp_path / "a.wav", beeping(16_000, seconds=60.0))
    before = traces(study)
    done: list[float] = []

    def write_on(_: object) -> None:
        if not done:
            done.append(0.0)
            size = path.stat().st_size
            os.truncate(path, size + 1000 if change == "grows" else size - 1000)

    with pytest.raises(EarshotError) as refused:
        import_sound_parts(study, [path], InterviewDetails("P01"), report=write_on)

    assert isinstance(refused.value, SoundChanging)
    assert traces(study) == before


def test_a_file_that_is_written_without_an_end_is_not_read_without_an_end(
    study: Study, tmp_path: Path
) -> None:
    path = write_libsndfile(tmp_path / "a.wav", beeping(16_000, seconds=20.0))
    begun, ended = threading.Event(), threading.Event()

    def record() -> None:
        with path.open("ab") as file:
            while not ended.wait(0.01):
                file.write(bytes(4096))
                file.flush()
                begun.set()

    recorder = threading.Thread(target=record)
    recorder.start()
    begun.wait()
    try:
        with pytest.raises(SoundChanging):
            taken(study, path)
    finally:
        ended.set()
        recorder.join()


def test_a_file_whose_name_vanishes_is_read_to_its_end(study: Study, tmp_path: Path) -> None:
    path = write_libsndfile(tmp_path / "a.wav", beeping(16_000, seconds=30.0))

    interview = import_sound_parts(
        study, [path], InterviewDetails("P01"), report=lambda _: path.unlink(missing_ok=True)
    )

    assert study.find_interview(interview).sound_s == 30.0


def test_a_stick_that_is_pulled_out_is_seen_by_who_reads_every_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(bytes(3 << 20))
    real = os.pread

    def gone(descriptor: int, length: int, offset: int) -> bytes:
        if offset >= 1 << 20:
            raise OSError(errno.ENODEV, "No such device")
        return real(descriptor, length, offset)

    monkeypatch.setattr(decoder_process.os, "pread", gone)
    with path.open("rb") as file:
        digest = decoder_process._Digest(file.fileno())
        assert digest.is_done(30.0)

    assert digest.has_failed


def test_a_pulled_stick_leaves_nothing(
    study: Study, tmp_path: Path, traces: Traces, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_libsndfile(tmp_path / "a.wav", beeping(8_000), 8_000)
    python = tmp_path / "python"
    head = b'{"container":"WAV","codec":"X","rate":8000,"channels":1,"claimed":null}'
    tail = b'{"is_cut":false,"sha256":"","has_failed":true}'
    python.write_text(
        "#!/usr/bin/env python3\nimport struct, sys\n"
        "put = lambda k, raw: sys.stdout.buffer.write(struct.pack('>cI', k, len(raw)) + raw)\n"
        f"put(b'R', b''); put(b'H', {head!r}); put(b'P', bytes(16000)); put(b'T', {tail!r})\n"
    )
    python.chmod(0o700)
    from capture import decoding_child

    monkeypatch.setattr(decoding_child.sys, "executable", str(python))
    before = traces(study)

    with pytest.raises(SoundUnreachable):
        taken(study, path)

    assert traces(study) == before


def test_many_tiny_packets_come_in(study: Study, tmp_path: Path) -> None:
    """Twenty thousand; a million with EARSHOT_THOROUGH=1."""
    count = 1_000_000 if os.environ.get("EARSHOT_THOROUGH") else 20_000
    silence = Track(beeping(96_000, seconds=1.0) * 0.0, 96_000, "aac", bit_rate=8_000)
    one = write_tracks(tmp_path / "one.aac", [silence]).read_bytes()
    frames = [b"\xff\xf1" + part for part in one.split(b"\xff\xf1")[1:]]
    packet = min(frames[2:], key=len)
    path = tmp_path / "many.aac"
    path.write_bytes(packet * count)
    assert len(packet) < 40

    interview, origin, _ = taken(study, path)

    assert study.find_interview(interview).sound_s == pytest.approx(count * 1024 / 96_000, abs=0.1)
    assert "damaged" not in origin


def test_a_name_of_255_bytes_in_another_encoding_is_read(study: Study, tmp_path: Path) -> None:
    name = ("Gespräch_" * 28).encode("latin-1")[:251] + b".wav"
    path = tmp_path / os.fsdecode(name)
    write_libsndfile(tmp_path / "a.wav", beeping()).rename(path)

    interview, _, _ = taken(study, path)

    assert len(name) == 255
    assert study.find_interview(interview).sound_s == 3.0
    assert measure_sound_file(path).length_s == 3.0
