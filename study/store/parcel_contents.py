"""What is in a parcel: interviews as they are sealed in the sender's study, and how each is proven.

Rows travel as they lie there, with the data keys that open them and the trail's lines about them.
So the receiver sees of every row that somebody of the sender's study signed for it, and who that
was. What is written into the receiver's study is sealed anew there (``study.store.taking_in``).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from study.artefact_facts import ARTEFACT_FACTS, ENTRY_FACTS
from study.artefact_kinds import ArtefactKind
from study.consent import ConsentRecord
from study.edits import Edit
from study.errors import ParcelFlaw, ParcelRefused
from study.permissions import CONSENT_RECORDED
from study.person_roles import PersonRole
from study.records import (
    Decision,
    InterviewDetails,
    Mentions,
    Pseudonym,
    RecordingSetup,
    Transcript,
)
from study.store.artefact_keys import find_key_class
from study.store.database import map_storage_errors
from study.store.format_1 import read_format_1_content, read_format_1_facts
from study.store.interview_ids import is_interview_id
from study.store.interview_sound import (
    list_stretches,
    locate_stretch,
    open_stretch_key,
)
from study.store.keys import KeyClass
from study.store.row_authors import AuthoredRow, RowAuthors
from study.store.seal import SealBroken, build_associated_data, unseal_bytes
from study.store.slot_table import SLOT_ADDED
from study.store.study import Interview, Study
from study.store.trail import TrailLine, hash_line
from study.store.trail_signatures import TrailPeople
from study.store.trail_times import is_soon_after, is_trail_time
from study.store.trail_witness import EMPTIED, TrailWitness
from study.travel import ForeignPerson, ParcelKind, StudyCard
from study.turn_words import encode_stored_words
from study.vocabulary import Hints

_K = ArtefactKind
ROW_TYPES: dict[ArtefactKind, Any] = {
    _K.ABOUT: InterviewDetails,
    _K.SETTING: RecordingSetup,
    _K.ORIGIN: dict[str, str | int | float | bool],
    _K.HINTS: Hints,
    _K.RAW: Transcript,
    _K.CORRECTED: Transcript,
    _K.MENTIONS: Mentions,
    _K.PSEUDONYMS: tuple[Pseudonym, ...],
}
"""The kinds that travel with an interview, and what is inside their seals.

Clean text, log and sign-offs are made anew where the interview is signed off; what is made from the
sound to tell voices apart stays where it was made."""
ENTERED_AT = "entered_at"
"""The fact of a line about an interview that came here: when it was entered where it was made."""
ENTRY_TYPES: dict[ArtefactKind, Any] = {_K.CORRECTED: Edit, _K.MENTIONS: Decision}
_PEOPLE_VERBS = (
    "study made", "format brought up", "signing key made", "person added", "person removed",
    "passphrase changed", "recovery code renewed", SLOT_ADDED,
)  # fmt: skip


class ToldLine(msgspec.Struct, frozen=True):
    """A line of the sender's trail. before: the hash of the line before it. facts: as stored."""

    number: int
    at: str
    slot: int
    verb: str
    interview: str
    facts: str
    hash: bytes
    signature: bytes
    before: bytes


class ToldPerson(msgspec.Struct, frozen=True):
    """Somebody of the sender's study, or whose work came there before: then ``number`` is foreign.

    study: the id of the study in which they work.
    """

    number: int
    study: str
    slot: int
    name: str
    role: PersonRole
    signing: bytes


class OriginalTrail(msgspec.Struct, frozen=True):
    """The lines about an interview in the study that it came from, with who signed them."""

    study: str
    parcel: str
    people: tuple[ToldPerson, ...]
    lines: tuple[ToldLine, ...]


class ToldWithdrawal(msgspec.Struct, frozen=True):
    """Somebody who has withdrawn at the sender: their code, how far, and when."""

    code: str
    scope: str
    at: str


class ListedInterview(msgspec.Struct, frozen=True):
    """An interview in the list of a parcel. codes: of who takes part. sound_bytes: of its files."""

    id: str
    label: str
    codes: tuple[str, ...]
    turns: int
    sound_bytes: int


