"""The audit trail: what was done, by which slot, when; never a word or a name.

Each line's hash covers the line before it, and each line is MACed with a key that is replaced
by its own one-way hash afterwards, so that somebody who takes over the machine today cannot
rewrite yesterday. Whoever did it signs the line with a key that only their passphrase opens, so
that nobody writes a line in somebody else's name. A tail that was cut off is found only with a head
(count and hash) from outside the study: it is printed on every sign-off and manifest.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from study.errors import StudyDamaged
from study.store.person_keys import PersonKeys
from study.store.seal import (
    SealBroken,
    build_associated_data,
    generate_key,
    seal_bytes,
    unseal_bytes,
)

EMPTY_HASH = b"\0" * 32
_SHORTEST_HEAD = 16  # hexadecimal digits, as ``TrailHead`` prints them
TrailFacts = dict[str, str | int | float]


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line. ``verb`` says what was done; ``facts`` are hashes, counts and versions.

    signature: of ``hash``, by the slot; empty in lines that were written before format 3.
    """

    number: int
    at: str
    slot: int
    verb: str
    interview: str
    facts: TrailFacts
    hash: bytes
    mac: bytes
    signature: bytes = b""


@dataclass(frozen=True, slots=True)
class TrailHead:
    """How many lines there are, and the hash of the last; printed on sign-offs and manifests."""

    count: int
    hash: str

    def __str__(self) -> str:
        return f"{self.count}:{self.hash[:16]}"


@dataclass(frozen=True, slots=True)
class IntegrityFinding:
    """Something that is not as it was written; ``where`` names it by ids and numbers alone."""

    where: str
    what: str


_WHERE = "study.db"


def _next_key(key: bytes) -> bytes:
    return hashlib.sha256(b"earshot trail" + key).digest()


def hash_line(before: bytes, at: str, slot: int, verb: str, interview: str, facts: str) -> bytes:
    """Return the hash of a line: of all that it says, and of the line before."""
    return hashlib.sha256(build_associated_data(before, at, slot, verb, interview, facts)).digest()


def begin_trail(db: sqlite3.Connection, first_keeper: bytes, common: bytes) -> None:
    """Start an empty trail. The first MAC key is sealed under ``first_keeper`` alone."""
    first = generate_key()
    db.execute(
        "INSERT INTO trail_key VALUES ('first', ?)", [seal_bytes(first_keeper, first, b"first")]
    )
    db.execute(
        "INSERT INTO trail_key VALUES ('now', ?)",
        [seal_bytes(common, first, build_associated_data("now", 0))],
    )


def append_trail_line(
    db: sqlite3.Connection,
    common: bytes,
    *,
    made_at: str,
    slot: int,
    action: str,
    interview: str = "",
    facts: TrailFacts | None = None,
    signer: PersonKeys | None = None,
) -> None:
    """Append a line inside the caller's transaction.

    signer: the keys of who did it; None leaves the line without a signature.

    Raises:
        StudyDamaged: the trail does not end where its key says it does.
    """
    number, before = db.execute(
        "SELECT number, hash FROM trail ORDER BY number DESC LIMIT 1"
    ).fetchone() or (0, EMPTY_HASH)
    key = _current_key(db, common, number)
    if key is None:
        raise StudyDamaged(f"{_WHERE} (the end of the trail)")
    written = msgspec.json.encode(facts or {}, order="sorted").decode()
    digest = hash_line(before, made_at, slot, action, interview, written)
    mac = hmac.digest(key, digest, "sha256")
    signature = signer.sign(bind_signed_line(digest)) if signer else b""
    db.execute(
        "INSERT INTO trail VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [number + 1, made_at, slot, action, interview, written, digest, mac, signature],
    )
    following = seal_bytes(common, _next_key(key), build_associated_data("now", number + 1))
    db.execute("UPDATE trail_key SET sealed = ? WHERE name = 'now'", [following])


def bind_signed_line(digest: bytes) -> bytes:
    """Return what is signed of a line: its hash, which covers all lines before it as well."""
    return build_associated_data("earshot trail line", digest)


_LINE = "SELECT number, at, slot, verb, interview, facts, hash, mac, signature FROM trail"


