"""A participant's code that may be somebody's name."""

from __future__ import annotations

import pytest

from app import doubt_codes, doubt_label


@pytest.mark.parametrize("code", ["Maureen", "maureen", "Arthur-Jones", "Mark", "GRACE", "jean_t"])
def test_a_common_first_name_is_doubted_as_a_code(code: str) -> None:
    assert doubt_codes(["P01", code]) == (
        f"{code} is a common first name, and a code goes into files that leave the study."
    )


@pytest.mark.parametrize(
    "code", ["P01", "FAM01", "STAFF-A", "Alpha", "INT01", "WARD", "Bravo", "Maureen1", "p", "carer"]
)
def test_a_code_that_is_none_passes_unasked(code: str) -> None:
    assert doubt_codes([code]) == ""


@pytest.mark.parametrize("label", ["Maureen_i1", "visit-maureen", "Mark1", "P07_Thackray", "jean"])
def test_a_name_in_a_label_is_doubted(label: str) -> None:
    """Only the gate refused it, hours later."""
    assert "goes into files that leave the study" in doubt_label(label, ["Arthur Thackray"])


@pytest.mark.parametrize(
    "label", ["P07_i1", "FAM01_i2", "2026-05-May", "focus-group_3", "STAFF01_pilot", "i1", "ward-2"]
)
def test_a_label_without_a_name_passes_unasked(label: str) -> None:
    assert doubt_label(label, ["Arthur Thackray"]) == ""
