"""Handing over: render, pass the gate, write whole or not at all, and remember what went out."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Generator, Mapping
from datetime import date
from pathlib import Path

from handoff import bundle, gate, signing
from handoff.bundle import Order, sha256
from handoff.packing import packed
from handoff.readable import readable
from study.artefacts import SIGNED, Kind
from study.disk import make_folder, sync_folder, told, write_whole
from study.errors import StudyUnwritable, TargetExists, TargetInStudy, TargetUnwritable
from study.signed import Signed
from study.store import HANDED_OVER, Study
from study.terms import HandOver
from study.verify import MANIFEST

ZIP = ".zip"


def export(study: Study, order: Order, target: Path | None = None) -> list[Path]:
    """Hand interviews over as files in a new folder, or as one zip file.

    target: a folder that does not exist yet or is empty, or a file that ends in ``.zip``; by
        default a folder in the study itself.

    Raises:
        StepMissing: there is no clean transcript.
        MentionsUndecided, OriginalSurvives: the gate refused, and nothing was written.
        NotSignedOff, SignOffVoid: no officer's word stands for what is there now.
        TargetExists, TargetInStudy, TargetUnwritable, DiskFull: as their texts say; nothing was
            written.
    """
    on = date.fromisoformat(study.now()[:10])
    files = bundle.render(study, order, on)
    for interview in order.interviews:  # what is undecided comes before what is unsigned
        gate.check(study, interview, {})
    sign_offs = {interview: signing.required(study, interview) for interview in order.interviews}
    place = target or _next_folder(study, _name(study, order))
    seen = readable(files, on) | {place.name: b""}  # what it is called says something, too
    for interview in order.interviews:
        gate.check(study, interview, seen)
    _check_free(study, place, is_own=target is None)
    written = _write_zip(place, files) if place.suffix == ZIP else _write(place, files)
    _remember(study, order, files, sign_offs)
    return written


def _remember(
    study: Study, order: Order, files: Mapping[str, bytes], sign_offs: Mapping[str, Signed]
) -> None:
    """Keep what went to whom, with each interview, for the day on which one is withdrawn."""
    for interview, sign_off in sign_offs.items():
        with study.change("handed over", interview) as change:
            made = HandOver(
                at=change.at,
                by=study.ring.slot,
                to=order.to_whom,
                purpose=order.purpose,
                formats=order.formats,
                files={name: sha256(content) for name, content in files.items()},
                fingerprint=sha256(files[MANIFEST]),
            )
            change.put(interview, Kind.HANDED, made, {SIGNED: sign_off.version})
            change.facts["files"] = len(files)
            change.facts["fingerprint"] = made.fingerprint


def handed_over(study: Study, interview: str) -> list[HandOver]:
    """Return everything that was handed over of an interview, oldest first."""
    last = study.version(interview, Kind.HANDED)
    found = (study.get(interview, Kind.HANDED, HandOver, number) for number in range(1, last + 1))
    return [one for one in found if one is not None]


def _name(study: Study, order: Order) -> str:
    if len(order.interviews) == 1:
        return study.find(order.interviews[0]).label
    return f"{len(order.interviews)}-interviews"


def _next_folder(study: Study, label: str) -> Path:
    base = study.folder / HANDED_OVER
    number = 1
    while (folder := base / (label if number == 1 else f"{label}-{number}")).exists():
        number += 1
    return folder


def _check_free(study: Study, place: Path, *, is_own: bool) -> None:
    with _refused():
        inside, home = place.resolve(), study.folder.resolve()
        if not is_own and inside.is_relative_to(home):
            raise TargetInStudy
        if place.exists() and (not place.is_dir() or any(place.iterdir())):
            raise TargetExists


@contextlib.contextmanager
def _refused() -> Generator[None]:
    """Say in one sentence that the place cannot be written, whatever the system calls it."""
    try:
        with told():
            yield
    except (StudyUnwritable, OSError, ValueError, RuntimeError) as refused:  # a loop of links
        raise TargetUnwritable from refused


def _write_zip(path: Path, files: Mapping[str, bytes]) -> list[Path]:
    content = packed({f"{path.stem}/{name}": one for name, one in files.items()}, smaller=False)
    with _refused():
        make_folder(path.parent)
        write_whole(path, content)
    return [path]


def _write(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Fill a folder beside the target, then give it the target's name."""
    gathering = folder.parent / f".earshot-{uuid.uuid4().hex}"
    try:
        with _refused():
            make_folder(folder.parent)
            make_folder(gathering)
            for name, content in files.items():
                write_whole(gathering / name, content)
            if folder.exists():
                folder.rmdir()
            gathering.rename(folder)
            sync_folder(folder.parent)
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(gathering, ignore_errors=True)
    return [folder / name for name in files]
