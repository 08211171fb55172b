"""Pack a model for a computer that is never online: one tar, always the same bytes.

The checksums of all files come first, so that ``--from`` compares each file with them.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path
from typing import BinaryIO

from models.checksums import (
    CHECKSUMS_NAME,
    FileChecksum,
    encode_checksums,
    hash_model,
    read_checksums,
)
from models.installed_models import InstalledModel
from study import ReportProgress, ShouldStop, TaskProgress, no_report, no_stop
from study.errors import ModelBroken, PackUnwritable, Stopped, StudyUnwritable
from study.store import map_os_errors, stage_file


def pack_model(
    model: InstalledModel,
    target: Path,
    *,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
) -> int:
    """Pack a model into the file ``target``, which must not exist; returns its size in bytes.

    Raises:
        PackUnwritable: the file exists already, or cannot be written.
        ModelBroken: a file of the model is not the one that was verified.
        DiskFull: there is no room. Stopped: ``stop`` returned True. Neither leaves a file behind.
    """
    try:
        with map_os_errors():
            if target.exists():
                raise PackUnwritable  # at once, not after minutes of packing
            with stage_file(target, replaces=False) as staged, staged.open("r+b") as file:
                _write(model, file, stop, report)
    except (StudyUnwritable, FileNotFoundError, FileExistsError) as refused:
        raise PackUnwritable from refused
    return target.stat().st_size


def _write(model: InstalledModel, file: BinaryIO, stop: ShouldStop, report: ReportProgress) -> None:
    offer = model.offer
    known = read_checksums(model.folder) or hash_model(
        model.folder, offer.name, offer.kind, offer.source, offer.revision
    )
    total, done = sum(checksum.size for checksum in known.files.values()), 0
    with tarfile.open(fileobj=file, mode="w:", format=tarfile.GNU_FORMAT) as archive:
        listed = encode_checksums(known)
        archive.addfile(
            _build_header(f"{offer.name}/{CHECKSUMS_NAME}", len(listed)), io.BytesIO(listed)
        )
        for name, checksum in sorted(known.files.items()):
            if stop():
                raise Stopped("Packing")
            _add(archive, model, name, checksum)
            done += checksum.size
            report(TaskProgress(done, total, f"packing {offer.name}"))


def _add(
    archive: tarfile.TarFile, model: InstalledModel, name: str, checksum: FileChecksum
) -> None:
    try:
        with (model.folder / name).open("rb") as source:
            reader = _HashingReader(source)
            archive.addfile(_build_header(f"{model.name}/{name}", checksum.size), reader)
    except FileNotFoundError as gone:
        raise ModelBroken(model.offer.kind) from gone
    except OSError as short:
        if short.errno is None:  # tarfile's own: the file ended early
            raise ModelBroken(model.offer.kind) from short
        raise
    if reader.digest.hexdigest() != checksum.sha256:
        raise ModelBroken(model.offer.kind)


class _HashingReader(io.BufferedIOBase):
    """Hashes the bytes that tarfile reads through it."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int | None = -1, /) -> bytes:
        block = self._source.read(-1 if size is None else size)
        self.digest.update(block)
        return block


def _build_header(name: str, size: int) -> tarfile.TarInfo:
    """Return a header without this computer's user, group and time."""
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o644
    return header
