"""From what was heard in the windows to the transcript: turns, doubts, silences, the proof.

Pure: the same windows, events and rules always give the same transcript.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from study.events import events
from study.terms import Mark, MarkKind, Provenance, Settings, Transcript
from transcribe.doubt import doubted, flagged, stretches
from transcribe.engine import Options
from transcribe.heard import Heard, coverage
from transcribe.pauses import overlaps, silences
from transcribe.turns import turns


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is known of the sound beside its words.

    speakers: the code of each channel that was heard. is_by_channel: whether each has a speaker
    of its own. marks: as the recording made them. joints: where two stretches of it meet.
    """

    duration_s: float
    speakers: Sequence[str]
    is_by_channel: bool
    marks: Iterable[Mark]
    joints: Iterable[float] = ()


def finished(
    heard: Sequence[Heard],
    recorded: Recorded,
    options: Options,
    rules: Settings,
    made_by: Provenance,
) -> Transcript:
    """Put a transcript together."""
    doubts = [doubted(window, options.language, options.hints) for window in heard]
    spans_of_doubt = [stretch for passages in doubts for stretch in stretches(passages)]
    noted = events(recorded.marks)
    silent = silences(heard, noted, recorded.joints)
    at_once = overlaps(heard, recorded.speakers) if recorded.is_by_channel else []
    made = turns(
        heard,
        recorded.speakers,
        by_channel=recorded.is_by_channel,
        events=_in_order(noted, (s for s in silent if s.length_s >= rules.pause_s > 0)),
    )
    return Transcript(
        flagged(made, itertools.chain.from_iterable(doubts)),
        made_by,
        coverage(heard, recorded.duration_s, spans_of_doubt),
        _in_order(_marked(options), noted, silent, at_once),
    )


def _marked(options: Options) -> Iterable[Mark]:
    """Say at the beginning what must stand on every screen and in every file."""
    return (Mark(0.0, MarkKind.DRAFT),) if options.is_draft else ()


def _in_order(*every: Iterable[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(itertools.chain(*every), key=lambda event: event.at_s))
