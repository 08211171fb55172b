"""Runs of digits, as people read out a telephone number: "oh seven seven double oh nine".

Written groups, digit words, "double", "treble", "hundred" and two-digit words join into one
run, across spaces, dashes, commas and fillers.
"""

from __future__ import annotations

from dataclasses import dataclass

from anonymise.numbers.number_readings import FIRST_YEAR, LAST_YEAR, read_below_hundred
from anonymise.numbers.number_words import FILLERS
from anonymise.pieces import Pieces, lowered_at, touches_previous
from study import DIGITS, TIMES

_JOINTS = frozenset({"-", ",", ".", "(", ")", "/", "\u2013", "\u2014", "\u2026"})
_HEARD_JOINTS = frozenset({",", "-"})  # "double, seven", "K-double-seven"
_MONEY = frozenset({"\u00a3", "$", "\u20ac"})
_SHORTEST_COUNTING = 3  # "one two three" may be the middle of a telephone number
_LONG = 6  # digits after which "and then" goes on with the same number
_MOST_JOINTS = 4  # between two digits: "07700, (um) 900418"


@dataclass(frozen=True, slots=True)
class DigitRun:
    """A run of digits: pieces ``first`` to ``last`` (exclusive), and the items it consists of.

    ``singles`` is the number of items that are single digits or written groups.
    """

    digits: str
    first: int
    last: int
    items: tuple[str, ...]
    singles: int

    @property
    def is_plain(self) -> bool:
        """Whether it may as well be counting aloud, serial sevens or a list of years."""
        if len(self.items) > 1 and all(_is_year(i) for i in self.items):
            return True
        steps = {int(b) - int(a) for a, b in zip(self.items, self.items[1:], strict=False)}
        if len(self.items) > _SHORTEST_COUNTING and len(steps) == 1:
            return True
        return not self.digits.startswith("0") and 2 * self.singles < len(self.items)


@dataclass(frozen=True, slots=True)
class _RunItem:
    digits: str
    after: int
    is_single: bool


def read_run_item(pieces: Pieces, index: int) -> _RunItem | None:
    """Read one item: "900", "seven", "double oh", "double 206", "nine hundred", "forty two"."""
    word = lowered_at(pieces, index)
    if word in TIMES:
        at = index + 2 if lowered_at(pieces, index + 1) in _HEARD_JOINTS else index + 1
        # Nobody says "double double": without end it would nest too deep.
        repeated = None if lowered_at(pieces, at) in TIMES else read_run_item(pieces, at)
        is_written = repeated is not None and pieces[at].is_digits
        if repeated is None or (len(repeated.digits) != 1 and not is_written):
            return None
        # A recogniser joins digits: "double 206" is two twos, a nought and a six.
        digits = repeated.digits[0] * (TIMES[word] - 1) + repeated.digits
        return _RunItem(digits, repeated.after, is_single=True)
    if index < len(pieces) and pieces[index].is_digits:
        digits = "".join(str(int(c)) for c in pieces[index].text)
        return _RunItem(digits, index + 1, is_single=True)
    if word in DIGITS:
        if lowered_at(pieces, index + 1) == "hundred" and DIGITS[word]:
            return _read_hundreds(pieces, index)
        return _RunItem(str(DIGITS[word]), index + 1, is_single=True)
    pair = read_below_hundred(pieces, index)
    return _RunItem(str(pair.value), pair.after, is_single=False) if pair else None


def _read_hundreds(pieces: Pieces, at: int) -> _RunItem:
    """Read "nine hundred" as three digits, and "nine hundred and eleven" too."""
    hundreds = DIGITS[lowered_at(pieces, at)]
    rest = read_below_hundred(pieces, at + 3) if lowered_at(pieces, at + 2) == "and" else None
    if rest is None:
        return _RunItem(f"{hundreds}00", at + 2, is_single=True)
    return _RunItem(f"{hundreds}{rest.value:02}", rest.after, is_single=True)


def find_digit_runs(pieces: Pieces) -> list[DigitRun]:
    """Return the longest runs of digits in a turn, in order; sums of money are left out."""
    found: list[DigitRun] = []
    at = 0
    while at < len(pieces):
        run = _read_run(pieces, at)
        if run is None:
            at += 1
            continue
        at = run.last
        if lowered_at(pieces, run.first - 1) not in _MONEY and not _is_grouped_count(pieces, run):
            found.append(run)
    return found


def _read_run(pieces: Pieces, at: int) -> DigitRun | None:
    items: list[_RunItem] = []
    following = at
    while (read := read_run_item(pieces, following)) is not None:
        items.append(read)
        following = _skip_joints(pieces, read.after)
        then = (lowered_at(pieces, following), lowered_at(pieces, following + 1))
        if then == ("and", "then") and sum(len(i.digits) for i in items) >= _LONG:
            following += 2
    if not items:
        return None
    return DigitRun(
        "".join(i.digits for i in items), at, items[-1].after,
        tuple(i.digits for i in items), sum(i.is_single for i in items),
    )  # fmt: skip


def _skip_joints(pieces: Pieces, at: int) -> int:
    following = at
    while following - at < _MOST_JOINTS and (
        lowered_at(pieces, following) in _JOINTS or lowered_at(pieces, following) in FILLERS
    ):
        following += 1
    return following


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and FIRST_YEAR <= int(digits) <= LAST_YEAR  # noqa: PLR2004 - a year's digits


def _is_grouped_count(pieces: Pieces, run: DigitRun) -> bool:
    """Whether it is a written "1,250,000"."""
    span = range(run.first + 1, run.last)
    return len(run.items) > 1 and all(
        touches_previous(pieces, i) and (pieces[i].text == "," or len(pieces[i].text) == 3)  # noqa: PLR2004 - thousands
        for i in span
    )
