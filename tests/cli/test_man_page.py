"""The manual page holds every verb, and is the one that the verbs make."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from cli.command_line import VERB_NAMES
from tools.man_page import render_man_page

PAGE = Path(__file__).parents[2] / "docs" / "earshot.1"


def test_the_manual_page_is_the_one_that_the_verbs_make() -> None:
    # `python -m tools.man_page > docs/earshot.1` writes it anew.
    assert PAGE.read_text(encoding="utf-8") == render_man_page()


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
def test_man_lays_the_page_out_without_a_warning_and_names_every_verb() -> None:
    shown = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", str(PAGE)],
        capture_output=True, text=True, check=True,
        env={"MANWIDTH": "80", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "GROFF_NO_SGR": "1"},
    )  # fmt: skip

    assert not shown.stderr
    assert all(f"\nearshot {verb}\n" in plain(shown.stdout) for verb in VERB_NAMES)


def plain(text: str) -> str:
    """Return a page without its overstrikes, by which a printer makes letters bold."""
    out = list[str]()
    for letter in text:
        if letter == "\b":
            out.pop()
        else:
            out.append(letter)
    return "".join(out)
