"""What an officer finds at lines of the log is kept, and counts for what was decided then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from study import checks, verify
from study.checks import Found
from study.errors import KeyNotHeld, Stopped
from study.keys import Argon2Cost, KeyClass
from study.steps import Progress
from study.store import Study
from study.terms import About, Category, LogLine


def _line(mention: str, at: str = "2026-11-23T00:00:00+00:00") -> LogLine:
    return LogLine(
        mention, 1, 0.0, Category.PERSON, direct=True, action="replaced",
        replacement="[Person 1]", source="register", score=0.9, by=1, at=at,
    )  # fmt: skip


@pytest.fixture
def interview(study: Study) -> str:
    with study.change("imported") as change:
        return change.add_interview(About("P07_i1"))


def test_the_last_look_at_a_line_counts_and_can_be_taken_back(study: Study, interview: str) -> None:
    one, two, three = map(_line, ("m1", "m2", "m3"))
    checks.note(study, interview, one, Found.RIGHT)
    checks.note(study, interview, two, Found.RIGHT)
    checks.note(study, interview, two, Found.WRONG, "still tells the ward")
    checks.note(study, interview, three, Found.WRONG, "not a name")
    checks.note(study, interview, three, Found.OPEN)

    found = checks.read(study, interview, (one, two, three))

    assert {mention: check.found for mention, check in found.items()} == {
        "m1": "right", "m2": "objected to",
    }  # fmt: skip
    assert [(o.mention, o.reason) for o in checks.objections(found)] == [
        ("m2", "still tells the ward")
    ]


def test_what_was_decided_otherwise_since_has_to_be_looked_at_again(
    study: Study, interview: str
) -> None:
    line = _line("m1")
    checks.note(study, interview, line, Found.RIGHT)

    assert checks.read(study, interview, [replace(line, at="2026-11-24T00:00:00+00:00")]) == {}
    assert checks.read(study, interview, []) == {}


def test_the_trail_tells_of_a_look_without_its_reason(study: Study, interview: str) -> None:
    checks.note(study, interview, _line("m1"), Found.WRONG, "Margaret is her sister")

    rows = study.db.execute("SELECT verb, facts FROM trail ORDER BY number").fetchall()

    assert rows[-1][0] == "line of the log objected to"
    assert "Margaret" not in str(rows)
    assert verify.check_study(study) == []


def test_looks_open_to_who_may_read_clean_transcripts_alone(
    study: Study, interview: str, cheap: Argon2Cost
) -> None:
    study.add_slot("counter", "counts and nothing else", (KeyClass.KEY,), cost=cheap)
    checks.note(study, interview, _line("m1"), Found.RIGHT)

    with (
        Study.open(study.folder, "counts and nothing else") as lesser,
        pytest.raises(KeyNotHeld),
    ):
        checks.read(lesser, interview, [_line("m1")])


def test_a_verification_tells_how_far_it_is_and_stops_when_asked(
    study: Study, interview: str
) -> None:
    checks.note(study, interview, _line("m1"), Found.RIGHT)
    told: list[Progress] = []

    whole = verify.check_study(study, report=told.append)

    assert whole == []
    assert [p.done for p in told] == sorted(p.done for p in told)
    assert told[-1].done == told[-1].total > 0
    with pytest.raises(Stopped):
        verify.check_study(study, stop=lambda: True)
