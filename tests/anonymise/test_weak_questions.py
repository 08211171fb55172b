"""An everyday word is asked as a name only where there is more to it than one model's leaning."""

from __future__ import annotations

import pytest

from anonymise.pieces import CutTurn
from anonymise.proposals import Proposal
from anonymise.weak_questions import is_worth_asking
from study import Category

NAMES = "names"


def is_asked(line: str, category: Category, score: float, *, trained: bool = True) -> bool:
    """Whether the marked word of a line, "the <school> rang", is asked with this score."""
    start, end = line.index("<"), line.index(">") - 1
    text = line.replace("<", "").replace(">", "")
    proposal = Proposal(start, end, category, NAMES, score, trained=trained)
    return is_worth_asking(CutTurn.cut_text(text), proposal)


@pytest.mark.parametrize(
    ("line", "category", "score"),
    [
        ("we were at <school> together", Category.ORGANISATION, 0.4),
        ("press the <button> twice", Category.ORGANISATION, 0.25),
        ("They took me down to the <Court> again.", Category.ORGANISATION, 0.3),
        ("so the <department> rang me back", Category.ORGANISATION, 0.4),
        ("the whole <county> knew him", Category.PLACE, 0.4),
        ("she cuts the <hedge> for us", Category.PLACE, 0.25),
        ("it was the <big house> then", Category.ORGANISATION, 0.3),
    ],
)
def test_an_everyday_word_that_one_model_leans_to_is_not_asked(
    line: str, category: Category, score: float
) -> None:
    assert not is_asked(line, category, score)


@pytest.mark.parametrize(
    ("line", "category", "score"),
    [
        ("they called me <hope> at work", Category.PERSON, 0.3),  # a person always is
        ("We lived in <Bath> then.", Category.PLACE, 0.45),  # written like a name
        ("i went over to <skipton> with her", Category.PLACE, 0.45),  # no everyday word
        ("it was <rowntree> then", Category.ORGANISATION, 0.45),
        ("she rang <may> about it", Category.PLACE, 0.25),  # may be a given name
        ("The <Samaritans> rang back.", Category.ORGANISATION, 0.45),
        ("we were at <school> together", Category.ORGANISATION, 0.5),  # a sure find
    ],
)
def test_what_may_be_a_name_is_still_asked(line: str, category: Category, score: float) -> None:
    assert is_asked(line, category, score)


def test_a_rule_may_ask_about_every_word() -> None:
    assert is_asked("we were at <school> together", Category.ORGANISATION, 0.4, trained=False)
