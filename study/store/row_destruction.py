"""Taking the rows and the sealed keys of what is destroyed out of ``study.db``.

All of it happens inside the caller's change, whose line tells the trail what is missed no more.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from study.artefact_kinds import ArtefactKind
from study.destruction import (
    STATE_ARTEFACTS,
    DestroyedItem,
    Destruction,
    DestructionPart,
    GivenAway,
    OutsideCopy,
)
from study.records import CaseAttributes, HandOver
from study.store.artefact_keys import find_key_class
from study.store.interview_sound import list_stretches, locate_stretch
from study.store.keys import KeyClass
from study.store.redaction import (
    RedactedStretch,
    enter_redacted_sound,
    redact_names,
    redact_words,
)
from study.store.study import WHOLE_STUDY, Change, Interview, Study
from study.store.trail_witness import DESTROYED, EMPTIED

_SOUND_FORMATS = frozenset({"wav", "flac", "ogg", "mp3", "m4a", "opus"})


def takes_names(part: DestructionPart) -> bool:
    """Whether the names go that were entered with an interview, which stays."""
    return not part.whole and ArtefactKind.PSEUDONYMS in part.kinds


def recall_copy(given: GivenAway) -> OutsideCopy:
    """Return the copy that a receiver of a hand-over has."""
    to = given.hand_over.to or "a receiver who was not named"
    return OutsideCopy(
        f"{given.label}, handed to {to} on {given.hand_over.at[:10]}:"
        " ask them to delete it, and file their answer"
    )


def list_given_away(study: Study, parts: Iterable[DestructionPart]) -> tuple[GivenAway, ...]:
    """Return the hand-overs of what goes, of the words or of the sound alone; each once.

    Those that went with the clean text in an earlier destruction are still out there: they are
    known by its record.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    found: list[GivenAway] = []
    for part in parts:
        are_words = part.whole or ArtefactKind.HANDED in part.kinds
        for one in (*_list_earlier(study, part.owner), *list_recorded(study, part.owner)):
            if are_words or (part.sound and _SOUND_FORMATS & {*one.formats}):
                given = GivenAway(part.label, one)
                found += [] if given in found else [given]
    return tuple(found)


