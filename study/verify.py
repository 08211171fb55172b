"""Checking a whole study: every byte that Earshot wrote is accounted for, or named.

Four witnesses: the sum of a study that was closed in peace, SQLite's own structure, the trail
with its chain and MACs, and the seal of every artefact and every block of sound. What is there
must be in the trail, and what the trail tells of must be there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from study import recordings, trail
from study.artefacts import Kind, key_class
from study.database import DATABASE, SUM, matches_sum, plainly, sum_is_ours
from study.errors import EarshotError, Stopped, StudyDamaged, StudyNotFound
from study.keys import KeyClass
from study.seal import SealBroken, unseal
from study.steps import Progress, Report, Stop, never, quietly
from study.store import AUDIO, HANDED_OVER, Study
from study.trail import Finding, Head

MANIFEST = "SHA256SUMS"
_NOT_AS_CLOSED = Finding(f"{DATABASE} or {SUM}", "is not what was last closed")


def check_file(folder: Path) -> list[Finding]:
    """Check ``study.db`` against its sum; to be called before this process opens it.

    Raises:
        StudyNotFound: there is no ``study.db``.
    """
    if not (folder / DATABASE).is_file():
        raise StudyNotFound
    return [_NOT_AS_CLOSED] if matches_sum(folder) is False else []


class _Meter:
    """How much was looked at, in bytes of sealed rows and sound; asks whether to stop."""

    def __init__(self, study: Study, report: Report, stop: Stop) -> None:
        self._report, self._stop = report, stop
        self._done, rows = 0.0, 0.0
        self._sounds: dict[str, float] = {}
        # Where the database is broken the looks themselves say so, and nothing is told of how far.
        with contextlib.suppress(StudyDamaged), study.lock, plainly():
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

    def row(self, row: _Row) -> None:
        """Count a row."""
        self._went(len(row.sealed))

    def sound(self, interview: str) -> None:
        """Count the sound of an interview."""
        self._went(self._sounds.get(interview, 0.0))

    def _went(self, size: float) -> None:
        if self._stop():
            raise Stopped("The check")
        self._done += size
        self._report(Progress(min(self._done, self._total), self._total))


def check_study(
    study: Study,
    anchor: Head | None = None,
    *,
    report: Report = quietly,
    stop: Stop = never,
) -> list[Finding]:
    """Check all that the keys in use can open.

    anchor: a head printed earlier (on a manifest, say), which alone shows a cut tail.

    Raises:
        Stopped: a person stopped it.
    """
    findings: list[Finding] = []
    meter = _Meter(study, report, stop)
    looks = (_sum, _structure, partial(_rows, meter), partial(_sound, meter), _handed_over)
    for look in looks:
        try:
            findings += look(study)
        except Stopped:
            raise
        except EarshotError as problem:
            findings.append(_as_finding(problem))
    try:
        with study.lock, plainly():
            first = study.ring.key(KeyClass.KEY) if study.ring.holds(KeyClass.KEY) else None
            findings += trail.verify(study.db, study.ring.key(KeyClass.COMMON), first, anchor)
    except StudyDamaged as damaged:
        findings.append(_as_finding(damaged))
    return list(dict.fromkeys(findings))


def _as_finding(problem: EarshotError) -> Finding:
    if isinstance(problem, StudyDamaged):
        return Finding(problem.where, "is not what was written")
    return Finding(DATABASE, f"could not be checked: {problem}")


def _sum(study: Study) -> list[Finding]:
    if not sum_is_ours(study.folder, study.ring):
        return [Finding(SUM, "was not noted by us")]
    return [_NOT_AS_CLOSED] if study.is_changed else []


def _structure(study: Study) -> list[Finding]:
    with study.lock, plainly():
        rows = study.db.execute("PRAGMA integrity_check").fetchall()
    return [] if rows == [("ok",)] else [Finding(DATABASE, "is not a sound database")]


class _Told:
    """What the trail says must be there: the newest word about each row."""

    def __init__(self, study: Study) -> None:
        self.hashes: dict[tuple[str, str], str] = {}
        self.stretches: dict[str, dict[int, int]] = {}
        with study.lock, plainly():
            for line in trail.lines(study.db):
                self._hear(line.interview, line.facts)

    def _hear(self, interview: str, facts: trail.Facts) -> None:
        named = {(_whose(name, interview), _bare(name)): str(fact) for name, fact in facts.items()}
        for who, name in named:
            kind, _, what = name.partition(".")
            if what == "dropped":
                for row in [row for row in self.hashes if row[0] == who and _is_of(row[1], kind)]:
                    del self.hashes[row]
        self.hashes |= {row: fact for row, fact in named.items() if _is_row(row[1])}
        if "stretch" in facts:
            records = self.stretches.setdefault(interview, {})
            records[int(facts["stretch"])] = int(facts.get("records", 0))


def _whose(name: str, interview: str) -> str:
    """Whose row a fact tells of: a name without an interview in front is of the line's own."""
    return name.rpartition(":")[0] or interview


