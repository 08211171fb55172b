"""Names that a recogniser wrote as ordinary words: "there's patience, she's the night nurse".

What the word is says nothing then; the words around it do: a person stands in their place, or a
site. Each is a question. What ``names that are words`` and ``named sites`` know is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from anonymise.context.turn_context import TurnContext
from anonymise.keep_list import load_shipped_keep_list
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from anonymise.word_kinds import may_be_given_name
from anonymise.worded_shapes import WordedShape, find_shapes, is_anything
from study import Category

_ASKED = 0.35
_WORD = r"[a-z][a-z'-]{1,40}"  # no word is longer; a line of hyphens would be read over and over
_NEVER = load_word_list("people", "no bent name")
_AFTER_NAME = load_word_list("people", "after a name")
_KINDS_OF_SITE = load_word_list("sites", "kinds of site")


def _may_be_person(words: str) -> bool:
    """Whether a word could be heard for a name: none of grammar, and no form of a verb."""
    word = words.lower().removesuffix("'s")
    return not (
        word in _NEVER
        or word in _AFTER_NAME
        or word in load_shipped_keep_list().everyday
        or word.endswith(("ed", "ing", "ly", "n't", "'ll", "'d"))
    )


def _is_name_and_word(words: str) -> bool:
    word = words.lower()
    return word not in _NEVER and may_be_given_name(word)


def _is_named_council(words: str) -> bool:
    word, *_ = words.lower().split()
    return word not in _KINDS_OF_SITE and word not in _NEVER


def _is_named_site(words: str) -> bool:
    *named, _kind = words.lower().split()
    everyday = load_shipped_keep_list().everyday
    return bool(named) and not any(word in _KINDS_OF_SITE or word in everyday for word in named)


def _make_place(
    category: Category, pattern: str, is_one: Callable[[str], bool], *, only_small: bool = False
) -> WordedShape:
    return WordedShape(category, re.compile(pattern, re.IGNORECASE), is_one, _ASKED, only_small)


_NEAR = r"(?:upstairs|downstairs|next door|over the road|across the road|the end house)"
_HOSPITALS = "queen elizabeth|queen mary|princess royal|queen alexandra|king george|prince charles"
_PLACES = (
    _make_place(
        Category.PERSON,
        rf"\bthere(?:'s| was| is) ({_WORD})(?=,? (?:she|he)(?:'s| was| is)?\b"
        rf"| and there(?:'s| was)\b| who\b)",
        _is_name_and_word,
        only_small=True,
    ),
    _make_place(
        Category.PERSON,
        rf"\b(?:and|it was|then|or) ({_WORD}) from {_NEAR}\b",
        _is_name_and_word,
        only_small=True,
    ),
    _make_place(
        Category.PERSON,
        rf"\bour (?:{_WORD} )?({_WORD})"
        r"(?= (?:comes|goes|is in|lives|works|rings|rang|said|says)\b)",
        _is_name_and_word,
        only_small=True,
    ),
    _make_place(
        Category.PERSON,
        rf"\b(?:uncle|auntie|aunty|anti|constable|sergeant|canon|nurse) ({_WORD})"
        r"(?=,| (?:in|came|was|is|played|said|sat|told|used|and|who|had|he|she)\b)",
        _may_be_person,
        only_small=True,
    ),
    _make_place(
        Category.ORGANISATION,
        rf"\b(?:the|at|at a|to the|a) ((?:{_WORD} ){{1,2}}(?:church|chapel|infirmary))\b",
        _is_named_site,
        only_small=True,
    ),
    _make_place(
        Category.ORGANISATION,
        rf"\bthe ((?:{_WORD} ){{1,3}}home) (?:in|at) ",
        _is_named_site,
    ),
    _make_place(
        Category.ORGANISATION,
        rf"\b(?:at|to|from|in|into) (the (?:{_HOSPITALS}))(?= (?:in|at|for|with|last|again)\b)",
        is_anything,
    ),
    _make_place(
        Category.ORGANISATION,
        rf"\b(?:the|their) ((?:{_WORD} ){{0,2}}(?<!the )royal)(?= for (?:a|his|her|my)\b)",
        is_anything,
    ),
    _make_place(
        Category.ORGANISATION,
        rf"(?<!the )\b({_WORD} (?:city|county|town|borough|district) council)\b",
        _is_named_council,
    ),
    _make_place(
        Category.ORGANISATION,
        rf"\b({_WORD}s of (?!the\b|our\b|a\b){_WORD}[ -]street)\b",
        is_anything,
    ),
    _make_place(
        Category.EVENT,
        rf"\b(the (?:big|great) {_WORD} of (?:(?:19|20)\d\d|nineteen|two thousand)\b(?: and)?"
        rf"(?: {_WORD}(?=[,.]| [a-z]+\b))?)",
        is_anything,
    ),
    _make_place(
        Category.EVENT,
        r"\b(the (?:strike|fire|flood|floods|crash|riots|explosion|replay|lock-?out) in \d\d)\b",
        is_anything,
    ),
    _make_place(
        Category.OTHER,
        r"\b(the (?:first|only|last) (?:one|woman|man|person|girl|lad) in (?:wales|scotland"
        r"|england|ireland|yorkshire|lancashire|britain|the county|the country))\b",
        is_anything,
    ),
)


def find_bent_names(turn: TurnContext) -> Iterator[RuleFind]:
    """Find people, sites and events by the words around them, whatever was written for them."""
    for place, _, inside in find_shapes(turn, _PLACES):
        yield RuleFind(inside[0], inside[-1] + 1, place.category, place.score)
