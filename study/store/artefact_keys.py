"""Which class of keys opens each kind of artefact; kinds not listed are identifying."""

from __future__ import annotations

from study.artefact_kinds import ArtefactKind
from study.store.keys import KeyClass

_CLASSES = {
    ArtefactKind.PSEUDONYMS: KeyClass.KEY,
    ArtefactKind.ORIGINALS: KeyClass.KEY,
    ArtefactKind.OPENING_KEY: KeyClass.KEY,
    ArtefactKind.PROGRESS: KeyClass.CLEAN,
    ArtefactKind.CLEAN: KeyClass.CLEAN,
    ArtefactKind.LOG: KeyClass.CLEAN,
    ArtefactKind.CHECKS: KeyClass.CLEAN,
    ArtefactKind.SIGNED: KeyClass.CLEAN,
    ArtefactKind.POLICY: KeyClass.CLEAN,
    ArtefactKind.CASES: KeyClass.CLEAN,
    ArtefactKind.HANDED: KeyClass.CLEAN,
    ArtefactKind.HANDING: KeyClass.CLEAN,
    ArtefactKind.DESTRUCTIONS: KeyClass.CLEAN,
    ArtefactKind.HOLDS: KeyClass.CLEAN,
    ArtefactKind.RETENTION: KeyClass.CLEAN,
}


def find_key_class(kind: ArtefactKind) -> KeyClass:
    """Return the class whose keys seal artefacts of a kind."""
    return _CLASSES.get(kind, KeyClass.IDENTIFYING)
