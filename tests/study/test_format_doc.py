"""A second reader, written after docs/format.md: Earshot only makes the study that it reads."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import re
import sqlite3
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from study.artefact_kinds import ArtefactKind
from study.events import ASIDE_KINDS
from study.records import Mark, Mentions, SoundFormat
from study.store.artefact_keys import find_key_class
from study.store.study import Study
from tests.study.sound_version_1 import write_version_1


def bind(*parts: str | int | bytes) -> bytes:
    raw = [part if isinstance(part, bytes) else str(part).encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in raw)


def opened(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], bound)


@dataclass(frozen=True)
class Reader:
    """A study opened with nothing but the document."""

    folder: Path
    db: sqlite3.Connection
    keys: dict[str, bytes]
    study_id: str
    format: int
    inside: Any  # what the passphrase opened in the slot

    @classmethod
    def open(cls, folder: Path, passphrase: str) -> Reader:
        db = sqlite3.connect(folder / "study.db")
        assert db.execute("PRAGMA application_id").fetchone() == (0x45415253,)
        (written,) = db.execute("PRAGMA user_version").fetchone()
        assert written in {1, 2, 3, 4}
        (study_id,) = db.execute("SELECT value FROM meta WHERE name = 'id'").fetchone()
        inside, keys = cls.unlock(db, written, passphrase)
        return cls(folder, db, keys, study_id, written, inside)

    @staticmethod
    def unlock(
        db: sqlite3.Connection, written: int, passphrase: str
    ) -> tuple[Any, dict[str, bytes]]:
        """Return what the passphrase of slot 1 opens, and the class keys."""
        number, name, cost, salt, sealed = db.execute(
            "SELECT number, name, cost, salt, sealed FROM slot WHERE number = 1"
        ).fetchone()
        price = json.loads(cost)
        slot_key = Argon2id(
            salt=salt,
            length=32,
            iterations=price["iterations"],
            lanes=price["lanes"],
            memory_cost=price["memory_kib"],
        ).derive(unicodedata.normalize("NFC", passphrase).encode())
        if written < 3:
            inside = json.loads(opened(slot_key, sealed, bind("slot", number, name, cost)))
            assert inside[0] == number
            return inside, {kind: base64.b64decode(key) for kind, key in inside[1].items()}
        role, signing, receiving, classes, keys = db.execute(
            "SELECT role, signing, receiving, classes, keys FROM slot WHERE number = 1"
        ).fetchone()
        bound = bind("slot", number, name, cost, role, signing, receiving)
        inside = json.loads(opened(slot_key, sealed, bound))
        own = X25519PrivateKey.from_private_bytes(base64.b64decode(inside["receiving"]))
        shared = own.exchange(X25519PublicKey.from_public_bytes(keys[:32]))
        info = bind("earshot keys for a person", keys[:32], receiving)
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(shared)
        told = json.loads(opened(key, keys[32:], bind("keys", number, classes, signing, receiving)))
        return inside, {kind: base64.b64decode(key) for kind, key in told.items()}

    def data_key(self, interview: str, key_class: str) -> bytes:
        (sealed,) = self.db.execute(
            "SELECT sealed FROM data_key WHERE interview = ? AND class = ?", [interview, key_class]
        ).fetchone()
        bound = bind(self.study_id, "data key", interview, key_class)
        return opened(self.keys[key_class], sealed, bound)

    def artefact(self, interview: str, kind: str, key_class: str) -> Any:  # noqa: ANN401 - any JSON
        """Return the newest version's content."""
        (version,) = self.db.execute(
            "SELECT max(version) FROM artefact WHERE interview = ? AND kind = ?", [interview, kind]
        ).fetchone()
        columns = "created_at, counts, sealed" + (", format" if self.format > 1 else ", 1")
        created_at, counts, sealed, written = self.db.execute(
            f"SELECT {columns} FROM artefact"  # noqa: S608 - two constants
            " WHERE interview = ? AND kind = ? AND version = ?",
            [interview, kind, version],
        ).fetchone()
        bound = (self.study_id, "artefact", interview, kind, version, 0, created_at, counts)
        said = bind(*bound, *([] if written == 1 else [written]))
        return json.loads(opened(self.data_key(interview, key_class), sealed, said))

    def searched(self, interview: str) -> tuple[str, int, int]:
        """Return the state of the transcript that was searched: its kind, version and edits."""
        mentions = self.artefact(interview, "mentions", "identifying")
        if "transcript" in mentions:
            ref = mentions["transcript"]
            return ref["kind"], ref["version"], ref["edits"]
        options = mentions["provenance"]["options"]
        return options["transcript"], mentions["transcript_version"], options["edits"]

    def layout(self, interview: str) -> list[list[int]] | None:
        """Return the channels of each track, None for a text that was typed elsewhere."""
        transcript = self.artefact(interview, "raw", "identifying")
        if "recognition" in transcript:
            return transcript["recognition"] and transcript["recognition"]["layout"]["tracks"]
        told = transcript["provenance"]["options"].get("channels")
        return told and [[int(c) - 1 for c in track.split("+")] for track in told.split()]

    def is_signed(self, interview: str) -> bool:
        """Return whether the newest ruling of an officer was a sign-off."""
        (counts,) = self.db.execute(
            "SELECT counts FROM artefact WHERE interview = ? AND kind = 'signed'"
            " ORDER BY version DESC LIMIT 1",
            [interview],
        ).fetchone()
        told = json.loads(counts)
        return bool(told["is_signed"] if "is_signed" in told else told["signed"])

    def sound(self, interview: str, number: int) -> tuple[list[tuple[int, bytes]], bool]:
        """Return kind and content of each record, and whether the file is complete."""
        (sealed_key,) = self.db.execute(
            "SELECT sealed_key FROM stretch WHERE interview = ? AND number = ?",
            [interview, number],
        ).fetchone()
        own = self.data_key(interview, "identifying")
        key = opened(own, sealed_key, bind(self.study_id, "stretch", interview, number))
        raw = (self.folder / "audio" / interview / f"{number:03}.sealed").read_bytes()
        return walk(raw, key)


