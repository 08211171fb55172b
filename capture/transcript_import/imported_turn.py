"""A turn of an imported file, before it becomes a turn of a transcript; shared parsing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from study import VOUCHED_FOR, Word, sanitise_text

MOST_TRANSCRIPT_TURNS = 100_000
CLOCK_PATTERN = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
LONGEST_TRANSCRIPT_S = 1000 * 3600.0  # no clock of CLOCK_PATTERN shows more
_JOINED_GAP_S = 2.0  # shorter gaps come from subtitles, not from speakers
_JOINED_MOST = 1500  # characters of a turn made of subtitles
_TOKEN = re.compile(r"\s*\S+")


@dataclass(frozen=True, slots=True)
class ImportedTurn:
    """A turn of one speaker, named as in the file; "" if it names none.

    ``start_s`` and ``end_s`` are None if the file gives no time. ``words`` have the times of single
    words where the file gives them: joined and stripped they are ``text``, else there are none.
    """

    speaker: str
    text: str
    start_s: float | None = None
    end_s: float | None = None
    words: tuple[Word, ...] = ()


class LeftOut(StrEnum):
    """What a part of a file is that is not in the transcript, as people read it."""

    HEAD = "text of the program that made the file, not said"
    NOTE = "a comment in the file"
    STYLE = "a style or a page's title"
    CUE_NAME = "the name of a subtitle"
    INNER_TIME = "a time inside a turn"
    FOOTNOTE = "a footnote"
    COMMENT = "a comment beside the text"
    PAGE_HEAD = "the head or foot of a page"
    DELETED = "deleted or hidden text"
    COLUMN = "another column of the table"
    TAIL = "something behind the end of the text, perhaps another file"
    WORD_TIMES = "word times that do not fit the words"


@dataclass(frozen=True, slots=True)
class LeftPart:
    """Words of a file that are not in the transcript; line: where they stand, 0 if not in lines."""

    what: LeftOut
    words: str = field(repr=False)
    line: int = 0


@dataclass(slots=True)
class ReadTurns:
    """What a reader made of a file: its turns, and the parts that it left out.

    by_time: whether the format goes by time, as subtitles do, and not by the order of its lines.
    is_cut: whether the end of the file is missing, by the marks that its format closes with.
    """

    said: list[ImportedTurn]
    left: list[LeftPart] = field(default_factory=list[LeftPart])
    by_time: bool = False
    is_cut: bool = False


def parse_clock_s(match: re.Match[str], first: int = 1) -> float:
    """Return the time of a match of ``CLOCK_PATTERN`` whose groups begin with number ``first``."""
    hours, minutes, whole, part = (match[first + i] for i in range(4))
    seconds = int(hours or 0) * 3600 + int(minutes) * 60 + int(whole)
    return (seconds * 1000 + int((part or "0").ljust(3, "0"))) / 1000


def tidy_line(text: str) -> str:
    """Return text on one line, without control characters."""
    return sanitise_text(" ".join(text.split()))


def spread_words(text: str, start_s: float, end_s: float) -> tuple[Word, ...]:
    """Return the words of a text; they share its time by their lengths, a person vouches for each.

    Joined they are ``text``, but for blanks behind its last word.
    """
    tokens = _TOKEN.findall(text)
    length, at, made = sum(map(len, tokens)), start_s, list[Word]()
    for token in tokens:
        end = at + (end_s - start_s) * len(token) / length
        made.append(Word(token, at, end, VOUCHED_FOR))
        at = end
    return tuple(made)


def fit_words(text: str, words: Sequence[Word]) -> tuple[Word, ...]:
    """Return words as a turn of this text holds them, () where they are not its words.

    Programs write words with or without the blank before them; times never run backwards.
    """
    for blank in ("", " "):
        joined = blank.join(word.text for word in words)
        if " ".join(joined.split()) == text:
            break
    else:
        return ()
    made: list[Word] = []
    for word in words:
        start_s = max(word.start_s, made[-1].end_s if made else 0.0)
        bare = " ".join(word.text.split())
        has_blank = bool(made) and (blank or word.text[:1].isspace() or made[-1].text[-1:] == " ")
        if bare:
            end_s = max(start_s, word.end_s)
            made.append(Word(f" {bare}" if has_blank else bare, start_s, end_s, word.probability))
    return tuple(made) if "".join(word.text for word in made) == text else ()


def join_cues(cues: Iterable[ImportedTurn]) -> list[ImportedTurn]:
    """Join subtitles of one named speaker that follow each other without a pause."""
    turns: list[ImportedTurn] = []
    for cue in cues:
        last = turns[-1] if turns else None
        if last is not None and _goes_on(last, cue):
            turns[-1] = replace(
                last,
                text=f"{last.text} {cue.text}",
                end_s=max(last.end_s or 0.0, cue.end_s or 0.0),
                words=_join_words(last, cue),
            )
        elif cue.text:
            turns.append(cue)
    return turns


def _join_words(last: ImportedTurn, cue: ImportedTurn) -> tuple[Word, ...]:
    if not last.words or not cue.words:
        return ()
    first = replace(cue.words[0], text=f" {cue.words[0].text.lstrip()}")
    return (*last.words, first, *cue.words[1:])


def _goes_on(last: ImportedTurn, cue: ImportedTurn) -> bool:
    if not cue.speaker or cue.speaker != last.speaker or last.end_s is None or cue.start_s is None:
        return False
    if bool(last.words) != bool(cue.words):
        return False  # a turn has the times of all its words, or of none
    near = cue.start_s - last.end_s <= _JOINED_GAP_S
    return near and len(last.text) + len(cue.text) < _JOINED_MOST
