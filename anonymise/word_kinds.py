"""Classify a word for the rules: a name, an ordinary word, or in no list.

The lists are those that ship with the name finder (``models.look_up_word``) and the keep-list.
"""

from __future__ import annotations

from functools import lru_cache

from anonymise.keep_list import load_shipped_keep_list
from models import look_up_word

_REMEMBERED = 1 << 15
_OFTEN = 0.5  # a word that everybody uses
_OFTEN_GIVEN = 0.75
_BORNE = 0.5  # a name that many bear
_WORD_ENDINGS = ("ing", "ed", "ly", "ness", "ment", "tion", "able", "ful", "less", "ised", "ized")
_SHORTEST_STEM = 3


@lru_cache(maxsize=_REMEMBERED)
def classify_word(word: str) -> str:
    """Return "name", "word" or "unknown" for one lower-cased word."""
    known = look_up_word(word)
    if load_shipped_keep_list().is_common(word) or known.common > 0.0:
        return "word"
    if max(known.given, known.surname, known.town, known.country) > 0.0:
        return "name" if known.rare == 0.0 or max(known.given, known.town) >= _BORNE else "word"
    if known.rare > 0.0 or _is_formed(word):
        return "word"
    return "unknown"


@lru_cache(maxsize=_REMEMBERED)
def is_everyday_word(word: str) -> bool:
    """Whether a word is very common and hardly anybody's name."""
    known = look_up_word(word)
    return known.common > _OFTEN and max(known.given, known.town) < _BORNE


@lru_cache(maxsize=_REMEMBERED)
def is_rather_a_word(word: str) -> bool:
    """Whether an ordinary word is a name only now and then ("frost", "banks", "summers")."""
    known = look_up_word(word)
    is_word = known.is_word or look_up_word(word.removesuffix("s")).common > 0.0
    return is_word and max(known.given, known.town) < _BORNE


@lru_cache(maxsize=_REMEMBERED)
def is_given_name(word: str) -> bool:
    """Whether a word is a given name and no common word."""
    known = look_up_word(word)
    return (
        known.given > 0.0 and not load_shipped_keep_list().is_common(word) and known.common == 0.0
    )


@lru_cache(maxsize=_REMEMBERED)
def may_be_given_name(word: str) -> bool:
    """Whether a word, though an ordinary one, is also a given name ("grace", "precious")."""
    return look_up_word(word).given > 0.0 or word in load_shipped_keep_list().also_names


@lru_cache(maxsize=_REMEMBERED)
def is_common_given_name(word: str) -> bool:
    """Whether a word is a common given name ("bill", "carol"), though it may be a word as well."""
    return look_up_word(word).given >= _OFTEN_GIVEN


@lru_cache(maxsize=_REMEMBERED)
def is_never_name(word: str) -> bool:
    """Whether a common word, in any of its forms, is nobody's name and no town's ("brightened").

    A surname that few bear makes it no name where everybody says it as a word ("champion").
    """
    known = look_up_word(word)
    is_said = known.common > _OFTEN and known.surname <= _BORNE
    borne = 0.0 if is_said else known.surname
    return known.common > 0.0 and max(known.given, known.town, known.country, borne) < _BORNE


@lru_cache(maxsize=_REMEMBERED)
def is_place_name(word: str) -> bool:
    """Whether a word is a town or a country, and no ordinary word."""
    known = look_up_word(word)
    # "McDonald" is part of a country's name as well.
    country = known.country if known.surname < _BORNE else 0.0
    return max(known.town, country) >= _BORNE and classify_word(word) == "name"


def _is_formed(word: str) -> bool:
    """Whether it is an ordinary word with an ending: "redecorating", "wheelchairs"."""
    for ending in ("s", *_WORD_ENDINGS):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_STEM:
            tried = (look_up_word(stem), look_up_word(stem + "e"), look_up_word(stem[:-1]))
            if any(max(one.common, one.rare) > 0.0 for one in tried):
                return True
    return False
