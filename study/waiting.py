"""What waits to be transcribed, in its order. It is kept in the study and outlives the program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from study.artefacts import Kind, Summary
from study.store import WHOLE_STUDY, Study


@dataclass(frozen=True, slots=True)
class Waiting:
    """An interview to be transcribed.

    ``model`` is a speech model's name, empty for the best; a draft is heard quickly.
    """

    interview: str
    model: str = ""
    language: str = "en"
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class _Queue:
    waiting: tuple[Waiting, ...] = ()


def waiting(study: Study) -> tuple[Waiting, ...]:
    """Return what waits, first first."""
    queue = study.get(WHOLE_STUDY, Kind.QUEUE, _Queue)
    return queue.waiting if queue else ()


def line_up(study: Study, more: Sequence[Waiting], *, first: bool = False) -> None:
    """Let more wait, behind what waits already or, if asked, before it; each waits once."""
    with study.change("lined up") as change:
        before = [w for w in waiting(study) if w.interview not in {m.interview for m in more}]
        now = (*more, *before) if first else (*before, *more)
        change.drop(WHOLE_STUDY, Kind.QUEUE)
        change.put(WHOLE_STUDY, Kind.QUEUE, _Queue(now))


def take_out(study: Study, interview: str) -> None:
    """Let one wait no more: it is done, or cannot be."""
    left = tuple(w for w in waiting(study) if w.interview != interview)
    with study.change("taken out of the line") as change:
        change.drop(WHOLE_STUDY, Kind.QUEUE)
        if left:
            change.put(WHOLE_STUDY, Kind.QUEUE, _Queue(left))


def unheard(summaries: Sequence[Summary]) -> list[Summary]:
    """Return the interviews that have sound and no transcript, and are not being recorded."""
    return [s for s in summaries if s.sound_s and not s.is_recording and Kind.RAW not in s.versions]
