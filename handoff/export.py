"""Hand interviews over: render, pass the gate, write all or nothing, and record what left.

It writes no text that the gate has not read.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import uuid
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from handoff.bundle import ExportOrder, hash_bytes, render_bundle
from handoff.gate import check_export, require_decided
from handoff.readable_text import extract_readable_text
from handoff.sign_off import require_exportable_sign_off
from handoff.sound_redaction import RedactedSound, find_spans_to_cover, list_understood_originals
from handoff.zip_files import build_zip
from study import ArtefactKind, HandOver, HandOverFacts, Interval, SoundFormat, StandingSignOff
from study.errors import (
    OriginalSurvives,
    SignOffVoid,
    SoundRefused,
    StudyUnwritable,
    TargetExists,
    TargetInStudy,
    TargetUnwritable,
)
from study.store import (
    HANDED_OVER_FOLDER,
    MANIFEST_NAME,
    PRIVATE_FOLDER,
    STAGING_PREFIX,
    Interview,
    Study,
    make_folder,
    map_os_errors,
    read_study_policy,
    require_whole,
    sync_folder,
    write_file_atomically,
)

ZIP_SUFFIX = ".zip"
EncodeSound = Callable[[Iterable[bytes], SoundFormat, Path, str], None]
TranscribeCovered = Callable[[RedactedSound, list[Interval]], Iterable[tuple[Interval, str]]]


def export_interviews(
    study: Study,
    order: ExportOrder,
    target: Path | None = None,
    *,
    encode_sound: EncodeSound | None = None,
    transcribe_covered: TranscribeCovered | None = None,
) -> list[Path]:
    """Hand interviews over as files in a new folder, or as one zip file.

    target: a folder that does not exist yet or is empty, or a file that ends in ``.zip``; by
        default a folder in the study itself.
    encode_sound: writes the sound, where sound is ordered. transcribe_covered: returns the words
        that can still be understood around the covered passages; none of the originals may be
        among them.

    Raises:
        StepMissing: there is no clean transcript.
        MentionsUndecided, OriginalSurvives: the gate refused, and nothing was written.
        StudyChanged: nobody has verified the study since it was changed outside Earshot.
        SoundIncomplete: part of a recording is missing on the disk.
        NotSignedOff, SignOffVoid: no sign-off holds for the interview as it is now.
        SoundRefused: the ordered sound may not leave, or there is none.
        TargetExists, TargetInStudy, TargetUnwritable, DiskFull: as their texts say; nothing was
            written.
    """
    study.require_unchanged()
    interviews = [study.interview(interview) for interview in order.interviews]
    for interview in interviews:
        require_whole(interview)
    day = date.fromisoformat(study.now()[:10])
    files = render_bundle(study, order, day)
    for interview in interviews:  # undecided mentions are reported before a missing sign-off
        require_decided(interview)
    sign_offs = {interview.id: require_exportable_sign_off(interview) for interview in interviews}
    place = target or _next_folder(study, _name(interviews))
    named = {place.name: b""}  # its name may tell something, too
    _check_all(interviews, extract_readable_text(files, day) | named)
    _check_free(study, place, is_own=target is None)
    if place.suffix == ZIP_SUFFIX:
        if order.sound:
            raise SoundRefused("it goes into a folder, not into a zip file")
        with _record_hand_over(study, order, files, {}, sign_offs):
            return _write_zip(place, files)
    with _temporary_folder(place) as folder:
        sound = _write_sound(study, order, folder, encode_sound, transcribe_covered)
        if sound:
            files = render_bundle(study, order, day, sound)
            _check_all(interviews, extract_readable_text(files, day))
        with _map_target_errors():
            for name, content in files.items():
                write_file_atomically(folder / name, content)
        with _record_hand_over(study, order, files, sound, sign_offs):
            _give_name(folder, place)
    return [place / name for name in (*sound, *files)]


def _check_all(interviews: Iterable[Interview], readable: Mapping[str, bytes]) -> None:
    """Check the files for each interview: a name from one may be said in another."""
    for interview in interviews:
        check_export(interview, readable)


def _write_sound(
    study: Study,
    order: ExportOrder,
    folder: Path,
    encode_sound: EncodeSound | None,
    transcribe_covered: TranscribeCovered | None,
) -> dict[str, str]:
    """Write the sound with its identifying passages covered; return SHA-256 by name."""
    if not order.sound or encode_sound is None:
        return {}
    if not read_study_policy(study).sound_may_leave:
        raise SoundRefused("the study's policy does not let it")
    written: dict[str, str] = {}
    for interview in map(study.interview, order.interviews):
        name = f"{interview.label}.{order.sound}"
        sound = interview.open_sound()
        if sound is None:
            raise SoundRefused("this interview has none")
        with sound:
            spans = find_spans_to_cover(interview, sound.duration_s)
            redacted = RedactedSound(sound, spans, silent=order.silent)
            words = transcribe_covered(redacted, spans) if transcribe_covered else ()
            if understood := list_understood_originals(interview, words):
                raise OriginalSurvives(understood)
            encode_sound(redacted.iterate_blocks(), redacted.form, folder / name, order.sound)
        with _map_target_errors(), (folder / name).open("rb") as file:
            written[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return written


@contextlib.contextmanager
def _record_hand_over(
    study: Study,
    order: ExportOrder,
    files: Mapping[str, bytes],
    sound: Mapping[str, str],
    sign_offs: Mapping[str, StandingSignOff],
) -> Generator[None]:
    """Record which files went to whom, so that they can be recalled after a withdrawal.

    The block renames the files to the target inside this one transaction: unless the power fails
    in that very moment, no file is there without its record and no record without its file. The
    sign-offs are checked once more, for somebody may have decided something meanwhile.
    """
    digests = dict(sound) | {name: hash_bytes(content) for name, content in files.items()}
    with study.interview(order.interviews[0]).change("handed over") as change:
        for interview, sign_off in sign_offs.items():
            if require_exportable_sign_off(study.interview(interview)).version != sign_off.version:
                raise SignOffVoid("it was signed off anew meanwhile")
            hand_over = HandOver(
                at=change.made_at,
                by=study.ring.slot,
                to=order.to_whom,
                purpose=order.purpose,
                formats=(*order.formats, *([order.sound] if order.sound else [])),
                files=digests,
                fingerprint=digests[MANIFEST_NAME],
            )
            change.write_artefact(
                ArtefactKind.HANDED, hand_over, HandOverFacts(sign_off.version), owner=interview
            )
        change.facts["files"] = len(digests)
        change.facts["fingerprint"] = digests[MANIFEST_NAME]
        yield


def write_wordless_file(study: Study, path: Path, content: bytes) -> None:
    """Write a file that is no hand-over, because it holds no words of anybody.

    Raises:
        TargetExists, TargetInStudy, TargetUnwritable, DiskFull: nothing was written.
    """
    _check_free(study, path, is_own=False)
    if path.is_dir():
        raise TargetExists
    with _map_target_errors():
        make_folder(path.parent)
        try:
            write_file_atomically(path, content, replaces=False)
        except FileExistsError as there:
            raise TargetExists from there


def list_hand_overs(interview: Interview) -> list[HandOver]:
    """Return the hand-overs of an interview, oldest first."""
    newest = interview.find_newest_version(ArtefactKind.HANDED)
    versions = (
        interview.read_artefact(ArtefactKind.HANDED, HandOver, version)
        for version in range(1, newest + 1)
    )
    return [hand_over for hand_over in versions if hand_over is not None]


def _name(interviews: Sequence[Interview]) -> str:
    return interviews[0].label if len(interviews) == 1 else f"{len(interviews)}-interviews"


def _next_folder(study: Study, label: str) -> Path:
    base = study.folder / HANDED_OVER_FOLDER
    number = 1
    while (folder := base / (label if number == 1 else f"{label}-{number}")).exists():
        number += 1
    return folder


def _check_free(study: Study, place: Path, *, is_own: bool) -> None:
    with _map_target_errors():
        if not is_own and place.resolve().is_relative_to(study.folder.resolve()):
            raise TargetInStudy
        if place.exists() and (not place.is_dir() or any(place.iterdir())):
            raise TargetExists


@contextlib.contextmanager
def _map_target_errors() -> Generator[None]:
    """Raise TargetUnwritable for whatever the system says against a target."""
    try:
        with map_os_errors():
            yield
    except (StudyUnwritable, OSError, ValueError, RuntimeError) as refused:  # a loop of links
        raise TargetUnwritable from refused


def _write_zip(path: Path, files: Mapping[str, bytes]) -> list[Path]:
    content = build_zip({f"{path.stem}/{name}": one for name, one in files.items()}, smaller=False)
    with _map_target_errors():
        make_folder(path.parent)
        try:
            write_file_atomically(path, content, replaces=False)
        except FileExistsError as there:
            raise TargetExists from there
    return [path]


@contextlib.contextmanager
def _temporary_folder(folder: Path) -> Generator[Path]:
    """Make a hidden folder beside the target, and remove what is left of it at the end."""
    temporary = folder.parent / f"{STAGING_PREFIX}{uuid.uuid4().hex}"
    try:
        with _map_target_errors():
            make_folder(folder.parent)
            temporary.mkdir(mode=PRIVATE_FOLDER)
        yield temporary
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(temporary, ignore_errors=True)


def _give_name(temporary: Path, folder: Path) -> None:
    with _map_target_errors():
        if folder.is_dir():
            folder.rmdir()
        temporary.rename(folder)  # onto a folder that is not empty, or a file, it fails
        sync_folder(folder.parent)
