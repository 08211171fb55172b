"""With every socket but local ones refused by the kernel, every verb works, and the interface.

Each verb is a process of its own; what would make a network socket, in it or in a child of it, is
killed at once.
"""

from __future__ import annotations

import fcntl
import json
import os
import platform
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from cli import VERB_NAMES
from models import DEMONSTRATION_SOUND, InstalledModel
from tests.microphone import Microphone, virtual_microphone
from tests.walk import cut_off
from tools.apart import build

PROGRAM = [sys.executable, "-P", cut_off.__file__]
NEED_NETWORK = {"scheduler", "worker"}  # which is what they are for
NEED_SOUND = {"record", "play"}  # and the interface needs a terminal: each has a test below
_LIMIT_S = 300.0  # as for a verb; only a test that fails waits so long

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform != "linux" or platform.machine() not in cut_off.CALLS,
        reason="the guard does not know this kernel's calls",
    ),
]


class Caller:
    """Calls verbs with the network cut."""

    def __init__(self, folder: Path) -> None:
        self.around = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("CI", "HF_", "ORT_", "PYTEST", "PULSE", "XDG_"))
            and not key.lower().endswith("_proxy")
        } | {
            "HOME": str(folder),
            "EARSHOT_PASSPHRASE": "earshot demonstration",
            "EARSHOT_MODELS": str(folder / "models"),
            "TERM": "xterm-256color",
        }
        self.called: set[str] = set()

    def __call__(self, *words: str | Path, code: int = 0) -> str:
        self.called.add(str(words[0]))
        done = subprocess.run(
            [*PROGRAM, *map(str, words)],
            env=self.around,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout


class Terminal:
    """A terminal of 80 by 24 in which a verb runs."""

    def __init__(self, call: Caller, *words: str | Path) -> None:
        self._ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            [*PROGRAM, *map(str, words)], env=call.around, stdin=theirs, stdout=theirs,
            stderr=theirs, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self.drawn = b""
        self._until_s = time.monotonic() + _LIMIT_S

    def shows(self, text: str) -> bool:
        """Read what is drawn until ``text`` is there; False if it never is."""
        seen = len(self.drawn)
        while text.encode() not in self.drawn[seen:]:
            left_s = self._until_s - time.monotonic()
            if not select.select([self._ours], [], [], max(0.0, left_s))[0]:
                return False
            try:
                self.drawn += os.read(self._ours, 1 << 16)
            except OSError:  # the other end is closed
                return False
        return True

    def press(self, key: str) -> None:
        os.write(self._ours, key.encode())

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)


@pytest.fixture
def call(tmp_path: Path) -> Caller:
    return Caller(tmp_path)


@pytest.fixture
def microphone() -> Generator[Microphone]:
    with virtual_microphone() as made:
        yield made


