"""Hear a passage of an interview again: with another model, language or hints.

The transcript that stands is not touched. What was heard is saved beside it as an artefact of its
own, and ``study.second_hearing`` sets it beside the turns; a person takes it over turn by turn.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import compress

from models import InstalledModel
from study import (
    ArtefactKind,
    GatedAction,
    Interval,
    MarkKind,
    ReportProgress,
    SecondHearing,
    ShouldStop,
    StudySettings,
    Transcript,
    fit_passage,
    intersect_intervals,
    no_report,
    no_stop,
)
from study.errors import HearingFlaw, NotHeardAgain, TranscriptMissing
from study.store import (
    Interview,
    explain_missing_sound,
    read_settings,
    require_interview_consent,
)
from transcribe.cluster.remote_workers import RemoteWorkers
from transcribe.engine import DecodingOptions
from transcribe.speech_coverage import TranscribedWindow
from transcribe.transcript_assembly import assemble_transcript
from transcribe.transcription import HeardPassage, hear_passage

_HEAD = frozenset({MarkKind.MODEL, MarkKind.DRAFT})
_AROUND_S = 1.0  # of sound before and after the passage, so that the model hears whole words


def rehear_passage(
    interview: Interview,
    model: InstalledModel,
    passage: tuple[float, float | None] = (0.0, None),
    *,
    options: DecodingOptions | None = None,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
    workers: RemoteWorkers | None = None,
    is_later: bool = False,
) -> int:
    """Transcribe a passage once more and save that beside the transcript; return its version.

    passage: seconds of the interview; an end of None, or after the recording's, is the end of the
    recording. Its edges move to the nearest pause (see ``study.fit_passage``). A hearing that was
    stopped goes on where it was, if it is asked for again. workers: as for
    ``transcribe_interview``. is_later: nothing stands there, for it was recorded after the
    transcript was made; its edges stay, and its own events are kept.

    Raises:
        ConsentError: somebody who was heard did not agree to it.
        NotHeardAgain: there is no such passage, or the transcript has no times.
        TranscriptMissing, SoundMissing: there is nothing to set it beside, or nothing to hear.
        SoundIncomplete, StillRecording, LanguageUnknown, Stopped, StudyInUse, ModelBroken,
            OutOfMemory: as for ``transcribe_interview``; the transcript is unchanged.
    """
    source = interview.read_transcript()
    if source is None:
        raise TranscriptMissing
    require_interview_consent(interview, GatedAction.TRANSCRIBE)
    if not source.transcript.is_timed:
        raise NotHeardAgain(HearingFlaw.UNTIMED)
    duration_s = interview.summary.sound_s
    if not duration_s:
        raise explain_missing_sound(interview)
    asked = _limit_passage(passage, duration_s)
    fitted = asked if is_later else fit_passage(source.transcript.turns, asked)
    start_s, end_s = max(0.0, fitted[0]), min(fitted[1], duration_s)
    around = (max(0.0, start_s - _AROUND_S), min(end_s + _AROUND_S, duration_s))
    heard = hear_passage(
        interview,
        model,
        around,
        options=options or DecodingOptions(),
        stop=stop,
        report=report,
        workers=workers,
    )
    transcript = _assemble(
        heard, (start_s, end_s), read_settings(interview.study), keeps_events=is_later
    )
    with interview.change("heard again") as change:
        version = change.write_artefact(
            ArtefactKind.HEARING, SecondHearing(start_s, end_s, asked, transcript)
        )
        change.drop_artefact(ArtefactKind.HEARING_WINDOWS)
    return version


def _limit_passage(passage: tuple[float, float | None], duration_s: float) -> Interval:
    start_s, wanted_s = passage
    if wanted_s is not None and wanted_s <= start_s:
        raise NotHeardAgain(HearingFlaw.BACKWARDS)
    if start_s >= duration_s:
        raise NotHeardAgain(HearingFlaw.BEYOND)
    return start_s, duration_s if wanted_s is None else min(wanted_s, duration_s)


def _assemble(
    heard: HeardPassage, passage: Interval, settings: StudySettings, *, keeps_events: bool
) -> Transcript:
    cut = [_cut_window(window, passage) for window in heard.windows]
    options = heard.made_by.options | {"from_s": passage[0], "to_s": passage[1]}
    made = assemble_transcript(
        [window for window in cut if window.speech],
        heard.recorded,
        heard.options,
        settings,
        replace(heard.made_by, options=options),
    )
    # The events of the recording belong to the transcript that stands, and so does its head.
    events = [event for event in made.events if keeps_events and passage[0] <= event.at_s]
    events = [event for event in events if event.kind not in _HEAD]
    return replace(made, events=tuple(events), recognition=heard.recognition)


def _cut_window(window: TranscribedWindow, passage: Interval) -> TranscribedWindow:
    """Leave out what was heard only for the sake of the words at the passage's edges."""
    start_s, end_s = passage
    is_in = [start_s <= (w.start_s + w.end_s) / 2 < end_s for w in window.words]
    return replace(
        window,
        speech=tuple(intersect_intervals(window.speech, [passage])),
        words=tuple(compress(window.words, is_in)),
        levels=tuple(compress(window.levels, is_in)),  # one of each word, or none
    )
