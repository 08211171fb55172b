"""What a cluster costs and brings: overhead of a window, real workers here, and many that wait.

Three parts. Windows of 9 s are asked of one worker that answers at once: what is left is sealing,
pipes, TLS and Dask. An interview is transcribed with ``base`` by this process alone and by one and
two workers that share the same cores. And 1, 10 and 100 workers wait as long as ``small.en`` on
one core takes for a window, with everything else real: where the study's computer, the scheduler
or the network is the narrow place, the workers wait for windows and the share falls.
"""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks._place import PASSPHRASE
from benchmarks.frame import Row
from capture import import_sound
from models import DEMONSTRATION_SOUND, InstalledModel, find_speech_model
from study import InterviewDetails
from study.store import Argon2Cost, ClusterRole, Study, make_certificates
from transcribe import (
    MODEL_RATE,
    ClusterPlace,
    DecodingOptions,
    RemoteEngine,
    RemoteWorkers,
    start_local_cluster,
    start_node,
    transcribe_interview,
)

_WINDOW_S = 9.0  # of sound, as the windows of interviews have it on the average
_WAIT_S = 3.0  # for a window of small.en on one core: see docs/scale.md
_OVERHEAD_S = 0.020
_EACH_PROCESS = 10  # waiting workers
_SIMULATED = ((1, 20), (10, 400), (100, 10_000))  # workers, windows
_QUICK = ((1, 4), (10, 40))
_MODEL = "base"


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Measure; quick takes fewer windows and workers, and a small model."""
    rows = _measure_overhead(50 if quick else 400)
    rows += _measure_real_workers("tiny.en" if quick else _MODEL)
    for workers, windows in _QUICK if quick else _SIMULATED:
        rows += _simulate(workers, windows)
    return rows


@contextlib.contextmanager
def _start_waiting(count: int, wait_s: float) -> Generator[ClusterPlace]:
    """Start a scheduler and waiting workers; yield when all have joined."""
    with (
        tempfile.TemporaryDirectory(prefix="earshot-bench-") as folder,
        contextlib.ExitStack() as on,
    ):
        made = make_certificates(Path(folder) / "certificates", days=2)
        scheduler = on.enter_context(
            start_node("scheduler", "tls://127.0.0.1:0", made[ClusterRole.SCHEDULER], 0)
        )
        assert scheduler.stdout is not None
        address = scheduler.stdout.readline().decode().strip()
        processes: list[tuple[subprocess.Popen[bytes], int]] = []
        for first in range(0, count, _EACH_PROCESS):
            some = min(_EACH_PROCESS, count - first)
            process = subprocess.Popen(
                [
                    sys.executable, "-m", "benchmarks._waiting_workers", address,
                    str(made[ClusterRole.WORKER]), str(some), str(wait_s), str(os.getpid()),
                ],
                env=os.environ | {"TMPDIR": folder},  # what killed workers leave goes with it
                stdout=subprocess.PIPE,
            )  # fmt: skip
            on.callback(process.wait)
            on.callback(process.kill)
            processes.append((process, some))
        for process, some in processes:
            assert process.stdout is not None
            on.callback(process.stdout.close)
            for _ in range(some):
                assert process.stdout.readline(), "a worker did not join"
        yield ClusterPlace(address, made[ClusterRole.STUDY])


def _ask_many(place: ClusterPlace, workers: int, windows: int) -> float:
    """Return the seconds for windows of noise, with as many at once as the workers take."""
    model = find_speech_model("tiny.en")
    samples = np.random.default_rng(1).normal(0, 0.1, round(_WINDOW_S * MODEL_RATE))
    noise = samples.astype(np.float32)
    with RemoteWorkers(place) as remote, ThreadPoolExecutor(2 * workers) as threads:
        engine = RemoteEngine(remote, model, DecodingOptions())

        def ask(number: int) -> int:
            said = engine.transcribe_window(
                noise, speech_s=_WINDOW_S, until_s=_WINDOW_S, seed=number
            )
            return len(said)

        ask(0)
        while remote.count_places() < 2 * workers:
            time.sleep(0.05)
        began_s = time.monotonic()
        assert all(words == int(_WINDOW_S) for words in threads.map(ask, range(windows)))
        return time.monotonic() - began_s


def _measure_overhead(windows: int) -> list[Row]:
    spent_s: list[float] = []
    took_s = 0.0
    for count in (1, windows):  # what starting takes is in both
        began_s = _count_processor_s()
        with _start_waiting(1, 0.0) as place:
            took_s = _ask_many(place, 1, count)
        spent_s.append(_count_processor_s() - began_s)
    processor_s = (spent_s[1] - spent_s[0]) / (windows - 1)
    each_s = took_s / windows
    note = "two windows at a time, so the next is on its way while one is answered"
    return [
        Row(
            "overhead of a window of 9 s", each_s * 1000, "ms", note=note,
            aim=f"< {_OVERHEAD_S * 1000:.0f}", holds=each_s < _OVERHEAD_S,
        ),
        Row("processor of all four processes for a window", processor_s * 1000, "CPU ms"),
        Row("windows that one study's process and one scheduler pass on", 1 / each_s, "a second"),
    ]  # fmt: skip


def _count_processor_s() -> float:
    """Return the processor seconds of this process, and of its children that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def _measure_real_workers(name: str) -> list[Row]:
    model = find_speech_model(name)
    alone_s = _time_interview(lambda study, one: _transcribe(study, one, model, None))
    rows = [Row(f"{name}, the demonstration, this process alone", alone_s, "s")]
    for count in (1, 2):
        with start_local_cluster(count) as place:

            def hear(study: Study, one: str, place: ClusterPlace = place) -> None:
                with RemoteWorkers(place) as workers:
                    _transcribe(study, one, model, workers)

            took_s = _time_interview(hear)
        rows.append(
            Row(
                f"{name}, the demonstration, {count} of {os.cpu_count()} cores' workers", took_s,
                "s", f"alone x {took_s / alone_s:.2f}",
            )
        )  # fmt: skip
    return rows


def _transcribe(
    study: Study, one: str, model: InstalledModel, workers: RemoteWorkers | None
) -> None:
    transcribe_interview(study.interview(one), model, workers=workers)


def _time_interview(hear: Callable[[Study, str], None]) -> float:
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as folder:
        cost = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
        study, _ = Study.create(Path(folder) / "study", PASSPHRASE, cost=cost)
        with study:
            one = import_sound(study, DEMONSTRATION_SOUND, InterviewDetails("A"))
            began_s = time.monotonic()
            hear(study, one)
            return time.monotonic() - began_s


def _simulate(workers: int, windows: int) -> list[Row]:
    with _start_waiting(workers, _WAIT_S) as place:
        took_s = _ask_many(place, workers, windows)
    best_s = windows * _WAIT_S / workers
    return [
        Row(
            f"{windows:,} windows, {workers} waiting workers", took_s, "s",
            f"no overhead at all x {took_s / best_s:.3f}",
        )
    ]  # fmt: skip
