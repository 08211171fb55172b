"""Names in what a person types for a hand-over: the folder, the receiver, the purpose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from handoff.bundle import ExportOrder
from handoff.export import export_interviews
from study.errors import LeakPlace, OriginalSurvives
from study.store import Study


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
