"""Sound stands where a player would show it, and what is missing is a gap of the right length."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.track_timeline import SoundGap, TrackTimeline

RATE = 16_000
PIECE = 320  # 20 ms


def played(times: list[float | None], *, zero_s: float | None = 0.0) -> TrackTimeline:
    line = TrackTimeline(RATE, zero_s)
    for at_s in times:
        line.place(at_s, PIECE)
    return line


def gaps(line: TrackTimeline) -> list[tuple[float, float]]:
    return [(round(g.at_s, 3), round(g.length_s, 3)) for g in line.take_gaps(all_of_them=True)]


def test_a_jump_of_five_seconds_is_five_seconds_of_silence() -> None:
    line = played([0.0, 0.02, 5.04, 5.06])

    assert gaps(line) == [(0.04, 5.0)]
    assert line.frames == round(5.08 * RATE)


def test_sound_that_begins_late_begins_late() -> None:
    assert gaps(played([4.0, 4.02])) == [(0.0, 4.0)]


def test_a_track_alone_begins_at_its_own_time() -> None:
    assert gaps(played([1.6, 1.62], zero_s=None)) == []
    assert gaps(played([None, None])) == []


@pytest.mark.parametrize("jump_s", [-3600.0, -1.0, 4000.0, 90_000.0])
def test_another_clock_is_no_gap(jump_s: float) -> None:
    line = played([7.0, 7.02, 7.04 + jump_s, 7.06 + jump_s, 7.08 + jump_s + 2.0], zero_s=7.0)

    assert gaps(line) == [(0.08, 2.0)]


def test_damage_shorter_than_any_gap_keeps_its_time() -> None:
    line = played([0.0])

    assert line.place(0.04, PIECE, after_damage=True) == PIECE
    assert line.take_gaps(all_of_them=True) == [SoundGap(0.02, 0.02, is_damage=True)]
    assert line.damaged_places == 1


def test_neighbouring_damage_is_one_place_and_distant_is_two() -> None:
    line = TrackTimeline(RATE, 0.0)
    for number in (0, 2, 4, *range(5, 100), 101):
        line.place(number * 0.02, PIECE, after_damage=number in {2, 4, 101})

    assert line.damaged_places == 2


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-0.02, 0.02), min_size=2, max_size=60))
def test_the_grain_of_a_containers_times_is_no_gap(jitter: list[float]) -> None:
    line = played([max(0.0, n * 0.02 + off) for n, off in enumerate(jitter)])

    assert gaps(line) == []
    assert line.frames == len(jitter) * PIECE


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0.15, 60.0), max_size=20))
def test_every_piece_stands_where_its_time_says(pauses: list[float]) -> None:
    line, at_s = TrackTimeline(RATE, 0.0), 0.0
    for pause_s in [0.0, *pauses]:
        at_s += pause_s
        line.place(at_s, PIECE)
        assert line.frames / RATE == pytest.approx(at_s + 0.02, abs=0.001)
        at_s += 0.02

    missing_s = sum(gap.length_s for gap in line.take_gaps(all_of_them=True))
    assert missing_s == pytest.approx(sum(pauses), abs=0.01)


def test_gaps_are_given_out_once_and_the_last_only_when_it_is_complete() -> None:
    line = TrackTimeline(RATE, 0.0)
    for at_s in (0.0, 1.0, 3.0):
        line.place(at_s, RATE)
    line.place(5.0, RATE)

    first = line.take_gaps()
    rest = line.take_gaps(all_of_them=True)

    assert [round(gap.at_s, 2) for gap in first] == [2.0]
    assert [round(gap.at_s, 2) for gap in rest] == [4.0]
    assert line.take_gaps(all_of_them=True) == []
