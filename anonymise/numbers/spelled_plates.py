"""Registrations that are read out by letters: "p o sixty nine k l m", "k u m four one seven d".

They need no cue: two letters, a number below a hundred and three letters are nothing else in talk.
Abbreviations are something else ("C T, ten P E T scans"), and so are "a" and "I", which are words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from anonymise.numbers.codes import is_postcode
from anonymise.numbers.digit_runs import read_run_item
from anonymise.numbers.letter_readings import SPELLED, read_letter
from anonymise.numbers.number_words import FILLERS
from anonymise.pieces import Pieces, lowered_at, split_listed_words
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from anonymise.word_kinds import classify_word
from study import TENS, TIMES, Category

# Names of letters as recognisers write them; those that everybody says count beside others only.
_NAMED = {
    "bee": "B", "cee": "C", "see": "C", "sea": "C", "dee": "D", "ee": "E", "eff": "F", "gee": "G",
    "jay": "J", "kay": "K", "ell": "L", "el": "L", "em": "M", "en": "N", "pee": "P", "queue": "Q",
    "cue": "Q", "ar": "R", "ess": "S", "tee": "T", "tea": "T", "you": "U", "vee": "V", "ex": "X",
    "wye": "Y", "why": "Y",
}  # fmt: skip
_EVERYBODYS = split_listed_words("bee see sea jay kay queue cue tea you ex why")
_JOINTS = split_listed_words("- , . \u2013 \u2014 \u2026 space gap") | FILLERS
_MOST_JOINTS = 3
_ENDS = split_listed_words(". , ? ! ; : - \u2013 \u2014 \u2026 and but") | {""}
_NO_GROUP = load_word_list("numbers", "abbreviations") | {"bmw", "kia"}
_TWO, _THREE = 2, 3
_LEAST_CLEAR = 3  # letters that are nothing else, of the five


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter and the index after it; clear: it is no word as well."""

    sign: str
    after: int
    is_clear: bool


_Letters = Sequence[_Letter]


def find_spelled_plates(pieces: Pieces) -> Iterator[RuleFind]:
    """Find the registrations that are spelled out."""
    done = 0
    for at in range(len(pieces)):
        if at < done or _is_in_row(pieces, at):
            continue
        found = _read_plate(pieces, at)
        if found is not None:
            yield found
            done = found.last


def _is_in_row(pieces: Pieces, at: int) -> bool:
    """Whether a plain letter stands before this piece, so that letters begin before it."""
    before = at - 2 if lowered_at(pieces, at - 1) == "-" else at - 1
    if len(lowered_at(pieces, before)) != 1:
        return False
    letter = read_letter(pieces, before)
    return letter is not None and not letter.is_weak


def _read_plate(pieces: Pieces, at: int) -> RuleFind | None:
    head = _read_letters(pieces, at)
    number = _read_number(pieces, _skip_joints(pieces, head[-1].after)) if head else None
    if number is None or len(head) > _THREE:
        return None
    digits, after = number
    tail = _read_letters(pieces, _skip_joints(pieces, after))
    if len(digits) == 1 and len(head) == _THREE and head[-1].sign == "O":
        head, digits = head[:-1], f"0{digits}"  # "y k o six"
    if len(digits) == 1 and len(tail) > _THREE and tail[0].sign == "O":
        tail, digits = tail[1:], f"{digits}0"  # "s k six o n v r"
    wanted = 1 if len(head) == _THREE else _THREE
    if len(tail) < wanted or (len(tail) > wanted and tail[wanted].is_clear):
        return None
    tail = tail[:wanted]
    is_plate = {1: _is_prefixed, _TWO: _is_present, _THREE: _is_suffixed}[len(head)]
    if not is_plate(pieces, head, digits, tail):
        return None
    form = _spell(head) + digits + _spell(tail)
    return RuleFind(at, tail[-1].after, Category.VEHICLE, 0.9, form)


def _is_present(pieces: Pieces, head: _Letters, digits: str, tail: _Letters) -> bool:
    """Whether it has the form since 2001: "p o sixty nine k l m"."""
    if len(digits) > _TWO or sum(one.is_clear for one in (*head, *tail)) < _LEAST_CLEAR:
        return False
    if any(one.sign == "I" and not one.is_clear for one in head) and not tail[-1].is_clear:
        return False  # "I v forty m l a"; no plate has an I
    if _is_word(pieces, tail[-1]) and is_postcode(_spell(head) + digits + _spell(tail[:-1])):
        return False  # "l s six two a b I think"
    is_short = len(digits) < _TWO or not any(one.is_clear for one in head)
    few = _is_abbreviation(head), _is_abbreviation(tail)
    return not (any(few) if is_short else all(few))


