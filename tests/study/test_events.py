"""Events of a recording: ordered, merged, described, and placed among the turns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.events import (
    describe_event,
    format_duration,
    merge_events,
    order_events,
    select_pauses,
    select_shown_events,
    strip_notes,
)
from study.records import Mark, MarkKind, Turn

_TIMES = st.lists(st.floats(0, 9000), max_size=12).map(sorted)


def test_what_was_set_aside_is_one_event_with_its_length() -> None:
    begun, ended = Mark(4.0, MarkKind.PAUSED), Mark(4.0, MarkKind.PAUSED, "", 130.0)
    meanwhile = Mark(4.0, MarkKind.MARKER, "wants tea")

    assert order_events([begun, meanwhile, ended]) == (ended, meanwhile)


def test_a_note_that_was_typed_to_a_marker_is_one_event_with_it() -> None:
    bare, noted = Mark(4.0, MarkKind.MARKER), Mark(4.0, MarkKind.MARKER, "laughs")
    other = Mark(5.0, MarkKind.MARKER)

    assert order_events([bare, other, noted]) == (noted, other)


def test_a_pause_that_a_crash_ended_stays_without_a_length() -> None:
    lost = Mark(4.0, MarkKind.PAUSED)
    later = Mark(9.0, MarkKind.PAUSED, "", 3.0)

    assert order_events([later, lost]) == (lost, later)


def test_two_pauses_at_one_place_stay_two() -> None:
    off, paused = MarkKind.OFF_RECORD, MarkKind.PAUSED
    marks = [Mark(4.0, off), Mark(4.0, off, "", 9.0), Mark(4.0, paused), Mark(4.0, paused, "", 2.0),
             Mark(4.0, off), Mark(4.0, off, "", 1.0)]  # fmt: skip

    assert [(event.kind, event.length_s) for event in order_events(marks)] == [
        (off, 9.0), (paused, 2.0), (off, 1.0),
    ]  # fmt: skip


def test_only_headings_and_codes_go_to_those_who_may_not_know_who_is_who() -> None:
    every = [Mark(1.0, kind, "Margaret", 2.0) for kind in MarkKind]

    clean = strip_notes([*every, Mark(1.0, "of a newer version", "Margaret")])

    assert {event.kind for event in clean if event.note} == {
        MarkKind.TOPIC,
        MarkKind.SPEAKER,
        MarkKind.OVERLAP,
        MarkKind.JOINT,
    }
    assert [event.length_s for event in clean[:-1]] == [2.0] * len(MarkKind)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Mark(0.0, MarkKind.TOPIC, "First contact"), "Topic: First contact"),
        (Mark(0.0, MarkKind.PAUSED, "", 130.0), "(recording paused, 2 min 10 s)"),
        # P says who needed the pause, not why.
        (Mark(0.0, MarkKind.DISTRESS, "", 13.0), "(paused for the participant, 13 s)"),
        (Mark(0.0, MarkKind.DISTRESS_OR_DISSENT, "", 13.0), "(paused for the participant, 13 s)"),
        (Mark(0.0, MarkKind.OFF_RECORD, "", 40.0), "(off the record, 40 s)"),
        (Mark(0.0, MarkKind.GAP, "", 3.2), "(sound missing, 3 s)"),
        (Mark(0.0, MarkKind.ABSENT, "", 5.0), "(sound missing, 5 s)"),
        (Mark(0.0, MarkKind.JOINT, "2 of 3"), "(file 2 of 3 begins)"),
        (Mark(0.0, MarkKind.LOST, "", 0.2), "(sound missing, 1 s)"),
        (Mark(0.0, MarkKind.MARKER), "(marker)"),
        (Mark(0.0, MarkKind.MARKER, "the photograph"), "(marker: the photograph)"),
        (Mark(0.0, "of a newer version"), "(of a newer version)"),
    ],
)
def test_an_event_is_a_line_that_people_read(event: Mark, words: str) -> None:
    assert describe_event(event) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (59.6, "1 min"), (130.0, "2 min 10 s"), (3600.0, "1 h"), (3930.0, "1 h 5 min")],
)
def test_lengths_are_written_as_people_say_them(seconds: float, words: str) -> None:
    assert format_duration(seconds) == words


def test_who_speaks_and_what_the_computer_did_is_no_line_to_read() -> None:
    kinds = {event.kind for event in select_shown_events(Mark(0.0, kind) for kind in MarkKind)}

    assert set(MarkKind) - kinds == {MarkKind.SPEAKER, MarkKind.SLOW_DISK, MarkKind.CLOCK}


@given(_TIMES, _TIMES)
def test_an_event_stands_before_the_first_turn_that_begins_no_earlier(
    begun: list[float], happened: list[float]
) -> None:
    turns = [Turn(n, "P07", at_s, at_s, "") for n, at_s in enumerate(begun)]
    marks = [Mark(at_s, MarkKind.SILENCE, str(n)) for n, at_s in enumerate(happened)]

    read = merge_events(turns, marks)

    assert [item for item in read if isinstance(item, Turn)] == turns
    assert [item for item in read if isinstance(item, Mark)] == marks
    for place, item in enumerate(read):
        if isinstance(item, Mark):
            assert all(t.start_s < item.at_s for t in read[:place] if isinstance(t, Turn))
            assert all(t.start_s >= item.at_s for t in read[place:] if isinstance(t, Turn))


@pytest.mark.parametrize("kind", [MarkKind.MARKER, MarkKind.TOPIC])
@pytest.mark.parametrize(
    ("at_s", "place"),
    [(1.0, 0), (3.0, 1), (4.9, 1), (5.2, 1), (5.6, 1), (8.0, 3), (9.5, 3), (10.5, 3), (12.0, 4)],
)
def test_what_is_pressed_in_mid_sentence_stands_where_no_sentence_is_cut(
    kind: MarkKind, at_s: float, place: int
) -> None:
    """So "Come in," and "sit down." had a marker between them in what was handed over."""
    turns = [
        Turn(1, "P07", 1.0, 4.0, "That was all."),
        Turn(2, "INT01", 5.0, 7.0, "Come in,"),
        Turn(3, "INT01", 7.8, 9.0, "sit down."),
        Turn(4, "P07", 10.5, 11.0, "Thank you."),
    ]

    read = merge_events(turns, [Mark(at_s, kind, "Home")])

    assert read.index(Mark(at_s, kind, "Home")) == place


def test_a_long_pause_in_mid_sentence_may_hold_a_marker() -> None:
    turns = [Turn(1, "P07", 1.0, 4.0, "She was called"), Turn(2, "P07", 8.0, 9.0, "Ivy.")]
    marker = Mark(6.0, MarkKind.MARKER)

    assert merge_events(turns, [marker]) == [turns[0], marker, turns[1]]


def test_a_silence_is_told_by_its_seconds_and_an_overlap_by_who_spoke() -> None:
    assert describe_event(Mark(1.0, MarkKind.SILENCE, length_s=4.2)) == "(4 s)"
    assert (
        describe_event(Mark(1.0, MarkKind.OVERLAP, "INT01 P07", 1.6))
        == "(INT01 and P07 at once, 2 s)"
    )


def test_silences_are_told_from_the_studys_seconds_on() -> None:
    turns = [Turn(1, "P07", 0.0, 2.0, "Well"), Turn(2, "P07", 5.0, 9.0, "yes")]
    short, long = (Mark(2.0, MarkKind.SILENCE, length_s=s) for s in (2.94, 2.96))
    topic = Mark(4.0, MarkKind.TOPIC, "Home")

    assert select_pauses([short, long, topic], turns, 3.0) == (long, topic)
    assert select_pauses([short, long, topic], turns, 2.5) == (short, long, topic)
    assert select_pauses([short, long, topic], turns, 0.0) == (topic,)


def test_a_silence_inside_a_turn_is_not_told_after_it() -> None:
    turns = [Turn(1, "P07", 0.0, 9.0, "Well yes"), Turn(2, "INT", 1.0, 1.5, "Mm")]
    inside = Mark(2.0, MarkKind.SILENCE, length_s=1.5)

    assert select_pauses([inside], turns, 1.0) == ()
    assert select_pauses([inside], turns[1:], 1.0) == (inside,)
