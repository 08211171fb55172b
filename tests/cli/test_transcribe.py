"""Transcribing at the shell: in a child process, one or many, stopped within a second."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pytest

from study import (
    ArtefactKind,
    InterviewDetails,
    InterviewState,
    QueuedInterview,
    SoundFormat,
    Transcript,
)
from study.errors import ChooseInterviews, NoSpeech, SomeFailed, Stopped
from study.store import (
    IncomingSound,
    Study,
    queue_interviews,
    read_transcription_queue,
    record_stretch,
)
from tests.cli.conftest import Run
from tests.transcribe.conftest import demonstration

Samples = npt.NDArray[np.int16]
pytestmark = pytest.mark.usefixtures("tiny_en_alone")

_RATE = 16_000
_SILENCE = np.zeros((_RATE, 1), dtype=np.int16)


def enter(study: Study, label: str, samples: Samples) -> str:
    with IncomingSound(study, SoundFormat(_RATE, 1)) as incoming:
        for first in range(0, len(samples), _RATE):
            incoming.write(samples[first : first + _RATE].tobytes())
        return incoming.keep(InterviewDetails(label), {})


@pytest.fixture
def said() -> Samples:
    return demonstration(0, 8)


def events(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def test_one_interview_is_transcribed_and_told(study: Study, run: Run, said: Samples) -> None:
    interview = enter(study, "P01_i1", said)

    code, out, err = run("transcribe", study.folder, "P01_i1")

    assert code == 0
    assert "turns, heard by tiny.en" in out
    assert err == ""
    assert study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript) is not None


def test_scripts_see_progress_and_one_result(study: Study, run: Run, said: Samples) -> None:
    enter(study, "P01_i1", said)

    code, out, _ = run("transcribe", study.folder, "P01_i1", "--json")

    told = events(out)
    assert code == 0
    assert {event["event"] for event in told[:-1]} == {"progress"}
    assert told[-1]["event"] == "done"


def test_a_failure_in_the_child_has_its_sentence_and_its_exit_code(study: Study, run: Run) -> None:
    enter(study, "P01_i1", _SILENCE)

    code, out, err = run("transcribe", study.folder, "P01_i1")

    assert code == NoSpeech.exit_code
    assert out == ""
    assert str(NoSpeech()) in err


def test_all_are_transcribed_and_what_failed_is_told_at_the_end(
    study: Study, run: Run, said: Samples
) -> None:
    enter(study, "P01_i1", said)
    enter(study, "P02_i1", _SILENCE)
    enter(study, "P03_i1", said)

    code, out, err = run("transcribe", study.folder, "--all")

    assert code == SomeFailed.exit_code
    assert out.splitlines()[0] == "2 of 3 interviews transcribed"
    assert out.splitlines()[1].startswith(f"  P02_i1: {NoSpeech()}")
    assert str(SomeFailed(1, 3)) in err
    assert {s.label: s.state for s in study.summaries()} == {
        "P01_i1": InterviewState.TRANSCRIBED,
        "P02_i1": InterviewState.RECORDED,
        "P03_i1": InterviewState.TRANSCRIBED,
    }
    assert read_transcription_queue(study) == ()


def test_all_again_does_nothing_twice(study: Study, run: Run, said: Samples) -> None:
    interview = enter(study, "P01_i1", said)
    run("transcribe", study.folder, "--all")

    code, out, _ = run("transcribe", study.folder, "--all")

    assert (code, out) == (0, "Nothing waits to be transcribed.\n")
    assert study.interview(interview).find_newest_version(ArtefactKind.RAW) == 1


def test_what_waited_before_a_restart_is_done_by_naming_nothing(
    study: Study, run: Run, said: Samples
) -> None:
    first, second = enter(study, "P01_i1", said), enter(study, "P02_i1", said)
    queue_interviews(
        study, [QueuedInterview(second, "tiny.en", "en"), QueuedInterview(first, "tiny.en", "en")]
    )

    code, out, _ = run("transcribe", study.folder, "--json")

    assert code == 0
    labels = [e["label"] for e in events(out) if e["event"] == "transcribed"]
    assert labels == ["P02_i1", "P01_i1"]


def test_naming_some_and_asking_for_all_is_refused(study: Study, run: Run) -> None:
    code, _, err = run("transcribe", study.folder, "P01_i1", "--all")

    assert code == ChooseInterviews.exit_code
    assert "not both" in err


def test_an_interview_that_is_being_recorded_is_left_out_of_all(
    study: Study, run: Run, said: Samples
) -> None:
    with study.change("entered") as change:
        interview = change.add_interview(InterviewDetails("P01_i1"))
    with record_stretch(study.interview(interview), SoundFormat(_RATE, 1)) as writer:
        writer.write(said[:_RATE].tobytes())

        _, out, _ = run("transcribe", study.folder, "--all")

    assert out == "Nothing waits to be transcribed.\n"


@pytest.fixture
def started(study: Study, passphrase: str) -> Iterator[subprocess.Popen[str]]:
    """Earshot transcribing ten minutes in a process of its own, which has told of progress."""
    enter(study, "P01_i1", np.tile(demonstration(0, 60), (10, 1)))
    with subprocess.Popen(
        [
            sys.executable,
            "-P",
            "-m",
            "cli.command_line",
            "transcribe",
            study.folder,
            "--all",
            "--json",
        ],
        env=os.environ | {"EARSHOT_PASSPHRASE": passphrase},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line).get("what") == "transcribing":
                break
        yield process
        process.kill()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopping_keeps_what_was_heard_and_what_waits(
    study: Study, started: subprocess.Popen[str], how: signal.Signals
) -> None:
    started.send_signal(how)
    out, _ = started.communicate()

    assert started.returncode == Stopped.exit_code
    assert json.loads(out.splitlines()[-1])["event"] == "error"
    (summary,) = study.summaries()
    assert summary.state is InterviewState.TRANSCRIBING
    assert [w.interview for w in read_transcription_queue(study)] == [summary.id]


def test_no_child_goes_on_after_the_one_that_watches_it_was_killed(
    study: Study, started: subprocess.Popen[str]
) -> None:
    """It would work unseen, and the next start would find the interview in use."""
    started.kill()
    started.wait()

    heard = _settled(
        lambda: len(
            study.interview(study.summaries()[0].id).read_entries(ArtefactKind.WINDOWS, object)
        )
    )

    assert heard < 12


def _settled(count: Callable[[], int]) -> int:
    """Return a count once it has stayed the same for three seconds."""
    last, since = count(), time.monotonic()
    while time.monotonic() - since < 3.0:
        time.sleep(0.1)
        now = count()
        if now != last:
            last, since = now, time.monotonic()
    return last
