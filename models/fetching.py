"""Fetching a model: the only place in Earshot that goes online, and only when asked to.

A model is gathered in a folder beside its final one and gets its name only when every file
that its loader needs is there; what had arrived before a cut is used again.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from models.catalogue import Offer
from models.shelf import ModelHere, folder_of, is_whole
from study.disk import make_folder, told
from study.errors import DiskFull, ModelBroken, ModelNotFetched

_SPARE_MB = 200  # unpacking and the rest of the computer need room too


def fetch(offer: Offer) -> ModelHere:
    """Download a model from the hub into its folder.

    Raises:
        ModelNotFetched: no connection, refused, or cut off; calling again continues.
        ModelBroken: what came lacks files.
        DiskFull: there is no room for it; nothing was fetched.
    """
    gathering = _gathering(offer)
    if shutil.disk_usage(gathering.parent).free < (offer.size_mb + _SPARE_MB) * 1_000_000:
        raise DiskFull
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import snapshot_download  # pyright: ignore[reportUnknownVariableType]
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        with told():
            snapshot_download(offer.repository, local_dir=gathering)
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as refused:
        raise ModelNotFetched from refused
    shutil.rmtree(gathering / ".cache", ignore_errors=True)
    return _name(offer, gathering)


def take(offer: Offer, source: Path) -> ModelHere:
    """Copy a model from a folder, for computers that never go online.

    Raises:
        ModelBroken: the folder lacks files that the model's loader needs.
    """
    if not is_whole(offer.kind, source):
        raise ModelBroken(offer.kind)
    gathering = _gathering(offer)
    shutil.rmtree(gathering, ignore_errors=True)
    with told():
        shutil.copytree(source, gathering)
    return _name(offer, gathering)


def _gathering(offer: Offer) -> Path:
    folder = folder_of(offer)
    make_folder(folder.parent)
    return folder.parent / f".{offer.name}.part"


def _name(offer: Offer, gathering: Path) -> ModelHere:
    if not is_whole(offer.kind, gathering):
        raise ModelBroken(offer.kind)
    folder = folder_of(offer)
    with told():
        if folder.exists():
            shutil.rmtree(folder)
        gathering.rename(folder)
    return ModelHere(offer, folder)