class ParcelManifest(msgspec.Struct, frozen=True):
    """The first message of a parcel: who sent what to whom."""

    parcel: str
    kind: ParcelKind
    sender: StudyCard
    to: str
    at: str
    by: int
    people: tuple[ToldPerson, ...]
    lines: tuple[ToldLine, ...]
    interviews: tuple[ListedInterview, ...] = ()
    consents: int = 0
    withdrawals: tuple[ToldWithdrawal, ...] = ()
    answers: str = ""
    answered: str = ""


class TravellingStretch(msgspec.Struct, frozen=True):
    """A stretch of sound; its file, of ``size`` bytes, follows all rows byte for byte."""

    number: int
    created_at: str
    state: str
    frames: int
    rate: int
    key: bytes
    size: int


class TravellingRow(msgspec.Struct, frozen=True):
    """A sealed row as it lies in the sender's study. number: 0 for an artefact."""

    kind: ArtefactKind
    version: int
    number: int
    created_at: str
    counts: str
    sealed: bytes
    format: int

    @property
    def name(self) -> str:
        """Its name in the trail."""
        last = f".{self.number}" if self.number else ""
        return f"{self.kind}.{self.version}{last}"


class TravellingInterview(msgspec.Struct, frozen=True):
    """An interview: what opens its rows, which follow one by one, and its lines of the trail."""

    id: str
    created_at: str
    keys: dict[KeyClass, bytes]
    rows: int
    lines: tuple[ToldLine, ...]
    stretches: tuple[TravellingStretch, ...]


class TravellingConsent(msgspec.Struct, frozen=True):
    """The newest consent record of somebody who takes part, and its line of the trail."""

    owner: str
    key: bytes
    row: TravellingRow
    lines: tuple[ToldLine, ...]


@dataclass(frozen=True, slots=True)
class ProvenRow:
    """A row of which the sender's trail says who wrote it. content: what is inside, decoded."""

    row: TravellingRow
    content: object
    counts: str


# Collecting, at the sender


def _read_lines(db: sqlite3.Connection, where: str, values: Iterable[str]) -> tuple[ToldLine, ...]:
    rows = db.execute(
        "SELECT number, at, slot, verb, interview, facts, hash, signature,"  # noqa: S608 - our own constants
        " ifnull((SELECT hash FROM trail WHERE number = t.number - 1), zeroblob(32))"
        f" FROM trail AS t WHERE {where} ORDER BY number",
        list(values),
    )
    return tuple(ToldLine(*row) for row in rows)


def collect_people_lines(study: Study) -> tuple[ToldLine, ...]:
    """Return the lines of the trail that tell of people."""
    marks = ", ".join("?" * len(_PEOPLE_VERBS))
    with study.lock, map_storage_errors():
        return _read_lines(study.db, f"verb IN ({marks})", _PEOPLE_VERBS)


def _collect_owner_lines(study: Study, owner: str) -> tuple[ToldLine, ...]:
    with study.lock, map_storage_errors():
        return _read_lines(study.db, "interview = ? OR facts LIKE ?", [owner, f'%"{owner}:%'])


def collect_people(study: Study) -> tuple[ToldPerson, ...]:
    """Return everybody who may be named in a row, the people of other studies among them."""
    with study.lock, map_storage_errors():
        slots = study.db.execute("SELECT number, name, role, signing FROM slot").fetchall()
    own = [
        ToldPerson(number, study.id, number, name, PersonRole(role), signing)
        for number, name, role, signing in slots
    ]
    others = study.whole.read_artefact(_K.FOREIGNERS, tuple[ForeignPerson, ...]) or ()
    came = [ToldPerson(o.number, o.study, o.slot, o.name, o.role, o.signing) for o in others]
    return (*own, *came)


def collect_rows(study: Study, interview: str) -> list[TravellingRow]:
    """Return the sealed rows of an interview that travel; shells of destroyed ones do not.

    Raises:
        KeyNotHeld: the passphrase in use does not open one of their kinds.
    """
    with study.lock, map_storage_errors():
        found = study.db.execute(
            "SELECT kind, version, 0, created_at, counts, sealed, format FROM artefact"
            " WHERE interview = ? AND sealed != x'' UNION ALL"
            " SELECT kind, version, number, created_at, counts, sealed, format FROM entry"
            " WHERE interview = ? AND sealed != x'' ORDER BY 1, 2, 3",
            [interview, interview],
        ).fetchall()
    rows = [TravellingRow(_K(kind), *rest) for kind, *rest in found]
    rows = [row for row in rows if row.kind in (ENTRY_TYPES if row.number else ROW_TYPES)]
    for row in rows:
        study.ring.get_key(find_key_class(row.kind))
    return rows


