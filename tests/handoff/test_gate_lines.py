"""The gate on lines that must stay and lines that may leave, and no line by its own rule.

A table (``gate_lines/*.txt``) has one line a row; "= PERSON Rose; PLACE York" is what was replaced
in the study of the rows below it, "//" ends a turn. They were written before it was looked at what
the gate does with them; the later ones when the rules had been mended on the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handoff.forbidden_text import sort_originals
from handoff.text_search import Wanted, find_forbidden
from study import Category

_FOLDER = Path(__file__).parent / "gate_lines"
_MOST_REFUSED = 0.03
# Elsa is another woman's name as well: the two sound as unlike as John and Joan.
_NOT_KNOWN = {"elsa was there as well"}
# Words of which nothing nearby tells that they are somebody, or a town, here.
_NOT_TOLD = {
    "it was frank on the telephone",
    "you could always trust in hope she never let us down",
    "he is from march",
    "hull was where we met",
    "boots gave her a job on the till",
}


def read_table(name: str, *, entered: bool = False) -> Iterator[tuple[Wanted, str]]:
    """Yield each line with what was replaced in its study; entered: beforehand, by a person."""
    wanted = Wanted(sort_originals([], set(), ()))
    for row in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if row.startswith("="):
            pairs = (one.strip().partition(" ") for one in row[1:].split(";"))
            details = [(Category[kind], words) for kind, _, words in pairs]
            known = details if entered else ()
            wanted = Wanted(sort_originals(details, set(), (), entered=known))
        elif row and row[0] != "#":
            turns = (f"[00:00:01] P07: {said}" for said in row.split(" // "))
            yield wanted, "\n\n".join(turns)


def is_stopped(wanted: Wanted, text: str) -> bool:
    return any(True for _ in find_forbidden(text, wanted, exact_only=False, is_talk=True))


@pytest.mark.parametrize(
    "table",
    [
        *("leaks", "later_leaks", "joined_leaks", "everyday_leaks", "later_everyday_leaks"),
        "alone_leaks",
    ],
)
def test_no_leak_gets_through(table: str) -> None:
    through = {text for wanted, text in read_table(table) if not is_stopped(wanted, text)}

    assert {text.partition("P07: ")[2] for text in through} <= _NOT_KNOWN


@pytest.mark.parametrize(
    "table",
    [
        "harmless",
        "later_harmless",
        "joined_harmless",
        "everyday_harmless",
        "later_everyday_harmless",
        "alone_harmless",
    ],
)
def test_hardly_any_harmless_line_is_refused(table: str) -> None:
    lines = list(read_table(table))

    refused = [text for wanted, text in lines if is_stopped(wanted, text)]

    assert len(refused) <= _MOST_REFUSED * len(lines), refused


@pytest.mark.parametrize(
    "table",
    [
        *("leaks", "later_leaks", "joined_leaks", "entered_leaks", "later_entered_leaks"),
        *("everyday_leaks", "later_everyday_leaks", "alone_leaks"),
    ],
)
def test_no_leak_of_a_name_that_was_entered_gets_through(table: str) -> None:
    lines = read_table(table, entered=True)

    through = {text for wanted, text in lines if not is_stopped(wanted, text)}

    assert {text.partition("P07: ")[2] for text in through} <= _NOT_KNOWN | _NOT_TOLD


@pytest.mark.parametrize(
    "table",
    [
        *("harmless", "later_harmless", "joined_harmless", "entered_harmless"),
        *("later_entered_harmless", "everyday_harmless", "later_everyday_harmless"),
        "alone_harmless",
    ],
)
def test_hardly_any_harmless_line_is_refused_for_a_name_that_was_entered(table: str) -> None:
    lines = list(read_table(table, entered=True))

    refused = [text for wanted, text in lines if is_stopped(wanted, text)]

    assert len(refused) <= _MOST_REFUSED * len(lines), refused


def test_what_names_nobody_still_tells_what_the_next_word_is() -> None:
    details = [(Category.PERSON, "Rose")]  # and The Sun is a newspaper
    wanted = Wanted(sort_originals(details, set(), (), entered=details))

    assert not is_stopped(wanted, "the sun rose over the hill")
    assert is_stopped(wanted, "I had read the sun and rose made the tea")
