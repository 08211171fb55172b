"""The courier: Dask's client, in a process that holds no key of a study and opens nothing.

Whoever takes part in a cluster of Dask can send the others pickled Python, which runs. So the
client runs here and not where words and keys are; it passes on sealed bytes, and the study's
process reads what it says as ``messages`` of fixed types. It runs as
``python -m transcribe.cluster.courier SCHEDULER FOLDER PARENT``.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import msgspec

from study.errors import EarshotError
from study.store import ClusterRole, die_with_parent, disable_core_files, read_certificate
from transcribe.cluster.dask_settings import CONNECT_S, apply_settings, build_security
from transcribe.cluster.messages import (
    MOST_ANSWER_BYTES,
    Answered,
    Connected,
    CourierEnd,
    Ended,
    Errand,
    Joined,
    Left,
    News,
    Undelivered,
    read_message,
    write_message,
)
from transcribe.cluster.tls_refusals import is_refusal
from transcribe.cluster.worker_tasks import answer_question, introduce_worker

if TYPE_CHECKING:
    from distributed import Client

_EVERY_S = 0.25  # the courier looks which workers are there
_SILENT_S = 20.0  # the scheduler answers a look within this


class _Courier:
    """Carries questions and answers between a pipe and the workers of one scheduler."""

    def __init__(self, client: Client, out: BinaryIO) -> None:
        self._client, self._out = client, out
        self._present: set[str] = set()
        self._carried: dict[int, tuple[str, Awaitable[object]]] = {}
        self._number = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, news: News) -> None:
        """Tell the study's process."""
        write_message(self._out, news)

    def take(self, errand: Errand) -> None:
        """Take a question to its worker, and later the answer back."""
        if errand.worker not in self._present:
            self.tell(Left(errand.worker))  # it went while the question was sealed
            return
        future = self._submit(answer_question, errand.sealed, worker=errand.worker)
        self._carried[errand.ticket] = errand.worker, future
        self._begin(self._bring_back(errand.ticket, future))

    async def look(self) -> None:
        """Look which workers are there, and tell which came and went."""
        cores = await self._count_cores()
        for worker in self._present - cores.keys():
            self._present.discard(worker)
            self.tell(Left(worker))
            for ticket, (asked, future) in list(self._carried.items()):
                if asked == worker:
                    del self._carried[ticket]
                    cast("Any", future).release()
        for worker in cores.keys() - self._present:
            self._present.add(worker)
            self._begin(self._introduce(worker))

    async def _count_cores(self) -> dict[str, int]:
        """Return the scheduler's workers, with their cores; Dask itself would wait for it longer.

        Raises:
            OSError: the scheduler is lost.
        """
        asking = asyncio.ensure_future(cast("Any", self._client.scheduler).ncores())
        for _ in range(round(_SILENT_S / _EVERY_S)):
            await asyncio.wait({asking}, timeout=_EVERY_S)
            if self._client.status != "running":
                break
            if asking.done():
                found: dict[str, int] = asking.result()
                return found
        asking.cancel()
        raise OSError

    def _submit(self, task: Callable[..., bytes], *given: bytes, worker: str) -> Awaitable[object]:
        self._number += 1
        return cast("Any", self._client).submit(
            task,
            *given,
            key=f"earshot-{id(self):x}-{self._number}",
            workers=[worker],
            allow_other_workers=False,
            pure=False,
            retries=0,
        )

    async def _introduce(self, worker: str) -> None:
        with contextlib.suppress(Exception):  # it is gone, or no worker of ours
            introduction: object = await self._submit(introduce_worker, worker=worker)
            if isinstance(introduction, bytes) and worker in self._present:
                self.tell(Joined(worker, _refuse_excess(introduction)))

    async def _bring_back(self, ticket: int, future: Awaitable[object]) -> None:
        sealed: object = None
        with contextlib.suppress(Exception, asyncio.CancelledError):  # its worker or scheduler went
            sealed = await future
        if self._carried.pop(ticket, None) is not None:
            self.tell(
                Answered(ticket, _refuse_excess(sealed))
                if isinstance(sealed, bytes)
                else Undelivered(ticket)
            )

    def _begin(self, carrying: Coroutine[object, object, None]) -> None:
        task = asyncio.ensure_future(carrying)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _refuse_excess(said: bytes) -> bytes:
    """Return what a worker said; b"", which proves and answers nothing, where it is far too long.

    Else the study's process takes it for the end of the courier, and the worker is asked anew.
    """
    return said if len(said) <= MOST_ANSWER_BYTES else b""


async def _carry(scheduler: str, folder: Path, into: BinaryIO, out: BinaryIO) -> None:
    from distributed import Client

    certificate = read_certificate(folder, ClusterRole.STUDY)
    client: Client = await Client(
        scheduler,
        security=build_security(certificate),
        asynchronous=True,
        set_as_default=False,
        timeout=CONNECT_S,
        name="earshot",
    )
    courier = _Courier(client, out)
    courier.tell(Connected())
    threading.Thread(
        target=_read_errands, args=(into, courier, asyncio.get_running_loop()), daemon=True
    ).start()
    while True:
        await courier.look()
        await asyncio.sleep(_EVERY_S)


def _read_errands(into: BinaryIO, courier: _Courier, loop: asyncio.AbstractEventLoop) -> None:
    while (raw := read_message(into)) is not None:
        errand = msgspec.msgpack.decode(raw, type=Errand)
        loop.call_soon_threadsafe(courier.take, errand)
    loop.call_soon_threadsafe(loop.stop)  # nobody asks any more


def run_courier(arguments: list[str]) -> None:
    """Carry until the pipe closes or the scheduler is lost."""
    scheduler, folder, parent = arguments
    disable_core_files()
    die_with_parent(int(parent))
    into, out = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no message
    apply_settings()
    why = CourierEnd.SILENT
    try:
        asyncio.run(_carry(scheduler, Path(folder), into, out))
    except EarshotError:
        why = CourierEnd.REFUSED
    except Exception as lost:  # noqa: BLE001 - Dask raises many kinds; two of them are told apart
        why = CourierEnd.REFUSED if is_refusal(lost) else CourierEnd.SILENT
    with contextlib.suppress(OSError):
        write_message(out, Ended(why))


if __name__ == "__main__":
    run_courier(sys.argv[1:])
