"""What people type for a hand-over and at a sign-off, searched at the gate before it is written.

A title, a purpose, what somebody wishes to be called and the role of who signs are sentences, and
searched as what was said. Names of files are looked at word by word. Staff may be called what
somebody in a talk is called, so of their names only numbers and the names of participants count.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from handoff.forbidden_text import fold_and_pad
from handoff.said_dates import find_bare_ages
from handoff.text_search import Wanted, find_capitalised, find_forbidden
from study import Role, write_plain_signs
from study.errors import LeakPlace, OriginalSurvives
from study.store import Interview

# Where one word of a file's name ends and the next begins: "MargaretWilson_2".
_RUN_TOGETHER = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])|_")


@dataclass(frozen=True, slots=True)
class TypedText:
    """A text of a hand-over that nobody said: a title, the name of a folder.

    where: what it is, as a refusal tells it. is_name: of a file, whose words are looked at apart,
    too. is_ours: it stands in a file of Earshot's own alone, as a purpose does, and may hold what
    is declared there. is_staff: the name of staff, which may be like somebody's in a talk.
    """

    place: LeakPlace
    where: str
    text: str
    is_name: bool = False
    is_ours: bool = False
    is_staff: bool = False


def list_signed_texts(interview: Interview, name: str, role: str) -> Iterator[TypedText]:
    """Yield what was typed at a sign-off and is told to receivers: who signs, and in which role."""
    where = "the name of who signs off"
    yield TypedText(
        LeakPlace.SIGN_OFF, where, name, is_staff=not names_participant(interview, name)
    )
    yield TypedText(LeakPlace.SIGN_OFF, "the role of who signs off", role)


def names_participant(interview: Interview, text: str) -> bool:
    """Whether a text has the name of a participant, who is no receiver and signs nothing by it.

    One word of it may be anybody's: "Dr Wilson" is no Margaret Wilson.
    """
    folded = fold_and_pad(text)
    return any(
        known == folded or (known.count(" ") > 2 and known in folded)  # noqa: PLR2004 - blanks around one word
        for person in interview.participants
        if person.role is not Role.INTERVIEWER
        for known in map(fold_and_pad, person.names)
    )


def check_typed(typed: Iterable[TypedText], wanted: Wanted, declared: Collection[str]) -> None:
    """Check what people typed for the hand-over, of which each kind is changed in its own way.

    declared: names of staff that Earshot's own files tell, which are no leak there.

    Raises:
        OriginalSurvives: an original is in one of the texts.
    """
    found: list[TypedText] = []
    numbers = Wanted(wanted.forbidden_text.without_names())
    for one in typed:
        text = leave_out(one.text, declared) if one.is_ours else one.text
        if one.is_name:
            held = is_in_name(text, wanted)
        elif one.place is LeakPlace.ATTRIBUTE:  # one of a list that was declared, and no sentence
            held = any(True for _ in find_forbidden(text, wanted, exact_only=False))
        else:
            held = _is_in_sentence(text, numbers if one.is_staff else wanted)
            if one.place is LeakPlace.CALLED:  # "mags" is a word, and here it is somebody
                held |= _is_in_sentence(f"called {text.title()}", wanted)
        if held:
            found.append(one)
    if found:
        where = list(dict.fromkeys(one.where for one in found))
        raise OriginalSurvives(where, places=tuple(one.place for one in found))


def _is_in_sentence(text: str, wanted: Wanted) -> bool:
    """Whether a typed text holds an original in any form; a number that stands alone is an age."""
    ages = wanted.forbidden_text.other.ages
    if ages and any(age in ages for _, _, age in find_bare_ages(write_plain_signs(text))):
        return True
    return any(True for _ in find_forbidden(text, wanted, exact_only=False, is_talk=True))


def leave_out(text: str, declared: Collection[str]) -> str:
    """Return a text with blanks in place of names that are declared."""
    for one in sorted(declared, key=len, reverse=True):
        # Whole words: a receiver called "Ski" declares no Skipton.
        text = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", " " * len(one), text)
    return text


def is_in_name(name: str, wanted: Wanted) -> bool:
    """Whether the name of a file, or an interview's label, holds an original.

    Its words are looked at as it has them and apart: "MargaretWilson_2". Many write names of files
    in small letters, "wilson2".
    """
    shown = name.replace("/", "\n")
    apart = _RUN_TOGETHER.sub(" ", shown)
    capitals = find_capitalised(apart.title(), wanted.forbidden_text.capitals)
    found = (find_forbidden(one, wanted, exact_only=True) for one in (shown, apart))
    return wanted.is_run_together(name) or any(True for _ in chain(capitals, *found))
