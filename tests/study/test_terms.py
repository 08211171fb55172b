from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.records import fold_name

words = st.text(st.sampled_from(string.ascii_letters + "àéîõüçñß"), min_size=1)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)


@given(words)
def test_case_does_not_matter(name: str) -> None:
    assert fold_name(name.upper()) == fold_name(name.lower()) == fold_name(name)


@given(words, words)
def test_white_space_does_not_matter(first: str, second: str) -> None:
    assert fold_name(f" {first}\t \n{second}  ") == fold_name(f"{first} {second}")


@given(words, words)
def test_different_words_stay_apart(first: str, second: str) -> None:
    assert " " in fold_name(f"{first} {second}")


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
    assert fold_name(spelling) == "obrien"


def test_accents_do_not_matter_however_they_are_composed() -> None:
    assert fold_name("Zo\u00eb") == fold_name("Zoe\u0308") == "zoe"


def test_letters_in_a_sign_are_letters() -> None:
    assert fold_name("\u2121") == fold_name("TEL")
