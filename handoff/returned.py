"""Corrections that came back from a participant, entered as a new version of the transcript.

A participant read a text with replacements in it; what they write is put back into words as they
were said, where a replacement still stands, and goes through the same pen as every correction. So
the sign-off is void afterwards, and the words are searched again before anything leaves.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from handoff.participant import COLUMNS, TAKE_OUT
from study import decided
from study.correcting import Correcting
from study.decided import Decided
from study.errors import BadCorrections
from study.store import Study

_LINE = re.compile(r"\s*(\d{1,9})\s*[:.\t]\s*(.*\S)\s*$")
_LARGEST = 16 * 1024 * 1024  # bytes; a copy with every line corrected has under one


@dataclass(frozen=True, slots=True)
class Correction:
    """What a turn should say; ``text`` is "" where it is to be taken out."""

    turn: int
    text: str


def read_corrections(path: Path) -> list[Correction]:
    """Read the table at the end of a Word copy that came back, or lines such as ``12: text``.

    Raises:
        BadCorrections: it cannot be read, or no correction is in it.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
        if len(raw) > _LARGEST:
            raise BadCorrections
        found = _of_word(raw) if raw.startswith(b"PK") else _of_text(raw.decode("utf-8-sig"))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as unread:
        raise BadCorrections from unread
    if not found:
        raise BadCorrections
    return found


def _of_word(raw: bytes) -> list[Correction]:
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document = docx.Document(io.BytesIO(raw))
    except OpcError as other:
        raise BadCorrections from other
    rows = [
        [cell.text.strip() for cell in row.cells]
        for table in document.tables
        for row in table.rows
        if len(row.cells) == len(COLUMNS)
    ]
    return [_correction(number, text) for number, text in rows if number.isdecimal() and text]


def _of_text(text: str) -> list[Correction]:
    matched = (_LINE.match(line) for line in text.splitlines())
    return [_correction(found.group(1), found.group(2)) for found in matched if found]


def _correction(number: str, text: str) -> Correction:
    is_out = text.strip(" .\"'").casefold() == TAKE_OUT
    return Correction(int(number), "" if is_out else " ".join(text.split()))


def enter(study: Study, interview: str, corrections: Iterable[Correction]) -> int:
    """Enter corrections, and return how many turns were changed.

    Raises:
        StepMissing: there is no transcript.
        BadCorrections: a number is of no turn; nothing was entered.
    """
    given = list(corrections)
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
