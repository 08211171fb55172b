"""The arguments about other computers, and what they say: shared by verbs that use a cluster."""

from __future__ import annotations

import argparse
import contextlib
import re
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from study.errors import CertificateFlaw, CertificateRefused

if TYPE_CHECKING:
    from transcribe import ClusterPlace

DEFAULT_PORT = 8786
_ADDRESS = re.compile(
    r"(?:tls://)?(?P<host>\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(?::(?P<port>\d{1,5}))?"
)
_MOST_PORTS = 65_535
_MOST_WORKERS = 256


def parse_address(text: str) -> str:
    """Return an address as ``tls://HOST:PORT``; there is no other way than TLS."""
    found = _ADDRESS.fullmatch(text)
    port = int(found["port"] or DEFAULT_PORT) if found else 0
    if found is None or port > _MOST_PORTS:
        raise argparse.ArgumentTypeError("an address is tls://HOST:PORT")
    return f"tls://{found['host']}:{port}"


def parse_count(text: str) -> int:
    """Return a number of workers."""
    if not text.isdigit() or not 1 <= int(text) <= _MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"a number from 1 to {_MOST_WORKERS}")
    return int(text)


def add_certificate_argument(parser: argparse.ArgumentParser, role: str) -> None:
    """Add the folder of a certificate to a verb."""
    parser.add_argument(
        "--cert",
        type=Path,
        metavar="FOLDER",
        help=f"the folder of the {role}'s certificate (see `earshot cluster`)",
    )


def add_cluster_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what says that other computers, or processes, transcribe."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--workers",
        type=parse_count,
        metavar="N",
        help="let N processes of this computer transcribe, and several interviews at once",
    )
    where.add_argument(
        "--scheduler",
        type=parse_address,
        metavar="ADDRESS",
        help="let the workers of a cluster transcribe: the address of its `earshot scheduler`, as"
        " tls://office:8786; sound travels to them sealed",
    )
    add_certificate_argument(parser, "study")


def require_folder(arguments: argparse.Namespace) -> Path:
    """Return the folder of the certificate.

    Raises:
        CertificateRefused: none was named.
    """
    if arguments.cert is None:
        raise CertificateRefused(CertificateFlaw.MISSING)
    folder: Path = arguments.cert
    return folder.absolute()  # a child process may be elsewhere


def find_cluster(arguments: argparse.Namespace) -> ClusterPlace | None:
    """Return the cluster that is named, None where there is none; its certificate is looked at.

    Raises:
        CertificateRefused: there is none that could be used.
        ClusterNotInstalled: the library that reaches it is not installed.
    """
    if not (arguments.scheduler or arguments.workers):
        return None
    from study.store import ClusterRole, read_certificate
    from transcribe import ClusterPlace, require_dask

    require_dask()
    if not arguments.scheduler:
        return None
    place = ClusterPlace(arguments.scheduler, require_folder(arguments))
    read_certificate(place.folder, ClusterRole.STUDY)
    return place


@contextlib.contextmanager
def open_cluster(arguments: argparse.Namespace) -> Generator[ClusterPlace | None]:
    """Yield the cluster that transcribes, None for this process alone; end one that was started.

    Raises:
        CertificateRefused, ClusterNotInstalled, WorkNotStarted.
    """
    if arguments.workers:
        from transcribe import start_local_cluster

        with start_local_cluster(arguments.workers) as place:
            yield place
        return
    yield find_cluster(arguments)
