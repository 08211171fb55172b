"""Read plain text with speakers: "P07: Well …", "[00:01:02] INT: And?", a name on its own line.

So write aTrain, WhisperX, Otter, Teams, f4, f5, MAXQDA, Express Scribe and people who type. A word
before a colon is a speaker only if the file uses it as one: twice at least, or it is a code, or it
looks like a name. "For example: …" is not one. A time behind the words, as f4 and MAXQDA write it
(#00:01:02-3#), is where they end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from capture.transcript_import.imported_turn import (
    CLOCK_PATTERN,
    MOST_TRANSCRIPT_TURNS,
    ImportedTurn,
    LeftOut,
    LeftPart,
    ReadTurns,
    parse_clock_s,
    tidy_line,
)
from capture.transcript_import.program_lines import find_program_lines
from capture.transcript_import.speaker_codes import GENERIC_SPEAKERS
from models import is_ordinary_word
from study import split_lines

_LABEL = re.compile(
    r"\s*[@#]?(?:\[([^\W\d][^:\n\t\[\]]{0,59})\]|([^\W_][^:\n\t]{0,59}?))\s*:(?:\s+(.*)|$)",
    re.DOTALL,
)
_LABEL_TIMED = re.compile(
    rf"\s*([^\W_][^:\n\t\[\]()]{{0,59}}?)\s*[\[(]{CLOCK_PATTERN}[\])]\s*:?\s*(.*)", re.DOTALL
)
_HEAD = re.compile(rf"\s*([^\W_][^:\n]{{0,59}}?)\s+{CLOCK_PATTERN}\s*")
_NAME_ALONE, _CLOCK_ALONE = (
    re.compile(r"[A-Z\u00c0-\u024f][^:\n.?!]{0,59}"),
    re.compile(rf"[\[(]?{CLOCK_PATTERN}[\])]?"),
)
_SPEAKER_ALONE = re.compile(r"\s*\[?(SPEAKER[_ ]?\d+)\]?\s*")
_RANGE = rf"(?:\s*(?:-->|[-\u2013\u2014])\s*{CLOCK_PATTERN})?"
_TIME = re.compile(rf"\s*([\[(#])?{CLOCK_PATTERN}(?:-(\d))?{_RANGE}[\])#]?\s*(?:[-\u2013]\s+)?")
_STAMP = re.compile(rf"#{CLOCK_PATTERN}(?:-(\d))?#|\[{CLOCK_PATTERN}(?:-(\d))?\]")
_CODE = re.compile(r"[A-Z]{1,12}[-_ ]?\d{1,4}|[A-Z]{1,3}")
_MOST_WORDS, _TWICE = 5, 2
_IN_HASHES, _IN_BRACKETS = 1, 6  # where the groups of a clock begin in ``_STAMP``


class SpeakerLabels:
    """The words before colons in a file, and which of them are speakers."""

    def __init__(self, lines: Iterable[str]) -> None:
        cut = (_LABEL.match(_strip_time(line)) for line in lines)
        self._counted = Counter(found[1] or found[2] for found in cut if found)

    def split_line(self, line: str) -> tuple[str, str] | None:
        """Return the speaker and the words of a line that begins with a speaker, else None."""
        found = _LABEL.match(line)
        if found is None or not self.is_speaker(found[1] or found[2]):
            return None
        return found[1] or found[2], found[3] or ""

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
    end_s: float | None = None


def read_labelled_lines(text: str) -> ReadTurns:
    """Return the turns; text before the first speaker has the speaker "".

    Of more turns than a transcript may have, only so many as show that it has.
    """
    lines = [line.strip() for line in split_lines(text)]
    written = find_program_lines(lines)
    left = [LeftPart(LeftOut.HEAD, lines[n], n + 1) for n in sorted(written)]
    bare = _join_names_and_times(["" if n in written else x for n, x in enumerate(lines)])
    numbered = list(enumerate(bare))
    labels = SpeakerLabels(line for _, line in numbered)
    said = [
        replace(turn, text=words)
        for turn in islice(_turns(numbered, labels, left), MOST_TRANSCRIPT_TURNS + 2)
        if (words := tidy_line(turn.text))
    ]
    return ReadTurns(said, left)


def _join_names_and_times(lines: list[str]) -> list[str]:
    """Return the lines with a time that stands below a name behind it, as pages of Otter show them.

    A file that does so once may say a time: it has to do so twice.
    """
    places = [
        n
        for n in range(1, len(lines))
        if _CLOCK_ALONE.fullmatch(lines[n])
        and _NAME_ALONE.fullmatch(lines[n - 1])
        and len(lines[n - 1].split()) <= _MOST_WORDS
        and (n == 1 or not lines[n - 2])
    ]
    if len(places) < _TWICE:
        return lines
    joined = list(lines)
    for n in places:
        joined[n - 1], joined[n] = f"{lines[n - 1]}  {lines[n].strip('[]()')}", ""
    return joined


def _turns(
    lines: list[tuple[int, str]], labels: SpeakerLabels, left: list[LeftPart]
) -> Iterator[ImportedTurn]:
    """Yield the turns; behind a time that ends the words, the next begins where they end."""
    turn, words = ImportedTurn("", ""), list[str]()
    is_new, is_closed, ended_s = True, False, 0.0
    for number, whole in lines:
        if not whole:
            is_new = True
            continue
        line, stamped_s = _take_end(whole, number, left)
        parsed = _parse_line(line, labels)
        has_label = parsed.speaker is not None or parsed.at_s is not None
        if has_label or (is_new and (not turn.speaker or is_closed)):
            yield replace(turn, text=" ".join(words))
            start_s = parsed.at_s
            if start_s is None and not any(words):
                start_s = turn.start_s  # the line above was a time alone
            if start_s is None and is_closed:
                start_s = ended_s
            speaker = turn.speaker if parsed.speaker is None else parsed.speaker
            turn, words, is_closed = ImportedTurn(speaker, "", start_s, parsed.end_s), [], False
        words.append(parsed.words)
        is_new = False
        if stamped_s is not None:
            start_s = ended_s if turn.start_s is None else turn.start_s
            turn = replace(turn, start_s=start_s, end_s=stamped_s)
            ended_s, is_new, is_closed = stamped_s, True, True
    yield replace(turn, text=" ".join(words))


def _take_end(line: str, number: int, left: list[LeftPart]) -> tuple[str, float | None]:
    """Return a line without the times inside and behind it, and the time behind it, if any."""
    if "#" not in line and not line.endswith("]"):
        return line, None
    end_s, pieces, at = None, list[str](), 0
    for stamp in _STAMP.finditer(line):
        is_last = stamp.end() == len(line)
        if not stamp.start() or not (is_last or stamp[0].startswith("#")):
            continue
        if is_last:
            end_s = _clock_s(stamp, _IN_HASHES if stamp[0].startswith("#") else _IN_BRACKETS)
        else:
            left.append(LeftPart(LeftOut.INNER_TIME, stamp[0], number + 1))
        pieces.append(line[at : stamp.start()])
        at = stamp.end()
    return "".join([*pieces, line[at:]]), end_s


def _clock_s(match: re.Match[str], first: int) -> float:
    """Return a time with f4's tenths of a second, in the group behind those of the clock."""
    tenth = match[first + 4]
    return round(parse_clock_s(match, first) + int(tenth or 0) / 10, 3)


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
        at_s, rest = _clock_s(time, 2), line[time.end() :]
        end_s = parse_clock_s(time, 7) if time[9] else None
        return _Line(found[0], at_s, found[1], end_s) if found else _Line(None, at_s, rest, end_s)
    return _Line(found[0], None, found[1]) if found else _Line(None, None, line)


def _strip_time(line: str) -> str:
    time = _TIME.match(line)
    return line[time.end() :] if time else line
