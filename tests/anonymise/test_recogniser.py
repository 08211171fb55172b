"""The trained model is run three times, and each run gives what it would give alone."""

from __future__ import annotations

import pytest

from anonymise.recogniser import Recogniser, Sureness
from models import find_names_model

TALK = [
    "My sister Jean came over from Skipton with Mr Featherstone.",
    "",
    "we had us tea at the methodist hall in horbury and then vera rang",
    "\U0001f600 Sio\u200dbhan and Zoe\u0308 were there, \u202eand\u202c May.",
]


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(find_names_model().folder)


def test_what_is_found_does_not_depend_on_what_was_asked_before(recogniser: Recogniser) -> None:
    together = recogniser.find_candidates(TALK)

    alone = [recogniser.find_candidates([text])[0] for text in reversed(TALK)]

    assert alone[::-1] == together
    assert Recogniser(find_names_model().folder).find_candidates(TALK) == together


def test_a_plain_name_is_found_even_by_a_model_that_has_to_be_surer(recogniser: Recogniser) -> None:
    (here,) = recogniser.find_candidates(TALK[:1])

    firm = [TALK[0][c.start : c.end] for c in here if c.sureness is Sureness.FIRM]
    assert {"Jean", "Skipton", "Featherstone"} <= set(firm)


def test_candidates_lie_in_their_text_in_order_and_share_nothing(recogniser: Recogniser) -> None:
    for text, here in zip(TALK, recogniser.find_candidates(TALK), strict=True):
        ends = [0, *(c.end for c in here)]
        assert all(end <= c.start < c.end <= len(text) for end, c in zip(ends, here, strict=False))


def test_a_turn_that_is_seen_in_parts_keeps_its_places(recogniser: Recogniser) -> None:
    filler = "and then we went home and had our tea. " * 600

    (here,) = recogniser.find_candidates([filler + TALK[0]])

    assert len(filler) > 20_000
    assert "Jean" in [(filler + TALK[0])[c.start : c.end] for c in here]
