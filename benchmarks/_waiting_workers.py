"""Workers of a cluster that wait as long as a real one would need, and say one word a second.

    python -m benchmarks._waiting_workers SCHEDULER FOLDER COUNT WAIT_S PARENT

All but the model is real: they join over TLS, prove their key, open each window and seal the words.
COUNT of them are in one process, each on a thread of its own with a connection of its own.
"""

from __future__ import annotations

import importlib
import sys
import threading
import time
from pathlib import Path
from typing import Any

from study import Word
from study.store import ClusterRole, die_with_parent, read_certificate
from transcribe import MODEL_RATE, NodeNews, Samples, run_worker


class WaitingEngine:
    """Stands where the speech engine would."""

    wait_s = 0.0

    def __init__(self, model: object, options: object) -> None:
        """Load nothing."""

    def apply_options(self, options: object) -> None:
        """Wait the same with all options."""

    def transcribe_window(self, samples: Samples, **_: object) -> list[Word]:
        """Wait, then return a word for every second."""
        time.sleep(self.wait_s)
        return [Word(" word", n, n + 1, 0.9) for n in range(len(samples) // MODEL_RATE)]


def find_nothing(_: object) -> None:
    """Stand where the model would be looked for."""


def main(scheduler: str, folder: str, count: int, wait_s: float, parent: int) -> None:
    """Work until the parent ends; print a line for each worker that has joined."""
    die_with_parent(parent)
    WaitingEngine.wait_s = wait_s
    hearer: Any = importlib.import_module("transcribe.cluster.window_hearer")
    nodes: Any = importlib.import_module("transcribe.cluster.cluster_nodes")
    hearer.SpeechEngine = WaitingEngine
    hearer._require_model = find_nothing  # noqa: SLF001 - no model is here
    shared = hearer.WindowHearer(read_certificate(Path(folder), ClusterRole.WORKER), 1)

    def share(*_: object) -> object:
        return shared  # one key for the process, whoever of them introduces it

    nodes.WindowHearer = share

    def work() -> None:
        def report(news: NodeNews, _: str) -> None:
            print(news, flush=True)

        run_worker(scheduler, Path(folder), threads=1, report=report)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
        time.sleep(0.05)  # Dask sets itself up once
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))
