"""Build the transcript from the transcribed windows: turns, doubts, silences and coverage.

Pure: the same windows, events and settings always give the same transcript.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from study import Mark, MarkKind, Provenance, StudySettings, Transcript, order_events
from transcribe.doubt import find_doubtful_passages, flag_turns, merge_passages
from transcribe.engine import DecodingOptions
from transcribe.pauses import find_overlaps, find_silences
from transcribe.speech_coverage import TranscribedWindow, measure_coverage
from transcribe.turn_assembly import build_turns


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """Facts about the sound, apart from its words.

    speakers: the code of each track. is_by_channel: whether each track has a speaker of its own.
    marks: the recording's own, in any order. joints: where two stretches meet, in seconds.
    """

    duration_s: float
    speakers: Sequence[str]
    is_by_channel: bool
    marks: Iterable[Mark]
    joints: Iterable[float] = ()


def assemble_transcript(
    windows: Sequence[TranscribedWindow],
    recorded: RecordingFacts,
    options: DecodingOptions,
    settings: StudySettings,
    made_by: Provenance,
) -> Transcript:
    """Build the transcript of all windows, with every doubt and event, and its coverage.

    settings: the study's, with the length from which on a silence splits a turn.
    """
    doubts = [find_doubtful_passages(window, options.language, options.hints) for window in windows]
    doubtful_spans = [span for passages in doubts for span in merge_passages(passages)]
    marks = order_events(recorded.marks)
    silences = find_silences(windows, marks, recorded.joints)
    overlaps = find_overlaps(windows, recorded.speakers) if recorded.is_by_channel else []
    turns = build_turns(
        windows,
        recorded.speakers,
        by_channel=recorded.is_by_channel,
        events=_merge_by_time(
            marks, (silence for silence in silences if silence.length_s >= settings.pause_s > 0)
        ),
    )
    return Transcript(
        flag_turns(turns, itertools.chain.from_iterable(doubts)),
        made_by,
        measure_coverage(windows, recorded.duration_s, doubtful_spans),
        _merge_by_time(_mark_draft(options), marks, silences, overlaps),
    )


def _mark_draft(options: DecodingOptions) -> Iterable[Mark]:
    """Return the mark by which every screen and file shows that a transcript is a draft."""
    return (Mark(0.0, MarkKind.DRAFT),) if options.is_draft else ()


def _merge_by_time(*events: Iterable[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(itertools.chain(*events), key=lambda event: event.at_s))
