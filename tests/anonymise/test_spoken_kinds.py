"""Whole kinds of detail, as people say them and as a weak recogniser writes them.

The lines are in ``spoken_lines``; each was written before the program was asked about it. A turn
that holds such a detail leaves none of its letters and digits standing, in any form; a line without
one is left alone.
"""

from __future__ import annotations

import pytest

from anonymise.pipeline import SearchPipeline, settle_finds
from anonymise.proposals import Proposal
from study import Category
from tests.anonymise.marked_lines import MarkedLine, lower_line, read_marked_lines

NUMBERS = frozenset(c for c in Category if c.is_direct) - {Category.PERSON, Category.HIGH_AGE} | {
    Category.NUMBER
}
AGES = frozenset({Category.AGE, Category.HIGH_AGE})
SITES = frozenset({Category.ORGANISATION, Category.PLACE, Category.ADDRESS, Category.EVENT})
TRAITS = frozenset(
    {Category.OCCUPATION, Category.BACKGROUND, Category.RELIGION, Category.DATE, Category.EVENT}
)
SOUGHT = {"codes": NUMBERS, "ages": AGES, "sites": SITES, "indirect": TRAITS}
SURE = frozenset({"codes", "ages"})  # of the others a question is enough
LINES = [
    pytest.param(kind, form, id=f"{kind}: {' // '.join(form.turns)}")
    for kind in SOUGHT
    for line in read_marked_lines(kind)
    for form in (line, lower_line(line))
]


@pytest.mark.parametrize(("kind", "line"), LINES)
def test_details_are_found_whole_and_nothing_else_is(
    rules: SearchPipeline, kind: str, line: MarkedLine
) -> None:
    found = settle_finds(rules.search_turns(line.turns))

    standing = [
        line.turns[turn][start:end]
        for turn, start, end, _ in line.details
        if not _is_covered(
            line.turns[turn],
            start,
            end,
            [p for p in found[turn] if p.is_likely or kind not in SURE],
        )
    ]
    beside = [
        line.turns[turn][p.start : p.end]
        for turn, proposals in enumerate(found)
        for p in proposals
        if p.category in SOUGHT[kind] and not _is_marked(line, turn, p)
    ]
    assert standing == []
    assert beside == []


def _is_covered(text: str, start: int, end: int, found: list[Proposal]) -> bool:
    covered = {at for p in found for at in range(p.start, p.end)}
    words = text[start:end]
    article = next((len(a) for a in ("the ", "a ", "an ") if words.lower().startswith(a)), 0)
    stop = end - len("'s") if words.endswith("'s") else end
    return all(at in covered for at in range(start + article, stop) if text[at].isalnum())


def _is_marked(line: MarkedLine, turn: int, proposal: Proposal) -> bool:
    return any(
        t == turn and start < proposal.end and proposal.start < end
        for t, start, end, _ in line.details
    )


@pytest.mark.parametrize(
    "word",
    ["double ", "reference ", "for to ", "the password is ", "eighty and ", "A1-", "@a.", "1/"],
)
def test_a_word_said_again_and_again_breaks_no_rule(rules: SearchPipeline, word: str) -> None:
    (found,) = rules.search_turns([word * 2000])

    assert found.failed == ()
