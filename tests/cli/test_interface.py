"""The interface is found by its entry point, and runs this command line in child processes."""

from __future__ import annotations

import subprocess
from importlib.metadata import EntryPoints

import pytest

from cli import VERB_PROGRAM, interface
from cli.interface import load_interface
from study import PROGRAM_VERSION
from study.errors import Fault


def test_the_interface_is_installed_and_gets_the_program_that_runs_a_verb() -> None:
    loaded = load_interface()

    assert getattr(loaded, "keywords", None) == {"program": VERB_PROGRAM}


def test_an_installation_without_its_interface_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(**_: str) -> EntryPoints:
        return EntryPoints()

    monkeypatch.setattr(interface, "entry_points", none)

    with pytest.raises(
        Fault, match=r"Something went wrong inside Earshot \(its interface is not installed\)\."
    ):
        load_interface()


def test_the_program_that_runs_a_verb_is_this_command_line() -> None:
    done = subprocess.run([*VERB_PROGRAM, "--version"], capture_output=True, text=True, check=True)

    assert done.stdout == f"{PROGRAM_VERSION}\n"
