"""Download files from the model hub: the only code in Earshot that opens a connection itself.

It sends the address, the number of bytes that are already here, and Earshot's name: no token, no
cookie, nothing about this computer. Proxies and certificates come from the environment. It follows
redirects over https only; within loopback, for the tests, over http as well. Packages are fetched
by pip, in a process of its own: see ``models/package_client.py``.

The hub's own library is not used: since its version 2 it deletes a partial file when the
connection is cut, and an interviewer's connection is cut often.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import os
import re
import socket
import ssl
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Generator
from dataclasses import dataclass
from email.message import Message
from typing import IO, Protocol, cast

import msgspec

from models.certificates import make_tls_context
from study import PROGRAM_VERSION, ShouldStop, no_stop
from study.errors import FetchFlaw, ModelNotFetched, Stopped

HUB_URL = "https://huggingface.co"
# A slow mobile connection may pause this long; a longer pause is a dead one.
LONGEST_SILENCE_S = 30.0
_FIRST_ANSWER_S = 4.0  # where packages can be asked instead, nobody should wait longer for the hub
_NO_ANSWER = "the hub does not answer"
_LONGEST_LISTING = 8_000_000  # bytes; a repository of a thousand files is a tenth of it
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_OK, _PARTIAL, _NO_SUCH_RANGE = 200, 206, 416
_REFUSED = {
    401: ("the hub wants an account for it (401)", FetchFlaw.REFUSED),
    403: ("the hub refuses it (403)", FetchFlaw.REFUSED),
    404: ("the hub has no such file (404)", FetchFlaw.NOT_OFFERED),
    407: ("", FetchFlaw.PROXY_LOGIN),
    429: ("the hub was asked too often (429)", FetchFlaw.CONNECTION),
}
_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")  # http.client's words about a proxy
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


class HubFile(msgspec.Struct):
    """A file in the hub's listing; ``oid`` is git's hash, only large files have ``lfs``."""

    path: str
    type: str = "file"
    size: int = 0
    oid: str = ""
    lfs: HubLargeFile | None = None


class HubLargeFile(msgspec.Struct):
    """A large file, which the hub stores outside git; ``oid`` is its sha256."""

    oid: str
    size: int


class _Body(Protocol):
    status: int
    headers: Message

    def read1(self, amount: int) -> bytes: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class HubResponse:
    """A file that is arriving. start: its first byte. total: bytes of the whole file, or None."""

    start: int
    total: int | None
    _body: _Body

    def read(self, amount: int) -> bytes:
        """Return the bytes that have arrived; b"" at the end or a cut, so the caller must count.

        Raises:
            ModelNotFetched: the connection broke.
        """
        with _map_connection_errors():
            return self._body.read1(amount)  # `read` would lose part of a block at a cut


def read_hub_url() -> str:
    """Return the hub's address: ``HF_ENDPOINT``, else ``HUB_URL``.

    Raises:
        ModelNotFetched: the address is not https.
    """
    chosen = (os.environ.get("HF_ENDPOINT") or HUB_URL).rstrip("/")
    if not _is_safe(chosen, chosen):
        raise ModelNotFetched("HF_ENDPOINT must begin with https://", FetchFlaw.BAD_ADDRESS)
    return chosen


def build_file_url(repository: str, revision: str, name: str) -> str:
    """Return the address of a file on the hub."""
    return f"{read_hub_url()}/{repository}/resolve/{revision}/{urllib.parse.quote(name)}"


def list_hub_files(repository: str, revision: str) -> dict[str, HubFile]:
    """Return the hub's listing of a repository, by file name.

    Raises:
        ModelNotFetched: no connection, refused, or an invalid answer.
    """
    url = f"{read_hub_url()}/api/models/{repository}/tree/{revision}?recursive=true"
    with open_url(url) as answer:
        content = b""
        while len(content) <= _LONGEST_LISTING and (block := answer.read(1 << 16)):
            content += block
    try:
        found = msgspec.json.decode(content, type=list[HubFile])
    except (msgspec.DecodeError, UnicodeDecodeError) as nonsense:
        raise ModelNotFetched("the hub's answer makes no sense") from nonsense
    return {one.path: one for one in found if one.type == "file"}


def reach_hub(url: str, stop: ShouldStop = no_stop) -> None:
    """Request a file and read nothing of it, to learn within seconds whether the hub answers.

    A thread asks, because neither the look-up of a name nor the attempts at each of the hub's
    addresses can be given a common limit.

    Raises:
        ModelNotFetched: the hub refuses it, or does not answer in time. Stopped: ``stop`` did.
    """
    failures: list[ModelNotFetched] = []
    thread = threading.Thread(target=_ask, args=(url, failures), daemon=True)
    thread.start()
    until_s = time.monotonic() + _FIRST_ANSWER_S
    while thread.is_alive():
        if stop():
            raise Stopped("Fetching")
        if time.monotonic() > until_s:
            raise ModelNotFetched(_NO_ANSWER, may_pass=True)
        thread.join(0.1)
    for failure in failures:
        raise failure


def _ask(url: str, failures: list[ModelNotFetched]) -> None:
    try:
        with open_url(url):
            pass
    except ModelNotFetched as failure:
        failures.append(failure)


@contextlib.contextmanager
def open_url(url: str, first: int = 0) -> Generator[HubResponse]:
    """Request a file from byte ``first`` on; the response may begin at 0 nevertheless.

    Raises:
        ModelNotFetched: no connection, refused, or an unsafe redirect.
    """
    if not _is_safe(url, url):
        raise ModelNotFetched("its address is not https", FetchFlaw.BAD_ADDRESS)
    headers = {"User-Agent": PROGRAM_VERSION.replace(" ", "/"), "Accept-Encoding": "identity"}
    if first:
        headers["Range"] = f"bytes={first}-"
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - checked above
    with _map_connection_errors():
        body = cast("_Body", _opener().open(request, timeout=LONGEST_SILENCE_S))
    try:
        yield _answer(body, first)
    finally:
        body.close()


def _answer(body: _Body, first: int) -> HubResponse:
    length = body.headers.get("Content-Length", "")
    coming = int(length) if length.isdecimal() else None
    if body.status == _PARTIAL:
        told = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", body.headers.get("Content-Range", ""))
        if told is None or int(told[1]) != first:
            raise ModelNotFetched("the hub sent another part than was asked for")
        return HubResponse(first, int(told[2]), body)
    if body.status != _OK:
        raise ModelNotFetched(f"the hub answered {body.status}")
    return HubResponse(0, coming, body)


class _Redirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not _is_safe(newurl, req.full_url):
            fp.close()
            raise ModelNotFetched("the hub sent us to a place that is not https", FetchFlaw.REFUSED)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """Return an opener for http and https only: no files, no ftp, no passwords, no cookies."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=make_tls_context()),
        urllib.request.HTTPDefaultErrorHandler(),
        _Redirects(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _is_safe(url: str, asked_by: str) -> bool:
    to, by = urllib.parse.urlsplit(url), urllib.parse.urlsplit(asked_by)
    if to.username or to.password:
        return False
    return to.scheme == "https" or (
        to.scheme == "http" and {to.hostname, by.hostname} <= _LOOPBACK and by.scheme == "http"
    )


@contextlib.contextmanager
def _map_connection_errors() -> Generator[None]:
    """Map the libraries' connection errors to ``ModelNotFetched``."""
    try:
        yield
    except urllib.error.HTTPError as refused:
        refused.close()
        raise _refusal(refused.code) from refused
    except urllib.error.URLError as failed:
        reason = failed.reason
        raise _trouble(reason if isinstance(reason, Exception) else failed) from failed
    except (http.client.HTTPException, ValueError) as cut:
        raise ModelNotFetched("the connection was cut", may_pass=True) from cut
    except OSError as failed:
        raise _trouble(failed) from failed


def _refusal(code: int) -> ModelNotFetched:
    if code == _NO_SUCH_RANGE:
        return ModelNotFetched("the hub has less of it than is here", may_pass=True)
    unwell = f"the hub is out of order ({code})" if code in _PASSING else f"the hub answered {code}"
    cause, flaw = _REFUSED.get(code, (unwell, FetchFlaw.CONNECTION))
    return ModelNotFetched(cause, flaw, may_pass=code in _PASSING)


def _trouble(failed: Exception) -> ModelNotFetched:
    if isinstance(failed, ssl.SSLCertVerificationError):
        return ModelNotFetched(
            "the other computer could not prove that it is the hub", FetchFlaw.UNTRUSTED
        )
    if isinstance(failed, socket.gaierror):
        return ModelNotFetched("there is no network, or no such place on it")
    if isinstance(failed, TimeoutError):
        return ModelNotFetched(_NO_ANSWER, may_pass=True)
    if isinstance(failed, ConnectionRefusedError) or (
        isinstance(failed, OSError) and failed.errno in {errno.ENETUNREACH, errno.EHOSTUNREACH}
    ):
        return ModelNotFetched("nobody answers there, or there is no network")
    if refused := _TUNNEL.search(str(failed)):
        return _proxy_refusal(int(refused[1]))
    return ModelNotFetched("the connection was cut", may_pass=True)


def _proxy_refusal(code: int) -> ModelNotFetched:
    known = {407: FetchFlaw.PROXY_LOGIN, 403: FetchFlaw.PROXY_REFUSED}
    if code in known:
        return ModelNotFetched(flaw=known[code])
    return ModelNotFetched(f"the proxy answered {code}", may_pass=code in _PASSING)
