"""Corrections that came back from a participant, entered as a new version of the transcript.

A participant read a text with replacements in it; what they write is put back into words as they
were said, where a replacement still stands, and goes through the same pen as every correction. So
the sign-off is void afterwards, and the words are searched again before anything leaves.

What somebody asked for may stand anywhere in what they sent. Where anything in it is not
understood, nothing is entered: half of somebody's wishes would look like all of them.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from handoff import material
from handoff.participant import COLUMNS, TAKE_OUT
from handoff.returned_word import Row, Unclear, read_word
from study import decided
from study.correcting import Correcting
from study.decided import Decided
from study.errors import BadCorrections
from study.store import Study

# "12: text"; what goes on with a digit is a time or a number: "12.30 was too late".
_LINE = re.compile(r"\s*(\d{1,9})\s*(?:[:.](?=\D)|\t)\s*(.*\S)\s*$")
_NUMBER = re.compile(r"\d{1,9}")
# "Please take this out" is no text that a line should say, and not quite what was asked for.
_LIKE_TAKE_OUT = re.compile(
    r"(?:please )?(?:take|leave) (?:(?:it|this|that|line|all) )*out(?: please)?"
)
_UNREADABLE = (OSError, ValueError, KeyError, SyntaxError, RuntimeError, EOFError, zlib.error)
_LARGEST = 16 * 1024 * 1024  # bytes; a copy with every line corrected has under one


@dataclass(frozen=True, slots=True)
class Correction:
    """What a turn should say; ``text`` is "" where it is to be taken out."""

    turn: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back: corrections, and whatever else is in it, for a person to read."""

    corrections: tuple[Correction, ...]
    unclear: tuple[Unclear, ...] = ()


def read_returned(study: Study, interview: str, path: Path) -> Returned:
    """Read a Word copy that came back, or a text with lines such as ``12: text``.

    Raises:
        BadCorrections: it cannot be read, or nothing is in it.
        StepMissing: a Word copy came back, and the interview never had a clean transcript.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
        if len(raw) > _LARGEST:
            raise BadCorrections
        if raw.startswith(b"PK"):
            found = _of_word(study, interview, raw)
        else:
            found = _of_text(raw.decode("utf-8-sig"))
    except (*_UNREADABLE, zipfile.BadZipFile) as unread:
        raise BadCorrections from unread
    if not found.corrections and not found.unclear:
        raise BadCorrections
    return found


def _of_word(study: Study, interview: str, raw: bytes) -> Returned:
    on = date.fromisoformat(study.now()[:10])
    rows, unclear = read_word(study, material.read(study, interview, on), raw)
    return _sorted((_of_row(row) for row in rows), unclear)


def _of_row(row: Row) -> tuple[str, Correction | Unclear]:
    words = " | ".join(cell for cell in row.cells if cell)
    if len(row.cells) != len(COLUMNS):
        return row.where, Unclear(row.where, "a row with other columns", words)
    number, text = row.cells
    if not _NUMBER.fullmatch(number):
        kind = "a row whose first column is not the number of one line"
        return row.where, Unclear(row.where, kind, words)
    if not text:
        return row.where, Unclear(row.where, "a number without what the line should say", words)
    return row.where, _correction(row.where, number, text)


def _of_text(text: str) -> Returned:
    return _sorted(_of_lines(text), ())


def _of_lines(text: str) -> Iterator[tuple[str, Correction | Unclear]]:
    for number, line in enumerate(text.splitlines(), start=1):
        where = f"line {number} of the file"
        if found := _LINE.match(line):
            yield where, _correction(where, found.group(1), found.group(2))
        elif line.strip():
            yield where, Unclear(where, "a line without the number of a turn", line.strip())


def _correction(where: str, number: str, text: str) -> Correction | Unclear:
    plain = " ".join(text.strip(" .!\"'").casefold().split())
    if plain == TAKE_OUT:
        return Correction(int(number), "")
    if _LIKE_TAKE_OUT.fullmatch(plain):
        return Unclear(where, f'perhaps meant as "{TAKE_OUT}"', text)
    return Correction(int(number), " ".join(text.split()))


def _sorted(
    found: Iterable[tuple[str, Correction | Unclear]], unclear: Iterable[Unclear]
) -> Returned:
    """Part what can be entered from what cannot: a line that is named twice says two things."""
    corrections: dict[int, Correction] = {}
    left = list(unclear)
    for where, one in found:
        if isinstance(one, Unclear):
            left.append(one)
        elif one.turn in corrections:
            left.append(Unclear(where, "a line that was named before", one.text))
        else:
            corrections[one.turn] = one
    return Returned(tuple(corrections.values()), tuple(left))


def enter(study: Study, interview: str, returned: Returned) -> int:
    """Enter what came back, and return how many turns were changed.

    Raises:
        StepMissing: there is no transcript.
        BadCorrections: something in it is unclear, or a number is of no turn; nothing was entered.
    """
    if some := len(returned.unclear):
        things = "1 thing that was" if some == 1 else f"{some} things that were"
        raise BadCorrections(f"holds {things} not understood")
    given = returned.corrections
    pen = Correcting(study, interview)
    known = {turn.key for turn in pen.transcript.turns}
    if any(one.turn not in known for one in given):
        raise BadCorrections("names a line that is not there")
    said = _said(study, interview)
    changed: set[int] = set()
    for one in given:
        if one.text:
            changed |= pen.set_text(one.turn, as_said(one.text, said.get(one.turn, [])))
        else:
            changed |= pen.remove(one.turn)
    with study.change("participant's corrections entered", interview) as change:
        change.facts["turns"] = len(changed)
    return len(changed)


def as_said(text: str, replaced: Iterable[tuple[str, str]]) -> str:
    """Put back what was said, where what stood for it is still in the text.

    replaced: pairs of what stands there and what was said, in their order.
    """
    done, rest = "", text
    for replacement, words in replaced:
        before, found, after = rest.partition(replacement)
        if found:
            done, rest = f"{done}{before}{words}", after
    return done + rest


def _said(study: Study, interview: str) -> dict[int, list[tuple[str, str]]]:
    words = decided.words(study, interview)
    pairs = [one for one in decided.read(study, interview) if one.is_replaced]
    found: dict[int, list[tuple[str, str]]] = {}
    for one in sorted(pairs, key=_place):
        found.setdefault(one.mention.turn, []).append((one.replacement, words[one.mention.key]))
    return found


def _place(one: Decided) -> tuple[int, int]:
    return one.mention.turn, one.mention.start
