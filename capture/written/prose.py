"""Plain text with speakers: "P07: Well …", "[00:01:02] INT: And?", a name on a line of its own.

A word before a colon is a speaker only if the file uses it as one: twice at least, or it is a
code, or it looks like a name. "For example: …" is not one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from capture.written.said import CLOCK, Said, seconds, tidy
from capture.written.speakers import GENERIC
from models import lexicon

_LABEL = re.compile(r"\s*[@#]?([^\W_][^:\n\t]{0,59}?)\s*:(?:\s+(.*)|$)", re.DOTALL)
_LABEL_TIMED = re.compile(
    rf"\s*([^\W_][^:\n\t\[\]()]{{0,59}}?)\s*[\[(]{CLOCK}[\])]\s*:?\s*(.*)", re.DOTALL
)
_HEAD = re.compile(rf"\s*([^\W_][^:\n]{{0,59}}?)\s+{CLOCK}\s*")
_SPEAKER_ALONE = re.compile(r"\s*(SPEAKER[_ ]?\d+)\s*")
_TIME = re.compile(rf"\s*([\[(#])?{CLOCK}(?:-\d)?[\])#]?\s*(?:[-\u2013]\s+)?")
_CODE = re.compile(r"[A-Z]{1,12}[-_ ]?\d{1,4}|[A-Z]{1,3}")
_MOST_WORDS, _TWICE = 5, 2


class Labels:
    """The words that a file writes before a colon, and which of them are speakers."""

    def __init__(self, lines: Iterable[str]) -> None:
        cut = (_LABEL.match(_past_time(line)) for line in lines)
        self._counted = Counter(found[1] for found in cut if found)

    def cut(self, line: str) -> tuple[str, str] | None:
        """Return speaker and words of a line that begins with a speaker, else None."""
        found = _LABEL.match(line)
        if found is None or not self.is_speaker(found[1]):
            return None
        return found[1], found[2] or ""

    def is_speaker(self, label: str) -> bool:
        """Whether a label is used as a speaker."""
        words = label.split()
        if len(words) > _MOST_WORDS:
            return False
        if _CODE.fullmatch(label) or words[0].lower() in GENERIC:
            return True
        if self._counted[label] >= _TWICE:
            return label[0].isupper() or len(words) == 1
        return all(w[0].isupper() and not lexicon.is_ordinary(w) for w in words if w[0].isalpha())


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: the speaker and the time that it begins with, None where it has none."""

    speaker: str | None
    at_s: float | None
    words: str


def read(text: str) -> list[Said]:
    """Return the turns; what stands before the first speaker is nobody's."""
    lines = text.splitlines()
    labels = Labels(lines)
    return [
        Said(turn.speaker, words, turn.start_s)
        for turn in _turns(lines, labels)
        if (words := tidy(turn.text))
    ]


def _turns(lines: list[str], labels: Labels) -> Iterator[Said]:
    speaker, at_s, words, is_new = "", None, list[str](), True
    for line in lines:
        if not line.strip():
            is_new = True
            continue
        one = _line(line, labels)
        begins = one.speaker is not None or one.at_s is not None or (is_new and not speaker)
        if begins:
            yield Said(speaker, " ".join(words), at_s)
            speaker = one.speaker if one.speaker is not None else speaker
            at_s, words = (one.at_s if one.at_s is not None else None), []
        words.append(one.words)
        is_new = False
    yield Said(speaker, " ".join(words), at_s)


def _line(line: str, labels: Labels) -> _Line:
    timed = _LABEL_TIMED.fullmatch(line)
    if timed and labels.is_speaker(timed[1]):
        return _Line(timed[1], seconds(timed, 2), timed[6])
    head = _HEAD.fullmatch(line)
    if head and len(head[1].split()) <= _MOST_WORDS and head[1][0].isupper():
        return _Line(head[1], seconds(head, 2), "")
    alone = _SPEAKER_ALONE.fullmatch(line)
    if alone:
        return _Line(alone[1], None, "")
    time = _TIME.match(line)
    found = labels.cut(line[time.end() :] if time else line)
    if time and (time[1] or found):  # a bare "10:30" may be what somebody said
        at_s, rest = seconds(time, 2), line[time.end() :]
        return _Line(found[0], at_s, found[1]) if found else _Line(None, at_s, rest)
    return _Line(found[0], None, found[1]) if found else _Line(None, None, line)


def _past_time(line: str) -> str:
    time = _TIME.match(line)
    return line[time.end() :] if time else line
