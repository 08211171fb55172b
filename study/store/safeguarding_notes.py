"""Notes about somebody's safety, each with an owner and a data key of its own.

Whoever records or corrects an interview may write one; owners and officers alone read them, and
each reading is a line of the trail.
"""

from __future__ import annotations

from dataclasses import replace

from study.artefact_kinds import ArtefactKind
from study.errors import UnknownNote
from study.permissions import PersonAction
from study.safeguarding import SafeguardingNote, SomebodyTold
from study.store.database import map_storage_errors
from study.store.interview_ids import generate_interview_id
from study.store.study import Interview, Study
from study.typed_text import require_short


def raise_concern(interview: Interview, what: str) -> str:
    """Write a note about an interview; return its id.

    Raises:
        TextTooLong: it is longer than a few sentences.
        RoleForbids, KeyNotHeld: who is there may not.
    """
    require_short(what)
    study, owner = interview.study, generate_interview_id()
    label = interview.label
    with study.change("safeguarding raised") as change:
        note = SafeguardingNote(interview.id, label, what, study.ring.slot, change.made_at)
        change.write_artefact(ArtefactKind.SAFEGUARDING, note, owner=owner)
    return owner


def count_safeguarding_notes(study: Study) -> int:
    """Return how many notes there are, which anybody may know; none is read."""
    with study.lock, map_storage_errors():
        (count,) = study.db.execute(
            "SELECT count(DISTINCT interview) FROM artefact WHERE kind = ?",
            [ArtefactKind.SAFEGUARDING],
        ).fetchone()
    return count


def read_safeguarding_notes(study: Study) -> list[tuple[str, SafeguardingNote]]:
    """Return all notes with their ids, oldest first; it is noted that somebody read them.

    Raises:
        RoleForbids, KeyNotHeld: who is there may not.
    """
    study.require_permitted(PersonAction.KEEP_SAFE)
    found = _read_all(study)
    if found and not study.is_read_only:
        with study.change("safeguarding read") as change:
            change.facts["notes"] = len(found)
    return found


def note_who_was_told(study: Study, owner: str, who: str, on: str) -> SafeguardingNote:
    """Add to a note whom was told, and when.

    Raises:
        UnknownNote: there is none of this id.
        TextTooLong: who it was is longer than a few sentences.
        RoleForbids, KeyNotHeld: who is there may not.
    """
    study.require_permitted(PersonAction.KEEP_SAFE)
    require_short(who)
    known = dict(_read_all(study)).get(owner)
    if known is None:
        raise UnknownNote
    made = replace(known, told=(*known.told, SomebodyTold(who, on, study.ring.slot)))
    with study.change("safeguarding told") as change:
        change.write_artefact(ArtefactKind.SAFEGUARDING, made, owner=owner)
    return made


def _read_all(study: Study) -> list[tuple[str, SafeguardingNote]]:
    with study.lock, map_storage_errors():
        owners = study.db.execute(
            "SELECT DISTINCT interview FROM artefact WHERE kind = ?", [ArtefactKind.SAFEGUARDING]
        ).fetchall()
    read = (
        (owner, study.rows.read_artefact(owner, ArtefactKind.SAFEGUARDING, SafeguardingNote))
        for (owner,) in owners
    )
    return sorted(
        ((owner, note) for owner, note in read if note is not None), key=lambda one: one[1].at
    )
