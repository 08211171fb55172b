"""The two programs beside the study's: the scheduler, and a worker that hears windows.

Each runs until it is stopped. A worker that loses its scheduler goes on trying to reach it, and is
a new one to the study when it comes back; the model that it has loaded stays loaded.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from models import count_cores
from study.errors import SchedulerFlaw, SchedulerUnreachable
from study.store import ClusterRole, read_certificate
from transcribe.cluster.dask_settings import apply_settings, build_security, forgo_pages
from transcribe.cluster.tls_refusals import is_refusal
from transcribe.cluster.window_hearer import WindowHearer
from transcribe.cluster.worker_tasks import answer_with

if TYPE_CHECKING:
    from distributed import Scheduler, Worker

_AGAIN_S = 1.0  # between two attempts to reach the scheduler


class NodeNews(StrEnum):
    """What a scheduler or a worker says."""

    READY = "ready"
    LOST = "lost"


ReportNode = Callable[[NodeNews, str], None]
"""Takes the news, and the address that it is about."""


def run_scheduler(listen: str, folder: Path, report: ReportNode) -> None:
    """Bring studies and workers together until this process is stopped.

    listen: as ``tls://0.0.0.0:8786``; port 0 takes a free one. folder: of the scheduler's
    certificate.

    Raises:
        ClusterNotInstalled, CertificateRefused.
        SchedulerUnreachable: it cannot listen there.
    """
    certificate = read_certificate(folder, ClusterRole.SCHEDULER)
    apply_settings()

    async def serve(scratch: str) -> None:
        from distributed import Scheduler

        quiet = cast("type[Scheduler]", forgo_pages(Scheduler))
        scheduler: Any = quiet(
            host=listen.rpartition(":")[0],
            port=int(listen.rpartition(":")[2]),
            protocol="tls",
            security=build_security(certificate),
            dashboard=False,
            local_directory=scratch,
        )
        try:
            await scheduler
        except (OSError, RuntimeError) as taken:  # Dask wraps what the system says
            raise SchedulerUnreachable(SchedulerFlaw.TAKEN) from taken
        report(NodeNews.READY, scheduler.address)
        await scheduler.finished()

    with tempfile.TemporaryDirectory(prefix="earshot-scheduler-") as made:  # for Dask's lock files
        asyncio.run(serve(made))


def run_worker(scheduler: str, folder: Path, *, threads: int, report: ReportNode) -> None:
    """Answer studies' questions until this process is stopped.

    scheduler: its address, as ``tls://office:8786``. folder: of the worker's certificate. threads:
    of the model, 0 for all cores.

    Raises:
        ClusterNotInstalled.
        CertificateRefused: the certificate cannot be used, or has expired meanwhile.
        SchedulerUnreachable: the scheduler does not accept it, or the other way round.
    """
    certificate = read_certificate(folder, ClusterRole.WORKER)
    apply_settings()
    answer_with(WindowHearer(certificate, threads or count_cores()))
    with tempfile.TemporaryDirectory(prefix="earshot-worker-") as scratch:  # Dask's lock files
        asyncio.run(_serve_worker(scheduler, folder, Path(scratch), report))


async def _serve_worker(scheduler: str, folder: Path, scratch: Path, report: ReportNode) -> None:
    from distributed import Worker

    quiet = cast("type[Worker]", forgo_pages(Worker))
    while True:
        certificate = read_certificate(folder, ClusterRole.WORKER)  # it expires while we wait
        worker: Any = None
        try:
            worker = quiet(
                scheduler,
                nthreads=1,  # the model has the others
                memory_limit=0,
                local_directory=str(scratch),
                security=build_security(certificate),
                dashboard=False,
                protocol="tls",
            )
            await worker
            report(NodeNews.READY, scheduler)
            await worker.finished()
        except Exception as lost:
            if is_refusal(lost):
                raise SchedulerUnreachable(SchedulerFlaw.REFUSED) from lost
            if not isinstance(lost, (OSError, TimeoutError, RuntimeError)):
                raise
        finally:
            if worker is not None:
                with contextlib.suppress(Exception):
                    await worker.close(timeout=1)
        report(NodeNews.LOST, scheduler)
        await asyncio.sleep(_AGAIN_S)
