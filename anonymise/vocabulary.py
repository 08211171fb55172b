"""What a word is, for the rules: a name, an ordinary word, or in no list.

Read from the lists that ship with the finder of names (``models.lexicon``) and the keep-list.
"""

from __future__ import annotations

from functools import lru_cache

from anonymise.keep import shipped
from models.lexicon import facts

_REMEMBERED = 1 << 15
_OFTEN = 0.5  # a word that everybody uses
_OFTEN_GIVEN = 0.75
_BORNE = 0.5  # a name that many bear
_WORD_ENDINGS = ("ing", "ed", "ly", "ness", "ment", "tion", "able", "ful", "less", "ised", "ized")
_SHORTEST_STEM = 3


@lru_cache(maxsize=_REMEMBERED)
def kind(word: str) -> str:
    """Return "name", "word" or "unknown" for one lower-cased word."""
    known = facts(word)
    if shipped().is_common(word) or known.common > 0.0:
        return "word"
    if max(known.given, known.surname, known.town, known.country) > 0.0:
        return "name" if known.rare == 0.0 or max(known.given, known.town) >= _BORNE else "word"
    if known.rare > 0.0 or _is_formed(word):
        return "word"
    return "unknown"


@lru_cache(maxsize=_REMEMBERED)
def is_plain(word: str) -> bool:
    """Whether a word is in everybody's mouth and hardly anybody's name."""
    known = facts(word)
    return known.common > _OFTEN and max(known.given, known.town) < _BORNE


@lru_cache(maxsize=_REMEMBERED)
def is_given(word: str) -> bool:
    """Whether a word is a given name before it is anything else."""
    known = facts(word)
    return known.given > 0.0 and not shipped().is_common(word) and known.common == 0.0


@lru_cache(maxsize=_REMEMBERED)
def may_be_given(word: str) -> bool:
    """Whether a word, though an ordinary one, is also a given name ("grace", "precious")."""
    return facts(word).given > 0.0 or word in shipped().also_names


@lru_cache(maxsize=_REMEMBERED)
def is_often_given(word: str) -> bool:
    """Whether a word is a given name that many bear ("bill", "carol"), whatever else it is."""
    return facts(word).given >= _OFTEN_GIVEN


@lru_cache(maxsize=_REMEMBERED)
def is_place(word: str) -> bool:
    """Whether a word is a town or a country, and no ordinary word."""
    known = facts(word)
    # "McDonald" is a word of a country's name, too.
    country = known.country if known.surname < _BORNE else 0.0
    return max(known.town, country) >= _BORNE and kind(word) == "name"


def _is_formed(word: str) -> bool:
    """Whether it is an ending on an ordinary word: "redecorating", "wheelchairs"."""
    for ending in ("s", *_WORD_ENDINGS):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_STEM:
            tried = (facts(stem), facts(stem + "e"), facts(stem[:-1]))
            if any(max(one.common, one.rare) > 0.0 for one in tried):
                return True
    return False
