"""Why an interview has no sound: nobody recorded any yet, or it is gone and stays so."""

from __future__ import annotations

from study.errors import DataDestroyed, EarshotError, HasWithdrawn, SoundMissing
from study.records import list_others
from study.store.database import map_storage_errors
from study.store.study import Interview
from study.store.trail import read_trail_lines
from study.store.trail_witness import DESTROYED
from study.store.withdrawals import list_withdrawals

_STRETCH = "stretch."


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
    return DataDestroyed() if _is_destroyed(interview) else SoundMissing()


def _is_destroyed(interview: Interview) -> bool:
    wanted = f"{interview.id}:{_STRETCH}"
    with interview.study.lock, map_storage_errors():
        return any(
            fact.startswith(wanted) and fact.endswith(DESTROYED)
            for line in read_trail_lines(interview.study.db)
            for fact in line.facts
        )
