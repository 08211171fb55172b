"""When nobody spoke, and when two spoke at once: from voice activity, over all channels.

Silences are data. The times of words alone do not give them: a model draws words out, puts them
early, or has none for what somebody said. Pure functions; what they find are events of the
transcript, all of them: from how long on a silence is told is the study's to say, later.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from study.events import ASIDE, MISSING
from study.intervals import Interval, intersect, merge, total_s
from study.terms import Mark, MarkKind
from transcribe.following import Hearing
from transcribe.heard import Heard

SHORTEST_SILENCE_S = 1.0  # shorter ones are breath; the finest signs for a pause begin here
_SHORTEST_OVERLAP_S = 0.5  # shorter ones are the edges of two turns

_KEPT = Hearing()
_BEFORE_S = _KEPT.pad_s  # of sound that voice activity keeps around speech: it is no speech
_AFTER_S = min(_KEPT.pad_s, _KEPT.silence_s / 2)


def silences(
    heard: Iterable[Heard], events: Iterable[Mark] = (), joints: Iterable[float] = ()
) -> list[Mark]:
    """Return every silence of at least a second between the first speech and the last.

    events: what happened in the recording. Where sound is missing or was set aside nobody knows
    who spoke, so a silence ends there and may begin anew; exact zeros are a microphone that was
    off, and no silence at all. joints: where two stretches of the recording meet: the same.

    A mark's time is the end of the speech before as transcripts have it, with the sound that is
    kept around speech; its length is that of the silence itself.
    """
    speech = merge(span for window in heard for span in window.speech)
    happened = list(events)
    cuts = sorted({*joints, *(e.at_s for e in happened if e.kind in ASIDE | MISSING)})
    muted = [(e.at_s, e.at_s + e.length_s) for e in happened if e.kind == MarkKind.MUTED]
    found: list[Mark] = []
    for (_, before_s), (after_s, _) in itertools.pairwise(speech):
        for start_s, end_s in _pieces((before_s, after_s), cuts):
            silent = (
                start_s - _AFTER_S * (start_s == before_s),
                end_s + _BEFORE_S * (end_s == after_s),
            )
            length_s = silent[1] - silent[0] - total_s(intersect([silent], muted))
            if length_s >= SHORTEST_SILENCE_S:
                found.append(Mark(start_s, MarkKind.SILENCE, length_s=round(length_s, 2)))
    return found


def overlaps(heard: Iterable[Heard], speakers: Sequence[str]) -> list[Mark]:
    """Return where two channels have speech at once, for half a second or longer.

    speakers: the code of each channel. A mark's time is that of the later one's beginning, so it
    stands before what was said into the other's words; its note has both codes.
    """
    spoken: list[list[Interval]] = [[] for _ in speakers]
    for window in heard:
        if window.words:  # speech without words may be anything: a cough, a chair
            spoken[window.channel] += window.speech
    found: list[Mark] = []
    for (one, first), (other, second) in itertools.combinations(enumerate(spoken), 2):
        for a, b in intersect(first, second):
            length_s = b - _AFTER_S - a - _BEFORE_S
            if length_s >= _SHORTEST_OVERLAP_S:
                note = f"{speakers[one]} {speakers[other]}"
                found.append(Mark(a, MarkKind.OVERLAP, note, round(length_s, 2)))
    return sorted(found, key=lambda mark: mark.at_s)


def _pieces(whole: Interval, cuts: Iterable[float]) -> Iterator[Interval]:
    inside = [cut for cut in cuts if whole[0] < cut < whole[1]]
    return itertools.pairwise([whole[0], *inside, whole[1]])
