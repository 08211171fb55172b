"""Archives to take a model from: good ones, and ones to which something was done."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from models.catalogue import ModelOffer
from models.installation import install_local_model
from models.installed_models import is_model_whole
from study.errors import EarshotError

Spoil = Callable[[tarfile.TarFile], None]


def zipped(folder: Path, to: Path, below: str = "") -> Path:
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, below + path.relative_to(folder).as_posix())
    return to


def tarred(folder: Path, to: Path, spoil: Spoil) -> Path:
    """A tar of a good model to which something is added."""
    with tarfile.open(to, "w") as archive:
        archive.add(folder, "model")
        spoil(archive)
    return to


def refused(offer: ModelOffer, archive: Path, shelf_folder: Path) -> EarshotError:
    """What is said of an archive; nothing may be left of it, here or anywhere."""
    around = sorted(archive.parent.parent.rglob("*"))

    with pytest.raises(EarshotError) as told:
        install_local_model(offer, archive)

    left = [p for p in shelf_folder.rglob("*") if p.is_file()]
    assert left == []
    new = set(archive.parent.parent.rglob("*")) - set(around) - set(shelf_folder.rglob("*"))
    assert new - {shelf_folder} == set()
    assert not is_model_whole(offer.kind, shelf_folder / offer.name)
    return told.value
