"""``earshot names``: names that may be said, entered after an interview was recorded."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from cli import main
from study import InterviewDetails, Participant
from study.errors import BadName
from study.store import Study


def test_the_verb_enters_names_and_shows_only_how_many_there_are(
    study: Study,
    passphrase: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with study.change("entered") as change:
        change.add_interview(InterviewDetails("P07_i1", (Participant("P07"),)))
    study.close()
    monkeypatch.setenv("EARSHOT_PASSPHRASE", passphrase)

    told = [str(study.folder), "P07_i1", "--of", "P07=Wilhelmina,Mina", "--known", "place=Skelbeck"]
    assert main(["names", *told]) == 0
    said = capsys.readouterr()

    assert said.out.split() == ["P07", "2", "others", "1"]
    assert f"`earshot anonymise {study.folder} P07_i1`" in said.err
    assert "Mina" not in said.out + said.err


@pytest.fixture
def entered(study: Study, passphrase: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The beginning of a command about an interview with one participant, who has one name."""
    with study.change("entered") as change:
        change.add_interview(InterviewDetails("P07_i1", (Participant("P07", names=("Mina",)),)))
    study.close()
    monkeypatch.setenv("EARSHOT_PASSPHRASE", passphrase)
    return ["names", str(study.folder), "P07_i1"]


def test_names_are_asked_for_so_that_no_shell_keeps_them(
    entered: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Wilhelmina,Mina,Willa\nSkelbeck\n"))

    assert main([*entered, "--of", "P07", "--known", "place"]) == 0

    assert capsys.readouterr().out.split() == ["P07", "3", "others", "1"]


def test_names_are_taken_away_only_where_that_is_asked_for(
    entered: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    for nothing_given in (["--of", "P07"], ["--of", "P07="], ["--known", "plaice"]):
        assert main([*entered, *nothing_given]) == BadName.exit_code
    capsys.readouterr()
    assert main(entered) == 0
    assert capsys.readouterr().out.split() == ["P07", "1"]

    assert main([*entered, "--none", "P07"]) == 0
    assert capsys.readouterr().out.strip() == "no names yet"


def test_a_kind_that_does_not_exist_is_answered_with_kinds_that_do(
    study: Study,
    passphrase: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    study.close()
    monkeypatch.setenv("EARSHOT_PASSPHRASE", passphrase)

    assert main(["names", str(study.folder), "P07_i1", "--known", "plaice=Hull"]) == 23
    assert "person=Tom Baker, place=Ashfield" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("told", "code", "says"),
    [
        ("--of=P07=Mi\udce9", 9, "a terminal that writes UTF-8"),
        ("--known=person=Mi\udce9", 9, "a terminal that writes UTF-8"),
        ("--known=person=:sister", 23, "person=Tom Baker"),
    ],
)
def test_bytes_that_are_no_text_and_no_name_at_all_are_one_sentence(
    study: Study,
    passphrase: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    told: str,
    code: int,
    says: str,
) -> None:
    with study.change("entered") as change:
        change.add_interview(InterviewDetails("P07_i1", (Participant("P07"),)))
    study.close()
    monkeypatch.setenv("EARSHOT_PASSPHRASE", passphrase)

    assert main(["names", str(study.folder), "P07_i1", told]) == code
    assert says in capsys.readouterr().err


def test_an_import_asks_for_names_so_that_no_shell_keeps_them(
    study: Study,
    passphrase: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    study.close()
    monkeypatch.setenv("EARSHOT_PASSPHRASE", passphrase)
    said = tmp_path / "said.vtt"
    said.write_text("WEBVTT\n\n00:00.000 --> 00:02.000\n<v Wilhelmina>Yes, the tea.\n")
    told = [str(study.folder), str(said), "--label", "P07_i1"]
    asked = ["--participant", "P07=", "--participant", "INT01:interviewer", "--known", "place="]

    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert main(["import", *told, *asked]) == BadName.exit_code
    monkeypatch.setattr("sys.stdin", io.StringIO("Wilhelmina,Mina\nSkelbeck:home\n"))
    assert main(["import", *told, *asked]) == 0

    assert main(["names", str(study.folder), "P07_i1"]) == 0
    assert capsys.readouterr().out.split()[-4:] == ["P07", "2", "others", "1"]
