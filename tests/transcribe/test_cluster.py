"""A cluster of real processes: the same words, no trace of them elsewhere, and what breaks it.

Each test starts its own scheduler and workers, over TLS on loopback, with the genuine tiny.en.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from models import InstalledModel
from study import ArtefactKind, InterviewDetails, SoundFormat, TaskProgress, Transcript
from study.errors import (
    CertificateFlaw,
    CertificateRefused,
    SchedulerUnreachable,
    WorkersLost,
)
from study.store import Argon2Cost, ClusterRole, IncomingSound, Study, make_certificates
from tests.genuine import find_tiny_en
from tests.transcribe.conftest import demonstration
from tests.transcribe.nodes import Nodes, Proxy, read_line
from transcribe import window_hearing
from transcribe.cluster.cluster_place import ClusterPlace
from transcribe.cluster.local_cluster import remove_abandoned
from transcribe.cluster.remote_workers import RemoteWorkers
from transcribe.speech_coverage import TranscribedWindow
from transcribe.transcription import transcribe_interview

pytest.importorskip("distributed")
Samples = npt.NDArray[np.int16]
Enter = Callable[..., str]
LENGTH_S = 10.0  # of talk, in windows of 3 s
_SHORTEST = 6  # letters of a word that is looked for: a shorter one comes by chance
_EXCERPT = 64  # bytes of sound


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[Nodes]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    started = Nodes(folder)
    yield started
    started.close()


@pytest.fixture
def said() -> Samples:
    return demonstration(0, LENGTH_S)


class Transcribing:
    """One interview, transcribed on a cluster, with something that happens at its first window."""

    def __init__(self, study: Study, interview: str, model: InstalledModel) -> None:
        self._study, self._interview, self._model = study, interview, model

    def __call__(
        self,
        place: ClusterPlace,
        *,
        at_first: Callable[[], None] = lambda: None,
        patience_s: float = 60.0,
    ) -> Transcript:
        seen: list[float] = []

        def report(progress: TaskProgress) -> None:
            if progress.what == "transcribing" and not seen:
                seen.append(progress.done)
                at_first()

        with RemoteWorkers(place, patience_s=patience_s) as workers:
            return transcribe_interview(
                self._study.interview(self._interview), self._model, report=report, workers=workers
            )

    def count_saved(self) -> int:
        interview = self._study.interview(self._interview)
        return len(list(interview.read_entries(ArtefactKind.WINDOWS, TranscribedWindow)))


@pytest.fixture
def transcribing(
    study: Study, enter: Enter, said: Samples, demo_model: InstalledModel, short_windows: None
) -> Transcribing:
    del short_windows
    return Transcribing(study, enter(said, label="B"), demo_model)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Transcript:
    """The same interview, transcribed by this process alone."""
    cost = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
    folder = tmp_path_factory.mktemp("alone") / "study"
    made, _ = Study.create(folder, "four unrelated small words", cost=cost)
    with made, pytest.MonkeyPatch.context() as patch:
        patch.setattr(window_hearing, "LONGEST_WINDOW_S", 3.0)
        pcm = demonstration(0, LENGTH_S)
        with IncomingSound(made, SoundFormat(16_000, 1)) as incoming:
            incoming.write(pcm.tobytes())
            interview = incoming.keep(InterviewDetails("A"), {})
        return transcribe_interview(made.interview(interview), find_tiny_en())


def find_traces(haystack: bytes, transcript: Transcript, said: Samples) -> list[bytes]:
    """Return the words, and the pieces of sound in each form, that stand somewhere in the open."""
    words = {w.strip(".,?!").encode() for turn in transcript.turns for w in turn.text.split()}
    floats = (said[:, 0].astype(np.float32) / 32768.0).astype("<f4").tobytes()
    loud = int(np.abs(said[:, 0]).argmax())
    sounds = [said.tobytes()[2 * loud :][:_EXCERPT], floats[4 * loud :][:_EXCERPT]]
    sought = [*(word for word in words if len(word) >= _SHORTEST), *sounds]
    assert len(sought) > len(sounds)
    return [one for one in sought if one in haystack]


def read_disks(folder: Path) -> bytes:
    return b"\0".join(
        path.name.encode() + (path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    )


def test_the_words_are_the_same_and_stand_nowhere_on_the_way_or_on_a_worker_s_disk(
    nodes: Nodes, transcribing: Transcribing, alone: Transcript, said: Samples
) -> None:
    _, address = nodes.start_scheduler()
    proxy = Proxy(address)
    workers = [nodes.start_worker(proxy.address) for _ in range(2)]

    together = transcribing(nodes.place(proxy.address))

    proxy.close()
    assert msgspec.json.encode(together) == msgspec.json.encode(alone)
    assert all(worker.poll() is None for worker in workers)
    assert len(proxy.passed) > said.size  # the sound did pass here
    assert find_traces(bytes(proxy.passed), together, said) == []
    assert find_traces(read_disks(nodes.disks), together, said) == []
    assert find_traces(msgspec.json.encode(together), together, said) != []  # it would be found


def test_a_worker_that_is_killed_is_done_without(
    nodes: Nodes, transcribing: Transcribing, alone: Transcript
) -> None:
    _, address = nodes.start_scheduler()
    first, _second = nodes.start_worker(address), nodes.start_worker(address)

    assert transcribing(nodes.place(address), at_first=first.kill) == alone


def test_when_the_last_worker_is_killed_it_is_said_and_goes_on_later(
    nodes: Nodes, transcribing: Transcribing, alone: Transcript
) -> None:
    _, address = nodes.start_scheduler()
    worker = nodes.start_worker(address)
    with pytest.raises(WorkersLost):
        transcribing(nodes.place(address), at_first=worker.kill, patience_s=1.0)
    assert transcribing.count_saved() >= 1

    nodes.start_worker(address)

    assert transcribing(nodes.place(address)) == alone


@pytest.mark.thorough
def test_when_the_scheduler_is_killed_it_is_waited_for_and_workers_come_back_to_it(
    nodes: Nodes, transcribing: Transcribing, alone: Transcript
) -> None:
    scheduler, address = nodes.start_scheduler()
    nodes.start_worker(address)
    port = int(address.rpartition(":")[2])

    def restart() -> None:
        scheduler.kill()
        scheduler.wait()
        nodes.start_scheduler(port)

    assert transcribing(nodes.place(address), at_first=restart) == alone


def test_a_scheduler_that_stays_away_is_one_sentence(
    nodes: Nodes, transcribing: Transcribing
) -> None:
    scheduler, address = nodes.start_scheduler()
    nodes.start_worker(address)

    with pytest.raises(SchedulerUnreachable, match="does not answer"):
        transcribing(nodes.place(address), at_first=scheduler.kill, patience_s=1.0)

    assert transcribing.count_saved() >= 1


def test_a_certificate_that_has_expired_is_told_at_each_end(
    nodes: Nodes, transcribing: Transcribing
) -> None:
    _, address = nodes.start_scheduler()
    make_certificates(
        nodes.folder / "certificates", days=1, now=datetime.now(UTC) - timedelta(days=3)
    )

    worker = nodes.start_worker(address)
    with pytest.raises(CertificateRefused) as refused:
        transcribing(nodes.place(address))

    assert refused.value.flaw is CertificateFlaw.EXPIRED
    assert worker.wait(60) == CertificateRefused.exit_code


@pytest.mark.thorough
def test_a_stranger_s_certificate_is_accepted_by_nobody(
    nodes: Nodes, transcribing: Transcribing, tmp_path: Path
) -> None:
    _, address = nodes.start_scheduler()
    others = make_certificates(tmp_path / "others", days=1)

    with pytest.raises(SchedulerUnreachable, match="certificates"):
        transcribing(ClusterPlace(address, others[ClusterRole.STUDY]), patience_s=15.0)


def test_what_a_killed_run_left_is_removed_by_the_next_and_nothing_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, running = (tmp_path / f"earshot-cluster-{n}-x" for n in (ended.pid, os.getpid()))
    for folder in (left, running):
        make_certificates(folder / "certificates", days=1)
    (tmp_path / "earshot-cluster-1-link").symlink_to(running)

    remove_abandoned()

    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([
        "earshot-cluster-1-link", running.name,
    ])  # fmt: skip
    assert (running / "certificates" / "study").is_dir()


def test_nothing_but_tls_is_listened_to(nodes: Nodes) -> None:
    scheduler, address = nodes.start_scheduler()
    worker = nodes.start_worker(address)
    read_line(worker)

    for process in (scheduler, worker):
        ports = list_ports(process)
        assert len(ports) == 1  # no dashboard beside it
        assert not list(nodes.disks.glob("*/tmp/dask-scratch-space"))  # but in a folder of our own
        for port in ports:
            assert ask_in_the_open(port) == b""


def ask_in_the_open(port: int) -> bytes:
    """Return what a port answers to who speaks HTTP, without TLS."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
        contextlib.suppress(ConnectionError),
    ):
        plain.sendall(b"GET /info/main/workers.html HTTP/1.0\r\n\r\n")
        return plain.recv(1000)
    return b""


