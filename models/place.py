"""The places of fetched models: where one is gathered, how it gets its name, how it goes.

MODELS/NAME          a whole, verified model
MODELS/.NAME.part/   one that is being gathered: ``fetched`` holds archives, ``model`` its files
MODELS/.NAME.old     the one before it, for the moment of the change
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

from models import shelf, stamp
from models.catalogue import ModelKind, Offer
from models.shelf import ModelHere, folder_of
from models.unpacking import unpack
from study.disk import Presence, make_folder, sync_folder, told
from study.errors import (
    ArchiveRefused,
    DiskFull,
    ModelBroken,
    ModelFlaw,
    ModelMissing,
    ModelsUnwritable,
    Stopped,
    StudyInUse,
    StudyUnwritable,
)
from study.steps import Stop, never

_BLOCK = 1 << 20
_SPARE = 200_000_000  # bytes
_DEEPEST = 6  # how far below an archive's top a model may lie; a wheel has it two down


@contextlib.contextmanager
def kept() -> Generator[None]:
    """Turn the disk's refusals inside the block into words about the folder for models."""
    try:
        with told():
            yield
    except (StudyUnwritable, FileExistsError, FileNotFoundError) as refused:
        raise ModelsUnwritable from refused


@contextlib.contextmanager
def gathering(offer: Offer) -> Generator[Gathering]:
    """Hold the place where a model is gathered, alone.

    Raises:
        StudyInUse: another process is getting this model.
        ModelsUnwritable: the folder for models is not ours.
    """
    beside = folder_of(offer).parent / f".{offer.name}.part"
    with kept():
        make_folder(beside)
        claim = Presence(beside)
    try:
        if not claim.alone():
            raise StudyInUse("This model")
        yield Gathering(offer, beside)
    finally:
        claim.leave()


class Gathering:
    """A model on its way. ``model`` is the folder that gets the name."""

    def __init__(self, offer: Offer, folder: Path) -> None:
        self._offer, self._folder = offer, folder
        self.model, self.fetched = folder / "model", folder / "fetched"
        with kept():
            self.model.mkdir(exist_ok=True)
            self.fetched.mkdir(exist_ok=True)

    def empty(self) -> None:
        """Throw away what was gathered."""
        with kept():
            for folder in (self.model, self.fetched):
                shutil.rmtree(folder)
                folder.mkdir()

    def unpack(self, archive: Path, *, stop: Stop = never) -> None:
        """Unpack an archive and keep the model that lies in it.

        Raises:
            ArchiveRefused: it is hostile, or holds no such model.
        """
        opened = self._folder / "opened"
        with kept():
            shutil.rmtree(opened, ignore_errors=True)
            opened.mkdir()
            try:
                most = min(self._offer.most_bytes, shutil.disk_usage(opened).free - _SPARE)
                if most < archive.stat().st_size:
                    raise DiskFull
                if not unpack(archive, opened, most, stop=stop):
                    raise Stopped("Unpacking")
                root = _root(self._offer.kind, opened)
                if root is None:
                    raise ArchiveRefused(f"holds no {self._offer.kind} model")
                shutil.rmtree(self.model)
                root.rename(self.model)
            finally:
                shutil.rmtree(opened, ignore_errors=True)

    def copy(self, source: Path, *, stop: Stop = never) -> None:
        """Copy a model from a folder; links to files are copied as files.

        Raises:
            ModelBroken: there is no such model in it.
        """
        root = _root(self._offer.kind, source)
        if root is None:
            raise ModelBroken(self._offer.kind, ModelFlaw.NOT_IN_FOLDER)
        files = list(_plain(self._offer.kind, root))
        with kept():
            total = sum(path.stat().st_size for _, path in files)
            if shutil.disk_usage(self.model).free < total + _SPARE:
                raise DiskFull
            for name, path in files:
                _copy(path, self.model / name, stop)

    def checked(self) -> stamp.Stamp:
        """Read every file through, and hold it against the stamp that came with it, if one did.

        Raises:
            ModelBroken: files are missing, or are not what the stamp says.
        """
        offer = self._offer
        if not shelf.is_whole(offer.kind, self.model):
            raise ModelBroken(offer.kind)
        with kept():
            found = stamp.made(self.model, offer.name, offer.kind, offer.source, offer.revision)
        came_with = stamp.read(self.model)
        if came_with is not None and came_with.files != found.files:
            raise ModelBroken(offer.kind, ModelFlaw.UNLIKE_ITS_LIST)
        if came_with is not None and came_with.name != offer.name:
            raise ModelBroken(offer.kind, ModelFlaw.OTHER_NAME)
        return found

    def name(self, found: stamp.Stamp) -> ModelHere:
        """Give the model its name; the one that had it goes."""
        to = folder_of(self._offer)
        old = to.with_name(f".{to.name}.old")
        with kept():
            stamp.write(self.model, found)
            shutil.rmtree(old, ignore_errors=True)
            if to.exists():
                to.rename(old)
            self.model.rename(to)
            sync_folder(to.parent)
            shutil.rmtree(old, ignore_errors=True)
            shutil.rmtree(self._folder, ignore_errors=True)
        return ModelHere(self._offer, to)


