"""Names that are spelled out: "M A double T Y", "S-M-Y-T-H-E", "h for hotel", "golf romeo alpha".

Letters one by one are a name or a code; common abbreviations ("N H S", "M R I") are neither. Three
letters are a name only after a word such as "spelled".
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.numbers.letter_readings import SPELLED, LettersReading, read_letter
from anonymise.numbers.number_words import FILLERS
from anonymise.pieces import Pieces, list_words_before, lowered_at, split_listed_words
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from study import Category

_SHORT = load_word_list("numbers", "abbreviations")
_CUES = split_listed_words(
    "spelled spelt spell spelling spells letters written write surname name name's it's that's"
)
_PLACE_CUES = split_listed_words("village town street place road area farm")
_SURE_CUES = split_listed_words("spelled spelt spell spelling spells surname surname's")
_SHORTEST, _SHORTEST_CUED = 4, 3
_REACH = 6
_JOINTS = frozenset({"-", ",", ".", "then", "and"}) | FILLERS


def find_spelled_names(pieces: Pieces) -> Iterator[RuleFind]:
    """Find runs of single letters that spell something."""
    at = 0
    while at < len(pieces):
        if _read_letter(pieces, at) is None:
            at += 1
            continue
        word, last = _read_run(pieces, at)
        found = _classify(pieces, at, last, word)
        if found is not None:
            yield found
        at = max(last, at + 1)


def _read_letter(pieces: Pieces, at: int) -> LettersReading | None:
    """Read a letter, or a word of the spelling alphabet alone."""
    letter = read_letter(pieces, at)
    if letter is not None or lowered_at(pieces, at) not in SPELLED:
        return letter
    return LettersReading(SPELLED[lowered_at(pieces, at)], at + 1, is_weak=True)


def _read_run(pieces: Pieces, at: int) -> tuple[str, int]:
    word, last, following = "", at, at
    while (read := _read_letter(pieces, following)) is not None:
        word += read.letters.lower()
        following = last = read.after
        while lowered_at(pieces, following) in _JOINTS and following - last < 2:  # noqa: PLR2004 - ", then"
            following += 1
    return word, last


def _classify(pieces: Pieces, at: int, last: int, word: str) -> RuleFind | None:
    before = list_words_before(pieces, at, _REACH)
    cued = not _CUES.isdisjoint(before)
    if word in _SHORT or word.removesuffix("s") in _SHORT or len(set(word)) == 1:
        return None
    if len(word) < (_SHORTEST_CUED if cued else _SHORTEST) or _only_words(pieces, at, last):
        return None
    place = not _PLACE_CUES.isdisjoint(before)
    sure = not _SURE_CUES.isdisjoint(before) or len(word) >= _SHORTEST
    category = Category.PLACE if place else Category.PERSON
    if _count_alphabet(pieces, at, last) and not _is_by_alphabet(pieces, at, last, cued=cued):
        return None
    return RuleFind(at, last, category, 0.9 if sure else 0.6, word)


def _count_alphabet(pieces: Pieces, at: int, last: int) -> int:
    return sum(lowered_at(pieces, i) in SPELLED for i in range(at, last))


def _is_by_alphabet(pieces: Pieces, at: int, last: int, *, cued: bool) -> bool:
    """Whether words of the spelling alphabet spell here: "golf romeo alpha", no "golf and tango".

    With an example before each ("h for hotel") they always do.
    """
    words = [lowered_at(pieces, i) for i in range(at, last)]
    if not {"for", "as", "like"}.isdisjoint(words):
        return True
    return "and" not in words and (cued or _count_alphabet(pieces, at, last) >= _SHORTEST)


def _only_words(pieces: Pieces, at: int, last: int) -> bool:
    """Whether the letters are only small words, repeated: "I, I, a"."""
    return {lowered_at(pieces, i) for i in range(at, last)} <= {"i", "a", "o", ",", ".", "-", "and"}