def walk(raw: bytes, key: bytes) -> tuple[list[tuple[int, bytes]], bool]:
    assert raw[:4] == b"EAR1"
    at = 8 + int.from_bytes(raw[4:8], "big")
    header = json.loads(raw[8:at])
    walk_version = {1: walk_version_1, 2: walk_version_2}[header["version"]]
    found, end = walk_version(raw, at, header, AESGCM(key))
    return found, end == len(raw) and found[-1] == (3, b"")


Walked = tuple[list[tuple[int, bytes]], int]


def walk_version_1(raw: bytes, at: int, header: dict[str, Any], cipher: AESGCM) -> Walked:
    prefix, bound = base64.b64decode(header["prefix"]), hashlib.sha256(raw[:at]).digest()
    found: list[tuple[int, bytes]] = []
    while at + 5 <= len(raw):
        length, kind = int.from_bytes(raw[at : at + 4], "big"), raw[at + 4]
        sealed = raw[at + 5 : at + 5 + length]
        if len(sealed) != length:
            break
        nonce = prefix + len(found).to_bytes(4, "big") + bytes([kind])
        found.append((kind, cipher.decrypt(nonce, sealed, bound + bytes([kind]))))
        at += 5 + length
    return found, at


def walk_version_2(raw: bytes, at: int, header: dict[str, Any], cipher: AESGCM) -> Walked:
    prefix, bound = base64.b64decode(header["prefix"]), hashlib.sha256(raw[:at]).digest()
    size = 21 + header["record"] + 16
    found: list[tuple[int, bytes]] = []
    while at + size <= len(raw):
        counter = prefix + len(found).to_bytes(4, "big")
        for part in (0, 2):
            with contextlib.suppress(InvalidTag):
                head = cipher.decrypt(counter + bytes([part]), raw[at : at + 21], bound)
                body = cipher.decrypt(
                    counter + bytes([part + 1]), raw[at + 21 : at + size], bound + head
                )
                found.append((head[0], body[: int.from_bytes(head[1:], "big")]))
        at += size
    return found, at


