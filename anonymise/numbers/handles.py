"""Names of accounts: "@dot_pearson", "on instagram at jeanfitz_31", "on facebook as Mavis Knits".

A name that is written as one, with "_", digits or dots, is sure; one that is ordinary words is a
question.
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.numbers.digit_runs import read_run_item
from anonymise.pieces import Pieces, lowered_at, split_listed_words, touches_previous
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from anonymise.word_kinds import classify_word, is_everyday_word
from study import Category

_PLATFORMS = load_word_list("numbers", "platforms")
_LINKS = load_word_list("numbers", "before a handle") | {",", ":"}
_LEADS = split_listed_words("at as is it's under called :")  # one of them must be there
_JOINS = split_listed_words("underscore dot dash hyphen")
_WRITTEN_JOINS = split_listed_words("_ . - : @ /")
_SHOWN = _JOINS | split_listed_words("_ @")
_STOPS = load_word_list("numbers", "ends an e-mail address") | load_word_list(
    "numbers", "no handle"
)
_MOST_LINKS, _MOST_WORDS = 5, 3


def find_handles(pieces: Pieces) -> Iterator[RuleFind]:
    """Find names of accounts, each to its end."""
    done = 0
    for at, piece in enumerate(pieces):
        if at < done:
            continue
        found = _read_at_sign(pieces, at) if piece.text == "@" else None
        if piece.lowered_bare in _PLATFORMS:
            found = _read_after_platform(pieces, at)
        if found is not None:
            yield found
            done = found.last


def _read_at_sign(pieces: Pieces, at: int) -> RuleFind | None:
    """Read "@dot_pearson"; an "@" behind a letter is an e-mail address."""
    if touches_previous(pieces, at) or not touches_previous(pieces, at + 1):
        return None
    if at + 1 >= len(pieces):
        return None
    last = _glued_end(pieces, at + 1)
    return RuleFind(at, last, Category.WEB, 0.9) if last > at + 1 else None


def _glued_end(pieces: Pieces, at: int) -> int:
    """Return the index after what no space parts, without the signs at its end."""
    last = at + 1
    while last < len(pieces) and touches_previous(pieces, last):
        if not (pieces[last].text.isalnum() or pieces[last].text in _WRITTEN_JOINS):
            break
        last += 1
    while last > at and not pieces[last - 1].text.isalnum():
        last -= 1
    return last


def _read_after_platform(pieces: Pieces, at: int) -> RuleFind | None:
    first, said = at + 1, set[str]()
    if pieces[at].lowered != pieces[at].lowered_bare:
        said.add("is")  # "my handle's"
    while first - at <= _MOST_LINKS and lowered_at(pieces, first) in _LINKS:
        said.add(lowered_at(pieces, first))
        first += 1
    if lowered_at(pieces, first) == "@":
        first += 1
    if said.isdisjoint(_LEADS) or first >= len(pieces) or pieces[first].lowered in _STOPS:
        return None
    last, shown = _read_name(pieces, first)
    if last == first:
        return None
    words = [p for p in pieces[first:last] if p.is_word and p.lowered not in _JOINS]
    if shown or any(p.is_digits for p in pieces[first:last]):
        return RuleFind(first, last, Category.WEB, 0.8)
    if any(read_run_item(pieces, i) for i in range(first + 1, last)):
        return RuleFind(first, last, Category.WEB, 0.7)
    if all(is_everyday_word(p.lowered_bare) for p in words):
        return None
    unlisted = any(classify_word(p.lowered_bare) != "word" for p in words)
    titled = all(p.is_capital for p in words)
    return RuleFind(first, last, Category.WEB, 0.6 if unlisted or titled else 0.4)


def _read_name(pieces: Pieces, first: int) -> tuple[int, bool]:
    """Return the index after the name, and whether it is written or said as a name of an account.

    Up to three words, and what "underscore" and the like join to them.
    """
    last, words, shown = first, 0, False
    while last < len(pieces):
        word = pieces[last].lowered
        if word in _JOINS and last > first and last + 1 < len(pieces):
            shown, words, last = True, words - 1, last + 1
            continue
        number = read_run_item(pieces, last) if last > first else None
        if number is not None:
            last = max(number.after, _glued_end(pieces, last))
            continue
        if not pieces[last].text.isalnum() or words == _MOST_WORDS or word in _STOPS:
            break
        end = _glued_end(pieces, last)
        shown = shown or any(not p.text.isalnum() for p in pieces[last:end]) or (
            end > last + 1
        )  # fmt: skip
        last, words = end, words + 1
    return last, shown
