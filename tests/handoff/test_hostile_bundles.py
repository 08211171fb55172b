"""Somebody hands over what is no bundle, or a huge one: it is streamed, or refused in words."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from handoff import check_bundle
from handoff.zip_files import build_zip, is_built_zip
from study.errors import NotABundle

LIMIT = 600 << 20  # of address space; a program that reads it all into memory ends there


def check_within_memory(path: Path) -> str:
    """Check a bundle in a process with little memory, and return what it found."""
    script = f"""
import resource, sys
from pathlib import Path
from handoff import check_bundle
from study.errors import NotABundle
resource.setrlimit(resource.RLIMIT_AS, ({LIMIT}, {LIMIT}))
try:
    print(*(f"{{one.where}}: {{one.what}}" for one in check_bundle(Path(sys.argv[1])).findings))
except NotABundle as refused:
    print(refused)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_device_without_an_end_and_a_pipe_are_no_bundle(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.zip")
    for path in (Path("/dev/zero"), tmp_path / "pipe.zip"):
        with pytest.raises(NotABundle):
            check_bundle(path)


def test_a_file_of_6_gb_that_is_no_zip_is_no_bundle(tmp_path: Path) -> None:
    with (tmp_path / "huge.zip").open("wb") as file:
        file.truncate(6 << 30)

    assert check_within_memory(tmp_path / "huge.zip") == str(NotABundle())


def test_a_list_of_6_gb_is_no_list(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    with (tmp_path / "SHA256SUMS").open("wb") as file:
        file.truncate(6 << 30)

    assert check_within_memory(tmp_path) == str(NotABundle())


def test_a_bundle_of_640_mb_is_checked_in_little_memory(tmp_path: Path) -> None:
    """One byte of a large sound file was changed, and the memory does not grow with the file."""
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in ("manifest.json", "SHA256SUMS"):
            archive.writestr(f"bundle/{name}", "{}")
        with archive.open("bundle/P07_i1.flac", "w") as sound:
            for _ in range(640):
                sound.write(bytes(1 << 20))

    found = check_within_memory(path)

    assert "P07_i1.flac: was not part of it" in found


def test_a_zip_file_is_compared_to_its_last_byte(tmp_path: Path) -> None:
    files = {f"bundle/{name}": os.urandom(3_000_000) for name in ("a", "b")}
    raw = build_zip(files, smaller=False)
    for changed in (raw, raw + b"\0", raw[:5] + b"\x01" + raw[6:]):
        path = tmp_path / "bundle.zip"
        path.write_bytes(changed)
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            assert is_built_zip(archive, file) == (changed is raw)
