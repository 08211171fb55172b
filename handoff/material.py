"""What a format is written from: one interview, clean, and who is in it by code.

There is no original in it and no name: whoever writes a format cannot leak what is not here.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from handoff.lines import Line, lines
from study.artefacts import Kind
from study.errors import CleanTranscriptMissing
from study.store import WHOLE_STUDY, Study
from study.terms import About, Cases, LogLine, Role, Transcript

ROLE = "role"  # the one attribute that every case has


@dataclass(frozen=True, slots=True)
class Case:
    """A person by code, with what may be said of them. ``attributes`` holds the role."""

    code: str
    attributes: dict[str, str]
    is_interviewer: bool


@dataclass(frozen=True, slots=True)
class Material:
    """One interview as it is handed over. ``on`` is the day of the hand-over, ``lines`` the text.

    ``attributes`` are the names of what may be said of a case, in the order of the columns.
    """

    study_id: str
    interview: str
    label: str
    on: date
    clean: Transcript
    lines: list[Line]
    log: tuple[LogLine, ...]
    cases: tuple[Case, ...]
    attributes: tuple[str, ...]

    @property
    def stamp(self) -> str:
        """The day of the hand-over as XML wants a time."""
        return f"{self.on.isoformat()}T00:00:00Z"

    def guid(self, *what: str) -> str:
        """Return the same identifier for the same thing of this study, always."""
        return str(uuid.uuid5(_OURS, "/".join((self.study_id, *what)))).upper()


_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:earshot:hand-over")


def read(study: Study, interview: str, on: date) -> Material:
    """Collect what may be handed over of an interview.

    Raises:
        StepMissing: there is no clean transcript.
        KeyNotHeld: the passphrase in use does not open it.
    """
    clean = study.get(interview, Kind.CLEAN, Transcript)
    log = study.get(interview, Kind.LOG, tuple[LogLine, ...])
    if clean is None or log is None:
        raise CleanTranscriptMissing
    known = study.get(WHOLE_STUDY, Kind.CASES, Cases) or Cases()
    open_to_all = tuple(a.name for a in known.attributes if not a.is_disclosive)
    return Material(
        study_id=study.id,
        interview=interview,
        label=study.find(interview).label,
        on=on,
        clean=clean,
        lines=lines(clean),
        log=log,
        cases=tuple(_cases(study, interview, known, open_to_all)),
        attributes=(ROLE, *open_to_all),
    )


def _cases(study: Study, interview: str, known: Cases, open_to_all: tuple[str, ...]) -> list[Case]:
    about = study.get(interview, Kind.ABOUT, About)
    found: list[Case] = []
    for person in about.participants if about else ():
        said = known.values.get(person.code, {})
        attributes = {ROLE: person.role.value} | {
            name: said[name] for name in open_to_all if name in said
        }
        found.append(Case(person.code, attributes, person.role is Role.INTERVIEWER))
    return found
