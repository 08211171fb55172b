"""Calls of the command line, as a person or a script makes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli import main
from study import (
    ArtefactKind,
    InterviewDetails,
    Mentions,
    MentionsFacts,
    Participant,
    Provenance,
    Role,
    Transcript,
    TranscriptFacts,
    TranscriptRef,
    Turn,
)
from study.store import Study

Run = Callable[..., tuple[int, str, str]]
SEARCHED = TranscriptRef(ArtefactKind.RAW, 1)


def result(out: str) -> Any:  # noqa: ANN401 - JSON is whatever a verb says
    """What the last line of JSON says."""
    return json.loads(out.splitlines()[-1])["result"]


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], passphrase: str
) -> Run:
    """Call Earshot; returns its exit code, what stood on stdout, and what on stderr."""
    monkeypatch.setenv("EARSHOT_PASSPHRASE", passphrase)

    def call(*words: str | Path) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.fixture
def signed(study: Study, run: Run) -> Path:
    """A closed study with two interviews of one person, signed off."""
    with study.change("made for a test") as change:
        for label in ("P07_i1", "P07_i2"):
            people = (Participant("INT01", Role.INTERVIEWER), Participant("P07"))
            made = change.add_interview(InterviewDetails(label, people))
            turns = (Turn(1, "INT01", 0.0, 2.0, "Well?"), Turn(2, "P07", 2.0, 4.0, "Yes."))
            by = Provenance("transcribe", "earshot", "tiny.en", "00" * 32)
            heard = Transcript(turns, by)
            change.write_artefact(ArtefactKind.RAW, heard, TranscriptFacts(2), owner=made)
            searched = Provenance("anonymise", "earshot")
            change.write_artefact(
                ArtefactKind.MENTIONS,
                Mentions(SEARCHED, (), searched),
                MentionsFacts(SEARCHED, undecided=0),
                owner=made,
            )
    folder = study.folder
    study.close()
    for label in ("P07_i1", "P07_i2"):
        assert run("sign", folder, label, "--role", "data officer")[0] == 0
    return folder