def test_a_second_reader_opens_an_artefact(closed: Path, passphrase: str) -> None:
    reader = Reader.open(closed, passphrase)
    with contextlib.closing(reader.db):
        (interview,) = reader.db.execute(
            "SELECT interview FROM artefact WHERE kind = 'raw'"
        ).fetchone()

        about = reader.artefact(interview, "about", "identifying")
        transcript = reader.artefact(interview, "raw", "identifying")

    assert about["label"] == "P01"
    assert about["participants"][0]["names"] == ["Margaret Hollis"]
    assert transcript["turns"][0]["text"] == "My name is Margaret Hollis."


def test_a_second_reader_reads_every_format(format_1: Path, passphrase: str) -> None:
    """Rows of format 1 among those of format 4, after a migration and further work."""
    as_made = read_all(format_1, passphrase)
    with Study.open(format_1, passphrase) as study:
        assert study.id
    brought_up = read_all(format_1, passphrase)

    assert brought_up == as_made
    assert as_made["searched"] == [
        *[("corrected", 1, 1), ("corrected", 1, 3)],
        *[("raw", 1, 0)] * 5,
    ]
    assert as_made["layouts"] == [[[0], [1]], [[0, 1]]]
    assert as_made["signed"] == [False, True, True, True]

    with Study.open(format_1, passphrase) as study:
        interview = study.find_interview("P05_i1").id
        mentions = study.interview(interview).read_artefact(ArtefactKind.MENTIONS, Mentions)
        with study.interview(interview).change("searched again") as change:
            change.write_artefact(ArtefactKind.MENTIONS, mentions)
    assert read_all(format_1, passphrase) == as_made


def read_all(folder: Path, passphrase: str) -> dict[str, object]:
    reader = Reader.open(folder, passphrase)
    with contextlib.closing(reader.db):
        of = {
            kind: [
                interview
                for (interview,) in reader.db.execute(
                    "SELECT DISTINCT interview FROM artefact WHERE kind = ?", [kind]
                )
            ]
            for kind in ("mentions", "raw", "signed")
        }
        layouts = [reader.layout(interview) for interview in of["raw"]]
        return {
            "searched": sorted(reader.searched(interview) for interview in of["mentions"]),
            "layouts": sorted(layout for layout in layouts if layout),
            "signed": sorted(reader.is_signed(interview) for interview in of["signed"]),
        }


