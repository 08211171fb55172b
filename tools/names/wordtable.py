"""What the lists know about single words, as a small table of numbers the network can look up.

spaCy carries such a table with the model as its "vectors", keyed here by the lower-cased word,
so nothing but spaCy is needed to use it. It is what lets the model tell "margaret" and "leeds"
from ordinary words when a transcript has no capitals. The table holds judgements of kind and
frequency, not meanings, and no word in readable form.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from spacy.strings import get_string_id
from spacy.vectors import Vectors

from models.labelled_text import is_in_share
from tools.names import lists
from tools.names.grammar import sections

_COLUMNS = (
    "known", "given", "surname", "town", "town_part", "world", "world_part", "country", "common",
    "rare_word", "organisation", "street", "title", "capital", "medical",
)  # fmt: skip
# Written with a capital and no name; what a patient has or takes.
_SECTIONS = {"capital": ("day", "month", "demonym"), "medical": ("condition", "drug")}
_AT = {name: i for i, name in enumerate(_COLUMNS)}
_COMMON = 0.5  # SCOWL's levels up to 35
_WORLD_TOWN = 15_000  # people
_STEPS = 4  # values are rounded to quarters, so that many words share a row
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")


Row = list[float]
Note = Callable[[str, str, float], None]  # word, column, value


def word_table(scowl: str) -> dict[str, Row]:
    """One row of numbers between 0 and 1 per known word; columns as in ``_COLUMNS``."""
    table: dict[str, Row] = defaultdict(lambda: [1.0] + [0.0] * (len(_COLUMNS) - 1))

    def note(word: str, column: str, value: float) -> None:
        if len(word) > 1:
            row = table[word.lower()]
            row[_AT[column]] = max(row[_AT[column]], value)

    for word, value in lists.common_words(scowl).items():
        note(word, "common" if value > _COMMON else "rare_word", value)
    _note_people(note)
    _note_places(note)
    for column in ("organisation", "street", "title"):
        for word in lists.words(column):
            note(word, column, 1.0)
    for column, listed in _SECTIONS.items():
        for line in (line for name in listed for line in sections()[name].lines):
            for word in _WORD.findall(line):
                note(word, column, 1.0)
    return dict(table)


def _note_people(note: Note) -> None:
    """Given names and surnames, weighted by how many people bear them where that is known."""
    for kind in ("male.first", "female.first"):
        for name, share in lists.census(kind):
            note(name, "given", _weight(share))
    for name, share in lists.census("all.last")[:30_000]:
        note(name, "surname", _weight(share))
    listed = [lists.faker_names(locale) for locale in dict.fromkeys(lists.LOCALES)]
    given = [*lists.words("given"), *(name for first, _ in listed for name in first)]
    last = [*lists.words("surnames"), *(name for _, names in listed for name in names)]
    for column, entries in (("given", given), ("surname", last)):
        for entry in entries:
            # One in ten is left out, so that the network also meets names nobody listed.
            if not is_in_share(entry, 0.1):
                for word in _WORD.findall(entry):
                    note(word, column, 0.75)


def _weight(share: float) -> float:
    """Per cent of people with a name, 0.001 to 1 and over, as 0.25 to 1."""
    return min(1.0, max(0.25, 1.0 + math.log10(share + 1e-4) / 4))


def _note_places(note: Note) -> None:
    """Towns and villages; a word of a longer name ("Newcastle upon Tyne") counts for less."""
    british = [(name, people, "town") for name, people in lists.british_places()]
    world = [(n, p, "world") for n, p in lists.world_places() if p >= _WORLD_TOWN]
    for name, people, column in british + world:
        words = _WORD.findall(name)
        weight = min(1.0, 0.5 + math.log10(max(people, 500) / 500) / 6)
        for word in words:
            if len(words) == 1:
                note(word, column, weight)
            elif word[0].isupper():
                note(word, f"{column}_part", weight)
    said = [*lists.countries(), *sections()["county"].lines, *sections()["region_name"].lines]
    for name in said:
        for word in _WORD.findall(name):
            if word[0].isupper():
                note(word, "country", 1.0)


def vectors(scowl: str) -> Vectors:
    """The table in the form in which spaCy carries it, looked up by lower-cased word."""
    return _packed(word_table(scowl), [str.lower], "LOWER")


def shelf_vectors(scowl: str) -> Vectors:
    """The table for the shelf: looked up by the word as written, capitalised words included.

    spaCy 3.8 does not write down by what a table is looked up, and a pipeline read back would
    look for "Leeds" and find only "leeds". So the shelf has both; only words all in capitals
    are lost.
    """
    return _packed(word_table(scowl), [str.lower, str.capitalize, str.title], "ORTH")


def _packed(table: dict[str, Row], forms: list[Callable[[str], str]], attr: str) -> Vectors:
    """Rows rounded and shared between words, every form of a word leading to its row."""
    rounded = {
        word: tuple(round(value * _STEPS) / _STEPS for value in row)
        for word, row in sorted(table.items())
    }
    rows = {row: i for i, row in enumerate(sorted(set(rounded.values())))}
    made = Vectors(shape=(len(rows), len(_COLUMNS)), attr=attr, name="earshot-words")
    made.data = np.asarray(list(rows), dtype="float32")
    for form in forms:
        for word, row in rounded.items():
            made.add(get_string_id(form(word)), row=rows[row])
    return made


def scowl_folder(folder: Path) -> str:
    """SCOWL's lists below the folder that Debian's package was unpacked into."""
    return str(folder / "usr/share/dict/scowl")
