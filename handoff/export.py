"""Handing over: render, pass the gate, write whole or not at all, and remember what went out."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import uuid
from pathlib import Path

import msgspec

from handoff import gate
from handoff.log_table import log_csv
from handoff.texts import plain_text, web_vtt
from study import decided, signed, trail
from study.artefacts import SIGNED, Kind
from study.disk import make_folder, sync_folder, told, write_whole
from study.errors import (
    StepMissing,
    StudyUnwritable,
    TargetExists,
    TargetUnwritable,
)
from study.steps import PROGRAM
from study.store import HANDED_OVER, Study
from study.terms import Category, LogLine, Transcript
from study.verify import MANIFEST

_README = """\
This folder holds one interview, anonymised with Earshot and approved by a person.

{label}.txt    the transcript; every reading and analysis program takes it
{label}.vtt    the same with times to the millisecond
{label}.csv    what was replaced, by which decision; it holds no original
manifest.json  which models, with which hashes and options, made it
SHA256SUMS     check the files with: sha256sum -c SHA256SUMS

A text in [brackets] stands for something that could identify somebody. The same text stands
for the same person, place or number in every interview of the study. While a key is kept in
the study, the data is pseudonymised, not anonymous: treat it as personal data.

"Topic:" is a heading of the interviewer's guide; a line (in round brackets) tells what happened
during the recording; (4 s) is a silence. Times count the sound that was kept: what was not
recorded takes none.
"""


def export(study: Study, interview: str, target: Path | None = None) -> list[Path]:
    """Hand an interview's clean transcript over as files in a new folder.

    target: a folder that does not exist yet or is empty; by default one in the study itself.

    Raises:
        StepMissing: there is no clean transcript.
        MentionsUndecided, OriginalSurvives: the gate refused, and nothing was written.
        NotSignedOff, SignOffVoid: no officer's word stands for what is there now.
        TargetExists, TargetUnwritable, DiskFull: as their texts say; nothing was written.
    """
    files = render(study, interview)
    gate.check(study, interview, {})  # what is undecided comes before what is unsigned
    sign_off = signed.required(study, interview)
    gate.check(study, interview, files)
    folder = target or _next_folder(study, study.find(interview).label)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise TargetExists
    _write(folder, files)
    with study.change("handed over", interview) as change:
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        change.put(interview, Kind.HANDED, hashes, {SIGNED: sign_off.version})
        change.facts["files"] = len(files)
    return [folder / name for name in files]


def render(study: Study, interview: str) -> dict[str, bytes]:
    """Return the files of a hand-over, by name. Identical input gives identical bytes."""
    clean = study.get(interview, Kind.CLEAN, Transcript)
    log = study.get(interview, Kind.LOG, tuple[LogLine, ...])
    if clean is None or log is None:
        raise StepMissing("clean transcript", "Run `earshot anonymise` and decide every mention.")
    label = study.find(interview).label
    files = {
        f"{label}.txt": plain_text(clean),
        f"{label}.vtt": web_vtt(clean),
        f"{label}.csv": log_csv(log),
        "README.txt": _README.format(label=label).encode(),
    }
    files["manifest.json"] = _manifest(study, interview, label, clean)
    sums = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    return files | {MANIFEST: "".join(sums).encode()}


class _Manifest(msgspec.Struct, frozen=True):
    program: str
    label: str
    transcript: object
    written: dict[str, object]
    coverage: object
    replaced: dict[str, int]
    rejected: int
    audit_trail_head: str


def _manifest(study: Study, interview: str, label: str, clean: Transcript) -> bytes:
    source = decided.newest(study, interview)
    every = decided.read(study, interview)
    replaced = {
        category.value: count
        for category in Category
        if (count := sum(d.is_replaced and d.mention.category is category for d in every))
    }
    manifest = _Manifest(
        program=PROGRAM,
        label=label,
        transcript=source.transcript.provenance if source else None,
        written={name: clean.provenance.options.get(name) for name in ("text", "pauses_from_s")},
        coverage=clean.coverage,
        replaced=replaced,
        rejected=sum(not d.is_replaced for d in every),
        audit_trail_head=str(trail.head(study.db)),
    )
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def _next_folder(study: Study, label: str) -> Path:
    base = study.folder / HANDED_OVER
    number = 1
    while (folder := base / (label if number == 1 else f"{label}-{number}")).exists():
        number += 1
    return folder


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Fill a folder beside the target, then give it the target's name."""
    gathering = folder.parent / f".earshot-{uuid.uuid4().hex}"
    try:
        make_folder(folder.parent)
        make_folder(gathering)
        for name, content in files.items():
            write_whole(gathering / name, content)
        with told():
            if folder.exists():
                folder.rmdir()
            gathering.rename(folder)
            sync_folder(folder.parent)
    except (StudyUnwritable, FileExistsError, NotADirectoryError) as refused:
        raise TargetUnwritable from refused
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(gathering, ignore_errors=True)
