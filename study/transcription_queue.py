"""Interviews that wait to be transcribed. The study stores the queue, so it survives a restart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from study.artefact_kinds import ArtefactKind
from study.artefacts import InterviewSummary


@dataclass(frozen=True, slots=True)
class QueuedInterview:
    """An interview to be transcribed.

    ``model`` is a speech model's name, "" for the best that is installed; ``is_draft`` asks for a
    fast one. ``language`` is a code or ``auto``, "" for the interview's own; ``is_unchecked`` says
    that a person insists on it, whatever the first minutes sound like.
    """

    interview: str
    model: str = ""
    language: str = ""
    is_draft: bool = False
    is_unchecked: bool = False


def select_untranscribed(summaries: Sequence[InterviewSummary]) -> list[InterviewSummary]:
    """Return the interviews that have sound without a transcript, and are not being recorded.

    A spoken consent is none of them.
    """
    return [
        s
        for s in summaries
        if s.sound_s
        and not s.is_recording
        and (ArtefactKind.RAW not in s.versions or s.has_later_sound)
        and not (s.about and s.about.is_spoken_consent)
    ]
