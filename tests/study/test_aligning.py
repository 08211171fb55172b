"""Words keep their times when a person corrects what they say."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from study.records import Turn, Word
from study.word_times import align_words, find_character_time, find_word_spans


def _turn(text: str, *, start_s: float = 10.0) -> Turn:
    words = tuple(
        Word(f" {word}", start_s + n, start_s + n + 0.5, 0.8) for n, word in enumerate(text.split())
    )
    return Turn(1, "P07", start_s, start_s + len(words), text, words)


def _times(words: tuple[Word, ...]) -> dict[str, float]:
    return {word.text.strip(): word.start_s for word in words}


def test_a_corrected_word_takes_the_time_of_the_one_it_replaces() -> None:
    turn = _turn("we went to the recovery collage on Monday")

    words = align_words(turn, "we went to the recovery college on Monday")

    assert _times(words)["college"] == 15.0
    assert [w.start_s for w in words] == [w.start_s for w in turn.words]


def test_a_comma_or_capital_keeps_time_and_probability() -> None:
    words = align_words(_turn("yes i think so"), "Yes, I think so.")

    assert [w.start_s for w in words] == [10.0, 11.0, 12.0, 13.0]
    assert {w.probability for w in words} == {0.8}


def test_a_word_that_was_not_heard_stands_in_the_pause_between_its_neighbours() -> None:
    words = align_words(_turn("my sister does"), "my dear sister does")

    assert words[1].text == " dear"
    assert 10.5 <= words[1].start_s <= words[1].end_s <= 11.0
    assert words[2].start_s == 11.0


def test_two_words_in_place_of_one_share_its_time() -> None:
    words = align_words(_turn("she comes alot here"), "she comes a lot here")

    assert words[2].start_s == 12.0
    assert words[2].end_s == words[3].start_s
    assert words[3].end_s == 12.5


def test_words_of_several_pieces_stay_as_they_were() -> None:
    pieces = (Word(" thirty", 1.0, 1.2, 0.9), Word("-", 1.2, 1.3, 0.9), Word("five", 1.3, 1.6, 0.9))
    turn = Turn(1, "P07", 1.0, 2.0, "thirty-five year", (*pieces, Word(" year", 1.7, 2.0, 0.5)))

    words = align_words(turn, "thirty-five years")

    assert words[:3] == pieces
    assert words[3] == Word(" years", 1.7, 2.0, 1.0)


def test_a_turn_without_words_gets_none() -> None:
    turn = Turn(1, "P07", 0.0, 4.0, "(not transcribed)")

    assert align_words(turn, "I could not say.") == ()
    assert find_character_time(turn, len(turn.text) // 2) == 4.0 * (len(turn.text) // 2) / len(
        turn.text
    )


_TEXT = st.text(alphabet="ab ,.'-é", max_size=60)


@given(_TEXT, _TEXT)
def test_aligned_words_are_the_text_and_never_run_backwards(old: str, new: str) -> None:
    words = align_words(_turn(old), new)
    said = "".join(word.text for word in words).strip()

    assert said == (new.strip() if old.split() else "")
    for word, following in pairwise(words):
        assert word.start_s <= word.end_s <= following.start_s
    if words:
        turn = Turn(1, "P07", 10.0, 99.0, new.strip(), words)
        assert all(a < b and new.strip()[a:b] == w.text.strip() for w, (a, b) in zip(
            words, find_word_spans(turn), strict=True))  # fmt: skip
