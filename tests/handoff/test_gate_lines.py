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


def read_table(name: str) -> Iterator[tuple[Wanted, str]]:
    """Yield each line with what was replaced in its study."""
    wanted = Wanted(sort_originals([], set(), ()))
    for row in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if row.startswith("="):
            pairs = (one.strip().partition(" ") for one in row[1:].split(";"))
            details = [(Category[kind], words) for kind, _, words in pairs]
            wanted = Wanted(sort_originals(details, set(), ()))
        elif row and row[0] != "#":
            turns = (f"[00:00:01] P07: {said}" for said in row.split(" // "))
            yield wanted, "\n\n".join(turns)


def is_stopped(wanted: Wanted, text: str) -> bool:
    return any(True for _ in find_forbidden(text, wanted, exact_only=False, is_talk=True))


@pytest.mark.parametrize("table", ["leaks", "later_leaks"])
def test_no_leak_gets_through(table: str) -> None:
    through = {text for wanted, text in read_table(table) if not is_stopped(wanted, text)}

    assert {text.partition("P07: ")[2] for text in through} <= _NOT_KNOWN


@pytest.mark.parametrize("table", ["harmless", "later_harmless"])
def test_hardly_any_harmless_line_is_refused(table: str) -> None:
    lines = list(read_table(table))

    refused = [text for wanted, text in lines if is_stopped(wanted, text)]

    assert len(refused) <= _MOST_REFUSED * len(lines), refused