def test_every_verb_works_with_the_network_cut(
    call: Caller, tmp_path: Path, tiny_en: InstalledModel
) -> None:
    study, sound, guide = tmp_path / "demo", tmp_path / "short.wav", tmp_path / "guide.md"
    samples, rate = soundfile.read(DEMONSTRATION_SOUND, dtype="int16", stop=10 * 16_000)
    soundfile.write(sound, samples.sum(axis=1, dtype=np.int16), rate)  # one microphone for all
    build(tmp_path / "models" / "speakers")
    (tmp_path / "models" / "tiny.en").symlink_to(tiny_en.folder)
    guide.write_text("# Arriving\n- first day\n")

    told = call("demo", study, "--json")
    assert json.loads(told.splitlines()[-1])["result"]["word_error_rate"] < 0.5

    call("new", tmp_path / "new")
    call("guide", study, "--from", guide)
    call("consent", study, "P02", "--sound", "yes", "--transcription", "yes")
    table = tmp_path / "table.csv"
    table.write_text("label,file,participants\nP02_i1,short.wav,P02\n")
    call("import", study, tmp_path, "--table", table, "--write")
    call("import", study, "--from", tmp_path)
    call("settings", study)
    call("words", study, "--from", guide)
    call("names", study, "P02_i1", "--of", "P02=Nobody At All")
    call("transcribe", study, "P02_i1", "--model", "tiny.en")
    call("transcribe", study, "P02_i1", "--by-hand", code=74)
    call("speakers", study, "P02_i1", "--count", "2")
    call("keep", study)
    call("correct", study, "P02_i1")
    call("find", study, "the")
    call("keys")
    call("anonymise", study, "P02_i1")
    call("mentions", study, "P02_i1", "--json")
    call("review", study, "P02_i1", "--accept-all")
    call("decisions", study, "P02_i1", "--page", tmp_path / "log.html")
    call("risk", study, "P02_i1", "--page", tmp_path / "risk.html")
    call("risk", study, "P02", "--intruder")
    call("replacements", study, "--style", "pseudonyms")
    elsewhere = tmp_path / "elsewhere.vtt"
    elsewhere.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nP03: Well.\n")
    call("consent", study, "P03", "--sound", "no")
    call("import", study, elsewhere, "--label", "P03_i1")
    call("sign", study, "P02_i1")
    call("export", study, "P02_i1")
    for verb, *more in (
        ("status",), ("policy",), ("people",), ("cases",), ("handed",), ("due",), ("withdraw",),
        ("safeguarding", "P02_i1", "--concern", "left alone for days"),
        ("papers", "data-flow", "--to", tmp_path / "data-flow.html"),
    ):  # fmt: skip
        call(verb, study, *more)
    call("report", study, "--to", tmp_path / "report.html")
    call("verify", study / "handed-over" / "P02_i1")
    _bring_back(call, study, tmp_path / "back.txt")
    call("log", "verify", study)
    _travel(call, study, tmp_path / "new")
    for words in (
        (), ("try", "tiny.en"), ("try", "names-en"), ("compare",),
        ("pack", "tiny.en", "--to", tmp_path / "tiny.en.tar"),
    ):  # fmt: skip
        call("models", *words)
    for line in (
        ("doctor",), ("completion", "bash"), ("cluster", "certificates", tmp_path / "cluster"),
    ):  # fmt: skip
        call(*line)
    # onnxruntime, which hears where somebody speaks, would keep a number for this computer there.
    found = [path for path in tmp_path.rglob("*onnx*") if path.parent.name != "speakers"]
    assert not found
    assert call.called | NEED_SOUND | NEED_NETWORK | {"open"} == set(VERB_NAMES)


def _bring_back(call: Caller, study: Path, copy: Path) -> None:
    """Enter what a participant wrote on their copy."""
    copy.write_text("1: Yes, that is right.\n")
    call("returned", study, "P02_i1", "--from", copy, "--read")
    call("returned", study, "P02_i1", "--rule", "1=1: Yes, that is right.", "--enter")


def _travel(call: Caller, study: Path, other: Path) -> None:
    """Lend an interview to another study, send it back from there, and take it back."""
    cards = {place: place.parent / f"{place.name}.key" for place in (study, other)}
    for place, card in cards.items():
        call("key", place, "--out", card)
    for place, of in ((study, other), (other, study)):
        told = json.loads(call("key", of, "--json").splitlines()[-1])
        call("key", place, "--trust", cards[of], "--words", told["result"]["words"])
    lent, back = study.parent / "lent", study.parent / "back"
    call("lend", study, "P02_i1", "--to", cards[other], "--out", lent)
    call("receive", other, lent)
    call("send", other, "P02_i1", "--to", cards[study], "--out", back)
    call("take-back", study, back)


def test_the_interface_opens_and_closes_with_the_network_cut(call: Caller, tmp_path: Path) -> None:
    call("new", tmp_path / "study", "--consent", "paper", "--consent-seen-by", "the office")
    sound = tmp_path / "short.wav"
    soundfile.write(sound, np.zeros(16_000, np.int16), 16_000)
    call("import", tmp_path / "study", sound, "--label", "P02_i1")

    terminal = Terminal(call, "open", tmp_path / "study")
    try:
        assert terminal.shows("P02_i1"), terminal.drawn
        terminal.press("q")
        assert not terminal.shows("nothing, but reads until it closes")
        assert terminal.process.wait(_LIMIT_S) == 0, terminal.drawn
    finally:
        terminal.close()


def test_recording_and_listening_work_with_the_network_cut(
    call: Caller, tmp_path: Path, microphone: Microphone
) -> None:
    call.around |= {
        key: value
        for key, value in microphone.around.items()
        if key.startswith("PULSE") or key == "ALSA_CONFIG_PATH"
    }
    study = tmp_path / "study"
    call("new", study, "--consent", "paper", "--consent-seen-by", "the office")

    told = call("record", study, "--label", "P03_i1", "--participant", "P03",
                "--willing", "agreed", "--for", "1s", "--json")  # fmt: skip
    assert json.loads(told.splitlines()[-1])["result"]["sound_s"] >= 0.9
    call("play", study, "P03_i1", "--for", "0.5s")


def test_getting_a_model_is_what_makes_a_socket(call: Caller) -> None:
    call("models", "get", "tiny.en", code=cut_off.KILLED)
