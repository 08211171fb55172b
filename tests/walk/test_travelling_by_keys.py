"""An interview is lent, sent back and taken back by keys in real terminals, on two laptops."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from study.store import Study, TranscriptEditor, list_loans, verify_study
from tests.keys import sign_of
from tests.study.travelling import PASSPHRASE, bring_in, places
from tests.walk.terminal import Terminal, needs_tmux

pytestmark = [pytest.mark.slow, needs_tmux]

_PROGRAM = f"{sys.executable} -P -m cli.command_line open"
_LIST, _TRAVEL = "Filter", "N Receive"


def at_a_terminal(
    folder: Path, name: str, size: tuple[int, int], work: Callable[[Terminal], None]
) -> None:
    """Open the study of that name in a terminal without colours, work there, and leave."""
    own = {"EARSHOT_PASSPHRASE": PASSPHRASE, "LC_ALL": "C.UTF-8", "NO_COLOR": "1",
           "XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}  # fmt: skip
    home = folder / f"terminal-{name}"
    home.mkdir(exist_ok=True)
    terminal = Terminal(size, f"cd {folder} && {_PROGRAM} {name}; read x", own, home)
    try:
        terminal.until(_LIST)
        terminal.type(sign_of("home.travel"))
        terminal.until(_TRAVEL)
        work(terminal)
    finally:
        terminal.close()


def name_file(terminal: Terminal, question: str, name: str) -> None:
    """Put a name in the place of the one that is proposed."""
    terminal.until(question)
    terminal.press("End", "C-u")
    terminal.type(name)
    terminal.until(name)
    terminal.press("Enter")


def lend(terminal: Terminal) -> None:
    terminal.until("▸   P07_i1")
    terminal.press("Enter")
    terminal.until("What is to be done with P07_i1?")
    terminal.press("3")
    terminal.until("Who receives P07_i1?")
    terminal.press("1")
    name_file(terminal, "Where should the parcel for laptop go", "lent")
    terminal.until("Sealed for laptop: P07_i1.")
    terminal.press("Escape")
    terminal.until("to laptop since")


def receive(terminal: Terminal) -> None:
    terminal.press("N")
    name_file(terminal, "Which file did you get", "lent")
    terminal.until("whole and unchanged", "Take it in?")
    terminal.press("y")
    terminal.until("Taken in: 3 turns")


def send_back(terminal: Terminal) -> None:
    terminal.until("P07_i1")
    terminal.press("Enter")
    terminal.until("What is to be done")
    terminal.press("1")
    terminal.until("Who receives")
    terminal.press("1")
    name_file(terminal, "Where should the parcel for office go", "back")
    terminal.until("Sealed for office: P07_i1.", "takes your corrections")


def take_back(terminal: Terminal, folder: Path) -> None:
    terminal.press("Enter")
    terminal.until("End the loan")
    terminal.press("1")
    terminal.until_gone("to laptop since")
    with Study.open(folder / "office", PASSPHRASE) as office:
        TranscriptEditor(office.interview("P07_i1")).set_text(2, "Changed here.")
    terminal.press("N")
    name_file(terminal, "Which file did you get", "back")
    terminal.until("1 turn was changed here as well: you decide each.")
    terminal.press("y")
    terminal.until("changed here and there   1 of 1", "P07: Changed here.", "P07: Changed there.")
    terminal.press("2")
    terminal.until("1 turn brought up to date from there.")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_loan_goes_out_and_comes_back_by_keys(tmp_path: Path, size: tuple[int, int]) -> None:
    with places(tmp_path, "office", "laptop") as at:
        bring_in(at["office"].study, "P07_i1")

    at_a_terminal(tmp_path, "office", size, lend)
    at_a_terminal(tmp_path, "laptop", size, receive)
    with Study.open(tmp_path / "laptop", PASSPHRASE) as laptop:
        TranscriptEditor(laptop.interview("P07_i1")).set_text(2, "Changed there.")
    at_a_terminal(tmp_path, "laptop", size, send_back)
    at_a_terminal(tmp_path, "office", size, lambda terminal: take_back(terminal, tmp_path))

    with Study.open(tmp_path / "office", PASSPHRASE) as office:
        source = office.interview("P07_i1").read_transcript()
        assert source is not None
        assert source.transcript.turns[1].text == "Changed there."
        assert list_loans(office) == verify_study(office) == []
