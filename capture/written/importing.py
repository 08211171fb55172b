"""Bring a transcript that was made elsewhere into the study: an interview without sound.

Everything that can be done to a transcript of our own can be done to it. The file is read whole
into memory, nothing of it is copied anywhere, and neither its name nor a speaker's name stands
outside the seal.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from pathlib import Path

from capture.written import reading, speakers
from capture.written.said import Said
from study.artefacts import Kind
from study.change import check
from study.errors import NotTranscript, SoundNotFound, TranscriptFlaw
from study.facts import TranscriptFacts
from study.steps import PROGRAM
from study.store import Study
from study.terms import About, Provenance, Transcript, Turn

STEP = "import"
SUFFIXES = frozenset({".vtt", ".srt", ".docx", ".doc", ".txt", ".md", ".htm", ".html", ".pdf"})
_WORDS_PER_S = 2.5  # of talk; how long a turn took whose end no file tells


def is_transcript(path: Path) -> bool:
    """Whether a file's name says that it holds words, not sound."""
    return path.suffix.lower() in SUFFIXES


def import_transcript(study: Study, path: Path, about: About) -> str:
    """Enter an interview with the turns of a file and return its id.

    about: its participants' names, where they are those the file gives its speakers, say which
    code each speaks under; everybody else gets a code of their own. Turns without a time in the
    file have none here: 0.0 throughout.

    Raises:
        SoundNotFound: there is no such file.
        NotTranscript: it is something else, or empty.
        BadName: the label or a code is not one, or is taken.
    """
    content = _content(path)
    written = reading.read(content)
    found = speakers.coded(about, (said.speaker for said in written.said))
    check(study, found.about)
    provenance = Provenance(STEP, PROGRAM, options={"format": written.kind})
    turns = _turns(written.said, found.codes)
    origin: dict[str, str | int] = {
        "container": written.kind,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    with study.change("transcript imported") as change:
        interview = change.add_interview(found.about)
        change.put(interview, Kind.ORIGIN, origin)
        change.put(interview, Kind.RAW, Transcript(turns, provenance), TranscriptFacts(len(turns)))
        change.facts["turns"] = len(turns)
    return interview


def _content(path: Path) -> bytes:
    descriptor = -1
    # Not `raise ... from`: the system's own error carries the file's name into every traceback.
    with contextlib.suppress(OSError, ValueError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if descriptor < 0:
        raise SoundNotFound
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotTranscript(TranscriptFlaw.NO_PLAIN_FILE)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor has no path
        return file.read(reading.MOST_BYTES + 1)


def _turns(said: list[Said], codes: dict[str, str]) -> tuple[Turn, ...]:
    """Make turns in the order of the file; one that would begin too early begins with the last."""
    turns: list[Turn] = []
    is_timed = any(one.start_s is not None for one in said)
    for key, one in enumerate(said, start=1):
        before_s = turns[-1].start_s if turns else 0.0
        start_s = max(before_s, one.start_s if one.start_s is not None else before_s)
        end_s = one.end_s
        if end_s is None:
            following = next(
                (s.start_s for s in said[key : key + 1] if s.start_s is not None), None
            )
            spoken_s = len(one.text.split()) / _WORDS_PER_S
            end_s = start_s + spoken_s if following is None else min(following, start_s + spoken_s)
        ends = (start_s, max(start_s, end_s)) if is_timed else (0.0, 0.0)
        turns.append(Turn(key, codes[one.speaker], *ends, one.text))
    return tuple(turns)
