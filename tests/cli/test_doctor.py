"""The verb ``doctor``: a table for people, JSON for scripts, and an exit code."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from cli import main
from study.errors import ComputerUnfit


@pytest.fixture(autouse=True)
def _only_bundled_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path / "models"))


def test_everything_is_looked_at_and_told_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0

    told = json.loads(capsys.readouterr().out)["result"]
    assert [check["name"] for check in told] == [
        "system", "sound", "models", "disk", "memory", "terminal", "clock", "keyring",
    ]  # fmt: skip
    for check in told:
        assert check["verdict"] in {"ok", "look", "broken"}
        assert check["found"].endswith(".")
        assert bool(check["advice"]) == (check["verdict"] != "ok")


def test_a_person_sees_a_sign_a_word_and_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    assert main(["doctor"]) == 0

    out = capsys.readouterr().out
    assert "what to do" in out
    assert "earshot models get" in out
    assert max(map(len, out.splitlines())) <= 80


def test_a_half_copied_model_is_broken_and_has_an_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "models" / "small.en").mkdir(parents=True)

    assert main(["doctor"]) == ComputerUnfit.exit_code

    out = capsys.readouterr().out
    assert "broken" in out
    assert "earshot models get small.en" in " ".join(out.split())


def test_a_terminal_without_utf_8_is_told_and_is_written_to_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))

    assert main(["doctor"]) == 0
    sys.stdout.flush()
    assert b"ascii" in raw.getvalue()
