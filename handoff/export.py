"""Hand interviews over: render, pass the gate, write all or nothing, and record what left.

It writes no text that the gate has not read.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import shutil
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from handoff.bundle import (
    ExportOrder,
    ProjectWithSound,
    hash_bytes,
    leave_out_empty_formats,
    render_bundle,
    render_marked,
    render_pages,
    render_project_with_sound,
)
from handoff.export_input import ExportInput, read_export_input
from handoff.formats import PROJECT_FILE, PROJECT_FORMAT
from handoff.gate import MarkedFiles, check_hand_over, require_decided
from handoff.marked_lines import mark_lines, mark_passed
from handoff.pdf_pages import find_pdf_program, lay_out_pdf
from handoff.readable_text import extract_readable_text
from handoff.sign_off import require_exportable_sign_off
from handoff.sound_redaction import RedactedSound, find_spans_to_cover, list_understood_originals
from handoff.transcript_lines import list_transcript_lines
from handoff.typed_texts import TypedText, list_signed_texts, names_participant
from handoff.zip_files import build_zip, write_streamed_zip
from study import (
    GatedAction,
    HandOver,
    Interval,
    PersonAction,
    ReportProgress,
    SoundFormat,
    StandingSignOff,
    TaskProgress,
    UnfinishedHandOver,
    no_report,
    require_short,
    require_text,
    sync_folder,
)
from study.errors import (
    LeakPlace,
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
    begin_hand_over,
    choose_access,
    give_free_name,
    is_consented,
    make_folder,
    map_os_errors,
    read_gate_passes,
    read_settings,
    read_study_policy,
    remove_empty_staging,
    require_interview_consent,
    require_whole,
    write_file_atomically,
)

ZIP_SUFFIX = ".zip"
_ATTRIBUTE_FORMATS = frozenset({"cases", "json", "qdpx", "report"})  # those that hold attributes
EncodeSound = Callable[[Iterable[bytes], SoundFormat, Path, str], None]
TranscribeCovered = Callable[[RedactedSound, list[Interval]], Iterable[tuple[Interval, str]]]
MakeTranscriber = Callable[[Interview], TranscribeCovered | None]


def export_interviews(
    study: Study,
    order: ExportOrder,
    target: Path | None = None,
    *,
    encode_sound: EncodeSound | None = None,
    make_transcriber: MakeTranscriber | None = None,
    report: ReportProgress = no_report,
) -> list[Path]:
    """Hand interviews over as files in a new folder, or as one zip file.

    target: a folder that does not exist yet or is empty, or a file that ends in ``.zip``; by
        default a folder in the study itself.
    encode_sound: writes the sound, where sound is ordered. make_transcriber: returns, for an
        interview, what returns the words that can still be understood around the covered passages;
        none of the originals may be among them. None where nothing can listen to it again.
    report: is told how far it is while pages are laid out (pages) or sound is covered (seconds).

    Raises:
        StepMissing: there is no clean transcript.
        MentionsUndecided, OriginalSurvives: the gate refused, and nothing was written.
        RoleForbids: the role of who is there hands nothing over.
        ConsentError: consent does not cover it: the hand-over as such, to an archive, or of sound.
        AccessTooOpen: somebody's answers do not allow the access level.
        StudyChanged: nobody has verified the study since it was changed outside Earshot.
        SoundIncomplete: part of a recording is missing on the disk.
        NotSignedOff, SignOffVoid: no sign-off holds for the interview as it is now.
        NotText: the receiver, the purpose or the target holds bytes that are no text.
        NotInTheseInterviews: a copy is for nobody who takes part, or names nobody.
        NothingToWrite: none of the formats can be written of one of the interviews.
        TextTooLong: the receiver or the purpose is longer than a few sentences.
        SoundRefused: the ordered sound may not leave, or there is none.
        PdfProgramMissing, PdfFailed: PDF was ordered, and cannot be made here.
        TargetExists, TargetInStudy, TargetUnwritable, DiskFull: as their texts say; nothing was
            written.
    """
    study.require_permitted(PersonAction.HAND_OVER)
    require_short(order.to_whom, order.purpose)
    require_text(order.to_whom, order.purpose, str(target or ""))
    interviews = [study.interview(interview) for interview in order.interviews]
    for interview in interviews:
        require_whole(interview)
    study.require_unchanged()
    _require_consent(interviews, order)
    if order.is_for_archive:
        order = replace(
            order, access=choose_access(interviews, order.access, has_sound=bool(order.sound))
        )
    day = date.fromisoformat(study.now()[:10])
    order = leave_out_empty_formats(study, order, day)
    pages = render_pages(study, order, day)
    # With PDF and no sound, the words are checked now and the files once, when they are whole: that
    # takes seconds. Hours of sound are not covered for files that are then refused.
    is_late = bool(pages) and not order.sound
    files = {} if is_late else render_bundle(study, order, day)
    for interview in interviews:  # undecided mentions are reported before a missing sign-off
        require_decided(interview)
    sign_offs = {interview.id: require_exportable_sign_off(interview) for interview in interviews}
    place = target or find_next_folder(study, interviews)
    gate = OrderGate(study, order, day, place, sign_offs)
    gate.check(files | _name_as_word(pages))
    _check_free(study, place, is_own=target is None)
    pdf_program = find_pdf_program() if pages else ""
    if order.sound:  # what can be refused is refused before hours of sound are covered
        _require_sound(study, order, place)
    with _make_staging(place) as folder, begin_hand_over(study, folder, place) as under_way:
        pdf = _lay_out(pdf_program, pages, folder, report) if pages else {}
        sound = _write_sound(study, order, folder, encode_sound, make_transcriber, report)
        if sound and order.is_sound_inside:
            project = render_project_with_sound(study, order, day, sound)
            gate.check(project.files, has_sound=True)
            sound = _move_inside(folder, project, sound)
        if sound or pdf:
            files = render_bundle(study, order, day, sound, pdf)
            gate.check(files, has_sound=bool(sound))
        whole = _write_zip if place.suffix == ZIP_SUFFIX else _write_folder
        sha256 = whole(folder, place, files)
        under_way.announce(_note(under_way.note, study, order, files, sound, sign_offs, sha256))
        with under_way.record():
            # Somebody may have decided something meanwhile.
            for interview, sign_off in sign_offs.items():
                now = require_exportable_sign_off(study.interview(interview))
                if now.version != sign_off.version:
                    raise SignOffVoid("it was signed off anew meanwhile")
            _require_still_agreed(interviews, order)
            _give_name(folder, place)
    if place.suffix == ZIP_SUFFIX:
        return [place]
    return [place / name for name in (*sound, *files)]


def _list_gates(order: ExportOrder) -> Iterator[GatedAction]:
    yield GatedAction.HAND_OVER
    if order.is_for_archive or order.has_archive_layout:
        yield GatedAction.ARCHIVE
    if order.sound:
        yield GatedAction.HAND_OVER_SOUND


def _require_consent(interviews: Sequence[Interview], order: ExportOrder) -> None:
    """Refuse what somebody who was heard in one of the interviews did not agree to."""
    for interview in interviews:
        for action in _list_gates(order):
            require_interview_consent(interview, action)


def _require_still_agreed(interviews: Sequence[Interview], order: ExportOrder) -> None:
    """Refuse what somebody took back while the files were written; inside the caller's change."""
    for interview in interviews:
        if order.sound:  # which may hold what was taken back of the words
            interview.require_workable()
        interview.require_words_left()
        if not all(is_consented(interview, action) for action in _list_gates(order)):
            raise SignOffVoid("what somebody agreed to was changed meanwhile")


