"""Infer a person's role from the words around a name: "my sister Jean", "Jean, his wife".

A role goes into the label that replaces the name. It is a word of Earshot's list, never one from
the transcript.
"""

from __future__ import annotations

from functools import cache

from anonymise.pieces import Pieces, cut_into_pieces, lowered_at, split_listed_words
from anonymise.shipped_lists import load_shipped_list, load_word_list

_REACH = 60  # characters before and after a name
# Not "sister": "Sister Rose" may be a nurse or a sibling.
_TITLES = split_listed_words("doctor dr nurse auntie aunty aunt uncle cousin")
_OWNERS = split_listed_words("my his her our their your the")


def infer_role(text: str, start: int, end: int) -> str:
    """Return the role of the person named from ``start`` to ``end``; "" where no word gives one.

    The mention itself is read first, then the words right before it and right after it.
    """
    inside = cut_into_pieces(text[start:end])
    before = cut_into_pieces(text[max(0, start - _REACH) : start])
    after = cut_into_pieces(text[end : end + _REACH])
    return _read_inside(inside) or _read_before(before) or _read_after(after)


def infer_kin(text: str, end: int) -> str:
    """Return the role that may be that of the person named up to ``end``: "jean my sister".

    Without a comma it may be somebody else's, "I told Jean my sister was ill": no label has it.
    """
    after = cut_into_pieces(text[end : end + _REACH])
    if lowered_at(after, 0) not in _OWNERS:
        return ""
    return _look_up_role(lowered_at(after, 1)) or _look_up_role(lowered_at(after, 2))


def infer_role_gender(word: str) -> str:
    """Return "female" or "male" where a role or title says so, else ""."""
    low = word.lower().strip(". ")
    return next((g for g in ("female", "male") if low in load_word_list("people", g)), "")


def infer_title_gender(text: str) -> str:
    """Return "female" or "male" where the title in front of a name says so ("Mrs"), else ""."""
    return infer_role_gender(lowered_at(cut_into_pieces(text), 0))


def _look_up_role(word: str) -> str:
    return _load_roles().get(word, "")


@cache
def _load_roles() -> dict[str, str]:
    return {word: role for role, words in load_shipped_list("roles").items() for word in words}


def _read_inside(pieces: Pieces) -> str:
    first = lowered_at(pieces, 0)
    if first in _OWNERS and _look_up_role(lowered_at(pieces, 1)):
        return _look_up_role(lowered_at(pieces, 1))
    if len(pieces) > 1 and first in _TITLES:
        return _look_up_role(first)
    return ""


def _read_before(pieces: Pieces) -> str:
    """Read "my sister Jean", "her son, Tom", "our friend called Sue"."""
    at = len(pieces) - 1
    while at > 0 and lowered_at(pieces, at) in {",", "called", "named", "is", "was"}:
        at -= 1
    joined = "".join(p.lowered for p in pieces[max(0, at - 4) : at + 1])
    for long in ("sister-in-law", "brother-in-law", "daughter-in-law", "son-in-law"):
        if joined.endswith(long):
            return long
    if lowered_at(pieces, at - 1) in _OWNERS or lowered_at(pieces, at - 2) in _OWNERS:
        return _look_up_role(lowered_at(pieces, at))
    return ""


def _read_after(pieces: Pieces) -> str:
    """Read "Jean, his wife" and "Sue, my best friend"."""
    if lowered_at(pieces, 0) == "," and lowered_at(pieces, 1) in _OWNERS:
        return _look_up_role(lowered_at(pieces, 2)) or _look_up_role(lowered_at(pieces, 3))
    return ""
