"""A hand-over is written whole or not at all, and the study records it."""

from __future__ import annotations

import hashlib
import os
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from handoff import export as room
from handoff.bundle import ExportOrder, render_bundle
from handoff.export import export_interviews
from handoff.gate import check_export
from handoff.hand_overs import list_hand_overs
from handoff.sign_off import sign_transcript
from study import (
    ArtefactKind,
    HandOver,
    InterviewDetails,
    InterviewState,
    Mark,
    MarkKind,
    Transcript,
    UnfinishedHandOver,
    Verdict,
)
from study.errors import (
    DiskFailed,
    DiskFull,
    MentionsUndecided,
    NothingToWrite,
    NotSignedOff,
    OriginalSurvives,
    SignOffVoid,
    StepMissing,
    TargetExists,
    TargetUnwritable,
)
from study.store import (
    Study,
    list_unfinished_hand_overs,
    read_trail_head,
    verify_study,
    write_file_atomically,
)
from tests.handoff.deciding import decide


def render_files(study: Study, interview: str) -> dict[str, bytes]:
    return render_bundle(study, ExportOrder((interview,)), date(2026, 11, 25))


def test_a_hand_over_is_a_folder_that_checks_itself(study: Study, approved: str) -> None:
    files = export_interviews(study, ExportOrder((approved,)))

    folder = study.folder / "handed-over" / "P07_i1"
    assert sorted(p.name for p in folder.iterdir()) == sorted(p.name for p in files)
    done = subprocess.run(
        ["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"")
    assert study.find_interview("P07_i1").state is InterviewState.HANDED


def test_the_manifest_tells_the_model_the_coverage_the_sign_off_and_the_head_of_the_trail(
    study: Study, approved: str
) -> None:
    files = render_files(study, approved)
    manifest = msgspec.json.decode(files["manifest.json"])

    (told,) = manifest["interviews"]
    assert told["transcribed_by"]["model_sha256"] == "00" * 32
    assert told["coverage"]["speech_s"] == 4.5
    assert told["replaced"] == {"person": 1, "phone number": 1}
    assert told["kept"] == 1
    assert told["sign_off"]["name"] == "A. Officer"
    assert told["sign_off"]["text_sha256"] == manifest["files"]["P07_i1.txt"]
    assert manifest["audit_trail_head"] == str(read_trail_head(study.db))
    assert set(files) - set(manifest["files"]) == {
        "manifest.json", "SHA256SUMS", "SHA256SUMS.sig",
    }  # fmt: skip


def test_the_same_interview_gives_the_same_bytes(study: Study, decided: str) -> None:
    assert render_files(study, decided) == render_files(study, decided)


def test_a_second_hand_over_stands_beside_the_first(study: Study, approved: str) -> None:
    export_interviews(study, ExportOrder((approved,)))
    export_interviews(study, ExportOrder((approved,)))

    names = sorted(p.name for p in (study.folder / "handed-over").iterdir())
    assert names == ["P07_i1", "P07_i1-2"]
    assert verify_study(study) == []


def test_what_was_handed_over_is_remembered_by_its_hashes(
    study: Study, approved: str, tmp_path: Path
) -> None:
    export_interviews(study, ExportOrder((approved,)), tmp_path / "out")

    export_interviews(
        study, ExportOrder((approved,), ("txt",), "the archive", "deposit"), tmp_path / "again"
    )

    first, second = list_hand_overs(study.interview(approved))
    text = (tmp_path / "out" / "P07_i1.txt").read_bytes()
    sums = (tmp_path / "again" / "SHA256SUMS").read_bytes()
    assert first.files["P07_i1.txt"] == hashlib.sha256(text).hexdigest()
    assert (second.to, second.purpose, second.formats) == ("the archive", "deposit", ("txt",))
    assert second.fingerprint == hashlib.sha256(sums).hexdigest()


def test_an_existing_folder_is_never_written_into(
    study: Study, approved: str, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(TargetExists):
        export_interviews(study, ExportOrder((approved,)), tmp_path)

    assert (tmp_path / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_of_two_hand_overs_at_once_only_the_one_that_has_the_name_is_recorded(
    study: Study, approved: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    target = tmp_path / name
    settled = iter([False, True])
    note = room._note

    def be_overtaken(*facts: Any) -> UnfinishedHandOver:  # noqa: ANN401 - as they come
        if not next(settled):
            export_interviews(study, ExportOrder((approved,)), target)
        return note(*facts)

    monkeypatch.setattr(room, "_note", be_overtaken)
    with pytest.raises(TargetExists):
        export_interviews(study, ExportOrder((approved,)), target)

    assert target.exists()
    assert study.interview(approved).find_newest_version(ArtefactKind.HANDED) == 1
    assert list_unfinished_hand_overs(study) == ()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("out")) == [name]


def test_a_folder_that_cannot_be_made_is_one_sentence(
    study: Study, approved: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(TargetUnwritable):
        export_interviews(study, ExportOrder((approved,)), tmp_path / "file" / "out")


def test_a_disk_that_fills_up_leaves_nothing_half_written(
    study: Study, approved: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_at_the_manifest(path: Path, content: bytes) -> None:
        if path.name == "manifest.json":
            raise DiskFull
        write_file_atomically(path, content)

    monkeypatch.setattr(room, "write_file_atomically", full_at_the_manifest)

    with pytest.raises(DiskFull):
        export_interviews(study, ExportOrder((approved,)), tmp_path / "out" / "here")

    assert list((tmp_path / "out").iterdir()) == []
    assert study.interview(approved).find_newest_version(ArtefactKind.HANDED) == 0


def test_a_file_that_somebody_laid_ready_gets_none_of_the_words(
    study: Study, approved: str, tmp_path: Path
) -> None:
    (tmp_path / "theirs").write_bytes(b"")
    os.link(tmp_path / "theirs", tmp_path / ".out.zip.new")
    (tmp_path / "out2.zip").symlink_to(tmp_path / "not there yet")

    export_interviews(study, ExportOrder((approved,)), tmp_path / "out.zip")
    with pytest.raises(TargetExists):
        export_interviews(study, ExportOrder((approved,)), tmp_path / "out2.zip")

    assert (tmp_path / "theirs").read_bytes() == b""
    assert not (tmp_path / "not there yet").exists()


def test_the_gate_stands_before_every_file(study: Study, interview: str, tmp_path: Path) -> None:
    with pytest.raises(MentionsUndecided):
        export_interviews(study, ExportOrder((interview,)), tmp_path / "out")

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("heading", ["Life with Margaret Wilson", "ROSE O'NEILL", "Skipton"])
def test_a_name_in_the_heading_of_a_topic_stops_it(
    study: Study, decided: str, heading: str
) -> None:
    clean = study.interview(decided).read_artefact(ArtefactKind.CLEAN, Transcript)
    assert clean is not None
    with study.interview(decided).change("made for a test") as change:
        named = replace(clean, events=(Mark(0.0, MarkKind.TOPIC, heading),))
        change.write_artefact(ArtefactKind.CLEAN, named)

    with pytest.raises(OriginalSurvives, match="a heading at 00:00:00"):
        sign_transcript(study.interview(decided))
    with pytest.raises(OriginalSurvives, match=r"line 1 of P07_i1\.txt"):
        check_export(study.interview(decided), render_files(study, decided))


def test_without_a_clean_transcript_it_says_what_to_do(study: Study) -> None:
    with study.change("made for a test") as change:
        fresh = change.add_interview(InterviewDetails("P08_i1"))

    with pytest.raises(StepMissing, match="clean transcript"):
        export_interviews(study, ExportOrder((fresh,)))


def test_nothing_leaves_that_nobody_signed(study: Study, decided: str, tmp_path: Path) -> None:
    with pytest.raises(NotSignedOff, match="nobody has signed this interview off"):
        export_interviews(study, ExportOrder((decided,)), tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_nothing_leaves_on_a_sign_off_that_no_longer_matches(
    study: Study, approved: str, tmp_path: Path
) -> None:
    decide(study, approved, may1=Verdict.REJECTED)

    with pytest.raises(SignOffVoid, match="something was decided since"):
        export_interviews(study, ExportOrder((approved,)), tmp_path / "out")

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("target", ["out", "out.zip"])
def test_what_cannot_get_its_name_is_not_remembered_and_not_left_behind(
    study: Study,
    approved: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    target: str,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(5, "pulled out")

    place = tmp_path / "disk"
    monkeypatch.setattr(room, "_give_name" if target == "out" else "write_file_atomically", refuse)
    before = read_trail_head(study.db)

    with pytest.raises((TargetUnwritable, OSError, DiskFailed)):
        export_interviews(study, ExportOrder((approved,)), place / target)

    assert list(place.iterdir()) == []
    assert study.interview(approved).find_newest_version(ArtefactKind.HANDED) == 0
    lines, _ = study.read_trail()
    assert [line.verb for line in lines[before.count :]] in (
        ["hand-over begun", "hand-over ready", "hand-over ended"],
        ["hand-over begun", "hand-over ended"],
    )
    assert list_unfinished_hand_overs(study) == ()


def test_a_decision_made_while_files_are_written_stops_them(
    study: Study, approved: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decides(path: Path, content: bytes) -> None:
        write_file_atomically(path, content)
        if path.name == "manifest.json":
            decide(study, approved, may1=Verdict.REJECTED)

    monkeypatch.setattr(room, "write_file_atomically", decides)

    with pytest.raises(SignOffVoid):
        export_interviews(study, ExportOrder((approved,)), tmp_path / "out" / "here")

    assert list((tmp_path / "out").iterdir()) == []


def test_the_readme_explains_brackets_only_where_a_transcript_is_beside_it(
    study: Study, approved: str, tmp_path: Path
) -> None:
    told = {
        form: (tmp_path / form / "README.txt").read_text()
        for form in ("txt", "report")
        if export_interviews(study, ExportOrder((approved,), (form,)), tmp_path / form)
    }

    assert "A text in [brackets]" in told["txt"]
    assert "brackets" not in told["report"]
    assert "While a key is kept in the study" in told["report"]


@pytest.fixture
def untimed(study: Study, decided: str) -> str:
    """The id of an interview that was typed elsewhere without times, signed off."""
    interview = study.interview(decided)
    clean = interview.read_artefact(ArtefactKind.CLEAN, Transcript)
    assert clean is not None
    turns = tuple(replace(turn, start_s=0.0, end_s=0.0) for turn in clean.turns)
    with interview.change("made for a test") as change:
        change.write_artefact(ArtefactKind.CLEAN, replace(clean, turns=turns, coverage=None))
    sign_transcript(interview)
    return decided


def test_an_order_that_writes_no_transcript_is_refused(
    study: Study, untimed: str, tmp_path: Path
) -> None:
    """It was recorded as handed over, and its README said that these files hold an interview."""
    with pytest.raises(NothingToWrite, match="P07_i1"):
        export_interviews(study, ExportOrder((untimed,), ("vtt", "words")), tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_the_manifest_and_the_study_list_the_formats_that_are_there(
    study: Study, untimed: str, tmp_path: Path
) -> None:
    export_interviews(study, ExportOrder((untimed,), ("txt", "vtt")), tmp_path / "out")

    manifest = msgspec.json.decode((tmp_path / "out" / "manifest.json").read_bytes())
    assert manifest["formats"] == ["txt"]
    kept = study.interview(untimed).read_artefact(ArtefactKind.HANDED, HandOver)
    assert kept is not None
    assert kept.formats == ("txt",)
