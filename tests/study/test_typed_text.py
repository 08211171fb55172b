# ruff: noqa: RUF001 - letters that look alike are what this is about
"""What a person types: how long a reason may be, and names that only look like another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.errors import PersonFlaw, PersonRefused, TextTooLong
from study.lookalikes import spell_by_shape
from study.person_roles import PersonRole
from study.store.destruction import ask_destruction, set_hold
from study.store.keys import Argon2Cost
from study.store.people import add_person, list_people
from study.store.safeguarding_notes import (
    note_who_was_told,
    raise_concern,
    read_safeguarding_notes,
)
from study.store.study import Study
from study.typed_text import LONGEST_TYPED, require_short
from tests.study.destroying import whole

LONG = "a" * 90_000


def test_a_text_of_the_limit_is_short_and_one_letter_more_is_not() -> None:
    require_short("a" * LONGEST_TYPED, "")

    with pytest.raises(TextTooLong, match="That text has 1,001 letters: at most 1,000 are kept"):
        require_short("", "a" * (LONGEST_TYPED + 1))


def test_nothing_long_is_kept_of_holds_requests_changes_or_notes(
    study: Study, interview: str
) -> None:
    note = raise_concern(study.interview(interview), "left alone for days")
    before = study.read_trail()[1]

    with pytest.raises(TextTooLong):
        set_hold(study, "P07", LONG)
    with pytest.raises(TextTooLong):
        ask_destruction(study, whole(interview), because=LONG)
    with pytest.raises(TextTooLong):
        study.accept_changes([], LONG)
    with pytest.raises(TextTooLong):
        raise_concern(study.interview(interview), LONG)
    with pytest.raises(TextTooLong):
        note_who_was_told(study, note, LONG, "2026-11-29")

    assert study.read_trail()[1] == before
    assert [one.what for _, one in read_safeguarding_notes(study)] == ["left alone for days"]


@pytest.mark.parametrize(
    "twin",
    [
        "\u039fff",  # Greek capital omicron
        "\u041eff",  # Cyrillic capital O
        "0ff",
        "O\u200bff",  # a space without width
        "Off\ufe0f",
        "\uff2fff",  # a wide O
        "\u0555ff",  # Armenian
    ],
)
def test_a_name_that_looks_like_somebody_else_s_is_refused(
    study: Study, cheap: Argon2Cost, twin: str
) -> None:
    add_person(study, "Off", PersonRole.OFFICER, "only the officer knows this", cost=cheap)

    with pytest.raises(PersonRefused) as refused:
        add_person(study, twin, PersonRole.ASSISTANT, "only the other knows this", cost=cheap)

    assert refused.value.flaw in {PersonFlaw.LOOKS_ALIKE, PersonFlaw.UNNAMED}
    assert [one.name for one in list_people(study)] == ["owner", "recovery", "Off"]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Rene", "René"), ("Alia", "Alla"), ("Marnie", "Mamie"), ("Okafor", "Okafer"),
        ("Ольга", "Olga"), ("Νίκος", "Nikos"), ("Person 1", "Person 2"), ("李", "季"),
    ],
)  # fmt: skip
def test_names_that_can_be_told_apart_are_both_allowed(name: str, other: str) -> None:
    assert spell_by_shape(name) != spell_by_shape(other)


@pytest.mark.parametrize(
    ("name", "other"), [("Ian", "lan"), ("Ali1", "AliI"), ("Ρау", "Pay"), ("Сора", "Copa")]
)
def test_names_that_cannot_be_told_apart_are_spelled_alike(name: str, other: str) -> None:
    assert spell_by_shape(name) == spell_by_shape(other)


@given(st.text())
def test_what_looks_like_itself_looks_like_itself_twice(name: str) -> None:
    once = spell_by_shape(name)

    assert spell_by_shape(once) == spell_by_shape(spell_by_shape(once))
