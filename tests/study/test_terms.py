from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.terms import fold

words = st.text(st.sampled_from(string.ascii_letters + "àéîõüçñß"), min_size=1)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(words)
def test_case_does_not_matter(name: str) -> None:
    assert fold(name.upper()) == fold(name.lower()) == fold(name)


@given(words, words)
def test_white_space_does_not_matter(first: str, second: str) -> None:
    assert fold(f" {first}\t \n{second}  ") == fold(f"{first} {second}")


@given(words, words)
def test_different_words_stay_apart(first: str, second: str) -> None:
    assert " " in fold(f"{first} {second}")


@pytest.mark.parametrize(
    "spelling",
    [
        "O'Brien",
        "OBRIEN",
        "o\u2019brien",
        "O\u00b4Brien",
        "O\u02bcBrien",
        "O\u00adBrien",
        "\uff2f\uff07Brien",
    ],
)
def test_spellings_of_one_name_fold_alike(spelling: str) -> None:
    assert fold(spelling) == "obrien"


def test_accents_do_not_matter_however_they_are_composed() -> None:
    assert fold("Zo\u00eb") == fold("Zoe\u0308") == "zoe"


def test_letters_in_a_sign_are_letters() -> None:
    assert fold("\u2121") == fold("TEL")
