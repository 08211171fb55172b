"""Where models lie on this computer, and whether they are whole.

Bundled ones lie inside the package; fetched ones under ``EARSHOT_MODELS`` or the system's own
place for data of programs, one folder each, named as in the catalogue. Nothing here opens a
socket or loads a model.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import os
import re
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
import platformdirs

from models import stamp
from models.catalogue import ModelKind, Offer, find, offers
from study.errors import ModelBroken, ModelFlaw, ModelGap, ModelMissing

_BUNDLED = Path(__file__).parent / "bundled"
_BUNDLED_FOLDERS = {"demo": "whisper-demo", "names-en": "ner-en"}
_NEEDED = {
    ModelKind.SPEECH: ("config.json", "model.bin", "tokenizer.json"),
    ModelKind.NAMES: ("config.cfg", "meta.json", "vocab"),
    ModelKind.SPEAKERS: ("segmentation.onnx", "embedding.onnx"),
}
_SLOW = "slow"
_NEWEST_CTRANSLATE2 = 6  # of the binary format; CTranslate2 4 writes it


@dataclass(frozen=True, slots=True)
class ModelHere:
    """A model that is on this computer and looks whole."""

    offer: Offer
    folder: Path

    @property
    def name(self) -> str:
        """Its name in the catalogue."""
        return self.offer.name

    def sha256(self) -> str:
        """Hash over the names and contents of all its files but cards, in the order of names.

        Taken from what was verified when the model got its name; a bundled one is read through,
        once per process.

        Raises:
            ModelBroken: its files are not the ones that were verified, or are gone.
        """
        known = stamp.read(self.folder)
        if known is None and not has_needed(self.offer.kind, self.folder):
            raise ModelBroken(self.offer.kind)  # else the hash of no files at all would be its name
        try:
            if known is None:
                return _digest(self.folder, _outside(self.folder))
            missing = known.missing(self.folder)
        except OSError as gone:
            raise ModelBroken(self.offer.kind) from gone
        if missing:
            raise ModelBroken(self.offer.kind)
        return known.sha256()


def folder_of_fetched() -> Path:
    """Where fetched models are kept."""
    chosen = os.environ.get("EARSHOT_MODELS")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("earshot")) / "models"


def folder_of(offer: Offer) -> Path:
    """Where a model is, or would be."""
    if offer.is_bundled:
        return _BUNDLED / _BUNDLED_FOLDERS[offer.name]
    return folder_of_fetched() / offer.name


def here(kind: ModelKind) -> list[ModelHere]:
    """List the whole models of a kind, in the catalogue's order."""
    return [
        ModelHere(offer, folder_of(offer))
        for offer in offers()
        if offer.kind is kind and is_whole(offer.kind, folder_of(offer))
    ]


def speech(name: str = "") -> ModelHere:
    """Return the speech model of that name, or the best one that is here.

    A fetched model goes before the demonstration's.

    Raises:
        ModelMissing: it is not on this computer.
        ModelBroken: its folder lacks files, or it was made for newer libraries.
    """
    if name:
        return named(name, ModelKind.SPEECH)
    found = sorted(here(ModelKind.SPEECH), key=lambda m: m.offer.is_demonstration)
    if not found:
        raise ModelMissing(ModelKind.SPEECH)
    return _fitting(found[0])


def names(name: str = "") -> ModelHere:
    """Return the trained finder of names of that name, or else the one that ships with Earshot.

    A fetched one is taken only when it is asked for: ours has learnt talk, without capitals and
    full stops, and the fetched ones know written English.

    Raises:
        ModelMissing, ModelBroken: see ``speech``.
    """
    bundled = next(o for o in offers() if o.kind is ModelKind.NAMES and o.is_bundled)
    return named(name or bundled.name, ModelKind.NAMES)


def speakers(name: str = "") -> ModelHere:
    """Return the models of that name that tell voices apart, or the first that are here.

    Raises:
        ModelMissing, ModelBroken: see ``speech``.
    """
    if name:
        return named(name, ModelKind.SPEAKERS)
    found = here(ModelKind.SPEAKERS)
    if not found:
        first = next(offer for offer in offers() if offer.kind is ModelKind.SPEAKERS)
        raise ModelMissing(first.kind, name=first.name, size_mb=first.size_mb)
    return found[0]


