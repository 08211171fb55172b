"""Read what somebody wrote about a line: which lines they mean, and what they want of them.

Only what leaves no doubt is read as a wish. Whatever could be a remark is asked, and whatever names
no line of the copy is not understood; nothing is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from study import ReturnedChange, ReturnedPart, ReturnedStanding, split_lines

_MOST_LINES = 200  # of one range: whoever wants more out takes everything back
_NUMBER = r"\d{1,5}"
_BETWEEN = r"\s*(?:-|\u2010|\u2011|\u2012|\u2013|\u2014|,|;|&|/|\+|and|to|or|until|till)\s*"
_LINE_WORD = (
    r"(?:the\s+)?(?:lines?|numbers?|no|nos|nr|rows?|l|#)\b\s*\.?\s*(?:(?:no|nr|number)\b\.?\s*)?"
)
_NUMBERS = rf"{_NUMBER}(?:{_BETWEEN}(?:{_LINE_WORD})?{_NUMBER})*"
_CELL = re.compile(rf"(?:{_LINE_WORD}|#\s*)?({_NUMBERS})\s*[.:)]?", re.IGNORECASE)
_RANGE = re.compile(
    rf"({_NUMBER})\s*(?:-|\u2010|\u2011|\u2012|\u2013|\u2014|to|until|till)\s*(?:{_LINE_WORD})?({_NUMBER})",
    re.IGNORECASE,
)
# "12: text" and "12. text"; with a digit after the point it is a time or a number.
_LINE = re.compile(
    rf"(?:please\s+)?(?P<word>{_LINE_WORD}|#\s*)?(?P<numbers>{_NUMBERS})"
    r"(?P<mark>\s*(?:[:.)](?=\D|$)|\t|\s-\s|\s\u2013\s)\s*|\s+|$)(?P<text>.*)",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"\b(?:lines?|line no\.?|row)\s+({_NUMBERS})", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
# "Take it out, please": nothing but these words, and what they ask among them.
_CUTTING = frozenset(["take", "leave", "cut", "cross", "strike"])
_REMOVING = frozenset(["delete", "remove", "erase"])
_WISH_WORDS = """
    please it this that these them line lines the all of whole both completely out off away thanks
    thank you kindly can could would like i want to from here sentence bit
