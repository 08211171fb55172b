"""Heads of the audit trail that are kept elsewhere, and what they find that nothing else does."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from study.errors import NoKeptHeads, StudyDamaged, TargetInStudy
from study.store import Study, read_trail_head
from tests.cli.conftest import Run


@pytest.fixture
def kept(run: Run, signed: Path, tmp_path: Path) -> Path:
    """A file elsewhere that gets the head whenever somebody signs."""
    (tmp_path / "share").mkdir()
    file = tmp_path / "share" / "heads.txt"
    code, out, _ = run("policy", signed, "--heads-to", file)
    assert code == 0
    assert f"heads of the audit trail are kept elsewhere: {file}" in out
    return file


def test_each_signature_keeps_the_head(run: Run, signed: Path, kept: Path, passphrase: str) -> None:
    assert run("sign", signed, "P07_i1")[0] == 0
    assert run("sign", signed, "P07_i2", "--send-back", "look again")[0] == 0

    with Study.open(signed, passphrase) as study:
        head, study_id = read_trail_head(study.db), study.id
    lines = kept.read_text().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"{study_id} {head.count}:{head.hash} 20")
    assert kept.stat().st_mode & 0o077 == 0
    assert run("log", "verify", signed, "--against", kept)[0] == 0


def test_a_study_that_was_put_back_is_found_against_the_file(
    run: Run, signed: Path, kept: Path, tmp_path: Path
) -> None:
    shutil.copytree(signed, tmp_path / "older")
    assert run("sign", signed, "P07_i1")[0] == 0
    shutil.rmtree(signed)
    shutil.copytree(tmp_path / "older", signed)

    assert run("log", "verify", signed)[0] == 0  # nothing in it tells
    code, out, _ = run("log", "verify", signed, "--against", kept)

    assert code == StudyDamaged.exit_code
    assert "differs from the head kept elsewhere" in out


def test_a_share_that_is_not_there_stops_no_signature_and_is_said(
    run: Run, signed: Path, kept: Path
) -> None:
    kept.parent.rmdir()

    code, _, err = run("sign", signed, "P07_i1")

    assert code == 0
    assert "could not be written to the file elsewhere" in err


@pytest.mark.parametrize("what", ["link", "pipe"])
def test_nothing_but_a_plain_file_is_written_to(
    run: Run, signed: Path, kept: Path, tmp_path: Path, what: str
) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    if what == "link":
        kept.symlink_to(victim)
    else:
        os.mkfifo(kept)

    code, _, err = run("sign", signed, "P07_i1")

    assert code == 0
    assert "could not be written" in err
    assert victim.read_text() == "mine"


@pytest.mark.parametrize("text", ["", "not a head\n", "00 5:abc\n"])
def test_a_file_without_a_head_of_this_study_is_refused(
    run: Run, signed: Path, tmp_path: Path, text: str
) -> None:
    (tmp_path / "heads").write_text(text)

    code, _, err = run("log", "verify", signed, "--against", tmp_path / "heads")

    assert code == NoKeptHeads.exit_code
    assert "has no head of this study's audit trail in it" in err


def test_heads_are_not_kept_in_the_study_itself(run: Run, signed: Path) -> None:
    code, _, _ = run("policy", signed, "--heads-to", signed / "heads.txt")

    assert code == TargetInStudy.exit_code


def test_keeping_heads_ends(run: Run, signed: Path, kept: Path) -> None:
    assert "no   heads of the audit trail" in run("policy", signed, "--heads-to", "none")[1]
    assert run("sign", signed, "P07_i1")[0] == 0
    assert not kept.exists()