class OrderGate:
    """The gate for one order: what was said, what was typed for it, and every file of it."""

    def __init__(
        self,
        study: Study,
        order: ExportOrder,
        day: date,
        place: Path,
        sign_offs: Mapping[str, StandingSignOff],
    ) -> None:
        """Read the interviews. place: the target. sign_offs: by the id of their interview."""
        self._order, self._day = order, day
        self._interviews = [study.interview(interview) for interview in order.interviews]
        self._materials = [read_export_input(interview, day) for interview in self._interviews]
        deciders = {line.by for material in self._materials for line in material.log}
        self._declared = _list_declared(study, order, sign_offs.values(), deciders)
        self._typed = [*_list_typed(study, order, place, self._materials)]
        for interview in self._interviews:
            if (standing := sign_offs.get(interview.id)) is not None:
                signed = standing.sign_off
                self._typed += list_signed_texts(interview, signed.name, signed.role)
        # The lines without marks of who may be quoted: as everybody who decides reads them.
        self._texts = [
            (interview, list_transcript_lines(material.clean))
            for interview, material in zip(self._interviews, self._materials, strict=True)
        ]

    def check(self, files: Mapping[str, bytes], *, has_sound: bool = False) -> None:
        """Check files of the order; a name from one interview may be said in another."""
        marked = MarkedFiles(
            self._mark_passed(has_sound=has_sound),
            lambda: self._render(self._mark_lines(), has_sound=has_sound),
        )
        readable = extract_readable_text(files, self._day)
        check_hand_over(self._texts, readable, self._declared, typed=self._typed, marked=marked)

    def _mark_passed(self, *, has_sound: bool) -> Mapping[str, bytes]:
        passes = [read_gate_passes(interview) for interview in self._interviews]
        if not any(passes):
            return {}
        pairs = zip(self._materials, passes, strict=True)
        return self._render([mark_passed(*pair) for pair in pairs], has_sound=has_sound)

    def _mark_lines(self) -> list[ExportInput]:
        marked: list[ExportInput] = []
        first = 0
        for material in self._materials:
            marked.append(mark_lines(material, first))
            first += len(material.lines)
        return marked

    def _render(self, materials: Sequence[ExportInput], *, has_sound: bool) -> Mapping[str, bytes]:
        files = render_marked(self._order, materials, has_sound=has_sound)
        return extract_readable_text(files, self._day)


