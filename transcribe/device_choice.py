"""Choose the device and the number of threads for a model, by measuring this computer once.

A processor always gets 8-bit weights; Earshot measures whether the second thread of a core helps or
hinders. A graphics card is chosen where there is one and the model transcribes a known sentence
correctly on it: other programs report cards that give blank text without any error. The result is
stored in the user's cache for this computer, this model and this version of the engine; it holds
nothing of a study.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, cast

import msgspec
import platformdirs

from models import (
    InstalledModel,
    count_cores,
    count_threads,
    find_speech_fault,
    read_processor_name,
)
from study import ReportProgress, TaskProgress, no_report
from study.errors import EarshotError, ModelBroken, OutOfMemory
from study.store import make_folder, write_file_atomically
from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.engine import MOST_THREADS, DecodingOptions, SpeechEngine

LoadSentence = Callable[[], Samples]
"""Returns the spoken test sentence, float32 (n,) at 16 kHz: see ``models.find_speech_fault``."""

_CPU = "cpu"
_CARD_TYPES = ("float16", "int8_float16", "int8")  # the quickest and most exact first
_TOKENS = 20  # decoded for each setup that is measured; a window of talk has about 90
_WHAT = "measuring this computer, once"


@dataclass(frozen=True, slots=True)
class DeviceSetup:
    """A device, its number format and its number of threads, as CTranslate2 takes them."""

    device: str
    compute_type: str
    threads: int

    def apply_to(self, options: DecodingOptions) -> DecodingOptions:
        """Return the options for this device."""
        return replace(
            options,
            device=self.device,
            compute_type=self.compute_type,
            threads=self.threads,
        )


class _Cards(Protocol):
    """CTranslate2's functions for graphics cards; it has no types of its own."""

    def get_cuda_device_count(self) -> int: ...

    def get_supported_compute_types(self, device: str) -> set[str]: ...


def choose_device_setup(
    model: InstalledModel,
    options: DecodingOptions,
    sentence: LoadSentence,
    *,
    report: ReportProgress = no_report,
    cache_path: Path | None = None,
) -> DecodingOptions:
    """Return the options with the device setup that suits this computer, measured if unknown.

    sentence: loads the sound of the test sentence, for graphics cards only. cache_path: the file
    of earlier results; ``ways.json`` in the user's cache where it is None.
    """
    on_card, on_cpu = list(_list_card_setups()), list(_list_cpu_setups())
    if not on_card and len(on_cpu) == 1:
        return on_cpu[0].apply_to(options)  # nothing to choose from
    cache_path = cache_path or platformdirs.user_cache_path("earshot") / "ways.json"
    known = _read_cache(cache_path)
    name = _name_measurement(model, on_card, on_cpu)
    if name not in known:
        setup = _find_working_card(model, options, on_card, sentence, report)
        known[name] = setup or _measure_quickest(model, options, on_cpu, report)
        _write_cache(cache_path, known)
    return known[name].apply_to(options)


def _list_card_setups() -> Iterator[DeviceSetup]:
    import ctranslate2

    engine = cast("_Cards", ctranslate2)
    if engine.get_cuda_device_count():
        can = engine.get_supported_compute_types("cuda")
        yield from (DeviceSetup("cuda", kind, 1) for kind in _CARD_TYPES if kind in can)


def _list_cpu_setups() -> Iterator[DeviceSetup]:
    logical = min(count_threads(), MOST_THREADS)
    real = min(count_cores() or logical, logical)
    yield from (DeviceSetup(_CPU, "int8", threads) for threads in sorted({real, logical}))


def _find_working_card(
    model: InstalledModel,
    options: DecodingOptions,
    setups: list[DeviceSetup],
    sentence: LoadSentence,
    report: ReportProgress,
) -> DeviceSetup | None:
    for number, setup in enumerate(setups):
        report(TaskProgress(number, len(setups), _WHAT))
        with contextlib.suppress(ModelBroken, OutOfMemory):
            spoken = sentence()
            length_s = len(spoken) / MODEL_RATE
            words = SpeechEngine(model, setup.apply_to(options)).transcribe_window(
                spoken, speech_s=length_s, until_s=length_s, seed=1
            )
            if not find_speech_fault([(word.text, word.probability) for word in words]):
                return setup
    return None


def _measure_quickest(
    model: InstalledModel,
    options: DecodingOptions,
    setups: list[DeviceSetup],
    report: ReportProgress,
) -> DeviceSetup:
    durations_s: dict[DeviceSetup, float] = {}
    for number, setup in enumerate(setups):
        report(TaskProgress(number, len(setups), _WHAT))
        engine = SpeechEngine(model, setup.apply_to(options))
        begun_s = time.perf_counter()
        engine.decode_silence(_TOKENS)
        durations_s[setup] = time.perf_counter() - begun_s
    return min(setups, key=lambda setup: durations_s[setup])


def _name_measurement(
    model: InstalledModel, on_card: list[DeviceSetup], on_cpu: list[DeviceSetup]
) -> str:
    """Name the model, library, processor and setups; a result holds while the name is the same."""
    version = importlib.metadata.version("ctranslate2")
    setups = ",".join(f"{s.device}/{s.compute_type}/{s.threads}" for s in (*on_card, *on_cpu))
    return f"{model.sha256()} {version} {read_processor_name()} {setups}"


def _read_cache(path: Path) -> dict[str, DeviceSetup]:
    """Return the earlier results; none where the file cannot be read."""
    with contextlib.suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.json.decode(path.read_bytes(), type=dict[str, DeviceSetup])
    return {}


def _write_cache(path: Path, known: dict[str, DeviceSetup]) -> None:
    """Store the results; where the disk refuses, the next start measures again."""
    with contextlib.suppress(OSError, EarshotError):
        make_folder(path.parent)
        write_file_atomically(path, msgspec.json.encode(known))
