"""Rules for details made of numbers or letters, written or spoken, as in the United Kingdom.

Each module finds one kind of detail, with a function from the pieces of a turn to finds;
``NUMBER_RULES`` holds them by the name that their finds carry. None uses spaCy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from anonymise.numbers.ages import find_ages
from anonymise.numbers.codes import find_codes
from anonymise.numbers.cued_codes import find_cued_codes
from anonymise.numbers.dates import find_dates
from anonymise.numbers.dictated_emails import find_dictated_emails
from anonymise.numbers.handles import find_handles
from anonymise.numbers.joined_words import find_joined_words
from anonymise.numbers.long_numbers import find_long_numbers
from anonymise.numbers.relative_dates import find_relative_dates
from anonymise.numbers.shaped_codes import find_shaped_codes
from anonymise.numbers.spelled_names import find_spelled_names
from anonymise.numbers.spelled_plates import find_spelled_plates
from anonymise.numbers.street_addresses import find_street_addresses
from anonymise.numbers.web_addresses import find_web_addresses
from anonymise.pieces import Pieces
from anonymise.proposals import Proposal, RuleFind

_Find = Callable[[Pieces], Iterator[RuleFind]]


def _join_finders(*finders: _Find) -> _Find:
    """Return one function that yields what each of these finds."""

    def find(pieces: Pieces) -> Iterator[RuleFind]:
        for finder in finders:
            yield from finder(pieces)

    return find


NUMBER_RULES: Mapping[str, _Find] = {
    "long numbers": find_long_numbers,
    "codes": _join_finders(find_codes, find_spelled_plates, find_cued_codes, find_shaped_codes),
    "dates": _join_finders(find_dates, find_relative_dates),
    "ages": find_ages,
    "addresses": find_street_addresses,
    "web addresses": _join_finders(find_web_addresses, find_dictated_emails, find_handles),
    "spelled words": find_spelled_names,
    "joined words": find_joined_words,
}


def propose_number_details(pieces: Pieces) -> list[Proposal]:
    """Return the proposals of all these rules for one turn; they may overlap."""
    return [
        found.to_proposal(pieces, name)
        for name, find in NUMBER_RULES.items()
        for found in find(pieces)
    ]
