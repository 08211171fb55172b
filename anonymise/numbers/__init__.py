"""Rules for details made of numbers or letters, written or spoken, as in the United Kingdom.

Each module finds one kind of detail, with a function from the pieces of a turn to finds;
``NUMBER_RULES`` holds them by the name that their finds carry. None uses spaCy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from anonymise.numbers.ages import find_ages
from anonymise.numbers.codes import find_codes
from anonymise.numbers.dates import find_dates
from anonymise.numbers.long_numbers import find_long_numbers
from anonymise.numbers.spelled_names import find_spelled_names
from anonymise.numbers.street_addresses import find_street_addresses
from anonymise.numbers.web_addresses import find_web_addresses
from anonymise.pieces import Pieces
from anonymise.proposals import Proposal, RuleFind

NUMBER_RULES: Mapping[str, Callable[[Pieces], Iterator[RuleFind]]] = {
    "long numbers": find_long_numbers,
    "codes": find_codes,
    "dates": find_dates,
    "ages": find_ages,
    "addresses": find_street_addresses,
    "web addresses": find_web_addresses,
    "spelled words": find_spelled_names,
}


def propose_number_details(pieces: Pieces) -> list[Proposal]:
    """Return the proposals of all these rules for one turn; they may overlap."""
    return [
        found.to_proposal(pieces, name)
        for name, find in NUMBER_RULES.items()
        for found in find(pieces)
    ]
