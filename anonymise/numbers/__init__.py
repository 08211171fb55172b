"""Details made of numbers, as written and as said, United Kingdom first.

Each module looks for one kind of detail and offers ``find(pieces)``, a generator of finds;
``EVERY`` lists them by the name that their finds carry. No module knows spaCy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from anonymise.numbers import ages, codes, dates, long_numbers, spelled, streets, web
from anonymise.pieces import Pieces
from anonymise.proposals import Find, Proposal

EVERY: Mapping[str, Callable[[Pieces], Iterator[Find]]] = {
    "long numbers": long_numbers.find,
    "codes": codes.find,
    "dates": dates.find,
    "ages": ages.find,
    "addresses": streets.find,
    "web addresses": web.find,
    "spelled words": spelled.find,
}


def proposals(pieces: Pieces) -> list[Proposal]:
    """Return all that the rules find in one turn; they may overlap."""
    return [
        found.as_proposal(pieces, name) for name, find in EVERY.items() for found in find(pieces)
    ]
