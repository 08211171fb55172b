"""Inspect this computer, judge which models fit it, and recommend one. Loads no model."""

from __future__ import annotations

import contextlib
import math
import os
import platform
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from models.catalogue import ModelKind, ModelOffer
from models.installed_models import find_models_folder

_GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
_GB = 1_000_000_000
_ROOMY, _BARE = 2.0, 0.5  # GB besides the model: for a desktop in use, and for Earshot alone
_TOPOLOGY = Path("/sys/devices/system/cpu")
_PACE_S = 3600  # of work for an hour of speech: slower, and a live transcript falls behind
# The first model for which the computer has the memory (GB), and the cores or, where its speed was
# measured here, the pace, is recommended. The sizes of models are OpenAI's; other programs' figures
# say that turbo needs eight cores to keep pace.
_LADDER = (
    ("large-v3-turbo", 8, 12.0, "nearly the best words, and this computer keeps pace with it"),
    ("small.en", 2, 4.0, "the largest that an ordinary computer keeps pace with"),
    ("base.en", 1, 2.0, "the largest that this computer has the memory for in daily use"),
    ("tiny.en", 1, 0.0, "all that this computer has the memory for"),
)
_QUICKEST = _LADDER[-1][0]


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
    import psutil

    memory = psutil.virtual_memory().total
    with contextlib.suppress(OSError, ValueError):  # no such file, or "max"
        memory = min(memory, int(_GROUP_LIMIT.read_text()))
    has_card = Path("/proc/driver/nvidia/gpus").is_dir() or shutil.which("nvidia-smi")
    gpu = "NVIDIA" if has_card else ""
    return Machine(count_threads(), memory / _GB, gpu)


def measure_room_gb() -> float:
    """Return the free space in GB on the disk that holds the models."""
    folder = find_models_folder()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free / _GB


def recommend_model(
    machine: Machine, offered: Iterable[ModelOffer], hour_s: Mapping[str, float] | None = None
) -> tuple[ModelOffer, str]:
    """Return the speech model to use for English interviews, and the reason.

    hour_s: for each model that was measured on this computer, the seconds that an hour takes.
    """
    by_name = {offer.name: offer for offer in offered if offer.kind is ModelKind.SPEECH}
    measured = hour_s or {}
    too_slow_mb = min(
        (by_name[name].size_mb for name, seconds in measured.items() if seconds > _PACE_S),
        default=math.inf,
    )
    for name, cores, memory_gb, reason in _LADDER:
        if name in measured:
            keeps_pace = measured[name] <= _PACE_S
        else:  # nor does a model keep pace that is larger than one that does not
            keeps_pace = machine.cores >= cores and by_name[name].size_mb < too_slow_mb
        if keeps_pace and machine.memory_gb >= memory_gb:
            hour = format_hour(measured[name]) if name in measured else ""
            as_measured = f"the best one that keeps pace here, an hour in {hour}, as measured"
            return by_name[name], as_measured if hour else reason
    return by_name[_QUICKEST], "the quickest, for this computer is too slow for the larger ones"


def format_hour(seconds: float) -> str:
    """Format the time that an hour of speech takes, such as "8 min" or "2.5 h"."""
    if seconds < 2 * _PACE_S:
        return f"{max(1, round(seconds / 60))} min"
    return f"{seconds / 3600:.1f} h"


def read_processor_name() -> str:
    """Return the processor's model; "unknown" where the system does not tell."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def count_cores() -> int:
    """Count the processor's cores, not their threads; 0 where the system does not tell."""
    if not hasattr(os, "sched_getaffinity"):
        import psutil

        return psutil.cpu_count(logical=False) or 0
    cores: set[str] = set()
    for cpu in os.sched_getaffinity(0):
        with contextlib.suppress(OSError):
            path = _TOPOLOGY / f"cpu{cpu}" / "topology" / "thread_siblings_list"
            cores.add(path.read_text(encoding="ascii").strip())
    return len(cores)


def count_threads() -> int:
    """Count the threads of the processor that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
