"""Who somebody is to the one who speaks: "my sister Jean", "Jean, his wife", "Nurse Kelly".

A role goes into the label that stands for the name. It is a word of ours, never one of theirs.
"""

from __future__ import annotations

from functools import cache

from anonymise import lists
from anonymise.pieces import Pieces, cut, listed, low_at

_TITLES = listed("doctor dr nurse auntie aunty aunt uncle cousin")  # "Sister Rose" may be either
_OWNERS = listed("my his her our their your the")


def role_of(text: str, start: int, end: int) -> str:
    """Return what the words say about the person named from ``start`` to ``end``; "" for nothing.

    It is looked for in the mention itself, right before it, and right after it.
    """
    inside, before = cut(text[start:end]), cut(text[max(0, start - 60) : start])
    after = cut(text[end : end + 60])
    return _inside(inside) or _before(before) or _after(after)


def gender_of_role(word: str) -> str:
    """Return "female" or "male" where a role or title says so, else ""."""
    low = word.lower().strip(". ")
    return next((g for g in ("female", "male") if low in lists.words("people", g)), "")


def gender_of_title(text: str) -> str:
    """Return what the title in front of a name says: "Mrs Bennett" is female."""
    return gender_of_role(low_at(cut(text), 0))


def _relation(word: str) -> str:
    return _roles().get(word, "")


@cache
def _roles() -> dict[str, str]:
    return {word: role for role, words in lists.shipped("roles").items() for word in words}


def _inside(pieces: Pieces) -> str:
    first = low_at(pieces, 0)
    if first in _OWNERS and _relation(low_at(pieces, 1)):
        return _relation(low_at(pieces, 1))
    if len(pieces) > 1 and first in _TITLES:
        return _relation(first)
    return ""


def _before(pieces: Pieces) -> str:
    """Find "my sister Jean", "her son, Tom", "our friend called Sue"."""
    at = len(pieces) - 1
    while at > 0 and low_at(pieces, at) in {",", "called", "named", "is", "was"}:
        at -= 1
    joined = "".join(p.low for p in pieces[max(0, at - 4) : at + 1])
    for long in ("sister-in-law", "brother-in-law", "daughter-in-law", "son-in-law"):
        if joined.endswith(long):
            return long
    if low_at(pieces, at - 1) in _OWNERS or low_at(pieces, at - 2) in _OWNERS:
        return _relation(low_at(pieces, at))
    return ""


def _after(pieces: Pieces) -> str:
    """Find "Jean, his wife" and "Sue, my best friend"."""
    if low_at(pieces, 0) == "," and low_at(pieces, 1) in _OWNERS:
        return _relation(low_at(pieces, 2)) or _relation(low_at(pieces, 3))
    return ""
