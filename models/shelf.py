"""Where models lie on this computer, and whether they are whole.

Bundled ones lie inside the package; fetched ones under ``EARSHOT_MODELS`` or the system's own
place for data of programs, one folder each, named as in the catalogue. Nothing here opens a
socket.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import platformdirs

from models.catalogue import ModelKind, Offer, offers
from study.errors import ModelBroken, ModelMissing

_BUNDLED = Path(__file__).parent / "bundled"
_BUNDLED_FOLDERS = {"demo": "whisper-demo", "names-en": "ner-en"}
_NEEDED = {
    ModelKind.SPEECH: ("config.json", "model.bin", "tokenizer.json"),
    ModelKind.NAMES: ("config.cfg", "meta.json", "vocab"),
}


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
        """Hash over the names and contents of all its files, in the order of their names.

        About half a second per gigabyte; computed once per process.
        """
        return _digest(self.folder)


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
        ModelBroken: its folder lacks files.
    """
    if name:
        return _named(ModelKind.SPEECH, name)
    found = sorted(here(ModelKind.SPEECH), key=lambda m: m.offer.is_demonstration)
    if not found:
        raise ModelMissing(ModelKind.SPEECH)
    return found[0]


def names() -> ModelHere | None:
    """Return the trained recogniser of names, or None where there is none."""
    return next(iter(here(ModelKind.NAMES)), None)


def is_whole(kind: ModelKind, folder: Path) -> bool:
    """Whether every file that its loader needs is there."""
    return all((folder / name).exists() for name in _NEEDED[kind])


def _named(kind: ModelKind, name: str) -> ModelHere:
    offer = next((o for o in offers() if o.kind is kind and o.name == name), None)
    if offer is None or not folder_of(offer).exists():
        raise ModelMissing(kind)
    if not is_whole(kind, folder_of(offer)):
        raise ModelBroken(kind)
    return ModelHere(offer, folder_of(offer))


@cache
def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".md"):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        total.update(f"{content}  {path.relative_to(folder).as_posix()}\n".encode())
    return total.hexdigest()
