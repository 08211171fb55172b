"""Verifying a whole study: every byte that Earshot wrote is checked, or named as a finding.

Four checks: the sum of ``study.db`` at its last regular closing, SQLite's own structure, the trail
with its chain and MACs, and the seal of every artefact and every block of sound. Every row must be
in the trail, and everything that the trail names must be there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from study.artefact_kinds import ArtefactKind
from study.errors import EarshotError, Stopped, StudyDamaged, StudyNotFound
from study.plain_files import open_plain_file, read_plain_file
from study.store.artefact_keys import find_key_class
from study.store.database import (
    DATABASE,
    SUM,
    is_sum_authentic,
    map_storage_errors,
    matches_noted_sum,
)
from study.store.destruction import verify_destruction_rows
from study.store.destruction_checks import verify_destructions
from study.store.disk import STAGING_PREFIX
from study.store.hand_overs import (
    MANIFEST_NAME,
    is_locked,
    list_unfinished_hand_overs,
)
from study.store.interview_sound import (
    AUDIO_FOLDER,
    is_empty_sound_folder,
    list_sound_folders,
    verify_interview_sound,
)
from study.store.keys import KeyClass
from study.store.opening_checks import find_missing_rows, is_seen_head_there
from study.store.redaction import list_unnamed_sound
from study.store.row_authors import AuthoredRow, RowAuthors
from study.store.seal import SealBroken, unseal_bytes
from study.store.slot_table import read_slots
from study.store.ssh_signatures import find_signer
from study.store.study import HANDED_OVER_FOLDER, Interview, Study
from study.store.study_policy import find_lawless_policies
from study.store.trail import (
    IntegrityFinding,
    TrailHead,
    read_trail_lines,
    verify_trail,
)
from study.store.trail_signatures import verify_signatures
from study.store.trail_times import is_soon_after
from study.store.trail_witness import TrailWitness, WitnessedRow
from study.tasks import ReportProgress, ShouldStop, TaskProgress, no_report, no_stop

SIGNATURE_NAME = "SHA256SUMS.sig"
HANDED_OVER = "handed over"
_MOST_LIST_BYTES = 64 << 20  # of a hand-over: 10,000 interviews have 20 MB
_NOT_AS_CLOSED = IntegrityFinding(f"{DATABASE} or {SUM}", "is not what was last closed")


def verify_database_file(folder: Path) -> list[IntegrityFinding]:
    """Check ``study.db`` against its sum; call it before this process opens the study.

    Raises:
        StudyNotFound: there is no ``study.db``.
    """
    if not (folder / DATABASE).is_file():
        raise StudyNotFound
    return [_NOT_AS_CLOSED] if matches_noted_sum(folder) is False else []


class _Meter:
    """Counts the checked bytes of sealed rows and sound, reports them, and asks whether to stop."""

    def __init__(self, study: Study, report: ReportProgress, stop: ShouldStop) -> None:
        self._report, self._stop = report, stop
        self._done, rows = 0.0, 0.0
        self._sounds: dict[str, float] = {}
        # Of a broken database no progress is reported; the checks themselves name the damage.
        with contextlib.suppress(StudyDamaged), study.lock, map_storage_errors():
            (rows,) = study.db.execute(
                "SELECT (SELECT total(length(sealed)) FROM artefact)"
                " + (SELECT total(length(sealed)) FROM entry)"
            ).fetchone()
            self._sounds = dict(
                study.db.execute(
                    "SELECT interview, total(2.0 * frames) FROM stretch GROUP BY interview"
                ).fetchall()
            )
        self._total = rows + sum(self._sounds.values())

    def count_row(self, row: _Row) -> None:
        """Count a row as checked."""
        self._count_bytes(len(row.sealed))

    def count_sound(self, interview: str) -> None:
        """Count the sound of an interview as checked."""
        self._count_bytes(self._sounds.get(interview, 0.0))

    def _count_bytes(self, size: float) -> None:
        if self._stop():
            raise Stopped("The check")
        self._done += size
        self._report(TaskProgress(min(self._done, self._total), self._total))


def verify_study(
    study: Study,
    anchor: TrailHead | None = None,
    *,
    report: ReportProgress = no_report,
    stop: ShouldStop = no_stop,
) -> list[IntegrityFinding]:
    """Check everything that the keys in use open; return what is wrong, [] where nothing is.

    anchor: a head printed earlier (on a manifest, say); without it a cut tail is not found.

    Raises:
        Stopped: a person stopped it.
    """
    findings: list[IntegrityFinding] = []
    meter = _Meter(study, report, stop)
    checks = (
        _check_sum, _check_structure, partial(_check_rows, meter), partial(_check_sound, meter),
        _check_hand_overs, _check_policies,
    )  # fmt: skip
    for check in checks:
        try:
            findings += check(study)
        except Stopped:
            raise
        except EarshotError as problem:
            findings.append(_as_finding(problem))
    try:
        with study.lock, map_storage_errors():
            first = study.ring.get_key(KeyClass.KEY) if study.ring.holds(KeyClass.KEY) else None
            findings += verify_trail(study.db, study.ring.get_key(KeyClass.COMMON), first, anchor)
            findings += verify_signatures(study.db, read_trail_lines(study.db))
            findings += verify_destructions(read_trail_lines(study.db))
            findings += _check_seen_head(study)
    except StudyDamaged as damaged:
        findings.append(_as_finding(damaged))
    return list(dict.fromkeys(findings))


def _check_seen_head(study: Study) -> list[IntegrityFinding]:
    """Look for the head of the trail that is sealed under the passphrase in use."""
    if is_seen_head_there(study.db, study.ring):
        return []
    return [IntegrityFinding("trail", "is not the one that your passphrase was chosen for")]


def _as_finding(problem: EarshotError) -> IntegrityFinding:
    if isinstance(problem, StudyDamaged):
        return IntegrityFinding(problem.where, "is not what was written")
    return IntegrityFinding(DATABASE, f"could not be checked: {problem}")


def _check_sum(study: Study) -> list[IntegrityFinding]:
    if not is_sum_authentic(study.folder, study.ring):
        return [IntegrityFinding(SUM, "was not noted by us")]
    return [_NOT_AS_CLOSED] if study.differs_from_sum else []


def _check_structure(study: Study) -> list[IntegrityFinding]:
    with study.lock, map_storage_errors():
        rows = study.db.execute("PRAGMA integrity_check").fetchall()
    return [] if rows == [("ok",)] else [IntegrityFinding(DATABASE, "is not a sound database")]


def _read_witness(study: Study) -> TrailWitness:
    with study.lock, map_storage_errors():
        return TrailWitness(read_trail_lines(study.db))


def _check_rows(meter: _Meter, study: Study) -> list[IntegrityFinding]:
    """Open every sealed row that the keys open, and compare the hashes of all with the trail."""
    witness = _read_witness(study)
    with study.lock, map_storage_errors():
        unseen = [kind for kind in ArtefactKind if not study.ring.holds(find_key_class(kind))]
        authors = RowAuthors(study.slot_names(), read_trail_lines(study.db), unseen)
    findings: list[IntegrityFinding] = []
    for row in _sealed_rows(study):
        meter.count_row(row)
        where = f"{DATABASE} ({row.name} of interview {row.interview})"
        told = witness.rows.pop((row.interview, row.name), None)
        is_told = told is not None and told.sha256 == hashlib.sha256(row.sealed).hexdigest()
        plain = _open_row(study, row)
        if not is_told or plain is None or not _take_author(authors, row, plain, told):
            findings.append(IntegrityFinding(where, "is not what was written"))
    for interview, name in witness.rows:
        findings.append(
            IntegrityFinding(f"{DATABASE} ({name} of interview {interview})", "is missing")
        )
    return findings + authors.list_findings() + _check_plain_tables(study, witness)


def _take_author(authors: RowAuthors, row: _Row, plain: bytes, told: WitnessedRow | None) -> bool:
    """Compare who a row names with who wrote it; return whether it could be read."""
    if not plain or told is None:
        return True
    kind, number = ArtefactKind(row.kind), row.number if row.table == "entry" else 0
    try:
        authors.take(
            AuthoredRow(
                row.interview, kind, row.version, number, row.counts, row.format, plain, told
            )
        )
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Row:
    """One sealed row, and the columns in the clear beside it."""

    table: str
    interview: str
    kind: str
    version: int
    number: int
    created_at: str
    counts: str
    sealed: bytes
    format: int

    @property
    def name(self) -> str:
        """Its name in the trail: ``raw.1``, or ``mentions.2.17``."""
        last = f".{self.number}" if self.table == "entry" else ""
        return f"{self.kind}.{self.version}{last}"


def _sealed_rows(study: Study) -> Iterator[_Row]:
    """Yield all sealed rows, one at a time: a study is larger than a memory should be."""
    with study.lock, map_storage_errors():
        for row in study.db.execute(
            "SELECT 'artefact', interview, kind, version, 0, created_at, counts, sealed, format"
            " FROM artefact UNION ALL "
            "SELECT 'entry', interview, kind, version, number, created_at, counts, sealed, format"
            " FROM entry ORDER BY 1, 2, 3, 4, 5"
        ):
            *clear, sealed, row_format = row
            # A flipped bit in a row's header makes a number of it, which is none that was sealed.
            is_sealed = isinstance(sealed, bytes)
            yield _Row(*clear, sealed=sealed if is_sealed else b"?", format=row_format)


def _open_row(study: Study, row: _Row) -> bytes | None:
    """Return what is in a row, b"" where the passphrase in use does not open its kind, else None.

    None: it is not what was sealed.
    """
    try:
        kind = ArtefactKind(row.kind)
        if not row.sealed or not study.ring.holds(find_key_class(kind)):  # destroyed, or not ours
            return b""
        key = study.rows.get_data_key(row.interview, find_key_class(kind))
        of_row = (row.interview, kind, row.version, row.number, row.created_at, row.counts)
        return unseal_bytes(key, row.sealed, study.rows.bind_row(row.table, *of_row, row.format))
    except (SealBroken, EarshotError, ValueError):
        return None


def _check_plain_tables(study: Study, witness: TrailWitness) -> list[IntegrityFinding]:
    """Compare the tables that hold nothing sealed with the trail."""
    with study.lock, map_storage_errors():
        listed = study.db.execute("SELECT id, created_at FROM interview").fetchall()
        abouts = study.db.execute(
            # Where names were destroyed the first version is gone, and the trail knows it.
            "SELECT a.interview,"
            " ifnull(max(CASE a.version WHEN 1 THEN a.created_at END), i.created_at)"
            " FROM artefact a LEFT JOIN interview i ON i.id = a.interview WHERE a.kind = 'about'"
            " GROUP BY a.interview"
        ).fetchall()
        times = study.db.execute("SELECT interview, number, created_at FROM stretch").fetchall()
        missing = [row for row in find_missing_rows(study.db) if row[1].startswith("stretch.")]
    there = [(interview, number) for interview, number, _ in times]
    findings: list[IntegrityFinding] = []
    for interview, _ in {*listed} ^ {*abouts}:
        findings.append(
            IntegrityFinding(f"{DATABASE} (interview {interview})", "is not what was written")
        )
    findings += [
        IntegrityFinding(
            f"{DATABASE} (sound {name.partition('.')[2]} of interview {interview})",
            "is not as long as the trail says",
        )
        for interview, name in missing
        if (interview, int(name.partition(".")[2])) in there
    ]
    for interview, number, created_at in times:
        told = witness.stretches.get(interview, {}).get(number)
        if told is not None and not is_soon_after(told.begun_at, created_at):
            where = f"{DATABASE} (sound {number} of interview {interview})"
            findings.append(IntegrityFinding(where, "has another time than the trail says"))
    witnessed = {(who, number) for who, numbers in witness.stretches.items() for number in numbers}
    for interview, number in witnessed ^ {*there}:
        where = f"{DATABASE} (sound {number} of interview {interview})"
        findings.append(IntegrityFinding(where, "is missing, or nobody recorded it"))
    return findings


def _check_sound(meter: _Meter, study: Study) -> list[IntegrityFinding]:
    if not study.ring.holds(KeyClass.IDENTIFYING):
        return []
    witness = _read_witness(study)
    with study.lock, map_storage_errors():
        known = [interview for (interview,) in study.db.execute("SELECT id FROM interview")]
    findings: list[IntegrityFinding] = []
    for interview in known:
        try:
            bad = verify_interview_sound(
                Interview(study, interview),
                {n: told.records for n, told in witness.stretches.get(interview, {}).items()},
            )
            findings += [IntegrityFinding(name, "is not what was written") for name in bad]
        except EarshotError as problem:
            findings.append(_as_finding(problem))
        meter.count_sound(interview)
    for path in list_unnamed_sound(study):
        where = f"{AUDIO_FOLDER}/{path.name}"
        findings.append(IntegrityFinding(where, "belongs to no interview of this study"))
    for name in list_sound_folders(study.whole):
        is_ours = name in known or name.startswith(".")
        if not is_ours and not is_empty_sound_folder(Interview(study, name)):
            findings.append(
                IntegrityFinding(f"{AUDIO_FOLDER}/{name}", "belongs to no interview of this study")
            )
    return findings


def _check_policies(study: Study) -> list[IntegrityFinding]:
    """Look for policies that one person loosened, and for destructions nobody asked for."""
    if not study.ring.holds(KeyClass.CLEAN):
        return []
    return verify_destruction_rows(study) + [
        IntegrityFinding(f"{DATABASE} (policy.{version} of interview {study.whole.id})", why)
        for version, why in find_lawless_policies(study)
    ]


def _check_hand_overs(study: Study) -> list[IntegrityFinding]:
    """Compare files that were handed over into the study's own folder with their manifests."""
    findings: list[IntegrityFinding] = []
    with study.lock, map_storage_errors():
        keys = {slot.number: slot.signing for slot in read_slots(study.db)}
        handed = {
            line.facts.get("fingerprint"): line.slot
            for line in read_trail_lines(study.db)
            if line.verb == HANDED_OVER
        }
    for manifest in sorted((study.folder / HANDED_OVER_FOLDER).glob(f"*/{MANIFEST_NAME}")):
        shown = f"{HANDED_OVER_FOLDER}/{manifest.parent.name}"
        signature = manifest.with_name(SIGNATURE_NAME)
        listed = _read_list(manifest)
        if signature.is_file():
            signer = find_signer(_read_list(signature), listed)
            by = handed.get(_digest(manifest))
            if signer not in keys.values():
                what = "was not signed by anybody here"
                findings.append(IntegrityFinding(f"{shown}/{SIGNATURE_NAME}", what))
            elif by is not None and signer != keys.get(by):
                what = "was not signed by who handed it over"
                findings.append(IntegrityFinding(f"{shown}/{SIGNATURE_NAME}", what))
        for line in listed.removesuffix(b"\n").split(b"\n"):
            digest, gap, name = line.partition(b"  ")
            if not (digest and gap and name):
                findings.append(
                    IntegrityFinding(f"{shown}/{MANIFEST_NAME}", "is not what was written")
                )
            elif _digest(manifest.parent / os.fsdecode(name)) != digest.decode(errors="replace"):
                found = Path(os.fsdecode(name)).name
                findings.append(
                    IntegrityFinding(
                        f"{shown}/{found}", f"does not fit its line in {MANIFEST_NAME}"
                    )
                )
    return findings + _find_strays(study)


