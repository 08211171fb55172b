"""Speakers whom a transcript brings along and nobody entered: two files, two people, no consent."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from study import group_cases
from study.store import Study
from tests.cli.conftest import result
from tests.consents import keep_agreed

Run = Callable[..., tuple[int, str, str]]
A = """WEBVTT

00:00:01.000 --> 00:00:03.000
<v Margaret Wilson>Hello, I am glad that you came.</v>

00:00:04.000 --> 00:00:05.000
<v Guest User>Hi.</v>
"""
B = """WEBVTT

00:00:01.000 --> 00:00:03.000
<v Peter Brown>Hello to you as well.</v>

00:00:04.000 --> 00:00:05.000
<v Another Person>Hi there.</v>
"""


@pytest.fixture
def folder(study: Study) -> Path:
    """A closed study that asks for consent, and has that of P01 and P02."""
    keep_agreed(study, "P01", "P02")
    study.close()
    return study.folder


def test_strangers_of_two_files_are_two_people_and_nobody_asks_for_their_consent(
    run: Run, folder: Path, tmp_path: Path, passphrase: str
) -> None:
    (tmp_path / "a.vtt").write_text(A)
    (tmp_path / "b.vtt").write_text(B)

    first = run("import", folder, tmp_path / "a.vtt", "--label", "P01_i1", "--participant",
                "P01=Margaret Wilson")  # fmt: skip
    second = run("import", folder, tmp_path / "b.vtt", "--label", "P02_i1", "--participant",
                 "P02=Peter Brown")  # fmt: skip
    _, status, _ = run("status", folder, "--json")
    said = run("status", folder)[2]

    assert (first[0], second[0]) == (0, 0), (first, second)
    with Study.open(folder, passphrase) as opened:
        assert {case.name for case in group_cases(opened.summaries())} == {"P01", "P02"}
    assert [one["third_parties"] for one in result(status)] == [["S01"], ["S01"]]
    assert "Speakers who are not on the list" in said
    assert "P01_i1 S01" in said
    assert "P02_i1 S01" in said


@pytest.mark.parametrize("line", ["Just words.", "SPEAKER_00: Words.", "Speaker 1: Words."])
def test_who_is_entered_is_asked_and_a_voice_without_a_name_is_not(
    run: Run, folder: Path, tmp_path: Path, line: str
) -> None:
    cues = f"1\n00:00:01,000 --> 00:00:02,000\n{line}\n\n"
    other = "" if ":" not in line else "2\n00:00:03,000 --> 00:00:04,000\nP01: Others.\n"
    (tmp_path / "a.srt").write_text(cues + other)

    nobody = run("import", folder, tmp_path / "a.srt", "--label", "X_i1")
    unasked = run("import", folder, tmp_path / "a.srt", "--label", "X_i2", "--participant", "P09")
    asked = run("import", folder, tmp_path / "a.srt", "--label", "X_i3", "--participant", "P01")

    assert nobody[0] == (94 if not other else 0)  # P01 of the file has agreed
    assert unasked[0] == 94
    assert asked[0] == 0, asked


def test_a_code_that_a_file_brings_along_is_asked_for_its_consent(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("P01: Hello.\nP07: Hello.\n")

    code, _, err = run("import", folder, tmp_path / "a.txt", "--label", "P01_i1", "--participant",
                       "P01")  # fmt: skip

    assert code == 94
    assert "P07" in err


def test_strangers_of_two_files_are_no_case_in_what_is_handed_over(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    for number, text in enumerate((A, B), 1):
        (tmp_path / f"{number}.vtt").write_text(text)
        label = f"P0{number}_i1"
        run("import", folder, tmp_path / f"{number}.vtt", "--label", label, "--participant",
            "P01=Margaret Wilson" if number == 1 else "P02=Peter Brown")  # fmt: skip
        run("anonymise", folder, label)
        run("sign", folder, label, "--as", "Ann", "--role", "officer")

    done = run("export", folder, "P01_i1", "P02_i1", "--to", tmp_path / "out", "--format", "cases",
               "--format", "qdpx")  # fmt: skip

    assert done[0] == 0, done
    rows = (tmp_path / "out" / "cases.csv").read_text().splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == ['"P01"', '"P02"']
    with zipfile.ZipFile(tmp_path / "out" / "project.qdpx") as project:
        xml = project.read("project.qde").decode()
    assert 'name="P02"' in xml
    assert 'name="S01"' not in xml
