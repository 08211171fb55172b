"""Scores the words of a transcript against what was said, with the times at which it was said.

Before they are compared, both sides are spelled alike: letters are case-folded, punctuation and
apostrophes are dropped, a hyphen parts two words, numbers in digits become words (1100 to 1999 as
years are read, "eighteen thirteen"), and a few spellings that sound the same are made one
(``_ALIKE``). Hesitations such as "uh" stay, and count as missing where a transcript lacks them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from study import Interval, measure_total_s, subtract_intervals

_ALIKE = {
    "alright": "all right",
    "dr": "doctor",
    "firefox": "fire fox",
    "mr": "mister",
    "mrs": "missus",
    "ok": "okay",
    "yknow": "you know",
}
_APOSTROPHES = re.compile("['\u2018\u2019]")
_GROUPED_DIGITS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_YEARS = range(1100, 2000)

_NEAR_S = 0.5  # speech this close to a word has it
_FAR_S = 1.0  # a word farther from all speech belongs to none: the models' times are rough
_LONGEST_WORD_S = 2.0  # a word across a pause does not stand for all of it
_SHORTEST_S = 0.3  # less speech without a word is the end of a sound
_HESITATION_S = 1.0  # less beside words is an "uh", a breath or a fault in the words' times


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word of a transcript, with its spaces; ``speaker`` is "" where nobody is named."""

    text: str
    start_s: float
    end_s: float
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something that was said: by whom, its text, and the spans in seconds in which it sounds."""

    speaker: str
    text: str
    spans: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of words against ``spoken`` ones, and seconds of speech that have none.

    untold_s: seconds of speech without a word, whose reader is not told that words are missing.
    in_silence: words at moments when nobody speaks; they are among the added ones, too.
    """

    spoken: int = 0
    substituted: int = 0
    missing: int = 0
    added: int = 0
    untold_s: float = 0.0
    in_silence: int = 0

    @property
    def errors(self) -> int:
        """The number of words that are wrong, missing or added."""
        return self.substituted + self.missing + self.added

    @property
    def rate(self) -> float:
        """The word error rate in %; 0 where nothing was said."""
        return 100 * self.errors / self.spoken if self.spoken else 0.0

    def __add__(self, other: Score) -> Score:
        """Return the counts of both."""
        return Score(
            self.spoken + other.spoken,
            self.substituted + other.substituted,
            self.missing + other.missing,
            self.added + other.added,
            self.untold_s + other.untold_s,
            self.in_silence + other.in_silence,
        )


def split_words(text: str) -> list[str]:
    """Return the words of a text, spelled as they are compared."""
    plain = _GROUPED_DIGITS.sub("", _APOSTROPHES.sub("", text.casefold()))
    tokens: list[str] = _TOKEN.findall(plain)
    spelled = [
        _spell_number(int(token)) if token.isdecimal() else _ALIKE.get(token, token)
        for token in tokens
    ]
    return " ".join(spelled).split()


def _spell_number(number: int) -> str:
    if number in _YEARS and number % 100:
        century, year = divmod(number, 100)
        return f"{_spell_number(century)} {'oh ' if year < len(_UNITS) // 2 else ''}" + (
            _spell_number(year)
        )
    if number < len(_UNITS):
        return _UNITS[number]
    if number < 100:  # noqa: PLR2004 - numbers are read like this
        ten, unit = divmod(number, 10)
        return _TENS[ten - 2] + (f" {_UNITS[unit]}" if unit else "")
    for size, name in (
        (10**9, "billion"),
        (10**6, "million"),
        (1000, "thousand"),
        (100, "hundred"),
    ):
        if number >= size:
            many, rest = divmod(number, size)
            return f"{_spell_number(many)} {name}" + (f" {_spell_number(rest)}" if rest else "")
    raise AssertionError


