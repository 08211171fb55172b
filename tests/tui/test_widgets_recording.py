"""The parts of the record screen by themselves: letters of blocks, bars, lists, words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from capture.moment import Doing
from study.guide import Topic
from study.terms import Mark, MarkKind
from tests.tui.recordings import GUIDE, STILL
from tui.widgets import telling
from tui.widgets.blocks import Scale, draw, largest, width
from tui.widgets.meter import bar
from tui.widgets.topics import following, page

_DIGITS = st.text("0123456789:", min_size=1, max_size=8)


@given(_DIGITS, st.sampled_from([Scale.HALF, Scale.TALL]))
def test_large_letters_take_the_room_that_was_told(text: str, scale: Scale) -> None:
    lines = draw(text, scale).split("\n")

    assert len(lines) == scale
    assert {len(line) for line in lines} == {width(text, scale)}


@pytest.mark.parametrize("scale", [Scale.HALF, Scale.TALL])
def test_every_digit_is_drawn_in_its_own_way(scale: Scale) -> None:
    assert len({draw(digit, scale) for digit in "0123456789"}) == 10


def test_every_state_can_be_drawn_large() -> None:
    for doing in Doing:
        word = telling.banner(replace(STILL, doing=doing)).word
        for letter in word.replace(" ", ""):
            assert draw(letter, Scale.HALF).strip(), letter


@given(_DIGITS, st.integers(0, 100), st.integers(0, 10))
def test_letters_are_never_larger_than_their_place(text: str, columns: int, lines: int) -> None:
    scale = largest(text, columns, lines)

    assert scale is Scale.LINE or (width(text, scale) <= columns and scale <= lines)


@given(st.floats(-96, 0), st.integers(1, 200))
def test_a_bar_fills_its_place_and_grows_with_the_level(level: float, columns: int) -> None:
    full, rest = bar(level, columns)

    assert cell_len(full + rest) == columns
    assert len(bar(level / 2, columns)[0]) >= len(full)


@given(
    st.lists(st.builds(Topic, st.text(min_size=1), st.lists(st.text()).map(tuple)), max_size=30),
    st.integers(0, 29),
    st.sets(st.integers(0, 29)),
    st.integers(0, 60),
    st.integers(0, 40),
)
def test_the_guide_fits_any_window(
    topics: list[Topic], current: int, asked: set[int], columns: int, lines: int
) -> None:
    known = [number for number in asked if number < len(topics)]
    text = "".join(p if isinstance(p, str) else p[0] for p in page(
        topics, current, known, columns, lines
    ))  # fmt: skip

    if columns >= 40 and lines >= 12:
        assert text.count("\n") < lines
        assert not topics or f"Topics: {len(known)} of {len(topics)} begun" in text


@given(st.sets(st.integers(0, 3)), st.none() | st.integers(0, 3))
def test_the_next_topic_is_one_that_is_unasked(asked: set[int], current: int | None) -> None:
    found = following(GUIDE.topics, current, tuple(asked))

    assert (found is None) == (len(asked) == 4)
    assert found is None or found not in asked


@pytest.mark.parametrize("kind", MarkKind)
def test_every_mark_is_confirmed_in_words(kind: MarkKind) -> None:
    told = telling.happened(Mark(751.2, kind, "so"))

    assert told.endswith(" at 00:12:31: so")
    assert told[0].isupper()


def test_little_disk_has_a_sign() -> None:
    assert telling.disk(replace(STILL, disk_left_s=600.0)) == "! 10 min of disk left"
    assert telling.disk(replace(STILL, disk_left_s=7_200.0)) == "2 h 0 min of disk left"
    assert telling.disk(replace(STILL, disk_left_s=1e9)) == "over 2 days of disk left"


def test_the_last_second_of_a_failed_recording_says_what_is_safe() -> None:
    moment = replace(STILL, doing=Doing.ENDED, before_s=60.0, failure="The disk is full.")

    assert telling.sentence(moment) == "The disk is full. 0:13:09 of sound are safe in the study."
