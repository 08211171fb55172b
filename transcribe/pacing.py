"""Where and with how many threads a model hears on this computer, found by measuring it once.

On a processor it is always 8-bit weights; what is measured is whether the second thread of a core
helps or hinders. A graphics card is taken where there is one, if the model then makes of a known
sentence what was said: some cards give blank text without any error (notes of ours on peers). What
was found is kept in the user's cache, for this computer, this model and this version of the engine.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, cast

import msgspec
import platformdirs

from models import trial
from models.shelf import ModelHere
from study.errors import ModelBroken, OutOfMemory
from study.steps import Progress, Report, quietly
from transcribe.engine import MOST_THREADS, Engine, Options
from transcribe.hearing import Samples

Sentence = Callable[[], Samples]
"""Gives ``trial.SENTENCE`` as it is spoken, float32 (n,) at 16 kHz."""

_CPU = "cpu"
_ON_A_CARD = ("float16", "int8_float16", "int8")  # first the quickest and most exact
_TOKENS = 20  # written for each way that is measured; a window of talk has about 90
_WHAT = "measuring this computer, once"
_TOPOLOGY = Path("/sys/devices/system/cpu")


@dataclass(frozen=True, slots=True)
class Way:
    """How the engine may be set up."""

    device: str
    compute_type: str
    threads: int

    def settle(self, options: Options) -> Options:
        """Return the options with this way in them."""
        return replace(
            options,
            device=self.device,
            compute_type=self.compute_type,
            threads=self.threads,
        )


class _Cards(Protocol):
    """What CTranslate2 knows of graphics cards; it has no types of its own."""

    def get_cuda_device_count(self) -> int: ...

    def get_supported_compute_types(self, device: str) -> set[str]: ...


def fitting(
    model: ModelHere,
    options: Options,
    sentence: Sentence,
    *,
    report: Report = quietly,
    kept: Path | None = None,
) -> Options:
    """Return the options with the way that suits this computer; measured where it is not known.

    kept: the file in which what was found stands; the user's own cache where it is not given.
    """
    on_card, on_cpu = list(_card_ways()), list(_cpu_ways())
    if not on_card and len(on_cpu) == 1:
        return on_cpu[0].settle(options)  # nothing to choose from
    kept = kept or platformdirs.user_cache_path("earshot") / "ways.json"
    known = _read(kept)
    name = _name(model, on_card, on_cpu)
    if name not in known:
        way = _heard_on_card(model, options, on_card, sentence, report)
        known[name] = way or _quickest(model, options, on_cpu, report)
        _write(kept, known)
    return known[name].settle(options)


def _card_ways() -> Iterator[Way]:
    import ctranslate2

    engine = cast("_Cards", ctranslate2)
    if engine.get_cuda_device_count():
        can = engine.get_supported_compute_types("cuda")
        yield from (Way("cuda", kind, 1) for kind in _ON_A_CARD if kind in can)


def _cpu_ways() -> Iterator[Way]:
    logical = min(len(os.sched_getaffinity(0)), MOST_THREADS)
    real = min(_real_cores() or logical, logical)
    yield from (Way(_CPU, "int8", threads) for threads in sorted({real, logical}))


def _real_cores() -> int:
    """Count the processor's cores, not their threads; 0 where Linux does not tell."""
    cores: set[str] = set()
    for cpu in os.sched_getaffinity(0):
        with contextlib.suppress(OSError):
            path = _TOPOLOGY / f"cpu{cpu}" / "topology" / "thread_siblings_list"
            cores.add(path.read_text(encoding="ascii").strip())
    return len(cores)


def _heard_on_card(
    model: ModelHere, options: Options, ways: list[Way], sentence: Sentence, report: Report
) -> Way | None:
    for number, way in enumerate(ways):
        report(Progress(number, len(ways), _WHAT))
        with contextlib.suppress(ModelBroken, OutOfMemory):
            words = Engine(model, way.settle(options)).hear(sentence(), 0.0, seed=1)
            if not trial.fault([(word.text, word.probability) for word in words]):
                return way
    return None


def _quickest(model: ModelHere, options: Options, ways: list[Way], report: Report) -> Way:
    took: dict[Way, float] = {}
    for number, way in enumerate(ways):
        report(Progress(number, len(ways), _WHAT))
        engine = Engine(model, way.settle(options))
        begun_s = time.perf_counter()
        engine.spend(_TOKENS)
        took[way] = time.perf_counter() - begun_s
    return min(ways, key=lambda way: took[way])


def _name(model: ModelHere, on_card: list[Way], on_cpu: list[Way]) -> str:
    """Name what was measured: the same name means that the finding still holds."""
    version = importlib.metadata.version("ctranslate2")
    ways = ",".join(f"{w.device}/{w.compute_type}/{w.threads}" for w in (*on_card, *on_cpu))
    return f"{model.sha256()} {version} {_processor()} {ways}"


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return "unknown"


def _read(path: Path) -> dict[str, Way]:
    """Return what was found before; a file that cannot be read is as good as none."""
    with contextlib.suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Way])
    return {}


def _write(path: Path, known: dict[str, Way]) -> None:
    """Keep what was found; where that cannot be, it is measured again next time."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        beside.write_bytes(msgspec.json.encode(known))
        beside.replace(path)
