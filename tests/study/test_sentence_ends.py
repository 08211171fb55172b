"""Where a sentence ends, and where a full stop only shortens a word."""

from __future__ import annotations

import pytest

from study import Word, ends_question, ends_sentence


def said(text: str) -> Word:
    return Word(f" {text}", 0.0, 0.5, 0.9)


@pytest.mark.parametrize(
    "text", ["Mr.", "Mrs.", "(Dr.", "Prof.", "J.", "J.R.", "z.B.", "Hr.", "e.g."]
)
def test_a_title_and_an_initial_end_no_sentence(text: str) -> None:
    """A turn was parted between "Mr." and "Thackray", and a change of voice was cheap there."""
    assert not ends_sentence(said(text))


@pytest.mark.parametrize(
    "text",
    ["No.", "I.", "home.", 'so."', "Dr.?", "p.m.", "etc.", "5.", "gut!", "\u597d\u3002", "J?"],
)
def test_all_else_with_a_full_stop_ends_one(text: str) -> None:
    assert ends_sentence(said(text))


def test_a_comma_ends_nothing_and_a_question_is_a_sentence() -> None:
    assert not ends_sentence(said("well,"))
    assert ends_question(said("you?"))
