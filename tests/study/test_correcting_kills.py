"""kill -9 in the middle of correcting: not one acknowledged edit is lost."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from study.artefact_kinds import ArtefactKind
from study.records import InterviewDetails, Provenance, Transcript, Turn
from study.store.keys import Argon2Cost
from study.store.study import Study
from study.store.transcripts import read_corrected_transcript
from study.store.verification import verify_study

KILLS = 40 if os.environ.get("EARSHOT_THOROUGH") else 4

_TYPIST = """
import sys
from pathlib import Path
from study.store.transcript_editor import TranscriptEditor
from study.store.study import Study
with Study.open(Path(sys.argv[1]), sys.argv[2]) as study:
    editor = TranscriptEditor(study.interview("P07_i1"))
    number = editor.state.edits
    while True:
        number += 1
        editor.set_text(1 + number % 50, f"edit {number}")
        sys.stdout.write(f"{number}\\n")
        sys.stdout.flush()
"""


@pytest.mark.slow
def test_every_edit_that_was_acknowledged_is_there_after_a_kill(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    folder = tmp_path / "study"
    study, _ = Study.create(folder, passphrase, cost=cheap)
    with study, study.change("transcribed") as change:
        interview = change.add_interview(InterviewDetails("P07_i1"))
        turns = tuple(Turn(n, "P07", float(n), n + 1.0, "as it was") for n in range(1, 51))
        change.write_artefact(
            ArtefactKind.RAW, Transcript(turns, Provenance("test", "earshot tests"))
        )
    dice = random.Random(7)  # noqa: S311 - repeatable dice are wanted
    acknowledged = 0

    for _ in range(KILLS):
        acknowledged = _killed_after(folder, passphrase, dice.randrange(1, 40)) or acknowledged
        with Study.open(folder, passphrase) as opened:
            state = read_corrected_transcript(opened.interview(interview))
            assert state is not None
            assert acknowledged <= state.edits <= acknowledged + 1
            last = state.find_turn(1 + acknowledged % 50)
            assert last is not None
            assert last.text == f"edit {acknowledged}"
            assert verify_study(opened) == []


def _killed_after(folder: Path, passphrase: str, edits: int) -> int:
    """Let a child edit, kill it after so many, and return the last edit that it reported."""
    child = subprocess.Popen(
        [sys.executable, "-P", "-c", _TYPIST, str(folder), passphrase],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    reported = [child.stdout.readline() for _ in range(edits)]
    child.kill()
    rest = child.stdout.read().splitlines()
    child.wait()
    child.stdout.close()
    whole = [line for line in [*reported, *rest] if line.strip().isdecimal()]
    return int(whole[-1]) if whole else 0
