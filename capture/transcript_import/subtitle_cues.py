"""Read WebVTT, SRT and SBV, as Teams, Zoom, noScribe, WhisperX and subtitle programs write them.

Accepts missing hours, a comma or a point, cues without a number, blank lines inside a cue, notes,
styles, identifiers of any kind. A speaker stands in a voice tag (``<v Name>``) or before a colon.
Times inside a cue (``<00:01.500>``) are those of its words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from capture.transcript_import.imported_turn import (
    CLOCK_PATTERN,
    ImportedTurn,
    LeftOut,
    LeftPart,
    ReadTurns,
    fit_words,
    parse_clock_s,
    spread_words,
    tidy_line,
)
from capture.transcript_import.labelled_lines import SpeakerLabels
from study import Word, split_lines, unescape_html

CUE_ARROW = re.compile(
    rf"^\s*{CLOCK_PATTERN}\s*(?:-->|,(?=\s*\d{{1,2}}:\d\d:\d\d\.\d{{3}}\s*$))\s*{CLOCK_PATTERN}"
)
# No tag reaches over the next one, so that a file of beginnings is not searched once for each.
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?(?:\s([^<>]*))?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_STAMP = re.compile(rf"<{CLOCK_PATTERN}>")
_BROKEN_TAG = re.compile(r"</?(?:v|c|b|i|u|lang|ruby|rt)(?:[.\s][^<>]*)?|<\d[\d:.]*", re.IGNORECASE)
_ASIDE = re.compile(r"(NOTE|STYLE|REGION)(?:\s.*)?")
_SIGNATURE = "WEBVTT"


@dataclass(frozen=True, slots=True)
class _Cue:
    """One voice in a cue; stamps: times inside it, with the character that each stands before."""

    speaker: str
    text: str
    start_s: float
    end_s: float
    stamps: tuple[tuple[int, float], ...] = ()


def read_cues(text: str) -> ReadTurns:
    """Return the cues as turns, ordered by time; a cue with two voices gives two."""
    left: list[LeftPart] = []
    text, broken = _cut_broken_tag(text)
    is_cut = bool(broken)
    left += [LeftPart(LeftOut.STYLE, broken, text.count("\n") + 1)] if is_cut else []
    cues = list(_cues(text, left))
    labels = SpeakerLabels(
        line for cue in cues if not cue.speaker for line in cue.text.splitlines()
    )
    said = [turn for cue in cues for turn in _split(cue, labels)]
    return ReadTurns(said, left, by_time=True, is_cut=is_cut)


def _cut_broken_tag(text: str) -> tuple[str, str]:
    """Return a text without the tag that its last line begins and does not end, and that tag."""
    start = text.rfind("<", text.rstrip().rfind("\n") + 1)
    if start < 0 or _BROKEN_TAG.fullmatch(text[start:].rstrip()) is None:
        return text, ""
    return text[:start], text[start:].strip()


def _cues(text: str, left: list[LeftPart]) -> Iterator[_Cue]:
    lines = split_lines(text)
    is_vtt = text.startswith(_SIGNATURE)
    asides = _find_asides(lines, left) if is_vtt else set[int]()
    arrows = [n for n, line in enumerate(lines) if n not in asides and CUE_ARROW.match(line)]
    names = {n - 1 for n in arrows if _is_name(lines, n - 1, is_vtt=is_vtt)} - asides
    left += [
        LeftPart(LeftOut.CUE_NAME, lines[n], n + 1)
        for n in sorted(names)
        if not lines[n].strip().isdecimal()
    ]
    skipped = asides | names
    for n in range(arrows[0] if arrows else len(lines)):
        if n not in skipped and (bare := lines[n].strip()) and bare != _SIGNATURE:
            left.append(LeftPart(LeftOut.HEAD, bare, n + 1))
    for n, after in pairwise([*arrows, len(lines)]):
        inside = [lines[k] for k in range(n + 1, after) if k not in skipped]
        yield from _read_cue(lines[n], inside, left, n + 1)


def _read_cue(head: str, inside: list[str], left: list[LeftPart], number: int) -> Iterator[_Cue]:
    times = CUE_ARROW.match(head)
    assert times is not None
    start_s, end_s = parse_clock_s(times), parse_clock_s(times, 5)
    if behind := head[times.end() :].strip():
        left.append(LeftPart(LeftOut.STYLE, behind, number))  # where on the screen it stands
    payload = "\n".join(line for line in inside if line.strip())
    for speaker, words in _voices(payload):
        plain, stamps = _take_stamps(words)
        yield _Cue(speaker, plain, start_s, end_s, stamps)


def _find_asides(lines: list[str], left: list[LeftPart]) -> set[int]:
    """Return the numbers of the lines that are notes and styles, each to the next blank line."""
    found: set[int] = set()
    what: LeftOut | None = None
    is_blank = True
    for number, line in enumerate(lines):
        if is_blank and (aside := _ASIDE.fullmatch(line)):
            what = LeftOut.NOTE if aside[1] == "NOTE" else LeftOut.STYLE
        is_blank = not line.strip()
        if is_blank:
            what = None
        elif what is not None:
            found.add(number)
            left.append(LeftPart(what, line.strip(), number + 1))
    return found


def _is_name(lines: list[str], number: int, *, is_vtt: bool) -> bool:
    """Whether the line above a time is the cue's number or, in WebVTT, its name."""
    if number < 0 or not (bare := lines[number].strip()) or CUE_ARROW.match(bare):
        return False
    if bare.isdecimal():
        return True
    return is_vtt and number > 0 and not lines[number - 1].strip()


