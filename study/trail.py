"""The audit trail: what was done, by which slot, when; never a word or a name.

Each line's hash covers the line before it, and each line is MACed with a key that is replaced
by its own one-way hash afterwards, so that whoever takes over the machine today cannot rewrite
yesterday. A tail that was cut off is found only against a head (count and hash) that somebody
kept outside: it is printed on every sign-off and manifest.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from study.errors import StudyDamaged
from study.seal import SealBroken, bind, new_key, seal, unseal

NOTHING = b"\0" * 32
Facts = dict[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done. ``facts`` are hashes, counts and versions."""

    number: int
    at: str
    slot: int
    verb: str
    interview: str
    facts: Facts
    hash: bytes
    mac: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """How many lines there are, and the hash of the last: what is printed outside."""

    count: int
    hash: str

    def __str__(self) -> str:
        return f"{self.count}:{self.hash[:16]}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written; ``where`` names it without telling anything."""

    where: str
    what: str


_WHERE = "study.db"


def _next(key: bytes) -> bytes:
    return hashlib.sha256(b"earshot trail" + key).digest()


def _hash(before: bytes, at: str, slot: int, verb: str, interview: str, facts: str) -> bytes:
    return hashlib.sha256(bind(before, at, slot, verb, interview, facts)).digest()


def begin(db: sqlite3.Connection, first_keeper: bytes, common: bytes) -> None:
    """Start an empty trail. The first MAC key is kept under ``first_keeper`` alone."""
    first = new_key()
    db.execute("INSERT INTO trail_key VALUES ('first', ?)", [seal(first_keeper, first, b"first")])
    db.execute("INSERT INTO trail_key VALUES ('now', ?)", [seal(common, first, bind("now", 0))])


def add(
    db: sqlite3.Connection,
    common: bytes,
    *,
    at: str,
    slot: int,
    verb: str,
    interview: str = "",
    facts: Facts | None = None,
) -> None:
    """Append a line inside the caller's transaction.

    Raises:
        StudyDamaged: the trail does not end where its key says it does.
    """
    number, before = db.execute(
        "SELECT number, hash FROM trail ORDER BY number DESC LIMIT 1"
    ).fetchone() or (0, NOTHING)
    key = _now(db, common, number)
    if key is None:
        raise StudyDamaged(f"{_WHERE} (the end of the trail)")
    written = msgspec.json.encode(facts or {}, order="sorted").decode()
    digest = _hash(before, at, slot, verb, interview, written)
    mac = hmac.digest(key, digest, "sha256")
    db.execute(
        "INSERT INTO trail VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [number + 1, at, slot, verb, interview, written, digest, mac],
    )
    following = seal(common, _next(key), bind("now", number + 1))
    db.execute("UPDATE trail_key SET sealed = ? WHERE name = 'now'", [following])


def lines(db: sqlite3.Connection) -> Iterator[Line]:
    """Yield the trail from its beginning.

    Raises:
        StudyDamaged: the facts of a line cannot be read.
    """
    for number, at, slot, verb, interview, facts, digest, mac in db.execute(
        "SELECT number, at, slot, verb, interview, facts, hash, mac FROM trail ORDER BY number"
    ):
        try:
            decoded = msgspec.json.decode(facts, type=Facts)
        except (ValueError, TypeError) as broken:
            raise StudyDamaged(f"{_WHERE} (trail line {number})") from broken
        yield Line(number, at, slot, verb, interview, decoded, digest, mac)


def head(db: sqlite3.Connection) -> Head:
    """Return what an outside witness should keep."""
    found = db.execute("SELECT number, hash FROM trail ORDER BY number DESC LIMIT 1").fetchone()
    return Head(found[0], found[1].hex()) if found else Head(0, NOTHING.hex())


def holds(db: sqlite3.Connection, then: Head) -> bool:
    """Whether the trail still has the line that was its head once."""
    found = db.execute("SELECT hash FROM trail WHERE number = ?", [then.count]).fetchone()
    return (found[0] if found else NOTHING).hex() == then.hash


def verify(
    db: sqlite3.Connection, common: bytes, first_keeper: bytes | None, anchor: Head | None = None
) -> list[Finding]:
    """Check chain and MACs; the first bad line is named.

    first_keeper: opens the first MAC key; without it only the chain is checked, which a
        rewriting of the whole trail survives.
    anchor: a head that was kept outside; without it a cut tail is not found.
    """
    findings: list[Finding] = []
    key = _first(db, first_keeper, findings) if first_keeper else None
    before = NOTHING
    count = 0
    for count, row in enumerate(
        db.execute(
            "SELECT number, at, slot, verb, interview, facts, hash, mac FROM trail ORDER BY number"
        ),
        start=1,
    ):
        number, *content, digest, mac = row
        good = number == count and _hash(before, *content) == digest
        if good and key is not None:
            good = hmac.digest(key, digest, "sha256") == mac  # both are here: no clock to guess by
        if not good:
            return [*findings, Finding(f"trail line {count}", "is not what was written")]
        if anchor and count == anchor.count and digest.hex()[: len(anchor.hash)] != anchor.hash:
            return [*findings, Finding(f"trail line {count}", "differs from the head kept outside")]
        before = digest
        key = _next(key) if key is not None else None
    return findings + _tail(db, common, count, key, anchor)


def _first(db: sqlite3.Connection, first_keeper: bytes, findings: list[Finding]) -> bytes | None:
    found = db.execute("SELECT sealed FROM trail_key WHERE name = 'first'").fetchone()
    if found is None:  # whoever removes it could write all lines anew: no MAC would be checked
        findings.append(Finding("trail key", "is missing"))
        return None
    try:
        return unseal(first_keeper, found[0], b"first")
    except SealBroken:
        findings.append(Finding("trail key", "is not what was written"))
        return None


def _now(db: sqlite3.Connection, common: bytes, count: int) -> bytes | None:
    """Return the key for the line after ``count``, or None where it is not what was written."""
    found = db.execute("SELECT sealed FROM trail_key WHERE name = 'now'").fetchone()
    try:
        return unseal(common, found[0], bind("now", count)) if found else None
    except SealBroken:
        return None


def _tail(
    db: sqlite3.Connection, common: bytes, count: int, key: bytes | None, anchor: Head | None
) -> list[Finding]:
    findings: list[Finding] = []
    if anchor and anchor.count > count:
        findings.append(
            Finding("trail", f"has {count} lines where {anchor.count} were once witnessed")
        )
    now = _now(db, common, count)
    if now is None or (key is not None and now != key):
        findings.append(Finding("trail", f"does not end where it should, at line {count}"))
    return findings
