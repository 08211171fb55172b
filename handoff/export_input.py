"""The input of every export format: one clean interview, and its participants by code.

It holds no original and no name, so a format cannot leak any.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from handoff.spoken_words import read_spoken_words
from handoff.transcript_lines import TranscriptLine, list_transcript_lines
from study import (
    AUTO_LANGUAGE,
    ArtefactKind,
    CaseAttributes,
    DateDetail,
    InterviewDetails,
    LogLine,
    Role,
    Transcript,
    TurnNumbers,
)
from study.errors import CleanTranscriptMissing
from study.store import Interview, read_language, read_quote_permission, read_settings

ROLE_ATTRIBUTE = "role"  # the only attribute of every case


@dataclass(frozen=True, slots=True)
class ExportedCase:
    """A participant by code, with the attributes that may leave; the role is always among them.

    is_stranger: whether an import numbered them, and nobody entered them or anything about them.
    """

    code: str
    attributes: dict[str, str]
    is_interviewer: bool
    is_stranger: bool = False

    @property
    def is_case(self) -> bool:
        """Whether a table of cases lists them: the S01 of two interviews are two people."""
        return not self.is_interviewer and not self.is_stranger


@dataclass(frozen=True, slots=True)
class ExportInput:
    """One interview as it is handed over.

    interview: its id. day: the day of the hand-over. lines: the text. attributes: the names of the
    attributes that may leave, in the order of the columns. recorded: the day of the interview, as
    broad as the study's dates are (``generalise_day``), "" where the study does not show it.
    language: the code of the language spoken, "" where nobody said which.
    """

    study_id: str
    interview: str
    label: str
    day: date
    clean: Transcript
    lines: list[TranscriptLine]
    log: tuple[LogLine, ...]
    cases: tuple[ExportedCase, ...]
    attributes: tuple[str, ...]
    recorded: str = ""
    language: str = ""

    @property
    def numbers(self) -> TurnNumbers:
        """The numbers of the turns, as its files tell them."""
        return TurnNumbers(turn.key for turn in self.clean.turns)

    @property
    def xml_time(self) -> str:
        """The beginning of the day of the hand-over, as XML writes a time."""
        return f"{self.day.isoformat()}T00:00:00Z"

    def make_guid(self, *parts: str) -> str:
        """Return an identifier that is always the same for the same parts of this study."""
        return str(uuid.uuid5(_OURS, "/".join((self.study_id, *parts)))).upper()


_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:earshot:hand-over")


def read_export_input(interview: Interview, day: date) -> ExportInput:
    """Collect the parts of an interview that may leave.

    Raises:
        StepMissing: there is no clean transcript.
        KeyNotHeld: the passphrase in use does not open it.
    """
    clean = interview.read_artefact(ArtefactKind.CLEAN, Transcript)
    log = interview.read_artefact(ArtefactKind.LOG, tuple[LogLine, ...])
    if clean is None or log is None:
        raise CleanTranscriptMissing
    study = interview.study
    known = study.whole.read_artefact(ArtefactKind.CASES, CaseAttributes) or CaseAttributes()
    open_to_all = tuple(a.name for a in known.attributes if not a.is_disclosive)
    return ExportInput(
        study_id=study.id,
        interview=interview.id,
        label=interview.label,
        day=day,
        clean=clean,
        lines=list(_lines(interview, clean)),
        log=log,
        cases=tuple(_cases(interview, known, open_to_all)),
        attributes=(ROLE_ATTRIBUTE, *open_to_all),
        recorded=_find_day(interview),
        language=language if (language := read_language(interview)) != AUTO_LANGUAGE else "",
    )


def generalise_day(day: str, detail: DateDetail) -> str:
    """Return a day, such as 2026-11-29, as broad as a study's dates: 2026-11, 2026, 2020s.

    A study that counts dates from an event names no year, so that there "" is returned.
    """
    year, month = day[:4], day[:7]
    broader = {
        DateDetail.MONTH: month,
        DateDetail.YEAR: year,
        DateDetail.DECADE: f"{year[:3]}0s",
        DateDetail.DISTANCE: "",
    }
    return broader[detail] if day else ""


def _lines(interview: Interview, clean: Transcript) -> Iterator[TranscriptLine]:
    lines = list_transcript_lines(clean, read_quote_permission(interview))
    texts = {line.turn: line.unmarked_text for line in lines if line.speaker}
    words = read_spoken_words(interview, texts)
    for line in lines:
        yield replace(line, words=words[line.turn]) if line.turn in words else line


def _find_day(interview: Interview) -> str:
    """Return when it was recorded; of what was brought in, the study knows only when that was."""
    summary = interview.summary
    was_recorded = summary.sound_s or ArtefactKind.SETTING in summary.versions  # sound may be gone
    if not was_recorded or ArtefactKind.ORIGIN in summary.versions:
        return ""
    return generalise_day(summary.created_at[:10], read_settings(interview.study).dates)


def _cases(
    interview: Interview, known: CaseAttributes, open_to_all: tuple[str, ...]
) -> list[ExportedCase]:
    about = interview.read_artefact(ArtefactKind.ABOUT, InterviewDetails)
    cases: list[ExportedCase] = []
    for person in about.participants if about else ():
        values = known.values.get(person.code, {})
        attributes = {ROLE_ATTRIBUTE: person.role.value} | {
            name: values[name] for name in open_to_all if name in values
        }
        is_stranger = person.is_third_party and not values
        cases.append(
            ExportedCase(
                person.code, attributes, person.role is Role.INTERVIEWER, is_stranger=is_stranger
            )
        )
    return cases
