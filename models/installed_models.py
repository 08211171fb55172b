"""Find the models on this computer, and check that they are whole.

Bundled models are inside the package; downloaded ones are under ``EARSHOT_MODELS`` or the system's
folder for application data, one folder each, named as in the catalogue. Nothing here opens a
connection or loads a model.
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

from models.catalogue import ModelKind, ModelOffer, find_offer, list_offers
from models.checksums import hash_file, hash_model, read_checksums, walk_model_files
from study.errors import ModelBroken, ModelFlaw, ModelGap, ModelMissing

_BUNDLED = Path(__file__).parent / "bundled"
_BUNDLED_FOLDERS = {"names-en": "ner-en"}
_NEEDED = {
    ModelKind.SPEECH: ("config.json", "model.bin", "tokenizer.json"),
    ModelKind.NAMES: ("config.cfg", "meta.json", "vocab"),
    ModelKind.SPEAKERS: ("segmentation.onnx", "embedding.onnx"),
    ModelKind.VOICES: ("voices.onnx",),
}
# Of a token classifier, where the hubs lay it; the small one last: it labels less well.
_NETWORKS = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
_SLOW = "slow"
_NEWEST_CTRANSLATE2 = 6  # version of the binary format; CTranslate2 4 writes it


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on this computer whose files have the expected sizes.

    is_own: it is the user's own, which no catalogue knows.
    """

    offer: ModelOffer
    folder: Path
    is_own: bool = False

    @property
    def name(self) -> str:
        """Its name in the catalogue."""
        return self.offer.name

    def read_source(self) -> str:
        """Return where its files came from, for people to read; "" if that was not noted."""
        known = read_checksums(self.folder)
        return known.source if known else ""

    def sha256(self) -> str:
        """Return the hash of the names and contents of all files but cards, in the order of names.

        It comes from the checksums that were verified on installation; the files of a bundled model
        are read, once per process.

        Raises:
            ModelBroken: files are missing, or differ from the verified ones.
        """
        known = read_checksums(self.folder)
        if known is None and not has_needed_files(self.offer.kind, self.folder):
            raise ModelBroken(self.offer.kind, self._damage)  # or it would get the hash of no files
        try:
            if known is None:
                return _digest(self.folder, _measure_files(self.folder))
            missing = known.list_missing_files(self.folder)
        except OSError as gone:
            raise ModelBroken(self.offer.kind, self._damage) from gone
        if missing:
            raise ModelBroken(self.offer.kind, self._damage)
        return known.sha256()

    def require_unchanged(self) -> None:
        """Read the files that decide what it computes, and compare their sums with those noted.

        They are noted on installation, once a checkpoint is converted; where they are missing, the
        catalogue's count. About half a second a gigabyte.

        Raises:
            ModelBroken: a file is missing, or its bytes are other ones.
        """
        known = read_checksums(self.folder)
        noted = (
            {name: one.sha256 for name, one in known.files.items() if name in self._needed}
            if known
            else {part.name: part.sha256 for part in self.offer.parts if part.sha256}
        )
        try:
            is_same = all(hash_file(self.folder / n).sha256 == each for n, each in noted.items())
        except OSError as gone:
            raise ModelBroken(self.offer.kind) from gone
        if not is_same:
            raise ModelBroken(self.offer.kind, ModelFlaw.CHANGED)

    @property
    def _damage(self) -> ModelFlaw:
        """What is wrong where files are missing: nobody can fetch the user's own model again."""
        return ModelFlaw.NO_FINDER if self.is_own else ModelFlaw.DAMAGED

    @property
    def _needed(self) -> tuple[str, ...]:
        return _NEEDED[self.offer.kind]


def find_models_folder() -> Path:
    """Return the folder of downloaded models."""
    chosen = os.environ.get("EARSHOT_MODELS")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("earshot")) / "models"


def find_model_folder(offer: ModelOffer) -> Path:
    """Return the folder of a model, whether it exists or not."""
    if offer.is_bundled:
        return _BUNDLED / _BUNDLED_FOLDERS[offer.name]
    return find_models_folder() / offer.name


def list_models(kind: ModelKind) -> list[InstalledModel]:
    """List the whole models of a kind, in the catalogue's order."""
    return [
        InstalledModel(offer, find_model_folder(offer))
        for offer in list_offers()
        if offer.kind is kind and is_model_whole(offer.kind, find_model_folder(offer))
    ]


