"""Faults on purpose, a few of them; and what the privacy page says of the many."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from benchmarks import frame
from benchmarks._fault_files import READERS
from benchmarks._fault_mutations import mutate
from benchmarks._fault_verbs import VERBS

ROOT = Path(__file__).parents[2]
# Runs apart: a process is forked for each call, and that is only right where there is one thread.
TRIED = """
import json, shutil, sys
from pathlib import Path
from random import Random
from benchmarks._fault_files import give_files, make_seeds
from benchmarks._fault_kills import strike_verbs
from benchmarks._fault_process import Ending, warm_up
from benchmarks._fault_study import (
    LEAVING, Call, Struck, begin_life, inspect, list_bundles, make_sources, run_verb
)

place = Path(sys.argv[1])
sources = place / "sources"
warm_up()
make_sources(sources, [LEAVING])
(place / "kills").mkdir()
(place / "files").mkdir()
killed = strike_verbs(sources, place / "kills", seed=3, count=4, only="export")["export"]
make_seeds(sources)
given = give_files(sources, place / "files", seed=3, count=15)


def find(plant, told=()):
    shutil.rmtree(place / "life", ignore_errors=True)
    life = begin_life(sources, place / "life", Random(1))
    plant(life)
    ended = Ending(-9, 1.0, 0.0, "", "", tuple(told))
    return inspect(life, [Struck(Call(("status",)), ended, lambda *_: ())]).faults


def forge_hand_over(life):
    assert run_verb(life, Call(("export", LEAVING, "--to", str(life.out / "1")))).code == 0
    shutil.copytree(life.out / "1", life.out / "2")


planted = {
    "nothing": find(lambda life: None),
    "words": find(lambda life: (life.study / "handed-over").mkdir(exist_ok=True)
                  or (life.place / "beside" / "earshot").mkdir(exist_ok=True)
                  or (life.place / "beside" / "earshot" / "x").write_text("Thackray")),
    "stray": find(lambda life: (life.study / ".x").write_text("")),
    "line": find(lambda life: None, ["head 999:" + "a" * 16]),
    "hand-over": find(forge_hand_over),
    "byte": find(lambda life: (life.study / "study.db").write_bytes(
        (life.study / "study.db").read_bytes()[:-1] + b"x")),
}
print(json.dumps({
    "killed": [killed.count, killed.faults],
    "given": {name: [one.count, one.faults] for name, one in given.items()},
    "planted": planted,
}))
"""


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", TRIED, tmp_path_factory.mktemp("faults")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.slow
def test_a_verb_killed_at_random_moments_leaves_a_study_that_is_whole(
    tried: dict[str, Any],
) -> None:
    assert tried["killed"] == [4, {}]


@pytest.mark.slow
def test_every_reader_meets_hostile_files_in_words(tried: dict[str, Any]) -> None:
    assert tried["given"] == {reader.name: [1, {}] for reader in READERS}


@pytest.mark.slow
def test_what_is_looked_for_after_a_fault_is_found_where_it_was_planted(
    tried: dict[str, Any],
) -> None:
    planted = tried["planted"]

    assert planted["nothing"] == []
    assert planted["words"] == ["a participant's words in the clear: x"]
    assert planted["stray"] == ["left in the study: .x"]
    assert planted["line"] == ["line 999 of the trail was acknowledged and is not there"]
    assert "2 hand-overs lie there, 1 are remembered" in planted["hand-over"]
    assert any("what was last closed" in one for one in planted["byte"])


def test_a_seed_makes_the_same_hostile_file_again() -> None:
    good = b"WEBVTT\n\n00:01.000 --> 00:02.000\nYes.\n"
    made = [
        [mutate(good, [b"other"], Random(seed)) for seed in range(40)]  # noqa: S311 - repeatable
        for _ in range(2)
    ]

    assert made[0] == made[1]
    assert len(set(made[0])) > 35
    assert max(map(len, made[0])) > 1_000_000


def test_all_verbs_that_write_are_killed() -> None:
    assert [verb.name for verb in VERBS] == [
        "record", "import", "transcribe", "anonymise", "review", "sign", "export", "people",
        "consent", "withdraw", "send", "receive", "cluster",
    ]  # fmt: skip


def test_the_figures_of_the_privacy_page_are_those_that_were_measured() -> None:
    page = " ".join((ROOT / "docs" / "privacy.md").read_text(encoding="utf-8").split())
    kept = json.loads((frame.RESULTS / "faults.json").read_text(encoding="utf-8"))
    rows = {row["figure"]: row for row in kept["rows"]}

    for figure, sentence in (
        ("kill -9: all", r"was killed ([\d,]+) times, in the middle of its work ([\d,]+)"),
        ("power cut: all", r"power was cut ([\d,]+) times, in the middle of its work ([\d,]+)"),
        ("hostile files: all", r"got ([\d,]+) hostile files and took ([\d,]+)"),
    ):
        found = re.search(sentence, page)
        assert found is not None, figure
        count, other = (int(number.replace(",", "")) for number in found.groups())
        row = rows[figure]
        assert row["value"] == count
        assert re.match(r"\d+", row["compared_with"])[0] == str(other)  # type: ignore[index]
        assert row["holds"] is True
    assert [row["figure"] for row in kept["rows"] if row["holds"] is not True] == []
