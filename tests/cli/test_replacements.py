"""The verb for replacements lists people who may be one, joins them and tells them apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from cli import main
from study import ArtefactKind, InterviewDetails, Provenance, Transcript, TranscriptFacts, Turn
from study.store import Study

Run = Callable[..., object]


@pytest.fixture
def run(
    study: Study,
    passphrase: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs a verb for a study of two interviews that both have a sister Jean; its result."""
    for label in ("P01_i1", "P02_i1"):
        with study.change("made for a test") as change:
            change.add_interview(InterviewDetails(label))
            turns = (Turn(1, label[:3], 0.0, 4.0, "My sister Jean came."),)
            heard = Transcript(turns, Provenance("transcribe", "earshot", "tiny.en", "00" * 32))
            change.write_artefact(ArtefactKind.RAW, heard, TranscriptFacts(1))
    study.close()
    monkeypatch.setenv("EARSHOT_PASSPHRASE", passphrase)
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path / "models"))
    for label in ("P01_i1", "P02_i1"):
        assert main(["anonymise", str(study.folder), label]) == 0
    capsys.readouterr()

    def call(verb: str, *words: str) -> object:
        assert main([verb, str(study.folder), *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out.splitlines()[-1])["result"]

    return call


def test_two_of_one_first_name_are_offered_joined_and_told_apart(run: Run) -> None:
    offer = {
        "label": "[Person 2]", "other": "[Person 1]", "why": "the same name",
        "forms": ["jean"], "other_forms": ["jean"],
        "interviews": ["P02_i1"], "other_interviews": ["P01_i1"],
    }  # fmt: skip
    assert run("replacements", "--pairs") == [offer]

    run("replacements", "--same", "Person 2=Person 1")
    assert run("replacements", "--pairs") == []
    assert called(run) == ["[Person 1, sister]"]

    run("replacements", "--apart", "Person 2=Person 1")
    assert run("replacements", "--pairs") == []
    assert called(run) == ["[Person 2, sister]"]


def called(run: Run) -> list[object]:
    mentions = run("review", "P02_i1")
    return [mention["replacement"] for mention in cast("list[dict[str, object]]", mentions)]


def test_a_review_offers_who_may_be_one(
    run: Run, study: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    run("replacements")
    assert main(["review", str(study.folder), "P02_i1"]) == 0

    said = capsys.readouterr().err
    assert "[Person 2] may be [Person 1] of P01_i1 (the same name)." in said
    assert "--same 'Person 2=Person 1'" in said
