"""How Dask is set up in every process of a cluster: TLS alone, nothing on disk, nothing shown.

The settings are made here and not in a file, so that no file and no variable of a user's undoes
them: no spilling to disk, no dashboard and no other page over HTTP, no profile of what runs, no
programs that run at the start, no log.
"""

from __future__ import annotations

import importlib.util
import logging
from typing import TYPE_CHECKING, Any

from study.errors import ClusterNotInstalled
from study.store import ClusterCertificate, ClusterRole

if TYPE_CHECKING:
    from distributed import Security

CONNECT_S = 10.0
_SILENT_S = 60  # after which the scheduler does without a worker that says nothing
_SETTINGS: dict[str, object] = {
    "distributed.comm.require-encryption": True,
    "distributed.comm.timeouts.connect": f"{CONNECT_S}s",
    "distributed.comm.compression": False,  # of what is sealed nothing can be squeezed
    "distributed.comm.retry.count": 0,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.worker.http.routes": [],
    "distributed.worker.preload": [],
    "distributed.worker.profile.enabled": False,
    "distributed.worker.lifetime.duration": None,
    "distributed.scheduler.http.routes": [],
    "distributed.scheduler.preload": [],
    "distributed.scheduler.work-stealing": False,  # a question opens at one worker alone
    "distributed.scheduler.worker-ttl": f"{_SILENT_S}s",
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.client.preload": [],
    "distributed.client.security-loader": None,
    "distributed.diagnostics.nvml": False,
    "distributed.diagnostics.cudf": False,
    "distributed.diagnostics.computations.max-history": 0,
    "distributed.diagnostics.erred-tasks.max-history": 0,
    "distributed.admin.log-length": 0,
    "distributed.admin.low-level-log-length": 0,
    "distributed.admin.pdb-on-err": False,
}


def require_dask() -> None:
    """Refuse to go on without the library that reaches other computers.

    Raises:
        ClusterNotInstalled: it is not installed.
    """
    if importlib.util.find_spec("distributed") is None:
        raise ClusterNotInstalled


def apply_settings() -> None:
    """Set Dask up in this process, before anything of it is started."""
    require_dask()
    import dask.config
    import distributed

    assert distributed.__name__ in logging.root.manager.loggerDict, "it sets its loggers up"
    dask.config.set(_SETTINGS)
    for name in ("distributed", "tornado", "asyncio", "dask", *logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False


def build_security(certificate: ClusterCertificate) -> Security:
    """Return what Dask needs for TLS with certificates on both sides."""
    import ssl

    from distributed import Security

    part = {
        ClusterRole.STUDY: "client",
        ClusterRole.SCHEDULER: "scheduler",
        ClusterRole.WORKER: "worker",
    }[certificate.role]
    settings: dict[str, Any] = {
        "require_encryption": True,
        "tls_ca_file": str(certificate.authority_path),
        f"tls_{part}_cert": str(certificate.certificate_path),
        f"tls_{part}_key": str(certificate.key_path),
        "tls_min_version": ssl.TLSVersion.TLSv1_3,
    }
    return Security(**settings)


def forgo_pages(node: type) -> type:
    """Return a kind of scheduler or worker that opens no port for HTTP."""

    def start_no_server(*_: object, **__: object) -> None:
        """Start nothing."""

    return type(node.__name__, (node,), {"start_http_server": start_no_server})
