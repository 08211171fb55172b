"""A stand-in for the model hub on loopback: the few answers that Earshot asks for, and faults."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

REPOSITORY = "somebody/small-whisper"


@dataclass
class Faults:
    """What goes wrong. Each is for the file of that name, or for all where there is no name."""

    cut_after: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    stall_after: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    claimed_size: dict[str, int] = field(default_factory=dict[str, int])
    other_bytes: set[str] = field(default_factory=set[str])
    status: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    redirect: dict[str, str] = field(default_factory=dict[str, str])
    ignores_ranges: bool = False
    is_silent: bool = False
    lists_nonsense: bool = False


@dataclass
class Hub:
    """Serves ``files`` as one repository at one revision, and keeps what it was asked."""

    files: dict[str, bytes]
    faults: Faults = field(default_factory=Faults)
    asked: list[tuple[str, dict[str, str]]] = field(
        default_factory=list[tuple[str, dict[str, str]]]
    )
    sent: Counter[str] = field(default_factory=Counter[str])

    def __post_init__(self) -> None:
        self.over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.hub = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def asked_for(self, name: str) -> list[dict[str, str]]:
        """The headers of every request for a file."""
        return [headers for path, headers in self.asked if path.endswith(f"/{name}")]

    def listing(self) -> bytes:
        if self.faults.lists_nonsense:
            return b"<html>sign in to this network first</html>"
        return json.dumps([self._listed(name) for name in self.files]).encode()

    def _listed(self, name: str) -> dict[str, object]:
        content = self.files[name]
        git = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
        listed: dict[str, object] = {
            "type": "file", "path": name, "size": len(content), "oid": git.hexdigest(),
        }  # fmt: skip
        if name.endswith((".bin", ".whl")):
            sha256 = hashlib.sha256(content).hexdigest()
            listed["lfs"] = {"oid": sha256, "size": len(content), "pointerSize": 134}
        return listed


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    hub: Hub


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # the library calls it by this name
        hub = cast("_Server", self.server).hub
        hub.asked.append((self.path, dict(self.headers.items())))
        name = self.path.split("?")[0].rpartition("/")[2]
        if hub.faults.is_silent:
            hub.over.wait(40)
            return
        if self.path.startswith("/api/models/"):
            self._send(200, hub.listing(), "listing")
        elif hub.faults.status.get(name):
            self.send_error(hub.faults.status[name].pop(0))
        elif name in hub.faults.redirect:
            self.send_response(302)
            self.send_header("Location", hub.faults.redirect[name])
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif name in hub.files:
            self._file(hub, name)
        else:
            self.send_error(404)

    def _file(self, hub: Hub, name: str) -> None:
        content = hub.files[name]
        if name in hub.faults.other_bytes:
            content = content[:-1] + bytes([content[-1] ^ 1])
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        first = int(asked[1]) if asked and not hub.faults.ignores_ranges else 0
        if first >= len(content) > 0:
            self.send_error(416)
            return
        total = hub.faults.claimed_size.get(name, len(content))
        if first:
            self._send(206, content[first:], name, total, f"bytes {first}-{total - 1}/{total}")
        else:
            self._send(200, content, name, total)

    def _send(
        self, status: int, content: bytes, name: str, total: int | None = None, part: str = ""
    ) -> None:
        hub = cast("_Server", self.server).hub
        total = len(content) if total is None else total
        self.send_response(status)
        self.send_header("Content-Length", str(len(content) if part else total))
        if part:
            self.send_header("Content-Range", part)
        self.end_headers()
        cuts, stalls = hub.faults.cut_after.get(name), hub.faults.stall_after.get(name)
        sent = content[: stalls[0]] if stalls else content[: cuts.pop(0)] if cuts else content
        self.wfile.write(sent)
        hub.sent[name] += len(sent)
        if stalls:
            stalls.pop(0)
            hub.over.wait(5)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: the tests look at ``asked``."""
