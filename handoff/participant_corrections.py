"""Read the corrections that a participant sent back, and enter them into the transcript.

A participant read a text with replacements in it. Where a correction still holds a replacement,
the original words are put back, and the transcript editor enters it like every other correction. So
the sign-off is void afterwards, and the words are searched again before anything leaves.

People write their wishes anywhere in a document. Where any of it is not understood, nothing is
entered: half of somebody's wishes would look like all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from handoff.export_input import read_export_input
from handoff.participant_copy import CORRECTION_COLUMNS, TAKE_OUT_WORDS
from handoff.returned_word import CorrectionRow, UnclearPart, read_returned_word
from study import DecidedMention, decode_document, read_document, split_lines
from study.errors import BadCorrections, NotTranscript, TranscriptFlaw
from study.store import Interview, TranscriptEditor, read_decisions, read_mention_words

# "12: text"; with a digit after the point it is a time or a number: "12.30 was too late".
_LINE = re.compile(r"(\d{1,9})\s*(?:[:.](?=\D)|\t)\s*(\S.*)")  # of a line without outer blanks
_NUMBER = re.compile(r"\d{1,9}")
# "Please take this out" is no new text for a line, and not quite the words that remove one.
_LIKE_TAKE_OUT = re.compile(
    r"(?:please )?(?:take|leave) (?:(?:it|this|that|line|all) )*out(?: please)?"
)


@dataclass(frozen=True, slots=True)
class ParticipantCorrection:
    """The new text of a turn; "" removes the turn."""

    turn: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Returned:
    """A returned copy: its corrections, and all else in it that a person has to read."""

    corrections: tuple[ParticipantCorrection, ...]
    unclear: tuple[UnclearPart, ...] = ()


def read_returned(interview: Interview, path: Path) -> Returned:
    """Read a returned Word copy, or a text with lines such as ``12: text``.

    Raises:
        BadCorrections: it cannot be read, or nothing is in it.
        StepMissing: it is a Word copy, but the interview never had a clean transcript.
    """
    try:
        raw = read_document(path)
        is_word = raw.startswith(b"PK")
        returned = _read_word(interview, raw) if is_word else _read_text(_decode(raw))
    except NotTranscript as refused:
        raise BadCorrections(str(refused.flaw)) from refused
    except OSError as unread:
        raise BadCorrections("is not there, or may not be read") from unread
    except ValueError as unread:
        raise BadCorrections from unread
    if not returned.corrections and not returned.unclear:
        raise BadCorrections
    return returned


def _read_word(interview: Interview, raw: bytes) -> Returned:
    day = date.fromisoformat(interview.study.now()[:10])
    rows, unclear = read_returned_word(interview, read_export_input(interview, day), raw)
    return _sort((_read_row(row) for row in rows), unclear)


def _read_row(row: CorrectionRow) -> tuple[str, ParticipantCorrection | UnclearPart]:
    words = " | ".join(cell for cell in row.cells if cell)
    if len(row.cells) != len(CORRECTION_COLUMNS):
        return row.where, UnclearPart(row.where, "a row with other columns", words)
    number, text = row.cells
    if not _NUMBER.fullmatch(number):
        kind = "a row whose first column is not the number of one line"
        return row.where, UnclearPart(row.where, kind, words)
    if not text:
        return row.where, UnclearPart(row.where, "a number without what the line should say", words)
    return row.where, _correction(row.where, number, text)


def _decode(raw: bytes) -> str:
    text = decode_document(raw)
    if "\ufffd" in text:  # a sign that cannot be read could be in the middle of a correction
        raise NotTranscript(TranscriptFlaw.NOT_TEXT)
    return text


def _read_text(text: str) -> Returned:
    return _sort(_read_lines(text), ())


def _read_lines(text: str) -> Iterator[tuple[str, ParticipantCorrection | UnclearPart]]:
    for number, line in enumerate(split_lines(text), start=1):
        where, words = f"line {number} of the file", line.strip()
        if found := _LINE.fullmatch(words):
            yield where, _correction(where, found.group(1), found.group(2))
        elif words:
            yield where, UnclearPart(where, "a line without the number of a turn", words)


def _correction(where: str, number: str, text: str) -> ParticipantCorrection | UnclearPart:
    plain = " ".join(text.strip(" .!\"'").casefold().split())
    if plain == TAKE_OUT_WORDS:
        return ParticipantCorrection(int(number), "")
    if _LIKE_TAKE_OUT.fullmatch(plain):
        return UnclearPart(where, f'perhaps meant as "{TAKE_OUT_WORDS}"', text)
    return ParticipantCorrection(int(number), " ".join(text.split()))


def _sort(
    found: Iterable[tuple[str, ParticipantCorrection | UnclearPart]], unclear: Iterable[UnclearPart]
) -> Returned:
    """Separate corrections from unclear parts; a line that is named twice is unclear."""
    corrections: dict[int, ParticipantCorrection] = {}
    left = list(unclear)
    for where, one in found:
        if isinstance(one, UnclearPart):
            left.append(one)
        elif one.turn in corrections:
            left.append(UnclearPart(where, "a line that was named before", one.text))
        else:
            corrections[one.turn] = one
    return Returned(tuple(corrections.values()), tuple(left))


def enter_corrections(interview: Interview, returned: Returned) -> int:
    """Enter the corrections, and return the number of changed turns.

    Raises:
        StepMissing: there is no transcript.
        BadCorrections: a part is unclear, or a number belongs to no turn; nothing was entered.
    """
    if some := len(returned.unclear):
        things = "1 thing that was" if some == 1 else f"{some} things that were"
        raise BadCorrections(f"holds {things} not understood")
    editor = TranscriptEditor(interview)
    known = {turn.key for turn in editor.transcript.turns}
    if any(one.turn not in known for one in returned.corrections):
        raise BadCorrections("names a line that is not there")
    replaced = _list_replaced(interview)
    changed: set[int] = set()
    for one in returned.corrections:
        if one.text:
            text = restore_originals(one.text, replaced.get(one.turn, []))
            changed |= editor.set_text(one.turn, text)
        else:
            changed |= editor.remove_turn(one.turn)
    with interview.change("participant's corrections entered") as change:
        change.facts["turns"] = len(changed)
    return len(changed)


def restore_originals(text: str, replaced: Iterable[tuple[str, str]]) -> str:
    """Return the text with originals for those replacements that are still in it.

    replaced: pairs of replacement and original words, in the order of the turn.
    """
    restored, rest = "", text
    for replacement, original in replaced:
        before, found, after = rest.partition(replacement)
        if found:
            restored, rest = f"{restored}{before}{original}", after
    return restored + rest


def _list_replaced(interview: Interview) -> dict[int, list[tuple[str, str]]]:
    words = read_mention_words(interview)
    mentions = [one for one in read_decisions(interview) if one.is_replaced]
    by_turn: dict[int, list[tuple[str, str]]] = {}
    for one in sorted(mentions, key=_place):
        by_turn.setdefault(one.mention.turn, []).append((one.replacement, words[one.mention.key]))
    return by_turn


def _place(one: DecidedMention) -> tuple[int, int]:
    return one.mention.turn, one.mention.start
