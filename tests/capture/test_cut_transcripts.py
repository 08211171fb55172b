"""A transcript file whose end is missing is refused as cut short, or taken as far as it goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from capture.transcript_import.imported_turn import LeftOut
from capture.transcript_import.study_entry import import_transcript, read_transcript
from study import InterviewDetails, Participant
from study.errors import NotTranscript, TranscriptFlaw
from study.store import Study
from tests.capture.import_kinds_text import READ_KINDS, TextKind, docx, rtf

ABOUT = InterviewDetails("P07_i1", (Participant("P07"),))
RTF = rtf("INT: How long?", "P07: Since May, and it was cold.", "INT: And?")
HTML = (
    b"<html><head><title>x</title></head><body><p>INT: How long?</p>"
    b"<p>P07: Since May, and it was cold.</p></body></html>"
)
VTT = (
    b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Wilson, Margaret>Since May.</v>\n\n"
    b"00:03.000 --> 00:04.000\n<v Wilson, Margaret>It was cold.</v>\n"
)
FILES = {"said.rtf": RTF, "said.html": HTML, "said.vtt": VTT}
# How much is missing: the closing marks alone, and some of the words.
CUTS = [("said.rtf", 1), ("said.rtf", 20), ("said.html", 14), ("said.html", 36), ("said.vtt", 28)]


def write_cut(folder: Path, name: str, missing: int) -> Path:
    path = folder / name
    path.write_bytes(FILES[name].rstrip()[:-missing] if missing else FILES[name])
    return path


@pytest.mark.parametrize(("name", "missing"), CUTS)
def test_a_file_that_was_cut_is_refused_as_that(name: str, missing: int, tmp_path: Path) -> None:
    with pytest.raises(NotTranscript) as refused:
        read_transcript(write_cut(tmp_path, name, missing), ABOUT)

    assert refused.value.flaw is TranscriptFlaw.CUT_SHORT


@pytest.mark.parametrize(("name", "missing"), CUTS)
def test_what_is_there_is_taken_where_that_is_asked_for(
    study: Study, name: str, missing: int, tmp_path: Path
) -> None:
    made = import_transcript(study, write_cut(tmp_path, name, missing), ABOUT, partial=True)

    words = " ".join(turn.text for turn in made.read.turns)
    assert made.read.is_cut
    assert "May" in words
    assert "<" not in words


@pytest.mark.parametrize("kind", READ_KINDS, ids=lambda kind: kind.name)
def test_no_whole_file_is_called_cut(kind: TextKind, tmp_path: Path) -> None:
    path = tmp_path / kind.file
    path.write_bytes(kind.content)

    assert not read_transcript(path, InterviewDetails("P07_i1")).is_cut


def test_a_sign_for_less_is_no_cut(tmp_path: Path) -> None:
    path = tmp_path / "said.vtt"
    path.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v P07>It was 3 < 5, and 4 <\n")

    assert read_transcript(path, ABOUT).turns[0].text == "It was 3 < 5, and 4 <"


@pytest.mark.parametrize("tail", [bytes(range(256)) * 4, bytes(range(256)) * 400, docx("P07: No.")])
@pytest.mark.parametrize("name", ["said.docx", "said.rtf"])
def test_a_file_joined_behind_the_text_is_told(name: str, tail: bytes, tmp_path: Path) -> None:
    whole = docx("INT: How long?", "P07: Since May.") if name.endswith("x") else RTF
    path = tmp_path / name
    path.write_bytes(whole + tail)

    read = read_transcript(path, ABOUT)

    assert read.turns[0].text == "How long?"
    assert [part.what for part in read.left] == [LeftOut.TAIL]
