"""Packing a model for a computer that is never online: one tar, always the same bytes.

The stamp with every file's sha256 comes first, so that ``--from`` holds each file against it.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tarfile
from pathlib import Path
from typing import BinaryIO

from models import stamp
from models.shelf import ModelHere
from study.disk import sync_folder, told
from study.errors import ModelBroken, PackUnwritable, Stopped, StudyUnwritable
from study.steps import Progress, Report, Stop, never, quietly


def pack(model: ModelHere, to: Path, *, stop: Stop = never, report: Report = quietly) -> int:
    """Write a model to ``to``, which must not exist; returns the size in bytes.

    Raises:
        PackUnwritable: the file exists already, or cannot be written.
        ModelBroken: a file of the model is not the one that was verified.
        DiskFull: there is no room. Stopped: ``stop`` said so. Neither leaves anything behind.
    """
    beside = to.with_name(f".{to.name}.new")
    try:
        with told():
            if to.exists():
                raise PackUnwritable
            try:
                with beside.open("wb") as file:
                    _write(model, file, stop, report)
                    file.flush()
                    os.fsync(file.fileno())
                os.link(beside, to)  # fails where somebody made it meanwhile; a rename would not
                sync_folder(to.parent)
            finally:
                with contextlib.suppress(OSError):
                    beside.unlink()
    except (StudyUnwritable, FileNotFoundError, FileExistsError) as refused:
        raise PackUnwritable from refused
    return to.stat().st_size


def _write(model: ModelHere, file: BinaryIO, stop: Stop, report: Report) -> None:
    offer = model.offer
    known = stamp.read(model.folder) or stamp.made(
        model.folder, offer.name, offer.kind, offer.source, offer.revision
    )
    total, done = sum(sealed.size for sealed in known.files.values()), 0
    with tarfile.open(fileobj=file, mode="w:", format=tarfile.GNU_FORMAT) as archive:
        listed = stamp.encoded(known)
        archive.addfile(_head(f"{offer.name}/{stamp.NAME}", len(listed)), io.BytesIO(listed))
        for name, sealed in sorted(known.files.items()):
            if stop():
                raise Stopped("Packing")
            _add(archive, model, name, sealed)
            done += sealed.size
            report(Progress(done, total, f"packing {offer.name}"))


def _add(archive: tarfile.TarFile, model: ModelHere, name: str, sealed: stamp.Sealed) -> None:
    try:
        with (model.folder / name).open("rb") as source:
            reader = _Counting(source)
            archive.addfile(_head(f"{model.name}/{name}", sealed.size), reader)
    except FileNotFoundError as gone:
        raise ModelBroken(model.offer.kind) from gone
    except OSError as short:
        if short.errno is None:  # tarfile's own: the file ended early
            raise ModelBroken(model.offer.kind) from short
        raise
    if reader.digest.hexdigest() != sealed.sha256:
        raise ModelBroken(model.offer.kind)


class _Counting(io.BufferedIOBase):
    """Hashes what is read through it."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int | None = -1, /) -> bytes:
        block = self._source.read(-1 if size is None else size)
        self.digest.update(block)
        return block


def _head(name: str, size: int) -> tarfile.TarInfo:
    """Return a header that says nothing of this computer, its owner or the day."""
    head = tarfile.TarInfo(name)
    head.size, head.mode = size, 0o644
    return head
