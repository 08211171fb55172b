"""Telephone, NHS, bank and other long numbers: classify a run of digits.

Recognisers drop and repeat digits, so no number is passed over because its check digit is wrong:
a right one only raises the score. A number too short to identify anybody is no find.
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.numbers.cued_codes import widen_code
from anonymise.numbers.digit_runs import DigitRun, find_digit_runs
from anonymise.pieces import Pieces, lowered_at, split_listed_words, touches_previous
from anonymise.proposals import RuleFind
from study import Category

_REACH = 9  # pieces before a number that may say what it is
_PHONE = split_listed_words(
    "phone mobile telephone tel ring call landline text number fax whatsapp dial reach contact"
)
_NHS = frozenset({"nhs", "hospital"})
_BANK = frozenset({"sort", "account", "bank", "card", "iban"})
_SECRET = frozenset({"pin", "passcode", "password"})
_NHS_LENGTH, _CARD_LENGTHS, _SORT_LENGTH = 10, range(13, 20), 6
_SHORTEST_CUED, _SHORTEST = 5, 6
_CERTAIN_LENGTH = 9
_PIN_LENGTH, _SECRET_REACH = 4, 4


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits pass the NHS number's check (modulus 11, weights 10 to 2)."""
    if len(digits) != _NHS_LENGTH:
        return False
    total = sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == int(digits[-1])


def find_long_numbers(pieces: Pieces) -> Iterator[RuleFind]:
    """Find every run of digits that is long enough, or that a word near it identifies."""
    for run in find_digit_runs(pieces):
        before = [p.lowered_bare for p in pieces[max(0, run.first - _REACH) : run.first]]
        judged = _classify(run, before)
        if judged is not None:
            category, score = judged
            first, last = _with_plus(pieces, run), run.last
            if category in {Category.NUMBER, Category.NHS_NUMBER}:
                first, last = widen_code(pieces, first, last)
            yield RuleFind(first, last, category, score, _normalise(run, category))


def _classify(run: DigitRun, before: list[str]) -> tuple[Category, float] | None:
    cued = _classify_by_cue(run.digits, before)
    if cued is not None or run.is_plain:
        return cued
    if _is_phone(run.digits):
        return Category.PHONE, 0.95
    return _classify_by_length(run, len(run.digits))


def _classify_by_cue(digits: str, before: list[str]) -> tuple[Category, float] | None:
    length, cue = len(digits), _find_cue(before)
    if length == _PIN_LENGTH and not _SECRET.isdisjoint(before[-_SECRET_REACH:]):
        return Category.BANK, 0.9
    if cue is Category.BANK and length >= _SORT_LENGTH:
        return cue, 0.95
    if cue is Category.NHS_NUMBER and length >= _CERTAIN_LENGTH:
        return cue, 0.99
    if cue is Category.PHONE and length >= _SHORTEST_CUED:
        return cue, 0.97 if _is_phone(digits) else 0.9
    return None


def _classify_by_length(run: DigitRun, length: int) -> tuple[Category, float] | None:
    if length == _NHS_LENGTH:
        return Category.NHS_NUMBER, 0.95 if is_nhs_number(run.digits) else 0.8
    if length in _CARD_LENGTHS:
        return Category.BANK, 0.8
    if length == _SORT_LENGTH and [len(i) for i in run.items] == [2, 2, 2]:
        return Category.BANK, 0.7
    return (Category.NUMBER, 0.6) if length >= _SHORTEST else None


def _find_cue(before: list[str]) -> Category | None:
    """Return the category that the nearest cue before a number gives."""
    for back, word in enumerate(reversed(before)):
        if word in _NHS or before[len(before) - 1 - back :][:3] == ["n", "h", "s"]:
            return Category.NHS_NUMBER
        if word in _BANK:
            return Category.BANK
        if word in _PHONE and not _names_another(before):
            return Category.PHONE
    return None


def _names_another(before: list[str]) -> bool:
    """Whether "number" belongs to "NHS number" or "account number" rather than to a phone."""
    spoken_nhs = any(before[i : i + 3] == ["n", "h", "s"] for i in range(len(before)))
    return spoken_nhs or not (_NHS | _BANK).isdisjoint(before)


def _is_phone(digits: str) -> bool:
    """Whether it has the length and beginning of a British telephone number."""
    if digits.startswith("0044"):
        return len(digits) in {13, 14}
    if digits.startswith("44"):
        return len(digits) in {11, 12}
    if digits.startswith("0"):
        return len(digits) in {9, 10, 11, 12}
    return digits.startswith("7") and len(digits) == 10 and not is_nhs_number(digits)  # noqa: PLR2004 - 7700 900418


def _with_plus(pieces: Pieces, run: DigitRun) -> int:
    """Return the index of a leading "+", "plus" or "(", else that of the first digit."""
    sign = lowered_at(pieces, run.first - 1)
    glued = sign in {"+", "("} and touches_previous(pieces, run.first)
    return run.first - 1 if glued or sign == "plus" else run.first


def _normalise(run: DigitRun, category: Category) -> str:
    if category is not Category.PHONE:
        return run.digits
    for prefix in ("0044", "44"):
        if run.digits.startswith(prefix):
            return "0" + run.digits.removeprefix(prefix).removeprefix("0")
    return run.digits
