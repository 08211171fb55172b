"""Write an imported transcript to the study, as an interview without sound.

Later stages treat it like a transcript of our own. The file is read into memory and not copied;
neither its name nor a speaker's name is stored unencrypted.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

from capture.transcript_import.imported_turn import ImportedTurn, LeftPart
from capture.transcript_import.speaker_codes import code_speakers
from capture.transcript_import.transcript_file import TranscriptFile, read_transcript_file
from capture.transcript_import.turn_times import TimeRemark
from study import (
    PROGRAM_VERSION,
    ArtefactKind,
    GatedAction,
    InterviewDetails,
    Provenance,
    Transcript,
    TranscriptFacts,
    Turn,
    open_descriptor,
    read_document,
)
from study.errors import NotTranscript, SoundNotFound, TranscriptFlaw
from study.store import Study, check_new_interview, require_consent

IMPORT_STEP = "import"
TRANSCRIPT_SUFFIXES = frozenset({
    ".vtt", ".srt", ".sbv", ".docx", ".doc", ".odt", ".rtf", ".txt", ".md", ".htm", ".html",
    ".pdf", ".otr", ".json", ".tsv", ".csv", ".xml", ".eaf", ".textgrid", ".exb", ".ass", ".ttml",
    ".xlsx", ".qdpx", ".qdc", ".mx20", ".mx22", ".mx24", ".nvp", ".nvpx", ".zip", ".pages",
})  # fmt: skip
_PLAIN_SUFFIXES = frozenset({".txt", ".md", ".doc", ".rtf", ""})
_SOUND_SUFFIXES = frozenset({
    ".wav", ".mp3", ".m4a", ".mp4", ".ogg", ".oga", ".opus", ".flac", ".aac", ".wma", ".aif",
    ".aiff", ".amr", ".3gp", ".mov", ".mkv", ".webm", ".avi", ".caf", ".au", ".w64", ".ac3", ".flv",
    ".mts", ".mpg", ".ds2", ".dss", ".qta",
})  # fmt: skip
_HEAD_BYTES = 4096
_CONTROLS = frozenset(range(32)) - set(b"\t\n\r\f")
_WORDS_PER_S = 2.5  # speaking rate; gives the length of a turn whose end is not in the file


@dataclass(frozen=True, slots=True)
class ReadTranscript:
    """A transcript file that was read, before it is entered.

    about: the interview with the file's speakers. new: the codes of who was not entered beforehand;
    silent: of who was, and speaks nowhere in it. left: parts of the file that are not in the turns.
    remarks: on its times. is_cut: its end is missing, and what is there was taken.
    """

    about: InterviewDetails
    turns: tuple[Turn, ...]
    kind: str
    origin: dict[str, str | int]
    new: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    left: tuple[LeftPart, ...] = ()
    remarks: tuple[TimeRemark, ...] = ()
    is_cut: bool = False

    @property
    def is_timed(self) -> bool:
        """Whether the file gives times."""
        return any(turn.end_s > 0 for turn in self.turns)


@dataclass(frozen=True, slots=True)
class ImportedTranscript:
    """An interview made of a transcript file: its id, and the file as it was read."""

    interview: str
    read: ReadTranscript


def is_transcript_file(path: Path) -> bool:
    """Whether a file holds a transcript rather than sound, by its suffix or else by its content."""
    suffix = path.suffix.lower()
    if suffix in TRANSCRIPT_SUFFIXES:
        return True
    return suffix not in _SOUND_SUFFIXES and _is_text(path)


def read_transcript(
    path: Path, about: InterviewDetails, *, partial: bool = False
) -> ReadTranscript:
    """Read a transcript file, and give its speakers the codes of who was entered, or new ones.

    If the file has no times, all times are 0.0. partial: a file that was cut short is read as far
    as it goes.

    Raises:
        SoundNotFound: there is no such file.
        NotTranscript: the file is not a transcript, empty, or cut short.
    """
    content = _content(path)
    written = read_transcript_file(content)
    if written.is_cut and not partial:
        raise NotTranscript(TranscriptFlaw.CUT_SHORT)
    if written.is_plain and path.suffix.lower() not in _PLAIN_SUFFIXES:
        is_table = path.suffix.lower() in {".csv", ".tsv"}
        raise NotTranscript(TranscriptFlaw.OTHER_TABLE if is_table else TranscriptFlaw.OTHER_TEXT)
    found = code_speakers(about, (said.speaker for said in written.said))
    speaking, entered = set(found.codes.values()), {p.code for p in about.participants}
    return ReadTranscript(
        about=found.about,
        turns=_turns(written.said, found.codes),
        kind=written.kind,
        origin=_describe(written, content),
        new=tuple(p.code for p in found.about.participants if p.code not in entered),
        silent=tuple(p.code for p in about.participants if p.code not in speaking),
        left=written.left,
        remarks=written.remarks,
        is_cut=written.is_cut,
    )


def import_transcript(
    study: Study, path: Path, about: InterviewDetails, *, partial: bool = False
) -> ImportedTranscript:
    """Enter an interview with the turns of a file.

    about: whoever of it the file names, by code, name or role, speaks under that code; every other
    speaker gets a new one. partial: as ``read_transcript``.

    Raises:
        SoundNotFound, NotTranscript: as ``read_transcript``.
        BadName: the label or a code is not valid, or taken.
        ConsentError: a participant has no consent record where the study asks for one.
    """
    read = read_transcript(path, about, partial=partial)
    check_new_interview(study, read.about)
    require_consent(study, GatedAction.IMPORT_TEXT, read.about)
    with study.change("transcript imported") as change:
        interview = change.add_interview(read.about)
        change.write_artefact(ArtefactKind.ORIGIN, read.origin)
        change.write_artefact(
            ArtefactKind.RAW,
            make_transcript(read),
            TranscriptFacts(len(read.turns), length_s=max(turn.end_s for turn in read.turns)),
        )
        change.facts["turns"] = len(read.turns)
    return ImportedTranscript(interview, read)


def make_transcript(read: ReadTranscript) -> Transcript:
    """Return what was read as a transcript that was typed elsewhere."""
    return Transcript(
        read.turns, Provenance(IMPORT_STEP, PROGRAM_VERSION, options={"format": read.kind})
    )


def _describe(written: TranscriptFile, content: bytes) -> dict[str, str | int]:
    return {
        "container": written.kind,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "parts_left_out": len(written.left),
        "times_mended": sum(remark.turns for remark in written.remarks),
    }


def _is_text(path: Path) -> bool:
    """Whether a plain file begins as text does, or as an office document."""
    head = b""
    with contextlib.suppress(OSError, ValueError):
        descriptor = open_descriptor(path, os.O_RDONLY)  # a pipe is not waited for
        try:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                head = os.read(descriptor, _HEAD_BYTES)
        finally:
            os.close(descriptor)
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff")):
        return not head.startswith(b"\xff\xfe") or b"\x00" in head[2:8:2] or b"\x00" in head[3:9:2]
    if not head or _CONTROLS & set(head):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as broken:
        return broken.start >= len(head) - 3  # a character that the end of the head cuts
    return True


def _content(path: Path) -> bytes:
    # Not `raise ... from`: the system's own error carries the file's name into every traceback.
    with contextlib.suppress(OSError, ValueError):
        return read_document(path)
    raise SoundNotFound


def _compose(text: str) -> str:
    """Write each letter with its accent as one character, as the rules know them.

    Files of macOS have two ("Bjo" and a diaeresis), and names with them were not found.
    """
    return unicodedata.normalize("NFC", text)


def _turns(said: list[ImportedTurn], codes: dict[str, str]) -> tuple[Turn, ...]:
    """Make turns of what was said; those without a time or an end are given one."""
    turns: list[Turn] = []
    is_timed = any(turn.start_s is not None for turn in said)
    for key, turn in enumerate(said, start=1):
        before_s = turns[-1].start_s if turns else 0.0
        start_s = turn.start_s if turn.start_s is not None else before_s
        end_s = turn.end_s
        if end_s is None:
            following = next(
                (s.start_s for s in said[key : key + 1] if s.start_s is not None), None
            )
            spoken_s = len(turn.text.split()) / _WORDS_PER_S
            end_s = start_s + spoken_s if following is None else min(following, start_s + spoken_s)
        ends = (start_s, max(start_s, end_s)) if is_timed else (0.0, 0.0)
        words = tuple(replace(word, text=_compose(word.text)) for word in turn.words)
        turns.append(Turn(key, codes[turn.speaker], *ends, _compose(turn.text), words))
    return tuple(turns)
