"""What many interviews cost, counted on small studies of the benchmark's own interviews."""

from __future__ import annotations

from pathlib import Path

from benchmarks._many_interviews import PASSPHRASE, InterviewMaker, make_empty_study
from study import InterviewState
from study.store import Study


def make_study(folder: Path, count: int) -> Path:
    """Make a study of so many signed interviews of 600 words; return its folder."""
    maker = InterviewMaker(600)
    with make_empty_study(folder) as study:
        for number in range(count):
            maker.enter(study, number)
    return folder


def count_questions(folder: Path) -> int:
    """Return how often the first list of a study that was just opened asks the database."""
    asked: list[str] = []
    with Study.open(folder, PASSPHRASE) as study:
        study.db.set_trace_callback(asked.append)
        states = {one.state for one in study.summaries()}
        study.db.set_trace_callback(None)
    assert states == {InterviewState.SIGNED}
    return len(asked)


def test_the_list_asks_the_database_as_often_for_few_interviews_as_for_many(
    tmp_path: Path,
) -> None:
    """For each sign-off it asked who signed, and how often who takes part was changed."""
    few = count_questions(make_study(tmp_path / "few", 12))
    many = count_questions(make_study(tmp_path / "many", 24))

    assert many == few
