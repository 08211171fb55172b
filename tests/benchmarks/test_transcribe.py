"""The pieces of the benchmark of transcription run, and compare like with like."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import faster_whisper
import numpy as np
import pytest

from benchmarks import _live, _ours, _plain
from benchmarks._place import Place, talk, write_wav
from benchmarks._processes import ran
from models import InstalledModel
from transcribe import DecodingOptions, SpeechEngine

# Too few tokens would leave speech without words, and Earshot would listen again.
SECONDS, TOKENS = 24, 40


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    made = Place.made(tmp_path_factory.mktemp("bench"))
    made.model("tiny", TOKENS)
    made.seal("P01", SECONDS, 16_000)
    write_wav(made.folder / "talk.wav", SECONDS, 16_000)
    return made


def module(place: Place, name: str, *arguments: str | Path) -> list[str]:
    """What a module of the benchmark prints last."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
    return ran(command, place.around, limit_s=120).last.split()


@pytest.mark.slow
def test_earshot_and_the_loop_decode_the_same_windows_once_each(place: Place) -> None:
    model, windows = place.folder / "models" / "tiny", place.folder / "windows"
    ours = ("tiny", place.study, "P01", "1")

    count, found_s = module(place, "_windows", place.study, "P01", windows)
    loop_words, loop_s, loop_mb = module(place, "_plain", "windows", model, windows, "1")
    our_words, our_s, our_mb = module(place, "_ours", *ours)
    shares = json.loads(" ".join(module(place, "_ours", *ours, "--shares")))

    assert len(list(windows.glob("*.npy"))) == int(count) > 0
    assert int(our_words) == int(loop_words) > 0
    assert min(map(float, (found_s, loop_s, loop_mb, our_s, our_mb))) > 0
    whole_s = shares.pop("whole")
    assert shares.keys() == _ours.PARTS.keys()
    assert all(0 < seconds < whole_s for seconds in shares.values())
    assert 0.8 * whole_s < sum(shares.values()) < 1.01 * whole_s


@pytest.mark.slow
def test_the_loop_and_faster_whisper_s_own_voice_activity_run(place: Place) -> None:
    model, wav = place.folder / "models" / "tiny", place.folder / "talk.wav"

    assert float(module(place, "_plain", "voice-activity", "-", wav, "-")[0]) > 0
    assert int(module(place, "_plain", "own-voice-activity", model, wav, "1")[0]) > 0
    assert float(module(place, "_plain", "one-window", model, "2", "1")[0]) > 0


def test_the_loop_decodes_with_the_options_that_earshot_has(
    monkeypatch: pytest.MonkeyPatch, tiny_en: InstalledModel
) -> None:
    given: dict[str, object] = {}

    class Listening:
        def __init__(self, *_: object, **__: object) -> None: ...

        def encode(self, features: object) -> object:
            return features

        def transcribe(self, _: object, **options: object) -> tuple[list[object], None]:
            given.update(given or options)
            return [], None

    monkeypatch.setattr(faster_whisper, "WhisperModel", Listening)

    SpeechEngine(tiny_en, DecodingOptions()).transcribe_window(
        np.zeros(16_000, np.float32), speech_s=1.0, until_s=1.0, seed=1
    )

    defaults = {"vad_filter": False, "hotwords": None, "hallucination_silence_threshold": None}
    # Earshot's limit for loops in little sound; the loop that it is compared with has none.
    assert given == _plain.OPTIONS | defaults | {"max_new_tokens": 28}


def test_talk_is_the_same_each_time_and_however_much_of_it_is_taken() -> None:
    short, long = (np.concatenate(list(talk(seconds, 8_000))) for seconds in (2, 250))

    assert len(short) == 2 * 8_000
    assert np.array_equal(short, long[: len(short)])
    assert np.array_equal(long, np.concatenate(list(talk(250, 8_000))))
    assert np.abs(long[190 * 8_000 : 230 * 8_000]).max() < 300  # the silence after it


def test_a_process_that_takes_too_long_is_ended_and_what_it_said_is_kept() -> None:
    slow = "import time; print('words', flush=True); time.sleep(60)"

    found = ran([sys.executable, "-c", slow], os.environ, limit_s=2)

    assert not found.is_whole
    assert found.seconds < 30
    assert found.first("words") is not None
    assert found.first("none") is None


def test_a_process_that_fails_is_told_with_what_it_said() -> None:
    with pytest.raises(RuntimeError, match="no such thing"):
        ran([sys.executable, "-c", "raise SystemExit('no such thing')"], os.environ)


def test_a_process_s_memory_is_that_of_its_largest_child_too() -> None:
    child = "import sys; held = b'x' * 300_000_000; print(len(held))"
    parent = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True)"
    )

    assert ran([sys.executable, "-c", parent], os.environ).peak_mb > 300


@pytest.mark.parametrize(("changed", "lost"), [(0, 0), (3, 3)])
def test_frames_that_are_not_as_they_were_played_are_counted(
    changed: int, lost: int, tmp_path: Path
) -> None:
    played = write_wav(tmp_path / "played.wav", 3, 16_000)
    kept = np.concatenate([np.zeros(500, np.int16), *talk(2, 16_000)])
    kept[20_000 : 20_000 + changed] += 1

    assert _live.missing(kept, played) == lost
    assert _live.missing(np.zeros(100, np.int16), played) == 100
