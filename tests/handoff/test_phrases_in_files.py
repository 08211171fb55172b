"""Phrases that go on in the next line of a file, and words that only begin like them."""

from __future__ import annotations

from handoff.forbidden_text import sort_originals
from handoff.text_search import Wanted, find_forbidden
from study import Category, fold_name


def find_words(text: str, *names: str) -> list[str]:
    wanted = Wanted(sort_originals([(Category.ORGANISATION, name) for name in names], set(), ()))
    found = sorted({start for start, _ in find_forbidden(text, wanted, exact_only=True)})
    return [text[start:].split(maxsplit=1)[0] for start in found]


def test_a_name_that_a_file_breaks_over_three_lines_is_found_with_every_word() -> None:
    text = "she went to Forth\n\nValley\nHospital then"

    assert find_words(text, "Forth Valley Hospital") == ["Forth", "Valley", "Hospital"]


def test_a_name_behind_a_speakers_code_is_found_at_its_own_place() -> None:
    text = "[00:00:01] P07: the Forth Valley Hospital, and forth we went to the valley"

    assert find_words(text, "Forth Valley Hospital") == ["Forth", "Valley", "Hospital,"]


def test_two_names_of_which_one_begins_the_other_are_both_found() -> None:
    text = "in Green Park\nand Green Park House"

    assert find_words(text, "Green Park House", "Green Park") == [
        "Green", "Park", "Green", "Park", "House",
    ]  # fmt: skip


def test_ascii_names_fold_as_all_others_do() -> None:
    for plain, accented in (("O'Brien  Smith", "\u00d3\u2019Brien Smith"), ("it`s", "\u00eft's")):
        assert fold_name(plain) == fold_name(accented)
