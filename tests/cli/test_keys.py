"""The verb ``keys`` and the page of the documents that it writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app import COMMANDS, name_keys
from cli import main, render_keys_page

_KEYS_PAGE = Path(__file__).parents[2] / "docs" / "keys.md"


def test_the_page_of_keys_is_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "--page"]) == 0

    assert (
        _KEYS_PAGE.read_text(encoding="utf-8") == render_keys_page() == capsys.readouterr().out[:-1]
    )


def test_the_page_of_what_moved_names_each_key_as_it_is_now() -> None:
    page = _KEYS_PAGE.with_name("keys-what-moved.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+) \| (.+) \| `(.+)` \|", page, re.MULTILINE)
    keys = {command.id: name_keys(command).split(" or ")[0] for command in COMMANDS}

    assert len(rows) > 50
    for before, now, command in rows:
        assert before != now
        known = keys.get(command, "/ , then its number")
        assert now.replace("\\", "") == known, command


def test_each_list_of_the_check_has_its_own_line_in_the_order_of_its_keys() -> None:
    told = [row.split(" | ") for row in render_keys_page().splitlines() if "`check." in row]
    numbered = [(row[0].removeprefix("| "), row[1]) for row in told if row[0][-1].isdigit()]

    names = ("log", "risk", "trail", "outsider", "changes")
    assert numbered == [(f"{n}", f"`check.{name}`") for n, name in enumerate(names, 1)]
