"""Read letters as they are said: "ee double ell eye ess oh en", "papa romeo", "M for mother".

A recogniser writes the name of a letter as a word, most of which are words of their own, so letters
count only in a row, and only where enough of them are nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from handoff.name_forms import load_gate_section
from study import TEENS, TENS, TIMES, UNITS

_LINKS = {("for",), ("as", "in"), ("like",), ("for", "a")}
# Words that anybody says; "o" and "i" alone are words as well.
MAY_BE_WORDS = frozenset({
    "a", "i", "o", "oh", "are", "you", "see", "sea", "why", "tea", "eye", "eh", "owe", "ex",
    "queue", "cue", "bee", "jay", "pea", "em", "en", "ar", "ah", "u", "r", "aye", "el", "mike",
    "golf",
    "hotel", "india", "oscar", "papa", "victor", "juliet", "charlie", "uniform", "whisky", "lima",
    "echo", "romeo", "tango", "november", "delta", "quebec", "sierra",
})  # fmt: skip
_LONGEST_MIXED, _LONGEST_GROUP = 8, 3  # letters of "417D" and of "KUM", as one word
_LEAST_SURE = 2
_LEAST = 3
_LONG = 5  # letters in a row, of which one that is no word is enough


@cache
def load_letter_names() -> dict[str, str]:
    """Return each letter by the words that may say it, those of the spelling alphabet too."""
    names = {
        name: line.split()[0] for line in load_gate_section("letters") for name in line.split()
    }
    return names | {word: word[0] for word in _load_alphabet()}


@cache
def _load_alphabet() -> frozenset[str]:
    return frozenset(word for line in load_gate_section("alphabet") for word in line.split())


def name_letter(word: str) -> str:
    """Return the letter that a folded word says, "" where it says none."""
    return load_letter_names().get(word, "")


def read_spelled(words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield runs of letters that are said: first word, word after the last, and the letters.

    words: folded. A run with "double you" is read in both ways: "w" and "uu".
    """
    at = 0
    while at < len(words):
        if not (name_letter(words[at]) or words[at] in TIMES):
            at += 1
            continue
        runs, after, sure = _read_run(words, at)
        if len(runs[0]) >= _LEAST and sure >= (1 if len(runs[0]) >= _LONG else _LEAST_SURE):
            for run in dict.fromkeys(runs):
                yield at, after, run
        at = max(after, at + 1)


def _read_run(words: Sequence[str], at: int) -> tuple[list[str], int, int]:
    runs, sure, times = [""], 0, 1
    while at < len(words):
        word = words[at]
        if word in TIMES and at + 1 < len(words) and name_letter(words[at + 1]):
            times, sure = TIMES[word], sure + 1
            at += 1
            continue
        letter = name_letter(word)
        if not letter:
            break
        is_w = times > 1 and word in {"you", "u"}
        runs = [run + letter * times for run in runs] + [run + "w" for run in runs if is_w]
        is_alphabet = (
            word in _load_alphabet() and words[at - 1 : at] and words[at - 1] in _load_alphabet()
        )
        sure += word not in MAY_BE_WORDS or bool(is_alphabet)
        times, at = 1, _skip_example(words, at + 1, letter)
    return runs, at, sure


def _skip_example(words: Sequence[str], at: int, letter: str) -> int:
    """Return the index after "for mother", "as in x-ray", which tell a letter once more."""
    for length in (2, 1):
        link, example = tuple(words[at : at + length]), words[at + length : at + length + 1]
        if link in _LINKS and example and example[0][:1] == letter and len(example[0]) > 1:
            return at + length + 1
    return at


_NOUGHTS = frozenset({"zero", "nought", "naught"})
_BREAK = " "


def read_number(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """Read a count below a thousand at an index; return it and the index after it.

    words: folded. It reads "47", "forty seven", "nine hundred", "nine hundred and twelve".
    """
    if at >= len(words):
        return None
    word = words[at]
    if word == "a" and [*words[at + 1 : at + 2]] == ["hundred"]:
        rest = read_number(words, at + 3) if [*words[at + 2 : at + 3]] == ["and"] else None
        return (100 + rest[0], rest[1]) if rest and rest[0] < 100 else (100, at + 2)  # noqa: PLR2004 - a hundred
    if word.isdecimal() and len(word) <= 4:  # noqa: PLR2004 - and a year
        return int(word), at + 1
    small = _read_below_hundred(words, at)
    if small is None:
        return None
    value, after = small
    if after < len(words) and words[after] == "hundred":
        rest_at = after + 1 + (after + 1 < len(words) and words[after + 1] == "and")
        rest = _read_below_hundred(words, rest_at) if words[after + 1 : rest_at] else None
        return (value * 100 + rest[0], rest[1]) if rest else (value * 100, after + 1)
    return value, after


def read_numbers(words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield each count of ``read_number`` in a line: its index, the one after it, the count."""
    at = 0
    while at < len(words):
        if (read := read_number(words, at)) is None:
            at += 1
        else:
            yield at, read[1], read[0]
            at = read[1]


def _read_below_hundred(words: Sequence[str], at: int) -> tuple[int, int] | None:
    if at >= len(words):
        return None
    word = words[at]
    if word in UNITS or word in TEENS:
        return UNITS.get(word) or TEENS[word], at + 1
    if word not in TENS:
        return None
    unit = UNITS.get(words[at + 1]) if at + 1 < len(words) else None
    return (TENS[word] + unit, at + 2) if unit else (TENS[word], at + 1)


def read_said_code(words: Sequence[str]) -> list[tuple[str, int]]:
    """Return the letters and digits that a line says one by one, each with the index of its word.

    words: folded. "ee aitch six seven ay bee" is e, h, 6, 7, a, b; "oh" and "o" are 0. A word that
    says neither letter nor number parts what stands around it, as a blank.
    """
    read: list[tuple[str, int]] = []
    at, times = 0, 1
    while at < len(words):
        word = words[at]
        if word in TIMES:
            times, at = TIMES[word], at + 1
            continue
        number = read_number(words, at)
        if word in _NOUGHTS:
            said, after = "0", at + 1
        elif number is not None:
            said, after = (word if word.isdecimal() else str(number[0])), number[1]
        elif letter := name_letter(word):
            said, after = letter.replace("o", "0"), at + 1
        elif (
            word.isdecimal()
            or (any(c.isdecimal() for c in word) and len(word) <= _LONGEST_MIXED)
            or (len(word) <= _LONGEST_GROUP and not word.isdecimal() and _is_group(words, at))
        ):
            said, after = word.replace("o", "0"), at + 1
        else:
            said, after = _BREAK, at + 1
        said = said[0] * (times - 1) + said
        read += [(sign, at) for sign in said]
        at, times = after, 1
    return read


def _is_group(words: Sequence[str], at: int) -> bool:
    """Whether letters stand beside a number: the "sn" of "sn 53 abc"."""
    near = [*words[max(0, at - 1) : at], *words[at + 1 : at + 2]]
    return any(any(c.isdecimal() for c in word) for word in near)
