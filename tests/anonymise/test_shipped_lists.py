"""Word lists are text files that name their origin and hold no word twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import anonymise
from anonymise.pieces import split_listed_words
from anonymise.shipped_lists import load_shipped_list, load_word_list
from study import parse_list_sections

FOLDER = Path(anonymise.__file__).parent
LISTS = sorted(FOLDER.glob("*.txt")) + [
    FOLDER.parent / "study" / f"{name}.txt" for name in ("keep", "name_words")
]
# A mapping by sections is read into one dictionary: a word in two of them would lose one.
BY_WORD = ("kinds", "roles")
_MOST_WORDS = 18  # a longer list is data


@pytest.mark.parametrize("path", LISTS, ids=[path.stem for path in LISTS])
def test_a_list_says_its_licence_and_no_word_twice_in_a_section(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    head = text.partition("\n[")[0]

    assert re.search(r"\b(MIT|CC BY 4\.0|Open Government Licence v3\.0|public domain)\b", head)
    for section, entries in parse_list_sections(text).items():
        assert section
        assert len(set(entries)) == len(entries), section


@pytest.mark.parametrize("name", BY_WORD)
def test_a_word_stands_for_one_thing(name: str) -> None:
    every = [entry for entries in load_shipped_list(name).values() for entry in entries]

    assert len(set(every)) == len(every)


def test_a_section_that_is_not_there_is_no_empty_list() -> None:
    with pytest.raises(KeyError):
        load_word_list("people", "nobody")


def test_no_module_holds_a_list_of_words() -> None:
    written = [
        (path.name, words.split())
        for path in FOLDER.rglob("*.py")
        for words in re.findall(
            rf'{split_listed_words.__name__}\(\s*"+([^"]+)"', path.read_text(encoding="utf-8")
        )
    ]

    assert written
    assert [name for name, words in written if len(words) >= _MOST_WORDS] == []
