"""Two names are alike when they look alike or sound alike; other names are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.likeness import (
    NameMatcher,
    compact_name,
    compare_names,
    load_respellings,
    spell_by_sound,
)

MISHEARD = [
    ("Siobhan", "Shivorn"), ("Aoife", "Eefa"), ("Niamh", "Neve"), ("Ramsbottom", "Ramsbotham"),
    ("Kathleen", "Cathleen"), ("Thompson", "Tomson"), ("McDonald", "Mac Donald"),
    ("Pettigrew", "petty grew"), ("Armitage", "army tidge"), ("Bennett", "been it"),
    ("Hargreaves", "Hargraves"), ("Stephen", "Steven"), ("Mukherjee", "Mookerji"),
    ("Featherstone", "feather stone"), ("Llewellyn", "Lou Ellen"), ("Keighley", "Keithley"),
    ("Hussain", "Hussein"), ("Geraghty", "Garrity"), ("Knight", "Nite"), ("Vaughan", "Vorn"),
    ("Cleckheaton", "Clackheaton"), ("Bronwen", "bran when"), ("Jean", "Gene"),
]  # fmt: skip

OTHERS = [
    ("Jean", "Dean"), ("Joyce", "choice"), ("Beth", "bath"), ("Arthur", "Martha"),
    ("Helen", "Harold"), ("Patel", "Patrick"), ("Leeds", "Skipton"), ("Mary", "Barry"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "heard"), MISHEARD)
def test_a_misheard_name_is_like_the_name(name: str, heard: str) -> None:
    assert compare_names(name, heard) >= 0.8


@pytest.mark.parametrize(("name", "other"), OTHERS)
def test_another_name_is_not_like_it(name: str, other: str) -> None:
    assert compare_names(name, other) < 0.8


def test_the_nearest_of_many_names_is_found() -> None:
    many = NameMatcher(["Siobhan McDonald", "Kathleen", "Ramsbottom", "", "\u200d"])

    nearest = many.find_nearest("rams bottom")
    assert nearest is not None
    assert (nearest.name, nearest.likeness) == ("Ramsbottom", 1.0)
    nearest = many.find_nearest("Shivawn MacDonald")
    assert nearest is not None
    assert nearest.name == "Siobhan McDonald"
    assert many.find_nearest("xylophone") is None
    assert many.find_nearest("") is None
    assert NameMatcher([]).find_nearest("Kathleen") is None


def test_what_is_respelt_is_spelled_by_its_sound() -> None:
    assert all(
        spell_by_sound(name) == spell_by_sound(heard) for name, heard in load_respellings().items()
    )


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_knows_no_order_and_no_case(one: str, other: str) -> None:
    found = compare_names(one, other)

    assert 0.0 <= found <= 1.0
    assert found == compare_names(other, one)


@given(st.text(max_size=30))
def test_a_name_is_like_itself(name: str) -> None:
    assert compare_names(name, name) == (1.0 if compact_name(name) else 0.0)
