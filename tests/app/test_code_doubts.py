"""A participant's code that may be somebody's name."""

from __future__ import annotations

import pytest

from app import doubt_codes


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
