"""Build the transcript from the transcribed windows: turns, doubts, silences and coverage.

Pure: the same windows, events and settings always give the same transcript.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from study import (
    Mark,
    MarkKind,
    Provenance,
    StudySettings,
    Transcript,
    TranscriptFacts,
    Word,
    order_events,
)
from transcribe.bleed import SettledWords, settle_words
from transcribe.doubt import DoubtfulPassage, find_doubtful_passages, flag_turns, merge_passages
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
    settled = settle_words(windows) if recorded.is_by_channel else SettledWords(tuple(windows))
    standing = {word for window in settled.windows for word in window.words}
    # What the model gave is doubted as a whole: a loop is one, also if an echo takes part of it.
    doubts = [
        passage
        for window in windows
        for passage in _keep_words(
            find_doubtful_passages(window, options.language, options.hints), standing
        )
    ]
    windows = settled.windows
    marks = order_events(recorded.marks)
    silences = find_silences(windows, marks, recorded.joints)
    overlaps = find_overlaps(windows, recorded.speakers) if recorded.is_by_channel else []
    turns = build_turns(
        windows,
        recorded.speakers,
        by_channel=recorded.is_by_channel,
        events=merge_by_time(
            marks, (silence for silence in silences if silence.length_s >= settings.pause_s > 0)
        ),
    )
    turns = flag_turns(turns, doubts)
    return Transcript(
        turns,
        made_by,
        replace(
            measure_coverage(windows, recorded.duration_s, merge_passages(doubts, turns)),
            echo_words=settled.echoes,
            moved_words=settled.moved,
        ),
        merge_by_time(_mark_head(options), marks, silences, overlaps),
    )


def build_transcript_facts(
    transcript: Transcript, *, is_draft: bool, unsure: int = 0
) -> TranscriptFacts:
    """Build the facts that stand in the clear beside a transcript that was assembled.

    unsure: turns whose speaker is a guess.
    """
    coverage = transcript.coverage
    assert coverage is not None, "it was assembled from windows"
    return TranscriptFacts(
        turns=len(transcript.turns),
        speech_s=coverage.speech_s,
        covered_s=coverage.covered_s,
        gaps=len(coverage.gaps),
        again_s=coverage.again_s,
        doubts=len(coverage.doubts),
        flagged_s=coverage.flagged_s,
        draft=is_draft,
        unsure=unsure,
        sound_s=coverage.sound_s,
    )


def _keep_words(
    passages: Iterable[DoubtfulPassage], standing: AbstractSet[Word]
) -> list[DoubtfulPassage]:
    """Return the passages without the words that were left out."""
    kept = (
        replace(passage, words=tuple(word for word in passage.words if word in standing))
        for passage in passages
    )
    return [passage for passage in kept if passage.words]


def _mark_head(options: DecodingOptions) -> Iterable[Mark]:
    """Return the marks of the transcript's head, by which every screen and file says what it is."""
    if options.is_draft:
        yield Mark(0.0, MarkKind.DRAFT)
    yield Mark(0.0, MarkKind.MODEL)


def merge_by_time(*events: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return the events of several lists in the order of time."""
    return tuple(sorted(itertools.chain(*events), key=lambda event: event.at_s))
