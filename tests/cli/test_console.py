"""What a terminal of 80 columns shows: no word is broken, and nothing is cut off."""

from __future__ import annotations

import io
import os
import re

import pytest

from cli.console import Console
from study.errors import NoDiariser

HEAD = ["interview", "key", "kind", "replacement", "found by"]
ROW = ["P01_i1", "c6d30de9", "date of birth", "[Organisation 1, hospital]", "introductions"]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((80, 24)))
    return Terminal()


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


def test_a_pipe_takes_a_wider_table_rather_than_broken_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    pipe, row = io.StringIO(), ["anything-at-all"] * 8

    Console(as_json=False, out=pipe).print_table([], [f"column {n}" for n in range(8)], [row])

    assert row == pipe.getvalue().splitlines()[3].split()


@pytest.mark.parametrize("letters", [3, 12, 31])
def test_a_table_cuts_no_word_at_any_width(letters: int, monkeypatch: pytest.MonkeyPatch) -> None:
    head = ["interview", "id", "length", "state", "words on", "undecided"]
    label = "P" * letters
    rows = [(label, "npt86gwt", "00:00:10", "half transcribed", "98% of speech", "12")]
    words = {*" ".join([*head, *rows[0]]).split()}

    for width in range(40, 121):
        monkeypatch.setenv("COLUMNS", str(width))
        out = io.StringIO()
        Console(as_json=False, out=out).print_table([], head, rows)

        assert words <= set(out.getvalue().split()), width
        assert all(len(line.rstrip()) <= width for line in out.getvalue().splitlines()), width
