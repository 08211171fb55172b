"""Find what is kept on purpose in a turn and may tell all the same: months, years, national bodies.

The lists are those of ``study/keep.txt``. Nothing here is proposed; the risk sheet and the list of
what an outsider could use name the places.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from anonymise.pieces import CutTurn, begins_sentence, split_listed_words
from anonymise.shipped_lists import load_word_list
from study import fold_name, load_kept_sections

YEARS = range(1900, 2100)
_LONGEST_PHRASE = 4  # words
# Days tell little; these months are words and names as well.
_DAYS = split_listed_words("monday tuesday wednesday thursday friday saturday sunday")
_MONTHS_AND_WORDS = split_listed_words("march april may june august")
_EVERYBODYS_BODIES = load_word_list("sites", "bodies of everybody")


def find_times(cut: CutTurn) -> Iterator[tuple[int, int]]:
    """Yield the spans of feasts, months and years; of a month that is a word, with a capital."""
    for at, piece in enumerate(cut.pieces):
        if piece.is_digits and len(piece.text) == len("2000") and int(piece.text) in YEARS:
            yield piece.start, piece.end
        is_shown = piece.is_capital and not begins_sentence(cut.pieces, at)
        if is_shown and piece.lowered_bare in _MONTHS_AND_WORDS:
            yield piece.start, piece.bare_end
    yield from _find_phrases(cut, _load_feasts())


def find_bodies(cut: CutTurn) -> Iterator[tuple[int, int]]:
    """Yield the spans of national bodies: to belong to one may tell.

    The health service and shops are left out: every interview speaks of them.
    """
    yield from _find_phrases(cut, _load_bodies())


def _find_phrases(cut: CutTurn, phrases: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans of listed phrases, at each place the longest."""
    last = 0
    for at in range(len(cut.pieces)):
        for length in range(_LONGEST_PHRASE, 0, -1) if at >= last else ():
            words = cut.pieces[at : at + length]
            if fold_name(" ".join(p.text for p in words)) in phrases:
                yield words[0].start, words[-1].end
                last = at + length
                break


@cache
def _load_feasts() -> frozenset[str]:
    return frozenset(map(fold_name, load_kept_sections()["calendar"])) - _DAYS - _MONTHS_AND_WORDS


@cache
def _load_bodies() -> frozenset[str]:
    return frozenset(map(fold_name, load_kept_sections()["national bodies"])) - _EVERYBODYS_BODIES
