"""The parts of the record screen by themselves: letters of blocks, bars, lists, words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from app import choose_banner
from capture import RecordingPhase
from study import GuideTopic, InterviewDetails, Participant, Role
from tests.recordings import GUIDE, STILL
from tui.widgets.block_letters import (
    LetterScale,
    choose_largest_scale,
    draw_letters,
    measure_letters,
)
from tui.widgets.level_bars import draw_bar
from tui.widgets.recording_form import FormRow, RecordingForm
from tui.widgets.recording_text import describe_status
from tui.widgets.topic_list import find_next_topic, format_topics

_DIGITS = st.text("0123456789:", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("codes", "written"),
    [
        ("P01", "1 ✓ P01 participant"),
        ("P01 P02 P03", "1 ✓ P01   2 ✗ P02   3 ✓ P03"),  # no roles, and still apart
        ("P01 P02 P03 P04 P05 P06 P07", "1✓P01 2✗P02 3✓P03 4✓P04 5✓P05 6✓P06 7✓P07"),
    ],
)
def test_who_is_here_is_written_as_widely_as_the_smallest_window_has_room(
    codes: str, written: str
) -> None:
    people = tuple(Participant(code, Role.PARTICIPANT) for code in codes.split())
    form = RecordingForm(InterviewDetails("P01_i1", people))
    form.present = tuple(one.code for one in people if one.code != "P02")

    row = form.format_rows()[FormRow.PRESENT]

    assert row == f"{'Here now':<16}{written}"
    assert len(row) <= 76


@given(_DIGITS, st.sampled_from([LetterScale.HALF, LetterScale.TALL]))
def test_large_letters_take_the_room_that_was_told(text: str, scale: LetterScale) -> None:
    lines = draw_letters(text, scale).split("\n")

    assert len(lines) == scale
    assert {len(line) for line in lines} == {measure_letters(text, scale)}


@pytest.mark.parametrize("scale", [LetterScale.HALF, LetterScale.TALL])
def test_every_digit_is_drawn_in_its_own_way(scale: LetterScale) -> None:
    assert len({draw_letters(digit, scale) for digit in "0123456789"}) == 10


def test_every_state_can_be_drawn_large() -> None:
    for doing in RecordingPhase:
        word = choose_banner(replace(STILL, doing=doing)).word
        for letter in word.replace(" ", ""):
            assert draw_letters(letter, LetterScale.HALF).strip(), letter


@given(_DIGITS, st.integers(0, 100), st.integers(0, 10))
def test_letters_are_never_larger_than_their_place(text: str, columns: int, lines: int) -> None:
    scale = choose_largest_scale(text, columns, lines)

    assert scale is LetterScale.LINE or (measure_letters(text, scale) <= columns and scale <= lines)


@given(st.floats(-96, 0), st.integers(1, 200))
def test_a_bar_fills_its_place_and_grows_with_the_level(level: float, columns: int) -> None:
    full, rest = draw_bar(level, columns)

    assert cell_len(full + rest) == columns
    assert len(draw_bar(level / 2, columns)[0]) >= len(full)


@given(
    st.lists(
        st.builds(GuideTopic, st.text(min_size=1), st.lists(st.text()).map(tuple)), max_size=30
    ),
    st.integers(0, 29),
    st.sets(st.integers(0, 29)),
    st.integers(0, 60),
    st.integers(0, 40),
)
def test_the_guide_fits_any_window(
    topics: list[GuideTopic], current: int, asked: set[int], columns: int, lines: int
) -> None:
    known = [number for number in asked if number < len(topics)]
    text = "".join(p if isinstance(p, str) else p[0] for p in format_topics(
        topics, current, known, columns, lines
    ))  # fmt: skip

    if columns >= 40 and lines >= 12:
        assert text.count("\n") < lines
        assert not topics or f"Topics: {len(known)} of {len(topics)} begun" in text


@given(st.sets(st.integers(0, 3)), st.none() | st.integers(0, 3))
def test_the_next_topic_is_one_that_is_unasked(asked: set[int], current: int | None) -> None:
    found = find_next_topic(GUIDE.topics, current, tuple(asked))

    assert (found is None) == (len(asked) == 4)
    assert found is None or found not in asked


def test_the_last_second_of_a_failed_recording_says_what_is_safe() -> None:
    moment = replace(STILL, doing=RecordingPhase.ENDED, before_s=60.0, failure="The disk is full.")

    assert describe_status(moment) == "The disk is full. 0:13:09 of sound are safe in the study."


@given(st.floats(-96, 0), st.floats(0, 60), st.integers(4, 200))
def test_the_loudest_of_the_last_seconds_is_where_the_word_about_them_says_it_is(
    level: float, above: float, columns: int
) -> None:
    loudest = min(0.0, level + above)
    full, rest = draw_bar(level, columns, loudest)

    assert cell_len(full + rest) == columns
    assert rest.replace("│", "─") == "─" * len(rest)
    assert rest.count("│") <= 1
    loud = "".join(draw_bar(-40.0, columns, -0.5))  # "! too loud", beside a low level
    assert loud.index("│") >= 0.97 * columns - 1
