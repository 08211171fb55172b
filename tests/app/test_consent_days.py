"""The day of a paper or of a consent, as people write it and as it is kept."""

from __future__ import annotations

from datetime import date

import pytest

from app import parse_day
from study.errors import ConsentRefused


@pytest.mark.parametrize(
    "typed",
    [
        "2026-03-01", " 2026-03-01 ", "1 March 2026", "1 march 2026", "1st March, 2026",
        "01 Mar 2026", "1 Mar. 2026", "1/3/2026", "01/03/2026", "1.3.2026",
    ],
)  # fmt: skip
def test_a_day_is_kept_in_one_form_however_it_was_written(typed: str) -> None:
    assert parse_day(typed) == "2026-03-01"


def test_the_day_comes_first_as_in_britain_and_today_is_a_day() -> None:
    assert parse_day("12/11/2026") == "2026-11-12"
    assert parse_day("Today", date(2026, 11, 30)) == "2026-11-30"
    assert parse_day("") == ""


@pytest.mark.parametrize(
    "typed",
    ["1/3/26", "31 April 2026", "3/31/2026", "1 Ma 2026", "1 Marchy 2026", "March 2026", "soon"],
)
def test_what_is_no_day_or_could_be_two_is_refused(typed: str) -> None:
    with pytest.raises(ConsentRefused, match="not a date"):
        parse_day(typed)
