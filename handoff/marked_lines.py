"""Signs in the place of letters, which show where a letter of a file comes from.

A format cuts lines into cues, words and cells, and nothing in a file tells in which turn one of its
words was said. So the files are written once more from lines whose letters are signs, for the gate
alone: such a file is as long as the real one, and the signs stand where the letters do. Words that
somebody let pass in one turn are known so in every format, and only there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from handoff.export_input import ExportInput
from handoff.spoken_words import TimedWord
from handoff.transcript_lines import TranscriptLine
from study import GatePass, find_passed_spans, list_passed_words

# Of a script that nobody transcribes here. Letters stay letters and digits digits, because formats
# look at that: a word of digits alone is left out of what the gate reads.
_LARGE, _SMALL, _DIGIT = "\u2c80", "\u2c81", "\u1811"
_PASSED = frozenset({_LARGE, _SMALL, _DIGIT})
# Letters without capitals, in one row: as many as lines that can be told apart.
_FIRST_LINE, _LINES = 0x4E00, 20_000


def mark_passed(material: ExportInput, passes: Sequence[GatePass]) -> ExportInput:
    """Return an interview with signs in the place of the words that somebody let pass."""
    lines = [
        _mark(line, find_passed_spans(line.unmarked_text, list_passed_words(passes, line.turn)))
        for line in material.lines
    ]
    return replace(material, lines=lines)


def mark_lines(material: ExportInput, first: int) -> ExportInput:
    """Return an interview whose letters are signs of their lines, numbered from ``first`` on."""
    lines = [
        _mark(line, [(0, len(line.unmarked_text))], chr(_FIRST_LINE + number))
        if number < _LINES
        else line
        for number, line in enumerate(material.lines, start=first)
    ]
    return replace(material, lines=lines)


def blank_passed(text: str, marked: str) -> str:
    """Return the text of a file with blanks in the place of words that somebody let pass.

    marked: the text of the same file with signs in their place. Where the two differ in anything
    else, nothing tells which words these are, and the text is returned as it is.
    """
    if not _is_same(text, marked, _PASSED):
        return text
    return "".join(" " if sign in _PASSED else one for one, sign in zip(text, marked, strict=True))


def read_line_numbers(text: str, marked: str) -> list[int | None]:
    """Return the number of the line of each character of a file; [] where nothing tells.

    None for what is of no line, for digits and for signs. marked: as ``mark_lines`` makes it.
    """
    if len(text) != len(marked):
        return []
    return [
        number if 0 <= (number := ord(sign) - _FIRST_LINE) < _LINES and one != sign else None
        for one, sign in zip(text, marked, strict=True)
    ]


def _is_same(text: str, marked: str, signs: Iterable[str]) -> bool:
    if len(text) != len(marked):
        return False
    return all(one == sign or sign in signs for one, sign in zip(text, marked, strict=True))


def _mark(line: TranscriptLine, spans: Iterable[tuple[int, int]], sign: str = "") -> TranscriptLine:
    """Return a line with signs in these spans of its words.

    sign: for each letter, "" for those of words that may leave.
    """
    said = line.unmarked_text
    marked = said
    for start, end in spans:
        signs = "".join(_sign(one, sign) for one in said[start:end])
        marked = f"{marked[:start]}{signs}{marked[end:]}"
    if marked == said:
        return line
    text = f"{line.text.removesuffix(said)}{marked}"
    return replace(line, text=text, words=_mark_words(line.words, said, marked))


def _mark_words(words: Sequence[TimedWord], said: str, marked: str) -> tuple[TimedWord, ...]:
    if " ".join(word.text for word in words) != said:
        return tuple(words)
    made: list[TimedWord] = []
    at = 0
    for word in words:
        made.append(replace(word, text=marked[at : at + len(word.text)]))
        at += len(word.text) + 1
    return tuple(made)


def _sign(one: str, line_sign: str) -> str:
    if line_sign:
        return line_sign if one.isalpha() else one
    if one.isdecimal():
        return _DIGIT
    if not one.isalpha():
        return one
    return _LARGE if one.isupper() else _SMALL