"""
_AROUND_WISH = frozenset(_WISH_WORDS.split())
_INSTRUCTING = re.compile(
    r"\b(?:should|instead of|change|replace|correct|wrong|mistake|spelt|spelled|spelling|delete"
    r"|remove|take (?:it |this |that )?out|leave (?:it |this |that )?out|i meant|i never said"
    r"|i didn.t say"
    r"|not understood|please|see above|see below)\b|\?\?",
    re.IGNORECASE,
)
_ALIKE = 0.5  # of the words, from which on a text is taken for the whole line
_SHORT = 3  # words of a line, of which any may be another in the corrected one


@dataclass(frozen=True, slots=True)
class CopyLines:
    """The lines of a copy, by their number on it: the key of the turn, and its words there.

    gone: keys of turns that are no longer what they were when the copy was made.
    """

    turns: dict[int, int]
    texts: dict[int, str] = field(repr=False)
    changed: frozenset[int] = frozenset()

    def change(self, line: int, text: str) -> ReturnedChange:
        """Return the change of a line that is there."""
        return ReturnedChange(self.turns[line], line, text)


def is_take_out(text: str) -> bool:
    """Whether it asks for a line to be taken out, and says nothing else."""
    words = [word.casefold() for word in _WORD.findall(text)]
    known = _CUTTING | _REMOVING | _AROUND_WISH
    if not words or any(word not in known for word in words):
        return False
    return any(w in _REMOVING for w in words) or (
        "out" in words and any(w in _CUTTING for w in words)
    )


def parse_lines(text: str) -> list[int]:
    """Return the numbers in a first column such as "7.", "4-5" or "Line 7", [] for none."""
    found = _CELL.fullmatch(text.strip())
    return _expand(found.group(1)) if found else []


def _expand(numbers: str) -> list[int]:
    lines: list[int] = []

    def take_range(found: re.Match[str]) -> str:
        first, last = int(found[1]), int(found[2])
        if not first <= last <= first + _MOST_LINES:
            return found[0]
        lines.extend(range(first, last + 1))
        return " "

    rest = _RANGE.sub(take_range, numbers)
    lines += [int(number) for number in re.findall(_NUMBER, rest)]
    return sorted(set(lines))


def read_numbered(where: str, numbers: str, text: str, lines: CopyLines) -> ReturnedPart:
    """Read a row of the table: what stands in its column of numbers, and beside it."""
    words = " | ".join(part for part in (numbers.strip(), text.strip()) if part)
    wanted = parse_lines(numbers)
    if not wanted:
        if text and not numbers.strip():
            return _read_free(where, "a text without the number of a line", text, lines)
        return _read_free(where, "a first column that is not the number of a line", words, lines)
    return read_wish(where, wanted, text, lines, words)


def read_wish(
    where: str, wanted: Sequence[int], text: str, lines: CopyLines, words: str
) -> ReturnedPart:
    """Read what is wanted of some lines of the copy. words: all that was written, to be shown."""
    asked, first = ReturnedStanding.ASKED, wanted[0]
    unknown = [line for line in wanted if line not in lines.turns]
    if unknown:
        kind = "the number of a line that the copy does not have"
        return ReturnedPart(where, kind, ReturnedStanding.UNCLEAR, words)
    plain = drop_number(" ".join(text.split()), first)
    if not plain:
        kind = "a number without what the line should say"
        return ReturnedPart(where, kind, asked, words, line=first)
    if is_take_out(plain):
        changes = tuple(lines.change(line, "") for line in wanted)
        kind = "a line to take out" if len(wanted) == 1 else "lines to take out"
        return _doubt_changed(
            ReturnedPart(where, kind, ReturnedStanding.READ, words, changes, line=first), lines
        )
    if len(wanted) > 1:
        return ReturnedPart(where, "one text for several lines", asked, words, line=first)
    if _INSTRUCTING.search(plain):
        return ReturnedPart(where, "a remark about a line", asked, words, line=first)
    return read_new_text(where, first, plain, lines, words)


def drop_number(text: str, line: int) -> str:
    """Return the text without the number of its own line, where somebody wrote that again."""
    again = re.match(rf"(?:{_LINE_WORD}|#\s*)?{line}\s*:\s*(?=\S)", text, re.IGNORECASE)
    return text[again.end() :] if again else text


def read_new_text(
    where: str, line: int, text: str, lines: CopyLines, words: str = ""
) -> ReturnedPart:
    """Read what a line should say; a text that is quite unlike the line is asked."""
    change = (lines.change(line, text),)
    is_whole = _is_like(lines.texts[line], text)
    kind = "what a line should say" if is_whole else "perhaps a remark, or a part of the line"
    standing = ReturnedStanding.READ if is_whole else ReturnedStanding.ASKED
    return _doubt_changed(
        ReturnedPart(where, kind, standing, words or text, change, line=line), lines
    )


def _doubt_changed(part: ReturnedPart, lines: CopyLines) -> ReturnedPart:
    """Ask where the line itself has changed since the copy was made."""
    if all(change.turn not in lines.changed for change in part.changes):
        return part
    kind = f"{part.kind}; the line was changed since the copy was made"
    return ReturnedPart(
        part.where, kind, ReturnedStanding.ASKED, part.words, part.changes, line=part.line
    )


def _is_like(line: str, text: str) -> bool:
    old, new = ([word.casefold() for word in _WORD.findall(one)] for one in (line, text))
    if len(old) <= _SHORT:
        return len(new) <= 2 * _SHORT
    return SequenceMatcher(None, old, new, autojunk=False).ratio() >= _ALIKE


def is_like_line(line: str, *texts: str) -> bool:
    """Whether one of the texts is a line as it was, or most of its words."""
    tidy = " ".join(line.split())
    return any(text == tidy or (text and _is_like(tidy, text)) for text in texts)


def _read_free(where: str, kind: str, text: str, lines: CopyLines) -> ReturnedPart:
    """Read a text that stands for itself: where it names a line, that one is asked about."""
    named = _NAMED.search(text)
    line = next(iter(_expand(named[1])), 0) if named else 0
    if line in lines.turns:
        return ReturnedPart(where, "a text about a line", ReturnedStanding.ASKED, text, line=line)
    return ReturnedPart(where, kind, ReturnedStanding.UNCLEAR, text)


def read_free_text(where: str, text: str, lines: CopyLines) -> ReturnedPart:
    """Read a paragraph that is not of the copy."""
    return _read_free(where, "text that is not of the copy", text, lines)


def read_text_lines(text: str, lines: CopyLines) -> Iterator[ReturnedPart]:
    """Read a text with lines such as "12: what it should say"; every line of it is a part.

    Raises:
        NotTranscript: a line is longer than anybody writes.
    """
    for number, line in enumerate(split_lines(text), start=1):
        if words := " ".join(line.split()):
            yield read_text_line(f"line {number} of the file", line.strip(), words, lines)


def read_text_line(where: str, line: str, words: str, lines: CopyLines) -> ReturnedPart:
    """Read one line of text."""
    found = _LINE.fullmatch(line)
    if found is None:
        return _read_free(where, "a line without the number of a turn", words, lines)
    wanted, text = _expand(found["numbers"]), found["text"].strip()
    # "12 people came" names no line: only a mark, the word, or the wish itself says so.
    if not (found["mark"].strip() or "\t" in found["mark"] or found["word"] or is_take_out(text)):
        return _read_free(where, "a line without the number of a turn", words, lines)
    return read_wish(where, wanted, text, lines, words)