def test_a_second_reader_hears_the_sound(closed: Path, passphrase: str, second: bytes) -> None:
    reader = Reader.open(closed, passphrase)
    heard: dict[int, list[tuple[int, bytes]]] = {}
    with contextlib.closing(reader.db):
        rows = reader.db.execute("SELECT interview, number, state FROM stretch").fetchall()
        for interview, number, state in rows:
            records, is_complete = reader.sound(interview, number)
            assert is_complete == (state == "closed")
            heard[len(heard)] = records

    assert len(heard) == 3
    for records in heard.values():
        assert json.loads(records[0][1]) == {"rate": 8000, "channels": 1}
        pcm = b"".join(content for kind, content in records if kind == 1)
        assert pcm == second * (len(pcm) // len(second)) != b""
    marks = [
        json.loads(content) for records in heard.values() for kind, content in records if kind == 2
    ]
    assert marks == [{"at_s": 1.0, "kind": "pause", "note": "", "length_s": 0.0}]


def test_a_second_reader_hears_sound_of_version_1(tmp_path: Path, second: bytes) -> None:
    key, path = bytes(32), tmp_path / "001.sealed"
    write_version_1(path, key, SoundFormat(8000, 1), [second, Mark(1.0, "pause")])

    records, is_complete = walk(path.read_bytes(), key)

    assert is_complete
    assert [kind for kind, _ in records] == [0, 1, 2, 3]
    assert records[1] == (1, second)


def test_a_second_reader_verifies_the_trail(closed: Path, passphrase: str) -> None:
    reader = Reader.open(closed, passphrase)
    with contextlib.closing(reader.db):
        sealed = dict(reader.db.execute("SELECT name, sealed FROM trail_key").fetchall())
        key = opened(reader.keys["key"], sealed["first"], b"first")
        before, told = bytes(32), dict[tuple[str, str], str]()
        lines = reader.db.execute("SELECT * FROM trail ORDER BY number").fetchall()
        known = json.loads(lines[0][5])
        for number, (given, *content, digest, mac, signature) in enumerate(lines, 1):
            assert given == number
            assert digest == hashlib.sha256(bind(before, *content)).digest()
            assert mac == hmac.digest(key, digest, "sha256")
            public = Ed25519PublicKey.from_public_bytes(
                bytes.fromhex(known[f"slot.{content[1]}.signing"])
            )
            public.verify(signature, bind("earshot trail line", digest))
            before, key = digest, hashlib.sha256(b"earshot trail" + key).digest()
            told |= {(content[3], name): fact for name, fact in json.loads(content[4]).items()}
        rows = reader.db.execute(
            "SELECT interview, kind || '.' || version, sealed FROM artefact"
        ).fetchall()
        slots = reader.db.execute(
            "SELECT number, name, cost, salt, sealed, role, signing, receiving, classes, keys"
            " FROM slot"
        ).fetchall()

    assert opened(reader.keys["common"], sealed["now"], bind("now", len(lines))) == key
    for slot in slots:
        assert known[f"slot.{slot[0]}.row"] == hashlib.sha256(bind(*slot)).hexdigest()
    assert reader.inside["seen"] == ""
    assert rows
    for interview, name, artefact in rows:
        assert told[interview, name] == hashlib.sha256(artefact).hexdigest()


def test_a_second_reader_checks_the_sum_and_what_was_handed_over(
    closed: Path, passphrase: str
) -> None:
    raw = (closed / "study.db").read_bytes()
    reader = Reader.open(closed, passphrase)
    reader.db.close()

    noted = json.loads((closed / "study.sum").read_text())
    assert list(noted) == ["size", "sha256", "mac"]
    assert (noted["size"], noted["sha256"]) == (len(raw), hashlib.sha256(raw).hexdigest())
    mac = hmac.digest(reader.keys["common"], bind("sum", noted["size"], noted["sha256"]), "sha256")
    assert base64.b64decode(noted["mac"]) == mac
    for manifest in (closed / "handed-over").glob("*/SHA256SUMS"):
        for line in manifest.read_text().splitlines():
            digest, name = line.split("  ", 1)
            assert hashlib.sha256((manifest.parent / name).read_bytes()).hexdigest() == digest


def test_the_document_names_every_kind_of_artefact_and_every_table(closed: Path) -> None:
    document = (Path(__file__).parents[2] / "docs" / "format.md").read_text()
    with contextlib.closing(sqlite3.connect(closed / "study.db")) as db:
        tables = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        columns = {
            column
            for (table,) in tables
            for _, column, *_ in db.execute(f"PRAGMA table_info({table})")
        }

    for name in [table for (table,) in tables] + sorted(columns):
        assert f"`{name}`" in document, name
    kinds = re.findall(r"^\| `(\w+)` \| (identifying|key|clean) \|", document, re.MULTILINE)
    assert kinds == [(kind.value, find_key_class(kind).value) for kind in ArtefactKind]
    assert all(f"`{kind}`" in document for kind in ASIDE_KINDS)
