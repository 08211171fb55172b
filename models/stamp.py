"""What a model's folder says of itself: ``earshot.json``, written when every file was verified.

It holds each file's size and sha256, so that gigabytes need not be read again to name the model
that made a transcript, and so that a file that went missing or was cut is noticed at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from study.disk import write_whole

NAME = "earshot.json"
_CARDS = frozenset({".md"})  # a card may be corrected without making it another model


class Sealed(msgspec.Struct, frozen=True):
    """One file: its size in bytes and its sha256 in hexadecimal."""

    size: int
    sha256: str


class Stamp(msgspec.Struct, frozen=True):
    """Which model a folder holds. ``files`` maps names, with slashes, to what they are."""

    name: str
    kind: str
    source: str
    revision: str
    files: dict[str, Sealed]
    format: int = 1

    def missing(self, folder: Path) -> list[str]:
        """Name the files that are not there or have another size. Reads no content."""
        return [
            name
            for name, sealed in self.files.items()
            if not (folder / name).is_file() or (folder / name).stat().st_size != sealed.size
        ]

    def sha256(self) -> str:
        """Hash over the names and hashes of all files but cards, in the order of their names."""
        total = hashlib.sha256()
        for name in sorted(self.files, key=PurePosixPath):
            if PurePosixPath(name).suffix not in _CARDS:
                total.update(f"{self.files[name].sha256}  {name}\n".encode())
        return total.hexdigest()


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file of a model but its stamp: its name with slashes, and its place."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != NAME:
            yield name, path


def sealed(path: Path) -> Sealed:
    """Read a file through; about half a second per gigabyte."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Sealed(path.stat().st_size, digest)


def made(folder: Path, name: str, kind: str, source: str, revision: str) -> Stamp:
    """Read a whole model through and say what it is."""
    return Stamp(name, kind, source, revision, {n: sealed(path) for n, path in files(folder)})


def write(folder: Path, stamp: Stamp) -> None:
    """Put the stamp into the folder, durably."""
    write_whole(folder / NAME, encoded(stamp))


def encoded(stamp: Stamp) -> bytes:
    """Return the stamp as it is written, always the same bytes for the same model."""
    return msgspec.json.format(msgspec.json.encode(stamp, order="deterministic")) + b"\n"


def read(folder: Path) -> Stamp | None:
    """Return what the folder says of itself; None where it says nothing that can be read."""
    try:
        return decoded((folder / NAME).read_bytes())
    except OSError:
        return None


def decoded(content: bytes) -> Stamp | None:
    """Return a stamp from its bytes; None where they are none."""
    try:
        stamp = msgspec.json.decode(content, type=Stamp)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return stamp if stamp.format == 1 else None
