"""Find local papers and works that nobody names in full: "in the Examiner", "at the brickworks".

In a town everybody knows which is meant. A paper of the whole country is on the keep-list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from anonymise.context.turn_context import NAMED, TurnContext
from anonymise.pieces import split_listed_words
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from study import Category

_PAPERS = frozenset(tuple(paper.split()) for paper in load_word_list("sites", "papers"))
_PAPER_ENDS = frozenset(paper[-1] for paper in _PAPERS)
_TO_PAPER = load_word_list("sites", "before a paper")
_KINDS_OF_PAPER = split_listed_words("evening weekly daily local sunday free old")
_WORKS = frozenset(tuple(works.split()) for works in load_word_list("sites", "works"))
_WORKS_ENDS = frozenset(works[-1] for works in _WORKS)
_WORKING = load_word_list("sites", "working there")
_OFFICES = frozenset(tuple(office.split()) for office in load_word_list("sites", "offices"))
_HEADS = frozenset({"home", "hospice", "hospital", "house", "school", "shop", "centre", "unit"})
_TO_SITE = load_word_list("sites", "to a site") | {"for"}
_LASTING = frozenset({"years", "life", "when"})
_AT_WORKS = frozenset({"at", "in", "down", "from", "for", "on"})
_ASKED, _ASKED_WORKS = 0.45, 0.35
_MOST = 3  # words of a paper's name before its last


def find_offices(turn: TurnContext) -> Iterator[RuleFind]:
    """Find "the register office in Selby": a public office is one where its town is named."""
    for at in range(2, len(turn.pieces)):
        if turn.lowered_at(at) not in {"in", "at", "of"} or turn.nameness(at + 1) < NAMED:
            continue
        first = _find_phrase(turn, at - 1, _OFFICES) or _find_shown(turn, at)
        last = turn.name_end(at + 1, most=2)
        if first is not None and last > at + 1:
            yield RuleFind(first, last, Category.ORGANISATION, _ASKED)


def _find_shown(turn: TurnContext, at: int) -> int | None:
    """Return where the capitals of "the Queen Mary in Goole" begin, None where none are."""
    first = at - 1 if turn.lowered_at(at - 1) in _HEADS else at
    end = first
    while first > 0 and turn.nameness(first - 1) >= NAMED:
        first -= 1
    if not turn.keeps_capitals and end == at:
        return None
    led = turn.lowered_at(first - 1) == "the" and turn.lowered_at(first - 2) in _TO_SITE
    return first if led and first < end and end - first <= _MOST else None


def find_papers_and_works(turn: TurnContext) -> Iterator[RuleFind]:
    """Find local papers and the works where somebody worked."""
    for at, piece in enumerate(turn.pieces):
        if piece.lowered in _PAPER_ENDS:
            yield from _find_paper(turn, at)
        if piece.lowered in _WORKS_ENDS:
            yield from _find_works(turn, at)


def _find_paper(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "in the Examiner", "wrote to the gazette", "in the Evening Chronicle"."""
    first = _find_phrase(turn, at, _PAPERS)
    if first is None:
        return
    while at - first < _MOST and (
        turn.lowered_at(first - 1) in _KINDS_OF_PAPER or turn.nameness(first - 1) >= NAMED
    ):
        first -= 1
    if turn.lowered_at(first - 1) == "the" and turn.lowered_at(first - 2) in _TO_PAPER:
        yield RuleFind(first, at + 1, Category.ORGANISATION, _ASKED)


def _find_works(turn: TurnContext, at: int) -> Iterator[RuleFind]:
    """Find "thirty years at the brickworks", "worked in the foundry"."""
    first = _find_phrase(turn, at, _WORKS)
    if first is None or turn.lowered_at(first - 1) != "the":
        return
    before = {turn.lowered_at(first - back) for back in range(3, 8)}
    after = {turn.lowered_at(at + on) for on in (1, 2, 3, 4)}
    lasted = not _LASTING.isdisjoint(after)
    works = not _WORKING.isdisjoint(before) or lasted
    before_it = turn.lowered_at(first - 2)
    is_aside = lasted and turn.lowered_at(at + 3) != "ago" and turn.lowered_at(at + 4) != "ago"
    if (works and before_it in _AT_WORKS) or is_aside:
        yield RuleFind(first, at + 1, Category.ORGANISATION, _ASKED_WORKS)


def _find_phrase(turn: TurnContext, at: int, phrases: Collection[tuple[str, ...]]) -> int | None:
    """Return where the phrase of one to three words begins that ends at an index."""
    for first in (at - 2, at - 1, at):
        if tuple(turn.lowered_at(i) for i in range(first, at + 1)) in phrases:
            return first
    return None
