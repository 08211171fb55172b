"""The checksums in a model's folder: ``earshot.json``, written once every file is verified.

It holds each file's size and sha256, so that naming the model of a transcript does not read
gigabytes again, and so that a missing or truncated file is noticed at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from study.store import write_file_atomically

CHECKSUMS_NAME = "earshot.json"
_CARDS = frozenset({".md"})  # correcting a model's card does not make it another model


class FileChecksum(msgspec.Struct, frozen=True):
    """One file: its size in bytes and its sha256 in hexadecimal."""

    size: int
    sha256: str


class ModelChecksums(msgspec.Struct, frozen=True):
    """A model's name, source and revision; ``files`` maps names, with slashes, to checksums."""

    name: str
    kind: str
    source: str
    revision: str
    files: dict[str, FileChecksum]
    format: int = 1

    def list_missing_files(self, folder: Path) -> list[str]:
        """Name the files that are missing or have another size. Reads no content."""
        return [
            name
            for name, checksum in self.files.items()
            if not (folder / name).is_file() or (folder / name).stat().st_size != checksum.size
        ]

    def sha256(self) -> str:
        """Return the hash of the names and hashes of all files but cards, in the order of names."""
        total = hashlib.sha256()
        for name in sorted(self.files, key=PurePosixPath):
            if PurePosixPath(name).suffix not in _CARDS:
                total.update(f"{self.files[name].sha256}  {name}\n".encode())
        return total.hexdigest()


def walk_model_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file of a model but its checksums: its name, with slashes, and its path."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != CHECKSUMS_NAME:
            yield name, path


def hash_file(path: Path) -> FileChecksum:
    """Read a whole file and hash it, at about half a second a gigabyte."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileChecksum(path.stat().st_size, digest)


def hash_model(folder: Path, name: str, kind: str, source: str, revision: str) -> ModelChecksums:
    """Read all files of a model and return their checksums."""
    return ModelChecksums(
        name, kind, source, revision, {n: hash_file(path) for n, path in walk_model_files(folder)}
    )


def write_checksums(folder: Path, checksums: ModelChecksums) -> None:
    """Write the checksums into the model's folder, durably."""
    write_file_atomically(folder / CHECKSUMS_NAME, encode_checksums(checksums))


def encode_checksums(checksums: ModelChecksums) -> bytes:
    """Encode checksums as JSON, always to the same bytes for the same model."""
    return msgspec.json.format(msgspec.json.encode(checksums, order="deterministic")) + b"\n"


def read_checksums(folder: Path) -> ModelChecksums | None:
    """Read the checksums in a model's folder; None if they are missing or unreadable."""
    try:
        return decode_checksums((folder / CHECKSUMS_NAME).read_bytes())
    except OSError:
        return None


def decode_checksums(content: bytes) -> ModelChecksums | None:
    """Decode checksums from JSON; None if the content is something else."""
    try:
        checksums = msgspec.json.decode(content, type=ModelChecksums)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return checksums if checksums.format == 1 else None