def _voices(payload: str) -> Iterator[tuple[str, str]]:
    """Yield the speaker and the words of each voice in a cue."""
    parts = _VOICE.split(payload)
    if parts[0].strip():
        yield "", parts[0]
    for name, words in zip(parts[1::2], parts[2::2], strict=True):
        yield tidy_line(unescape_html(name or "")), words


def _take_stamps(words: str) -> tuple[str, tuple[tuple[int, float], ...]]:
    """Return the plain text of a voice, and the times that stand inside it."""
    pieces, stamps, at, length = list[str](), list[tuple[int, float]](), 0, 0
    for stamp in _STAMP.finditer(words):
        pieces.append(_plain(words[at : stamp.start()]))
        length, at = length + len(pieces[-1]), stamp.end()
        stamps.append((length, parse_clock_s(stamp)))
    return "".join(pieces) + _plain(words[at:]), tuple(stamps)


def _plain(words: str) -> str:
    return unescape_html(_TAG.sub("", words))


def _split(cue: _Cue, labels: SpeakerLabels) -> Iterator[ImportedTurn]:
    """Split a cue where a line begins with a speaker: Zoom writes "Name: words"."""
    speaker, start, at = cue.speaker, 0, 0
    for line in cue.text.splitlines(keepends=True):
        found = None if cue.speaker else labels.split_line(line.rstrip())
        if found is not None:
            yield from _turn(cue, speaker, start, at)
            speaker, start = found[0], at + len(line.rstrip()) - len(found[1])
        at += len(line)
    yield from _turn(cue, speaker, start, len(cue.text))


def _turn(cue: _Cue, speaker: str, start: int, end: int) -> Iterator[ImportedTurn]:
    if text := tidy_line(cue.text[start:end]):
        words = fit_words(text, _timed_words(cue, start, end)) if cue.stamps else ()
        yield ImportedTurn(speaker, text, cue.start_s, cue.end_s, words)


def _timed_words(cue: _Cue, start: int, end: int) -> list[Word]:
    """Return the words of some characters of a cue; those between two times share what is there."""
    places = [0, *(place for place, _ in cue.stamps), len(cue.text)]
    times = [cue.start_s, *(at_s for _, at_s in cue.stamps), max(cue.start_s, cue.end_s)]
    made: list[Word] = []
    for number in range(max(0, bisect_right(places, start) - 1), len(times) - 1):
        part = cue.text[max(start, places[number]) : min(end, places[number + 1])]
        made += spread_words(part, times[number], max(times[number], times[number + 1]))
    return made
