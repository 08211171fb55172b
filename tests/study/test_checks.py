"""Spot checks are stored, and count only for the decision that they are about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from study.errors import KeyNotHeld, Stopped
from study.records import Category, InterviewDetails, LogLine, Objection
from study.spot_checks import SpotCheckResult, list_objections
from study.store.keys import Argon2Cost, KeyClass
from study.store.review_records import (
    read_spot_checks,
    read_turn_objections,
    record_spot_check,
    record_turn_check,
)
from study.store.study import Study
from study.store.verification import verify_study
from study.tasks import TaskProgress


def _line(mention: str, at: str = "2026-11-23T00:00:00+00:00") -> LogLine:
    return LogLine(
        mention, 1, 0.0, Category.PERSON, direct=True, action="replaced",
        replacement="[Person 1]", source="register", score=0.9, by=1, at=at,
    )  # fmt: skip


@pytest.fixture
def interview(study: Study) -> str:
    with study.change("imported") as change:
        return change.add_interview(InterviewDetails("P07_i1"))


def test_the_last_look_at_a_line_counts_and_can_be_taken_back(study: Study, interview: str) -> None:
    one, two, three = map(_line, ("m1", "m2", "m3"))
    record_spot_check(study.interview(interview), one, SpotCheckResult.RIGHT)
    record_spot_check(study.interview(interview), two, SpotCheckResult.RIGHT)
    record_spot_check(
        study.interview(interview), two, SpotCheckResult.WRONG, "still tells the ward"
    )
    record_spot_check(study.interview(interview), three, SpotCheckResult.WRONG, "not a name")
    record_spot_check(study.interview(interview), three, SpotCheckResult.OPEN)

    found = read_spot_checks(study.interview(interview), (one, two, three))

    assert {mention: check.found for mention, check in found.items()} == {
        "m1": "right", "m2": "objected to",
    }  # fmt: skip
    assert [(o.mention, o.reason) for o in list_objections(found.values())] == [
        ("m2", "still tells the ward")
    ]


def test_what_was_decided_otherwise_since_has_to_be_looked_at_again(
    study: Study, interview: str
) -> None:
    line = _line("m1")
    record_spot_check(study.interview(interview), line, SpotCheckResult.RIGHT)

    assert (
        read_spot_checks(
            study.interview(interview), [replace(line, at="2026-11-24T00:00:00+00:00")]
        )
        == {}
    )
    assert read_spot_checks(study.interview(interview), []) == {}


def test_the_trail_tells_of_a_look_without_its_reason(study: Study, interview: str) -> None:
    record_spot_check(
        study.interview(interview), _line("m1"), SpotCheckResult.WRONG, "Margaret is her sister"
    )

    rows = study.db.execute("SELECT verb, facts FROM trail ORDER BY number").fetchall()

    assert rows[-1][0] == "line of the log objected to"
    assert "Margaret" not in str(rows)
    assert verify_study(study) == []


def test_looks_open_to_who_may_read_clean_transcripts_alone(
    study: Study, interview: str, cheap: Argon2Cost
) -> None:
    study.add_slot("counter", "counts and nothing else", (KeyClass.KEY,), cost=cheap)
    record_spot_check(study.interview(interview), _line("m1"), SpotCheckResult.RIGHT)

    with (
        Study.open(study.folder, "counts and nothing else") as lesser,
        pytest.raises(KeyNotHeld),
    ):
        read_spot_checks(lesser.interview(interview), [_line("m1")])


def test_a_verification_tells_how_far_it_is_and_stops_when_asked(
    study: Study, interview: str
) -> None:
    record_spot_check(study.interview(interview), _line("m1"), SpotCheckResult.RIGHT)
    told: list[TaskProgress] = []

    whole = verify_study(study, report=told.append)

    assert whole == []
    assert [p.done for p in told] == sorted(p.done for p in told)
    assert told[-1].done == told[-1].total > 0
    with pytest.raises(Stopped):
        verify_study(study, stop=lambda: True)


def test_an_objection_to_a_turn_stands_until_it_is_taken_back(study: Study, interview: str) -> None:
    handle = study.interview(interview)
    record_turn_check(handle, 2, SpotCheckResult.WRONG, "Tom is a name")
    record_turn_check(handle, 3, SpotCheckResult.WRONG, "the spring")
    record_turn_check(handle, 3, SpotCheckResult.OPEN)
    record_spot_check(handle, _line("m1"), SpotCheckResult.RIGHT)

    found = read_turn_objections(handle, (1, 2, 3))

    assert list_objections(found.values()) == [Objection("Tom is a name", turn=2)]
    assert read_turn_objections(handle, (1, 3)) == {}  # turn 2 is there no more
    assert list(read_spot_checks(handle, [_line("m1")])) == ["m1"]
    assert verify_study(study) == []


def test_the_trail_tells_of_an_objection_to_a_turn_without_its_reason(
    study: Study, interview: str
) -> None:
    record_turn_check(study.interview(interview), 2, SpotCheckResult.WRONG, "Tom is a name")
    record_turn_check(study.interview(interview), 2, SpotCheckResult.OPEN)

    rows = study.db.execute("SELECT verb, facts FROM trail ORDER BY number").fetchall()

    assert [row[0] for row in rows[-2:]] == ["turn objected to", "objection to a turn taken back"]
    assert "Tom" not in str(rows)