def hold_against_libraries(offer: Offer, folder: Path) -> None:
    """Refuse what this computer's libraries are too old for.

    Raises:
        ModelBroken: it is made for a newer CTranslate2 or spaCy.
    """
    library = shelf.too_new(offer.kind, folder)
    if library:
        raise ModelBroken(offer.kind, ModelFlaw.TOO_NEW, library=library)


def remove(offer: Offer) -> int:
    """Remove a fetched model and what was gathered of it; returns the bytes that it took up.

    Raises:
        ModelMissing: nothing of it is here, or it ships with Earshot.
        StudyInUse: another process is getting it.
    """
    to = folder_of(offer)
    beside = to.with_name(f".{to.name}.part")
    there = [folder for folder in (to, beside, to.with_name(f".{to.name}.old")) if folder.is_dir()]
    if offer.is_bundled or not there:
        raise ModelMissing(offer.kind)
    with kept():
        if beside.is_dir():
            claim = Presence(beside)
            try:
                if not claim.alone():
                    raise StudyInUse("This model")
            finally:
                claim.leave()
        freed = sum(path.stat().st_size for folder in there for path in _files(folder))
        if to.is_dir():  # first out of the way, so that half a model never has its name
            gone = to.with_name(f".{to.name}.gone")
            shutil.rmtree(gone, ignore_errors=True)
            to.rename(gone)
            there = [gone, *(folder for folder in there if folder != to)]
        for folder in there:
            shutil.rmtree(folder)
        sync_folder(to.parent)
    return freed


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _root(kind: ModelKind, top: Path) -> Path | None:
    """Find the one folder, at most some steps down, that holds such a model."""
    level = [top]
    for _ in range(_DEEPEST):
        found = [folder for folder in level if shelf.has_needed(kind, folder)]
        if found:
            return found[0] if len(found) == 1 else None
        level = [path for folder in level for path in _folders(folder)]
    return None


def _folders(folder: Path) -> list[Path]:
    try:
        return [path for path in sorted(folder.iterdir()) if path.is_dir() and path.name[:1] != "."]
    except OSError:
        return []


def _plain(kind: ModelKind, root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a folder, without hidden ones; a link counts as the file it leads to."""
    for folder, below, names in os.walk(root):
        below[:] = [name for name in below if not name.startswith(".")]
        for name in names:
            path = Path(folder, name)
            if name.startswith("."):
                continue
            if not path.is_file():
                raise ModelBroken(kind, ModelFlaw.NO_PLAIN_FILES)
            yield path.relative_to(root).as_posix(), path


def _copy(path: Path, to: Path, stop: Stop) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    with path.open("rb") as source, to.open("wb") as file:
        while block := source.read(_BLOCK):
            if stop():
                raise Stopped("Copying")
            file.write(block)
