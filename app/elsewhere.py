"""Which interviews another program transcribes at this moment: the lock that it holds tells."""

from __future__ import annotations

from collections.abc import Iterable

from study import InterviewState, InterviewSummary
from study.errors import EarshotError, StudyInUse
from study.store import AUDIO_FOLDER, PresenceLock, Study

_WITH_WORK = frozenset({InterviewState.RECORDED, InterviewState.TRANSCRIBING})


def list_transcribed_elsewhere(
    study: Study, summaries: Iterable[InterviewSummary], own: str = ""
) -> frozenset[str]:
    """Return the ids of the interviews that another program transcribes now.

    own: the id of the one that this program works on, "" for none. Only those that have sound and
    no transcript yet are looked at: of the others the list says what to do with the transcript.
    """
    return frozenset(
        one.id
        for one in summaries
        if one.state in _WITH_WORK and one.sound_s and one.id != own and _is_held(study, one.id)
    )


def _is_held(study: Study, interview: str) -> bool:
    """Whether a program holds the interview; the lock is let go at once where none does."""
    folder = study.folder / AUDIO_FOLDER / interview
    if not folder.is_dir():
        return False
    try:
        lock = PresenceLock(folder)
    except EarshotError:
        return False
    try:
        lock.hold_shared()
    except StudyInUse:
        return True
    finally:
        lock.release()
    return False
