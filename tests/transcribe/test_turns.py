"""Turns, clamped word times, and the proof of what is covered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from study.terms import Word
from transcribe.turns import NOT_TRANSCRIBED, UNKNOWN_SPEAKER, Heard, clamped, coverage, turns


def heard(number: int, start: float, text: str = "", channel: int = 0) -> Heard:
    """A window of one second a word, all of it speech."""
    words = tuple(
        Word(f" {w}", start + i, start + i + 0.9, 0.9) for i, w in enumerate(text.split())
    )
    end = start + max(1, len(words))
    return Heard(number, channel, start, end, ((start, end),), words)


seconds = st.floats(0, 100, allow_nan=False)


@given(st.lists(st.tuples(seconds, seconds), max_size=20))
def test_word_times_stay_in_their_window_and_in_order(times: list[tuple[float, float]]) -> None:
    words = [Word("w", a, b, 0.5) for a, b in times]

    good = clamped(words, 20.0, 48.0)

    assert all(20.0 <= w.start_s <= w.end_s <= 48.0 for w in good)
    assert [w.start_s for w in good] == sorted(w.start_s for w in good)
    assert all(w.end_s - w.start_s <= 2.0 + 1e-9 for w in good)  # sums of floats


def test_with_one_microphone_for_all_nobody_is_named() -> None:
    made = turns([heard(0, 0.0, "hello there"), heard(1, 5.0, "yes")], ["S1"], by_channel=False)

    assert [(t.speaker, t.text) for t in made] == [
        (UNKNOWN_SPEAKER, "hello there"),
        (UNKNOWN_SPEAKER, "yes"),
    ]


def test_a_channel_is_a_speaker_and_turns_follow_the_clock() -> None:
    windows = [heard(0, 0.0, "how are you"), heard(2, 6.0, "good"), heard(1, 3.5, "well", 1)]

    made = turns(windows, ["INT01", "P07"], by_channel=True)

    assert [(t.speaker, t.text) for t in made] == [
        ("INT01", "how are you"),
        ("P07", "well"),
        ("INT01", "good"),
    ]
    assert [t.key for t in made] == [1, 2, 3]


def test_one_speaker_goes_on_after_a_short_breath_in_the_same_turn() -> None:
    made = turns([heard(0, 0.0, "we live"), heard(1, 3.0, "in Leeds")], ["P07"], by_channel=True)

    assert [t.text for t in made] == ["we live in Leeds"]


def test_speech_without_words_is_a_turn_that_says_so() -> None:
    made = turns([heard(0, 4.0)], ["P07"], by_channel=True)

    assert made[0].text == NOT_TRANSCRIBED
    assert made[0].flags[0].kind == "gap"


def test_coverage_adds_up_to_the_second_and_names_the_gap() -> None:
    told = coverage([heard(0, 0.0, "one two three"), heard(1, 10.0)], 20.0)

    assert (told.sound_s, told.speech_s, told.covered_s) == (20.0, 4.0, 3.0)
    assert told.gaps == ((10.0, 11.0),)
