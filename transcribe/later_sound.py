"""Hear what was recorded after an interview was transcribed and worked on, and add it.

A person's corrections and decisions stay as they are: the new turns come after them, and nothing of
what was heard before is heard again.
"""

from __future__ import annotations

from dataclasses import replace

from models import InstalledModel
from study import (
    SOUND_HEARD_FURTHER,
    ArtefactKind,
    ReportProgress,
    SecondHearing,
    ShouldStop,
    Transcript,
    add_coverage,
    is_later_sound,
    no_report,
    no_stop,
)
from study.store import Interview, TranscriptEditor
from transcribe.cluster.remote_workers import RemoteWorkers
from transcribe.engine import DecodingOptions
from transcribe.second_hearing import rehear_passage
from transcribe.transcript_assembly import build_transcript_facts, merge_by_time


def hear_later_sound(
    interview: Interview,
    model: InstalledModel,
    *,
    options: DecodingOptions | None = None,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
    workers: RemoteWorkers | None = None,
) -> Transcript:
    """Transcribe the sound after the end of the transcript that stands, and add it to that.

    Does nothing where there is none. Killed at any moment, it is done by the same call later.
    Returns the transcript as it stands then.

    Raises:
        As for ``rehear_passage``.
    """
    editor = TranscriptEditor(interview)
    coverage = editor.transcript.coverage
    if coverage is None or not interview.summary.has_later_sound:
        return editor.transcript
    if is_later_sound(interview.summary.sound_s, coverage.sound_s):
        version = rehear_passage(
            interview,
            model,
            (coverage.sound_s, None),
            options=options,
            stop=stop,
            report=report,
            workers=workers,
            is_later=True,
        )
        editor.add_later_turns(version)
    else:  # killed right after it was added
        version = max(edit.hearing for edit in editor.state.standing)
    _extend_heard(interview, version)
    return editor.transcript


def _extend_heard(interview: Interview, version: int) -> None:
    """Add it to what the model heard, too, from which corrections can be begun anew."""
    raw = interview.read_artefact(ArtefactKind.RAW, Transcript)
    hearing = interview.read_artefact(ArtefactKind.HEARING, SecondHearing, version)
    facts = interview.summary.facts.raw
    if raw is None or raw.coverage is None or hearing is None or facts is None:
        return
    heard = hearing.heard
    assert heard.coverage is not None, "it was assembled from windows"
    first = max((turn.key for turn in raw.turns), default=0) + 1
    whole = replace(
        raw,
        turns=(*raw.turns, *(replace(t, key=key) for key, t in enumerate(heard.turns, first))),
        events=merge_by_time(raw.events, heard.events),
        coverage=add_coverage(raw.coverage, heard.coverage),
    )
    told = build_transcript_facts(whole, is_draft=facts.draft, unsure=facts.unsure)
    with interview.change(SOUND_HEARD_FURTHER) as change:
        change.write_artefact(ArtefactKind.RAW, whole, told)
