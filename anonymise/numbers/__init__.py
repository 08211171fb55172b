"""Details made of numbers, as written and as said, United Kingdom first.

Each module looks for one kind of detail and offers ``find(pieces)``, a generator of finds;
``EVERY`` lists them. Another country is another list. No module knows spaCy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from anonymise.numbers import ages, codes, dates, long_numbers, streets, web
from anonymise.pieces import Pieces
from anonymise.proposals import Find, Proposal

SOURCE = "spoken_numbers"
EVERY: tuple[Callable[[Pieces], Iterator[Find]], ...] = (
    long_numbers.find, codes.find, dates.find, ages.find, streets.find, web.find,
)  # fmt: skip


def proposals(pieces: Pieces) -> list[Proposal]:
    """Return all that the rules find in one turn; they may overlap."""
    return [found.as_proposal(pieces, SOURCE) for find in EVERY for found in find(pieces)]