def _read_list(path: Path) -> bytes:
    """Return the content of a list or a signature, b"" where it cannot be read."""
    with contextlib.suppress(OSError):
        return read_plain_file(path, _MOST_LIST_BYTES)
    return b""


def _find_strays(study: Study) -> list[IntegrityFinding]:
    """Find what lies there without a record, and hand-overs that were broken off."""
    with study.lock, map_storage_errors():
        known = {line.facts.get("fingerprint") for line in read_trail_lines(study.db)}
    findings = [
        IntegrityFinding(
            f"{DATABASE} (a hand-over)", f"was broken off: files may lie at {note.place}"
        )
        for note in list_unfinished_hand_overs(study)
    ]
    findings += [
        IntegrityFinding(
            f"{HANDED_OVER_FOLDER}/{path.name}", "belongs to no hand-over of this study"
        )
        for path in sorted((study.folder / HANDED_OVER_FOLDER).glob("*"))
        if not is_locked(path)
        and not _is_empty_staging(path)
        and _digest(path / MANIFEST_NAME) not in known
    ]
    return findings


def _is_empty_staging(path: Path) -> bool:
    """Whether this is what an export leaves that was killed before it wrote anything."""
    with contextlib.suppress(OSError):
        return path.name.startswith(STAGING_PREFIX) and not any(path.iterdir())
    return False


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file, "" where there is none or it cannot be read."""
    with contextlib.suppress(OSError, ValueError), open_plain_file(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return ""
