"""Inspect this computer, judge which models fit it, and recommend one. Loads no model."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from models.catalogue import ModelKind, ModelOffer
from models.installed_models import find_models_folder

_GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
_GB = 1_000_000_000
_ROOMY, _BARE = 2.0, 0.5  # GB besides the model: for a desktop in use, and for Earshot alone
# The first model for which the computer has the cores and memory (GB) is recommended. The sizes
# of models are OpenAI's; other programs' figures say that turbo needs eight cores to keep pace.
_LADDER = (
    ("large-v3-turbo", 8, 12.0, "nearly the best words, and this computer keeps pace with it"),
    ("small.en", 2, 4.0, "the largest that an ordinary computer keeps pace with"),
    ("base.en", 1, 2.0, "the largest that this computer has the memory for in daily use"),
    ("tiny.en", 1, 0.0, "all that this computer has the memory for"),
)


class ModelFit(StrEnum):
    """Whether a model can be used on a computer."""

    YES = "yes"
    TIGHT = "tight"
    NO = "no"
    LACKS = "lacks"  # a package that Earshot does not bring


@dataclass(frozen=True, slots=True)
class Machine:
    """A computer: its processor cores, memory in GB, and its graphics card's maker or ""."""

    cores: int
    memory_gb: float
    gpu: str = ""

    def judge_model(self, offer: ModelOffer) -> ModelFit:
        """Say whether this computer can use a model."""
        if offer.needs and find_spec(offer.needs) is None:
            return ModelFit.LACKS
        if offer.memory_gb + _ROOMY <= self.memory_gb:
            return ModelFit.YES
        return ModelFit.TIGHT if offer.memory_gb + _BARE <= self.memory_gb else ModelFit.NO

    def describe(self) -> str:
        """Describe the computer in a few words."""
        card = f", a graphics card of {self.gpu}" if self.gpu else ""
        cores = "1 core" if self.cores == 1 else f"{self.cores} cores"
        return f"{cores}, {self.memory_gb:.0f} GB of memory{card}"


def inspect_machine() -> Machine:
    """Inspect this computer, within the limits of its container."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):  # no such file, or "max"
        memory = min(memory, int(_GROUP_LIMIT.read_text()))
    gpu = "NVIDIA" if Path("/proc/driver/nvidia/gpus").is_dir() else ""
    return Machine(len(os.sched_getaffinity(0)), memory / _GB, gpu)


def measure_room_gb() -> float:
    """Return the free space in GB on the disk that holds the models."""
    folder = find_models_folder()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free / _GB


def recommend_model(machine: Machine, offered: Iterable[ModelOffer]) -> tuple[ModelOffer, str]:
    """Return the speech model to use for English interviews, and the reason."""
    by_name = {offer.name: offer for offer in offered if offer.kind is ModelKind.SPEECH}
    name, reason = next(
        (name, reason)
        for name, cores, memory_gb, reason in _LADDER
        if machine.cores >= cores and machine.memory_gb >= memory_gb
    )
    return by_name[name], reason
