"""Telling speakers apart by their voices, once the words of an interview are there.

It is the last part of a transcription, or asked for by itself. The transcript is saved before, so
whatever fails here costs a sentence and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.faults import name_fault
from models import find_speakers_model
from study import ArtefactKind, ReportProgress, TaskProgress, Transcript, no_report
from study.errors import EarshotError, Fault, Stopped
from study.store import Interview, read_settings

TELLING_VOICES = "telling voices apart"  # what the progress of it says
_FEWEST = 2  # people: one alone needs no telling apart


@dataclass(frozen=True, slots=True)
class SpeakersAdded:
    """The end of a transcription that tried to tell speakers apart.

    transcript: with its speakers, None where there was nothing to do or it failed. problem: why it
    failed.
    """

    transcript: Transcript | None = None
    problem: EarshotError | None = None


def count_participants(interview: Interview) -> int:
    """Return how many participants were entered with an interview."""
    return len({one.code for one in interview.details.participants})


def wants_speakers(interview: Interview) -> bool:
    """Whether speakers are to be told apart without anybody asking for it.

    So it is where one microphone heard more than one participant, and the study wants it.
    """
    if not read_settings(interview.study).tells_voices_apart:
        return False
    if count_participants(interview) < _FEWEST:
        return False
    heard = interview.read_artefact(ArtefactKind.RAW, Transcript)
    if heard is None or heard.recognition is None:
        return False
    return not heard.recognition.layout.is_apart and not interview.details.channels


def tell_speakers_apart(
    interview: Interview,
    *,
    count: int | None,
    model: str = "",
    report: ReportProgress = no_report,
) -> Transcript:
    """Give the turns of an interview's newest transcript speakers, by their voices.

    count: how many people speak, None to guess it. model: the name of an installed model.

    Raises:
        As ``models.find_speakers_model`` and ``transcribe.diarise_interview``.
    """
    from transcribe import diarise_interview

    def tell(progress: TaskProgress) -> None:
        report(replace(progress, what=TELLING_VOICES))

    return diarise_interview(
        interview, find_speakers_model(model), count=count or _FEWEST, report=tell
    )


def add_speakers(interview: Interview, report: ReportProgress = no_report) -> SpeakersAdded:
    """End a transcription by telling its speakers apart, where that is wanted.

    Raises:
        Stopped: somebody stopped it; the transcript stands without speakers. Nothing else is
            raised, whatever fails.
    """
    try:
        if not wants_speakers(interview):
            return SpeakersAdded()
        count = count_participants(interview)
        return SpeakersAdded(tell_speakers_apart(interview, count=count, report=report))
    except Stopped:
        raise
    except EarshotError as problem:
        return SpeakersAdded(problem=problem)
    except Exception as fault:  # noqa: BLE001 - a library's fault must not cost the transcript
        return SpeakersAdded(problem=Fault(name_fault(fault)))
