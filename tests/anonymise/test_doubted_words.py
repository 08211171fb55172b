"""Words that the speech model was not sure of are asked where a name stands, else only listed."""

from __future__ import annotations

import re

import pytest

from anonymise.doubted_words import find_doubted_names
from anonymise.keep_list import load_shipped_keep_list
from anonymise.pipeline import settle_finds
from study import Turn, Word
from tests.anonymise.spoken_lines import TABLES, make_pipeline, read_line

_DOUBTED, _SURE = 0.25, 0.95
_MARKS = re.compile(r"\[([^|\]]+)\|[A-Z_]+\]|\{([^}]+)\}")
# What is no name stands there as well as one, or nothing tells a place from any other word.
_OPEN = (
    "It was reason from the bakery who rang.",
    "She's at a home in pennies now.",
    "They moved us to heat and moor.",
    "He ran a shop in garlic for years.",
    "They put her in ward nine.",
    "They call him hatchet.",
    "I've a cardigan like that.",
)


def make_turn(line: str) -> Turn:
    """Return a turn of which the words between two "~" are doubted."""
    plain = _MARKS.sub(lambda match: match[1] or match[2], line)
    words: list[Word] = []
    inside = False
    for token in re.findall(r"\S+\s*", plain):
        doubted = inside or "~" in token
        inside ^= token.count("~") % 2 == 1
        at, text = len(words), token.replace("~", "")
        words.append(Word(text, at, at + 1, _DOUBTED if doubted else _SURE))
    text = "".join(word.text for word in words)
    return Turn(1, "P07", 0, len(words), text, tuple(words))


def rows(table: str) -> list[str]:
    lines = (TABLES / f"{table}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and line[0] != "#"]


@pytest.mark.parametrize("row", [*rows("doubted_words"), *rows("later_doubted_words")])
def test_a_doubted_word_is_asked_where_a_name_stands_and_nowhere_else(row: str) -> None:
    turn, line = make_turn(row), read_line(row.replace("~", ""))
    (found,) = settle_finds(make_pipeline("doubted_words").search_turns([turn.text]))
    found = [*found, *find_doubted_names(turn, found, load_shipped_keep_list())]

    asked = {at for p in found for at in range(p.start, p.end)}
    missed = [1 for a, b in line.named if not set(range(a, b)) <= asked]
    wrong = [1 for a, b in line.kept if set(range(a, b)) & asked]

    assert bool(missed or wrong) == (turn.text in _OPEN)


def test_a_word_that_the_model_was_sure_of_is_not_asked() -> None:
    turn = make_turn("We had two rooms over capabilities.")
    assert find_doubted_names(turn, (), load_shipped_keep_list()) == []


def test_a_doubted_word_that_is_found_already_is_not_asked_again() -> None:
    turn = make_turn("She was born in ~chroma~.")
    first = find_doubted_names(turn, (), load_shipped_keep_list())
    assert len(first) == 1
    assert find_doubted_names(turn, first, load_shipped_keep_list()) == []
