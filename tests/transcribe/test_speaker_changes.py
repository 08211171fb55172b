"""A change of speaker costs least after a question and a pause, most inside a phrase."""

from __future__ import annotations

from study import Word
from transcribe.speaker_changes import weigh_changes


def weigh(text: str, gap_s: float = 0.0, phrases: tuple[tuple[float, float], ...] = ()) -> float:
    words = [Word(f" {text}", 0.0, 0.5, 1.0), Word(" so", 0.5 + gap_s, 0.8 + gap_s, 1.0)]
    return weigh_changes(words, phrases or ((0.0, 2.0),))[1].change_cost


def test_the_end_of_a_sentence_costs_less_than_a_comma_and_that_less_than_nothing() -> None:
    assert weigh("you?") < weigh("you.") < weigh("you,") < weigh("you")
    assert weigh('you?"') == weigh("you?")
    assert weigh("\u4f60\uff1f") == weigh("you?")


def test_a_pause_between_words_or_in_the_sound_costs_less() -> None:
    assert weigh("you", 0.3) == weigh("you", 0.0, ((0.0, 0.45), (0.55, 2.0))) < weigh("you")


def test_there_is_no_change_before_the_first_word() -> None:
    assert weigh_changes([Word(" so", 0.0, 0.3, 1.0)], [])[0].change_cost == 0
    assert weigh_changes([], []) == []
