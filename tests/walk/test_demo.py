"""The demonstration does what the README says, and the same steps by hand give the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.demonstration import SOUND, demonstration
from tui.cli import main
from tui.verbs.demo import LABEL, PASSPHRASE, word_error_rate

NAMES = ("Arthur", "Bennett", "Jean", "Helen", "Derek", "Patel", "Skipton", "Halifax", "900418")


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """Run the demonstration; what it tells scripts."""
    assert main(["demo", str(tmp_path / "demo"), "--json"]) == 0
    result: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])["result"]
    return result


def by_hand(folder: Path) -> Iterator[list[str]]:
    """The steps of the demonstration, as a person would type them."""
    yield ["new", str(folder)]
    yield [
        *("import", str(folder), str(SOUND), "--label", LABEL, "--channels", "INT01,P01,FAM01"),
        *("--participant", "INT01:interviewer"),
        *("--participant", "P01:participant=Arthur Bennett"),
        *("--participant", "FAM01:supporter=Jean Bennett"),
    ]
    yield ["transcribe", str(folder), LABEL, "--model", "demo"]
    yield ["anonymise", str(folder), LABEL]
    yield ["review", str(folder), LABEL, "--accept-all"]
    yield ["sign", str(folder), LABEL, "--as", "demonstration"]
    yield ["export", str(folder), LABEL]


def log_without_times(table: bytes) -> list[list[str]]:
    return [row[:-1] for row in csv.reader(io.StringIO(table.decode("utf-8-sig")))]


@pytest.mark.slow
def test_the_spoken_names_are_gone_and_the_steps_by_hand_give_the_same(
    told: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_PASSPHRASE", PASSPHRASE)
    for step in by_hand(tmp_path / "hand"):
        assert main(step) == 0

    ours, theirs = (tmp_path / made / "handed-over" / LABEL for made in ("demo", "hand"))
    for name in (f"{LABEL}.txt", f"{LABEL}.vtt", f"{LABEL}.docx", "cases.csv", "README.txt"):
        assert (ours / name).read_bytes() == (theirs / name).read_bytes()
    logs = [(folder / f"{LABEL}-log.csv").read_bytes() for folder in (ours, theirs)]
    assert log_without_times(logs[0]) == log_without_times(logs[1])
    everything = b"".join(path.read_bytes() for path in ours.iterdir()).decode(errors="replace")
    assert [name for name in NAMES if name in everything] == []
    rate = told["word_error_rate"]
    assert isinstance(rate, float)
    assert 0 <= rate <= 0.10  # what the model's card promises of this interview, and some air


def test_every_speaker_of_the_script_has_a_channel() -> None:
    assert demonstration().speakers == ("INT01", "P01", "FAM01")


@pytest.mark.parametrize(
    ("heard", "rate"),
    [
        ("Yes, that's fine.", 0.0),
        ("yes thats fine", 1 / 3),
        ("yes", 2 / 3),
        ("", 1.0),
        ("oh yes that's quite fine", 2 / 3),
    ],
)
def test_the_word_error_rate_counts_wrong_missing_and_added_words(heard: str, rate: float) -> None:
    assert word_error_rate("Yes, that's fine.", heard) == pytest.approx(rate)
