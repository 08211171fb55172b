"""Read plain text with speakers: "P07: Well …", "[00:01:02] INT: And?", a name on its own line.

A word before a colon is a speaker only if the file uses it as one: twice at least, or it is a
code, or it looks like a name. "For example: …" is not one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from capture.transcript_import.imported_turn import (
    CLOCK_PATTERN,
    MOST_TRANSCRIPT_TURNS,
    ImportedTurn,
    parse_clock_s,
    tidy_line,
)
from capture.transcript_import.speaker_codes import GENERIC_SPEAKERS
from models import is_ordinary_word
from study import split_lines

_LABEL = re.compile(r"\s*[@#]?([^\W_][^:\n\t]{0,59}?)\s*:(?:\s+(.*)|$)", re.DOTALL)
_LABEL_TIMED = re.compile(
    rf"\s*([^\W_][^:\n\t\[\]()]{{0,59}}?)\s*[\[(]{CLOCK_PATTERN}[\])]\s*:?\s*(.*)", re.DOTALL
)
_HEAD = re.compile(rf"\s*([^\W_][^:\n]{{0,59}}?)\s+{CLOCK_PATTERN}\s*")
_SPEAKER_ALONE = re.compile(r"\s*(SPEAKER[_ ]?\d+)\s*")
_TIME = re.compile(rf"\s*([\[(#])?{CLOCK_PATTERN}(?:-\d)?[\])#]?\s*(?:[-\u2013]\s+)?")
_CODE = re.compile(r"[A-Z]{1,12}[-_ ]?\d{1,4}|[A-Z]{1,3}")
_MOST_WORDS, _TWICE = 5, 2


class SpeakerLabels:
    """The words before colons in a file, and which of them are speakers."""

    def __init__(self, lines: Iterable[str]) -> None:
        cut = (_LABEL.match(_strip_time(line)) for line in lines)
        self._counted = Counter(found[1] for found in cut if found)

    def split_line(self, line: str) -> tuple[str, str] | None:
        """Return the speaker and the words of a line that begins with a speaker, else None."""
        found = _LABEL.match(line)
        if found is None or not self.is_speaker(found[1]):
            return None
        return found[1], found[2] or ""

    def is_speaker(self, label: str) -> bool:
        """Whether a label is used as a speaker."""
        words = label.split()
        if len(words) > _MOST_WORDS:
            return False
        if _CODE.fullmatch(label) or words[0].lower() in GENERIC_SPEAKERS:
            return True
        if self._counted[label] >= _TWICE:
            return label[0].isupper() or len(words) == 1
        return all(w[0].isupper() and not is_ordinary_word(w) for w in words if w[0].isalpha())


@dataclass(frozen=True, slots=True)
class _Line:
    """One line; speaker and time are None if it does not begin with them."""

    speaker: str | None
    at_s: float | None
    words: str


def read_labelled_lines(text: str) -> list[ImportedTurn]:
    """Return the turns; text before the first speaker has the speaker "".

    Of more turns than a transcript may have, only so many as show that it has.
    """
    lines = [line.strip() for line in split_lines(text)]
    labels = SpeakerLabels(lines)
    return [
        ImportedTurn(turn.speaker, words, turn.start_s)
        for turn in islice(_turns(lines, labels), MOST_TRANSCRIPT_TURNS + 2)
        if (words := tidy_line(turn.text))
    ]


def _turns(lines: list[str], labels: SpeakerLabels) -> Iterator[ImportedTurn]:
    speaker, at_s, words, is_new = "", None, list[str](), True
    for line in lines:
        if not line:
            is_new = True
            continue
        parsed = _parse_line(line, labels)
        has_label = parsed.speaker is not None or parsed.at_s is not None
        begins = has_label or (is_new and not speaker)
        if begins:
            yield ImportedTurn(speaker, " ".join(words), at_s)
            speaker = parsed.speaker if parsed.speaker is not None else speaker
            at_s, words = parsed.at_s, []
        words.append(parsed.words)
        is_new = False
    yield ImportedTurn(speaker, " ".join(words), at_s)


def _parse_line(line: str, labels: SpeakerLabels) -> _Line:
    timed = _LABEL_TIMED.fullmatch(line)
    if timed and labels.is_speaker(timed[1]):
        return _Line(timed[1], parse_clock_s(timed, 2), timed[6])
    head = _HEAD.fullmatch(line)
    if head and len(head[1].split()) <= _MOST_WORDS and head[1][0].isupper():
        return _Line(head[1], parse_clock_s(head, 2), "")
    alone = _SPEAKER_ALONE.fullmatch(line)
    if alone:
        return _Line(alone[1], None, "")
    time = _TIME.match(line)
    found = labels.split_line(line[time.end() :] if time else line)
    if time and (time[1] or found):  # a bare "10:30" may be what somebody said
        at_s, rest = parse_clock_s(time, 2), line[time.end() :]
        return _Line(found[0], at_s, found[1]) if found else _Line(None, at_s, rest)
    return _Line(found[0], None, found[1]) if found else _Line(None, None, line)


def _strip_time(line: str) -> str:
    time = _TIME.match(line)
    return line[time.end() :] if time else line
