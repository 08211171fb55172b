"""Words that are data lie in text files, each said once, with where they come from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import anonymise
from anonymise import lists

FOLDER = Path(anonymise.__file__).parent
LISTS = sorted(path.stem for path in FOLDER.glob("*.txt"))
# A mapping by sections is read into one dictionary: a word in two of them would lose one.
BY_WORD = ("kinds", "roles")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_says_its_licence_and_no_word_twice_in_a_section(name: str) -> None:
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    head = text.partition("\n[")[0]

    assert re.search(r"\b(MIT|CC BY 4\.0|public domain)\b", head)
    for section, entries in lists.shipped(name).items():
        assert section
        assert len(set(entries)) == len(entries), section


@pytest.mark.parametrize("name", BY_WORD)
def test_a_word_stands_for_one_thing(name: str) -> None:
    every = [entry for entries in lists.shipped(name).values() for entry in entries]

    assert len(set(every)) == len(every)


def test_a_section_that_is_not_there_is_no_empty_list() -> None:
    with pytest.raises(KeyError):
        lists.words("people", "nobody")


def test_no_module_holds_a_list_of_words() -> None:
    for path in FOLDER.rglob("*.py"):
        for words in re.findall(r"listed\(\s*\"+([^\"]+)\"", path.read_text(encoding="utf-8")):
            assert len(words.split()) < 18, path.name
