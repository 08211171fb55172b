"""Why an interview has no sound or no words: nobody made any yet, or they are gone for good."""

from __future__ import annotations

from study.artefact_kinds import ArtefactKind
from study.errors import (
    DataDestroyed,
    EarshotError,
    HasWithdrawn,
    SoundMissing,
    TranscriptMissing,
)
from study.records import list_others
from study.store.database import map_storage_errors
from study.store.study import Interview
from study.store.trail import read_trail_lines
from study.store.trail_witness import DESTROYED
from study.store.withdrawals import list_withdrawals

_STRETCH, _DROPPED = "stretch.", ".dropped"


def explain_missing_sound(interview: Interview) -> EarshotError:
    """Return the error for an interview without sound, to be raised.

    It is ``HasWithdrawn`` where somebody who takes part has withdrawn, so that nothing is recorded;
    ``DataDestroyed`` where the sound was destroyed; else ``SoundMissing``.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    codes = set(list_others(interview.participants))
    for one in list_withdrawals(interview.study.whole):
        if one.code in codes:
            return HasWithdrawn(one.code)
    return DataDestroyed() if _is_destroyed(interview, _STRETCH, DESTROYED) else SoundMissing()


def explain_missing_transcript(interview: Interview) -> EarshotError:
    """Return the error for an interview without a transcript, to be raised.

    It is ``HasWithdrawn`` where somebody took back what was said; ``DataDestroyed`` where the words
    were destroyed; else ``TranscriptMissing``.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    try:
        interview.require_workable()
    except HasWithdrawn as withdrawn:
        return withdrawn
    is_gone = _is_destroyed(interview, f"{ArtefactKind.RAW}.", _DROPPED)
    return DataDestroyed() if is_gone else TranscriptMissing()


def _is_destroyed(interview: Interview, begins: str, ends: str) -> bool:
    """Whether the trail tells that something of this interview is gone, by the fact's name."""
    wanted = f"{interview.id}:{begins}"
    with interview.study.lock, map_storage_errors():
        return any(
            fact.startswith(wanted) and fact.endswith(ends)
            for line in read_trail_lines(interview.study.db)
            for fact in line.facts
        )
