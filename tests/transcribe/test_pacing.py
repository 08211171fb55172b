"""Where a model hears: measured once for this computer, and never on a card that babbles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models import InstalledModel
from study import TaskProgress
from tests.transcribe.conftest import demonstration
from transcribe import device_choice
from transcribe.audio_tracks import Samples
from transcribe.device_choice import DeviceSetup, choose_device_setup
from transcribe.engine import DecodingOptions, SpeechEngine

ONE, TWO = DeviceSetup("cpu", "int8", 1), DeviceSetup("cpu", "int8", 2)
CARD = DeviceSetup("cuda", "float16", 1)


def sentence() -> Samples:
    return (demonstration(0.6, 4.9)[:, 0] / 32768).astype(np.float32)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "ways.json"


def ways(
    monkeypatch: pytest.MonkeyPatch, on_card: list[DeviceSetup], on_cpu: list[DeviceSetup]
) -> None:
    monkeypatch.setattr(device_choice, "_list_card_setups", lambda: iter(on_card))
    monkeypatch.setattr(device_choice, "_list_cpu_setups", lambda: iter(on_cpu))


def test_where_there_is_nothing_to_choose_nothing_is_measured(
    monkeypatch: pytest.MonkeyPatch, demo_model: InstalledModel, kept: Path
) -> None:
    ways(monkeypatch, [], [TWO])

    options = choose_device_setup(
        demo_model, DecodingOptions(beam_size=3), sentence, cache_path=kept
    )

    assert (options.device, options.compute_type, options.threads) == ("cpu", "int8", 2)
    assert options.beam_size == 3
    assert not kept.exists()


def test_this_computer_hears_with_8_bits_and_no_more_threads_than_it_has() -> None:
    found = list(device_choice._list_cpu_setups())

    assert {way.compute_type for way in found} == {"int8"}
    assert all(1 <= way.threads <= 8 for way in found)


def test_the_quicker_way_is_measured_once_and_remembered(
    monkeypatch: pytest.MonkeyPatch, demo_model: InstalledModel, kept: Path
) -> None:
    ways(monkeypatch, [], [ONE, TWO])
    told: list[TaskProgress] = []

    first = choose_device_setup(
        demo_model, DecodingOptions(), sentence, report=told.append, cache_path=kept
    )
    measured = len(told)
    again = choose_device_setup(
        demo_model, DecodingOptions(), sentence, report=told.append, cache_path=kept
    )

    assert first == again
    assert first.threads in {1, 2}
    assert measured == len(told) == 2
    assert told[0].what == "measuring this computer, once"


def test_the_slower_way_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, demo_model: InstalledModel, kept: Path
) -> None:
    ways(monkeypatch, [], [ONE, TWO])
    clock = iter([0.0, 5.0, 5.0, 8.0])  # 5 s with one thread, 3 s with two
    monkeypatch.setattr(device_choice.time, "perf_counter", lambda: next(clock))

    assert (
        choose_device_setup(demo_model, DecodingOptions(), sentence, cache_path=kept).threads == 2
    )


def test_a_card_that_does_not_load_the_model_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, demo_model: InstalledModel, kept: Path
) -> None:
    """The real engine is asked for the card here, whether there is one or not."""
    if list(device_choice._list_card_setups()):
        pytest.skip("there is a card, and it may well load the model")
    ways(monkeypatch, [CARD], [TWO])

    assert (
        choose_device_setup(demo_model, DecodingOptions(), sentence, cache_path=kept).device
        == "cpu"
    )


class Card:
    """An engine on a card that hears what a test wants, and loads like any other."""

    says = ""

    def __init__(self, model: InstalledModel, options: DecodingOptions) -> None:
        self._real = SpeechEngine(model, DecodingOptions())
        self._is_card = options.device == "cuda"

    def transcribe_window(
        self, samples: Samples, *, speech_s: float, until_s: float, seed: int
    ) -> list[object]:
        words = self._real.transcribe_window(samples, speech_s=speech_s, until_s=until_s, seed=seed)
        return [] if self._is_card and self.says == "nothing" else list(words)

    def decode_silence(self, tokens: int) -> None:
        self._real.decode_silence(tokens)


@pytest.mark.parametrize(("says", "device"), [("nothing", "cpu"), ("the sentence", "cuda")])
def test_a_card_is_taken_only_if_it_hears_the_known_sentence(
    monkeypatch: pytest.MonkeyPatch, demo_model: InstalledModel, kept: Path, says: str, device: str
) -> None:
    """On some cards 16-bit numbers give blank text, and no error."""
    ways(monkeypatch, [CARD], [TWO])
    monkeypatch.setattr(device_choice, "SpeechEngine", Card)
    monkeypatch.setattr(Card, "says", says)

    assert (
        choose_device_setup(demo_model, DecodingOptions(), sentence, cache_path=kept).device
        == device
    )


@pytest.mark.parametrize("content", [b"", b"[]", b'{"a": 1}'])
def test_a_spoilt_memory_is_measured_anew(
    monkeypatch: pytest.MonkeyPatch, demo_model: InstalledModel, kept: Path, content: bytes
) -> None:
    ways(monkeypatch, [], [ONE, TWO])
    kept.parent.mkdir()
    kept.write_bytes(content)

    assert choose_device_setup(
        demo_model, DecodingOptions(), sentence, cache_path=kept
    ).threads in {1, 2}


def test_a_cache_that_cannot_be_written_costs_only_the_memory(
    monkeypatch: pytest.MonkeyPatch, demo_model: InstalledModel, tmp_path: Path
) -> None:
    ways(monkeypatch, [], [ONE, TWO])
    (tmp_path / "cache").write_text("a file, not a folder")

    kept = tmp_path / "cache" / "ways.json"

    assert choose_device_setup(
        demo_model, DecodingOptions(), sentence, cache_path=kept
    ).threads in {1, 2}
