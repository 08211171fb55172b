"""Holding who is there to what their role allows, and to interviews of their own where it says so.

An interview is the own one of who entered it, which the first line of the trail about it tells.
"""

from __future__ import annotations

import sqlite3

from study.artefact_kinds import ArtefactKind
from study.errors import RoleForbids
from study.permissions import CHANGES, OWN_INTERVIEWS_ONLY, is_permitted
from study.person_roles import PersonRole
from study.store.database import map_storage_errors
from study.store.keys import Keyring

_OF_OTHERS = "work on interviews that somebody else entered"
_LISTED = ArtefactKind.ABOUT  # the list of interviews shows labels


def require_change(db: sqlite3.Connection, ring: Keyring, verb: str, interview: str) -> None:
    """Refuse a change that the role of who is there does not allow.

    verb: what the trail would say. interview: the id of the one that it is about, "" for none.

    Raises:
        RoleForbids: the role does not allow it, or not on the interviews of others.
    """
    if ring.role is PersonRole.OWNER:
        return
    action = CHANGES.get(verb)
    if verb not in CHANGES or (action is not None and not is_permitted(ring.role, action)):
        raise RoleForbids(ring.role.value, action.value if action else "do that")
    if action is not None and interview and not _is_own(db, ring, interview):
        raise RoleForbids(ring.role.value, _OF_OTHERS)


def require_readable(
    db: sqlite3.Connection,
    ring: Keyring,
    interview: str,
    kind: ArtefactKind | None = None,
    known: dict[str, int] | None = None,
) -> None:
    """Refuse to read what was said in an interview of somebody else, where the role says so.

    kind: of the artefact, None for sound. What belongs to the whole study is for everybody. known:
    the slots that entered interviews, as far as they were looked up; it is added to. The first line
    about an interview never changes, and looking for it reads through the trail.

    Raises:
        RoleForbids: the interview is somebody else's.
    """
    if kind is not _LISTED and not _is_own(db, ring, interview, known):
        raise RoleForbids(ring.role.value, _OF_OTHERS)


def list_foreign(db: sqlite3.Connection, ring: Keyring) -> frozenset[str]:
    """Return the ids of the interviews on which the role of who is there may not work.

    Call with the study's lock held.
    """
    if ring.role not in OWN_INTERVIEWS_ONLY:
        return frozenset()
    first = db.execute(
        "SELECT interview, slot, min(number) FROM trail"
        " WHERE interview IN (SELECT id FROM interview) GROUP BY interview"
    )
    return frozenset(interview for interview, slot, _ in first if slot != ring.slot)


def _is_own(
    db: sqlite3.Connection, ring: Keyring, interview: str, known: dict[str, int] | None = None
) -> bool:
    """Whether an interview is own, new or no interview, or the role is not held to own ones."""
    if ring.role not in OWN_INTERVIEWS_ONLY:
        return True
    known = {} if known is None else known
    with map_storage_errors():
        is_there = db.execute("SELECT 1 FROM interview WHERE id = ?", [interview]).fetchone()
        if is_there is None:
            return True
        if interview not in known:
            first = db.execute(
                "SELECT slot FROM trail WHERE interview = ? ORDER BY number LIMIT 1", [interview]
            ).fetchone()
            if first is None:
                return True
            known[interview] = first[0]
    return known[interview] == ring.slot
