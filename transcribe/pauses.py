"""Find silences and overlapping speech, from voice activity over all channels. Pure functions.

Silences are data. The times of words alone do not show them: a model stretches words, places them
early, or gives no words for speech. Every silence of at least a second becomes an event of the
transcript; the study's conventions decide later which of them are shown.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from study import (
    ASIDE_KINDS,
    BLANK_KINDS,
    MISSING_KINDS,
    Interval,
    Mark,
    MarkKind,
    intersect_intervals,
    measure_total_s,
    merge_intervals,
)
from transcribe.speech_coverage import TranscribedWindow
from transcribe.vad_spans import VadOptions

SHORTEST_SILENCE_S = 1.0  # shorter ones are breath; no convention marks shorter pauses
_SHORTEST_OVERLAP_S = 0.5  # shorter ones are the edges of two turns

_VAD = VadOptions()
# Silent sound that voice activity adds to each span, before and after the speech.
_BEFORE_S = _VAD.pad_s
_AFTER_S = min(_VAD.pad_s, _VAD.silence_s / 2)


def find_silences(
    windows: Iterable[TranscribedWindow], events: Iterable[Mark] = (), joints: Iterable[float] = ()
) -> list[Mark]:
    """Return every silence of at least a second between the first speech and the last.

    events: the recording's events. Where sound is missing or was set aside nobody knows who spoke,
    so a silence ends there and another may begin; exact zeros are a microphone that was off, or a
    hole in an imported file, not a silence. joints: the times, in seconds, where two stretches of
    the recording meet; they part a silence too.

    A mark's time is the end of the speech before it as transcripts have it, padding included; its
    length is that of the silence itself.
    """
    speech = merge_intervals(span for window in windows for span in window.speech)
    events = list(events)
    parting = ASIDE_KINDS | MISSING_KINDS | {MarkKind.JOINT}
    cuts = sorted({*joints, *(e.at_s for e in events if e.kind in parting)})
    muted = [(e.at_s, e.at_s + e.length_s) for e in events if e.kind in BLANK_KINDS]
    found: list[Mark] = []
    for (_, before_s), (after_s, _) in itertools.pairwise(speech):
        for start_s, end_s in _split_interval((before_s, after_s), cuts):
            silent = (
                start_s - _AFTER_S * (start_s == before_s),
                end_s + _BEFORE_S * (end_s == after_s),
            )
            length_s = silent[1] - silent[0] - measure_total_s(intersect_intervals([silent], muted))
            if length_s >= SHORTEST_SILENCE_S:
                found.append(Mark(start_s, MarkKind.SILENCE, length_s=round(length_s, 2)))
    return found


def find_overlaps(windows: Iterable[TranscribedWindow], speakers: Sequence[str]) -> list[Mark]:
    """Return where two channels have speech at once, for half a second or longer.

    speakers: the code of each channel. A mark's time is the beginning of the later speech, so the
    mark comes before the interrupting words; its note has both codes.
    """
    spoken: list[list[Interval]] = [[] for _ in speakers]
    for window in windows:
        if window.words:  # speech without words may be a cough or a chair
            spoken[window.channel] += window.speech
    found: list[Mark] = []
    for (one, first), (other, second) in itertools.combinations(enumerate(spoken), 2):
        for a, b in intersect_intervals(first, second):
            length_s = b - _AFTER_S - a - _BEFORE_S
            if length_s >= _SHORTEST_OVERLAP_S:
                note = f"{speakers[one]} {speakers[other]}"
                found.append(Mark(a, MarkKind.OVERLAP, note, round(length_s, 2)))
    return sorted(found, key=lambda mark: mark.at_s)


def _split_interval(whole: Interval, cuts: Iterable[float]) -> Iterator[Interval]:
    inside = [cut for cut in cuts if whole[0] < cut < whole[1]]
    return itertools.pairwise([whole[0], *inside, whole[1]])
