"""One interview from its first wrong word to its hand-over, by keys alone, in a real terminal.

The study is the demonstration's, heard and searched by the real models. Each step says what it is
for, what is pressed, and what is then on the screen; ``pytest -s`` tells keys and seconds of each.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import sys
import time
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from anonymise import read_anonymisation_log
from cli import DEMONSTRATION_PASSPHRASE, LABEL, main
from models import InstalledModel
from study import InterviewState
from study.store import Study, read_newest_transcript, read_sign_off, verify_study
from tests.keys import sign_of
from tests.walk.terminal import PATIENCE_S, Terminal, needs_tmux

pytestmark = [pytest.mark.slow, needs_tmux]

_THOROUGH = pytest.mark.skipif(
    not os.environ.get("EARSHOT_THOROUGH"), reason="the other size: EARSHOT_THOROUGH=1"
)
_PROGRAM = f"{sys.executable} -P -m cli.command_line open study"

# What was heard, and what was said instead, where each stands once: in the order of reading.
CORRECTIONS = (
    ("coming in", "dropping in"), ("record this", "tape this"), ("that's fine", "that's alright"),
    ("a village", "a hamlet"), ("30 years", "40 years"), ("our daughter", "our girl"),
    ("talk to about", "speak to about"), ("at all", "whatsoever"), ("hear about", "learn about"),
    ("computer", "laptop"), ("a student", "a scholar"), ("first session", "opening session"),
    ("nervous", "anxious"), ("so kind", "so gentle"), ("the fridge", "the freezer"),
    ("they laughed", "they giggled"), ("a lift", "a ride"), ("mean to you", "say to you"),
    ("getting better", "being cured"), ("the recording", "the machine"),
)  # fmt: skip
NAMES = (
    "Arthur", "Sacre", "Helen", "Derek", "Patel", "Hebelthwaite", "Weatherdale", "Park View",
    "Green Hill", "1951",
)  # fmt: skip


_NOT_YET = "to decide before it can go to the data officer"
_ASKS = "Hand this interview to the data officer?"


class Reviewer:
    """Somebody at the keyboard."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal, self.steps = terminal, list[tuple[str, int, float]]()

    @contextmanager
    def step(self, what: str) -> Generator[Terminal]:
        """Do one step, and note its keys and seconds."""
        keys, begun = self.terminal.pressed, time.monotonic()
        yield self.terminal
        self.steps.append((what, self.terminal.pressed - keys, time.monotonic() - begun))

    def told(self) -> str:
        """Write the steps as a table."""
        rows = [f"{keys:5} keys {s:6.1f} s  {what}" for what, keys, s in self.steps]
        keys = sum(keys for _, keys, _ in self.steps)
        seconds = sum(s for _, _, s in self.steps)
        return "\n".join(["", *rows, f"{keys:5} keys {seconds:6.1f} s  in all"])


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory, tiny_en: InstalledModel) -> Path:
    """The demonstration interview, heard and searched once for all tests here."""
    assert tiny_en.folder.is_dir()
    folder = tmp_path_factory.mktemp("heard") / "study"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARSHOT_PASSPHRASE", DEMONSTRATION_PASSPHRASE)
        for words in (
            ["demo", str(folder), "--guided", "--json"],
            ["transcribe", str(folder), LABEL, "--model", "tiny.en"],
            ["anonymise", str(folder), LABEL],
        ):
            assert main(words) == 0
    return folder


