"""Names and numbers in what a person types for a hand-over and at a sign-off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest

from handoff import sign_off
from handoff.bundle import ExportOrder, Manifest, render_bundle
from handoff.export import export_interviews
from handoff.sign_off import sign_transcript
from study import ArtefactKind, Category, RegisterEntry
from study.errors import LeakPlace, OriginalSurvives
from study.store import Study, read_sign_off


@pytest.mark.parametrize("name", ["for-roseoneill", "margaretwilson", "notes-skipton2.zip"])
def test_a_name_without_its_gaps_is_stopped_in_the_name_of_a_folder(
    study: Study, approved: str, tmp_path: Path, name: str
) -> None:
    """Names of files were searched for whole words alone: "arthurthackray" went into every one."""
    with pytest.raises(OriginalSurvives) as stopped:
        export_interviews(study, ExportOrder((approved,), ("txt",)), tmp_path / name)

    assert stopped.value.places == (LeakPlace.TARGET,)


@pytest.mark.parametrize("name", ["for-analysis", "rosewood", "P07_i1-2.zip"])
def test_other_names_of_folders_pass(
    study: Study, approved: str, tmp_path: Path, name: str
) -> None:
    assert export_interviews(study, ExportOrder((approved,), ("txt",)), tmp_path / name)


@pytest.mark.parametrize(
    ("order", "place"),
    [
        (ExportOrder(("",), ("txt",), purpose="what rose o'neill said"), LeakPlace.PURPOSE),
        (ExportOrder(("",), ("txt",), purpose="ring 07700 900418"), LeakPlace.PURPOSE),
        (ExportOrder(("",), ("txt",), to_whom="margaret wilson"), LeakPlace.RECEIVER),
    ],
)
def test_a_purpose_is_searched_as_what_was_said_and_a_participant_is_no_receiver_by_name(
    study: Study, approved: str, tmp_path: Path, order: ExportOrder, place: LeakPlace
) -> None:
    """Both stood in the manifest beside the code: it was searched for whole names alone."""
    with pytest.raises(OriginalSurvives) as stopped:
        export_interviews(study, replace(order, interviews=(approved,)), tmp_path / "out")

    assert stopped.value.places == (place,)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("to_whom", ["Dr Wilson", "the analysis team", "P07"])
def test_staff_and_codes_receive_a_hand_over(
    study: Study, approved: str, tmp_path: Path, to_whom: str
) -> None:
    order = ExportOrder((approved,), ("txt",), to_whom=to_whom, purpose="the second round")

    assert export_interviews(study, order, tmp_path / "out")


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("A. Officer", "who cares for rose o'neill"),
        ("A. Officer", "data officer, ring 900418"),
        ("A. Officer", "officer at Skipton"),
        ("A. Officer, 07700 900418", "data officer"),
        ("Margaret Wilson", "herself"),
    ],
)
def test_what_is_typed_at_a_sign_off_is_searched_before_anything_is_signed(
    study: Study, decided: str, name: str, role: str
) -> None:
    """Every manifest tells the role, searched for whole names alone, and the name, for nothing."""
    with pytest.raises(OriginalSurvives) as stopped:
        sign_transcript(study.interview(decided), name=name, role=role)

    assert stopped.value.places == (LeakPlace.SIGN_OFF,)
    assert read_sign_off(study.interview(decided)) is None


@pytest.mark.parametrize(
    ("name", "role"),
    [("Dr Jean Wilson", "data officer"), ("Rose", "chair of the board, 2nd floor")],
)
def test_staff_sign_off_though_somebody_in_a_talk_is_called_alike(
    study: Study, decided: str, name: str, role: str
) -> None:
    assert sign_transcript(study.interview(decided), name=name, role=role).name == name


_TYPED_ROLE = 'ethics\x1b[31m board\u202e". All was decided by two.\n\nThe sound was destroyed'
_ONE_LINE = 'ethics\u241b[31m board". All was decided by two. The sound was destroyed'


@pytest.mark.parametrize("is_older", [False, True])
def test_a_role_stays_one_quoted_line_in_the_papers_of_a_hand_over(
    study: Study, decided: str, monkeypatch: pytest.MonkeyPatch, *, is_older: bool
) -> None:
    """It was written as it was typed, and its second line stood there as a sentence of ours."""
    with monkeypatch.context() as earlier:
        if is_older:
            earlier.setattr(sign_off, "tidy_text", str)
        sign_transcript(study.interview(decided), name="A.\nOfficer\u202e", role=_TYPED_ROLE)
    order = ExportOrder((decided,), ("txt",))

    files = render_bundle(study, order, date(2026, 11, 25))

    manifest = msgspec.json.decode(files["manifest.json"], type=Manifest)
    signed = manifest.interviews[0].sign_off
    assert signed is not None
    assert (signed.name, signed.role) == ("A. Officer", _ONE_LINE)
    quoted = _ONE_LINE.replace('"', "'")
    assert f'by who gave their role as "{quoted}"' in files["methods.txt"].decode()


def test_what_was_typed_at_an_older_sign_off_is_searched_at_the_hand_over(
    study: Study, approved: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def list_nothing(*_: object) -> tuple[()]:
        return ()

    monkeypatch.setattr(sign_off, "list_signed_texts", list_nothing)
    sign_transcript(study.interview(approved), name="A. Officer", role="knew rose o'neill")

    with pytest.raises(OriginalSurvives) as stopped:
        export_interviews(study, ExportOrder((approved,), ("txt",)), tmp_path / "out")

    assert stopped.value.places == (LeakPlace.SIGN_OFF,)


AGED = (RegisterEntry(Category.AGE, ("eighty-three",)), RegisterEntry(Category.PLACE, ("Skipton",)))


def copy_for(study: Study, decided: str, called: str, place: Path) -> list[Path]:
    """Write a copy for a participant who is called so, where an age and a town were entered."""
    interview = study.interview(decided)
    with interview.change("made for a test") as change:
        change.write_artefact(ArtefactKind.ABOUT, replace(interview.details, register=AGED))
    sign_transcript(interview, name="A. Officer")
    order = ExportOrder((decided,), ("participant",), called=(("P07", called),))
    return export_interviews(study, order, place)


@pytest.mark.parametrize(
    "called", ["eighty-three", "Ann, 83", "ring 900418", "nine double oh four one eight", "mags"]
)
def test_what_somebody_is_called_is_searched_for_other_forms_of_numbers_and_names(
    study: Study, decided: str, tmp_path: Path, called: str
) -> None:
    """Only the talk was searched for them, and a copy is called so on every line."""
    with pytest.raises(OriginalSurvives) as stopped:
        copy_for(study, decided, called, tmp_path / "out")

    assert LeakPlace.CALLED in stopped.value.places


@pytest.mark.parametrize("called", ["Me", "Lady 1", "Me, for eighty-three pounds", "Number 83"])
def test_what_somebody_is_called_may_hold_other_numbers_and_amounts(
    study: Study, decided: str, tmp_path: Path, called: str
) -> None:
    assert copy_for(study, decided, called, tmp_path / "out")
