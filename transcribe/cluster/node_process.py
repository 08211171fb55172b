"""A scheduler or a worker of a cluster of this computer, as a process that ends with its parent.

It runs as ``python -m transcribe.cluster.node_process KIND ADDRESS FOLDER THREADS PARENT`` and
says nothing but the address, once it listens or has joined.
"""

from __future__ import annotations

import sys
from pathlib import Path

from study.errors import EarshotError
from study.store import die_with_parent, disable_core_files
from transcribe.cluster.cluster_nodes import NodeNews, run_scheduler, run_worker


def run_node(arguments: list[str]) -> int:
    """Run until the parent ends; returns the exit code of an error."""
    kind, address, folder, threads, parent = arguments
    disable_core_files()
    die_with_parent(int(parent))

    def report(news: NodeNews, about: str) -> None:
        if news is NodeNews.READY:
            sys.stdout.write(f"{about}\n")
            sys.stdout.flush()

    try:
        if kind == "scheduler":
            run_scheduler(address, Path(folder), report)
        else:
            run_worker(address, Path(folder), threads=int(threads), report=report)
    except EarshotError as problem:
        return problem.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(run_node(sys.argv[1:]))
