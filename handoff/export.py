"""Handing over: render, pass the gate, write whole or not at all, and remember what went out."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import uuid
from collections.abc import Callable, Generator, Iterable, Mapping
from datetime import date
from pathlib import Path

from handoff import bundle, gate, signing
from handoff.bundle import Order, sha256
from handoff.covering import Covered, spans, still_heard
from handoff.packing import packed
from handoff.readable import readable
from study import signed
from study.artefacts import Kind
from study.disk import make_folder, sync_folder, told, write_whole
from study.errors import (
    OriginalSurvives,
    SignOffVoid,
    SoundRefused,
    StudyUnwritable,
    TargetExists,
    TargetInStudy,
    TargetUnwritable,
)
from study.facts import HandOverFacts
from study.intervals import Interval
from study.recordings import open_sound, require_whole
from study.signed import Signed
from study.store import HANDED_OVER, Study
from study.terms import HandOver, SoundFormat
from study.verify import MANIFEST

ZIP = ".zip"
Encode = Callable[[Iterable[bytes], SoundFormat, Path, str], None]
Hear = Callable[[Covered, list[Interval]], Iterable[tuple[Interval, str]]]


def export(
    study: Study,
    order: Order,
    target: Path | None = None,
    *,
    encode: Encode | None = None,
    hear: Hear | None = None,
) -> list[Path]:
    """Hand interviews over as files in a new folder, or as one zip file.

    target: a folder that does not exist yet or is empty, or a file that ends in ``.zip``; by
        default a folder in the study itself.
    encode: writes the sound, where sound is ordered. hear: says what can still be understood
        around the places that were covered; what was said there must not be in it.

    Raises:
        StepMissing: there is no clean transcript.
        MentionsUndecided, OriginalSurvives: the gate refused, and nothing was written.
        StudyChanged: nobody has verified the study since it was changed outside Earshot.
        SoundIncomplete: part of a recording is missing on the disk.
        NotSignedOff, SignOffVoid: no officer's word stands for what is there now.
        SoundRefused: sound was ordered that may not leave, or is not there.
        TargetExists, TargetInStudy, TargetUnwritable, DiskFull: as their texts say; nothing was
            written.
    """
    study.require_unchanged()
    for interview in order.interviews:
        require_whole(study, interview)
    on = date.fromisoformat(study.now()[:10])
    files = bundle.render(study, order, on)
    for interview in order.interviews:  # what is undecided comes before what is unsigned
        gate.check(study, interview, {})
    sign_offs = {interview: signing.required(study, interview) for interview in order.interviews}
    place = target or _next_folder(study, _name(study, order))
    named = {place.name: b""}  # what it is called says something, too
    _pass(study, order, readable(files, on) | named)
    _check_free(study, place, is_own=target is None)
    if place.suffix == ZIP:
        if order.sound:
            raise SoundRefused("it goes into a folder, not into a zip file")
        with _remembering(study, order, files, {}, sign_offs):
            return _write_zip(place, files)
    with _gathering(place) as folder:
        sound = _cover(study, order, folder, encode, hear)
        if sound:
            files = bundle.render(study, order, on, sound)
            _pass(study, order, readable(files, on))
        with _refused():
            for name, content in files.items():
                write_whole(folder / name, content)
        with _remembering(study, order, files, sound, sign_offs):
            _give_name(folder, place)
    return [place / name for name in (*sound, *files)]


def _pass(study: Study, order: Order, seen: Mapping[str, bytes]) -> None:
    """Let the files pass the gate of every interview: one's names may be said in another."""
    for interview in order.interviews:
        gate.check(study, interview, seen)


def _cover(
    study: Study, order: Order, folder: Path, encode: Encode | None, hear: Hear | None
) -> dict[str, str]:
    """Write the sound with what may not be heard covered; returns SHA-256 by name."""
    if not order.sound or encode is None:
        return {}
    if not signed.policy(study).sound_may_leave:
        raise SoundRefused("the study's policy does not let it")
    written: dict[str, str] = {}
    for interview in order.interviews:
        name = f"{study.find(interview).label}.{order.sound}"
        sound = open_sound(study, interview)
        if sound is None:
            raise SoundRefused("this interview has none")
        with sound:
            over = spans(study, interview, sound.duration_s)
            covered = Covered(sound, over, silent=order.silent)
            heard = still_heard(study, interview, hear(covered, over)) if hear else []
            if heard:
                raise OriginalSurvives(heard)
            encode(covered.blocks(), covered.form, folder / name, order.sound)
        with _refused(), (folder / name).open("rb") as file:
            written[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return written


@contextlib.contextmanager
def _remembering(
    study: Study,
    order: Order,
    files: Mapping[str, bytes],
    sound: Mapping[str, str],
    sign_offs: Mapping[str, Signed],
) -> Generator[None]:
    """Keep what went to whom, for the day on which an interview is withdrawn.

    The block gives the files their name inside this one transaction: nothing lies there that is not
    remembered, unless the power fails in that very moment, and nothing is remembered that is not
    there. What was signed is looked at once more, for somebody may have decided meanwhile.
    """
    digests = dict(sound) | {name: sha256(content) for name, content in files.items()}
    with study.change("handed over", order.interviews[0]) as change:
        for interview, sign_off in sign_offs.items():
            if signing.required(study, interview).version != sign_off.version:
                raise SignOffVoid("it was signed off anew meanwhile")
            made = HandOver(
                at=change.at,
                by=study.ring.slot,
                to=order.to_whom,
                purpose=order.purpose,
                formats=(*order.formats, *([order.sound] if order.sound else [])),
                files=digests,
                fingerprint=digests[MANIFEST],
            )
            change.put(interview, Kind.HANDED, made, HandOverFacts(sign_off.version))
        change.facts["files"] = len(digests)
        change.facts["fingerprint"] = digests[MANIFEST]
        yield


def write_file(study: Study, path: Path, content: bytes) -> None:
    """Write one file that is no hand-over, for it holds nobody's words.

    Raises:
        TargetExists, TargetInStudy, TargetUnwritable, DiskFull: nothing was written.
    """
    _check_free(study, path, is_own=False)
    if path.is_dir():
        raise TargetExists
    with _refused():
        make_folder(path.parent)
        write_whole(path, content)


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


@contextlib.contextmanager
def _gathering(folder: Path) -> Generator[Path]:
    """Give a hidden folder beside the target; what is still in it at the end is removed."""
    gathering = folder.parent / f".earshot-{uuid.uuid4().hex}"
    try:
        with _refused():
            make_folder(folder.parent)
            make_folder(gathering)
        yield gathering
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(gathering, ignore_errors=True)


def _give_name(gathering: Path, folder: Path) -> None:
    with _refused():
        if folder.exists():
            folder.rmdir()
        gathering.rename(folder)
        sync_folder(folder.parent)