def collect_interview(study: Study, interview: Interview, rows: int) -> TravellingInterview:
    """Return what opens an interview of a study, and proves it. rows: how many follow.

    Raises:
        KeyNotHeld, StudyDamaged: as ``SealedRows.get_data_key``.
    """
    with study.lock, map_storage_errors():
        (created_at,) = study.db.execute(
            "SELECT created_at FROM interview WHERE id = ?", [interview.id]
        ).fetchone()
        held = study.db.execute(
            "SELECT class FROM data_key WHERE interview = ?", [interview.id]
        ).fetchall()
        told = {
            number: (at, size)
            for number, at, size in study.db.execute(
                "SELECT number, created_at, bytes FROM stretch WHERE interview = ?", [interview.id]
            )
        }
    classes = [KeyClass(name) for (name,) in held if study.ring.holds(KeyClass(name))]
    stretches = tuple(
        TravellingStretch(
            one.number, told[one.number][0], one.state, one.frames, one.rate,
            open_stretch_key(interview, one.number, one.sealed_key),
            told[one.number][1] or locate_stretch(interview, one.number).stat().st_size,
        )
        for one in list_stretches(interview)
        if one.frames
    )  # fmt: skip
    keys = {name: study.rows.get_data_key(interview.id, name) for name in classes}
    lines = _collect_owner_lines(study, interview.id)
    return TravellingInterview(interview.id, created_at, keys, rows, lines, stretches)


def collect_consent(study: Study, owner: str) -> TravellingConsent:
    """Return the newest consent record of an owner, with the lines of the trail about it.

    Raises:
        KeyNotHeld, StudyDamaged: as ``SealedRows.get_data_key``.
    """
    with study.lock, map_storage_errors():
        version, *rest = study.db.execute(
            "SELECT version, 0, created_at, counts, sealed, format FROM artefact"
            " WHERE interview = ? AND kind = ? ORDER BY version DESC LIMIT 1",
            [owner, _K.CONSENT],
        ).fetchone()
    key = study.rows.get_data_key(owner, KeyClass.IDENTIFYING)
    row = TravellingRow(_K.CONSENT, version, *rest)
    return TravellingConsent(owner, key, row, _collect_owner_lines(study, owner))


def hash_rows(rows: Iterable[TravellingRow], stretches: Iterable[tuple[int, int]]) -> str:
    """Return the SHA-256 of all rows and sound of an interview: the state in which it was sent.

    stretches: number and frames of each.
    """
    told = [(row.name, hashlib.sha256(row.sealed).hexdigest()) for row in rows]
    return hashlib.sha256(msgspec.json.encode((sorted(told), sorted(stretches)))).hexdigest()


# Proving, at the receiver


