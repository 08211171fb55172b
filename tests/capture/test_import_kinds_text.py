"""Every kind of transcript is read with all that it says, or refused as what it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from capture.transcript_import.study_entry import is_transcript_file, read_transcript
from capture.transcript_import.transcript_file import TranscriptFile, read_transcript_file
from study import InterviewDetails
from study.errors import NotTranscript
from tests.capture.import_kinds_text import READ_KINDS, REFUSED_KINDS, TEXT_KINDS, TextKind

PAGE = Path(__file__).parents[2] / "docs" / "importing.md"
BEGIN, END = "<!-- transcripts: begin -->", "<!-- transcripts: end -->"


def by_name(kind: TextKind) -> str:
    return kind.name


@pytest.mark.parametrize("kind", READ_KINDS, ids=by_name)
def test_a_kind_is_read_with_its_speakers_and_its_times(kind: TextKind) -> None:
    found = read_transcript_file(kind.content)

    assert [(turn.speaker, turn.text) for turn in found.said] == [turn[:2] for turn in kind.said]
    for turn, (_, _, start_s, end_s) in zip(found.said, kind.said, strict=True):
        assert (start_s, end_s) == (
            turn.start_s if start_s is not None else None, turn.end_s if end_s is not None else None
        )  # fmt: skip
    assert sum(len(turn.words) for turn in found.said) == kind.words
    for turn in found.said:
        assert not turn.words or "".join(word.text for word in turn.words) == turn.text


@pytest.mark.parametrize("kind", REFUSED_KINDS, ids=by_name)
def test_another_kind_is_refused_as_what_it_is(kind: TextKind, tmp_path: Path) -> None:
    path = tmp_path / kind.file
    path.write_bytes(kind.content)

    assert is_transcript_file(path)
    with pytest.raises(NotTranscript) as refused:
        read_transcript(path, InterviewDetails("P07_i1"))
    assert refused.value.flaw == kind.flaw


def test_a_text_is_known_whatever_its_ending(tmp_path: Path) -> None:
    for kind in READ_KINDS:
        path = tmp_path / f"{kind.file}.transcript"
        path.write_bytes(kind.content)
        is_old_code_page = kind.file == "old.txt"
        assert is_transcript_file(path) is not is_old_code_page
    (tmp_path / "sound.bin").write_bytes(b"RIFF\x00\x01WAVE")
    assert not is_transcript_file(tmp_path / "sound.bin")


def test_the_page_lists_every_kind_as_it_is_read() -> None:
    rows = [describe(kind) for kind in TEXT_KINDS]
    table = "\n".join(["| kind | read | how | what is lost |", "|---|---|---|---|", *rows])
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"
    if os.environ.get("EARSHOT_GOLDEN") == "write":
        PAGE.write_text(wanted, encoding="utf-8")

    assert page == wanted or os.environ.get("EARSHOT_GOLDEN") == "write"
    assert len(rows) >= 22


def describe(kind: TextKind) -> str:
    """A row of the table, from what becomes of the file."""
    name = f"{kind.name} (`.{kind.file.rpartition('.')[2]}`)"
    if kind.flaw is not None:
        return f"| {name} | no | that it {kind.flaw} is told | all of it |"
    found = read_transcript_file(kind.content)
    return f"| {name} | yes | {tell_how(found)} | {kind.lost or 'nothing'} |"


def tell_how(found: TranscriptFile) -> str:
    has = {
        "speakers": any(turn.speaker for turn in found.said),
        "times": any(turn.start_s is not None for turn in found.said),
        "ends": any(turn.end_s is not None for turn in found.said),
        "times of words": any(turn.words for turn in found.said),
    }
    return ", ".join(["turns", *(name for name, is_there in has.items() if is_there)])
