"""Schedulers and workers as processes, each with folders that a test can look through."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import threading
from pathlib import Path

from models import find_models_folder
from study.store import ClusterRole, make_certificates
from transcribe.cluster.cluster_place import ClusterPlace

_PROGRAM = (sys.executable, "-P", "-m", "transcribe.cluster.node_process")


class Nodes:
    """The processes of one cluster; all of their folders lie in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = make_certificates(folder / "certificates", days=1)
        self.disks = folder / "disks"
        self.disks.mkdir()
        self._all: list[subprocess.Popen[bytes]] = []

    def start_scheduler(self, port: int = 0) -> tuple[subprocess.Popen[bytes], str]:
        """Return a scheduler that listens, and its address."""
        process = self._start("scheduler", f"tls://127.0.0.1:{port}", ClusterRole.SCHEDULER)
        return process, read_line(process)

    def start_worker(self, address: str) -> subprocess.Popen[bytes]:
        """Return a worker; it says a line when it has joined."""
        return self._start("worker", address, ClusterRole.WORKER)

    def place(self, address: str) -> ClusterPlace:
        return ClusterPlace(address, self.made[ClusterRole.STUDY])

    def _start(self, kind: str, address: str, role: ClusterRole) -> subprocess.Popen[bytes]:
        own = self.disks / f"{len(self._all)}"
        (own / "tmp").mkdir(parents=True)
        around = {n: value for n, value in os.environ.items() if not n.startswith("XDG_")} | {
            "HOME": str(own),
            "TMPDIR": str(own / "tmp"),
        }
        around.setdefault("EARSHOT_MODELS", str(find_models_folder()))
        with (own / "log").open("wb") as log:
            process = subprocess.Popen(
                [*_PROGRAM, kind, address, str(self.made[role]), "1", str(os.getpid())],
                cwd=own,
                env=around | {"PYTHONPATH": str(Path(__file__).parents[2])},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self._all.append(process)
        return process

    def close(self) -> None:
        for process in self._all:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


def read_line(process: subprocess.Popen[bytes]) -> str:
    """Return the next line that a node says."""
    assert process.stdout is not None
    line = process.stdout.readline().decode().strip()
    assert line, f"it ended with {process.wait()}"
    return line


class Proxy:
    """Stands between a cluster's computers and its scheduler: keeps what passes, or cuts it."""

    def __init__(self, address: str) -> None:
        host, _, port = address.removeprefix("tls://").rpartition(":")
        self._behind = host, int(port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"tls://127.0.0.1:{self._listening.getsockname()[1]}"
        self.passed = bytearray()
        self._flows = threading.Event()
        self._flows.set()
        self._is_closed = False
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Let nothing through, and close nothing: as where a cable is pulled."""
        self._flows.clear()

    def mend(self) -> None:
        self._flows.set()

    def close(self) -> None:
        self._is_closed = True
        self._flows.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._is_closed:
            ready, _, _ = select.select([self._listening, *self._pairs], [], [], 0.1)
            self._flows.wait()
            for one in ready:
                if one is self._listening:
                    self._connect()
                elif one in self._pairs:
                    self._pass_on(one)
        for one in (self._listening, *self._pairs):
            one.close()

    def _pass_on(self, one: socket.socket) -> None:
        other = self._pairs[one]
        try:
            passing = one.recv(1 << 16)
            self.passed += passing
            other.sendall(passing)
        except OSError:
            passing = b""
        if not passing:
            for end in (one, other):
                del self._pairs[end]
                end.close()

    def _connect(self) -> None:
        one, _ = self._listening.accept()
        try:
            other = socket.create_connection(self._behind)
        except OSError:
            one.close()
            return
        self._pairs |= {one: other, other: one}
