"""The verb ``guide``, as a person or a script calls it."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from study.errors import BadGuide, NoGuide
from study.store import Study
from tests.cli.conftest import Run

GUIDE = "# Course\n\n## First contact\r\n- How did you\n  hear of it?\n\n## After\x1b[2J\n"


@pytest.fixture
def run(study: Study, run: Run) -> Run:
    """Call the verb on a study."""
    study.close()
    return partial(run, "guide", study.folder)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "guide.md"
    path.write_text(GUIDE, encoding="utf-8", newline="")
    return path


def test_a_guide_is_set_from_a_file_and_shown_with_its_probes(run: Run, file: Path) -> None:
    set_code, _, told = run("--from", file)
    code, shown, _ = run()

    assert (set_code, code) == (0, 0)
    assert told == "version 1: 2 topics, 1 probe\n"
    assert shown == " 1  First contact\n      - How did you hear of it?\n 2  After\u241b[2J\n"


def test_a_script_gets_topics_probes_and_the_text_as_it_was_written(run: Run, file: Path) -> None:
    run("--from", file)

    answer = json.loads(run("--json")[1])["result"]

    assert answer["version"] == 1
    assert answer["text"] == GUIDE
    assert answer["topics"][0] == {
        "heading": "First contact",
        "probes": ["How did you hear of it?"],
    }


def test_the_text_that_is_printed_can_be_edited_and_set_again(run: Run, file: Path) -> None:
    run("--from", file)
    printed = run("--text")[1]
    file.write_text(printed.replace("After", "Before"), encoding="utf-8")

    code, shown, told = run("--from", file)

    assert code == 0
    assert told.startswith("version 2: ")
    assert " 2  Before" in shown


def test_a_study_without_a_guide_says_how_to_set_one(run: Run) -> None:
    code, out, err = run()

    assert (code, out) == (NoGuide.exit_code, "")
    assert "--from" in err


def test_a_file_that_is_no_guide_is_refused_and_the_study_keeps_what_it_has(
    run: Run, file: Path
) -> None:
    run("--from", file)
    file.write_bytes(b"\x00\x01\x02")

    code, out, err = run("--from", file)

    assert (code, out) == (BadGuide.exit_code, "")
    assert len(err.splitlines()) == 2
    assert "First contact" in run()[1]