class SenderTrail:
    """The lines of a sender's trail that came with a parcel, and the people that they tell of."""

    def __init__(self, manifest: ParcelManifest) -> None:
        """Check the lines about people, and take them."""
        self.study = manifest.sender.study
        self._has_sound = manifest.kind is not ParcelKind.BACK
        self._people = manifest.lines
        self._names = {p.number: p.name for p in manifest.people}
        self.check([])
        people = TrailPeople()
        for line in map(_read_line, self._people):
            people.take(line)
        told = {p.number: p for p in manifest.people if p.study == self.study}
        for slot, key in people.keys.items():
            if slot not in told or told[slot].signing != key:
                raise ParcelRefused(ParcelFlaw.PEOPLE)

    def check(self, lines: Iterable[ToldLine]) -> list[TrailLine]:
        """Check lines, and who wrote them; return them with those about people, in their order.

        Raises:
            ParcelRefused: one is not chained, not signed by who it names, or not theirs to write.
        """
        merged = {one.number: one for one in (*self._people, *lines)}
        if any(merged[one.number] != one for one in (*self._people, *lines)):
            raise ParcelRefused(ParcelFlaw.TRAIL)
        if not all(is_trail_time(one.at) for one in merged.values()):
            raise ParcelRefused(ParcelFlaw.TIMES)
        people, read = TrailPeople(), list[TrailLine]()
        for number in sorted(merged):
            one = merged[number]
            before = merged.get(number - 1)
            is_chained = one.before == (before.hash if before else one.before)
            wanted = hash_line(one.before, one.at, one.slot, one.verb, one.interview, one.facts)
            line = _read_line(one)
            if not is_chained or wanted != one.hash or people.take(line) is not None:
                raise ParcelRefused(ParcelFlaw.TRAIL)
            read.append(line)
        if not people.begun_at or not people.keys:
            raise ParcelRefused(ParcelFlaw.TRAIL)
        return read

    def prove_rows(
        self, interview: TravellingInterview, rows: Iterable[TravellingRow]
    ) -> list[ProvenRow]:
        """Open the rows of an interview; return them once the trail proves each, and none lacks.

        Raises:
            ParcelRefused: a row is not what a line tells, is missing, names somebody else, or has
                an id, a number or a time that is none of ours.
        """
        _require_ids([interview.id], (one.number for one in interview.stretches))
        lines = self.check(interview.lines)
        witness = TrailWitness(lines)
        _prove_times(interview, lines, witness)
        unseen = {*ArtefactKind}
        authors = RowAuthors(self._names, lines, unseen)
        proven: list[ProvenRow] = []
        for row in rows:
            if row.kind not in (ENTRY_TYPES if row.number else ROW_TYPES):
                raise ParcelRefused(ParcelFlaw.ROWS)
            if not is_trail_time(row.created_at):
                raise ParcelRefused(ParcelFlaw.TIMES)
            told = witness.rows.pop((interview.id, row.name), None)
            if told is None or told.sha256 != hashlib.sha256(row.sealed).hexdigest():
                raise ParcelRefused(ParcelFlaw.ROWS)
            plain = self._open(interview.id, interview.keys, row)
            try:
                authors.take(
                    AuthoredRow(
                        interview.id,
                        row.kind,
                        row.version,
                        row.number,
                        row.counts,
                        row.format,
                        plain,
                        told,
                    )
                )
                proven.append(_decode(row, plain))
            except ValueError as broken:
                raise ParcelRefused(ParcelFlaw.DETAILS) from broken
        missing = [
            name
            for (owner, name), told in witness.rows.items()
            if owner == interview.id and told.sha256 != EMPTIED and _travels(name)
        ]
        if missing:
            raise ParcelRefused(ParcelFlaw.ROWS)
        if authors.list_findings():
            raise ParcelRefused(ParcelFlaw.AUTHORS)
        if self._has_sound:
            self._prove_sound(interview, witness)
        elif interview.stretches:
            raise ParcelRefused(ParcelFlaw.SOUND)
        return proven

    @staticmethod
    def _prove_sound(interview: TravellingInterview, witness: TrailWitness) -> None:
        every = witness.stretches.get(interview.id, {})
        told = {number: one for number, one in every.items() if one.frames}
        given = {one.number: one for one in interview.stretches}
        is_each_once = len(given) == len(interview.stretches)
        if (
            not is_each_once
            or told.keys() != given.keys()
            or any(
                told[n].frames != one.frames or told[n].bytes not in {0, one.size}
                for n, one in given.items()
            )
        ):
            raise ParcelRefused(ParcelFlaw.SOUND)

    def prove_consent(self, consent: TravellingConsent) -> ConsentRecord:
        """Return a consent record that the trail shows as made by who it names.

        Raises:
            ParcelRefused: it does not.
        """
        _require_ids([consent.owner])
        row = consent.row
        lines = self.check(consent.lines)
        told = TrailWitness(lines).rows.get((consent.owner, row.name))
        later = (consent.owner, f"{_K.CONSENT}.{row.version + 1}") in TrailWitness(lines).rows
        if told is None or later or told.sha256 != hashlib.sha256(row.sealed).hexdigest():
            raise ParcelRefused(ParcelFlaw.ROWS)
        plain = self._open(consent.owner, {KeyClass.IDENTIFYING: consent.key}, row)
        try:
            record = msgspec.json.decode(plain, type=ConsentRecord)
        except ValueError as broken:
            raise ParcelRefused(ParcelFlaw.DETAILS) from broken
        at = next(line.at for line in lines if line.number == told.line)
        is_told = told.verb == CONSENT_RECORDED
        if row.kind is not _K.CONSENT or not is_told or (record.by, record.at) != (told.slot, at):
            raise ParcelRefused(ParcelFlaw.AUTHORS)
        return record

    def _open(self, owner: str, keys: dict[KeyClass, bytes], row: TravellingRow) -> bytes:
        table = "entry" if row.number else "artefact"
        own_format = [] if row.format == 1 else [row.format]
        bound = build_associated_data(
            self.study, table, owner, row.kind, row.version, row.number, row.created_at,
            row.counts, *own_format,
        )  # fmt: skip
        try:
            return unseal_bytes(keys[find_key_class(row.kind)], row.sealed, bound)
        except (SealBroken, KeyError) as broken:
            raise ParcelRefused(ParcelFlaw.ROWS) from broken


