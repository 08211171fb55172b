"""A folder of interviews with a table goes in with one command, is killed twice, and is whole.

Five small interviews in the suite; forty with EARSHOT_THOROUGH=1.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from capture import import_transcript
from study import ArtefactKind, InterviewDetails, Transcript
from study.store import Study, verify_interview_sound, verify_study

COUNT = 40 if os.environ.get("EARSHOT_THOROUGH") else 5
RATE, SECONDS = 16_000, 20
Origin = dict[str, str | int | float | bool]


def start(folder: Path, files: Path, table: Path, passphrase: str) -> subprocess.Popen[str]:
    return start_import(folder, passphrase, files, "--table", table, "--write")


def start_import(folder: Path, passphrase: str, *more: str | Path) -> subprocess.Popen[str]:
    words = ("import", folder, *more, "--json")
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "cli.command_line", *map(str, words)],
        env=os.environ | {"EARSHOT_PASSPHRASE": passphrase},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_in_the_middle_of(running: subprocess.Popen[str], label: str) -> None:
    """Kill it (SIGKILL) while it seals the sound of an interview."""
    assert running.stdout is not None
    for line in running.stdout:
        event: dict[str, Any] = json.loads(line)
        if event.get("what", "").startswith(label):
            break
    assert running.poll() is None
    running.kill()
    running.communicate()


@pytest.mark.slow
def test_a_table_that_was_killed_twice_comes_in_whole(
    study: Study, tmp_path: Path, passphrase: str
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    lines = ["label;file;participants;roles;language"]
    dice = np.random.default_rng(5)
    sounds: dict[str, Any] = {}
    for number in range(COUNT):
        label = f"P{number:02}_i1"
        sounds[label] = dice.integers(-3000, 3000, RATE * SECONDS).astype("<i2")
        soundfile.write(files / f"visit {number}.wav", sounds[label], RATE, subtype="PCM_16")
        lines.append(f"{label};visit {number}.wav;P{number:02};participant;en")
    table = tmp_path / "table.csv"
    table.write_text("\n".join(lines))
    folder = study.folder
    study.close()

    for label in (f"P{COUNT // 4:02}_i1", f"P{3 * COUNT // 4:02}_i1"):
        kill_in_the_middle_of(start(folder, files, table, passphrase), f"{label},")
    out, err = start(folder, files, table, passphrase).communicate()

    assert json.loads(out.splitlines()[-1])["event"] == "done", err
    with Study.open(folder, passphrase) as opened:
        assert {s.label for s in opened.summaries()} == set(sounds)
        for summary in opened.summaries():
            interview = opened.interview(summary.id)
            sound = interview.open_sound()
            assert sound is not None
            with sound:
                kept = np.frombuffer(sound.read(0, sound.frames), "<i2")
            assert np.array_equal(kept, sounds[summary.label])
            assert interview.read_artefact(ArtefactKind.ORIGIN, Origin)
            assert verify_interview_sound(interview) == []
        assert verify_study(opened) == []
    assert [path.name for path in (folder / "audio").glob(".*")] == []


def test_sound_for_a_transcript_that_was_killed_leaves_the_transcript_as_it_was(
    study: Study, tmp_path: Path, passphrase: str
) -> None:
    (tmp_path / "visit.txt").write_text("P07: Well, I came by the bus.\nINT01: And then?\n")
    made = import_transcript(study, tmp_path / "visit.txt", InterviewDetails("P07_i1")).interview
    noise = np.random.default_rng(5).integers(-3000, 3000, RATE * SECONDS).astype("<i2")
    soundfile.write(tmp_path / "visit.wav", noise, RATE, subtype="PCM_16")
    before = study.interview(made).read_artefact(ArtefactKind.RAW, Transcript)
    lines = study.read_trail()[1]
    folder = study.folder
    study.close()
    words = (folder, passphrase, tmp_path / "visit.wav", "--to", "P07_i1")

    kill_in_the_middle_of(start_import(*words), "importing")
    with Study.open(folder, passphrase) as opened:
        assert opened.read_trail()[1] == lines
        assert opened.interview(made).open_sound() is None
        assert opened.interview(made).read_artefact(ArtefactKind.RAW, Transcript) == before
    out, err = start_import(*words).communicate()

    assert json.loads(out.splitlines()[-1])["event"] == "done", err
    with Study.open(folder, passphrase) as opened:
        interview = opened.interview(made)
        assert interview.read_artefact(ArtefactKind.RAW, Transcript) == before
        sound = interview.open_sound()
        assert sound is not None
        with sound:
            assert np.array_equal(np.frombuffer(sound.read(0, sound.frames), "<i2"), noise)
        assert verify_interview_sound(interview) == []
        assert verify_study(opened) == []
    assert [path.name for path in (folder / "audio").glob(".*")] == []
