"""Words of a replaced name or age that are plainly something else where they stand.

"We walked up the green hill" is no Green Hill, and "eighty-three pounds" is nobody's age. A phrase
counts as plain only in small letters, after an article, and before nothing that it could describe;
an amount only before its unit, and never where somebody is just said to be so old.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from handoff.name_forms import load_gate_section
from handoff.said_letters import read_numbers
from study import fold_name

_TOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*|[^\w\s]")
_THE = "the"
_SURELY_AGED = frozenset({"aged", "age", "turned", "turning", "turns"})
_BE = frozenset({"was", "is", "am", "are", "were", "be", "been", "being", "s", "m", "re"})
_MONEY = frozenset({"pound", "pounds", "pence", "penny", "quid", "euro", "euros", "dollars"})
_AFTER_CLAUSE = frozenset({"are", "is", "was", "were", "get", "got", "became", "become", "seem"})
_WHOM = frozenset({"her", "him", "me", "us", "them", "you"})
_OF_AGE = frozenset({"old", "young"})


@cache
def _load(section: str) -> frozenset[str]:
    return frozenset(load_gate_section(section))


def compile_phrases(phrases: Collection[tuple[str, ...]]) -> re.Pattern[str] | None:
    """Return a pattern of these folded phrases in small letters, None where there are none."""
    if not phrases:
        return None
    every = (r"\s+".join(map(re.escape, words)) for words in sorted(phrases))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(every)})(?!\w)")


def find_plain_phrases(
    text: str, places: re.Pattern[str] | None, others: re.Pattern[str] | None
) -> Iterator[tuple[int, int]]:
    """Yield the spans of phrases of ordinary words where they are no names.

    places: names of places alone, others: of organisations, too. A place may be walked up and down;
    people also go "down the red lion", so an organisation is plain after "a" alone.
    """
    for phrases, may_have_the in ((places, True), (others, False)):
        for found in phrases.finditer(text) if phrases else ():
            words = [fold_name(word) for word in _TOKEN.findall(text[: found.end()])]
            first = len(words) - len(found[0].split())
            following = _TOKEN.search(text, found.end())
            words.append(following[0].lower() if following else "")
            if _is_plain(words, first, len(words) - 1, may_have_the=may_have_the):
                yield found.span()


def _is_plain(words: Sequence[str], first: int, last: int, *, may_have_the: bool) -> bool:
    following = words[last] if last < len(words) else ""
    if following.isalnum() and following not in _load("after plain words"):
        return False
    if following in {"-", "'", "\u2019"}:  # of a longer word
        return False
    *earlier, before, article = ["", *words[max(0, first - 4) : first]] if first else ["", ""]
    if article == _THE:
        is_there = words[last - 1] in _load("landscape") and before in _load("ways")
        return may_have_the and is_there and _load("dwelling").isdisjoint(earlier)
    return article in _load("articles") and before not in _load("into")


def find_amounts(text: str, ages: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield the spans of numbers with a unit behind them: "eighty-three pounds".

    ages: the numbers that are looked at, in years.
    """
    tokens = [token for token in _TOKEN.finditer(text) if token[0] != "-"]
    words = [re.sub(r"['\u2019]", "", token[0].lower()) for token in tokens]
    for at, after, value in read_numbers(words):
        if value in ages and _is_amount(words, at, after):
            yield tokens[at].start(), tokens[after - 1].end()


def _is_amount(words: Sequence[str], at: int, after: int) -> bool:
    unit = words[after] if after < len(words) else ""
    following = words[after + 1] if after + 1 < len(words) else ""
    is_counted = unit in _load("counted")
    is_cut = unit == "per" and following not in {"cent", "cents"}
    if not (is_counted or unit in _load("measures")) or is_cut or following in _OF_AGE:
        return False
    at = _skip(words, at, "roughly")
    before = words[at - 1] if at else ""
    who = words[at - 2] if at > 1 else ""
    if unit in _MONEY:
        return before not in _SURELY_AGED
    if not is_counted and before in _WHOM and who in _load("given"):
        return True
    # "At eighty-three steps are hard for her."
    is_clause = before in {"at", "now"} and (is_counted or following in _AFTER_CLAUSE)
    return not (
        is_clause
        or before in _SURELY_AGED
        or before in _load("is so old")
        or (before in _BE and _is_somebody(words, at - 1))
    )


def _is_somebody(words: Sequence[str], at: int) -> bool:
    """Whether it is a person who "is" or "must be" something; at: the place of that word."""
    before = _skip(words, at, "may be")
    if not before:
        return words[at] == "were"  # "we're", at the beginning
    return words[before - 1] in _load("who is so old")


def _skip(words: Sequence[str], at: int, section: str) -> int:
    """Return the index after the last word before this one that is not of a section."""
    while at and words[at - 1] in _load(section):
        at -= 1
    return at
