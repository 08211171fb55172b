"""The files of one hand-over: the formats that were ordered, and proof of what they are.

The README is for the receiver, ``methods.txt`` for their paper, ``manifest.json`` for whoever asks
later. ``SHA256SUMS`` lists every file, the manifest too, so that its own hash stands for the whole.
Whoever has the files can make such a list: only its signature in ``SHA256SUMS.sig`` says whose.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import msgspec

from handoff.archive_deposit import DataListEntry, render_archive_readme, render_data_list
from handoff.bundle_readme import (
    ABOUT_FILES,
    ARCHIVE_README_FILE,
    CONSENT_FILE,
    DATA_LIST_FILE,
    MANIFEST_FILE,
    METHODS_FILE,
    README_FILE,
    render_readme,
)
from handoff.consent_summary import render_consent_summary
from handoff.export_input import ExportInput, read_export_input
from handoff.formats import (
    COPY_FORMAT,
    FORMATS,
    FORMATS_BY_NAME,
    PDF_FORMAT,
    PROJECT_FILE,
    REPORT_FILE,
    REPORT_FORMAT,
    FormatOptions,
)
from handoff.methods_paragraph import InterviewHistory, write_methods_paragraph
from handoff.overview_page import build_overview, measure_sittings, render_overview
from handoff.participant_corrections import list_entered_returns
from handoff.refi_project import ProjectCode, list_project_parts, name_sound_member
from handoff.transcript_lines import DO_NOT_QUOTE
from handoff.word_document import render_compact_word
from handoff.zip_files import build_zip
from study import (
    PROGRAM_VERSION,
    AccessLevel,
    ArtefactKind,
    Coverage,
    Edit,
    EditKind,
    LogLine,
    MarkKind,
    Mentions,
    Provenance,
    Recognition,
    SecondHearing,
    SignOff,
    Transcript,
    Voices,
    is_code,
)
from study.errors import NothingToWrite, NotInTheseInterviews
from study.store import (
    MANIFEST_NAME,
    SIGNATURE_NAME,
    Interview,
    Study,
    list_heard_elsewhere,
    read_newest_transcript,
    read_person_roles,
    read_settings,
    read_sign_off,
    read_standing_edits,
    read_trail_head,
    read_trail_lines,
    sign_as_openssh,
)

_ARCHIVE_FORMAT = "archive"  # always in a deposit
# Edits that change the words of a transcript.
_WORD_EDITS = (EditKind.TEXT, EditKind.REPLACE)
_CONVENTIONS = ("text", "pauses_from_s")  # options of a clean transcript: its verbatim style
DEFAULT_FORMATS = tuple(f.name for f in FORMATS if not f.is_on_request)


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """An order for a hand-over: which interviews, in which formats, for whom. Texts are as typed.

    sound: "flac" or "opus", "" for none. silent: silence covers the sound, not a tone.
    is_for_archive: other researchers will find it there, which participants are asked about.
    codes: what becomes a code in a project. line_numbers: in the margins of documents.
    access: who the archive may give it to, None for the strictest level that is allowed.
    is_sound_inside: the sound is a part of the project, not a file beside it.
    called: pairs of a code and what that person wishes to be called in a participant's copy.
    """

    interviews: tuple[str, ...]
    formats: tuple[str, ...] = DEFAULT_FORMATS
    to_whom: str = ""
    purpose: str = ""
    codes: frozenset[ProjectCode] = frozenset()
    sound: str = ""
    silent: bool = False
    line_numbers: bool = False
    is_for_archive: bool = False
    access: AccessLevel | None = None
    called: tuple[tuple[str, str], ...] = ()
    is_sound_inside: bool = False

    @property
    def is_for_participants(self) -> bool:
        """Whether it holds participants' copies alone, with nothing for analysts beside them."""
        return self.written_formats == (COPY_FORMAT,) and not self.sound

    @property
    def has_archive_layout(self) -> bool:
        """Whether texts laid out as archives want them are written, for a deposit or not."""
        return _ARCHIVE_FORMAT in self.written_formats

    @property
    def written_formats(self) -> tuple[str, ...]:
        """The formats that are written: those ordered, and in a deposit the archive's own."""
        if not self.is_for_archive or _ARCHIVE_FORMAT in self.formats:
            return self.formats
        return (*self.formats, _ARCHIVE_FORMAT)


