"""Interviews to be destroyed, and the search for what is left of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from study.artefact_facts import HandOverFacts, TranscriptFacts
from study.artefact_kinds import ArtefactKind
from study.destruction import (
    KIND_ARTEFACTS,
    WORD_ARTEFACTS,
    DataKind,
    Destruction,
    DestructionCause,
    DestructionPart,
)
from study.records import (
    Category,
    HandOver,
    InterviewDetails,
    Participant,
    Provenance,
    Pseudonym,
    SoundFormat,
    Transcript,
    Turn,
)
from study.store.destruction import ask_destruction, confirm_destruction
from study.store.recordings import IncomingSound
from study.store.study import Study

WORDS = WORD_ARTEFACTS
PURGED = WORDS | KIND_ARTEFACTS[DataKind.SOUND]
_TEXTS = {ArtefactKind.RAW, ArtefactKind.CORRECTED}
_OF_OTHER_SHAPE = {
    ArtefactKind.ORIGIN,
    ArtefactKind.PSEUDONYMS,
    ArtefactKind.HANDED,
    ArtefactKind.LOG,
    ArtefactKind.SIGNED,
}


def enter(study: Study, label: str, code: str, form: SoundFormat, second: bytes) -> str:
    """Enter an interview with sound, words, and something of every kind that is made of them."""
    with IncomingSound(study, form) as incoming:
        incoming.write(second)
        about = InterviewDetails(label, (Participant(code, names=("Margaret Hollis",)),))
        interview = incoming.keep(about, {"container": "WAV"})
    words = Transcript((Turn(0, code, 0.0, 1.0, "I am Margaret"),), Provenance("t", "e"))
    with study.interview(interview).change("transcribed") as change:
        for kind in sorted(PURGED - _OF_OTHER_SHAPE):
            change.write_artefact(kind, words, TranscriptFacts(1) if kind in _TEXTS else None)
        change.append_entries(ArtefactKind.FOUND, ["one", "two"])
        change.write_artefact(ArtefactKind.LOG, ())
        change.write_artefact(
            ArtefactKind.PSEUDONYMS, [Pseudonym(Category.PERSON, "[Person 1]", ("margaret",))]
        )
    return interview


def hand_over(study: Study, interview: str, folder: str, words: bytes, *others: str) -> HandOver:
    """Write a hand-over into the study's folder, and record it; others: whose it is as well."""
    place = study.folder / folder
    place.mkdir(parents=True)
    files = {"manifest.json": b"{}", "project.qdpx": words, "readme.txt": b"Read me."}
    files |= {"SHA256SUMS": "".join(
        f"{hashlib.sha256(one).hexdigest()}  {name}\n" for name, one in files.items()
    ).encode()}  # fmt: skip
    for name, one in files.items():
        (place / name).write_bytes(one)
    digests = {name: hashlib.sha256(one).hexdigest() for name, one in files.items()}
    fingerprint = digests.pop("SHA256SUMS")
    slot = study.ring.slot
    with study.change("handed over", interview) as change:
        made = HandOver(change.made_at, slot, "Dr Jones", "", ("qdpx",), digests, fingerprint)
        for owner in (interview, *others):
            change.write_artefact(ArtefactKind.HANDED, made, HandOverFacts(1), owner=owner)
        change.facts["fingerprint"] = fingerprint
    return made


def whole(*owners: str) -> Destruction:
    parts = tuple(DestructionPart(o, "P07_i1", whole=True, sound=True) for o in owners)
    return wanted("everything", *parts)


def wanted(scope: str, *parts: DestructionPart) -> Destruction:
    return Destruction("", DestructionCause.WITHDRAWAL, scope, "P07", parts, 0, "")


def destroy(study: Study, order: Destruction) -> Destruction:
    return confirm_destruction(study, ask_destruction(study, order).id)


def read_secrets(study: Study, interview: str) -> dict[str, bytes]:
    """Everything of one interview that a disk could give away: sealed rows, keys, sound."""
    db = study.db
    found = {
        f"{kind} {n}": bytes(sealed)
        for table in ("artefact", "entry")
        for n, (kind, sealed) in enumerate(
            db.execute(
                f"SELECT kind, sealed FROM {table} WHERE interview = ?",  # noqa: S608 - two constants
                [interview],
            )
        )
    }
    for name, sealed in db.execute(
        "SELECT class, sealed FROM data_key WHERE interview = ?", [interview]
    ):
        found[f"key {name}"] = sealed
    for number, sealed in db.execute(
        "SELECT number, sealed_key FROM stretch WHERE interview = ?", [interview]
    ):
        found[f"sound key {number}"] = sealed
    for path in (study.folder / "audio" / interview).glob("*"):
        found[path.name] = path.read_bytes()[-3000:]
    return found


def find_left(folder: Path, secrets: dict[str, bytes]) -> set[str]:
    """Return which of the secrets are found in any file of the folder."""
    every = b"\0".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return {name for name, raw in secrets.items() if raw[-60:] in every or raw[:60] in every}
