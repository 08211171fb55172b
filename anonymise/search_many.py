"""Search many interviews, with several processes where that is asked for.

Looking for details in turns takes nearly all of the time and needs nothing of the study but words
and names, so other processes do it ahead. What they found is settled and written here, one
interview after the other in their order: the mentions, labels and numbers are those of one process,
byte for byte. What was found ahead counts only while it was found with the very names and rules
that hold when its interview is written.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
from collections import deque
from collections.abc import Collection, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import msgspec

from anonymise.search import FoundAhead, PreparedSearch, finish_search, prepare_search
from anonymise.search_process import SearchedTexts, SearchTask, read_message, write_message
from models import InstalledModel
from study import Mentions, ReportProgress, ShouldStop, TaskProgress, no_report, no_stop
from study.errors import Stopped
from study.store import Interview, build_worker_environment

_PROGRAM = (sys.executable, "-P", "-m", "anonymise.search_process")
_AHEAD = 2  # interviews for each process: one that it searches, one that waits


def search_transcripts(
    interviews: Sequence[Interview],
    *,
    name_model: InstalledModel | None,
    other_models: Sequence[InstalledModel] = (),
    opinions: Sequence[InstalledModel] = (),
    skipped_rules: Collection[str] = (),
    workers: int = 1,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
) -> Iterator[tuple[Interview, Mentions]]:
    """Search interviews in their order; yield each with its mentions once they are written.

    workers: processes that search; 1 is this one alone. The rest as for ``search_transcript``.
    report: receives the number of interviews.

    Raises:
        As ``search_transcript``; the interviews that were yielded stay searched.
    """

    def prepare(interview: Interview) -> PreparedSearch:
        return prepare_search(
            interview,
            name_model=name_model,
            other_models=other_models,
            opinions=opinions,
            skipped_rules=skipped_rules,
        )

    report(TaskProgress(0, len(interviews), "interviews"))
    with _open_searchers(min(workers, len(interviews))) as searchers:
        ahead: deque[Future[SearchedTexts | None] | None] = deque()
        asked = 0
        for done, interview in enumerate(interviews, 1):
            while asked < min(len(interviews), done + searchers.room) and searchers.room:
                ahead.append(searchers.ask(prepare(interviews[asked])))
                asked += 1
            if stop():
                raise Stopped("The search")
            waits = ahead.popleft() if ahead else None
            found = waits.result() if waits is not None else None
            prepared = prepare(interview)  # again: names may have been decided meanwhile
            mentions = finish_search(interview, prepared, searchers.match(found, waits), stop=stop)
            report(TaskProgress(done, len(interviews), "interviews"))
            yield interview, mentions


class _Searchers:
    """The processes that search, each with a thread that waits for it; none for one alone."""

    def __init__(self, processes: Sequence[subprocess.Popen[bytes]]) -> None:
        self._free: queue.SimpleQueue[subprocess.Popen[bytes]] = queue.SimpleQueue()
        for process in processes:
            self._free.put(process)
        self._threads = ThreadPoolExecutor(max(1, len(processes)), "searchers")
        self.room = _AHEAD * len(processes)
        self._tasks: dict[Future[SearchedTexts | None], SearchTask] = {}

    def ask(self, prepared: PreparedSearch) -> Future[SearchedTexts | None] | None:
        """Have the turns of an interview searched that no earlier search covers."""
        texts = tuple(prepared.list_fresh_texts())
        if not texts:
            return None
        task = prepared.build_task(texts)
        waits = self._threads.submit(self._search, task)
        self._tasks[waits] = task
        return waits

    def match(
        self, found: SearchedTexts | None, waits: Future[SearchedTexts | None] | None
    ) -> FoundAhead | None:
        """Return what was found with what it was found with; None where nothing was."""
        task = self._tasks.pop(waits) if waits is not None else None
        return FoundAhead(task, found) if task is not None and found is not None else None

    def _search(self, task: SearchTask) -> SearchedTexts | None:
        process = self._free.get()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            write_message(process.stdin, task)
            raw = read_message(process.stdout)
            found = None if raw is None else msgspec.msgpack.decode(raw, type=SearchedTexts)
        except (OSError, ValueError):  # it ended: whoever waits searches by itself
            found = None
        is_whole = found is not None and len(found.finds) == len(task.texts)
        self._free.put(process)
        return found if is_whole else None

    def close(self) -> None:
        """Wait for nobody any more; the processes have been ended."""
        self._threads.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def _open_searchers(count: int) -> Generator[_Searchers]:
    """Start ``count`` processes, none for one; end them with the block."""
    processes: list[subprocess.Popen[bytes]] = []
    searchers: _Searchers | None = None
    try:
        processes += [_start() for _ in range(count if count > 1 else 0)]
        searchers = _Searchers(processes)
        yield searchers
    finally:
        for process in processes:
            process.kill()  # it holds nothing that could be lost
            process.wait()
        if searchers is not None:
            searchers.close()
        for process in processes:
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    if pipe is not None:
                        pipe.close()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*_PROGRAM, str(os.getpid())],
        env=build_worker_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what a library says may hold words
    )