def list_recorded(study: Study, owner: str) -> list[HandOver]:
    """Return the hand-overs that are recorded with an interview, the oldest first.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    interview = Interview(study, owner)
    versions = range(1, interview.find_newest_version(ArtefactKind.HANDED) + 1)
    read = (interview.read_artefact(ArtefactKind.HANDED, HandOver, n) for n in versions)
    return [one for one in read if one is not None]


def _list_earlier(study: Study, owner: str) -> Iterator[HandOver]:
    """Yield the hand-overs of an interview that an earlier destruction took the record of."""
    every = study.whole.read_artefact(ArtefactKind.DESTRUCTIONS, tuple[Destruction, ...]) or ()
    for one in every:
        labels = {part.label for part in one.parts if part.owner == owner}
        yield from (given.hand_over for given in one.given_away if given.label in labels)


def drop_part(
    change: Change, part: DestructionPart, sounds: dict[str, RedactedStretch]
) -> list[DestroyedItem]:
    """Take one part out of the database; return what it was, row by row.

    sounds: by owner, what is left of the sound of those parts of which a single speaker goes.
    """
    study, items = change.study, list[DestroyedItem]()
    interview = Interview(study, part.owner)
    if part.sound:
        items += _drop_sound(change, part)
        if (made := sounds.get(part.owner)) is not None and part.speaker:
            enter_redacted_sound(change, made)
    kinds = _list_kinds(study, part.owner)
    if not part.whole:
        kinds = [kind for kind in kinds if kind in part.kinds or _is_shell(study, part, kind)]
    items += [item for kind in kinds for item in _list_rows(study, part, kind)]
    if part.speaker and ArtefactKind.RAW in kinds:
        redact_words(change, interview, part.speaker)
        kinds = [kind for kind in kinds if kind not in _REDACTED_KINDS]
    if takes_names(part):
        redact_names(change, interview, part.speaker)
    for kind in kinds:
        _drop_kind(change, part, kind)
    items += _drop_unused_keys(change, part)
    if part.whole:
        study.db.execute("DELETE FROM interview WHERE id = ?", [part.owner])
    return items


_REDACTED_KINDS = frozenset({
    ArtefactKind.RAW, ArtefactKind.CORRECTED, ArtefactKind.MENTIONS, ArtefactKind.PSEUDONYMS,
})  # fmt: skip


def _list_kinds(study: Study, owner: str) -> list[ArtefactKind]:
    rows = study.db.execute(
        "SELECT DISTINCT kind FROM artefact WHERE interview = ? ORDER BY kind", [owner]
    ).fetchall()
    return [ArtefactKind(kind) for (kind,) in rows]


def _list_rows(study: Study, part: DestructionPart, kind: ArtefactKind) -> list[DestroyedItem]:
    items: list[DestroyedItem] = []
    for version, sealed in study.db.execute(
        "SELECT version, sealed FROM artefact WHERE interview = ? AND kind = ? AND sealed != x''"
        " ORDER BY version",
        [part.owner, kind],
    ):
        digest = hashlib.sha256(sealed).hexdigest()
        items.append(DestroyedItem(part.label, f"{kind}.{version}", digest, len(sealed)))
    every, size, count = hashlib.sha256(), 0, 0
    for (sealed,) in study.db.execute(
        "SELECT sealed FROM entry WHERE interview = ? AND kind = ? AND sealed != x''"
        " ORDER BY version, number",
        [part.owner, kind],
    ):
        every.update(hashlib.sha256(sealed).digest())
        size, count = size + len(sealed), count + 1
    if count:
        name = f"{kind}, entries ({count})"
        items.append(DestroyedItem(part.label, name, every.hexdigest(), size))
    return items


def _drop_kind(change: Change, part: DestructionPart, kind: ArtefactKind) -> None:
    if kind in STATE_ARTEFACTS and _stands_behind_clean_text(change.study, part):
        _empty_kind(change, part.owner, kind)
    else:
        change.drop_artefact(kind, owner=part.owner)


def _is_shell(study: Study, part: DestructionPart, kind: ArtefactKind) -> bool:
    """Whether a kind is but a shell behind a clean text that goes as well."""
    if ArtefactKind.CLEAN not in part.kinds:
        return False
    found = study.db.execute(
        "SELECT max(length(sealed)) FROM artefact WHERE interview = ? AND kind = ?",
        [part.owner, kind],
    ).fetchone()
    return found == (0,)


def _stands_behind_clean_text(study: Study, part: DestructionPart) -> bool:
    if part.whole or ArtefactKind.CLEAN in part.kinds:
        return False
    found = study.db.execute(
        "SELECT 1 FROM artefact WHERE interview = ? AND kind = ?", [part.owner, ArtefactKind.CLEAN]
    ).fetchone()
    return found is not None


def _empty_kind(change: Change, owner: str, kind: ArtefactKind) -> None:
    """Leave shells of the newest version and its last entry, so that a sign-off still holds."""
    db, rows = change.study.db, change.study.rows
    newest = rows.find_newest_version(owner, kind)
    last = rows.count_entries(owner, kind, newest)
    change.drop_versions(kind, owner=owner, before=newest)
    db.execute(
        "DELETE FROM entry WHERE interview = ? AND kind = ? AND number < ?", [owner, kind, last]
    )
    for table in ("artefact", "entry"):
        db.execute(
            f"UPDATE {table} SET sealed = x'' WHERE interview = ? AND kind = ?",  # noqa: S608 - two constants
            [owner, kind],
        )
    change.facts[f"{owner}:{kind}.{newest}"] = EMPTIED
    if last:
        change.facts[f"{owner}:{kind}.{newest}.{last}"] = EMPTIED


def _drop_sound(change: Change, part: DestructionPart) -> list[DestroyedItem]:
    interview = Interview(change.study, part.owner)
    items: list[DestroyedItem] = []
    for row in list_stretches(interview):
        path = locate_stretch(interview, row.number)
        digest, size = "", 0
        with contextlib.suppress(OSError), path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
        items.append(DestroyedItem(part.label, f"sound {row.number}", digest, size))
        change.facts[f"{part.owner}:stretch.{row.number}{DESTROYED}"] = 1
    change.study.db.execute("DELETE FROM stretch WHERE interview = ?", [part.owner])
    return items


def _drop_unused_keys(change: Change, part: DestructionPart) -> list[DestroyedItem]:
    """Destroy those of an owner's data keys that open nothing any more."""
    db, items = change.study.db, list[DestroyedItem]()
    used = {
        find_key_class(ArtefactKind(kind))
        for table in ("artefact", "entry")
        for (kind,) in db.execute(
            f"SELECT DISTINCT kind FROM {table} WHERE interview = ? AND sealed != x''",  # noqa: S608 - two constants
            [part.owner],
        )
    }
    if list_stretches(Interview(change.study, part.owner)):
        used.add(KeyClass.IDENTIFYING)
    for name, sealed in db.execute(
        "SELECT class, sealed FROM data_key WHERE interview = ?", [part.owner]
    ).fetchall():
        if KeyClass(name) in used:
            continue
        db.execute("DELETE FROM data_key WHERE interview = ? AND class = ?", [part.owner, name])
        digest = hashlib.sha256(sealed).hexdigest()
        items.append(DestroyedItem(part.label, f"key of the class {name}", digest, len(sealed)))
        change.facts[f"{part.owner}:key.{name}{DESTROYED}"] = digest
    return items


def drop_cases(change: Change, code: str) -> None:
    """Take a participant's attributes out of the study's, and drop every earlier version."""
    study = change.study
    cases = study.whole.read_artefact(ArtefactKind.CASES, CaseAttributes)
    if cases is None:
        return
    left = replace(cases, values={k: v for k, v in cases.values.items() if k != code})
    version = change.write_artefact(ArtefactKind.CASES, left, owner=WHOLE_STUDY)
    change.drop_versions(ArtefactKind.CASES, owner=WHOLE_STUDY, before=version)
