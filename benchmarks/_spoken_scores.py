"""What of a spoken detail can still be read after anonymising: the scores of ``spoken``.

What was said and what was written of it are compared letter by letter. Both are first spelled
alike: numbers in words become digits ("double oh" is 00, "nineteen forty one" 1941), capitals,
signs and the words for signs ("dot", "stroke") go. The cheapest alignment of the two then tells
where each letter of a detail was written, and whether that place is masked.

A detail stands as said if nine tenths of its letters and digits are written rightly and not
masked; it stands recognisable if more than half are ("Skippden" for Skipton). Of a name, a place
and an organisation each word counts by itself, for a surname is enough; titles and small words do
not count. What does not stand is replaced if something masked is written in its place, and beyond
recognition if not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from benchmarks._marked import KEEP, Span
from benchmarks._spoken_scripts import Script
from study import Category, Turn

_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_APOSTROPHES = "'\u2018\u2019"
_ALIKE = {"doctor": "dr", "mister": "mr", "missus": "mrs", "saint": "st", "zed": "z", "zee": "z"}
_SIGNS = frozenset({"dot", "at", "stroke", "slash", "oblique", "dash", "hyphen", "underscore"})
_UNITS = {
    "zero": 0, "oh": 0, "nought": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9,
}  # fmt: skip
_TEENS = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12,
    "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_TIMES = {"double": 2, "treble": 3, "triple": 3}
_SUFFIXES = frozenset({"th", "st", "nd", "rd"})
_NO_CONTENT = frozenset({
    "the", "a", "an", "of", "and", "in", "on", "at", "for", "to", "from", "up", "who", "s",
    "mr", "mrs", "miss", "ms", "dr", "professor", "constable", "nurse", "pastor", "canon", "old",
    "big", "uncle", "auntie", "st",
})  # fmt: skip
_AS_SAID, _RECOGNISABLE, _LEAST_LETTERS = 0.9, 0.5, 2
_WORDWISE = frozenset({Category.PERSON, Category.PLACE, Category.ORGANISATION})


class Outcome(StrEnum):
    """What became of a detail, the worst last."""

    GONE = "beyond recognition"
    REPLACED = "replaced"
    RECOGNISABLE = "standing, recognisable"
    AS_SAID = "standing as said"

    @property
    def stands(self) -> bool:
        """Whether a reader of the clean transcript still learns it."""
        return self in {Outcome.RECOGNISABLE, Outcome.AS_SAID}


IsMasked = Callable[[int, int], bool]
"""Whether a character of a turn is masked: the turn's index and the character."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter or digit as it is compared, and the turn and character that it comes from."""

    sign: str
    turn: int
    at: int


@dataclass(frozen=True, slots=True)
class SpokenDetail:
    """A detail of a script: its words, kind, turn, what was written, and whether it stands.

    places: (turn, character) of the letters of it that stand in the transcript.
    """

    words: str
    kind: Category
    turn: int
    written: str
    outcome: Outcome
    places: tuple[tuple[int, int], ...]


def spell_letters(text: str, turn: int = 0) -> Iterator[Letter]:
    """Yield the letters and digits of a text as they are compared."""
    plain = "".join(" " if c == "-" else c for c in text)
    tokens = [(m.group().lower(), m.start()) for m in _TOKEN.finditer(_join_apostrophes(plain))]
    n = 0
    while n < len(tokens):
        word, at = tokens[n]
        if word.isdecimal() or (word in _SUFFIXES and n and tokens[n - 1][0].isdecimal()):
            yield from (Letter(c, turn, at + k) for k, c in enumerate(word) if c.isdecimal())
            n += 1
            continue
        if word == "double" and n + 1 < len(tokens) and tokens[n + 1][0] == "u":
            yield Letter("w", turn, at)
            n += 2
            continue
        if word in _TIMES and n + 1 < len(tokens):
            one, at_one = tokens[n + 1]
            sign = str(_UNITS[one]) if one in _UNITS else _ALIKE.get(one, one)
            if len(sign) == 1:
                yield from (Letter(sign, turn, at_one) for _ in range(_TIMES[word]))
                n += 2
                continue
        number, used = _read_number([w for w, _ in tokens[n : n + 6]])
        if used:
            yield from (Letter(c, turn, at) for c in number)
            n += used
            continue
        word = _ALIKE.get(word, word)
        if word not in _SIGNS:
            yield from (Letter(c, turn, at + k) for k, c in enumerate(word))
        n += 1


def _join_apostrophes(text: str) -> str:
    """Return a text of the same length in which an apostrophe parts no word."""
    return "".join("_" if c in _APOSTROPHES else c for c in text)


def _read_number(words: Sequence[str]) -> tuple[str, int]:
    """Return the digits of the number that the words begin with, and how many words it has."""
    value, used = _read_small(words)
    if not used and words[:1] == ["a"] and words[1:2] == ["hundred"]:
        value, used = 1, 1
    if not used:
        return "", 0
    if used < len(words) and words[used] in {"hundred", "thousand"}:
        size = 100 if words[used] == "hundred" else 1000
        used += 1
        skip = used < len(words) and words[used] == "and"
        rest, more = _read_small(words[used + skip :])
        return str(value * size + rest * bool(more)), used + (skip + more if more else 0)
    return str(value), used


