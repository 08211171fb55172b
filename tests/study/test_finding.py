"""What is found is what stands there, and only that is replaced."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.corrected import Corrected
from study.errors import NotCorrectable
from study.finding import Replacing, matches
from study.terms import Provenance, Transcript, Turn


def _state(*texts: str) -> Corrected:
    turns = tuple(Turn(n, "P07", float(n), n + 1.0, text) for n, text in enumerate(texts, 1))
    return Corrected(Transcript(turns, Provenance("test", "earshot tests")))


def test_whole_words_are_found_in_any_case_and_over_any_blanks() -> None:
    state = _state("Ann met Anna.", "ann  smith and ANN Smith")

    assert [f.words for f in Replacing("ann").finds(state)] == ["Ann", "ann", "ANN"]
    assert [f.words for f in Replacing("ann smith").finds(state)] == ["ann  smith", "ANN Smith"]
    assert [f.words for f in Replacing("Ann", cased=True).finds(state)] == ["Ann"]
    assert len(Replacing("ann", whole=False).finds(state)) == 4
    assert len(list(matches(state, "nn"))) == 4
    assert not list(matches(state, "  "))


def test_nothing_to_look_for_is_refused() -> None:
    with pytest.raises(NotCorrectable):
        Replacing("  ").finds(_state("Ann"))


def test_signs_are_signs_and_no_pattern() -> None:
    state = _state("what? (4 s) [pause] a.b")

    assert [f.words for f in Replacing("(4 s)", whole=False).finds(state)] == ["(4 s)"]
    assert not Replacing("a.b", whole=False).finds(_state("axb"))


def test_a_find_that_says_something_else_by_now_stays() -> None:
    state = _state("Ann and Ann")
    replacing = Replacing("Ann", "Eve")
    finds = replacing.finds(state)
    other = _state("Tom and Ann")

    turns, _, done = replacing.replaced(other, finds)

    assert done == 1
    assert [text for _, text in turns] == ["Tom and Eve"]


def test_a_replacement_that_would_empty_a_turn_is_left_out() -> None:
    replacing = Replacing("mhm", "")
    state = _state("mhm", "mhm yes")

    turns, _, done = replacing.replaced(state, replacing.finds(state))

    assert [(turn.key, text) for turn, text in turns] == [(2, " yes")] or done == 1


@given(st.text(alphabet="ab .", max_size=30), st.text(alphabet="ab", min_size=1, max_size=3))
def test_every_find_says_what_was_looked_for(text: str, wanted: str) -> None:
    state = _state(text)

    for find in Replacing(wanted, whole=False).finds(state):
        assert text[find.start : find.end].lower() == wanted
        before, here, after = Replacing(wanted).preview(state, find)
        assert (before + here + after).replace("…", "") in text
