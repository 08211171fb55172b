"""What this computer is, which models fit it, and which one to take. Loads nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from models.catalogue import ModelKind, Offer
from models.shelf import folder_of_fetched

_GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
_GB = 1_000_000_000
_ROOMY, _BARE = 2.0, 0.5  # GB beside the model: for a desktop in use, and for Earshot alone
# What a person should take: the first whose cores and memory (GB) are there. The sizes of models
# are OpenAI's; that turbo needs eight cores to keep pace is from other programs' figures.
_LADDER = (
    ("large-v3-turbo", 8, 12.0, "nearly the best words, and this computer keeps pace with it"),
    ("small.en", 2, 4.0, "the largest that an ordinary computer keeps pace with"),
    ("base.en", 1, 2.0, "the largest that this computer has the memory for in daily use"),
    ("tiny.en", 1, 0.0, "all that this computer has the memory for"),
)


class Fit(StrEnum):
    """Whether a model can be used on a computer."""

    YES = "yes"
    TIGHT = "tight"
    NO = "no"
    LACKS = "lacks"  # a package that Earshot does not bring


@dataclass(frozen=True, slots=True)
class Machine:
    """A computer: processor cores, memory in GB, a graphics card's maker or nothing."""

    cores: int
    memory_gb: float
    gpu: str = ""

    def fit(self, offer: Offer) -> Fit:
        """Tell whether a model can be used here."""
        if offer.needs and find_spec(offer.needs) is None:
            return Fit.LACKS
        if offer.memory_gb + _ROOMY <= self.memory_gb:
            return Fit.YES
        return Fit.TIGHT if offer.memory_gb + _BARE <= self.memory_gb else Fit.NO

    def told(self) -> str:
        """Describe it in a few words."""
        card = f", a graphics card of {self.gpu}" if self.gpu else ""
        cores = "1 core" if self.cores == 1 else f"{self.cores} cores"
        return f"{cores}, {self.memory_gb:.0f} GB of memory{card}"


def this() -> Machine:
    """Look at this computer; a container's limits count."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):  # no such file, or "max"
        memory = min(memory, int(_GROUP_LIMIT.read_text()))
    gpu = "NVIDIA" if Path("/proc/driver/nvidia/gpus").is_dir() else ""
    return Machine(len(os.sched_getaffinity(0)), memory / _GB, gpu)


def room_gb() -> float:
    """Return how much the disk still takes where models go, in GB."""
    folder = folder_of_fetched()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free / _GB


def recommended(machine: Machine, offered: Iterable[Offer]) -> tuple[Offer, str]:
    """Return the speech model to take for English interviews, and why."""
    by_name = {offer.name: offer for offer in offered if offer.kind is ModelKind.SPEECH}
    name, reason = next(
        (name, reason)
        for name, cores, memory_gb, reason in _LADDER
        if machine.cores >= cores and machine.memory_gb >= memory_gb
    )
    return by_name[name], reason
