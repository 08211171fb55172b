"""What a terminal of 80 columns shows: no word is broken, and nothing is cut off."""

from __future__ import annotations

import io
import os
import re

import pytest

from cli.console import Console
from study import TaskProgress
from study.errors import NoDiariser

HEAD = ["interview", "key", "kind", "replacement", "found by"]
ROW = ["P01_i1", "c6d30de9", "date of birth", "[Organisation 1, hospital]", "introductions"]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def widen(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Give the terminal so many columns, for whoever asks."""

    def get_size(fallback: tuple[int, int] = (80, 24)) -> os.terminal_size:
        return os.terminal_size((columns, fallback[1]))

    monkeypatch.setattr("shutil.get_terminal_size", get_size)


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    widen(monkeypatch, 80)
    return Terminal()


def test_commands_in_sentences_name_the_study_and_the_interview_to_be_pasted() -> None:
    err = io.StringIO()
    console = Console(as_json=False, err=err)
    console.name_places({"STUDY": "'my study'", "INTERVIEW": "P07_i1"})

    console.say("In a STUDY: `earshot find STUDY x`, `STUDY`, `earshot sign STUDY INTERVIEW`.")

    told = err.getvalue().strip()
    assert told == (
        "In a STUDY: `earshot find 'my study' x`, `STUDY`, `earshot sign 'my study' P07_i1`."
    )


def test_a_sentence_is_broken_between_words(out: Terminal) -> None:
    Console(as_json=False, err=out).print_error(NoDiariser())

    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    told = f"earshot: {NoDiariser()}".split()
    assert out.getvalue().split()[: len(told)] == told


def test_what_is_copied_stays_in_one_piece(out: Terminal) -> None:
    key = f"ssh-ed25519 {'A' * 90} owner"

    Console(as_json=False, out=out).print_result({}, [key])

    assert "A" * 90 in out.getvalue()


def test_a_table_that_has_room_is_a_table(out: Terminal) -> None:
    Console(as_json=False, out=out).print_table([], HEAD, [ROW])

    shown = re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue())
    assert shown.splitlines()[1].split() == [*HEAD[:4], "found", "by"]
    assert all(word in shown.split() for cell in ROW for word in cell.split())


def test_a_table_without_room_is_written_as_lines_with_headings(out: Terminal) -> None:
    more = [f"column {n}" for n in range(5)]

    Console(as_json=False, out=out).print_table(
        [], [*HEAD, *more], [[*ROW, *["anything-at-all"] * 5]]
    )

    lines = out.getvalue().splitlines()
    assert lines[0].startswith("interview P01_i1  key c6d30de9  kind date of birth")
    assert lines[1].startswith("    ")
    assert max(map(len, lines)) <= 80
    assert out.getvalue().count("anything-at-all") == 5


def test_a_pipe_takes_a_fact_a_line_and_breaks_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    pipe, row = io.StringIO(), ["anything-at-all " * 8, "", "? undecided"]

    Console(as_json=False, out=pipe).print_table([], ["said", "note", ""], [row, row])

    assert pipe.getvalue().splitlines() == [
        f"said: {row[0].strip()}", "undecided", "", f"said: {row[0].strip()}", "undecided",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [40, 59])
def test_a_narrow_terminal_breaks_lines_between_words_alone(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    widen(monkeypatch, width)
    out = Terminal()
    console = Console(as_json=False, out=out)

    console.print_table([], HEAD, [ROW])
    console.print_result({}, ["no   redacted sound may be handed over", "pauses     from 3 s on"])

    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert lines[: len(ROW)] == [f"{title}: {cell}" for title, cell in zip(HEAD, ROW, strict=True)]
    assert "redacted sound may be handed over: no." in " ".join(lines)
    assert "pauses: from 3 s on" in lines


def test_plain_lines_are_to_be_had_on_a_wide_terminal(out: Terminal) -> None:
    console = Console(as_json=False, is_plain=True, out=out, err=out)

    console.print_table([], HEAD, [])
    for done in range(0, 101, 5):
        console.show_progress(TaskProgress(done, 100, "transcribing"))

    told = out.getvalue().splitlines()
    assert told[0] == "None."
    assert told[-1] == "transcribing: 100 percent done"
    assert len(told) <= 1 + 10
    assert "\x1b" not in out.getvalue()


def test_a_path_keeps_its_blanks(out: Terminal) -> None:
    path = f"{os.sep}home{os.sep}two  blanks"

    Console(as_json=False, is_plain=True, out=out).print_result({}, [path])

    assert out.getvalue() == f"{path}\n"


@pytest.mark.parametrize("letters", [3, 12, 31])
def test_a_table_cuts_no_word_at_any_width(letters: int, monkeypatch: pytest.MonkeyPatch) -> None:
    head = ["interview", "id", "length", "state", "words on", "undecided"]
    label = "P" * letters
    rows = [(label, "npt86gwt", "00:00:10", "half transcribed", "98% of speech", "12")]
    words = {*" ".join([*head, *rows[0]]).split()}

    for width in range(60, 121):
        widen(monkeypatch, width)
        out = Terminal()
        Console(as_json=False, out=out).print_table([], head, rows)

        shown = re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue())
        assert words <= set(shown.split()), width
        assert all(len(line.rstrip()) <= width for line in shown.splitlines()), width
