"""Listening again to what was covered, with the model that heard it the first time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from study import decided
from study.errors import ModelMissing
from study.intervals import Interval
from study.store import Study

if TYPE_CHECKING:
    from handoff.covering import Covered
    from handoff.export import Hear

_AROUND_S = 2.0  # enough for a name that a cover misses to be a word, and not only a sound
_LONGEST_S = 28.0  # a window of the model is 30 s


def listener(study: Study, interview: str) -> Hear | None:
    """Return what says which words are still understood at covered places.

    None where the model is not on this computer any more.
    """
    from models import shelf

    source = decided.newest(study, interview)
    if source is None:
        return None
    try:
        model = shelf.speech(source.transcript.provenance.model)
    except ModelMissing:
        return None

    def hear(sound: Covered, over: list[Interval]) -> Iterator[tuple[Interval, str]]:
        from transcribe.engine import Engine, Options
        from transcribe.hearing import excerpt

        engine = Engine(model, Options())
        for start_s, end_s in _windows(over, sound.frames / sound.form.rate):
            for track in range(sound.form.channels):
                samples = excerpt(sound, (track,), start_s, end_s)
                for word in engine.hear(samples, start_s, seed=0):
                    yield (word.start_s, word.end_s), word.text

    return hear


def _windows(over: list[Interval], duration_s: float) -> list[Interval]:
    """Return stretches with every covered place in them, with what is said around it."""
    found: list[Interval] = []
    for start_s, end_s in over:
        begin, stop = max(0.0, start_s - _AROUND_S), min(duration_s, end_s + _AROUND_S)
        if found and begin <= found[-1][1] and stop - found[-1][0] <= _LONGEST_S:
            found[-1] = found[-1][0], stop
        else:
            while stop - begin > _LONGEST_S:
                found.append((begin, begin + _LONGEST_S))
                begin += _LONGEST_S
            found.append((begin, stop))
    return found