def _bare(name: str) -> str:
    return name.rpartition(":")[2]


def _is_of(name: str, kind: str) -> bool:
    return name.partition(".")[0] == kind


def _is_row(name: str) -> bool:
    """Whether a fact is the hash of a sealed row: ``raw.1``, or ``mentions.2.17``."""
    kind, *numbers = name.split(".")
    return bool(kind and numbers) and all(number.isdecimal() for number in numbers)


def _rows(meter: _Meter, study: Study) -> list[Finding]:
    """Open every sealed row that the keys allow, and compare all with what the trail tells."""
    told = _Told(study)
    findings: list[Finding] = []
    for row in _sealed_rows(study):
        meter.row(row)
        where = f"{DATABASE} ({row.name} of interview {row.interview})"
        wanted = told.hashes.pop((row.interview, row.name), "")
        if wanted != hashlib.sha256(row.sealed).hexdigest() or not _opens(study, row):
            findings.append(Finding(where, "is not what was written"))
    for interview, name in told.hashes:
        findings.append(Finding(f"{DATABASE} ({name} of interview {interview})", "is missing"))
    return findings + _interviews(study, told)


@dataclass(frozen=True, slots=True)
class _Row:
    """One sealed row, and what stands beside it in the clear."""

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
        """The name by which the trail knows it."""
        last = f".{self.number}" if self.table == "entry" else ""
        return f"{self.kind}.{self.version}{last}"


def _sealed_rows(study: Study) -> Iterator[_Row]:
    """Yield all sealed rows, one at a time: a study is larger than a memory should be."""
    with study.lock, plainly():
        for row in study.db.execute(
            "SELECT 'artefact', interview, kind, version, 0, created_at, counts, sealed, format"
            " FROM artefact UNION ALL "
            "SELECT 'entry', interview, kind, version, number, created_at, counts, sealed, format"
            " FROM entry"
        ):
            yield _Row(*row)


def _opens(study: Study, row: _Row) -> bool:
    try:
        kind = Kind(row.kind)
        if study.ring.holds(key_class(kind)):
            key = study.data_key(row.interview, key_class(kind))
            of_row = (row.interview, kind, row.version, row.number, row.created_at, row.counts)
            unseal(key, row.sealed, study.bound(row.table, *of_row, row.format))
    except (SealBroken, EarshotError, ValueError):
        return False
    return True


def _interviews(study: Study, told: _Told) -> list[Finding]:
    """Compare the plain tables, of which nothing is sealed, with what the trail tells."""
    with study.lock, plainly():
        listed = study.db.execute("SELECT id, created_at FROM interview").fetchall()
        abouts = study.db.execute(
            "SELECT interview, created_at FROM artefact WHERE kind = 'about' AND version = 1"
        ).fetchall()
        there = study.db.execute("SELECT interview, number FROM stretch").fetchall()
    findings: list[Finding] = []
    for interview, _ in {*listed} ^ {*abouts}:
        findings.append(Finding(f"{DATABASE} (interview {interview})", "is not what was written"))
    witnessed = {(who, number) for who, numbers in told.stretches.items() for number in numbers}
    for interview, number in witnessed ^ {*there}:
        where = f"{DATABASE} (sound {number} of interview {interview})"
        findings.append(Finding(where, "is missing, or nobody recorded it"))
    return findings


def _sound(meter: _Meter, study: Study) -> list[Finding]:
    if not study.ring.holds(KeyClass.IDENTIFYING):
        return []
    told = _Told(study)
    with study.lock, plainly():
        known = [interview for (interview,) in study.db.execute("SELECT id FROM interview")]
    findings: list[Finding] = []
    for interview in known:
        try:
            bad = recordings.check(study, interview, told.stretches.get(interview, {}))
            findings += [Finding(name, "is not what was written") for name in bad]
        except EarshotError as problem:
            findings.append(_as_finding(problem))
        meter.sound(interview)
    for name in recordings.folders(study):
        if name not in known and not name.startswith(".") and not recordings.is_empty(study, name):
            findings.append(Finding(f"{AUDIO}/{name}", "belongs to no interview of this study"))
    return findings


def _handed_over(study: Study) -> list[Finding]:
    """Compare what was handed over into the study's own folder with its manifests."""
    findings: list[Finding] = []
    for manifest in sorted((study.folder / HANDED_OVER).glob(f"*/{MANIFEST}")):
        shown = f"{HANDED_OVER}/{manifest.parent.name}"
        for line in manifest.read_bytes().removesuffix(b"\n").split(b"\n"):
            digest, gap, name = line.partition(b"  ")
            if not (digest and gap and name):
                findings.append(Finding(f"{shown}/{MANIFEST}", "is not what was written"))
            elif _digest(manifest.parent / os.fsdecode(name)) != digest.decode(errors="replace"):
                found = Path(os.fsdecode(name)).name
                findings.append(Finding(f"{shown}/{found}", f"does not fit its line in {MANIFEST}"))
    return findings


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file, and nothing where there is none of that name."""
    with contextlib.suppress(OSError, ValueError), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return ""