class _Interview(msgspec.Struct, frozen=True):
    label: str
    sign_off: SignOff | None
    transcribed_by: Provenance | None
    names_found_by: Provenance | None
    written: dict[str, str | int | float | bool | None]
    coverage: Coverage | None
    replaced: dict[str, int]
    kept: int


class Manifest(msgspec.Struct, frozen=True):
    """The manifest of a bundle.

    files: SHA-256 by name, without those of the manifest itself and of the list of checksums.
    handed_over_by: the name of who made it, whose key signed the list. people: what those are
    called in the study who decided or signed, by the numbers in the sign-offs and the logs.
    """

    program: str
    made_on: str
    to: str
    purpose: str
    formats: tuple[str, ...]
    options: dict[str, bool | str]
    audit_trail_head: str
    interviews: tuple[_Interview, ...]
    files: dict[str, str]
    handed_over_by: str = ""
    people: dict[str, str] = {}


def render_bundle(
    study: Study,
    order: ExportOrder,
    day: date,
    sound_sha256: Mapping[str, str] | None = None,
    pages: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """Return the files of a hand-over, by name. Identical input gives identical bytes.

    day: the day of the hand-over; no file holds another one, but for the day of the sign-off.
    sound_sha256: SHA-256 by name of the sound files that lie beside these. pages: the PDF files,
        by name, which another program made of ``render_pages``.

    Raises:
        StepMissing: an interview has no clean transcript.
    """
    interviews = [study.interview(interview) for interview in order.interviews]
    materials = [read_export_input(interview, day) for interview in interviews]
    elsewhere = list_heard_elsewhere(study, order.interviews)
    histories = [
        replace(_read_history(*pair), is_heard_elsewhere=pair[0].id in elsewhere)
        for pair in zip(interviews, materials, strict=True)
    ]
    beside = dict(sound_sha256 or {})
    files = _render_formats(order, materials, has_sound=bool(sound_sha256)) | dict(pages or {})
    methods = write_methods_paragraph(histories, read_person_roles(study))
    if REPORT_FORMAT in order.written_formats:
        files[REPORT_FILE] = _report(study, materials, histories)
    if not order.is_for_participants:
        files[METHODS_FILE] = f"{methods}\n".encode()
        files[README_FILE] = _readme(study, order, {*files, *beside}, materials, histories)
    if order.is_for_archive:
        files[CONSENT_FILE] = render_consent_summary(study, materials)
        files[ARCHIVE_README_FILE] = render_archive_readme(
            materials,
            methods,
            order.access or AccessLevel.CONTROLLED,
            order.sound,
            read_settings(study).title,
        )
        entries = _list_data(order, materials, hash_files(files) | beside)
        files[DATA_LIST_FILE] = render_data_list(entries, materials)
    files[MANIFEST_FILE] = _manifest(
        study, order, day, materials, histories, hash_files(files) | beside
    )
    files[MANIFEST_NAME] = format_checksums(hash_files(files) | beside)
    person = study.ring.person
    if person is not None:
        files[SIGNATURE_NAME] = sign_as_openssh(person, files[MANIFEST_NAME])
    return files


def _render_formats(
    order: ExportOrder, materials: Sequence[ExportInput], *, has_sound: bool
) -> dict[str, bytes]:
    """Return the files of the formats that were ordered, without the papers of a hand-over."""
    options = _choose_options(order, materials, has_sound=has_sound)
    files: dict[str, bytes] = {}
    for name in order.written_formats:
        form = FORMATS_BY_NAME[name]
        if suitable := form.select(materials, options):
            files |= form.render(suitable, options)
    return files


def _choose_options(
    order: ExportOrder, materials: Sequence[ExportInput], *, has_sound: bool
) -> FormatOptions:
    return FormatOptions(
        order.codes,
        order.sound if has_sound else "",
        line_numbers=order.line_numbers,
        called=dict(order.called),
        is_sound_inside=order.is_sound_inside and has_sound,
        reader=order.to_whom
        if order.is_for_participants and order.to_whom in _list_codes(materials)
        else "",
    )


def _list_codes(materials: Sequence[ExportInput]) -> set[str]:
    return {case.code for material in materials for case in material.cases}


def _require_taking_part(order: ExportOrder, codes: Collection[str]) -> None:
    for code, _ in order.called:
        if code not in codes:
            raise NotInTheseInterviews(code)
    to = order.to_whom
    # A word without a digit is somebody's name, as of a supporter who hands the copy on.
    is_for_code = is_code(to) and any(sign.isdecimal() for sign in to)
    if order.is_for_participants and is_for_code and to not in codes:
        raise NotInTheseInterviews(to)


def leave_out_empty_formats(study: Study, order: ExportOrder, day: date) -> ExportOrder:
    """Return the order with those formats alone that write something of its interviews.

    Raises:
        CleanTranscriptMissing: an interview has no clean transcript.
        NothingToWrite: of an interview no file at all would be written.
        NotInTheseInterviews: a copy is for a code of nobody who takes part, or names such a code.
    """
    materials = [read_export_input(study.interview(one), day) for one in order.interviews]
    _require_taking_part(order, _list_codes(materials))
    options = _choose_options(order, materials, has_sound=bool(order.sound))
    told = {
        name: {one.label for one in FORMATS_BY_NAME[name].select(materials, options)}
        for name in order.formats
    }
    there = set[str]().union(*(told[name] for name in order.formats))
    for material in materials:
        if material.label not in there and not order.sound and not order.is_for_archive:
            raise NothingToWrite(material.label)
    return replace(order, formats=tuple(name for name in order.formats if told[name]))


def render_marked(
    order: ExportOrder, materials: Sequence[ExportInput], *, has_sound: bool = False
) -> dict[str, bytes]:
    """Return what holds the lines of transcripts, of lines with signs in place of letters.

    The gate alone reads it (``marked_lines``); nothing of it is signed or leaves. has_sound:
    whether sound files lie beside it, or are in the project.
    """
    files = _render_formats(order, materials, has_sound=has_sound)
    files |= {f"{name}.docx": page for name, page in _lay_out_pages(order, materials).items()}
    if has_sound and order.is_sound_inside:
        parts = list_project_parts(materials, codes=order.codes, sound=order.sound, is_inside=True)
        files[PROJECT_FILE] = build_zip(parts)
    return files


def render_pages(study: Study, order: ExportOrder, day: date) -> dict[str, bytes]:
    """Return the Word files that the PDF files of a hand-over are made of, by the names of those.

    Raises:
        StepMissing: an interview has no clean transcript.
    """
    if PDF_FORMAT not in order.written_formats:
        return {}
    materials = [read_export_input(study.interview(one), day) for one in order.interviews]
    return _lay_out_pages(order, materials)


def _lay_out_pages(order: ExportOrder, materials: Sequence[ExportInput]) -> dict[str, bytes]:
    if PDF_FORMAT not in order.written_formats:
        return {}
    return {
        f"{one.label}.pdf": render_compact_word(one, line_numbers=order.line_numbers)
        for one in materials
    }


@dataclass(frozen=True, slots=True)
class ProjectWithSound:
    """A project that holds its sound: its other files, and where each sound file goes in it."""

    parts: dict[str, bytes]
    members: dict[str, str]  # by the name of the sound file

    @property
    def files(self) -> dict[str, bytes]:
        """The project without its sound, to be checked like every other file."""
        return {PROJECT_FILE: build_zip(self.parts)}


def render_project_with_sound(
    study: Study, order: ExportOrder, day: date, sound_names: Collection[str]
) -> ProjectWithSound:
    """Return what is to be packed together with the sound files of these names."""
    materials = [read_export_input(study.interview(one), day) for one in order.interviews]
    members = {
        f"{material.label}.{order.sound}": name_sound_member(material, order.sound)
        for material in materials
    }
    parts = list_project_parts(materials, codes=order.codes, sound=order.sound, is_inside=True)
    return ProjectWithSound(parts, {name: members[name] for name in sound_names})


def format_checksums(by_name: Mapping[str, str]) -> bytes:
    """Return the list of checksums as ``sha256sum`` reads it, sorted by name."""
    return "".join(f"{by_name[name]}  {name}\n" for name in sorted(by_name)).encode()


def hash_files(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each file by its name."""
    return {name: hash_bytes(content) for name, content in files.items()}


def hash_bytes(content: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _is_keyed(interview: Interview, transcript: Transcript) -> bool:
    """Whether keys that were pressed while recording said who speaks.

    They do not where each speaker has a microphone, and where voices were told apart without them.
    """
    if all(one.kind != MarkKind.SPEAKER for one in transcript.events):
        return False
    recognition = transcript.recognition or Recognition()
    if recognition.speakers_model:
        voices = interview.read_artefact(ArtefactKind.VOICES, Voices)
        return voices is None or voices.uses_keys
    return not recognition.layout.is_apart


def _read_history(interview: Interview, material: ExportInput) -> InterviewHistory:
    source = read_newest_transcript(interview)
    mentions = interview.read_artefact(ArtefactKind.MENTIONS, Mentions)
    standing = read_sign_off(interview)
    edits = read_standing_edits(interview)
    unknown = Provenance("", "")
    recognition = source.transcript.recognition if source else None
    return InterviewHistory(
        sound_s=interview.summary.sound_s,
        recorded=_find_origin(interview),
        transcript=source.transcript.provenance if source else unknown,
        search=mentions.provenance if mentions else unknown,
        coverage=material.clean.coverage,
        corrected=_count_turns(edits, _WORD_EDITS),
        lent=_count_turns(edits, (EditKind.BACK,)),
        removed=_count_turns(edits, (EditKind.REMOVE,)),
        listened=_count_turns(edits, (EditKind.CHECKED,)),
        voices_model=recognition.speakers_model if recognition else "",
        is_keyed=source is not None and _is_keyed(interview, source.transcript),
        spoken_by_hand=_count_turns(edits, (EditKind.SPEAKER,)),
        is_draft=recognition is not None and recognition.is_draft,
        # Transcription marks the head of a transcript since it has doubted turns by this rule.
        is_doubt_fitted=any(event.kind == MarkKind.MODEL for event in material.clean.events),
        log=material.log,
        sign_off=standing.sign_off if standing and standing.is_valid else None,
        heard_again=_count_turns(edits, (EditKind.HEARD,)),
        heard_again_by=tuple(_list_hearings(interview, edits)),
        finders=mentions.finders if mentions else (),
        corrected_by=frozenset(edit.by for edit in edits if edit.act in _WORD_EDITS),
        returned=tuple(
            (one.is_approved, len({change.turn for change in one.changes}))
            for one in list_entered_returns(interview)
        ),
    )


def _report(
    study: Study, materials: Sequence[ExportInput], histories: Sequence[InterviewHistory]
) -> bytes:
    roles = read_person_roles(study)
    with study.lock:
        lines = [(line.at, line.slot, line.interview) for line in read_trail_lines(study.db)]
    spent = measure_sittings(lines, roles)
    overviews = [
        build_overview(material, history, roles, spent.get(material.interview, {}))
        for material, history in zip(materials, histories, strict=True)
    ]
    return render_overview(materials, overviews, materials[0].day.isoformat())


def _list_hearings(interview: Interview, edits: Sequence[Edit]) -> Iterator[Provenance]:
    """Yield how each second hearing was made that words were taken from."""
    for version in sorted({edit.hearing for edit in edits if edit.hearing}):
        hearing = interview.read_artefact(ArtefactKind.HEARING, SecondHearing, version)
        if hearing is not None:
            yield hearing.heard.provenance


def _count_turns(edits: Sequence[Edit], kinds: Collection[str]) -> int:
    """Count the turns that these kinds of edit touched."""
    return len({key for edit in edits if edit.act in kinds for key in edit.changed_keys})


def _find_origin(interview: Interview) -> str:
    """Return where the sound comes from: an import has an origin, and a recording has none."""
    if not interview.find_newest_version(ArtefactKind.ORIGIN):
        return "with Earshot"
    return "" if interview.find_newest_version(ArtefactKind.SETTING) else "elsewhere"


def _describe(
    materials: Sequence[ExportInput], histories: Sequence[InterviewHistory]
) -> tuple[_Interview, ...]:
    return tuple(
        _Interview(
            label=material.label,
            sign_off=_tell_sign_off(history.sign_off),
            transcribed_by=history.transcript,
            names_found_by=history.search,
            written={name: material.clean.provenance.options.get(name) for name in _CONVENTIONS},
            coverage=history.coverage,
            replaced=dict(
                sorted(Counter(x.category.value for x in history.log if x.replacement).items())
            ),
            kept=sum(not x.replacement for x in history.log),
        )
        for material, history in zip(materials, histories, strict=True)
    )


def _tell_sign_off(sign_off: SignOff | None) -> SignOff | None:
    """Return what a receiver is told of a sign-off.

    Who could recognise the person stays in the study, and so does what would let somebody try texts
    or names against its hashes.
    """
    if sign_off is None:
        return None
    return replace(sign_off, who_recognises="", salt="", people_sha256="", objections=())


def _list_data(
    order: ExportOrder, materials: Sequence[ExportInput], by_name: Mapping[str, str]
) -> Iterator[DataListEntry]:
    """Yield an entry for each file of a deposit, sorted by name."""
    owners: dict[str, tuple[ExportInput, str]] = {}
    for material in materials:
        for form in order.written_formats:
            pattern, _ = ABOUT_FILES[form]
            if "LABEL" not in pattern:  # it is about every interview
                continue
            name = pattern.replace("LABEL", material.label)
            codes = [case.code for case in material.cases] if form == COPY_FORMAT else []
            copies = [
                f"{name.replace('CODE', c)}{end}" for c in codes for end in (".docx", ".html")
            ]
            owners |= dict.fromkeys(copies or [name], (material, form))
        if order.sound and not order.is_sound_inside:
            owners[f"{material.label}.{order.sound}"] = (material, order.sound)
    for name in sorted(by_name):
        owner, form = owners.get(name, (None, ""))
        yield DataListEntry(name, owner, form or name.rpartition(".")[2], by_name[name])


def _name_people(study: Study, histories: Sequence[InterviewHistory]) -> dict[str, str]:
    names = study.slot_names()
    slots = {line.by for history in histories for line in history.log if line.by}
    signed = [history.sign_off for history in histories if history.sign_off]
    slots |= {slot for one in signed for slot in (one.by, *one.decided_by)}
    return {str(slot): names[slot] for slot in sorted(slots) if slot in names}


def _manifest(
    study: Study,
    order: ExportOrder,
    day: date,
    materials: Sequence[ExportInput],
    histories: Sequence[InterviewHistory],
    by_name: Mapping[str, str],
) -> bytes:
    manifest = Manifest(
        program=PROGRAM_VERSION,
        made_on=day.isoformat(),
        to=order.to_whom,
        purpose=order.purpose,
        formats=order.written_formats,
        options={
            "codes": ", ".join(sorted(order.codes)),
            "sound": order.sound,
            "silent": order.silent,
            **({"sound_inside": True} if order.is_sound_inside else {}),
            "line_numbers": order.line_numbers,
            **(
                {"called": ", ".join(f"{c}={name}" for c, name in order.called)}
                if order.called
                else {}
            ),
            **({"for_archive": True, "access": order.access or ""} if order.is_for_archive else {}),
        },
        audit_trail_head=str(read_trail_head(study.db)),
        interviews=_describe(materials, histories),
        files={name: by_name[name] for name in sorted(by_name)},
        handed_over_by=study.slot_name,
        people=_name_people(study, histories),
    )
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def _readme(
    study: Study,
    order: ExportOrder,
    names: Collection[str],
    materials: Sequence[ExportInput],
    histories: Sequence[InterviewHistory],
) -> bytes:
    """Return the README of a hand-over that holds these files, and its proofs."""
    every = {*names, METHODS_FILE, MANIFEST_FILE, MANIFEST_NAME}
    if study.ring.person is not None:
        every.add(SIGNATURE_NAME)
    if order.is_for_archive:
        every |= {CONSENT_FILE, ARCHIVE_README_FILE, DATA_LIST_FILE}
    covered = ("silence" if order.silent else "a tone") if order.sound else ""
    return render_readme(
        every,
        [material.label for material in materials],
        sound=order.sound,
        covered=covered,
        is_sound_inside=order.is_sound_inside,
        is_signed_off=all(history.sign_off for history in histories),
        signs=list(_explain_signs(materials, histories)),
        typed=sum(_is_bare(line) for history in histories for line in history.log),
    )


def _is_bare(line: LogLine) -> bool:
    """Whether a replacement stands without brackets, as a person typed it or a study has it."""
    return bool(line.replacement) and line.replacement[0] + line.replacement[-1] != "[]"


def _explain_signs(
    materials: Sequence[ExportInput], histories: Sequence[InterviewHistory]
) -> Iterator[str]:
    """Yield a sentence for each sign in these transcripts; on times, only where there is sound."""
    between = [line for one in materials for line in one.lines if not line.speaker]
    if any(line.is_topic for line in between):
        yield '"Topic:" is a heading, of the interviewer\'s guide or given afterwards.'
    if any(not line.is_topic for line in between):
        yield "A line (in round brackets) says what happened; (4 s) is a silence."
    if any(line.is_marker for line in between):
        yield "(marker) is a place that the interviewer marked; the note to it stays in the study."
    if any(not line.is_quotable for one in materials for line in one.lines):
        yield (
            f"{DO_NOT_QUOTE} stands before the words of somebody who did not agree to be quoted:"
            " analyse them, and print none of them."
        )
    if any(history.sound_s for history in histories):
        yield "Times count the sound that was kept: what was not recorded takes none."