def _require_ids(owners: Iterable[str], numbers: Iterable[int] = ()) -> None:
    """Refuse what would be the name of a folder or file, and has not the form of one of ours."""
    if not all(map(is_interview_id, owners)) or any(number < 1 for number in numbers):
        raise ParcelRefused(ParcelFlaw.IDS)


def _prove_times(
    interview: TravellingInterview, lines: Iterable[TrailLine], witness: TrailWitness
) -> None:
    """Hold the times of an interview and of its sound against the lines that tell of them."""
    about = f"{interview.id}:"
    first = next(
        (
            line
            for line in lines
            if line.interview == interview.id or any(one.startswith(about) for one in line.facts)
        ),
        None,
    )
    if first is None:
        raise ParcelRefused(ParcelFlaw.TRAIL)
    told = witness.stretches.get(interview.id, {})
    if any(one.number not in told for one in interview.stretches):
        raise ParcelRefused(ParcelFlaw.SOUND)
    entered_at = str(first.facts.get(ENTERED_AT, first.at))  # in another study before
    times = [(entered_at, interview.created_at)]
    times += [(told[one.number].begun_at, one.created_at) for one in interview.stretches]
    if not all(is_trail_time(at) and is_soon_after(line, at) for line, at in times):
        raise ParcelRefused(ParcelFlaw.TIMES)


def _travels(name: str) -> bool:
    kind, *numbers = name.split(".")
    wanted = ENTRY_TYPES if len(numbers) > 1 else ROW_TYPES
    return kind in {one.value for one in wanted}


def _decode(row: TravellingRow, plain: bytes) -> ProvenRow:
    """Return what is inside a row, and its facts as this version writes them."""
    content_type = (ENTRY_TYPES if row.number else ROW_TYPES)[row.kind]
    facts = (ENTRY_FACTS if row.number else ARTEFACT_FACTS).get(row.kind)
    if row.format > 1:
        if facts is not None:
            msgspec.json.decode(row.counts, type=facts)
        content = msgspec.json.decode(plain, type=content_type)
        return ProvenRow(row, content, row.counts if facts is not None else "{}")
    content: object = read_format_1_content(plain, content_type)
    counts = "{}"
    if facts is not None:
        counts = msgspec.json.encode(
            read_format_1_facts(row.counts, facts), order="sorted"
        ).decode()
    return ProvenRow(row, content, counts)


def _read_line(one: ToldLine) -> TrailLine:
    try:
        facts = msgspec.json.decode(one.facts, type=dict[str, str | int | float])
    except ValueError as broken:
        raise ParcelRefused(ParcelFlaw.TRAIL) from broken
    return TrailLine(
        one.number, one.at, one.slot, one.verb, one.interview, facts, one.hash, b"", one.signature
    )


def encode_content(content: object) -> bytes:
    """Return the JSON of a row's content, as ``Change.write_artefact`` writes it."""
    return msgspec.json.encode(content, enc_hook=encode_stored_words)
