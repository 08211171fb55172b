"""Checking a whole study: every byte that Earshot wrote is accounted for, or named.

Four witnesses: the sum of a study that was closed in peace, SQLite's own structure, the trail
with its chain and MACs, and the seal of every artefact and every block of sound. What is there
must be in the trail, and what the trail tells of must be there.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from study import recordings, trail
from study.database import DATABASE, SUM, matches_sum, plainly
from study.errors import EarshotError, StudyDamaged
from study.keys import KeyClass
from study.store import AUDIO, HANDED_OVER, Study
from study.trail import Finding, Head

MANIFEST = "SHA256SUMS"


def check_file(folder: Path) -> list[Finding]:
    """Check ``study.db`` against its sum; to be called before this process opens it."""
    if matches_sum(folder) is False:
        return [Finding(f"{DATABASE} or {SUM}", "is not what was last closed")]
    return []


def check_study(study: Study, anchor: Head | None = None) -> list[Finding]:
    """Check all that the keys in use can open.

    anchor: a head printed earlier (on a manifest, say), which alone shows a cut tail.
    """
    findings: list[Finding] = []
    for look in (_structure, _rows, _sound, _handed_over):
        try:
            findings += look(study)
        except StudyDamaged as damaged:
            findings.append(Finding(damaged.where, "is not what was written"))
    with study.lock, plainly():
        first = study.ring.key(KeyClass.KEY) if study.ring.holds(KeyClass.KEY) else None
        findings += trail.verify(study.db, study.ring.key(KeyClass.COMMON), first, anchor)
    return findings


def _structure(study: Study) -> list[Finding]:
    with study.lock, plainly():
        rows = study.db.execute("PRAGMA integrity_check").fetchall()
    return [] if rows == [("ok",)] else [Finding(DATABASE, "is not a sound database")]


def _rows(study: Study) -> list[Finding]:
    """Compare every sealed row with what the trail says was written."""
    with study.lock, plainly():
        told: dict[tuple[str, str], str] = {}
        for line in trail.lines(study.db):
            told.update({(line.interview, name): str(fact) for name, fact in line.facts.items()})
        there = study.db.execute(
            "SELECT interview, kind || '.' || version, sealed FROM artefact UNION ALL "
            "SELECT interview, kind || '.' || version || '.' || number, sealed FROM entry"
        ).fetchall()
    findings: list[Finding] = []
    for interview, name, sealed in there:
        if told.pop((interview, name), "") != hashlib.sha256(sealed).hexdigest():
            findings.append(
                Finding(f"{DATABASE} ({name} of interview {interview})", "is not what was written")
            )
    dropped = {(who, name.split(".")[0]) for who, name in told if name.endswith(".dropped")}
    for who, name in told:
        kind, *numbers = name.split(".")
        if numbers and numbers[0].isdecimal() and (who, kind) not in dropped:
            findings.append(Finding(f"{DATABASE} ({name} of interview {who})", "is missing"))
    return findings


def _sound(study: Study) -> list[Finding]:
    if not study.ring.holds(KeyClass.IDENTIFYING):
        return []
    findings: list[Finding] = []
    known: set[str] = set()
    for summary in study.summaries():
        known.add(summary.id)
        try:
            bad = recordings.check(study, summary.id)
        except EarshotError:
            bad = [f"{DATABASE} (sound keys of interview {summary.id})"]
        findings += [Finding(name, "is not what was written") for name in bad]
    for path in (study.folder / AUDIO).iterdir():
        if path.name not in known and not path.name.startswith("."):
            findings.append(Finding(f"audio/{path.name}", "belongs to no interview of this study"))
    return findings


def _handed_over(study: Study) -> list[Finding]:
    """Compare what was handed over into the study's own folder with its manifests."""
    findings: list[Finding] = []
    for manifest in sorted((study.folder / HANDED_OVER).glob(f"*/{MANIFEST}")):
        folder = manifest.parent
        shown = f"{HANDED_OVER}/{folder.name}"
        for line in manifest.read_bytes().split(b"\n"):
            digest, _, name = line.partition(b"  ")
            if not name:
                continue
            path = folder / name.decode(errors="replace")
            whole = path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest()
            if whole != digest.decode(errors="replace"):
                findings.append(Finding(f"{shown}/{path.name}", "is not what was handed over"))
    return findings
