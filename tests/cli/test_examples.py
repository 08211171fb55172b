"""The examples that the program prints do what they show."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np
import pytest
import soundfile

from cli import load_verb
from study import ConsentRule, StudyPolicy
from study.errors import ConsentMissing
from study.store import Study, change_study_policy
from tests.cli.conftest import Run

FILES = {
    "keep.txt": "Monday\n", "words.txt": "Skelbeck\n", "guide.md": "# The course\n",
}  # fmt: skip
# Verbs whose example needs nothing but two interviews that are signed off.
ON_SIGNED = (
    "anonymise", "cases", "consent", "decisions", "due", "export", "find", "guide", "keep",
    "mentions", "papers", "policy", "report", "risk", "safeguarding", "settings", "sign", "status",
    "withdraw", "words",
)  # fmt: skip


def split_example(verb: str, folder: Path) -> list[str]:
    """Return the words of the first example of a verb, with this study in it."""
    first = load_verb(verb).example.partition("\n")[0]
    program, *words = shlex.split(first)
    assert program == "earshot"
    return [str(folder) if word == "dementia-course" else word for word in words]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the files that examples name."""
    here = tmp_path / "here"
    here.mkdir()
    for name, text in FILES.items():
        (here / name).write_text(text)
    noise = np.random.default_rng(1).integers(-3000, 3000, (24_000, 2)).astype("<i2")
    soundfile.write(here / "visit.wav", noise, 8_000)
    (here / "visit.wav").rename(here / "visit.m4a")
    monkeypatch.chdir(here)
    return here


@pytest.mark.parametrize("verb", ON_SIGNED)
def test_the_example_of_a_verb_works(run: Run, signed: Path, place: Path, verb: str) -> None:
    assert place.is_dir()
    code, out, err = run(*split_example(verb, signed), *(["--yes"] if verb == "withdraw" else []))

    assert code == 0, out + err


def test_the_examples_of_a_first_interview_work_where_consent_is_asked_for(
    run: Run, study: Study, place: Path
) -> None:
    """Of a study as `earshot new` makes it, those of import and record were refused."""
    assert place.is_dir()
    change_study_policy(study, StudyPolicy(consent=ConsentRule.RECORDED))
    folder = study.folder
    study.close()
    assert run(*split_example("consent", folder))[0] == 0

    code, out, err = run(*split_example("import", folder))
    assert code == 0, out + err
    code, out, err = run(*split_example("record", folder))
    assert code != ConsentMissing.exit_code, err


def test_what_is_said_of_an_empty_study_can_be_typed(run: Run, study: Study, place: Path) -> None:
    change_study_policy(study, StudyPolicy(consent=ConsentRule.RECORDED))
    folder = study.folder
    study.close()
    assert run(*split_example("consent", folder))[0] == 0
    words = run("status", folder)[2].partition("`earshot ")[2].partition("`")[0].split()

    code, out, err = run(*(str(place / "visit.m4a") if one == "FILE" else one for one in words))

    assert code == 0, out + err