def _read_small(words: Sequence[str]) -> tuple[int, int]:
    first = words[0] if words else ""
    for table in (_UNITS, _TEENS, _ORDINALS):
        if first in table:
            return table[first], 1
    if first.endswith("th") and first[:-2] in _UNITS | _TEENS:
        return (_UNITS | _TEENS)[first[:-2]], 1
    if first in _TENS:
        second, _ = _read_small(words[1:2]) if len(words) > 1 and words[1] not in _TENS else (0, 0)
        unit = second if 0 < second < 10 else 0  # noqa: PLR2004 - a unit
        return _TENS[first] + unit, 2 if unit else 1
    return 0, 0


def score_details(
    script: Script, turns: Sequence[Turn], is_masked: IsMasked
) -> tuple[list[SpokenDetail], int]:
    """Return what became of each detail of a script, and how many words to keep were masked.

    turns: what was written, in order of time; ``is_masked`` counts them from 0.
    """
    said = [one for n, turn in enumerate(script.turns) for one in spell_letters(turn.text, n)]
    written = [one for n, turn in enumerate(turns) for one in spell_letters(turn.text, n)]
    written_at = _align(said, written)
    places = {(one.turn, one.at): n for n, one in reversed(list(enumerate(said)))}
    details: list[SpokenDetail] = []
    kept_masked = 0
    for number, turn in enumerate(script.turns):
        for span in turn.spans:
            inside = [
                n for (t, at), n in places.items() if t == number and span.start <= at < span.end
            ]
            low, high = (min(inside), max(inside)) if inside else (0, -1)
            while high + 1 < len(said) and _place(said[high + 1]) == _place(said[high]):
                high += 1  # a number's digits share one place
            letters = _Letters(range(low, high + 1), said, written, written_at, is_masked)
            if span.kind == KEEP:
                kept_masked += letters.any_masked()
            else:
                details.append(_judge(turn.text, number, span, letters, turns))
    return details, kept_masked


def _place(letter: Letter) -> tuple[int, int]:
    return letter.turn, letter.at


def _align(said: Sequence[Letter], written: Sequence[Letter]) -> dict[int, tuple[int, bool]]:
    """Return, for a letter said, the one written in its place and whether it is the same."""
    at: dict[int, tuple[int, bool]] = {}
    signs = "".join(one.sign for one in said), "".join(one.sign for one in written)
    for op in Levenshtein.opcodes(*signs):
        if op.tag in {"equal", "replace"}:
            for k in range(op.src_end - op.src_start):
                at[op.src_start + k] = op.dest_start + k, op.tag == "equal"
    return at


@dataclass(frozen=True, slots=True)
class _Letters:
    """Some letters of what was said, with what was written in their places."""

    numbers: Sequence[int]
    said: Sequence[Letter]
    written: Sequence[Letter]
    written_at: dict[int, tuple[int, bool]]
    is_masked: IsMasked

    def any_masked(self) -> bool:
        return any(self._masked(n) for n in self.numbers)

    def _masked(self, number: int) -> bool:
        found = self.written_at.get(number)
        return found is not None and self.is_masked(*_place(self.written[found[0]]))

    def standing(self) -> list[int]:
        """Return the letters that are written as they were said, and not masked."""
        return [
            n for n in self.numbers if self.written_at.get(n, (0, False))[1] and not self._masked(n)
        ]

    def choose(self, numbers: Iterable[int]) -> _Letters:
        return _Letters(list(numbers), self.said, self.written, self.written_at, self.is_masked)

    def places(self) -> tuple[tuple[int, int], ...]:
        return tuple(
            dict.fromkeys(_place(self.written[self.written_at[n][0]]) for n in self.standing())
        )

    def judge(self) -> Outcome:
        standing = len(self.standing())
        if standing >= _AS_SAID * len(self.numbers):
            return Outcome.AS_SAID
        if standing > _RECOGNISABLE * len(self.numbers) and standing >= _LEAST_LETTERS:
            return Outcome.RECOGNISABLE
        return Outcome.REPLACED if self.any_masked() else Outcome.GONE


def _judge(
    text: str, number: int, span: Span, letters: _Letters, turns: Sequence[Turn]
) -> SpokenDetail:
    kind = Category(span.kind)
    parts = [
        letters.choose(n for n in letters.numbers if low <= letters.said[n].at < high)
        for low, high in _list_parts(text, span, kind)
    ]
    judged = [(part.judge(), part) for part in parts if part.numbers] or [(Outcome.GONE, letters)]
    order = list(Outcome)
    worst = max((outcome for outcome, _ in judged), key=order.index)
    places = [p for outcome, part in judged if outcome.stands for p in part.places()]
    return SpokenDetail(
        text[span.start : span.end], kind, number, _show_written(letters, turns), worst,
        tuple(places),
    )  # fmt: skip


def _list_parts(text: str, span: Span, kind: Category) -> list[tuple[int, int]]:
    """Return the parts of a detail that count by themselves: the words of a name, else all."""
    words = [
        (m.group().lower(), span.start + m.start(), span.start + m.end())
        for m in _TOKEN.finditer(_join_apostrophes(text[span.start : span.end]))
    ]
    content = [(low, high) for word, low, high in words if word not in _NO_CONTENT]
    is_spelled = all(len(word) == 1 for word, _, _ in words)
    if kind not in _WORDWISE or is_spelled or not content:
        return [(span.start, span.end)]
    return content


def _show_written(letters: _Letters, turns: Sequence[Turn]) -> str:
    """Return what the transcript has around the place of a detail."""
    places = [
        _place(letters.written[letters.written_at[n][0]])
        for n in letters.numbers
        if n in letters.written_at
    ]
    if not places:
        return ""
    turn = places[0][0]
    ats = [at for t, at in places if t == turn]
    return turns[turn].text[max(0, min(ats) - 25) : max(ats) + 25]
