"""A pseudonym is of the same kind as the name, and nobody's in the study."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from anonymise.pseudonym_choice import TakenNames, choose_pseudonym
from anonymise.roles import infer_role
from anonymise.shipped_lists import load_shipped_list
from models import look_up_word
from study import NameMatcher, Participant, compare_names, fold_name
from study.store import Study

NONE: Callable[[], TakenNames] = TakenNames
DICE = random.Random(7)  # noqa: S311 - a test's dice may be loaded


def choose(
    forms: set[str], role: str = "", title: str = "", taken: TakenNames | None = None
) -> str:
    return choose_pseudonym(
        forms,
        role,
        title=title,
        find_taken=lambda: taken or TakenNames(),
        names_in_use=(),
        draw=DICE.choice,
    )


def section(name: str) -> set[str]:
    return set(load_shipped_list("pseudonyms")[name])


@pytest.mark.parametrize(
    ("forms", "role", "fits"),
    [
        ({"arthur", "arthur bennett"}, "", "british male"),
        ({"jean"}, "sister", "british female"),
        ({"jean"}, "", "either"),
        ({"priya patel"}, "", "south asian female"),
        ({"zzyzx"}, "son", "british male"),
    ],
)
def test_a_name_is_chosen_from_the_list_that_fits(forms: set[str], role: str, fits: str) -> None:
    assert all(choose(forms, role) in section(fits) for _ in range(20))


def test_who_is_called_by_a_title_keeps_it() -> None:
    title, _, name = choose({"patel"}, "doctor", title="Doctor").partition(" ")
    assert title == "Doctor"
    assert name in section("south asian surnames")


def test_no_name_that_was_said_or_resembles_one_is_chosen(
    study: Study, hear: Callable[..., str]
) -> None:
    men = sorted(section("british male"))
    free = {men[3], men[90]}
    hear(" ".join(name for name in men if name not in free), "and jeremiah in lower case")
    taken = TakenNames.collect_from_study(study)

    chosen = {choose({"arthur"}, taken=taken) for _ in range(10)}

    assert chosen <= free | {""} | section("british female")
    assert all(
        compare_names(name, said) < 0.8
        for name in chosen
        if name
        for said in men
        if said not in free
    )


def test_a_name_that_was_entered_and_never_said_is_taken_too(
    study: Study, hear: Callable[..., str]
) -> None:
    hear("Well.", participants=(Participant("P01", names=("Nigel Thornberry",)),))
    assert TakenNames.collect_from_study(study).is_taken("Nigel")


def test_nobody_is_given_the_name_of_another() -> None:
    two = ["Alan", "Keith"]
    only = TakenNames(
        frozenset(fold_name(n) for n in section("british male") if n not in two), NameMatcher(())
    )
    given = choose_pseudonym(
        {"arthur"}, "", find_taken=lambda: only, names_in_use=["Alan"], draw=DICE.choice
    )
    assert given in {"Keith", ""}


def test_no_pseudonym_is_an_everyday_word() -> None:
    names = [
        n
        for key, names in load_shipped_list("pseudonyms").items()
        if "also" not in key
        for n in names
    ]
    common = [n for n in names if look_up_word(n).common > 0.9 and n not in section("either")]
    assert len(names) > 1500
    assert common == []


@pytest.mark.parametrize("name", ["pseudonyms", "places"])
def test_a_list_says_where_it_comes_from(name: str) -> None:
    from importlib.resources import files

    head = (files("anonymise") / f"{name}.txt").read_text().partition("[")[0]
    assert "MIT" in head or "CC BY 4.0" in head


@pytest.mark.parametrize(
    ("said", "name", "role"),
    [
        ("my sister Ruth has", "Ruth", "sister"),
        ("My sister Ruth has", "My sister Ruth", "sister"),
        ("I am Jean, his wife.", "Jean", "wife"),
        ("Her sister-in-law Meg", "Meg", "sister-in-law"),
        ("my best friend, Sue", "Sue", "friend"),
        ("Doctor Patel told me", "Doctor Patel", "doctor"),
        ("Sister Rose came", "Sister Rose", ""),
        ("Derek let him", "Derek", ""),
        ("my mum Ann", "Ann", "mother"),
        ("Ann", "Ann", ""),
    ],
)
def test_the_words_around_a_name_tell_who_it_is(said: str, name: str, role: str) -> None:
    at = said.index(name)
    assert infer_role(said, at, at + len(name)) == role