def read_trail_lines(
    db: sqlite3.Connection, chain: TrailChain | None = None
) -> Iterator[TrailLine]:
    """Yield the trail from its beginning.

    chain: is given each line on the way, so that checking it costs no second reading.

    Raises:
        StudyDamaged: the facts of a line cannot be read.
    """
    for row in db.execute(f"{_LINE} ORDER BY number"):
        if chain is not None:
            chain.take(row)
        yield _read_line(*row)


@dataclass(frozen=True, slots=True)
class ProvenLine:
    """A line of the trail; ``is_whole`` says that its hash fits it and the line before."""

    line: TrailLine
    is_whole: bool


def read_proven_lines(
    db: sqlite3.Connection, verbs: frozenset[str], after: int = 0
) -> Iterator[ProvenLine]:
    """Yield the lines with these verbs that follow line ``after``, in their order.

    A line whose facts cannot be read is yielded without any, as one that is not whole.
    """
    marks = ", ".join("?" * len(verbs))
    for row in db.execute(
        "SELECT t.number, t.at, t.slot, t.verb, t.interview, t.facts, t.hash, t.mac, t.signature,"  # noqa: S608 - question marks alone
        " (SELECT hash FROM trail WHERE number = t.number - 1) FROM trail AS t"
        f" WHERE t.number > ? AND t.verb IN ({marks})"
        " ORDER BY t.number",
        [after, *sorted(verbs)],
    ).fetchall():
        *told, before = row
        _, at, slot, verb, interview, facts, digest, *_ = told
        is_whole = hash_line(before or EMPTY_HASH, at, slot, verb, interview, facts) == digest
        try:
            yield ProvenLine(_read_line(*told), is_whole)
        except StudyDamaged:
            told[5] = "{}"
            yield ProvenLine(_read_line(*told), is_whole=False)


def read_trail_line(db: sqlite3.Connection, number: int) -> TrailLine | None:
    """Return one line, None where the trail has none of this number.

    Raises:
        StudyDamaged: its facts cannot be read.
    """
    row = db.execute(f"{_LINE} WHERE number = ?", [number]).fetchone()
    return None if row is None else _read_line(*row)


def _read_line(
    number: int, at: str, slot: int, verb: str, interview: str, facts: str, *proofs: object
) -> TrailLine:
    try:
        decoded = msgspec.json.decode(facts, type=TrailFacts)
    except (ValueError, TypeError) as broken:
        raise StudyDamaged(f"{_WHERE} (trail line {number})") from broken
    whole = [proof for proof in proofs if isinstance(proof, bytes)]
    if len(whole) < len(proofs):  # a flipped bit in the row's header
        raise StudyDamaged(f"{_WHERE} (trail line {number})")
    return TrailLine(number, at, slot, verb, interview, decoded, *whole)


def read_trail_head(db: sqlite3.Connection) -> TrailHead:
    """Return the head of the trail, to be printed or compared with a printed one."""
    found = db.execute("SELECT number, hash FROM trail ORDER BY number DESC LIMIT 1").fetchone()
    if not found:
        return TrailHead(0, EMPTY_HASH.hex())
    number, digest = found
    if not isinstance(digest, bytes):
        raise StudyDamaged(f"{_WHERE} (trail line {number})")
    return TrailHead(number, digest.hex())


def contains_trail_head(db: sqlite3.Connection, head: TrailHead) -> bool:
    """Whether the trail has the line that an earlier head names, by 16 digits or all of them."""
    found = db.execute("SELECT hash FROM trail WHERE number = ?", [head.count]).fetchone()
    digest: str = (found[0] if found else EMPTY_HASH).hex()
    return len(head.hash) >= _SHORTEST_HEAD and digest.startswith(head.hash)


def rewrap_trail_keys(
    db: sqlite3.Connection, before: tuple[bytes, bytes], after: tuple[bytes, bytes]
) -> None:
    """Seal the trail's keys anew, inside the caller's transaction.

    before, after: the keys of the classes ``key`` and ``common``, as they were and as they become.

    Raises:
        StudyDamaged: a key is not what was written.
    """
    count = read_trail_head(db).count
    bound = {"first": b"first", "now": build_associated_data("now", count)}
    for name, old, new in zip(bound, before, after, strict=True):
        found = db.execute("SELECT sealed FROM trail_key WHERE name = ?", [name]).fetchone()
        try:
            plain = unseal_bytes(old, found[0] if found else b"", bound[name])
        except SealBroken as broken:
            raise StudyDamaged(f"{_WHERE} (trail key)") from broken
        db.execute(
            "UPDATE trail_key SET sealed = ? WHERE name = ?",
            [seal_bytes(new, plain, bound[name]), name],
        )


