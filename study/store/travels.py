"""What was sent from a study and taken in: one entry for each parcel, never removed."""

from __future__ import annotations

from study.artefact_kinds import ArtefactKind
from study.store.study import WHOLE_STUDY, Change, Study
from study.travel import TravelNote


def read_travels(study: Study) -> list[TravelNote]:
    """Return every parcel that was sent or taken in, the oldest first.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_entries``.
    """
    return study.whole.read_entries(ArtefactKind.TRAVELS, TravelNote)


def note_travel(change: Change, note: TravelNote) -> None:
    """Note a parcel, inside the change that sends or takes it in."""
    if not change.study.whole.find_newest_version(ArtefactKind.TRAVELS):
        change.write_artefact(ArtefactKind.TRAVELS, {}, owner=WHOLE_STUDY)
    change.append_entry(ArtefactKind.TRAVELS, note, owner=WHOLE_STUDY)
    change.facts |= {"parcel": note.parcel, "other": note.study, "kind": note.kind.value}
