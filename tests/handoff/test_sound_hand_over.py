"""Sound that is handed over: refused before any work, and inside the project where asked."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from handoff.bundle import ExportOrder
from handoff.bundle_check import check_bundle
from handoff.export import export_interviews
from handoff.sign_off import sign_transcript
from handoff.zip_files import build_zip, write_streamed_zip
from study import (
    ArtefactKind,
    CleanBasis,
    Coverage,
    InterviewDetails,
    Mentions,
    Participant,
    Provenance,
    SoundFormat,
    Transcript,
    TranscriptRef,
    Turn,
)
from study.errors import OriginalSurvives, SoundRefused
from study.store import IncomingSound, Interview, Study, change_study_policy, read_study_policy

_MADE = Provenance("transcribe", "earshot", "tiny.en", "00" * 32)
_TURNS = (Turn(1, "P07", 0.0, 2.0, "It was good."), Turn(2, "P07", 2.0, 3.0, "Yes."))


def sign_interview(study: Study, label: str, *, has_sound: bool = True, timed: bool = True) -> str:
    """Return an interview that is signed off, with four seconds of sound or none."""
    about = InterviewDetails(label, (Participant("P07"),))
    if has_sound:
        with IncomingSound(study, SoundFormat(8000, 1)) as incoming:
            incoming.write(np.full((4 * 8000, 1), 700, "<i2").tobytes())
            made = incoming.keep(about, {"container": "WAV"})
    else:
        with study.change("made for a test") as change:
            made = change.add_interview(about)
    turns = _TURNS if timed else tuple(Turn(t.key, t.speaker, 0.0, 0.0, t.text) for t in _TURNS)
    coverage = Coverage(4.0, 3.0, 3.0) if timed else None
    source = TranscriptRef(ArtefactKind.RAW, 1)
    with study.interview(made).change("made for a test") as change:
        change.write_artefact(ArtefactKind.RAW, Transcript(turns, _MADE, coverage))
        change.write_artefact(ArtefactKind.MENTIONS, Mentions(source, (), _MADE))
        basis = CleanBasis(source, mentions=1)
        clean = Transcript(turns, _MADE, coverage, made_from=basis)
        change.write_artefact(ArtefactKind.CLEAN, clean)
        change.write_artefact(ArtefactKind.LOG, ())
    sign_transcript(study.interview(made), name="A. Officer", role="data officer")
    return made


def write_plainly(blocks: Iterable[bytes], form: SoundFormat, path: Path, kind: str) -> None:
    """Write sound as it is, as an encoder would."""
    del form, kind
    path.write_bytes(b"".join(blocks))


def let_sound_leave(study: Study) -> None:
    change_study_policy(study, replace(read_study_policy(study), sound_may_leave=True))


def test_whatever_can_be_refused_is_refused_before_any_sound_is_covered(
    study: Study, tmp_path: Path
) -> None:
    def never(*_: object) -> None:
        pytest.fail("work began")

    spoken = sign_interview(study, "P01_i1")
    typed = sign_interview(study, "P02_i1", has_sound=False)
    untimed = sign_interview(study, "P03_i1", timed=False)
    order = ExportOrder((spoken,), formats=("txt",), sound="flac")

    def refuse(order: ExportOrder, why: str, to: str = "out") -> None:
        with pytest.raises(SoundRefused, match=why):
            export_interviews(study, order, tmp_path / to, encode_sound=never)
        assert list(tmp_path.glob("*")) == before

    before = list(tmp_path.glob("*"))
    refuse(order, "policy does not let it")
    let_sound_leave(study)
    assert read_study_policy(study).sound_may_leave
    refuse(order, "not into a zip file", "out.zip")
    refuse(ExportOrder((spoken, typed), ("txt",), sound="flac"), "P02_i1 has none")
    refuse(ExportOrder((spoken, untimed), ("txt",), sound="flac"), "no times")
    inside = ExportOrder((spoken,), ("txt",), sound="flac", is_sound_inside=True)
    refuse(inside, "no project was ordered")


def test_sound_inside_the_project_is_one_file_that_the_list_and_the_readme_name(
    study: Study, tmp_path: Path
) -> None:
    spoken = [sign_interview(study, label) for label in ("P01_i1", "P02_i1")]
    let_sound_leave(study)
    asked: list[str] = []

    def make_transcriber(interview: Interview) -> None:
        asked.append(interview.label)

    order = ExportOrder(tuple(spoken), ("txt", "qdpx"), sound="flac", is_sound_inside=True)
    out = tmp_path / "out"
    export_interviews(
        study, order, out, encode_sound=write_plainly, make_transcriber=make_transcriber
    )

    assert asked == ["P01_i1", "P02_i1"]  # each is held to its own consent and language
    assert not list(out.glob("*.flac"))
    assert check_bundle(out).findings == ()
    with (
        zipfile.ZipFile(out / "project.qdpx") as project,
        zipfile.ZipFile(out / "project-text.qdpx") as text_only,
    ):
        sounds = [one for one in project.infolist() if one.filename.endswith(".flac")]
        xml = project.read("project.qde").decode()
        assert not [name for name in text_only.namelist() if name.endswith(".flac")]
    assert [one.file_size for one in sounds] == [64_000, 64_000]
    assert all(f"internal://{one.filename.removeprefix('sources/')}" in xml for one in sounds)
    assert "basePath" not in xml
    assert "with the sound inside" in (out / "README.txt").read_text()


def test_what_is_still_understood_stops_sound_inside_a_project_as_well(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken = sign_interview(study, "P01_i1")
    let_sound_leave(study)

    def understand(*_: object) -> list[str]:
        return ["the sound at 00:00:01"]

    monkeypatch.setattr("handoff.export.list_understood_originals", understand)
    order = ExportOrder((spoken,), ("qdpx",), sound="flac", is_sound_inside=True)

    with pytest.raises(OriginalSurvives):
        export_interviews(study, order, tmp_path / "out", encode_sound=write_plainly)
    assert [one.name for one in tmp_path.iterdir()] == ["study"]


def test_a_zip_file_of_large_files_is_written_a_block_at_a_time_and_the_same_each_time(
    tmp_path: Path,
) -> None:
    large = tmp_path / "sound"
    large.write_bytes(bytes(range(256)) * (96 << 10))  # 24 MiB
    digests: set[str] = set()
    for name in ("a.zip", "b.zip"):
        tracemalloc.start()
        write_streamed_zip(tmp_path / name, {"text": b"words"}, {"sources/sound": large})
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < large.stat().st_size / 4
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())

    assert len(digests) == 1
    with zipfile.ZipFile(tmp_path / "a.zip") as made:
        assert made.testzip() is None
        assert made.read("text") == b"words"
    with zipfile.ZipFile(io.BytesIO(build_zip({"text": b"words"}))) as small:
        assert small.getinfo("text").date_time == (1980, 1, 1, 0, 0, 0)