def _list_typed(
    study: Study, order: ExportOrder, place: Path, materials: Sequence[ExportInput]
) -> Iterator[TypedText]:
    """Yield what people typed that the hand-over holds or is called by."""
    yield TypedText(LeakPlace.TARGET, "the name of the folder or file", place.name, is_name=True)
    yield TypedText(LeakPlace.PURPOSE, "the purpose", order.purpose, is_ours=True)
    named = any(names_participant(study.interview(one), order.to_whom) for one in order.interviews)
    where = "the name of who receives it"
    yield TypedText(LeakPlace.RECEIVER, where, order.to_whom, is_staff=not named)
    for code, name in order.called:
        yield TypedText(LeakPlace.CALLED, f"what {code} is called", name)
    if order.is_for_archive:
        title = read_settings(study).title
        yield TypedText(LeakPlace.TITLE, "the study's title", title)
    for material in materials:
        if _ATTRIBUTE_FORMATS.isdisjoint(order.written_formats):
            continue
        for name in material.attributes:
            yield TypedText(LeakPlace.ATTRIBUTE, "the name of an attribute of cases", name)
        for case in material.cases:
            for value in case.attributes.values():
                where = f"an attribute of {case.code}"
                yield TypedText(LeakPlace.ATTRIBUTE, where, value)


def _list_declared(
    study: Study, order: ExportOrder, sign_offs: Iterable[StandingSignOff], deciders: Iterable[int]
) -> frozenset[str]:
    """Return the names that the manifest declares: who decided, signed and hands over; to whom.

    deciders: the slots of who decided.
    """
    known = study.slot_names()
    signed = [one.sign_off for one in sign_offs]
    names = {order.to_whom, *(known.get(slot, "") for slot in (study.ring.slot, *deciders))}
    names |= {name for one in signed for name in (one.name, one.slot_name)}
    return frozenset(name for name in names if name)


