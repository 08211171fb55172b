"""Sound that is missing is told from sound that is late, and from a card's own idea of a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.clock_lag import LEAST_LAG_S, LagDetector, MissingSound, NewestBlock

RATE = 48_000
BLOCK_S = 0.05


def blocks(
    seconds: float, *, ppm: float = 0.0, late_s: list[float] | None = None
) -> Iterator[tuple[float, int]]:
    """Yield when each block comes and how many frames it has; late ones come one after another."""
    newest_s, late_s = 0.0, late_s or [0.0]
    for number in range(1, round(seconds / BLOCK_S) + 1):
        at_s = number * BLOCK_S * (1 + ppm / 1e6) + late_s[number % len(late_s)]
        newest_s = max(newest_s, at_s)
        yield newest_s, round(BLOCK_S * RATE)


def looks(
    seconds: float, *, ppm: float = 0.0, late_s: list[float] | None = None,
    without: range = range(0),
) -> list[MissingSound]:  # fmt: skip
    """Look at each block that comes, at all but those ``without``, and return what was found."""
    lag, given, found = LagDetector(RATE), 0, list[MissingSound]()
    for number, (at_s, frames) in enumerate(blocks(seconds, ppm=ppm, late_s=late_s)):
        if number in without:
            continue
        given += frames
        jump = lag.take_block(NewestBlock(at_s, given, given))
        found += [jump] if jump else []
    return found


@pytest.mark.parametrize("ppm", [-500, -200, 0, 200, 500])
def test_a_card_that_runs_fast_or_slow_loses_nothing(ppm: int) -> None:
    assert looks(3600, ppm=ppm) == []


@given(st.floats(0, 2.0), st.lists(st.floats(0, 0.1), min_size=1, max_size=7))
def test_blocks_that_come_late_and_all_at_once_lose_nothing(
    late_s: float, bits: list[float]
) -> None:
    assert looks(30, late_s=[late_s, *[0.0] * 59]) == []
    assert looks(30, late_s=[*bits, 0.0]) == []


@given(
    st.integers(-300, 300), st.integers(4, 200), st.lists(st.floats(0, 0.1), min_size=1, max_size=7)
)
def test_blocks_that_never_come_are_told_once_with_their_length(
    ppm: int, missing: int, late_s: list[float]
) -> None:
    first = 400

    found = looks(40, ppm=ppm, late_s=[*late_s, 0.0], without=range(first, first + missing))

    (jump,) = found
    assert jump.length_s == pytest.approx(missing * BLOCK_S, abs=0.11)
    assert jump.place == pytest.approx(first * BLOCK_S * RATE, abs=8 * BLOCK_S * RATE)


def test_two_losses_are_told_one_by_one() -> None:
    found = looks(60, without=range(400, 410)) + looks(60, without=range(800, 820))

    assert [round(jump.length_s, 2) for jump in found] == [0.5, 1.0]


def test_what_is_shorter_than_a_word_is_not_told() -> None:
    assert looks(60, without=range(400, 400 + int(LEAST_LAG_S / BLOCK_S) - 1)) == []


def test_when_there_is_no_time_for_a_verdict_the_newest_blocks_decide() -> None:
    lag = LagDetector(RATE)
    for number in range(1, 100):
        lag.take_block(NewestBlock(number * BLOCK_S, number * 2400, number * 2400))
    for number in range(100, 110):
        lag.take_block(NewestBlock(number * BLOCK_S + 1.0, number * 2400, number * 2400))

    found = lag.conclude()
    assert found is not None
    assert (round(found.length_s, 6), found.place) == (1.0, 99 * 2400)
    assert lag.conclude() is None


def test_a_source_that_stops_in_its_first_seconds_has_lost_what_it_did_not_give() -> None:
    (jump,) = looks(20, without=range(20, 80))

    assert (round(jump.length_s, 6), jump.place) == (3.0, 20 * 2400)


def test_another_source_begins_anew() -> None:
    lag = LagDetector(RATE)
    lag.take_block(NewestBlock(1.0, 48_000))
    lag.restart()

    for number in range(100):
        assert lag.take_block(NewestBlock(500.0 + number, 48_000 * (2 + number))) is None
