"""A person's initials are asked about, or sure where the words say who it is."""

from __future__ import annotations

import re

import pytest

from anonymise.pieces import CutTurn
from anonymise.proposals import Proposal
from anonymise.rule_registry import NAMES_SOURCE
from anonymise.speech_noise import doubt_initials
from study import LIKELY_SCORE, Category

SURE = ["my son, J.P., came", "he sued his son, J.P., there", "her husband J.W. had died",
        "our friend T.J. rang", "J.R., her brother, drove"]  # fmt: skip
ASKED = ["then J.W. came round", "J.W. said so", "we saw A.B. there", "it was M.J. again"]
NOBODY = ["the CPN came", "my CPN rang", "her MDT met"]


def doubt(text: str) -> float | None:
    initials = re.search(r"(?:[A-Z]\.){2,}|[A-Z]{2,}", text)
    assert initials is not None
    start, end = initials.span()
    found = Proposal(start, end, Category.PERSON, NAMES_SOURCE, 0.75, trained=True)
    kept = doubt_initials(CutTurn.cut_text(text), found)
    return None if kept is None else kept.score


@pytest.mark.parametrize("text", SURE)
def test_initials_of_somebodys_relation_are_a_sure_find(text: str) -> None:
    assert (doubt(text) or 0.0) >= LIKELY_SCORE


@pytest.mark.parametrize("text", ASKED)
def test_initials_alone_are_a_question(text: str) -> None:
    score = doubt(text)

    assert score is not None
    assert 0.0 < score < LIKELY_SCORE


@pytest.mark.parametrize("text", NOBODY)
def test_initials_of_a_thing_are_nobodys(text: str) -> None:
    assert doubt(text) is None
