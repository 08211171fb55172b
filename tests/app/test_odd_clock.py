"""Somebody sets the clock of the computer: the order of the trail holds, and the sheet says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import format_sign_off_sheet
from study import InterviewDetails, OfficerRuling, SignOff, StandingSignOff
from study.store import Argon2Cost, Study, verify_study

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
SIGNED = StandingSignOff(
    SignOff(OfficerRuling.SIGNED, 1, "owner", "", "", "", "", trail_count=1, trail_hash=""), 1, ""
)
STEPS = {
    "right": ([timedelta(), HOUR, 2 * HOUR], ""),
    "back a year": ([HOUR, HOUR - YEAR], "once, by up to 365 days, 0:00:00"),
    "forward, and right again": (
        [HOUR, timedelta(minutes=1)],
        "once, by up to 0:59:00",
    ),
    "twice": (
        [HOUR, timedelta(), 2 * HOUR, -YEAR],
        "2 times, by up to 365 days, 2:00:00",
    ),
}


@pytest.mark.parametrize(("steps", "said"), STEPS.values(), ids=STEPS)
def test_an_odd_clock_is_told_on_the_sheet_and_breaks_no_trail(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost, steps: list[timedelta], said: str
) -> None:
    now = [NOON]
    study, _ = Study.create(tmp_path / "study", passphrase, cost=cheap, clock=lambda: now[0])
    with study:
        with study.change("entered") as change:
            interview = change.add_interview(InterviewDetails("P07_i1"))
        for step in steps:
            now[0] = NOON + step
            with study.interview(interview).change("done"):
                now[0] += timedelta(seconds=1)

        numbers = [line.number for line in study.read_trail()[0]]
        assert numbers == list(range(1, len(steps) + 3))
        assert verify_study(study) == []
        sheet = "\n".join(format_sign_off_sheet(study.interview(interview), SIGNED))
        assert ("The clock was odd" in sheet) == bool(said)
        assert said in sheet


def test_a_clock_that_goes_back_after_the_last_line_is_told_too(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    now = [NOON]
    study, _ = Study.create(tmp_path / "study", passphrase, cost=cheap, clock=lambda: now[0])
    with study, study.change("entered") as change:
        interview = change.add_interview(InterviewDetails("P07_i1"))
    now[0] -= HOUR
    with Study.open(tmp_path / "study", passphrase, clock=lambda: now[0]) as study:
        sheet = "\n".join(format_sign_off_sheet(study.interview(interview), SIGNED))

    assert "went back once, by up to 1:00:00 (trail, before now)" in sheet
