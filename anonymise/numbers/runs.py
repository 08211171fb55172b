"""Digits in a row, as people read out a telephone number: "oh seven seven double oh nine".

Written groups, digit words, "double", "treble", "hundred" and two-digit words join into one
run, across spaces, dashes, commas and fillers.
"""

from __future__ import annotations

from dataclasses import dataclass

from anonymise.numbers.values import FIRST_YEAR, LAST_YEAR, below_hundred
from anonymise.numbers.words import DIGITS, FILLERS, TIMES
from anonymise.pieces import Pieces, low_at, touches

_JOINTS = frozenset({"-", ",", ".", "(", ")", "/", "\u2013", "\u2014", "\u2026"})
_MONEY = frozenset({"\u00a3", "$", "\u20ac"})
_SHORTEST_COUNTING = 3  # "one two three" may be the middle of a telephone number
_MOST_JOINTS = 4  # between two digits: "07700, (um) 900418"


@dataclass(frozen=True, slots=True)
class Run:
    """Digits said in a row: pieces ``first`` to ``last`` (exclusive), the items they came in.

    ``singles`` of the ``items`` were said or written digit by digit or as a long group;
    ``is_plain`` says that it may as well be counting aloud, serial sevens or a list of years.
    """

    digits: str
    first: int
    last: int
    items: tuple[str, ...]
    singles: int

    @property
    def is_plain(self) -> bool:
        """Whether only words beside it could make an identifying number of it."""
        if len(self.items) > 1 and all(_is_year(i) for i in self.items):
            return True
        steps = {int(b) - int(a) for a, b in zip(self.items, self.items[1:], strict=False)}
        if len(self.items) > _SHORTEST_COUNTING and len(steps) == 1:
            return True
        return not self.digits.startswith("0") and 2 * self.singles < len(self.items)


@dataclass(frozen=True, slots=True)
class _Item:
    digits: str
    after: int
    is_single: bool


def item(pieces: Pieces, at: int) -> _Item | None:
    """Read one item: "900", "seven", "double oh", "double 206", "nine hundred", "forty two"."""
    word = low_at(pieces, at)
    if word in TIMES:
        repeated = item(pieces, at + 1)
        is_written = repeated is not None and pieces[at + 1].is_digits
        if repeated is None or (len(repeated.digits) != 1 and not is_written):
            return None
        # A recogniser runs on what was said: "double 206" is two twos, a nought and a six.
        digits = repeated.digits[0] * (TIMES[word] - 1) + repeated.digits
        return _Item(digits, repeated.after, is_single=True)
    if at < len(pieces) and pieces[at].is_digits:
        digits = "".join(str(int(c)) for c in pieces[at].text)
        return _Item(digits, at + 1, is_single=True)
    if word in DIGITS:
        if low_at(pieces, at + 1) == "hundred" and DIGITS[word]:
            return _hundreds(pieces, at)
        return _Item(str(DIGITS[word]), at + 1, is_single=True)
    pair = below_hundred(pieces, at)
    return _Item(str(pair.value), pair.after, is_single=False) if pair else None


def _hundreds(pieces: Pieces, at: int) -> _Item:
    """Read "nine hundred" as three digits, and "nine hundred and eleven" too."""
    hundreds = DIGITS[low_at(pieces, at)]
    rest = below_hundred(pieces, at + 3) if low_at(pieces, at + 2) == "and" else None
    if rest is None:
        return _Item(f"{hundreds}00", at + 2, is_single=True)
    return _Item(f"{hundreds}{rest.value:02}", rest.after, is_single=True)


def runs(pieces: Pieces) -> list[Run]:
    """Return the longest runs of digits in a turn, in order; sums of money are left out."""
    found: list[Run] = []
    at = 0
    while at < len(pieces):
        run = _run(pieces, at)
        if run is None:
            at += 1
            continue
        at = run.last
        if low_at(pieces, run.first - 1) not in _MONEY and not _is_grouped_count(pieces, run):
            found.append(run)
    return found


def _run(pieces: Pieces, at: int) -> Run | None:
    items: list[_Item] = []
    following = at
    while (read := item(pieces, following)) is not None:
        items.append(read)
        following = _over_joints(pieces, read.after)
    if not items:
        return None
    return Run(
        "".join(i.digits for i in items), at, items[-1].after,
        tuple(i.digits for i in items), sum(i.is_single for i in items),
    )  # fmt: skip


def _over_joints(pieces: Pieces, at: int) -> int:
    following = at
    while following - at < _MOST_JOINTS and (
        low_at(pieces, following) in _JOINTS or low_at(pieces, following) in FILLERS
    ):
        following += 1
    return following


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and FIRST_YEAR <= int(digits) <= LAST_YEAR  # noqa: PLR2004 - a year's digits


def _is_grouped_count(pieces: Pieces, run: Run) -> bool:
    """Whether it is a written "1,250,000"."""
    span = range(run.first + 1, run.last)
    return len(run.items) > 1 and all(
        touches(pieces, i) and (pieces[i].text == "," or len(pieces[i].text) == 3)  # noqa: PLR2004 - thousands
        for i in span
    )
