"""A transcript as data archives lay it out: a header, speaker tags, a blank line between turns.

Below the header stand the bytes of the plain text. That has no header of its own, because a
sign-off is bound to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff.export_input import ROLE_ATTRIBUTE, ExportInput
from handoff.plain_text import render_plain_text

NOT_STATED = "not stated"


def render_archive_text(material: ExportInput) -> bytes:
    """Return the transcript under its header."""
    rows = {
        "Interview": material.label,  # unique in a study
        "Date of the interview": material.recorded or NOT_STATED,
        "Interviewer": " ".join(c.code for c in material.cases if c.is_interviewer) or NOT_STATED,
        "Participants": ", ".join(list_roles(material)) or NOT_STATED,
        "Speakers in the text": " ".join(list_speakers(material)) or NOT_STATED,
        "Language": material.language or NOT_STATED,
    }
    header = "".join(f"{name}: {value}\n" for name, value in rows.items())
    return f"{header}\n".encode() + render_plain_text(material.lines)


def list_roles(material: ExportInput) -> Iterator[str]:
    """Yield each participant with the role, such as "P07 (participant)", without interviewers."""
    for case in material.cases:
        if not case.is_interviewer:
            yield f"{case.code} ({case.attributes[ROLE_ATTRIBUTE]})"


def list_speakers(material: ExportInput) -> list[str]:
    """Return the tag of each speaker of the text, sorted."""
    return sorted({line.speaker for line in material.lines if line.speaker})
