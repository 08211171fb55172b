"""The real program in terminals that can do less, with keys alone."""

from __future__ import annotations

import re
import sys

import pytest

from study.store import Study
from tests.tui.test_app_crash import in_a_terminal
from tui.app import NO_TERMINAL_EXIT

_PROGRAM = """
import sys
from pathlib import Path
from study.store import Study
import tui.app

folder = Path(sys.argv[1])
with Study.open(folder, "four unrelated small words") as study:
    code = tui.app.run_interface(study, log=folder.parent / "screen.log", program=())
sys.exit(code)
"""
_COLOUR = re.compile(r"\x1b\[(?:[0-9;]*;)?[34]8;[0-9;]*m")
_WORDS = ("Margaret", "Ashfield")


def _opened(study: Study, key: bytes, **environment: str) -> tuple[int, str]:
    program = [sys.executable, "-c", _PROGRAM, str(study.folder)]
    return in_a_terminal(program, key=key, **environment)


@pytest.mark.parametrize("kind", ["vt100", "dumb"])
def test_it_opens_and_leaves_by_keys_where_a_terminal_knows_little(
    kind: str, course: Study
) -> None:
    code, seen = _opened(course, b"q", TERM=kind)

    assert code == 0
    assert "P07_i1" in seen
    assert "? to review" in seen


def test_without_colours_it_sends_no_colour_but_grey(course: Study) -> None:
    code, seen = _opened(course, b"q", NO_COLOR="1", COLORTERM="truecolor")
    greys = {
        part
        for escape in _COLOUR.findall(seen)
        for part in re.findall(r"[34]8;2;(\d+);(\d+);(\d+)", escape)
    }

    assert code == 0
    assert "? to review" in seen
    assert [grey for grey in greys if len(set(grey)) > 1] == []


def test_without_utf_8_it_says_what_to_set_and_shows_no_half_of_an_interview(
    course: Study,
) -> None:
    code, seen = _opened(
        course, b"", LANG="C", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0",
        PYTHONIOENCODING="ascii",
    )  # fmt: skip

    assert code == NO_TERMINAL_EXIT
    assert "not set to UTF-8" in seen
    assert "Set LANG" in seen
    assert "P07_i1" not in seen


def test_no_word_goes_into_the_title_a_notification_or_the_clipboard(course: Study) -> None:
    """Open an interview, decide, type in a turn, cut words, and leave with Ctrl-Q."""
    keys = b"\raxi\x18\x1b[C\x16\x1b" + b"\x11"
    code, seen = _opened(course, keys)
    told_to_the_terminal = re.findall(r"\x1b\](.*?)(?:\x07|\x1b\\)", seen, re.DOTALL)

    assert code == 0
    assert any(word in seen for word in _WORDS)
    assert [told for told in told_to_the_terminal if any(word in told for word in _WORDS)] == []
    assert [
        told for told in told_to_the_terminal if told[:2] in {"0;", "2;", "9;", "52", "77"}
    ] == []
    assert "\a" not in re.sub(r"\x1b\].*?\x07", "", seen, flags=re.DOTALL)  # no bell either
