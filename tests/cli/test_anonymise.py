"""The verb that proposes replacements says which finder of names it used."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli import main
from models import find_names_model
from study import (
    ArtefactKind,
    InterviewDetails,
    Mentions,
    Provenance,
    Transcript,
    TranscriptFacts,
    Turn,
)
from study.errors import ChooseInterviews, ModelMissing
from study.store import Study

_TURNS = (Turn(1, "P07", 0.0, 4.0, "Helen told me, she lives in Skipton with David Thompson."),)


@pytest.fixture
def closed(study: Study, passphrase: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A closed study with one transcript, and a folder for models of this test's own."""
    with study.change("made for a test") as change:
        change.add_interview(InterviewDetails("P07_i1"))
        heard = Transcript(_TURNS, Provenance("transcribe", "earshot", "tiny.en", "00" * 32))
        change.write_artefact(ArtefactKind.RAW, heard, TranscriptFacts(1))
    study.close()
    monkeypatch.setenv("EARSHOT_PASSPHRASE", passphrase)
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path / "models"))
    return study.folder


@pytest.mark.parametrize("name", ["names-en", "en_core_web_lg"])
def test_what_was_proposed_names_the_finder_as_the_catalogue_does(
    closed: Path, tmp_path: Path, passphrase: str, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    shutil.copytree(find_names_model().folder, tmp_path / "models" / "en_core_web_lg")

    assert main(["anonymise", str(closed), "P07_i1", "--names", name, "--json"]) == 0

    told = json.loads(capsys.readouterr().out.splitlines()[-1])["result"]
    assert told["model"] == name
    assert told["model_sha256"] == find_names_model(name).sha256()
    assert told["by_kind"]["person"] >= 1
    with Study.open(closed, passphrase) as study:
        mentions = study.interview(study.find_interview("P07_i1").id).read_artefact(
            ArtefactKind.MENTIONS, Mentions
        )
    assert mentions is not None
    assert mentions.provenance.model == name
    own = "names" if name == "names-en" else name
    assert [finder.source for finder in mentions.finders] == [own]
    assert {m.source for m in mentions.mentions} & {"names", "en_core_web_lg"} == {own}
    assert not [option for option in mentions.provenance.options if option.startswith("beside")]


@pytest.mark.parametrize("name", ["en_core_web_sm", "tiny.en", "no/such"])
def test_a_finder_that_is_not_here_is_told_and_nothing_is_proposed(
    closed: Path, passphrase: str, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    code = main(["anonymise", str(closed), "P07_i1", "--names", name])

    assert code == ModelMissing.exit_code
    assert len(capsys.readouterr().err.strip().splitlines()) == 2
    with Study.open(closed, passphrase) as study:
        assert (
            study.interview(study.find_interview("P07_i1").id).read_artefact(
                ArtefactKind.MENTIONS, Mentions
            )
            is None
        )


def test_all_that_were_not_searched_are_searched_by_several_processes(
    closed: Path, passphrase: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Study.open(closed, passphrase) as study:
        for label in ("P08_i1", "P09_i1"):
            with study.change("made for a test") as change:
                change.add_interview(InterviewDetails(label))
                if label == "P08_i1":
                    heard = Transcript(_TURNS, Provenance("transcribe", "earshot"))
                    change.write_artefact(ArtefactKind.RAW, heard, TranscriptFacts(1))

    assert main(["anonymise", str(closed), "--all", "--workers", "2"]) == 0
    table = capsys.readouterr().out
    assert main(["anonymise", str(closed), "--all", "--json"]) == 0
    left = json.loads(capsys.readouterr().out.splitlines()[-1])["result"]
    assert main(["anonymise", str(closed), "--all"]) == 0
    told = capsys.readouterr().err

    assert [word for word in table.split() if "_i1" in word] == ["P07_i1", "P08_i1"]
    assert left == []
    assert "Every transcript has been searched, and none was corrected since." in told


@pytest.mark.parametrize(
    ("more", "said"), [([], "No interview was named."), (["P07_i1", "--all"], "Some interviews")]
)
def test_one_interview_is_named_or_all_are(
    closed: Path, capsys: pytest.CaptureFixture[str], more: list[str], said: str
) -> None:
    assert main(["anonymise", str(closed), *more]) == ChooseInterviews.exit_code
    assert said in capsys.readouterr().err
