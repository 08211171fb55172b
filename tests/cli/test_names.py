"""``earshot names``: names that may be said, entered after an interview was recorded."""

from __future__ import annotations

import pytest

from cli import main
from study import InterviewDetails, Participant
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
    "told", ["--of=P07=Mi\udce9", "--known=person=Mi\udce9", "--known=person=:sister"]
)
def test_bytes_that_are_no_text_and_no_name_at_all_are_one_sentence(
    study: Study,
    passphrase: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    told: str,
) -> None:
    with study.change("entered") as change:
        change.add_interview(InterviewDetails("P07_i1", (Participant("P07"),)))
    study.close()
    monkeypatch.setenv("EARSHOT_PASSPHRASE", passphrase)

    assert main(["names", str(study.folder), "P07_i1", told]) == 23
    assert "person=Tom Baker" in capsys.readouterr().err