def find_speech_model(name: str = "", language: str = "") -> InstalledModel:
    """Return the speech model of that name, else the first installed one that has the language.

    language: a code, "" for any; ``auto`` asks for a model that knows more than one. Where none has
    it, the first model is returned all the same, and refuses the language itself.

    Raises:
        ModelMissing: it is not on this computer.
        ModelBroken: its folder lacks files, or it was made for newer libraries.
    """
    if name:
        return find_model(name, ModelKind.SPEECH)
    found = sorted(
        list_models(ModelKind.SPEECH),
        key=lambda m: bool(language) and not m.offer.has_language(language),
    )
    if not found:
        raise ModelMissing(ModelKind.SPEECH)
    return _require_fitting(found[0])


def find_names_model(name: str = "") -> InstalledModel:
    """Return the name finder of that name, else the one that ships with Earshot.

    A downloaded name finder must be asked for by name: ours learnt speech, without capitals and
    full stops, and the others learnt written English.

    Raises:
        ModelMissing, ModelBroken: as ``find_speech_model``.
    """
    bundled = next(o for o in list_offers() if o.kind is ModelKind.NAMES and o.is_bundled)
    return find_model(name or bundled.name, ModelKind.NAMES)


def find_speakers_model(name: str = "") -> InstalledModel:
    """Return the diariser's models of that name, else the first installed ones.

    Raises:
        ModelMissing, ModelBroken: as ``find_speech_model``.
    """
    return _find_first(name, ModelKind.SPEAKERS)


def find_voice_model(name: str = "") -> InstalledModel:
    """Return the voice model of that name, else the first installed one: what tells voices apart.

    Raises:
        ModelMissing, ModelBroken: as ``find_speech_model``.
    """
    return _find_first(name, ModelKind.VOICES)


def _find_first(name: str, kind: ModelKind) -> InstalledModel:
    if name:
        return find_model(name, kind)
    found = list_models(kind)
    first = next(offer for offer in list_offers() if offer.kind is kind)
    return found[0] if found else find_model(first.name, kind)


def list_other_names_models(first: InstalledModel) -> list[InstalledModel]:
    """Return the best other name finder on this computer, downloaded or installed as a package.

    The list has at most one model: the last in the catalogue that is neither slow nor lacks a
    package that it needs.
    """
    found = [
        InstalledModel(offer, folder)
        for offer in list_offers()
        if offer.kind is ModelKind.NAMES and offer.name != first.name and _is_usable(offer)
        for folder in (find_model_folder(offer), _find_package(offer))
        if folder is not None and is_model_whole(offer.kind, folder)
    ]
    return found[-1:]


def _is_usable(offer: ModelOffer) -> bool:
    is_quick = offer.speed != _SLOW
    return is_quick and (not offer.needs or importlib.util.find_spec(offer.needs) is not None)


def _find_package(offer: ModelOffer) -> Path | None:
    """Return the folder of a pipeline installed as a Python package, without importing it."""
    return None if offer.is_bundled else _find_package_folder(offer.name)


def _find_package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0])
    return next(iter(sorted(folder.glob(f"{name}-*"))), None)


def find_own_pipeline(name: str) -> InstalledModel:
    """Return a finder of names that the catalogue does not know.

    name: a folder with a spaCy pipeline or a token classifier in ONNX form, or the name of a spaCy
    pipeline that is installed as a Python package.

    Raises:
        ModelMissing: neither is on this computer.
        ModelBroken: the folder holds no such model.
    """
    folder = Path(name) if Path(name).is_dir() else None
    if folder is None and name.isidentifier():
        folder = _find_package_folder(name)
    if folder is None:
        raise ModelMissing(ModelKind.NAMES)
    if not has_needed_files(ModelKind.NAMES, folder):
        raise ModelBroken(ModelKind.NAMES, ModelFlaw.NO_FINDER)
    own = ModelOffer(
        name=folder.resolve().name, kind=ModelKind.NAMES, repository="", size_mb=0, licence="",
        languages=(), good_for="a second look",
    )  # fmt: skip
    return InstalledModel(own, folder, is_own=True)


