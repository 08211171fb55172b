"""Many interviews from a table: looked at first, the good ones taken, the others listed."""

from __future__ import annotations

import shutil
import wave
from pathlib import Path

import numpy as np
import pytest

from app import RowPlan, RowState, plan_imports, run_imports
from capture import ImportChoices, ImportRow
from study import ConsentRule, Participant, Role, StudyPolicy, TaskProgress
from study.errors import (
    BadImportTable,
    BadName,
    ConsentMissing,
    EarshotError,
    LanguageUnknown,
    NotSound,
    SoundNotFound,
    SoundTakenBefore,
    SoundTruncated,
    Stopped,
)
from study.store import Study, change_study_policy, read_trail_head


def write_tone(path: Path, pitch: float = 440.0, seconds: float = 1.0) -> Path:
    samples = np.sin(2 * np.pi * pitch * np.arange(round(8_000 * seconds)) / 8_000) * 9_000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of every fate: two good ones, a twin, one cut short, text, a transcript."""
    made = tmp_path / "files"
    made.mkdir()
    write_tone(made / "one.wav", 400.0)
    write_tone(made / "two.wav", 500.0, 2.0)
    shutil.copy(made / "one.wav", made / "twin.wav")
    cut = write_tone(made / "cut.wav", 600.0)
    cut.write_bytes(cut.read_bytes()[:8_000])
    (made / "noise.wav").write_bytes(bytes(range(256)) * 90)
    (made / "said.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v P07>Yes, and how.\n")
    return made


def states(plans: list[RowPlan]) -> dict[str, str]:
    return {plan.row.label: plan.state.value for plan in plans}


def problems(plans: list[RowPlan]) -> dict[str, type[EarshotError]]:
    return {plan.row.label: type(plan.problem) for plan in plans if plan.problem is not None}


ROWS = (
    ImportRow(2, "P01_i1", ("one.wav",), ("P01", "INT01"), ("", "interviewer"), "de"),
    ImportRow(3, "P02_i1", ("nowhere.wav",)),
    ImportRow(4, "P03_i1", ("noise.wav",)),
    ImportRow(5, "P04_i1", ("cut.wav",)),
    ImportRow(6, "P05_i1", ("twin.wav",)),
    ImportRow(7, "P06_i1", ("two.wav", "one.wav")),
    ImportRow(8, "P07_i1", ("said.vtt",), ("P07",)),
    ImportRow(9, "P08_i1", ("two.wav",), ("P08:king",)),
    ImportRow(10, "P09_i1", ("two.wav",), ("P09",), (), "Klingon"),
    ImportRow(11, "P 10", ("two.wav",)),
    ImportRow(12, "P11_i1", ("two.wav",)),
    ImportRow(13, "P11_i1", ("two.wav",)),
)


def test_looking_changes_nothing_and_names_each_fate(study: Study, folder: Path) -> None:
    before = read_trail_head(study.db)

    plans = plan_imports(study, ROWS, folder, ImportChoices())

    assert read_trail_head(study.db) == before
    assert study.summaries() == []
    assert [plan.row.label for plan in plans if plan.state is RowState.READY] == [
        "P01_i1", "P04_i1", "P07_i1",
    ]  # fmt: skip
    assert problems(plans) == {
        "P02_i1": SoundNotFound, "P03_i1": NotSound, "P05_i1": SoundTakenBefore,
        "P06_i1": SoundTakenBefore, "P08_i1": BadName, "P09_i1": LanguageUnknown, "P 10": BadName,
        "P11_i1": BadImportTable,
    }  # fmt: skip
    assert plans[0].length_s == 1.0
    assert plans[0].about is not None
    assert plans[0].about.participants == (
        Participant("P01"),
        Participant("INT01", Role.INTERVIEWER),
    )
    assert plans[0].about.language == "de"


def test_the_good_ones_are_taken_and_the_others_listed(study: Study, folder: Path) -> None:
    told: list[TaskProgress] = []
    plans = plan_imports(study, ROWS, folder, ImportChoices())

    done = list(run_imports(study, plans, ImportChoices(), report=told.append))

    assert {s.label for s in study.summaries()} == {"P01_i1", "P07_i1"}
    assert problems(done)["P04_i1"] is SoundTruncated
    assert states(done)["P01_i1"] == RowState.DONE
    assert told[0].what == "P01_i1, 1 of 12"
    assert all(one.done <= one.total for one in told)
    assert [one.done for one in told] == sorted(one.done for one in told)


def test_the_same_table_again_takes_what_is_left(study: Study, folder: Path) -> None:
    list(run_imports(study, plan_imports(study, ROWS, folder, ImportChoices()), ImportChoices()))
    write_tone(folder / "cut.wav", 600.0)

    plans = plan_imports(study, ROWS, folder, ImportChoices())
    done = list(run_imports(study, plans, ImportChoices()))

    assert states(done)["P01_i1"] == RowState.THERE
    assert states(done)["P07_i1"] == RowState.THERE
    assert states(done)["P04_i1"] == RowState.DONE
    assert len(study.summaries()) == 3


def test_files_of_one_row_are_one_interview(study: Study, folder: Path) -> None:
    rows = (ImportRow(2, "P01_i1", ("one.wav", "two.wav")),)

    done = list(
        run_imports(study, plan_imports(study, rows, folder, ImportChoices()), ImportChoices())
    )

    assert study.find_interview(done[0].interview).sound_s == 3.0
    assert states(plan_imports(study, rows, folder, ImportChoices())) == {"P01_i1": "there already"}


def test_a_name_that_holds_a_semicolon_is_one_file(study: Study, folder: Path) -> None:
    write_tone(folder / "first; second.wav", 700.0)
    rows = (ImportRow(2, "P01_i1", ("first", "second.wav")),)

    assert states(plan_imports(study, rows, folder, ImportChoices())) == {"P01_i1": "to import"}


def test_want_of_consent_is_seen_before_anything_is_taken(study: Study, folder: Path) -> None:
    change_study_policy(study, StudyPolicy(consent=ConsentRule.RECORDED))
    before = read_trail_head(study.db)

    plans = plan_imports(study, ROWS[:1], folder, ImportChoices())

    assert problems(plans) == {"P01_i1": ConsentMissing}
    assert read_trail_head(study.db) == before


def test_a_stop_keeps_what_is_in(study: Study, folder: Path) -> None:
    rows = (ImportRow(2, "P01_i1", ("one.wav",)), ImportRow(3, "P02_i1", ("two.wav",)))
    plans = plan_imports(study, rows, folder, ImportChoices())
    done: list[RowPlan] = []

    running = run_imports(study, plans, ImportChoices(), stop=lambda: bool(done))
    done.append(next(running))

    with pytest.raises(Stopped):
        next(running)

    assert [s.label for s in study.summaries()] == ["P01_i1"]


def test_each_line_that_makes_no_sense_is_refused_as_what_it_is(study: Study, folder: Path) -> None:
    rows = (
        ImportRow(2, "P01_i1", ("one.wav",)),
        ImportRow(3, "p01_I1", ("two.wav",)),
        ImportRow(4, "P02_i1", ()),
        ImportRow(5, "P03_i1", ('=A2&".wav"',)),
        ImportRow(6, "P04_i1", ("one.wav", "gone.wav", "two.wav")),
        ImportRow(7, "P05_i1", ("../files/../secret.wav",)),
        ImportRow(8, "P06_i1", (str(folder.parent / "secret.wav"),)),
        ImportRow(9, "P07_i1", (str(folder / "two.wav"),)),
        ImportRow(10, "P08_i1", (".",)),
    )
    write_tone(folder.parent / "secret.wav", 700.0)

    plans = plan_imports(study, rows, folder, ImportChoices())

    assert [str(plan.problem) for plan in plans] == [
        "The table of interviews has this label more than once, in lines 2 and 3.",
        "The table of interviews has this label more than once, in lines 2 and 3.",
        "The table of interviews names no file in this line.",
        "The table of interviews has a formula in this line instead of its result.",
        "File 2 of 3 is not at its place, or it may not be read.",
        "The table of interviews names a file in this line that is outside the folder.",
        "The table of interviews names a file in this line that is outside the folder.",
        "None",
        "That file is a folder.",
    ]
