"""Ages: "74 years old", "aged seventy four", "I'm seventy four", "Ivy is 94", "a 74-year-old".

Where only "I'm" comes before a number, no word after it may be something that is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from anonymise.numbers.number_readings import NumberReading, read_count
from anonymise.pieces import Pieces, list_words_before, lowered_at, split_listed_words
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from anonymise.word_kinds import may_be_given_name
from study import Category

_OLDEST, _GROWN = 115, 16  # a child's age after "I was" tells little and is said often
_HIGH = 90
_LEADERS = frozenset({"aged", "age", "turned", "turning", "turn"})
_SHORT_LEADERS = load_word_list("numbers", "ages belong to")
_PERSONS = load_word_list("numbers", "persons with an age")
_BE = frozenset({"am", "is", "was", "were", "be", "will"})
_RANKED = frozenset({"youngest", "oldest", "eldest"})
_DECADES = split_listed_words("thirties forties fifties sixties seventies eighties nineties")
_OWN = frozenset({"my", "his", "her", "their", "your", "our", "early", "mid", "late"})
_SELVES = split_listed_words("you i he she we they my your don't")
_MATURE = 50  # "at seventy six you don't expect …"; "at eight he was off to school" is a time
_SOFTENERS = frozenset(
    {"only", "nearly", "almost", "about", "now", "just", "be", "over", "going", "on"}
)
_MAY_FOLLOW = (
    load_word_list("numbers", "after an age") | split_listed_words(". , ; ! ? - \u2013") | {""}
)
_DETERMINERS = split_listed_words("the a an my your his her our their this that no")
_THINGS = frozenset({"it", "it's", "house", "building", "car", "that's", "church"})


def find_ages(pieces: Pieces) -> Iterator[RuleFind]:
    """Find ages of people, in whole years."""
    at = 0
    while at < len(pieces):
        if pieces[at].lowered in _DECADES and lowered_at(pieces, at - 1) in _OWN:
            yield RuleFind(at, at + 1, Category.AGE, 0.6, pieces[at].lowered)
        read = read_count(pieces, at)
        if read is None:
            at += 1
            continue
        last = _end_of_age(pieces, at, read) if 0 < read.value <= _OLDEST else None
        if last is not None:
            category = Category.HIGH_AGE if read.value >= _HIGH else Category.AGE
            yield RuleFind(at, last, category, 0.85, str(read.value))
        at = max(read.after, last or 0)


def _end_of_age(pieces: Pieces, at: int, read: NumberReading) -> int | None:
    """Return the index after the age, None where the number is no age."""
    last = _read_years_old(pieces, read.after)
    if last is not None:
        return None if lowered_at(pieces, at - 1) in _THINGS or _is_of_thing(pieces, at) else last
    if lowered_at(pieces, at - 1) in _LEADERS:
        return read.after
    if lowered_at(pieces, at - 1) == "of" and "age" in list_words_before(pieces, at, 3):
        return read.after
    if _is_said_of_life(pieces, at, read):
        return read.after
    is_led = _is_led_by_person(pieces, at) and lowered_at(pieces, read.after) in _MAY_FOLLOW
    return read.after if is_led and read.value >= _GROWN else None


def _read_years_old(pieces: Pieces, at: int) -> int | None:
    """Return the index after "years old", "-year-old", "years of age", "year old"."""
    following = at + 1 if lowered_at(pieces, at) == "-" else at
    if [lowered_at(pieces, following + i) for i in range(3)] == ["y", "/", "o"]:
        return following + 3
    if lowered_at(pieces, following) not in {"year", "years", "yrs"}:
        return None
    following += 2 if lowered_at(pieces, following + 1) == "-" else 1
    if lowered_at(pieces, following) == "old":
        return following + 1
    if (lowered_at(pieces, following), lowered_at(pieces, following + 1)) == ("of", "age"):
        return following + 2
    return None


def _is_said_of_life(pieces: Pieces, at: int, read: NumberReading) -> bool:
    """Whether it is "at seventy six you …" or "the youngest of us is forty nine"."""
    following = lowered_at(pieces, read.after)
    if lowered_at(pieces, at - 1) == "at":
        return read.value >= _MATURE and following in _SELVES
    ranked = not _RANKED.isdisjoint(list_words_before(pieces, at, 7))
    return ranked and lowered_at(pieces, at - 1) in _BE and following in _MAY_FOLLOW


def _is_of_thing(pieces: Pieces, at: int) -> bool:
    before = list_words_before(pieces, at, 3)
    return before[-1:] in (["is"], ["was"]) and not _THINGS.isdisjoint(before)


def _is_led_by_person(pieces: Pieces, at: int) -> bool:
    before = list_words_before(pieces, at, 4)
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
    return may_be_given_name(word) and not (before and before[-1] in _DETERMINERS)
