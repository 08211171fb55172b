"""What Earshot finds in CONFIDE-Bench's English slice, beside the answers that its makers publish.

    python -m benchmarks confide [--folder FOLDER] [--faults]

FOLDER (or EARSHOT_CONFIDE) holds ``pii-eval.jsonl`` of github.com/glebis/confide (texts in the
manner of therapy, made up, CC BY 4.0) and the answers of other finders, ``en.NAME.jsonl``. Nothing
of it ships with Earshot. Everybody's answers are counted by the same code and its makers' rules: a
detail is touched if any character of it is masked ("relaxed coverage"), covered if four fifths of
its characters lie in one mask ("containment"), whatever it was called; masks that overlap are one,
and a mask that touches no detail is a false find. ``--faults`` prints what Earshot missed and what
it found wrongly. Medication is a type of theirs that no detail of the English slice has; Earshot
does not look for it, because a drug that thousands take singles out nobody.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from benchmarks._finders import earshot
from benchmarks._marked import Set
from benchmarks._marked import Turn as MarkedTurn
from benchmarks.frame import Row, at_least, at_most
from study import LIKELY_SCORE, Category

_FOLDER = "EARSHOT_CONFIDE"
_GOLD, _ANSWERS = "pii-eval.jsonl", "en.*.jsonl"
_COVERED = 0.8
# What the best set of finders published in November 2026 reaches, three together; and Presidio.
_AIM, _MOST_FALSE = 0.978, 6

Spans = Sequence[tuple[int, int]]


class _Span(msgspec.Struct):
    start: int
    end: int
    type: str


class _Text(msgspec.Struct):
    text: str
    spans: list[_Span]


class _Answer(msgspec.Struct):
    doc_id: str
    spans: list[_Span]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts over all texts: details, those touched and covered, and masks that touch none."""

    details: int
    touched: int
    covered: int
    false: int


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Measure on the folder that EARSHOT_CONFIDE names; quick changes nothing, it is short."""
    del quick
    return measure(Path(os.environ[_FOLDER]) if _FOLDER in os.environ else None)


def choose(arguments: Sequence[str]) -> Callable[[bool], list[Row]]:
    """Return the run that the options ask for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks confide")
    parser.add_argument("--folder", type=Path, default=os.environ.get(_FOLDER))
    parser.add_argument("--faults", action="store_true", help="print what is missed and wrong")
    given = parser.parse_args(arguments)
    return lambda _: measure(given.folder, shows=given.faults)


def measure(folder: Path | None, *, shows: bool = False) -> list[Row]:
    """Score Earshot and every answer that lies beside the texts."""
    if folder is None or not (folder / _GOLD).exists():
        return [Row("details touched", None, "", note=f"no {_GOLD}: {_FOLDER} names its folder")]
    texts = msgspec.json.Decoder(_Text).decode_lines((folder / _GOLD).read_bytes())
    details = [[(one.start, one.end) for one in text.spans] for text in texts]
    documents = tuple((MarkedTurn(text.text),) for text in texts)
    found = earshot().answer([Set("confide", documents, frozenset(c.value for c in Category))])
    finds = [turn for (turn,) in found.found[0]]
    sure = [[(f.start, f.end) for f in turn if f.score >= LIKELY_SCORE] for turn in finds]
    asked = [[(f.start, f.end) for f in turn] for turn in finds]
    rows = [
        *_make_rows("Earshot, sure finds", count_coverage(details, sure)),
        *_make_rows("Earshot, with questions", count_coverage(details, asked), has_aims=True),
    ]
    for path in sorted(folder.glob(_ANSWERS)):
        answers = msgspec.json.Decoder(_Answer).decode_lines(path.read_bytes())
        masks = [[(one.start, one.end) for one in answer.spans] for answer in answers]
        rows += _make_rows(path.name.split(".")[1], count_coverage(details, masks))
    if shows:
        _print_faults(texts, asked)
    return rows


def count_coverage(details: Sequence[Spans], masks: Sequence[Spans]) -> Coverage:
    """Count, text by text, how many details masks touch and cover, and how many masks are false.

    Raises:
        ValueError: the two are not of the same number of texts.
    """
    there = touched = covered = false = 0
    for wanted, given in zip(details, map(_join, masks), strict=True):
        there += len(wanted)
        touched += sum(any(_shared(d, m) for m in given) for d in wanted)
        covered += sum(
            any(_shared(d, m) >= _COVERED * (d[1] - d[0]) for m in given) for d in wanted
        )
        false += sum(not any(_shared(d, m) for d in wanted) for m in given)
    return Coverage(there, touched, covered, false)


def _join(spans: Spans) -> list[tuple[int, int]]:
    """Return masks that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _shared(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _make_rows(name: str, counts: Coverage, *, has_aims: bool = False) -> list[Row]:
    share = counts.touched / max(1, counts.details)
    touched = f"{counts.touched} of {counts.details}"
    covered = Row(
        f"{name}: details covered by four fifths",
        counts.covered / max(1, counts.details),
        "of them",
        f"{counts.covered} of {counts.details}",
    )
    if has_aims:
        return [
            at_least(f"{name}: details touched", share, _AIM, "of them", compared_with=touched),
            covered,
            at_most(f"{name}: false finds", counts.false, _MOST_FALSE, ""),
        ]
    return [
        Row(f"{name}: details touched", share, "of them", touched),
        covered,
        Row(f"{name}: false finds", counts.false, ""),
    ]


def _print_faults(texts: Sequence[_Text], masks: Sequence[Spans]) -> None:
    for text, given in zip(texts, masks, strict=True):
        for one in text.spans:
            if not any(_shared((one.start, one.end), mask) for mask in given):
                print(f"missed: {one.type} <{text.text[one.start : one.end]}>", file=sys.stderr)
        for start, end in given:
            if not any(_shared((s.start, s.end), (start, end)) for s in text.spans):
                print(f"wrong: <{text.text[start:end]}>", file=sys.stderr)