def verify_trail(
    db: sqlite3.Connection,
    common: bytes,
    first_keeper: bytes | None,
    anchor: TrailHead | None = None,
) -> list[IntegrityFinding]:
    """Check the chain and the MACs; return findings, of bad lines the first alone.

    first_keeper: opens the first MAC key; without it only the chain is checked, and a trail that
        was rewritten as a whole passes.
    anchor: a head that was printed earlier; without it a cut tail is not found.
    """
    chain = TrailChain(db, common, first_keeper, anchor)
    for row in db.execute(f"{_LINE} ORDER BY number"):
        if not chain.take(row):
            break
    return chain.list_findings()


_Row = tuple[int, str, int, str, str, str, bytes, bytes, bytes]


class TrailChain:
    """Checks chain and MACs line by line: see ``verify_trail``."""

    def __init__(
        self,
        db: sqlite3.Connection,
        common: bytes,
        first_keeper: bytes | None,
        anchor: TrailHead | None = None,
    ) -> None:
        self._db, self._common, self._anchor = db, common, anchor
        self._findings: list[IntegrityFinding] = []
        self._key = _first_key(db, first_keeper, self._findings) if first_keeper else None
        self._before, self._count, self._is_broken = EMPTY_HASH, 0, False

    def take(self, row: _Row) -> bool:
        """Check the next line; return whether all were good so far."""
        if self._is_broken:
            return False
        self._count += 1
        number, at, slot, verb, interview, facts, digest, mac, _ = row
        wanted = hash_line(self._before, at, slot, verb, interview, facts)
        good = number == self._count and wanted == digest
        if good and self._key is not None:
            good = hmac.digest(self._key, digest, "sha256") == mac  # nobody can time this
        anchor = self._anchor
        if not good:
            self._break("is not what was written")
        elif anchor and number == anchor.count and not digest.hex().startswith(anchor.hash):
            self._break("differs from the head kept outside")
        self._before = digest
        self._key = _next_key(self._key) if self._key is not None else None
        return not self._is_broken

    def _break(self, what: str) -> None:
        self._is_broken = True
        self._findings.append(IntegrityFinding(f"trail line {self._count}", what))

    def list_findings(self) -> list[IntegrityFinding]:
        """Return what is wrong, of bad lines the first alone; call after the last line."""
        if self._is_broken:
            return self._findings
        tail = _tail(self._db, self._common, self._count, self._key, self._anchor)
        return self._findings + tail


def _first_key(
    db: sqlite3.Connection, first_keeper: bytes, findings: list[IntegrityFinding]
) -> bytes | None:
    found = db.execute("SELECT sealed FROM trail_key WHERE name = 'first'").fetchone()
    if found is None:  # without it no MAC is checked, so all lines could be rewritten
        findings.append(IntegrityFinding("trail key", "is missing"))
        return None
    try:
        return unseal_bytes(first_keeper, found[0], b"first")
    except SealBroken:
        findings.append(IntegrityFinding("trail key", "is not what was written"))
        return None


def _current_key(db: sqlite3.Connection, common: bytes, count: int) -> bytes | None:
    """Return the key for the line after ``count``, or None where it is not what was written."""
    found = db.execute("SELECT sealed FROM trail_key WHERE name = 'now'").fetchone()
    try:
        return (
            unseal_bytes(common, found[0], build_associated_data("now", count)) if found else None
        )
    except SealBroken:
        return None


def _tail(
    db: sqlite3.Connection, common: bytes, count: int, key: bytes | None, anchor: TrailHead | None
) -> list[IntegrityFinding]:
    findings: list[IntegrityFinding] = []
    if anchor and anchor.count > count:
        findings.append(
            IntegrityFinding("trail", f"has {count} lines where {anchor.count} were once witnessed")
        )
    now = _current_key(db, common, count)
    if now is None or (key is not None and now != key):
        findings.append(IntegrityFinding("trail", f"does not end where it should, at line {count}"))
    return findings
