"""Passwords and names of accounts that are written in one: "Rover1987", "sunny_jim63".

Letters and digits without a space between them, and words that "_" joins, are nothing that is said
in passing. What ends a kind of thing ("Covid19", "page10") is left.
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.pieces import Pieces, lowered_at, touches_previous
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from study import Category

_NUMBERED = load_word_list("numbers", "numbered in one word")
_ACCOUNTS = load_word_list("numbers", "names an account")
_SHORTEST_WORD, _SHORTEST = 4, 6  # letters of one word; letters and digits together
_REACH = 4  # pieces
_SURE, _ASKED = 0.6, 0.4  # a program's "client_ip" is joined as well


def find_joined_words(pieces: Pieces) -> Iterator[RuleFind]:
    """Find words and digits that no space parts."""
    at = 0
    while at < len(pieces):
        last = _find_end(pieces, at)
        if last > at + 1 and _is_one(pieces, at, last):
            joined = any(p.text == "_" for p in pieces[at:last])
            named = any(p.lowered_bare in _ACCOUNTS for p in pieces[max(0, at - _REACH) : at])
            category = Category.WEB if joined or named else Category.BANK
            if lowered_at(pieces, last) == "!" and touches_previous(pieces, last):
                last += category is Category.BANK and last + 1 < len(pieces)
            told = named or any(p.is_digits for p in pieces[at:last])
            yield RuleFind(at, last, category, _SURE if told else _ASKED)
        at = max(last, at + 1)


def _find_end(pieces: Pieces, at: int) -> int:
    """Return the index after a word and what stands in one with it; ``at`` where none begins."""
    if not pieces[at].is_word or (at and touches_previous(pieces, at) and not _opens(pieces, at)):
        return at
    last = at + 1
    while last < len(pieces) and touches_previous(pieces, last):
        if not (pieces[last].text.isalnum() or pieces[last].text == "_"):
            break
        last += 1
    while last > at and pieces[last - 1].text == "_":
        last -= 1
    return last


def _opens(pieces: Pieces, at: int) -> bool:
    return pieces[at - 1].text in {"(", '"', "\u201c", "\u2018", "'"}


def _is_one(pieces: Pieces, at: int, last: int) -> bool:
    """Whether pieces in one are a password or a name of an account, and no thing of a number."""
    following = pieces[last].text if last < len(pieces) else ""
    if following in {"@", "/", "-", "\u00b0"} and touches_previous(pieces, last):
        return False  # an address, or a code that its own rules read
    if following == "." and last + 1 < len(pieces) and touches_previous(pieces, last + 1):
        return False
    inside = pieces[at:last]
    if pieces[at].lowered in _NUMBERED:
        return False
    if any(p.text == "_" for p in inside):
        return True
    word = pieces[at]
    long = len(word.text) >= _SHORTEST_WORD and sum(len(p.text) for p in inside) >= _SHORTEST
    return long and any(p.is_digits for p in inside)
