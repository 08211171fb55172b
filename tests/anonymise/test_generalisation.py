"""Exact details become broader, and still tell an analysis what it needs."""

from __future__ import annotations

import pytest

from anonymise.generalisation import (
    GeneralisationPolicy,
    describe_kind,
    list_generalisations,
    parse_dated_event,
    propose_generalisation,
)
from study import Category, DateDetail

DIAGNOSIS = parse_dated_event("the diagnosis", "November 2019")
assert DIAGNOSIS is not None
POLICY = GeneralisationPolicy(DateDetail.YEAR, 2026, (DIAGNOSIS,))


@pytest.mark.parametrize(
    ("said", "band"),
    [
        ("74", "[aged 70 to 79]"),
        ("seventy four years old", "[aged 70 to 79]"),
        ("8", "[aged under 10]"),
        ("89", "[aged 80 to 89]"),
        ("90", "[aged 90 or over]"),
        ("a hundred and two", "[aged 90 or over]"),
        ("old", ""),
    ],
)
def test_an_age_becomes_a_band_with_a_top_code_at_90(said: str, band: str) -> None:
    assert propose_generalisation(Category.AGE, said, POLICY) == band


@pytest.mark.parametrize(
    ("said", "dates", "broader"),
    [
        ("the third of May 2019", DateDetail.MONTH, "[May 2019]"),
        ("14/03/1999", DateDetail.YEAR, "[1999]"),
        ("November 2019", DateDetail.MONTH, "[2019]"),
        ("November 2019", DateDetail.DECADE, "[the 2010s]"),
        ("nineteen seventy nine", DateDetail.YEAR, "[the 1970s]"),
        ("3rd of March", DateDetail.YEAR, "[day in March]"),
        ("June 2020", DateDetail.DISTANCE, "[about 7 months after the diagnosis]"),
        ("June 1974", DateDetail.DISTANCE, "[about 45 years before the diagnosis]"),
        ("November 2019", DateDetail.DISTANCE, "[around the time of the diagnosis]"),
        ("in those days", DateDetail.YEAR, ""),
    ],
)
def test_a_date_becomes_what_the_study_lets_stand(
    said: str, dates: DateDetail, broader: str
) -> None:
    assert (
        propose_generalisation(
            Category.DATE, said, GeneralisationPolicy(dates, 2026, POLICY.events)
        )
        == broader
    )


def test_without_an_event_a_distance_becomes_a_year() -> None:
    assert (
        propose_generalisation(
            Category.DATE, "June 1974", GeneralisationPolicy(DateDetail.DISTANCE, 2026)
        )
        == "[1974]"
    )


def test_a_date_of_birth_is_a_decade_and_the_very_old_are_one() -> None:
    born = [
        propose_generalisation(Category.DATE_OF_BIRTH, said, POLICY)
        for said in ("14 March 1951", "1 2 31")
    ]
    assert born == ["[date in the 1950s]", "[date in 1936 or before]"]


def test_a_person_may_choose_among_what_is_broader() -> None:
    assert list_generalisations(Category.DATE, "3 May 2019", POLICY) == [
        "[about 6 months before the diagnosis]", "[May 2019]", "[2019]", "[the 2010s]",
    ]  # fmt: skip
    assert list_generalisations(Category.PLACE, "Skipton", POLICY) == [
        "[a town in northern England]"
    ]
    assert list_generalisations(Category.PERSON, "Jean", POLICY) == []


@pytest.mark.parametrize(
    ("said", "kind"),
    [("Skipton's", "town in northern England"), ("Jamaica", "country in the Caribbean"),
     ("London", "city"), ("Nowhereton", "")],
)  # fmt: skip
def test_a_town_becomes_a_kind_and_a_region(said: str, kind: str) -> None:
    assert describe_kind(Category.PLACE, said) == kind


@pytest.mark.parametrize(
    ("said", "kind"),
    [("Rose Ward", "ward"), ("Green Hill Coaches", "bus company"), ("Park View", ""),
     ("the Friday Group", "group")],
)  # fmt: skip
def test_an_employer_becomes_a_kind(said: str, kind: str) -> None:
    assert describe_kind(Category.ORGANISATION, said) == kind
