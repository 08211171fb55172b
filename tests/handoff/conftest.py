"""Fixtures of the hand-over: an interview that is anonymised, decided and signed off."""

from __future__ import annotations

from datetime import date

import pytest

from handoff.export_input import ExportedCase, ExportInput
from handoff.sign_off import sign_transcript
from handoff.transcript_lines import list_transcript_lines
from study import (
    ArtefactKind,
    Category,
    CleanBasis,
    Coverage,
    DecidedMention,
    DoubtFlag,
    InterviewDetails,
    LogLine,
    Mark,
    MarkKind,
    Mention,
    Mentions,
    MentionsFacts,
    Participant,
    Provenance,
    RegisterEntry,
    Role,
    Transcript,
    TranscriptRef,
    Turn,
    Verdict,
)
from study.store import Study, read_decisions
from tests.handoff.deciding import decide

SEARCHED = TranscriptRef(ArtefactKind.RAW, 1)

TURNS = (
    Turn(1, "INT01", 0.0, 2.0, "Who told you, in May?"),
    Turn(2, "P07", 2.5, 5.0, "Rose O'Neill did. My number is 07700 900418."),
)
CLEAN = (
    Turn(1, "INT01", 0.0, 2.0, "Who told you, in May?"),
    Turn(2, "P07", 2.5, 5.0, "[Person 1] did. My number is [Phone number 1]."),
)
MENTIONS = (
    Mention("may1", 1, 17, 20, Category.PERSON, "names", 0.4, "[Person 2]"),
    Mention("rose", 2, 0, 12, Category.PERSON, "names", 0.9, "[Person 1]"),
    Mention("numb", 2, 31, 43, Category.PHONE, "numbers", 1.0, "[Phone number 1]"),
)


@pytest.fixture
def interview(study: Study) -> str:
    """The id of an interview with one undecided mention."""
    provenance = Provenance("transcribe", "earshot", "tiny.en", "00" * 32)
    with study.change("made for a test") as change:
        about = InterviewDetails(
            "P07_i1",
            (
                Participant("P07", names=("Margaret Wilson",)),
                Participant("INT01", Role.INTERVIEWER),
            ),
            register=(RegisterEntry(Category.PLACE, ("Skipton",)),),
        )
        made = change.add_interview(about)
        change.write_artefact(
            ArtefactKind.RAW, Transcript(TURNS, provenance, Coverage(5.0, 4.5, 4.5))
        )
        searched = Provenance("anonymise", "earshot")
        change.write_artefact(
            ArtefactKind.MENTIONS,
            Mentions(SEARCHED, MENTIONS, searched),
            MentionsFacts(SEARCHED, undecided=3),
        )
        clean = Transcript(
            CLEAN, provenance, Coverage(5.0, 4.5, 4.5), made_from=CleanBasis(SEARCHED, mentions=1)
        )
        change.write_artefact(ArtefactKind.CLEAN, clean)
        change.write_artefact(ArtefactKind.LOG, ())
    decide(study, made, rose=Verdict.ACCEPTED, numb=Verdict.ACCEPTED)
    return made


def log_line(pair: DecidedMention) -> LogLine:
    assert pair.decision is not None
    return LogLine(
        mention=pair.mention.key,
        turn=pair.mention.turn,
        start_s=2.5,
        category=pair.mention.category,
        direct=True,
        action="replaced" if pair.is_replaced else "kept",
        replacement=pair.replacement if pair.is_replaced else "",
        source="names",
        score=pair.mention.score,
        by=1,
        at=pair.decision.at,
    )


@pytest.fixture
def decided(study: Study, interview: str) -> str:
    """The id of the same interview with every mention decided."""
    decide(study, interview, may1=Verdict.REJECTED)
    with study.interview(interview).change("made for a test") as change:
        log = tuple(log_line(pair) for pair in read_decisions(study.interview(interview)))
        change.write_artefact(ArtefactKind.LOG, log)
    return interview


@pytest.fixture
def approved(study: Study, decided: str) -> str:
    """The id of the same interview, signed off."""
    sign_transcript(study.interview(decided), name="A. Officer", role="data officer")
    return decided


HOSTILE = (
    'She said \x1b[31m "<b>A & B</b>" --> {x} [Person 1] caf\u0065\u0301 \U0001f642\ufffe\ud800.'
)
RICH = Transcript(
    (
        Turn(1, "INT01", 1.0, 2.0, "How did you hear of it?"),
        Turn(2, "P07", 2.5, 5.25, HOSTILE),
        Turn(3, "FAM02", 5.0, 7.0, "=1+1 is what I say.\r\nYes.", flags=(DoubtFlag("loop"),)),
        Turn(4, "P07", 3600.0, 3725.5, "It was good."),
    ),
    Provenance("test", "earshot"),
    Coverage(3730.0, 12.0, 11.0),
    (
        Mark(0.0, MarkKind.TOPIC, "First contact & <more>"),
        Mark(6.0, MarkKind.PAUSED, "", 40.0),
        Mark(3000.0, MarkKind.TOPIC, "The sessions"),
        Mark(3600.0, MarkKind.MARKER, "a secret note"),
    ),
)


@pytest.fixture
def material() -> ExportInput:
    """An interview with every character that ever broke a reader."""
    cases = (
        ExportedCase("INT01", {"role": "interviewer"}, is_interviewer=True),
        ExportedCase("P07", {"role": "participant", "course": "+autumn"}, is_interviewer=False),
        ExportedCase("FAM02", {"role": "supporter"}, is_interviewer=False),
    )
    return ExportInput(
        study_id="00" * 16,
        interview="abcdefgh",
        label="P07_i1",
        day=date(2026, 11, 25),
        clean=RICH,
        lines=list_transcript_lines(RICH),
        log=(),
        cases=cases,
        attributes=("role", "course"),
    )
