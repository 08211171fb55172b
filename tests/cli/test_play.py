"""The verb ``play``, as a person or a script calls it; what is heard is tested in ``capture``."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile

import capture
from capture import FillOutput
from cli import main, parse_moment_s
from study import InterviewDetails, SoundFormat
from study.errors import NoChannel, NoLoudspeaker, SoundMissing
from study.store import Study

Run = Callable[..., tuple[int, str, str]]
RATE = 8_000
_PLAYER = capture.SoundPlayer


class Deaf:
    """A loudspeaker that takes all sound at once, so that a test need not listen."""

    def __init__(self, form: SoundFormat, fill: FillOutput) -> None:
        self.channels, self._fill, self._rate = form.channels, fill, form.rate
        self.is_alive, self.still_s = True, 0.0

    def start(self) -> None:
        block = np.zeros((self._rate // 5, self.channels), np.int16)
        self._fill(block, 0.0)  # heard long ago

    def halt(self) -> None:
        pass

    def close(self) -> None:
        pass


def without(_form: SoundFormat, _fill: FillOutput) -> Deaf:
    raise NoLoudspeaker


def put_loudspeaker(
    monkeypatch: pytest.MonkeyPatch, opened: Callable[[SoundFormat, FillOutput], Deaf]
) -> None:
    """Replace the loudspeaker of the player that the door of ``capture`` offers."""
    monkeypatch.setitem(vars(capture), "SoundPlayer", partial(_PLAYER, opened=opened))


@pytest.fixture
def run(
    study: Study,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    passphrase: str,
    tmp_path: Path,
) -> Run:
    """Call the verb on a study with two channels of sound in P01, and an empty P02."""
    monkeypatch.setenv("EARSHOT_PASSPHRASE", passphrase)
    put_loudspeaker(monkeypatch, Deaf)
    soundfile.write(tmp_path / "a.wav", np.zeros((RATE, 2), np.int16), RATE)
    with study.change("added") as change:
        change.add_interview(InterviewDetails("P02"))
    study.close()
    assert main(["import", str(study.folder), str(tmp_path / "a.wav"), "--label", "P01"]) == 0
    capsys.readouterr()

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["play", str(study.folder), *words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("90", 90), ("90s", 90), ("1:30", 90), ("0:00", 0), ("1:02:03.5", 3723.5)],
)
def test_a_time_can_be_written_as_on_a_clock_or_as_a_length(text: str, seconds: float) -> None:
    assert parse_moment_s(text) == seconds


@pytest.mark.parametrize("text", ["", "-1", "1:2", "a", "1:30:", "\x1b"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        parse_moment_s(text)


def test_it_says_what_was_played(run: Run) -> None:
    code, out, err = run("P01", "--from", "0:00.5", "--for", "0.1s", "--speed", "2")

    assert (code, out) == (0, "00:00:00 to 00:00:00 played\n")
    assert err == "Playing. Ctrl+C stops it.\n"


def test_sound_that_was_cut_short_is_told_before_what_is_left_is_played(
    run: Run, study: Study
) -> None:
    (path,) = (study.folder / "audio").glob("*/001.sealed")
    os.truncate(path, path.stat().st_size - RATE)

    _, _, err = run("P01", "--for", "0.1s")

    assert "Part of this interview's recording is missing" in err
    assert "What is left of it is played." in err


def test_a_script_gets_from_where_to_where(run: Run) -> None:
    _, out, _ = run("P01", "--from", "0.5", "--for", "0.1", "--channel", "2", "--json")

    assert json.loads(out)["result"] == {"from_s": 0.5, "until_s": pytest.approx(0.6)}


@pytest.mark.parametrize("speed", ["0.4", "2.1", "nan", "fast"])
def test_a_speed_that_cannot_be_played_is_refused(run: Run, speed: str) -> None:
    with pytest.raises(SystemExit) as refused:
        run("P01", "--speed", speed)

    assert refused.value.code == 2


@pytest.mark.parametrize("channel", ["0", "3", "-1"])
def test_a_channel_that_is_not_there_is_named_in_one_sentence(run: Run, channel: str) -> None:
    code, out, err = run("P01", f"--channel={channel}")

    assert (code, out) == (NoChannel.exit_code, "")
    assert "2 channels" in err


def test_an_interview_without_sound_says_what_to_do(run: Run) -> None:
    code, out, err = run("P02")

    assert (code, out) == (SoundMissing.exit_code, "")
    assert "record" in err


def test_without_a_loudspeaker_it_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    put_loudspeaker(monkeypatch, without)

    code, out, err = run("P01")

    assert (code, out) == (NoLoudspeaker.exit_code, "")
    assert "loudspeaker" in err


def test_the_trail_tells_who_opened_the_sound(run: Run, study: Study, passphrase: str) -> None:
    assert run("P01", "--for", "0.1s", "--speed", "2")[0] == 0

    with Study.open(study.folder, passphrase) as opened:
        last = opened.read_trail()[0][-1]
        assert (last.verb, last.slot) == ("sound opened to hear", 1)
        assert last.interview == opened.find_interview("P01").id
