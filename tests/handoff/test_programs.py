"""Analysis programs that import our files themselves, where they are installed.

They are large and no part of the gate: install `qualitative-coding`, and `taguette` with
`sqlalchemy<2`, into environments of their own and name their `bin` folders in EARSHOT_READERS, as
PATH names folders.
"""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from handoff.export_input import ExportInput
from handoff.html_page import render_html_page
from handoff.refi_project import ProjectCode, render_refi_project
from handoff.transcript_lines import tidy_text
from handoff.web_vtt import render_web_vtt

pytestmark = pytest.mark.slow


def program(name: str) -> str:
    """Where a program is, or skip the test."""
    found = shutil.which(name, path=os.environ.get("EARSHOT_READERS"))
    if found is None or "EARSHOT_READERS" not in os.environ:
        pytest.skip(f"{name} is not installed; EARSHOT_READERS names where it would be")
    return found


def test_qualitative_coding_imports_the_project(material: ExportInput, tmp_path: Path) -> None:
    (tmp_path / "project.qdpx").write_bytes(render_refi_project([material], codes=[*ProjectCode]))
    around = os.environ | {"PYTHONBREAKPOINT": "0"}  # a breakpoint was left in its reader
    place = tmp_path / "qc"
    place.mkdir()

    done = subprocess.run(
        [program("qc"), "init", "--import", str(tmp_path / "project.qdpx")],
        cwd=place,
        env=around,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    text = (place / "corpus" / "P07_i1.txt").read_text(encoding="utf-8")
    assert "[00:00:01] INT01: How did you hear of it?\n" in text
    assert tidy_text(material.clean.turns[1].text) in text
    codes = (place / "codebook.yaml").read_text(encoding="utf-8")
    for name in ("P07", "FAM02", "Topic: The sessions"):
        assert name in codes


class Taguette:
    """Its own server on this computer alone, and a browser without a window."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._cookies = http.cookiejar.CookieJar()
        self._browser = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self._cookies)
        )

    def get(self, path: str) -> str:
        with self._browser.open(f"{self._address}{path}", timeout=20) as answer:
            return answer.read().decode()

    def post(self, path: str, fields: dict[str, str], file: tuple[str, bytes] | None = None) -> str:
        secret = next(cookie.value or "" for cookie in self._cookies if cookie.name == "_xsrf")
        border = uuid.uuid4().hex
        parts = [
            f"--{border}\r\nContent-Disposition: form-data; "
            f'name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {**fields, "_xsrf": secret}.items()
        ]
        if file:
            head = f'form-data; name="file"; filename="{file[0]}"'
            parts.append(f"--{border}\r\nContent-Disposition: {head}\r\n\r\n".encode())
            parts.append(file[1] + b"\r\n")
        body = b"".join([*parts, f"--{border}--\r\n".encode()])
        asked = urllib.request.Request(f"{self._address}{path}", body)  # noqa: S310 - our own server
        asked.add_header("Content-Type", f"multipart/form-data; boundary={border}")
        asked.add_header("X-XSRFToken", secret)
        with self._browser.open(asked, timeout=20) as answer:
            return answer.geturl() + "\n" + answer.read().decode()


@pytest.fixture
def taguette(tmp_path: Path) -> Iterator[Taguette]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(program("taguette"), "--no-browser", "--port", str(port)),
            *("--database", str(tmp_path / "taguette.sqlite3")),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"},
    )
    assert server.stdout is not None
    token = ""
    until_s = time.monotonic() + 60
    while not token and time.monotonic() < until_s:
        said = re.search(r"token=(\w+)", server.stdout.readline())
        token = said.group(1) if said else ""
    browser = Taguette(f"http://127.0.0.1:{port}")
    try:
        browser.get(f"/?token={token}")
        yield browser
    finally:
        server.terminate()
        server.communicate(timeout=20)


def test_taguette_imports_the_page_and_the_subtitles_over_its_own_server(
    material: ExportInput, taguette: Taguette
) -> None:
    browser = taguette
    browser.get("/project/new")
    made = browser.post("/project/new", {"name": "course", "description": ""})
    number = re.search(r"/project/(\d+)", made)
    assert number is not None
    project = number.group(1)

    for name, raw in (
        ("P07_i1.html", render_html_page(material)),
        ("P07_i1.vtt", render_web_vtt(material.lines)),
    ):
        told = browser.post(
            f"/api/project/{project}/document/new",
            {"name": name, "description": ""},
            (name, raw),
        )
        document = json.loads(told.splitlines()[1])["created"]
        content = browser.get(f"/api/project/{project}/document/{document}/contents")
        shown = "".join(part["contents"] for part in json.loads(content)["contents"])

        assert "How did you hear of it?" in shown
        assert "caf\u00e9 \U0001f642" in shown  # read as UTF-8
        assert "P07" in shown