def list_errors(spoken: Sequence[str], heard: Sequence[str]) -> list[tuple[str, str]]:
    """Return each error of the cheapest alignment: the spoken word and the heard one.

    One of the two is "" where a word is missing or was added.
    """
    return [
        (
            "" if edit.tag == "insert" else spoken[edit.src_pos],
            "" if edit.tag == "delete" else heard[edit.dest_pos],
        )
        for edit in Levenshtein.editops(spoken, heard)
    ]


def pair_speakers(
    said: Iterable[Utterance], heard: Iterable[HeardWord]
) -> list[tuple[list[str], list[str]]]:
    """Return the spoken and the heard words to compare, in order of time.

    Where every word has a speaker, each speaker's words are compared by themselves, so that a word
    in the neighbour's turn is missing in one and added in the other; else all are.
    """
    said, heard = list(said), sorted(heard, key=lambda word: word.start_s)
    return [
        (
            [word for utterance in mine for word in split_words(utterance.text)],
            split_words("".join(word.text for word in theirs)),
        )
        for mine, theirs in _by_speaker(said, heard)
    ]


def score_words(
    said: Sequence[Utterance], heard: Sequence[HeardWord], gaps: Sequence[Interval]
) -> Score:
    """Score a transcript.

    said: in order of time. gaps: the passages of which the transcript says that words are missing.
    """
    total = Score()
    for spoken, words in pair_speakers(said, heard):
        errors = list_errors(spoken, words)
        total += Score(
            len(spoken),
            sum(bool(a and b) for a, b in errors),
            sum(not b for _, b in errors),
            sum(not a for a, _ in errors),
        )
    for mine, theirs in _by_speaker(said, heard):
        total += Score(untold_s=measure_untold_s(mine, theirs, gaps))
    return total + Score(in_silence=_count_in_silence(said, heard))


def _by_speaker(
    said: Sequence[Utterance], heard: Sequence[HeardWord]
) -> list[tuple[list[Utterance], list[HeardWord]]]:
    if not heard or not all(word.speaker for word in heard):
        return [(list(said), list(heard))]
    speakers = sorted({one.speaker for one in said} | {word.speaker for word in heard})
    return [
        ([one for one in said if one.speaker == who], [w for w in heard if w.speaker == who])
        for who in speakers
    ]


def measure_untold_s(
    said: Iterable[Utterance], heard: Iterable[HeardWord], gaps: Iterable[Interval]
) -> float:
    """Return the seconds of speech that are half a second and more from every word and gap.

    In an utterance that is nearest to no word, stretches from .3 s on count; in others from 1 s
    on, for people hesitate and breathe, and the models' times of words are rough.
    """
    said, words = list(said), [_limit_word(word) for word in heard]
    near = [(start_s - _NEAR_S, end_s + _NEAR_S) for start_s, end_s in (*words, *gaps)]
    worded = {_find_utterance(said, word) for word in words}
    total_s = 0.0
    for number, utterance in enumerate(said):
        least_s = _HESITATION_S if number in worded else _SHORTEST_S
        left = subtract_intervals(utterance.spans, near)
        total_s += measure_total_s([span for span in left if span[1] - span[0] >= least_s])
    return total_s


def _count_in_silence(said: Sequence[Utterance], heard: Iterable[HeardWord]) -> int:
    """Count the words that are more than a second from all that was said."""
    return sum(
        len(split_words(word.text))
        for word in heard
        if _find_utterance(said, _limit_word(word)) is None
    )


def _find_utterance(said: Sequence[Utterance], word: Interval) -> int | None:
    """Return which utterance a word belongs to: the nearest; None if all are far."""
    far_s, number = min(
        (
            (max(utterance.spans[0][0] - word[1], word[0] - utterance.spans[-1][1], 0.0), number)
            for number, utterance in enumerate(said)
        ),
        default=(float("inf"), 0),
    )
    return number if far_s <= _FAR_S else None


def _limit_word(word: HeardWord) -> Interval:
    return word.start_s, min(word.end_s, word.start_s + _LONGEST_WORD_S)
