"""Names that may be said, entered once an interview is there: of who takes part, and of others.

They are sealed with what is known of the interview, looked for with the next search, and shown on
no screen and by no verb.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.withdrawn import list_withdrawn
from study import ArtefactKind, InterviewDetails, RegisterEntry
from study.errors import HasWithdrawn, UnknownParticipant
from study.store import Interview


def enter_names(
    interview: Interview,
    names: Mapping[str, Sequence[str]],
    register: Sequence[RegisterEntry] | None = None,
) -> bool:
    """Enter the names of participants, by their codes, and the register; whether any are new.

    names: of those that are named, in place of what was entered before. register: who and what else
    may be named, in place of what was entered before; None leaves it.

    Raises:
        UnknownParticipant: nobody of this code takes part.
        HasWithdrawn: somebody of these has withdrawn from the study.
        RoleForbids, KeyNotHeld, StudyInUse, StudyUnwritable, DiskFull: it is as it was before.
    """
    study = interview.study
    with study.lock:
        before = interview.details
        if not names.keys() <= {one.code for one in before.participants}:
            raise UnknownParticipant
        withdrawn = list_withdrawn(study)
        if gone := next((code for code, own in names.items() if own and code in withdrawn), None):
            raise HasWithdrawn(gone)
        now = replace(
            before,
            participants=tuple(
                replace(one, names=tuple(names.get(one.code, one.names)))
                for one in before.participants
            ),
            register=before.register if register is None else tuple(register),
        )
        if now == before:
            return False
        with interview.change("names entered") as change:
            change.write_artefact(ArtefactKind.ABOUT, now)
    return True


def count_names(about: InterviewDetails) -> dict[str, int]:
    """Count the names of each participant who has some, and of others under ``others``."""
    counts = {one.code: len(one.names) for one in about.participants if one.names}
    return counts | ({"others": len(about.register)} if about.register else {})
