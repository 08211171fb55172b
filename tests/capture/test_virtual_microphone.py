"""What is played into a microphone of software is what comes back out of the study, bit for bit.

A few seconds in the suite; ten minutes with EARSHOT_THOROUGH=1, which prints what it took
(``pytest -s -n0``). Two processes that never rest run beside it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from study.store import Study
from tests.capture.apart import Recording, enter, kept
from tests.microphone import NAME, RATE, Microphone, noise, virtual_microphone, write

SECONDS = 600 if os.environ.get("EARSHOT_THOROUGH") else 5

pytestmark = pytest.mark.slow


@pytest.fixture
def microphone() -> Generator[Microphone]:
    with virtual_microphone() as made:
        yield made


@contextmanager
def busy(count: int) -> Generator[None]:
    """Keep so many processors busy, at normal priority."""
    spinning = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()


def test_what_is_played_comes_back_bit_for_bit(
    study: Study, microphone: Microphone, tmp_path: Path
) -> None:
    enter(study)
    played = noise(SECONDS)
    path = write(tmp_path / "talk.wav", played)
    with Recording(study.folder, microphone.around, name=NAME) as recording, busy(2):
        recording.begin()
        with microphone.play(path) as playing:
            recording.more(SECONDS)
            assert playing.wait(60) == 0
        recording.more(1.0)
        last = recording.stop()

    found = kept(study, last)
    loud, first = np.flatnonzero(found.sound), np.flatnonzero(played)
    start = int(loud[0]) - int(first[0])
    heard = found.sound[start : start + played.size]
    lost = played.size - int((heard == played.ravel()[: heard.size]).sum())
    print(f"{SECONDS} s played, {lost} of {played.size} frames lost")  # noqa: T201 - a figure
    assert lost == 0
    assert (last["dropped_s"], last["missing_s"], found.marks) == (0.0, 0.0, [])
    assert last["elapsed_s"] == pytest.approx(found.sound.size / RATE, abs=0.5)


@pytest.mark.parametrize(
    ("has", "positions", "wanted"),
    [
        (4, "front-left,front-center,front-right,rear-center", 3),
        (8, "aux0,aux1,aux2,aux3,aux4,aux5,aux6,aux7", 8),
    ],
)
def test_each_channel_of_an_interface_comes_as_it_is(
    study: Study, microphone: Microphone, tmp_path: Path, has: int, positions: str, wanted: int
) -> None:
    enter(study)
    played = noise(1.0, channels=has)
    path = write(tmp_path / "talk.wav", played)
    microphone.tell(
        "load-module", "module-null-sink", "sink_name=interface", "norewinds=1", f"rate={RATE}",
        f"channels={has}", f"channel_map={positions}",
    )  # fmt: skip
    with Recording(
        study.folder, microphone.around, name="interface.monitor", channels=wanted
    ) as recording:
        recording.begin()
        words = ["paplay", "--device=interface", f"--channel-map={positions}", path]
        subprocess.run(words, env=microphone.around, check=True)
        recording.more(1.0)
        last = recording.stop()

    heard = kept(study, last).sound.reshape(-1, wanted)
    start = int(np.flatnonzero(heard.any(axis=1))[0])
    start -= int(np.flatnonzero(played[:, :wanted].any(axis=1))[0])
    assert np.array_equal(heard[start : start + len(played)], played[:, :wanted])
    assert "earshot" not in microphone.tell("list", "short", "sources")