@pytest.mark.parametrize("size", [(80, 24), pytest.param((120, 40), marks=_THOROUGH)])
def test_an_interview_is_reviewed_checked_and_handed_over_by_keys_alone(
    size: tuple[int, int], heard: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "study"
    shutil.copytree(heard, folder)
    told = {"EARSHOT_PASSPHRASE": DEMONSTRATION_PASSPHRASE, "XDG_STATE_HOME": str(tmp_path),
            "XDG_CONFIG_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}  # fmt: skip
    terminal = Terminal(size, f"cd {tmp_path} && exec {_PROGRAM}", told, tmp_path)
    reviewer = Reviewer(terminal)
    try:
        _correct(reviewer)
        _decide(reviewer)
        _check(reviewer)
        _hand_over(reviewer, terminal)
    finally:
        terminal.close()
    sys.stdout.write(f"\n{size[0]}x{size[1]}{reviewer.told()}\n")

    _the_study_is_as_it_should(folder)
    _what_left_is_as_it_should(folder / "handed-over" / LABEL)


def _correct(reviewer: Reviewer) -> None:
    with reviewer.step("open the interview") as at:
        at.until("Earshot", LABEL, "to decide", "? to review")
        at.press("Enter")
        at.until("1 of", "Arthur", "Enter Edit")
    with reviewer.step("correct 20 stretches of words") as at:
        for was, now in CORRECTIONS:
            _find(at, was)
            at.press("Enter")
            at.until("Editing: saved as you type")
            at.type(now)
            at.until("✓ kept")
            at.press("Escape")
            at.until("Enter Edit", "M searches it again")
    with reviewer.step("split a turn, and say who spoke the rest") as at:
        _find(at, "The tutor")
        at.press("b")
        at.until("Turn split.")
        at.press("1")
        at.until("INT01 speaks: 1 turn changed.")
    with reviewer.step("split another, and join it again") as at:
        _find(at, "nobody laughed")
        at.press("b")
        at.until("Turn split.")
        at.press("Up", "J")
        at.until("Turns joined.")


def _decide(reviewer: Reviewer) -> None:
    with reviewer.step("leave a mention, change another") as at:
        _find(at, "bus driver")
        at.press("x")
        at.until("1 rejected")
        _find(at, "November")
        at.press("c")
        at.until("→", "November 2019")
        at.type("some years ago")
        at.press("Enter")
        at.until("1 changed")
    with reviewer.step("decide the rest") as at:
        at.press(sign_of("interview.next_undecided"))
        _decide_all(at, "a")
    with reviewer.step("hand on, which searches first") as at:
        at.press(sign_of("interview.ready"))
        until = time.monotonic() + PATIENCE_S
        while not any(told in (seen := at.shown()) for told in (_NOT_YET, _ASKS)):
            assert time.monotonic() < until, seen
            time.sleep(0.05)
        if _NOT_YET in at.shown():  # a new word looked like a name, and is none
            _decide_all(at, "x")
            at.press(sign_of("interview.ready"))
        seen = at.until(_ASKS)
        assert "never looked at" in seen
        at.press("y")
        at.until("Sent to the data officer")


def _check(reviewer: Reviewer) -> None:
    with reviewer.step("open the check, draw a sample") as at:
        at.press(sign_of("interview.check"))
        at.until("Check", "ready to sign", "lines", "by hand")
        at.press(sign_of("check.sample"))
        at.until("Sample size in %")
        at.press("Enter")
        at.until("sample of 10%")
    with reviewer.step("look at the sample again") as at:
        at.press(sign_of("check.right"))
        at.until("✓ 1 right")
        at.press(sign_of("check.filter"), "7")
    with reviewer.step("read what is left, the trail; verify") as at:
        at.press("2")
        at.until("▸2 Risk", "what may be wrong")
        at.press("3")
        at.until("▸3 Trail", "transcription begun")
        at.press(sign_of("check.verify"))
        at.until("Nothing was changed outside Earshot")
        at.press("Enter")
        at.until("✓ whole, head")
    with reviewer.step("sign off") as at:
        at.press(sign_of("check.sign"))
        at.until("Who signs off?")
        at.type("A. Officer")
        at.press("Enter")
        at.until("In which role?")
        at.press("Enter")
        at.until("Sign this transcript off?", "looked at again")
        at.press("y")
        at.until("Signed off")


def _hand_over(reviewer: Reviewer, terminal: Terminal) -> None:
    with reviewer.step("hand over") as at:
        at.press("Enter")
        at.until("✔ signed off", "▸3 Trail")
        at.press("e")
        at.until("Who receives")
        at.type("the analysts")
        at.press("Enter")
        at.until("for the analysts?")
        at.press("y")
        at.until("Handed over, into")
        at.press("Enter")
    with reviewer.step("leave") as at:
        at.press("C-q")
        until = time.monotonic() + 10
        while not terminal.has_ended and time.monotonic() < until:
            time.sleep(0.05)
    assert terminal.has_ended


def _decide_all(at: Terminal, key: str) -> None:
    """Decide about one after the other until none is left."""
    while "That was the last" not in (before := at.shown()):
        at.press(key)
        until = time.monotonic() + PATIENCE_S
        while at.shown() == before:
            assert time.monotonic() < until, before
            time.sleep(0.02)


def _find(at: Terminal, words: str) -> None:
    at.press("/")
    at.until("Enter searches")
    at.type(words)
    at.press("Enter")
    at.until("Place 1 of")


def _the_study_is_as_it_should(folder: Path) -> None:
    with Study.open(folder, DEMONSTRATION_PASSPHRASE) as study:
        interview = study.find_interview(LABEL).id
        source = read_newest_transcript(study.interview(interview))
        found = read_sign_off(study.interview(interview))
        log = read_anonymisation_log(study.interview(interview))
        assert source is not None
        assert found is not None
        assert (found.is_valid, found.sign_off.name, found.sign_off.role) == (
            True, "A. Officer", "data officer",
        )  # fmt: skip
        assert found.sign_off.checked == 1
        assert study.find_interview(LABEL).state is InterviewState.HANDED
        assert verify_study(study) == []
        assert {line.action for line in log} == {"replaced", "replaced by hand", "kept"}
        turn = next(t for t in source.transcript.turns if t.text.startswith("The tutor"))
        assert turn.speaker == "INT01"
        joined = [t for t in source.transcript.turns if "nobody laughed" in t.text]
        assert ["they giggled" in t.text for t in joined] == [True]


def _what_left_is_as_it_should(folder: Path) -> None:
    text = (folder / f"{LABEL}.txt").read_text(encoding="utf-8")
    flowing = " ".join(text.split())
    assert [now for _, now in CORRECTIONS if now not in flowing] == []
    assert [was for was, _ in CORRECTIONS if was in flowing] == []
    assert "some years ago" in flowing
    assert "bus driver" in flowing
    everything = b"".join(
        name.encode() + data for path in folder.iterdir() for name, data in _bytes_of(path)
    ).decode(errors="replace")
    everything = re.sub(r"\b[0-9a-f]{64}\b", "", everything)  # any four figures may stand in a hash
    assert [name for name in NAMES if name in everything] == []

    rows = list(csv.DictReader(io.StringIO((folder / f"{LABEL}-log.csv").read_text("utf-8-sig"))))
    actions = [row["action"] for row in rows]
    kept, by_hand = actions.count("kept"), actions.count("replaced by hand")
    assert (kept >= 1, by_hand) == (True, 1)
    assert actions.count("replaced") == len(rows) - kept - by_hand > 10


def _bytes_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """The bytes of a file, and those of what is packed in it."""
    data = path.read_bytes()
    yield path.name, data
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                yield name, packed.read(name)
