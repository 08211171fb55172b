"""Codes of letters and digits: postcodes, National Insurance numbers, vehicle registrations.

They are written ("LS6 2AB") or spoken one by one ("l s six, two a b", "n for november").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from anonymise.numbers.digit_runs import read_run_item
from anonymise.numbers.letter_readings import SPELLED, read_letter
from anonymise.numbers.number_words import FILLERS
from anonymise.pieces import Pieces, lowered_at, touches_previous
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from anonymise.word_kinds import classify_word
from study import DIGITS, LETTERS, TEENS, TENS, TIMES, Category

_AREAS = sorted(load_word_list("numbers", "postcode areas"))
_POSTCODE = re.compile(rf"(?:{'|'.join(_AREAS)})\d[\dA-Z]?\d[ABD-HJLNP-UW-Z]{{2}}")
_INSURANCE = re.compile(r"[A-Z]{2}\d{6}[A-D]")
_PLATES = re.compile(r"[A-Z]{2}\d{2}[A-Z]{3}|[A-Z]\d{1,3}[A-Z]{3}|[A-Z]{3}\d{1,3}[A-Z]")
_SUFFIX_PLATES = re.compile(r"[A-Z]{3}\d{1,3}[A-HJ-NPR-TV-Y]")
_MAKES = frozenset({"bmw", "kia", "vw"})  # "BMW 320d" is a model
# Before 1963, and Northern Ireland.
_OLD_PLATES = re.compile(r"[A-Z]{2,3}\d{2,4}|\d{2,4}[A-Z]{2,3}")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_TWO, _BANKS_LETTERS, _LONGEST_IBAN = 2, 4, 34
_VEHICLE_CUES = frozenset({"registration", "reg", "plate", "plates", "car", "van", "vehicle"})
_PLATE_CUES = frozenset({"registration", "reg", "plate", "plates"})
_SHORTEST, _LONGEST = 4, 9
_MOST_LETTERS = 3  # in one written group
_REACH = 8
_NUMBERS = frozenset({*DIGITS, *TIMES, *TENS, *TEENS})
_ORDINARY = load_word_list("numbers", "short words")


@dataclass(frozen=True, slots=True)
class _Sign:
    """One or more characters of a code and the index after them."""

    signs: str
    after: int
    is_word: bool  # an ordinary lower-case word, were it not in a code


def is_postcode(text: str) -> bool:
    """Whether letters and digits without a blank have the form of a postcode."""
    return _POSTCODE.fullmatch(text) is not None


def find_codes(pieces: Pieces) -> Iterator[RuleFind]:
    """Find codes, longest first at each place."""
    at = 0
    while at < len(pieces):
        found = _read_iban(pieces, at)
        if found is None and _may_begin(pieces, at):
            found = _read_code(pieces, at)
        if found is not None:
            yield found
        at = found.last if found else at + 1


def _read_iban(pieces: Pieces, at: int) -> RuleFind | None:
    """Read a written account number of any country: "GB82 WEST 1234 5698 7654 32"."""
    if len(pieces[at].text) != _TWO or not pieces[at].text.isalpha():
        return None
    text, last = "", at
    while last < len(pieces) and pieces[last].text.isalnum() and len(text) < _LONGEST_IBAN:
        if last > at and not touches_previous(pieces, last) and not _is_group(pieces, last):
            break
        text += pieces[last].text.upper()
        last += 1
    return RuleFind(at, last, Category.BANK, 0.97, text) if _IBAN.fullmatch(text) else None


def _is_group(pieces: Pieces, at: int) -> bool:
    """Whether an account number goes on here after a space: with digits, or four capitals."""
    return pieces[at].is_digits or (
        len(pieces[at].text) == _BANKS_LETTERS and pieces[at].text.isupper()
    )


def _may_begin(pieces: Pieces, at: int) -> bool:
    """Whether letters begin here and a digit follows soon; for most words neither is so."""
    word = pieces[at]
    is_sign = word.lowered in TIMES or word.lowered in LETTERS or word.lowered in SPELLED
    if not word.is_word or (len(word.text) > _MOST_LETTERS and not is_sign):
        return False
    soon = pieces[at + 1 : at + 13]
    return any(p.lowered in _NUMBERS or p.is_digits for p in soon)


def _read_code(pieces: Pieces, at: int) -> RuleFind | None:
    signs: list[_Sign] = []
    text, best, following = "", None, at
    while len(text) < _LONGEST and (sign := _read_sign(pieces, following)) is not None:
        signs.append(sign)
        text += sign.signs
        if len(text) >= _SHORTEST:
            best = _classify(pieces, at, text, signs) or best
        following = sign.after
        if (
            lowered_at(pieces, following) in {"-", ",", "."}
            or lowered_at(pieces, following) in FILLERS
        ):
            following += 1
    return best


def _read_sign(pieces: Pieces, at: int) -> _Sign | None:
    """Read "six", "62", "double t", "n", "n for november", "NE" or "ab"."""
    if at >= len(pieces):
        return None
    piece = pieces[at]
    number = None if piece.lowered == "o" else read_run_item(pieces, at)
    if number is not None:
        return _Sign(number.digits, number.after, is_word=False)
    return _read_letters(pieces, at)


def _read_letters(pieces: Pieces, at: int) -> _Sign | None:
    """Read "n", "zed", "double t", "n for november", "november", "NE" or "ab"."""
    piece = pieces[at]
    if piece.lowered in SPELLED and (
        lowered_at(pieces, at - 1) in SPELLED or _sign_follows(pieces, at)
    ):
        return _Sign(SPELLED[piece.lowered], at + 1, is_word=False)
    letter = read_letter(pieces, at)
    if letter is not None:
        return _Sign(letter.letters, letter.after, is_word=False)
    if not piece.text.isascii() or not piece.text.isalpha() or len(piece.text) > _MOST_LETTERS:
        return None
    glued = touches_previous(pieces, at) or (
        at + 1 < len(pieces) and touches_previous(pieces, at + 1)
    )
    plain = piece.text == piece.lowered
    return _Sign(piece.text.upper(), at + 1, plain and piece.lowered in _ORDINARY and not glued)


def _sign_follows(pieces: Pieces, at: int) -> bool:
    """Whether more of a code follows a word of the spelling alphabet."""
    return lowered_at(pieces, at + 1) in SPELLED or read_run_item(pieces, at + 1) is not None


def _classify(pieces: Pieces, at: int, text: str, signs: list[_Sign]) -> RuleFind | None:
    if any(sign.is_word for sign in signs):
        return None
    last = signs[-1].after
    if text[0] == "0":  # "oh l fourteen": an O where a code begins
        text = "O" + text[1:]
    if _INSURANCE.fullmatch(text):
        return RuleFind(at, last, Category.NI_NUMBER, 0.97, text)
    if is_postcode(text):
        return RuleFind(at, last, Category.POSTCODE, 0.95, text)
    has_word = text[-1] == "I" and is_postcode(text[:-1])  # "l s six two a b I think"
    if _PLATES.fullmatch(text) and not has_word and _is_vehicle(pieces, at, last, text):
        return RuleFind(at, last, Category.VEHICLE, 0.85, text)
    cued = not _PLATE_CUES.isdisjoint(_list_bare_before(pieces, at))
    if cued and _OLD_PLATES.fullmatch(text):
        return RuleFind(at, last, Category.VEHICLE, 0.7, text)
    return None


def _list_bare_before(pieces: Pieces, at: int) -> list[str]:
    return [p.lowered_bare for p in pieces[max(0, at - _REACH) : at]]


def _is_vehicle(pieces: Pieces, at: int, last: int, text: str) -> bool:
    """Whether it is a registration: a short form beside a cue only, the present one in capitals."""
    if not _VEHICLE_CUES.isdisjoint(_list_bare_before(pieces, at)):
        return True
    glued = any(_is_joined(pieces, i) for i in range(at + 1, last))
    if glued and len(text) >= 6 and text[-3:].isalpha():  # noqa: PLR2004 - "b729 trw"
        return True
    if _is_suffix_plate(pieces, at, text):
        return True
    letters = [p for p in pieces[at:last] if p.text.isalpha() and p.lowered not in DIGITS]
    shown = all(p.text.isupper() or len(p.text) == 1 or p.lowered in LETTERS for p in letters)
    return shown and len(text) >= 6 and text[-3:].isalpha()  # noqa: PLR2004 - A123 BCD and AB12 CDE


def _is_joined(pieces: Pieces, at: int) -> bool:
    """Whether letters and digits meet here without a blank: "YK06", "YK-06", but not "9-5"."""
    before = at - 1
    if not touches_previous(pieces, at):
        return False
    if pieces[before].text == "-":
        if before == 0 or not touches_previous(pieces, before):
            return False
        before -= 1
    return pieces[at].is_digits != pieces[before].is_digits and (
        pieces[at].text.isalnum() and pieces[before].text.isalnum()
    )


def _is_suffix_plate(pieces: Pieces, at: int, text: str) -> bool:
    """Whether it is written as registrations were from 1963 to 1983: "KUM 417D"."""
    first = pieces[at]
    if not _SUFFIX_PLATES.fullmatch(text) or len(first.text) != _MOST_LETTERS:
        return False
    digits = pieces[at + 1 : at + 3]
    glued = len(digits) == _TWO and digits[0].is_digits and touches_previous(pieces, at + 2)
    named = first.text.isupper() or classify_word(first.lowered) != "word"
    return glued and named and first.lowered not in _MAKES
