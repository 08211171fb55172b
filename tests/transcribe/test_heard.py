"""Word times put right, passages without words found, and seconds that add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study import Word
from transcribe.speech_coverage import (
    NEAR_SPEECH_S,
    TranscribedWindow,
    clamp_words,
    find_wordless_spans,
    measure_coverage,
    measure_speech_s,
)

Stretches = tuple[tuple[float, float], ...]
seconds = st.floats(0, 60, allow_nan=False)


@st.composite
def speech(draw: st.DrawFn) -> Stretches:
    """Spans of speech from 20 s on."""
    at, made = 20.0, list[tuple[float, float]]()
    for pause, length in draw(
        st.lists(st.tuples(st.floats(0.3, 3), st.floats(0.1, 6)), min_size=1, max_size=5)
    ):
        made.append((at + pause, at + pause + length))
        at = made[-1][1]
    return tuple(made)


def window(spoken: Stretches, *words: tuple[float, float]) -> TranscribedWindow:
    said = tuple(Word(" w", a, b, 0.9) for a, b in words)
    return TranscribedWindow(0, 0, spoken[0][0], spoken[-1][1], spoken, said)


@given(st.lists(st.tuples(seconds, seconds), max_size=20), speech())
def test_word_times_stay_in_their_window_and_in_order(
    times: list[tuple[float, float]], spoken: Stretches
) -> None:
    good = clamp_words([Word("w", a, b, 0.5) for a, b in times], spoken)

    assert all(spoken[0][0] <= w.start_s <= w.end_s <= spoken[-1][1] for w in good)
    assert [w.start_s for w in good] == sorted(w.start_s for w in good)
    assert all(w.end_s - w.start_s <= 2.0 + 1e-9 for w in good)  # sums of floats
    assert clamp_words(good, spoken) == good


def test_a_word_drawn_out_over_a_pause_goes_where_most_of_it_was_said() -> None:
    spoken = ((0.0, 1.0), (3.0, 5.0))

    good = clamp_words([Word("well", 0.8, 3.9, 0.9), Word("yes", 3.9, 5.4, 0.9)], spoken)

    assert [(w.start_s, w.end_s) for w in good] == [(3.0, 3.9), (3.9, 5.0)]


def test_a_word_where_nobody_speaks_stays_there() -> None:
    good = clamp_words([Word("thanks", 1.8, 2.2, 0.9)], ((0.0, 1.0), (3.0, 5.0)))

    assert [(w.start_s, w.end_s) for w in good] == [(1.8, 2.2)]


@given(speech(), st.lists(st.tuples(seconds, seconds), max_size=8))
def test_every_second_of_speech_has_words_or_has_none(
    spoken: Stretches, times: list[tuple[float, float]]
) -> None:
    words = clamp_words([Word("w", a, b, 0.5) for a, b in times], spoken)
    heard = window(spoken, *((w.start_s, w.end_s) for w in words))

    told = measure_coverage([heard], 100.0)

    assert told.speech_s == pytest.approx(sum(b - a for a, b in spoken), abs=0.01)
    assert 0 <= told.covered_s <= told.speech_s
    step_s = 0.01
    counted = sum(  # the same, moment by moment
        step_s
        for a, b in spoken
        for n in range(int((b - a) / step_s))
        if any(w.start_s - NEAR_SPEECH_S <= a + n * step_s < w.end_s + NEAR_SPEECH_S for w in words)
    )
    assert told.covered_s == pytest.approx(counted, abs=0.1 + 0.02 * len(words))
    # What is near to a word counts as covered, and less than .3 s is no gap; spans with no word in
    # them are gaps however near a word is.
    if told.speech_s - told.covered_s < 0.98 and all(
        any(w.start_s < b and w.end_s > a for w in words) for a, b in spoken
    ):
        assert told.gaps == ()


def test_coverage_adds_up_to_the_second_and_names_the_gap() -> None:
    said = window(((0.0, 3.0),), (0.0, 0.9), (1.0, 1.9), (2.0, 2.9))

    told = measure_coverage([said, window(((10.0, 11.0),))], 20.0, [(0.0, 0.9)])

    assert (told.sound_s, told.speech_s, told.covered_s) == (20.0, 4.0, 3.0)
    assert told.gaps == ((10.0, 11.0),)
    assert (told.doubts, told.flagged_s) == (((0.0, 0.9),), 0.9)


def test_a_short_answer_without_words_is_named_where_nothing_else_was_said() -> None:
    assert find_wordless_spans(window(((5.0, 5.4),))) == [(5.0, 5.4)]


def test_many_short_answers_without_words_are_one_passage() -> None:
    spoken = ((0.0, 1.0), (2.0, 2.8), (3.5, 4.3), (5.0, 5.8), (7.0, 8.0))

    assert find_wordless_spans(window(spoken, (0.0, 1.0), (7.0, 8.0))) == [(2.0, 5.8)]


def test_a_breath_between_words_is_no_gap() -> None:
    assert find_wordless_spans(window(((0.0, 4.0),), (0.0, 1.0), (2.5, 4.0))) == []


def test_gaps_of_all_windows_are_named_in_the_order_of_time() -> None:
    empty = [window(((at, at + 2.5),)) for at in (40.0, 10.0, 25.0)]

    assert measure_coverage(empty, 60.0).gaps == ((10.0, 12.5), (25.0, 27.5), (40.0, 42.5))


def test_a_second_without_words_is_a_gap_and_less_is_a_breath() -> None:
    def passages(until_s: float) -> Stretches:
        return tuple(find_wordless_spans(window(((0.0, until_s),), (0.0, 1.0))))

    assert passages(2.5) == ((1.5, 2.5),)  # what is near to a word counts as covered
    assert passages(2.375) == ()


def test_an_answer_right_after_its_question_is_a_gap_if_it_has_no_word() -> None:
    """With 1 s for a gap, and what is near to a word covered, two of sixteen answers were lost."""
    spoken = ((0.0, 2.0), (2.4, 3.1))

    assert find_wordless_spans(window(spoken, (0.0, 2.0))) == [(2.4, 3.1)]


def test_a_passage_that_goes_on_after_a_pause_is_as_long_as_its_speech() -> None:
    spoken = ((0.0, 2.0), (5.0, 5.125), (6.0, 6.125))

    assert (
        find_wordless_spans(window(spoken, (0.0, 1.5))) == []
    )  # a quarter of a second in all, whatever the pauses
    assert find_wordless_spans(window(((0.0, 2.0), (5.0, 6.0)), (0.0, 2.0))) == [(5.0, 6.0)]


def test_a_passage_ends_where_the_next_word_is_and_another_begins_after_it() -> None:
    spoken = ((0.0, 10.0), (12.0, 14.0))

    assert find_wordless_spans(window(spoken, (3.0, 4.0), (12.0, 13.5))) == [
        (0.0, 2.5),
        (4.5, 10.0),
    ]
    far = ((0.0, 10.0), (16.0, 17.0))  # a long pause parts them: they are packed, not near
    assert find_wordless_spans(window(far, (3.0, 4.0))) == [(0.0, 2.5), (4.5, 10.0), (16.0, 17.0)]
    assert find_wordless_spans(window(spoken, (4.0, 4.0))) == [(0.0, 3.5), (4.5, 14.0)]


def test_words_in_any_order_cover_the_same_speech() -> None:
    spoken = ((0.0, 10.0),)

    assert find_wordless_spans(window(spoken, (8.0, 9.5), (0.5, 2.0), (1.2, 1.4))) == [(2.5, 7.5)]


def test_a_word_that_only_touches_speech_belongs_to_none() -> None:
    spoken = ((0.0, 1.0), (3.0, 5.0))

    good = clamp_words([Word("thanks", 1.0, 3.0, 0.9), Word("so", 2.0, 2.5, 0.9)], spoken)

    assert [(w.start_s, w.end_s) for w in good] == [(1.0, 3.0), (2.0, 2.5)]


def test_words_never_go_back_before_the_word_in_front() -> None:
    good = clamp_words([Word("a", 3.0, 3.5, 0.9), Word("b", 2.0, 3.25, 0.9)], ((0.0, 5.0),))

    assert [(w.start_s, w.end_s) for w in good] == [(3.0, 3.5), (3.0, 3.25)]


def test_what_passages_share_with_speech_is_counted_once_each() -> None:
    speech = ((0.0, 4.0), (6.0, 6.5), (10.0, 12.0))

    assert (
        measure_speech_s([(1.0, 3.0), (3.5, 6.25), (11.5, 20.0)], speech) == 2.0 + 0.5 + 0.25 + 0.5
    )
    assert measure_speech_s([(4.5, 5.5)], speech) == 0.0
    assert measure_speech_s([], speech) == 0.0


def test_figures_are_hundredths_of_a_second() -> None:
    one = TranscribedWindow(
        0, 0, 0.0, 8.0, ((0.0, 8.1234),), (Word("w", 0.0, 1.0006, 0.9),), ((4.0, 4.3334),)
    )
    other = TranscribedWindow(1, 0, 10.0, 18.0, ((10.0, 11.0),), (), ((9.0, 11.5),))

    told = measure_coverage([one, other], 20.1267, [(3.1416, 4.2853), (1.0, 1.5)])

    assert (told.sound_s, told.speech_s, told.covered_s) == (20.13, 9.12, 1.5)
    assert told.gaps == ((1.5, 8.12), (10.0, 11.0))
    assert told.again_s == 1.33
    assert (told.doubts, told.flagged_s) == (((1.0, 1.5), (3.14, 4.29)), 1.64)


def test_what_was_not_heard_again_says_so_without_being_told() -> None:
    assert measure_coverage([window(((0.0, 2.0),), (0.0, 2.0))], 2.0).again_s == 0.0


def test_speech_that_is_covered_to_its_very_end_begins_no_passage() -> None:
    assert find_wordless_spans(window(((0.0, 2.0), (5.0, 6.0)), (0.5, 1.5))) == [(5.0, 6.0)]


def test_a_rest_before_an_answer_without_words_belongs_to_its_gap() -> None:
    """It was neither covered nor told while each stretch was judged by itself."""
    spoken = ((0.0, 2.0), (2.5, 3.0))

    assert find_wordless_spans(window(spoken, (0.0, 0.75))) == [(1.25, 3.0)]