def list_ports(process: subprocess.Popen[bytes]) -> set[int]:
    """Return the ports on which a process listens (Linux)."""
    held = {str(f.readlink()) for f in Path(f"/proc/{process.pid}/fd").iterdir()}
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    return {
        int(row[1].rpartition(":")[2], 16)
        for row in rows
        if row[3] == "0A" and f"socket:[{row[9]}]" in held
    }


@pytest.mark.thorough
def test_ten_of_twelve_workers_are_killed_and_nothing_is_lost(
    nodes: Nodes, transcribing: Transcribing, alone: Transcript
) -> None:
    _, address = nodes.start_scheduler()
    workers = [nodes.start_worker(address) for _ in range(12)]
    for worker in workers:
        read_line(worker)

    def kill_ten() -> None:
        for worker in workers[:10]:
            worker.kill()

    assert transcribing(nodes.place(address), at_first=kill_ten) == alone


@pytest.mark.thorough
@pytest.mark.parametrize("cut_s", [5, 60])
def test_a_network_that_is_cut_for_a_minute_costs_that_minute(
    nodes: Nodes, transcribing: Transcribing, alone: Transcript, cut_s: int
) -> None:
    _, address = nodes.start_scheduler()
    proxy = Proxy(address)
    nodes.start_worker(proxy.address)

    def cut() -> None:
        proxy.cut()
        threading.Timer(cut_s, proxy.mend).start()

    assert transcribing(nodes.place(proxy.address), at_first=cut, patience_s=300.0) == alone
    proxy.close()


@pytest.mark.thorough
def test_a_worker_that_is_stopped_for_a_while_holds_nobody_up(
    nodes: Nodes, transcribing: Transcribing, alone: Transcript
) -> None:
    _, address = nodes.start_scheduler()
    stopped, other = nodes.start_worker(address), nodes.start_worker(address)
    for worker in (stopped, other):
        read_line(worker)
    begun_s = time.monotonic()

    together = transcribing(
        nodes.place(address), at_first=lambda: stopped.send_signal(signal.SIGSTOP)
    )

    stopped.send_signal(signal.SIGCONT)
    assert together == alone
    assert time.monotonic() - begun_s < 300