def names_beside(first: ModelHere) -> list[ModelHere]:
    """Return the best other finder of names that is here, fetched or installed as a package.

    Of several the one that comes last in the catalogue; none that is slow, or that cannot be
    loaded for want of a package.
    """
    found = [
        ModelHere(offer, folder)
        for offer in offers()
        if offer.kind is ModelKind.NAMES and offer.name != first.name and _is_usable(offer)
        for folder in (folder_of(offer), _package_of(offer))
        if folder is not None and is_whole(offer.kind, folder)
    ]
    return found[-1:]


def _is_usable(offer: Offer) -> bool:
    is_quick = offer.speed != _SLOW
    return is_quick and (not offer.needs or importlib.util.find_spec(offer.needs) is not None)


def _package_of(offer: Offer) -> Path | None:
    """Where a pipeline lies that was installed as a Python package; nothing of it is run."""
    spec = None if offer.is_bundled else importlib.util.find_spec(offer.name)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0])
    return next(iter(sorted(folder.glob(f"{offer.name}-*"))), None)


def offered(name: str) -> Offer:
    """Return what the catalogue has under that name, whether it is here or not.

    Raises:
        ModelMissing: there is none of that name.
    """
    offer = find(name)
    if offer is None:
        raise ModelMissing(gap=ModelGap.UNKNOWN)
    return offer


def named(name: str, kind: ModelKind | None = None) -> ModelHere:
    """Return the model of that name, whole and fitting.

    Raises:
        ModelMissing: it is not on this computer, or of another kind.
        ModelBroken: its folder lacks files, or it was made for newer libraries.
    """
    offer = offered(name)
    if kind is not None and kind is not offer.kind:
        raise ModelMissing(kind, ModelGap.OTHER_KIND)
    if not folder_of(offer).is_dir():
        to_get = "" if offer.is_bundled else offer.name
        raise ModelMissing(offer.kind, name=to_get, size_mb=offer.size_mb)
    if not is_whole(offer.kind, folder_of(offer)):
        raise ModelBroken(offer.kind)
    return _fitting(ModelHere(offer, folder_of(offer)))


def is_whole(kind: ModelKind, folder: Path) -> bool:
    """Whether every file that its loader needs is there, with the size it was verified with."""
    try:
        known = stamp.read(folder)
        return has_needed(kind, folder) and (known is None or not known.missing(folder))
    except OSError:
        return False


def has_needed(kind: ModelKind, folder: Path) -> bool:
    """Whether every file that its loader needs is there, whatever is in it."""
    return all((folder / name).exists() for name in _NEEDED[kind])


def too_new(kind: ModelKind, folder: Path) -> str:
    """Say which library a model is too new for; empty where it is not, or cannot be told.

    CTranslate2 begins a model with the number of its format; spaCy names the versions in
    ``meta.json``.
    """
    with contextlib.suppress(OSError, struct.error, msgspec.DecodeError, ValueError):
        if kind is ModelKind.SPEECH:
            with (folder / "model.bin").open("rb") as file:
                (found,) = struct.unpack("<I", file.read(4))
            return "CTranslate2" if found > _NEWEST_CTRANSLATE2 else ""
        if kind is ModelKind.NAMES:
            wanted = msgspec.json.decode((folder / "meta.json").read_bytes(), type=_Meta)
            return "spaCy" if _least(wanted.spacy_version) > _spacy() else ""
    return ""


class _Meta(msgspec.Struct):
    spacy_version: str = ""


def _least(wanted: str) -> tuple[int, ...]:
    """Return the major and minor version that a specifier such as ">=3.8.0,<3.9.0" begins at."""
    found = re.search(r"(?:>=|==|~=)\s*(\d+)\.(\d+)", wanted)
    return tuple(map(int, found.groups())) if found else ()


@cache
def _spacy() -> tuple[int, ...]:
    return tuple(int(part) for part in importlib.metadata.version("spacy").split(".")[:2])


def _fitting(model: ModelHere) -> ModelHere:
    library = too_new(model.offer.kind, model.folder)
    if library:
        raise ModelBroken(model.offer.kind, ModelFlaw.TOO_NEW, library=library)
    return model


def _outside(folder: Path) -> tuple[int, int]:
    """Return what changes when a file does: total size in bytes, latest change in nanoseconds."""
    seen = [path.stat() for _, path in stamp.files(folder)]
    return sum(s.st_size for s in seen), max((s.st_mtime_ns for s in seen), default=0)


@cache
def _digest(folder: Path, _as_seen: tuple[int, int]) -> str:
    return stamp.made(folder, "", "", "", "").sha256()
