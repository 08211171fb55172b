"""Work beside the screen: what the child tells, what it is given, how it is stopped."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app import (
    BackgroundJob,
    JobEnding,
    JobFailed,
    JobFinished,
    JobStopped,
    RemainingTime,
    find_speakers_problem,
)
from app.background_job import SpeakersProblem
from study import TaskProgress
from study.errors import OutOfMemory

Verb = Callable[[str], tuple[str, ...]]


def _child(tmp_path: Path, program: tuple[str, ...]) -> BackgroundJob:
    return BackgroundJob("transcribe", tmp_path / "a study", "abc", b"the keys", program=program)


def _all(child: BackgroundJob) -> list[TaskProgress | JobEnding]:
    return list(child.run_and_report())


def test_progress_and_the_end_are_told_in_order(tmp_path: Path, verb: Verb) -> None:
    program = verb("""
        tell(event="progress", done=12.0, total=118.0, what="window 1")
        tell(event="done", result={"turns": 7})
    """)

    assert _all(_child(tmp_path, program)) == [
        TaskProgress(12.0, 118.0, "window 1"),
        JobFinished({"result": {"turns": 7}}),
    ]


def test_the_child_is_given_the_interview_and_gets_the_keys_through_a_pipe(
    tmp_path: Path, verb: Verb
) -> None:
    program = verb("""
        seen = {"argv": argv[:4], "keys": keys.decode(), "nice": os.nice(0)}
        secret = any("the keys" in text for text in [*argv, *os.environ.values()])
        tell(event="done", secret=secret, **seen)
    """)

    (end,) = _all(_child(tmp_path, program))

    assert isinstance(end, JobFinished)
    assert end.facts["argv"] == ["transcribe", str(tmp_path / "a study"), "abc", "--json"]
    assert end.facts["keys"] == "the keys"
    assert end.facts["secret"] is False


def test_the_child_works_at_low_priority(tmp_path: Path, verb: Verb) -> None:
    program = verb("""
        tell(event="progress", done=0, total=1, what=str(os.getpid()))
        while os.nice(0) < 10:
            pass
        tell(event="done")
    """)

    assert _all(_child(tmp_path, program))[-1] == JobFinished({})


def test_an_error_comes_in_its_own_words_without_what_a_terminal_obeys(
    tmp_path: Path, verb: Verb
) -> None:
    program = verb(r"""
        tell(event="error", message="No\x1b[2J model.", advice="Get [/red] one.", exit_code=50)
        sys.exit(50)
    """)

    assert _all(_child(tmp_path, program)) == [JobFailed("No␛[2J model.", "Get [/red] one.", 50)]


def test_what_is_no_event_is_passed_over(tmp_path: Path, verb: Verb) -> None:
    program = verb(r"""
        sys.stdout.buffer.write(b'\xff\xfe\n[1, 2]\n{"event": 7}\n{"half": \nwarning\n{}\n')
        sys.stderr.write("noise" * 100_000)
        tell(event="later", result=1)
        tell(event="done")
    """)

    assert _all(_child(tmp_path, program)) == [JobFinished({})]


def test_a_child_that_breaks_off_is_a_failure_in_words(tmp_path: Path, verb: Verb) -> None:
    program = verb("os.abort()")

    (end,) = _all(_child(tmp_path, program))

    assert isinstance(end, JobFailed)
    assert "failed at once" in end.message


def test_a_done_that_is_followed_by_a_crash_is_not_believed(tmp_path: Path, verb: Verb) -> None:
    program = verb('tell(event="done"); sys.exit(70)')

    assert isinstance(_all(_child(tmp_path, program))[-1], JobFailed)


def test_a_program_that_is_not_there_is_a_failure_in_words(tmp_path: Path) -> None:
    child = _child(tmp_path, (str(tmp_path / "nothing"),))
    before = len(list(Path("/proc/self/fd").iterdir()))

    (end,) = _all(child)

    assert isinstance(end, JobFailed)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_without_a_program_no_program_named_like_the_verb_gets_the_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "transcribe"
    other.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    (end,) = _all(_child(tmp_path, ()))

    assert isinstance(end, JobFailed)
    assert not (tmp_path / "started").exists()


def test_stopping_ends_a_child_that_listens(tmp_path: Path, verb: Verb) -> None:
    program = verb("""
        import signal
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
        tell(event="progress", done=1.0, total=2.0)
        signal.pause()
    """)
    child = _child(tmp_path, program)
    events = child.run_and_report()
    assert isinstance(next(events), TaskProgress)

    child.stop()

    assert list(events) == [JobStopped()]


def test_stopping_ends_a_child_that_is_deep_in_native_code(tmp_path: Path, verb: Verb) -> None:
    program = verb("""
        import signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        tell(event="progress", done=1.0, total=2.0)
        while True:
            signal.pause()
    """)
    child = _child(tmp_path, program)
    events = child.run_and_report()
    assert isinstance(next(events), TaskProgress)

    child.stop()

    assert list(events) == [JobStopped()]


def test_a_child_stopped_before_it_began_ends_at_once(tmp_path: Path, verb: Verb) -> None:
    child = _child(tmp_path, verb("import time; time.sleep(600)"))

    child.stop()

    assert _all(child) == [JobStopped()]


def test_leaving_waits_until_the_child_is_gone(tmp_path: Path, verb: Verb) -> None:
    program = verb("""
        tell(event="progress", done=os.getpid(), total=2.0)
        import time; time.sleep(600)
    """)
    child = _child(tmp_path, program)
    events = child.run_and_report()
    first = next(events)
    rest: list[TaskProgress | JobEnding] = []
    reader = threading.Thread(target=lambda: rest.extend(events))
    reader.start()

    child.stop_and_wait()
    reader.join()

    assert isinstance(first, TaskProgress)
    assert not Path(f"/proc/{int(first.done)}").exists()
    assert rest == [JobStopped()]


def test_the_time_left_counts_from_where_watching_began() -> None:
    times = iter([100.0, 110.0, 130.0])
    pace = RemainingTime(lambda: next(times))

    assert pace.estimate_left_s(TaskProgress(60.0, 100.0)) is None  # 60 were done another day
    assert pace.estimate_left_s(TaskProgress(70.0, 100.0)) == 30.0
    assert pace.estimate_left_s(TaskProgress(90.0, 100.0)) == 10.0


def test_no_time_left_is_told_while_there_is_nothing_to_tell_it_from() -> None:
    pace = RemainingTime(lambda: 0.0)

    assert pace.estimate_left_s(TaskProgress(0.0, 100.0)) is None
    assert pace.estimate_left_s(TaskProgress(0.0, 100.0)) is None
    assert pace.estimate_left_s(TaskProgress(5.0, 0.0)) is None


def test_each_part_of_a_job_has_a_pace_of_its_own() -> None:
    times = iter([0.0, 10.0, 11.0, 12.0])
    pace = RemainingTime(lambda: next(times))

    pace.estimate_left_s(TaskProgress(0.0, 100.0, "transcribing"))
    assert pace.estimate_left_s(TaskProgress(50.0, 100.0, "transcribing")) == 10.0
    assert pace.estimate_left_s(TaskProgress(0.0, 100.0, "telling voices apart")) is None
    assert pace.estimate_left_s(TaskProgress(50.0, 100.0, "telling voices apart")) == 1.0


def test_a_transcription_without_speakers_says_why() -> None:
    problem = {"message": "No model\x1b.", "advice": "Get one.", "exit_code": 50}
    finished = JobFinished({"result": {"turns": 7, "speakers_problem": problem}})

    assert find_speakers_problem(finished) == SpeakersProblem(
        "No model\N{SYMBOL FOR ESCAPE}.", "Get one.", 50
    )


@pytest.mark.parametrize("result", [{"turns": 7}, ["a file"], None])
def test_other_results_miss_no_speakers(result: object) -> None:
    assert find_speakers_problem(JobFinished({"result": result})) is None
    assert find_speakers_problem(JobStopped()) is None


@pytest.mark.parametrize("how", ["SIGKILL", "SIGABRT", "SIGSEGV"])
def test_a_child_that_breaks_off_hard_is_most_often_out_of_memory(
    tmp_path: Path, verb: Verb, how: str
) -> None:
    program = verb(f"""
        import signal
        tell(event="progress", done=0, total=1, what="")
        os.kill(os.getpid(), signal.{how})
    """)

    end = _all(_child(tmp_path, program))[-1]

    assert isinstance(end, JobFailed)
    assert "memory" in end.message
    assert end.exit_code == OutOfMemory.exit_code


def test_a_child_is_given_the_verbs_options_and_the_end_of_the_recording(
    tmp_path: Path, verb: Verb
) -> None:
    program = verb("""
        at = argv.index("--until-fd")
        tell(event="progress", done=0, total=1, what="following")
        tell(event="done", options=argv[4:at], said=os.read(int(argv[at + 1]), 9).decode())
    """)
    child = BackgroundJob(
        "transcribe", tmp_path, "abc", b"keys", options=["--model", "m"], follows=True,
        program=program,
    )  # fmt: skip
    events = child.run_and_report()
    assert isinstance(next(events), TaskProgress)

    child.finish_following()

    assert list(events) == [JobFinished({"options": ["--model", "m"], "said": ""})]


def test_a_recording_that_ends_before_its_child_began_is_told_to_it(
    tmp_path: Path, verb: Verb
) -> None:
    program = verb(
        'tell(event="done", said=os.read(int(argv[argv.index("--until-fd") + 1]), 9).decode())'
    )
    child = BackgroundJob("transcribe", tmp_path, "abc", b"keys", follows=True, program=program)

    child.finish_following()

    assert _all(child) == [JobFinished({"said": ""})]
