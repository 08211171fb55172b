"""The participant's copy of their own interview: a cover in easy words, the talk, a last page.

Its sentences hold one idea each, stand on a line each and avoid official language. The turns are
numbered 1, 2, 3 on each copy, whatever was split or removed before, so that a correction can name
them; which turn each number stands for is found again from the clean transcript of that time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from handoff.export_input import ROLE_ATTRIBUTE, ExportedCase, ExportInput
from handoff.transcript_lines import TranscriptLine
from study import Role

COPY_TITLE = "Your interview"
COVER_SENTENCES = (
    ("talk", "You talked with us. Thank you."),
    ("page", "We wrote down what was said. It is on the next pages."),
    ("lock", "We changed names and places. This keeps you private."),
    ("lock", "Words in [brackets] hide a name, a number, or who you are."),
    ("talk", "Please read it. Or ask somebody to read it to you."),
    ("pencil", "Is something wrong? Write it on the last page."),
    ("cross", "You can take something out. That is all right."),
    ("page", "You do not have to do anything. You can keep this."),
)
# Of copies that were sent before and may still come back.
EARLIER_SENTENCES = (("lock", "Words in [brackets] are in the place of a name."),)
SILENCE_SENTENCE = ("talk", "(4 s) means: nobody spoke for 4 seconds.")
MADE_BY_COMPUTER = '(A computer wrote down the words. It often leaves out "um".)'
EVENT_SENTENCE = ("page", "Words in (round brackets) say what happened.")
COVER_BLANKS = ("Please send it back by:", "You can ask:", "Phone:")
CORRECTIONS_HEADING = "What I want to change"
EMPTY_BOX = "\u2610"
TICK_BOXES = ("It is right.", "I want to change something.", "I want to take something out.")
CORRECTION_COLUMNS = ("Line", "What it should say")
CORRECTION_INSTRUCTION = 'Write the number of the line. To take a line out, write "take out".'
NOBODY_CALLED: Mapping[str, str] = MappingProxyType({})
CORRECTION_ROWS = 10  # as many as fit on one page in large print


@dataclass(frozen=True, slots=True)
class CopyParagraph:
    """One paragraph of the copy; an event between turns has no number, no turn and no code.

    Lines are numbered 1, 2, 3 and so on, whatever the keys of their turns are. code: of who speaks.
    """

    number: str
    speaker: str
    text: str
    is_theirs: bool
    turn: int = 0
    code: str = ""


def list_readers(material: ExportInput) -> list[ExportedCase]:
    """Return the participants who get a copy: everybody but interviewers."""
    return [case for case in material.cases if not case.is_interviewer]


def build_participant_copy(
    material: ExportInput, reader: ExportedCase, called: Mapping[str, str] = NOBODY_CALLED
) -> list[CopyParagraph]:
    """Return the interview as this participant reads it, without the interviewer's markers.

    called: by code, what somebody wishes to be called; else by their role, and the reader "You".
    """
    names = _names(material, reader) | dict(called)
    return [_shown(line, names, reader) for line in material.lines if not line.is_marker]


def list_cover(material: ExportInput) -> list[tuple[str, str]]:
    """Return the sentences of the cover with their signs; what the copy lacks is not explained."""
    lines = (line for line in material.lines if not line.speaker)
    between = [line for line in lines if not (line.is_topic or line.is_marker)]
    explained = [*COVER_SENTENCES]
    place = 1 + max(n for n, (sign, _) in enumerate(explained) if sign == "lock")
    if any(line.is_silence for line in between):
        explained.insert(place, SILENCE_SENTENCE)
    if not all(line.is_silence for line in between):
        explained.insert(place, EVENT_SENTENCE)
    return explained


def _names(material: ExportInput, reader: ExportedCase) -> dict[str, str]:
    """Name everybody by their role, with the code where two have the same role."""
    roles = [case.attributes.get(ROLE_ATTRIBUTE, "") for case in material.cases]
    return {
        case.code: "You"
        if case.code == reader.code
        else _name_role(case, is_alone=roles.count(case.attributes.get(ROLE_ATTRIBUTE, "")) == 1)
        for case in material.cases
    }


def _name_role(case: ExportedCase, *, is_alone: bool) -> str:
    role = case.attributes.get(ROLE_ATTRIBUTE, Role.PARTICIPANT.value).capitalize()
    return role if is_alone else f"{role} {case.code}"


def _shown(line: TranscriptLine, names: dict[str, str], reader: ExportedCase) -> CopyParagraph:
    if not line.speaker:
        text = MADE_BY_COMPUTER if line.is_by_model else line.text
        return CopyParagraph("", "", text, is_theirs=False)
    return CopyParagraph(
        str(line.number),
        names.get(line.speaker, line.speaker),
        line.unmarked_text,
        is_theirs=line.speaker == reader.code,
        turn=line.turn,
        code=line.speaker,
    )
