"""Ages: "74 years old", "aged seventy four", "I'm seventy four", "Ivy is 94", "a 74-year-old".

Where only "I'm" leads to a number, the words after it must leave nothing else to count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from anonymise import lists, vocabulary
from anonymise.numbers.values import Reading, count
from anonymise.pieces import Pieces, listed, low_at, words_before
from anonymise.proposals import Find
from study.terms import Category

_OLDEST, _GROWN = 115, 16  # a child's age after "I was" tells little and is said often
_HIGH = 90
_LEADERS = frozenset({"aged", "age", "turned", "turning", "turn"})
_SHORT_LEADERS = lists.words("numbers", "ages belong to")
_PERSONS = lists.words("numbers", "persons with an age")
_BE = frozenset({"am", "is", "was", "were", "be", "will"})
_RANKED = frozenset({"youngest", "oldest", "eldest"})
_DECADES = listed("thirties forties fifties sixties seventies eighties nineties")
_OWN = frozenset({"my", "his", "her", "their", "your", "our", "early", "mid", "late"})
_SELVES = listed("you i he she we they my your don't")
_MATURE = 50  # "at seventy six you don't expect …"; "at eight he was off to school" is a time
_SOFTENERS = frozenset(
    {"only", "nearly", "almost", "about", "now", "just", "be", "over", "going", "on"}
)
_MAY_FOLLOW = lists.words("numbers", "after an age") | listed(". , ; ! ? - \u2013") | {""}
_DETERMINERS = listed("the a an my your his her our their this that no")
_THINGS = frozenset({"it", "it's", "house", "building", "car", "that's", "church"})


def find(pieces: Pieces) -> Iterator[Find]:
    """Find ages of people, in whole years."""
    at = 0
    while at < len(pieces):
        if pieces[at].low in _DECADES and low_at(pieces, at - 1) in _OWN:
            yield Find(at, at + 1, Category.AGE, 0.6, pieces[at].low)
        read = count(pieces, at)
        if read is None:
            at += 1
            continue
        last = _end_of_age(pieces, at, read) if 0 < read.value <= _OLDEST else None
        if last is not None:
            category = Category.HIGH_AGE if read.value >= _HIGH else Category.AGE
            yield Find(at, last, category, 0.85, str(read.value))
        at = max(read.after, last or 0)


def _end_of_age(pieces: Pieces, at: int, read: Reading) -> int | None:
    """Return the index after the age, None where it is none."""
    last = _years_old(pieces, read.after)
    if last is not None:
        return None if low_at(pieces, at - 1) in _THINGS or _is_of_thing(pieces, at) else last
    if low_at(pieces, at - 1) in _LEADERS:
        return read.after
    if low_at(pieces, at - 1) == "of" and "age" in words_before(pieces, at, 3):
        return read.after
    if _is_said_of_life(pieces, at, read):
        return read.after
    told = _led_by_person(pieces, at) and low_at(pieces, read.after) in _MAY_FOLLOW
    return read.after if told and read.value >= _GROWN else None


def _years_old(pieces: Pieces, at: int) -> int | None:
    """Return the index after "years old", "-year-old", "years of age", "year old"."""
    following = at + 1 if low_at(pieces, at) == "-" else at
    if [low_at(pieces, following + i) for i in range(3)] == ["y", "/", "o"]:
        return following + 3
    if low_at(pieces, following) not in {"year", "years", "yrs"}:
        return None
    following += 2 if low_at(pieces, following + 1) == "-" else 1
    if low_at(pieces, following) == "old":
        return following + 1
    if (low_at(pieces, following), low_at(pieces, following + 1)) == ("of", "age"):
        return following + 2
    return None


def _is_said_of_life(pieces: Pieces, at: int, read: Reading) -> bool:
    """Whether it is "at seventy six you …" or "the youngest of us is forty nine"."""
    following = low_at(pieces, read.after)
    if low_at(pieces, at - 1) == "at":
        return read.value >= _MATURE and following in _SELVES
    ranked = not _RANKED.isdisjoint(words_before(pieces, at, 7))
    return ranked and low_at(pieces, at - 1) in _BE and following in _MAY_FOLLOW


def _is_of_thing(pieces: Pieces, at: int) -> bool:
    before = words_before(pieces, at, 3)
    return before[-1:] in (["is"], ["was"]) and not _THINGS.isdisjoint(before)


def _led_by_person(pieces: Pieces, at: int) -> bool:
    before = words_before(pieces, at, 4)
    while before and before[-1] in _SOFTENERS:
        before.pop()
    if not before:
        return False
    if before[-1] in _SHORT_LEADERS:
        return True
    if before[-1].endswith("'s"):
        return _is_called(before[-1].removesuffix("'s"), before[:-1])
    if len(before) == 1 or before[-1] not in _BE:
        return False
    return before[-2] in _PERSONS or _is_called(before[-2], before[:-2])


def _is_called(word: str, before: Sequence[str]) -> bool:
    """Whether "Ivy is 94" is about somebody, where "the mark was 70" is not."""
    return vocabulary.may_be_given(word) and not (before and before[-1] in _DETERMINERS)
