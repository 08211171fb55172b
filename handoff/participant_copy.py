"""The participant's copy of their own interview: a cover in easy words, the talk, a last page.

Its sentences hold one idea each, stand on a line each and avoid official language. Each turn has a
number, so that a correction can name it.
"""

from __future__ import annotations

from dataclasses import dataclass

from handoff.export_input import ROLE_ATTRIBUTE, ExportedCase, ExportInput
from handoff.transcript_lines import TranscriptLine
from study import Role

COPY_TITLE = "Your interview"
COVER_SENTENCES = (
    ("talk", "You talked with us. Thank you."),
    ("page", "We wrote down what was said. It is on the next pages."),
    ("lock", "We changed names and places. This keeps you private."),
    ("lock", "Words in [brackets] are in the place of a name."),
    ("talk", "Please read it. Or ask somebody to read it to you."),
    ("pencil", "Is something wrong? Write it on the last page."),
    ("cross", "You can take something out. That is all right."),
    ("page", "You do not have to do anything. You can keep this."),
)
COVER_BLANKS = ("Please send it back by:", "You can ask:", "Phone:")
CORRECTIONS_HEADING = "What I want to change"
TICK_BOXES = ("It is right.", "I want to change something.", "I want to take something out.")
CORRECTION_COLUMNS = ("Line", "What it should say")
CORRECTION_INSTRUCTION = 'Write the number of the line. To take a line out, write "take out".'
TAKE_OUT_WORDS = "take out"
CORRECTION_ROWS = 10  # as many as fit on one page in large print


@dataclass(frozen=True, slots=True)
class CopyParagraph:
    """One paragraph of the copy. ``number`` is "" for an event between turns."""

    number: str
    speaker: str
    text: str
    is_theirs: bool


def list_readers(material: ExportInput) -> list[ExportedCase]:
    """Return the participants who get a copy: everybody but interviewers."""
    return [case for case in material.cases if not case.is_interviewer]


def build_participant_copy(material: ExportInput, reader: ExportedCase) -> list[CopyParagraph]:
    """Return the interview as this participant reads it."""
    names = _names(material, reader)
    return [_shown(line, names, reader) for line in material.lines]


def _names(material: ExportInput, reader: ExportedCase) -> dict[str, str]:
    """Name everybody by their role, with the code where two have the same role."""
    roles = [case.attributes.get(ROLE_ATTRIBUTE, "") for case in material.cases]
    return {
        case.code: "You"
        if case.code == reader.code
        else _called(case, is_alone=roles.count(case.attributes.get(ROLE_ATTRIBUTE, "")) == 1)
        for case in material.cases
    }


def _called(case: ExportedCase, *, is_alone: bool) -> str:
    role = case.attributes.get(ROLE_ATTRIBUTE, Role.PARTICIPANT.value).capitalize()
    return role if is_alone else f"{role} {case.code}"


def _shown(line: TranscriptLine, names: dict[str, str], reader: ExportedCase) -> CopyParagraph:
    if not line.speaker:
        return CopyParagraph("", "", line.text, is_theirs=False)
    who = names.get(line.speaker, line.speaker)
    return CopyParagraph(
        str(line.turn), who, line.unmarked_text, is_theirs=line.speaker == reader.code
    )