def _name_as_word(pages: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return Word files by the names that a reader of files knows them by."""
    return {f"{name}.docx": content for name, content in pages.items()}


def _lay_out(
    program: str,
    pages: Mapping[str, bytes],
    folder: Path,
    report: ReportProgress,
) -> dict[str, bytes]:
    """Return the PDF files, laid out one after the other, so that progress is known."""
    made: dict[str, bytes] = {}
    with _map_target_errors():
        for name, content in pages.items():
            report(TaskProgress(len(made), len(pages), f"laying out {name}"))
            made[name] = lay_out_pdf(program, content, folder)
    return made


def _write_sound(
    study: Study,
    order: ExportOrder,
    folder: Path,
    encode_sound: EncodeSound | None,
    make_transcriber: MakeTranscriber | None,
    report: ReportProgress,
) -> dict[str, str]:
    """Write the sound with its identifying passages covered; return SHA-256 by name."""
    if not order.sound or encode_sound is None:
        return {}
    written: dict[str, str] = {}
    for interview in map(study.interview, order.interviews):
        name = f"{interview.label}.{order.sound}"
        sound = interview.open_sound()
        if sound is None:
            raise SoundRefused(f"{interview.label} has none")
        transcribe_covered = make_transcriber(interview) if make_transcriber else None
        with sound:
            spans = find_spans_to_cover(interview, sound.duration_s)
            redacted = RedactedSound(sound, spans, silent=order.silent)
            length_s = redacted.frames / redacted.form.rate

            def tell(at_s: float, what: str, *, length_s: float = length_s) -> None:
                report(TaskProgress(at_s, length_s, what))

            words = transcribe_covered(redacted, spans) if transcribe_covered else ()
            again = _follow_words(words, tell, f"{interview.label}: listening again")
            if understood := list_understood_originals(interview, again):
                raise OriginalSurvives(understood, places=(LeakPlace.SOUND,))
            blocks = _follow_blocks(redacted, tell, f"{interview.label}: covering sound")
            encode_sound(blocks, redacted.form, folder / name, order.sound)
        with _map_target_errors(), (folder / name).open("rb") as file:
            written[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return written


def _follow_words(
    words: Iterable[tuple[Interval, str]], tell: Callable[[float, str], None], what: str
) -> Iterator[tuple[Interval, str]]:
    for (start_s, end_s), text in words:
        tell(start_s, what)
        yield (start_s, end_s), text


def _follow_blocks(
    sound: RedactedSound, tell: Callable[[float, str], None], what: str
) -> Iterator[bytes]:
    for second, block in enumerate(sound.iterate_blocks()):
        tell(second, what)
        yield block


def _require_sound(study: Study, order: ExportOrder, place: Path) -> None:
    """Refuse sound that may not leave, or that cannot be covered, of any of the interviews."""
    if place.suffix == ZIP_SUFFIX:
        raise SoundRefused("it goes into a folder, not into a zip file", needs_folder=True)
    if not read_study_policy(study).sound_may_leave:
        raise SoundRefused("the study's policy does not let it")
    if order.is_sound_inside and PROJECT_FORMAT not in order.written_formats:
        raise SoundRefused("it was to go inside the project, and no project was ordered")
    for interview in map(study.interview, order.interviews):
        sound = interview.open_sound()
        if sound is None:
            raise SoundRefused(f"{interview.label} has none")
        with sound:
            find_spans_to_cover(interview, sound.duration_s)


def _move_inside(
    folder: Path, project: ProjectWithSound, sound: Mapping[str, str]
) -> dict[str, str]:
    """Write the project with the sound files inside, which then are no files of their own."""
    place = folder / PROJECT_FILE
    with _map_target_errors():
        inside = {member: folder / name for name, member in project.members.items()}
        write_streamed_zip(place, project.parts, inside)
        for name in sound:
            (folder / name).unlink()
        with place.open("rb") as file:
            return {PROJECT_FILE: hashlib.file_digest(file, "sha256").hexdigest()}


def _note(
    under_way: UnfinishedHandOver,
    study: Study,
    order: ExportOrder,
    files: Mapping[str, bytes],
    sound: Mapping[str, str],
    sign_offs: Mapping[str, StandingSignOff],
    sha256: str,
) -> UnfinishedHandOver:
    """Note which files go to whom, so that they can be recalled after a withdrawal.

    The files get their names inside the transaction that records this: unless the program is
    killed in that very moment, no file is there without its record and no record without its
    file; and of such a kill this note is left.
    """
    digests = dict(sound) | {name: hash_bytes(content) for name, content in files.items()}
    hand_over = HandOver(
        at=study.now(),
        by=study.ring.slot,
        to=order.to_whom,
        purpose=order.purpose,
        formats=(*order.written_formats, *([order.sound] if order.sound else [])),
        files=digests,
        fingerprint=digests[MANIFEST_NAME],
    )
    versions = {interview: sign_off.version for interview, sign_off in sign_offs.items()}
    return replace(under_way, sha256=sha256, hand_over=hand_over, interviews=versions)


def require_free_target(study: Study, path: Path) -> None:
    """Refuse a place for a file before anything is done that the file is to tell of.

    Raises:
        TargetExists, TargetInStudy, TargetUnwritable: nothing was done.
    """
    _check_free(study, path, is_own=False)
    if path.is_dir() or path.is_symlink():
        raise TargetExists


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


def find_next_folder(study: Study, interviews: Sequence[Interview]) -> Path:
    """Return the folder in the study into which these interviews are handed over next."""
    several = f"{len(interviews)}-interviews"
    label = interviews[0].label if len(interviews) == 1 else several
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


def _write_zip(folder: Path, place: Path, files: Mapping[str, bytes]) -> str:
    content = build_zip({f"{place.stem}/{name}": one for name, one in files.items()}, smaller=False)
    with _map_target_errors():
        write_file_atomically(folder / place.name, content)
    return hash_bytes(content)


def _write_folder(folder: Path, place: Path, files: Mapping[str, bytes]) -> str:
    del place
    with _map_target_errors():
        for name, content in files.items():
            write_file_atomically(folder / name, content)
        sync_folder(folder)
    return hash_bytes(files[MANIFEST_NAME])


@contextlib.contextmanager
def _make_staging(place: Path) -> Generator[Path]:
    """Make a hidden folder beside the target, and remove what is left of it at the end."""
    staging = place.parent / f"{STAGING_PREFIX}{uuid.uuid4().hex}"
    try:
        with _map_target_errors():
            make_folder(place.parent)
            remove_empty_staging(place.parent)
            staging.mkdir(mode=PRIVATE_FOLDER)
        yield staging
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(staging, ignore_errors=True)


def _give_name(staging: Path, place: Path) -> None:
    with _map_target_errors():
        if place.suffix == ZIP_SUFFIX:
            try:
                give_free_name(staging / place.name, place)
            except FileExistsError as there:
                raise TargetExists from there
        else:
            try:
                if place.is_dir():
                    place.rmdir()
                staging.rename(place)  # onto a folder that is not empty, or a file, it fails
            except OSError as refused:  # another hand-over was faster
                if refused.errno in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}:
                    raise TargetExists from refused
                raise
        sync_folder(place.parent)
