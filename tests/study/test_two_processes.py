from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from study.records import InterviewDetails, SoundFormat
from study.store.recordings import IncomingSound, rescue_recordings
from study.store.study import Study
from study.store.trail import read_trail_head
from study.store.verification import verify_database_file, verify_study

Child = Callable[..., "subprocess.Popen[str]"]

ENTER_TEN = """
import sys
from pathlib import Path
from study.store.study import Study
from study.records import InterviewDetails

with Study.open(Path(sys.argv[1]), sys.argv[2]) as study:
    print("open", flush=True)
    sys.stdin.readline()
    for number in range(10):
        with study.change("entered") as change:
            change.add_interview(InterviewDetails(f"{sys.argv[3]}_{number}"))
"""

RESCUE_FOR_EVER = """
import sys
from pathlib import Path
from study.store.recordings import rescue_recordings
from study.store.study import Study

with Study.open(Path(sys.argv[1]), sys.argv[2]) as study:
    print("open", flush=True)
    while True:
        rescue_recordings(study)
"""


def said_open(process: subprocess.Popen[str]) -> bool:
    assert process.stdout is not None
    return process.stdout.readline() == "open\n"


@pytest.mark.slow
def test_two_processes_write_to_one_study_and_lose_nothing(
    study: Study, passphrase: str, child: Child
) -> None:
    study.close()
    both = [child(ENTER_TEN, study.folder, passphrase, name) for name in ("A", "B")]
    assert all(said_open(process) for process in both)

    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    codes = [process.wait(timeout=60) for process in both]

    assert codes == [0, 0]
    assert verify_database_file(study.folder) == []
    with Study.open(study.folder, passphrase) as opened:
        labels = {summary.label for summary in opened.summaries()}
        assert labels == {f"{name}_{n}" for name in "AB" for n in range(10)}
        assert read_trail_head(opened.db).count == 21
        assert verify_study(opened) == []


def test_a_change_of_one_process_is_seen_by_the_other(
    study: Study, passphrase: str, child: Child
) -> None:
    process = child(ENTER_TEN, study.folder, passphrase, "A")
    assert said_open(process)
    assert study.summaries() == []

    process.communicate("go\n")

    assert len(study.summaries()) == 10


@pytest.mark.slow
def test_a_process_that_rescues_leaves_alone_what_another_brings_in(
    study: Study, passphrase: str, child: Child, form: SoundFormat, second: bytes
) -> None:
    process = child(RESCUE_FOR_EVER, study.folder, passphrase)
    assert said_open(process)

    for number in range(30):
        with IncomingSound(study, form) as incoming:
            incoming.write(second)
            incoming.keep(InterviewDetails(f"P{number}"), {})

    assert process.poll() is None
    process.kill()
    process.wait()
    rescue_recordings(study)
    assert verify_study(study) == []
