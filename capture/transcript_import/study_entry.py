"""Write an imported transcript to the study, as an interview without sound.

Later stages treat it like a transcript of our own. The file is read into memory and not copied;
neither its name nor a speaker's name is stored unencrypted.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from capture.transcript_import.imported_turn import ImportedTurn
from capture.transcript_import.speaker_codes import code_speakers
from capture.transcript_import.transcript_file import read_transcript_file
from study import (
    PROGRAM_VERSION,
    ArtefactKind,
    GatedAction,
    InterviewDetails,
    Provenance,
    Transcript,
    TranscriptFacts,
    Turn,
    read_document,
)
from study.errors import SoundNotFound
from study.store import Study, check_new_interview, require_consent

IMPORT_STEP = "import"
TRANSCRIPT_SUFFIXES = frozenset(
    {".vtt", ".srt", ".docx", ".doc", ".txt", ".md", ".htm", ".html", ".pdf"}
)
_WORDS_PER_S = 2.5  # speaking rate; gives the length of a turn whose end is not in the file


def is_transcript_file(path: Path) -> bool:
    """Whether a file's suffix is that of a transcript, not of sound."""
    return path.suffix.lower() in TRANSCRIPT_SUFFIXES


def import_transcript(study: Study, path: Path, about: InterviewDetails) -> str:
    """Enter an interview with the turns of a file and return its id.

    about: a participant whose name is a speaker's in the file gives that speaker their code; every
    other speaker gets a new turn. If the file has no times, all times are 0.0.

    Raises:
        SoundNotFound: there is no such file.
        NotTranscript: the file is not a transcript, or empty.
        BadName: the label or a code is not valid, or taken.
        ConsentError: a participant has no consent record where the study asks for one.
    """
    content = _content(path)
    written = read_transcript_file(content)
    found = code_speakers(about, (said.speaker for said in written.said))
    check_new_interview(study, found.about)
    require_consent(study, GatedAction.IMPORT_TEXT, found.about)
    provenance = Provenance(IMPORT_STEP, PROGRAM_VERSION, options={"format": written.kind})
    turns = _turns(written.said, found.codes)
    origin: dict[str, str | int] = {
        "container": written.kind,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    with study.change("transcript imported") as change:
        interview = change.add_interview(found.about)
        change.write_artefact(ArtefactKind.ORIGIN, origin)
        change.write_artefact(
            ArtefactKind.RAW, Transcript(turns, provenance), TranscriptFacts(len(turns))
        )
        change.facts["turns"] = len(turns)
    return interview


def _content(path: Path) -> bytes:
    # Not `raise ... from`: the system's own error carries the file's name into every traceback.
    with contextlib.suppress(OSError, ValueError):
        return read_document(path)
    raise SoundNotFound


def _turns(said: list[ImportedTurn], codes: dict[str, str]) -> tuple[Turn, ...]:
    """Make turns in the order of the file; none begins before the one before it."""
    turns: list[Turn] = []
    is_timed = any(turn.start_s is not None for turn in said)
    for key, turn in enumerate(said, start=1):
        before_s = turns[-1].start_s if turns else 0.0
        start_s = max(before_s, turn.start_s if turn.start_s is not None else before_s)
        end_s = turn.end_s
        if end_s is None:
            following = next(
                (s.start_s for s in said[key : key + 1] if s.start_s is not None), None
            )
            spoken_s = len(turn.text.split()) / _WORDS_PER_S
            end_s = start_s + spoken_s if following is None else min(following, start_s + spoken_s)
        ends = (start_s, max(start_s, end_s)) if is_timed else (0.0, 0.0)
        turns.append(Turn(key, codes[turn.speaker], *ends, turn.text))
    return tuple(turns)
