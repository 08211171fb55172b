"""What a participant is given of their own interview: a cover in easy words, the talk, a last page.

One idea a sentence, one sentence a line, no word that a letter from an office would use. Each
turn has its number, so that a correction can say which it is about.
"""

from __future__ import annotations

from dataclasses import dataclass

from handoff.lines import Line
from handoff.material import ROLE, Case, Material
from study.terms import Role

TITLE = "Your interview"
COVER = (
    ("talk", "You talked with us. Thank you."),
    ("page", "We wrote down what was said. It is on the next pages."),
    ("lock", "We changed names and places. This keeps you private."),
    ("lock", "Words in [brackets] are in the place of a name."),
    ("talk", "Please read it. Or ask somebody to read it to you."),
    ("pencil", "Is something wrong? Write it on the last page."),
    ("cross", "You can take something out. That is all right."),
    ("page", "You do not have to do anything. You can keep this."),
)
ASKED = ("Please send it back by:", "You can ask:", "Phone:")
LAST = "What I want to change"
TICKS = ("It is right.", "I want to change something.", "I want to take something out.")
COLUMNS = ("Line", "What it should say")
HOW = 'Write the number of the line. To take a line out, write "take out".'
TAKE_OUT = "take out"
ROWS = 10  # as many as large print lets stand on one page


@dataclass(frozen=True, slots=True)
class Shown:
    """One paragraph of the copy. ``number`` is "" for what happened between turns."""

    number: str
    who: str
    text: str
    is_theirs: bool


def readers(material: Material) -> list[Case]:
    """Return those who get a copy."""
    return [case for case in material.cases if not case.is_interviewer]


def copy(material: Material, reader: Case) -> list[Shown]:
    """Return the interview as this participant reads it."""
    names = _names(material, reader)
    return [_shown(line, names, reader) for line in material.lines]


def _names(material: Material, reader: Case) -> dict[str, str]:
    """Call everybody by their part, and by their code where two have the same."""
    roles = [case.attributes.get(ROLE, "") for case in material.cases]
    return {
        case.code: "You"
        if case.code == reader.code
        else _called(case, is_alone=roles.count(case.attributes.get(ROLE, "")) == 1)
        for case in material.cases
    }


def _called(case: Case, *, is_alone: bool) -> str:
    role = case.attributes.get(ROLE, Role.PARTICIPANT.value).capitalize()
    return role if is_alone else f"{role} {case.code}"


def _shown(line: Line, names: dict[str, str], reader: Case) -> Shown:
    if not line.speaker:
        return Shown("", "", line.text, is_theirs=False)
    who = names.get(line.speaker, line.speaker)
    return Shown(str(line.turn), who, line.text, is_theirs=line.speaker == reader.code)
