"""The lasting list of hashes of the sound files that a study has taken.

It is an artefact of the whole study, an entry for each file, and is written in the change that
brings the sound in. It names no file and no interview, and no withdrawal removes anything of it: so
what was destroyed is not taken again by mistake.
"""

from __future__ import annotations

from collections.abc import Sequence

from study.artefact_kinds import ArtefactKind
from study.file_hashes import FileHash
from study.store.study import WHOLE_STUDY, Change, Study


def list_taken_hashes(study: Study) -> list[FileHash]:
    """Return the hashes of the sound files that a study has ever taken, oldest first.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    return study.whole.read_entries(ArtefactKind.TAKEN, FileHash)


def note_taken_hashes(change: Change, hashes: Sequence[FileHash]) -> None:
    """Add files to the list, in the change that brings their sound in."""
    if not hashes:
        return
    if not change.study.whole.find_newest_version(ArtefactKind.TAKEN):
        change.write_artefact(ArtefactKind.TAKEN, {}, owner=WHOLE_STUDY)
    change.append_entries(ArtefactKind.TAKEN, hashes, owner=WHOLE_STUDY)
