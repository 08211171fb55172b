"""The look at an export: what is planted must be stopped, what is clean must pass.

Interviews and calls of the measuring data are cleaned by their own marks, and then looked at: what
is said to be left is an alarm. Where the very words that were marked elsewhere still stand, the
alarm is just (the marks are not whole); a word that is only like a name ("European") is mostly a
false alarm, which a person settles by saying that it stays. Then every name is
planted again: as it is, without a letter, spelled by ear, spelled out, in capitals.

How long it takes is measured by names and turns that are made up. One turn in ten has a new word of
no dictionary, as in the interviews and calls, and one a number that is said. The names that such a
word is compared with are many: that part alone grows with words times names, and is small.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.frame import Row, at_least, at_most
from handoff import ForbiddenText, find_originals, sort_originals
from study import Category

_DATA = Path(__file__).parents[2] / "shared" / "data" / "text"
_SETS = ("gum-interview", "earnings21-dev")
_KINDS = {
    "person": Category.PERSON, "PERSON": Category.PERSON, "place": Category.PLACE,
    "GPE": Category.PLACE, "organization": Category.ORGANISATION, "ORG": Category.ORGANISATION,
}  # fmt: skip
_EAR = (("ph", "f"), ("ck", "k"), ("c", "k"), ("y", "i"), ("ee", "ea"), ("tt", "t"), ("nn", "n"))
_PER_WORDS = 10_000
_LEAST_PLANTED = 5  # letters of a name that is planted misspelt
_NAMES, _TURNS = (100, 400, 1600), (1000, 4000)
_QUICK_NAMES, _QUICK_TURNS = (50, 200), (500, 2000)
_ISSUED = 400, 2000  # names and turns of a large study, a long interview
_TIMES = 6  # four where time grows with the sum of names and turns, 16 with their product
_BEGINS = ("Br", "C", "D", "F", "Gl", "H", "K", "L", "M", "N", "P", "R", "S", "Tr", "V", "W")
_MIDDLES = ("an", "el", "ir", "od", "um", "aff", "ess", "ill", "ock", "ubb")
_TAILS = ("ard", "by", "combe", "dale", "eth", "ford", "gill", "ham", "ley", "mont", "wick", "za")
_TALK = "and then we went over to {} on the bus because it was raining and nobody had a coat"
_SAID = "you can ring oh one one three four nine six {} if you like"


class _Span(msgspec.Struct):
    start: int
    end: int
    type: str


class _Document(msgspec.Struct):
    text: str
    spans: list[_Span]


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - as every benchmark's
    """Look at clean texts, then at planted ones."""
    rows: list[Row] = []
    for name in _SETS:
        path = _DATA / f"{name}.jsonl"
        if not path.exists():
            rows.append(Row(name, None, "", note="the measuring data is not there"))
            continue
        documents = [
            msgspec.json.decode(line, type=_Document)
            for line in path.read_bytes().splitlines()[: 4 if quick else None]
        ]
        rows += _measured(name, documents)
    return [*rows, *_timed(*(_QUICK_NAMES, _QUICK_TURNS) if quick else (_NAMES, _TURNS))]


def _timed(names: tuple[int, ...], turns: tuple[int, ...]) -> list[Row]:
    """Measure how the time of one file grows with names and turns."""
    pairs = sorted({(n, t) for n in names for t in turns} | {_ISSUED})
    took = {(n, t): _seconds(n, t) for n, t in pairs}
    rows = [
        Row(f"{n:,} names, {t:,} turns", seconds, "s of CPU a file")
        for (n, t), seconds in took.items()
    ]
    few, many = (names[0], turns[0]), (names[1], turns[-1])
    times = took[many] / took[few]
    figure = f"{many[0]:,} names and {many[1]:,} turns, against {few[0]:,} and {few[1]:,}"
    return [*rows, at_most(figure, times, _TIMES, "times as long")]


def _seconds(names: int, turns: int) -> float:
    """Return the processor's seconds for one file, the least of three."""
    entered = [
        (Category.PERSON, f"{make_word(2 * n)} {make_word(2 * n + 1)}") for n in range(names)
    ]
    numbers = [(Category.PHONE, f"07700 9{n:05}") for n in range(names)]
    text = "\n".join(
        _SAID.format(f"{turn:04}") if turn % 10 == 0 else _TALK.format(make_word(turn // 10)[::-1])
        for turn in range(turns)
    ).encode()
    took: list[float] = []
    for _ in range(3):
        gone = sort_originals([*entered, *numbers], set(), ("[it]",))  # anew: it remembers words
        begun = time.process_time()
        for _ in find_originals({"a.txt": text}, gone):
            pass
        took.append(time.process_time() - begun)
    return min(took)


def make_word(number: int) -> str:
    """Make a word of no dictionary; another for each number."""
    parts = ""
    for among in (_TAILS, _MIDDLES, _BEGINS):
        number, at = divmod(number, len(among))
        parts = among[at] + parts
    return parts + _MIDDLES[number % len(_MIDDLES)] * (number > 0)


def _measured(name: str, documents: list[_Document]) -> list[Row]:
    alarms, planted, caught = Counter[str](), Counter[str](), Counter[str]()
    words, seconds = 0, 0.0
    for document in documents:
        clean, gone, names = _cleaned(document)
        words += len(clean.split())
        begun = time.process_time()
        for where in find_originals({"a.txt": clean.encode()}, gone):
            alarms[where.partition("(")[2].rstrip(")") or "the words themselves"] += 1
        seconds += time.process_time() - begun
        for how, leak in _leaks(names):
            planted[how] += 1
            caught[how] += any(find_originals({"a.txt": f"and then {leak} came".encode()}, gone))
    rows = [
        Row(
            f"{name}: alarms, {how}", count / words * _PER_WORDS, f"per {_PER_WORDS:,} words",
            note="" if "like" in how else "of marks that are not whole, mostly",
        )
        for how, count in sorted(alarms.items())
        if "like" not in how
    ]  # fmt: skip
    false = alarms["a name like one"] / words * _PER_WORDS
    rows.append(at_most(f"{name}: alarms, a name like one", false, 10, "per 10,000 words"))
    rows += [
        at_least(f"{name}: planted {how}, stopped", caught[how] / count, least, f"of {count}")
        for how, count in sorted(planted.items())
        for least in [0.9 if how in {"by ear", "without a letter"} else 0.97]
    ]
    return [*rows, Row(f"{name}: looked at", words / seconds, "words a second of CPU")]


def _cleaned(document: _Document) -> tuple[str, ForbiddenText, list[str]]:
    """Replace what is marked; return the text, what must not be in it, and people's names."""
    text, parts, done = document.text, list[str](), 0
    gone: list[tuple[Category, str]] = []
    for span in sorted(document.spans, key=lambda s: (s.start, -s.end)):
        kind = _KINDS.get(span.type)
        if kind is None or span.start < done:
            continue
        gone.append((kind, text[span.start : span.end]))
        parts += [text[done : span.start], "[it]"]
        done = span.end
    parts.append(text[done:])
    lines = re.sub(r"(?<=[.?!]) ", "\n", "".join(parts))
    people = sorted({said for kind, said in gone if kind is Category.PERSON and said.istitle()})
    return lines, sort_originals(gone, set(), ("[it]",)), people


def _leaks(names: list[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        last = re.findall(r"[A-Za-z]+", name)[-1:]
        yield "as it was", name
        yield "in capitals", name.upper()
        for surname in last:
            if len(surname) < _LEAST_PLANTED:
                continue
            middle = len(surname) // 2
            yield "without a letter", surname[:middle] + surname[middle + 1 :]
            yield "spelled out", " ".join(surname.upper())
            heard = surname.lower()
            for written, sounds in _EAR:
                heard = heard.replace(written, sounds)
            if heard != surname.lower():
                yield "by ear", heard
