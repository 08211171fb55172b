"""The verb ``keys`` and the page of the documents that it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli import main, render_keys_page

_KEYS_PAGE = Path(__file__).parents[2] / "docs" / "keys.md"


def test_the_page_of_keys_is_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "--page"]) == 0

    assert (
        _KEYS_PAGE.read_text(encoding="utf-8") == render_keys_page() == capsys.readouterr().out[:-1]
    )
