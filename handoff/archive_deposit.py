"""The papers of a deposit with an archive: its data list, and a README for whoever keeps it.

They hold codes, counts and days as broad as the study's dates. Neither a signed form nor anybody's
name or address is read for them.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from handoff.archive_text import list_roles, list_speakers
from handoff.case_table import list_cases
from handoff.csv_table import render_csv
from handoff.export_input import ROLE_ATTRIBUTE, ExportInput
from handoff.transcript_lines import DO_NOT_QUOTE
from study import ACCESS_MEANINGS, AccessLevel

_HEAD = (
    "file", "format", "interview", "date of the interview", "interviewer", "participants",
    "speakers in the text", "turns", "words", "SHA-256",
)  # fmt: skip
_WIDTH = 98


@dataclass(frozen=True, slots=True)
class DataListEntry:
    """A file of a deposit. material: of the only interview that it is about, None for all of them.

    form: the name of its format, or the ending of its name.
    """

    name: str
    material: ExportInput | None
    form: str
    sha256: str


def render_data_list(entries: Iterable[DataListEntry], materials: Sequence[ExportInput]) -> bytes:
    """Return the data list as CSV with a row for each file.

    Turns and words are those of the interview; a file about several has neither, nor a date.
    """
    everything = " ".join(material.label for material in materials)
    rows: list[Sequence[str]] = [_HEAD]
    for entry in entries:
        about = (everything, *[""] * 6) if entry.material is None else _describe(entry.material)
        rows.append((entry.name, entry.form, *about, entry.sha256))
    return render_csv(rows)


def _describe(material: ExportInput) -> tuple[str, ...]:
    return (
        material.label,
        material.recorded,
        " ".join(case.code for case in material.cases if case.is_interviewer),
        ", ".join(list_roles(material)),
        " ".join(list_speakers(material)),
        str(_count_turns(material)),
        str(_count_words(material)),
    )


def _count_turns(material: ExportInput) -> int:
    return sum(bool(line.speaker) for line in material.lines)


def _count_words(material: ExportInput) -> int:
    return sum(line.word_count for line in material.lines if line.speaker)


def render_archive_readme(
    materials: Sequence[ExportInput],
    methods: str,
    access: AccessLevel,
    sound: str,
    title: str = "",
) -> bytes:
    """Return the README for an archive.

    methods: the methods paragraph. sound: the ending of the sound files, "" where there are none.
    title: of the study, "" where it has none.
    """
    sections = (
        ("The study", [title or "Its title is not stated."]),
        ("What this is", [" ".join(_describe_study(materials))]),
        ("Who may have it", [_describe_access(access)]),
        ("How it was made", [methods]),
        ("How the transcripts are laid out", [_LAYOUT]),
        ("What was withheld", [f"- {line}" for line in _list_withheld(materials, sound)]),
        ("How to check it", [_CHECK]),
    )
    return "\n".join(
        "\n".join((title, *map(_wrap, paragraphs), "")) for title, paragraphs in sections
    ).encode()


_LAYOUT = (
    "Each interview has a label that is unique in the study, and every file about it begins with"
    " that. The file that ends in -archive.txt has a header (date of the interview, interviewer,"
    " participants, speakers, language), a blank line between turns, and before each turn its time,"
    " where there is one, and its speaker. A text in [brackets] stands for something that could"
    " identify somebody. data-list.csv has a row for every file; consent.csv says what each"
    " participant agreed to."
)
_CHECK = (
    'SHA256SUMS lists the SHA-256 of every file: "sha256sum -c SHA256SUMS", or "earshot verify'
    ' FOLDER". README.txt says how to check who made the list.'
)


def _describe_study(materials: Sequence[ExportInput]) -> Iterator[str]:
    count, cases = len(materials), list_cases(materials)
    yield f"{count} anonymised {'interview' if count == 1 else 'interviews'} of one study."
    roles = Counter(case.attributes[ROLE_ATTRIBUTE] for case in cases)
    if roles:
        listed = ", ".join(f"{role} {number}" for role, number in sorted(roles.items()))
        yield f"People who were interviewed, by role: {listed}."
    if days := sorted({material.recorded for material in materials if material.recorded}):
        yield f"Recorded: {days[0]}{f' to {days[-1]}' if len(days) > 1 else ''}."
    if languages := sorted({material.language for material in materials if material.language}):
        yield f"Languages, by code: {', '.join(languages)}."
    turns, words = sum(map(_count_turns, materials)), sum(map(_count_words, materials))
    yield f"In all: turns {turns}, words {words}."


def _describe_access(access: AccessLevel) -> str:
    return (
        f"Access level: {access.value} ({ACCESS_MEANINGS[access]}). Do not make it more open: it"
        " follows from what the participants agreed to."
    )


def _list_withheld(materials: Sequence[ExportInput], sound: str) -> Iterator[str]:
    yield "What the replaced details were, and the list of what each replacement stands for."
    marked = [line for one in materials for line in one.lines if not line.is_quotable]
    if marked:
        who = ", ".join(sorted({line.speaker for line in marked}))
        yield (
            f"{DO_NOT_QUOTE} stands before turns whose speaker did not agree to be quoted"
            f" ({who}; turns {len(marked)}): they are here to be analysed, and none may be printed."
        )
    yield (
        "The sound as it was recorded: in the sound here, what was replaced is covered."
        if sound
        else "The sound."
    )
    yield "The signed consent forms, spoken consents, and how to reach anybody."
    yield "How participants felt about being recorded: a pause is all that is shown."
    yield "Attributes of participants that the study keeps to itself, if it has any."
    yield (
        "Exact days: dates of interviews and consents are as broad as those in the transcripts, and"
        ' "not stated" or empty where the study does not show them.'
    )


def _wrap(text: str) -> str:
    indent = "  " if text.startswith("- ") else ""
    return textwrap.fill(text, _WIDTH, subsequent_indent=indent, break_on_hyphens=False)
