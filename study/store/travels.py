"""What left a study sealed: parcels for other studies, and sound for the computers of a cluster.

There is an entry for each parcel that was sent or taken in, never removed. Of a cluster the trail
tells, here and in the study that an interview came from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from study.artefact_kinds import ArtefactKind
from study.errors import KeyNotHeld
from study.permissions import SOUND_SEALED_FOR_CLUSTER
from study.store.database import map_storage_errors
from study.store.parcel_contents import OriginalTrail
from study.store.study import WHOLE_STUDY, Change, Interview, Study
from study.store.study_keys import list_trusted
from study.store.trail import read_trail_lines
from study.travel import ParcelKind, TravelNote


@dataclass(frozen=True, slots=True)
class SentAway:
    """A sealed copy of an interview that another study has.

    interview: its id. study: what the other study is called here, or the first eight letters of
    its id. how: as it was sent, or lent. at: an ISO 8601 time.
    """

    interview: str
    study: str
    how: ParcelKind
    at: str


def read_travels(study: Study) -> list[TravelNote]:
    """Return every parcel that was sent or taken in, the oldest first.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_entries``.
    """
    return study.whole.read_entries(ArtefactKind.TRAVELS, TravelNote)


def list_sent_away(study: Study, interviews: Collection[str]) -> list[SentAway]:
    """Return what other studies were sent of some interviews, the oldest first; receipts are none.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_entries``.
    """
    names = {one.card.study: one.name for one in list_trusted(study)}
    return [
        SentAway(interview, names.get(note.study) or note.study[:8], note.kind, note.at)
        for note in read_travels(study)
        if note.is_out and note.kind is not ParcelKind.RECEIPT
        for interview in sorted(note.interviews)
        if interview in interviews
    ]


def list_unsettled_moves(study: Study, interviews: Collection[str]) -> dict[str, SentAway]:
    """Return which of some interviews were moved away and are still here, by their ids.

    They wait for the receipt, or for what it settles. Whose keys do not tell what was sent gets
    none.

    Raises:
        StudyDamaged: as ``ArtefactHandle.read_entries``.
    """
    try:
        sent = list_sent_away(study, interviews)
    except KeyNotHeld:
        return {}
    return {one.interview: one for one in sent if one.how is ParcelKind.MOVED}


def list_heard_elsewhere(study: Study, interviews: Collection[str]) -> frozenset[str]:
    """Return the interviews whose sound went sealed to other computers of a cluster.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    with study.lock, map_storage_errors():
        here = {
            line.interview
            for line in read_trail_lines(study.db)
            if line.verb == SOUND_SEALED_FOR_CLUSTER
        }
    return frozenset(one for one in interviews if one in here or _went_before(study.interview(one)))


def _went_before(interview: Interview) -> bool:
    """Whether it went to a cluster in a study that it came from."""
    return any(
        line.verb == SOUND_SEALED_FOR_CLUSTER
        for trail in _read_original_trails(interview)
        for line in trail.lines
    )


def _read_original_trails(interview: Interview) -> Iterator[OriginalTrail]:
    for version in range(1, interview.find_newest_version(ArtefactKind.ORIGINAL_TRAIL) + 1):
        trail = interview.read_artefact(ArtefactKind.ORIGINAL_TRAIL, OriginalTrail, version)
        if trail is not None:
            yield trail


def note_travel(change: Change, note: TravelNote) -> None:
    """Note a parcel, inside the change that sends or takes it in."""
    if not change.study.whole.find_newest_version(ArtefactKind.TRAVELS):
        change.write_artefact(ArtefactKind.TRAVELS, {}, owner=WHOLE_STUDY)
    change.append_entry(ArtefactKind.TRAVELS, note, owner=WHOLE_STUDY)
    change.facts |= {"parcel": note.parcel, "other": note.study, "kind": note.kind.value}
