"""Doubts on recordings of people, with real weights: which turns are wrong, and what is a loop."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import find_speech_model
from study.errors import EarshotError
from tools.doubt import read_people, transcribe_all


@pytest.mark.thorough
@pytest.mark.xfail(
    reason="of people alone 23 of 36 doubted turns are wrong, and 23 of 32 wrong ones doubted",
    strict=False,
)
def test_three_of_four_doubted_turns_are_wrong_and_three_of_four_wrong_turns_are_doubted(
    real_speech: Path,
) -> None:
    """Of the wrong turns 14 % were flagged, and a man who says "words" four times as a loop."""
    models = ["tiny.en", "base"]
    try:
        for model in models:
            find_speech_model(model)
    except EarshotError:
        pytest.skip("tiny.en and base are not both installed")

    people = read_people(real_speech)
    turns = transcribe_all(people, models, ["as it is", "telephone", "hiss"])

    wrong = [turn for turn in turns if turn.is_wrong]
    doubted = [turn for turn in turns if "unsure" in turn.flags]
    found = sum(turn.is_wrong for turn in doubted)
    assert len(wrong) >= 20
    assert found >= 0.75 * len(doubted)
    assert found >= 0.75 * len(wrong)
    assert not [turn for turn in turns if "loop" in turn.flags]
    assert not [turn for turn in turns if "in silence" in turn.flags and not turn.is_wrong]
    assert all(0 <= word.probability <= 1 for turn in turns for word in turn.words)
