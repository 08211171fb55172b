"""What was corrected once is found elsewhere by its sound, and ordinary words are left alone."""

from __future__ import annotations

import pytest

from app import WordCorrection, find_correction, find_twins, learn_word
from study import CorrectedTranscript, Provenance, Transcript, Turn
from study.store import Study, read_vocabulary

SKIPTON = WordCorrection("Skippden", "Skipton")


def _state(*said: str) -> CorrectedTranscript:
    turns = tuple(Turn(n, "P07", float(n), n + 0.9, text) for n, text in enumerate(said, 1))
    base = Transcript(turns, Provenance("test", "earshot tests"))
    return CorrectedTranscript(base)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("We went to Skippden.", "We went to Skipton.", SKIPTON),
        ("We went to skip ton, then.", "We went to Skipton, then.",
         WordCorrection("skip ton", "Skipton")),
        ("My collage is near.", "My college is near.", WordCorrection("collage", "college")),
        ("Doctor O'Conner said.", "Doctor O'Connor said.",
         WordCorrection("O'Conner", "O'Connor")),
        ("We went there.", "We went there.", None),
        ("we went to Leeds.", "We went to leeds.", None),  # capitals alone
        ("It is on the bus.", "It is in the bus.", None),  # too short to say anything
        ("We went to Skippden.", "We went.", None),  # nothing stands there instead
        ("Skippden and Leads.", "Skipton and Leeds.", None),  # two places: which was it?
        ("One two three four five.", "Quite another sentence altogether here.", None),
    ],
)  # fmt: skip
def test_what_was_corrected_is_one_stretch_of_a_few_words(
    before: str, after: str, found: WordCorrection | None
) -> None:
    assert find_correction(before, after) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Skippden is where we met.", ["Skippden"]),
        ("In skippden, and in Skippden's hall.", ["skippden", "Skippden"]),
        ("It is Skippton or Skiptun.", ["Skippton", "Skiptun"]),
        ("Skippton's hall, 'Skippton' itself.", ["Skippton", "Skippton"]),
        ("We moved to skip ton later.", ["skip ton"]),
        ("Skipden it was, or skip den.", ["Skipden", "skip den"]),  # as the wrong one sounds
        ("We live in Skipton now.", []),
        ("He was skipping down the lane with a kitten.", []),
        ("We skip it. Tonight we stay.", []),
        ("She comes from Kingston and from Shipley.", []),
    ],
)
def test_twins_are_the_same_words_or_sound_like_the_wrong_or_the_right_ones(
    said: str, found: list[str]
) -> None:
    assert [match.words for match in find_twins(_state(said), SKIPTON)] == found


def test_an_ordinary_word_has_no_twins_but_itself() -> None:
    state = _state("The collage is old.", "A colleague, a cottage, a college.", "Collage?")

    found = find_twins(state, WordCorrection("collage", "college"))

    assert [(match.turn, match.words) for match in found] == [(1, "collage"), (3, "Collage")]


def test_a_right_form_that_is_no_ordinary_word_joins_the_studys_words_once(study: Study) -> None:
    said = learn_word(study, "Skipton")

    assert said == "“Skipton” is one of the study's words now, for later recordings."
    assert learn_word(study, "Skipton") == learn_word(study, "college") == ""
    assert read_vocabulary(study)[0].terms == ("Skipton",)


@pytest.mark.parametrize(
    ("wrong", "right", "said", "found"),
    [
        ("Scalbeck", "Skelbeck", "He was born in scared back.", ["scared back"]),
        ("Scalbeck", "Skelbeck", "All the chapels round scared back.", ["scared back"]),
        ("Scalbeck", "Skelbeck", "The bus to Skull Beck was late.", ["Skull Beck"]),
        ("Sacre", "Thackray", "Do you remember Arthur Sake?", ["Sake"]),
        ("Sacre", "Thackray", "And this is Mrs That Grey.", ["That Grey"]),
        ("Pate", "Patel", "Doctor Pat L saw me.", ["Pat L"]),
        ("Shevon", "Siobhan", "Then Chevonne made tea.", ["Chevonne"]),
        ("Scalbeck", "Skelbeck", "We live in Scalbeck. It is small.", ["Scalbeck"]),
        ("Lappwing", "Lapwing", "She was on Lappwing Ward.", ["Lappwing"]),
        ("Otto", "Arthur", "So Arthur, I said, and Otto, I said.", ["Otto"]),
        ("Scalbeck", "Skelbeck", "I was scared back then, and scaled it back.", []),
        ("Scalbeck", "Skelbeck", "School was back. She called me back.", []),
        ("Sacre", "Thackray", "For the sake of it. That grey cat. Sake is a drink.", []),
        ("Sacre", "Thackray", "Mrs Baker and Mr Brown Thursday. So That Day.", []),
        ("Otto", "Arthur", "I ought to ask her.", []),
        ("Pate", "Patel", "Dr Potter put the paper on the plate.", []),
    ],
)
def test_ordinary_words_are_twins_where_more_than_their_sound_shows_a_name(
    wrong: str, right: str, said: str, found: list[str]
) -> None:
    correction = WordCorrection(wrong, right)

    assert [one.words for one in find_twins(_state(said), correction)] == found
