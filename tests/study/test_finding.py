"""A match is exactly the words that stand there, and only those are replaced."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.corrected_transcript import CorrectedTranscript
from study.errors import NotCorrectable
from study.find_replace import FindReplace, find_text
from study.records import Provenance, Transcript, Turn


def _state(*texts: str) -> CorrectedTranscript:
    turns = tuple(Turn(n, "P07", float(n), n + 1.0, text) for n, text in enumerate(texts, 1))
    return CorrectedTranscript(Transcript(turns, Provenance("test", "earshot tests")))


def test_whole_words_are_found_in_any_case_and_over_any_blanks() -> None:
    state = _state("Ann met Anna.", "ann  smith and ANN Smith")

    assert [f.words for f in FindReplace("ann").find_matches(state)] == ["Ann", "ann", "ANN"]
    assert [f.words for f in FindReplace("ann smith").find_matches(state)] == [
        "ann  smith",
        "ANN Smith",
    ]
    assert [f.words for f in FindReplace("Ann", match_case=True).find_matches(state)] == ["Ann"]
    assert len(FindReplace("ann", whole_words=False).find_matches(state)) == 4
    assert len(list(find_text(state, "nn"))) == 4
    assert not list(find_text(state, "  "))


def test_nothing_to_look_for_is_refused() -> None:
    with pytest.raises(NotCorrectable):
        FindReplace("  ").find_matches(_state("Ann"))


def test_signs_are_signs_and_no_pattern() -> None:
    state = _state("what? (4 s) [pause] a.b")

    assert [f.words for f in FindReplace("(4 s)", whole_words=False).find_matches(state)] == [
        "(4 s)"
    ]
    assert not FindReplace("a.b", whole_words=False).find_matches(_state("axb"))


def test_a_find_that_says_something_else_by_now_stays() -> None:
    state = _state("Ann and Ann")
    replacing = FindReplace("Ann", "Eve")
    finds = replacing.find_matches(state)
    other = _state("Tom and Ann")

    turns, _, done = replacing.replace_matches(other, finds)

    assert done == 1
    assert [text for _, text in turns] == ["Tom and Eve"]


def test_a_replacement_that_would_empty_a_turn_is_left_out() -> None:
    replacing = FindReplace("mhm", "")
    state = _state("mhm", "mhm yes")

    turns, _, done = replacing.replace_matches(state, replacing.find_matches(state))

    assert [(turn.key, text) for turn, text in turns] == [(2, " yes")] or done == 1


@given(st.text(alphabet="ab .", max_size=30), st.text(alphabet="ab", min_size=1, max_size=3))
def test_every_find_says_what_was_looked_for(text: str, wanted: str) -> None:
    state = _state(text)

    for find in FindReplace(wanted, whole_words=False).find_matches(state):
        assert text[find.start : find.end].lower() == wanted
        before, here, after = FindReplace(wanted).preview_match(state, find)
        assert (before + here + after).replace("…", "") in text
