"""Telling speakers apart by their voices, once the words of an interview are there.

It is the last part of a transcription, or asked for by itself. The transcript is saved before, so
whatever fails here costs a sentence and nothing else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.faults import name_fault
from models import (
    InstalledModel,
    ModelKind,
    find_offer,
    find_speakers_model,
    find_voice_model,
    list_models,
)
from study import (
    ArtefactKind,
    MarkKind,
    NamedTurns,
    ReportProgress,
    TaskProgress,
    Transcript,
    Turn,
    Voices,
    find_named_turns,
    no_report,
)
from study.errors import EarshotError, Fault, Stopped
from study.store import Interview, TranscriptEditor, read_settings, read_standing_edits

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


def find_speaker_model(name: str = "") -> InstalledModel:
    """Return the model of that name that tells voices apart, else the first that is installed.

    Raises:
        ModelMissing, ModelBroken: as ``models.find_voice_model``.
    """
    offer = find_offer(name) if name else None
    is_other = offer is not None and offer.kind is ModelKind.SPEAKERS
    is_alone = not name and list_models(ModelKind.SPEAKERS) and not list_models(ModelKind.VOICES)
    return find_speakers_model(name) if is_other or is_alone else find_voice_model(name)


def tell_speakers_apart(
    interview: Interview,
    *,
    count: int | None,
    model: str = "",
    uses_keys: bool | None = None,
    report: ReportProgress = no_report,
) -> Transcript:
    """Give the turns of an interview's newest transcript speakers, by their voices.

    What a person said of speakers before helps, and counts more: a turn that was given to somebody
    by itself keeps that speaker. count: how many people speak, None to guess it. model: the name
    of an installed model. uses_keys: whether the keys that an interviewer pressed while recording
    count; they count more than voices. None is as it was the last time.

    Raises:
        As ``find_speaker_model`` and ``transcribe.diarise_interview``.
    """
    from transcribe import Anchor, diarise_interview

    def tell(progress: TaskProgress) -> None:
        report(replace(progress, what=TELLING_VOICES))

    found = find_speaker_model(model)
    named = _find_named(interview)
    told = diarise_interview(
        interview,
        found,
        count=count,
        anchors=[
            Anchor(turn.start_s, turn.end_s, turn.speaker)
            for turn in (*named.by_voice, *named.by_hand)
        ],
        uses_keys=counts_keys(interview) if uses_keys is None else uses_keys,
        keeps_prints=read_settings(interview.study).allows_voice_prints,
        report=tell,
    )
    return _keep_named(interview) or told


def counts_keys(interview: Interview) -> bool:
    """Whether the keys counted when voices were told apart last; they do if they never were."""
    before = interview.read_artefact(ArtefactKind.VOICES, Voices)
    return before is None or before.uses_keys


def count_speaker_keys(interview: Interview) -> int:
    """Return how often a key said who speaks while the interview was recorded."""
    source = interview.read_transcript()
    events = source.transcript.events if source else ()
    return sum(event.kind == MarkKind.SPEAKER and bool(event.note) for event in events)


def count_changed_speakers(before: Iterable[Turn], after: Iterable[Turn]) -> int:
    """Return how many turns have another speaker than was heard at their middle before."""
    was = list(before)
    starts = [turn.start_s for turn in was]

    def find_speaker(at_s: float) -> str:
        place = bisect_right(starts, at_s) - 1
        return was[place].speaker if place >= 0 else ""

    return sum(find_speaker((one.start_s + one.end_s) / 2) != one.speaker for one in after)


def _find_named(interview: Interview) -> NamedTurns:
    source = interview.read_transcript()
    turns = source.transcript.turns if source else ()
    return find_named_turns(read_standing_edits(interview), turns)


def _keep_named(interview: Interview) -> Transcript | None:
    """Give every turn back to whom a person gave it; return the transcript if one had changed.

    One that has its speaker and is doubted for it counts as changed: a person knows.
    """
    source = interview.read_transcript()
    turns = {turn.key: turn for turn in source.transcript.turns} if source else {}
    by_hand = _find_named(interview).by_hand
    lost = [turn for turn in by_hand if turns[turn.key] != turn]
    if not lost:
        return None
    editor = TranscriptEditor(interview)
    for turn in lost:
        editor.set_speaker(turn.key, turn.speaker, allow_new=True)
    return editor.transcript


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