def _is_word(pieces: Pieces, last: _Letter) -> bool:
    """Whether the last letter is a word of what follows: "I think", but not "k l a."."""
    if last.is_clear or last.sign == "O":
        return False
    return last.sign != "A" or lowered_at(pieces, last.after) not in _ENDS


def _is_suffixed(pieces: Pieces, head: _Letters, digits: str, tail: _Letters) -> bool:
    """Whether it has the form of 1963 to 1983: "k u m four one seven d"."""
    if len(digits) not in {_TWO, _THREE} or _is_abbreviation(head):
        return False
    if sum(one.is_clear for one in head) < _TWO:
        return False
    return tail[0].sign != "O" and not _is_word(pieces, tail[0])


def _is_prefixed(pieces: Pieces, head: _Letters, digits: str, tail: _Letters) -> bool:
    """Whether it has the form of 1983 to 2001: "f four two one k w t"."""
    del pieces
    if len(digits) not in {_TWO, _THREE} or _is_abbreviation(tail):
        return False
    clear = sum(one.is_clear for one in tail)
    if len(digits) == _TWO:  # "M 25" is a road
        return head[0].is_clear and clear == _THREE
    return (head[0].is_clear or head[0].sign == "A") and clear >= _TWO


def _is_abbreviation(letters: _Letters) -> bool:
    """Whether letters are one, maybe with a word behind it: the "p m I" of "six p m I left"."""
    word = _spell(letters).lower()
    return word in _NO_GROUP or (not letters[-1].is_clear and word[:-1] in _NO_GROUP)


def _spell(letters: _Letters) -> str:
    return "".join(one.sign for one in letters)


def _read_letters(pieces: Pieces, at: int) -> list[_Letter]:
    """Read letters one after the other, up to one more than any plate has in a row."""
    read: list[_Letter] = []
    following = at
    while len(read) <= _THREE and (here := _read_letter(pieces, following)):
        read += here
        following = _skip_joints(pieces, here[-1].after)
    return read


def _read_letter(pieces: Pieces, at: int) -> list[_Letter]:
    """Read "m", "zed", "double t" (two letters), "m for mother", "mike", "em" or "KLM"."""
    letter = read_letter(pieces, at)
    if letter is not None:
        return [_Letter(sign, letter.after, not letter.is_weak) for sign in letter.letters]
    word = lowered_at(pieces, at)
    if word in SPELLED:
        return [_Letter(SPELLED[word], at + 1, is_clear=True)]
    if word in _NAMED:
        return [_Letter(_NAMED[word], at + 1, word not in _EVERYBODYS)]
    written = pieces[at].text if at < len(pieces) else ""
    is_group = written.isascii() and written.isupper() and _TWO <= len(written) <= _THREE
    if is_group and classify_word(word) != "word":  # where all is in capitals, "AT TEN HER"
        return [_Letter(sign, at + 1, is_clear=True) for sign in written]  # "KP fifty-two, R T V"
    return []


def _read_number(pieces: Pieces, at: int) -> tuple[str, int] | None:
    """Read up to three digits in any grouping; return them and the index after them."""
    digits, last, following = "", at, at
    while (item := read_run_item(pieces, following)) is not None:
        word = lowered_at(pieces, following)
        if word == "o" and (not digits or read_run_item(pieces, following + 1) is None):
            break
        if digits and word in TIMES and item.digits[:1] == "0":
            break  # "seventy three double o v": letters
        is_rest = len(digits) == _TWO and word not in TENS and _was_tens(pieces, last)
        if is_rest and len(item.digits) == 1:
            digits = digits[0] + item.digits  # "twenty, er, two"
        else:
            digits += item.digits
        if len(digits) > _THREE:
            return None
        last, following = item.after, _skip_joints(pieces, item.after)
    return (digits, last) if digits else None


def _was_tens(pieces: Pieces, after: int) -> bool:
    """Whether the number that ends here is "twenty" with nothing behind it."""
    return lowered_at(pieces, after - 1) in TENS


def _skip_joints(pieces: Pieces, at: int) -> int:
    following = at
    while following - at < _MOST_JOINTS and lowered_at(pieces, following) in _JOINTS:
        following += 1
    return following
