"""The gate: what may not pass, wherever it hides, and what may."""

from __future__ import annotations

import pytest

from handoff import gate
from study.errors import MentionsUndecided, OriginalSurvives, StepMissing
from study.store import Study
from study.terms import About


def test_nothing_passes_before_it_was_searched(study: Study) -> None:
    with study.change("made for a test") as change:
        fresh = change.add_interview(About("P08_i1"))

    with pytest.raises(StepMissing):
        gate.check(study, fresh, {"a.txt": b"Hello."})


def test_nothing_passes_while_a_mention_is_undecided(study: Study, interview: str) -> None:
    with pytest.raises(MentionsUndecided, match="1 mention is undecided"):
        gate.check(study, interview, {"a.txt": b"Hello."})


@pytest.mark.parametrize(
    ("leak", "why"),
    [
        ("Then Rose O'Neill came.", "as it was said"),
        ("then rose oneill came", "in another case and without its apostrophe"),
        ("Then ROSE O\u2019NEILL came.", "in capitals with a typographer's apostrophe"),
        ("Then Rose came.", "the first name alone"),
        ("Then Mrs O'Neill came.", "the surname alone"),
        ("Ring 07700900418", "a number without its blanks"),
        ("Ring 07700-900-418 now", "a number with other signs"),
        ("margaret   wilson", "a name that was entered and never said"),
        ("I lived in Skipton.", "a place that was entered"),
    ],
)
def test_an_original_is_stopped(study: Study, decided: str, leak: str, why: str) -> None:
    content = f"[00:00:00] P07: Well.\n\n[00:00:02] P07: {leak}\n".encode()

    with pytest.raises(OriginalSurvives) as stopped:
        gate.check(study, decided, {"P07_i1.txt": content})

    assert str(stopped.value) == (
        "Nothing was handed over: an identifying detail is still in line 3 of the txt file."
    ), why


@pytest.mark.parametrize(
    "harmless",
    [
        "a rose in the garden",  # the flower
        "I may come in May.",  # rejected by a person as no name
        "She arose at seven.",
        "[Person 1] did.",
        "It cost 77 pounds in 1900, 418 in all.",
    ],
)
def test_ordinary_words_pass(study: Study, decided: str, harmless: str) -> None:
    gate.check(study, decided, {"P07_i1.txt": harmless.encode()})


def test_a_name_of_a_file_is_looked_at_too(study: Study, decided: str) -> None:
    with pytest.raises(OriginalSurvives, match="a file name"):
        gate.check(study, decided, {"Margaret-Wilson.txt": b"Hello."})


def test_digits_of_a_hash_are_nobodys_number(study: Study, decided: str) -> None:
    hashes = b'"model_sha256": "07700900418a0770090041807700900418077009004180770090041807700900"'

    gate.check(study, decided, {"manifest.json": hashes})
