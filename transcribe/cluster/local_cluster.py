"""A cluster of this computer alone: a scheduler and workers as processes, over TLS on loopback.

The certificates are made for the one run, in a folder that its owner alone may enter, and removed
with it. The processes end with this one, however it ends.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

from models import count_cores
from study.errors import WorkNotStarted
from study.store import ClusterRole, build_worker_environment, make_certificates
from transcribe.cluster.cluster_place import ClusterPlace
from transcribe.cluster.dask_settings import require_dask

_PREFIX = "earshot-cluster-"  # and the process that made it
_DAYS = 60  # a queue of a thousand interviews on one computer takes weeks
_PROGRAM = (sys.executable, "-P", "-m", "transcribe.cluster.node_process")


@contextlib.contextmanager
def start_local_cluster(count: int) -> Generator[ClusterPlace]:
    """Start ``count`` workers on this computer, which share its cores; end them with the block.

    Raises:
        ClusterNotInstalled, WorkNotStarted.
    """
    require_dask()
    threads = max(1, count_cores() // count)
    remove_abandoned()
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as folder:
        made = make_certificates(Path(folder) / "certificates", days=_DAYS)
        with contextlib.ExitStack() as nodes:
            scheduler = nodes.enter_context(
                start_node(
                    "scheduler", "tls://127.0.0.1:0", made[ClusterRole.SCHEDULER], 0, Path(folder)
                )
            )
            assert scheduler.stdout is not None
            address = scheduler.stdout.readline().decode().strip()
            if not address:
                raise WorkNotStarted
            for _ in range(count):
                nodes.enter_context(
                    start_node("worker", address, made[ClusterRole.WORKER], threads, Path(folder))
                )
            yield ClusterPlace(address, made[ClusterRole.STUDY])


def remove_abandoned() -> None:
    """Remove the folders, with their keys, of runs that were killed before they could."""
    import psutil

    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdecimal() and not psutil.pid_exists(int(owner)) and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)  # of somebody else: not ours to remove


@contextlib.contextmanager
def start_node(
    kind: str, address: str, folder: Path, threads: int, scratch: Path | None = None
) -> Generator[subprocess.Popen[bytes]]:
    """Start a scheduler or a worker as a process, and kill it at the end of the block.

    A scheduler writes its address to stdout as soon as it listens. scratch: where Dask puts its
    lock files; a worker that is killed leaves them.
    """
    process = subprocess.Popen(
        [*_PROGRAM, kind, address, str(folder), str(threads), str(os.getpid())],
        env=build_worker_environment() | ({"TMPDIR": str(scratch)} if scratch else {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()  # it holds nothing that could be lost
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