def require_offer(name: str) -> ModelOffer:
    """Return the offer of a model by its name, whether it is installed or not.

    Raises:
        ModelMissing: the catalogue has no model of that name.
    """
    offer = find_offer(name)
    if offer is None:
        raise ModelMissing(gap=ModelGap.UNKNOWN)
    return offer


def find_model(name: str, kind: ModelKind | None = None) -> InstalledModel:
    """Return the installed model of that name, whole and made for these libraries.

    Raises:
        ModelMissing: it is not on this computer, or is of another kind.
        ModelBroken: its folder lacks files, or it needs newer libraries.
    """
    offer = require_offer(name)
    if kind is not None and kind is not offer.kind:
        raise ModelMissing(kind, ModelGap.OTHER_KIND)
    if not find_model_folder(offer).is_dir():
        to_get = "" if offer.is_bundled else offer.name
        raise ModelMissing(offer.kind, name=to_get, size_mb=offer.size_mb)
    if not is_model_whole(offer.kind, find_model_folder(offer)):
        raise ModelBroken(offer.kind)
    return _require_fitting(InstalledModel(offer, find_model_folder(offer)))


def is_model_whole(kind: ModelKind, folder: Path) -> bool:
    """Whether a folder has every file that the loader needs, each with its verified size."""
    try:
        known = read_checksums(folder)
        return has_needed_files(kind, folder) and (
            known is None or not known.list_missing_files(folder)
        )
    except OSError:
        return False


def has_needed_files(kind: ModelKind, folder: Path) -> bool:
    """Whether a folder has every file that the loader needs, whatever their contents."""
    if kind is ModelKind.NAMES and find_token_network(folder) is not None:
        return True
    return all((folder / name).exists() for name in _NEEDED[kind])


def find_token_network(folder: Path) -> Path | None:
    """Return the network of a token classifier in ONNX form; None where a folder holds none."""
    # No pipe, at which whoever reads it would wait for ever.
    if not all((folder / name).is_file() for name in ("config.json", "tokenizer.json")):
        return None
    return next((path for name in _NETWORKS if (path := folder / name).is_file()), None)


def name_outdated_library(kind: ModelKind, folder: Path) -> str:
    """Name the library that is too old for a model; "" if none is, or the model does not say.

    A CTranslate2 model begins with the number of its format; spaCy's ``meta.json`` names versions.
    """
    with contextlib.suppress(OSError, struct.error, msgspec.DecodeError, ValueError):
        if kind is ModelKind.SPEECH:
            with (folder / "model.bin").open("rb") as file:
                (found,) = struct.unpack("<I", file.read(4))
            return "CTranslate2" if found > _NEWEST_CTRANSLATE2 else ""
        if kind is ModelKind.NAMES:
            wanted = msgspec.json.decode((folder / "meta.json").read_bytes(), type=_Meta)
            return (
                "spaCy"
                if _parse_least_version(wanted.spacy_version) > _read_spacy_version()
                else ""
            )
    return ""


class _Meta(msgspec.Struct):
    spacy_version: str = ""


def _parse_least_version(wanted: str) -> tuple[int, ...]:
    """Return the least (major, minor) version of a specifier like ">=3.8.0,<3.9.0"."""
    found = re.search(r"(?:>=|==|~=)\s*(\d+)\.(\d+)", wanted)
    return tuple(map(int, found.groups())) if found else ()


@cache
def _read_spacy_version() -> tuple[int, ...]:
    return tuple(int(part) for part in importlib.metadata.version("spacy").split(".")[:2])


def _require_fitting(model: InstalledModel) -> InstalledModel:
    library = name_outdated_library(model.offer.kind, model.folder)
    if library:
        raise ModelBroken(model.offer.kind, ModelFlaw.TOO_NEW, library=library)
    return model


def _measure_files(folder: Path) -> tuple[int, int]:
    """Return the total size in bytes and the latest change in nanoseconds, to notice changes."""
    seen = [path.stat() for _, path in walk_model_files(folder)]
    return sum(s.st_size for s in seen), max((s.st_mtime_ns for s in seen), default=0)


@cache
def _digest(folder: Path, _as_seen: tuple[int, int]) -> str:
    return hash_model(folder, "", "", "", "").sha256()
