"""What somebody is called changes everywhere at once, and decisions stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anonymise import renaming
from anonymise.cleaning import clean
from anonymise.deciding import decide
from anonymise.steps import propose
from study import decided
from study.artefacts import Kind
from study.errors import BadReplacement, UnknownReplacement
from study.store import Study
from study.terms import Dates, Style, Verdict

Hear = Callable[..., str]


@pytest.fixture
def two(study: Study, hear: Hear) -> tuple[str, str]:
    """Two interviews in which the same people are talked about, all accepted."""
    both = (
        hear("My sister Jean came.", "I live in Skipton. It was on 14 March 2019."),
        hear("A man called Derek. Jean said so.", "My name is Arthur."),
    )
    for interview in both:
        propose(study, interview, ner=None)
    for interview in both:
        propose(study, interview, ner=None)
        accept(study, interview)
        propose(study, interview, ner=None)
        accept(study, interview)
    propose(study, both[1], ner=None)
    accept(study, both[1])
    return both


def accept(study: Study, interview: str) -> None:
    for one in decided.read(study, interview):
        if one.decision is None:
            decide(study, interview, one.mention.key, Verdict.ACCEPTED)


def said(study: Study, interview: str) -> list[str]:
    return [turn.text for turn in clean(study, interview).turns]


def test_one_person_has_one_replacement_in_both(study: Study, two: tuple[str, str]) -> None:
    assert said(study, two[0])[0] == "My sister [Person 1, sister] came."
    assert said(study, two[1])[0].endswith(" [Person 1, sister] said so.")


def test_a_typed_replacement_stands_everywhere_and_decisions_stay(
    study: Study, two: tuple[str, str]
) -> None:
    assert renaming.rename(study, "Person 1", "  her\nelder sister ") == 2
    assert study.find(two[0]).undecided == 0
    assert said(study, two[0])[0] == "My sister her elder sister came."
    assert said(study, two[1])[0].endswith(" her elder sister said so.")
    renaming.restyle(study, style=Style.PSEUDONYMS)
    assert said(study, two[0])[0] == "My sister her elder sister came."


def test_a_new_search_keeps_a_typed_replacement(study: Study, two: tuple[str, str]) -> None:
    renaming.rename(study, "[Person 1, sister]", "her elder sister")
    propose(study, two[1], ner=None)
    assert "her elder sister" in said(study, two[1])[0]


def test_two_that_were_one_are_joined(study: Study, two: tuple[str, str]) -> None:
    labels = {p.forms: p.label for p in renaming.every(study)}
    renaming.join(study, labels["arthur",], labels["derek",])
    assert said(study, two[1])[1] == f"My name is {labels['derek',]}."
    assert ("arthur", "derek") in {p.forms for p in renaming.every(study)}


def test_a_study_turns_to_pseudonyms_that_nobody_bears_and_back(
    study: Study, two: tuple[str, str]
) -> None:
    before = said(study, two[0]) + said(study, two[1])
    renaming.restyle(study, style=Style.PSEUDONYMS)
    now = said(study, two[0]) + said(study, two[1])
    names = {p.replacement for p in renaming.every(study) if p.category == "person"}
    assert len(names) == 3
    assert not names & {"Jean", "Derek", "Arthur"}
    assert all("[Person" not in turn for turn in now)
    assert "[Place 1, town in northern England]" in now[1]
    renaming.restyle(study, style=Style.LABELS)
    assert said(study, two[0]) + said(study, two[1]) == before


def test_a_study_may_let_the_month_of_a_date_stand(study: Study, two: tuple[str, str]) -> None:
    assert said(study, two[0])[1].endswith("It was on [2019].")
    renaming.restyle(study, dates=Dates.MONTH)
    assert said(study, two[0])[1].endswith("It was on [March 2019].")


def test_a_role_is_told_and_holds_no_bracket(study: Study, two: tuple[str, str]) -> None:
    renaming.tell_role(study, "Person 1", "twin, [elder] sister")
    assert said(study, two[0])[0] == "My sister [Person 1, twin elder sister] came."


@pytest.mark.usefixtures("two")
def test_what_makes_no_sense_is_refused_and_nothing_is_written(study: Study) -> None:
    lines = study.db.execute("SELECT count(*) FROM trail").fetchone()
    with pytest.raises(UnknownReplacement):
        renaming.rename(study, "Person 99", "x")
    with pytest.raises(UnknownReplacement):
        renaming.join(study, "Person 1", "Person 1")
    with pytest.raises(UnknownReplacement):
        renaming.join(study, "Person 1", "Place 1")
    for bad in ("", " \x07 ", "[]", "x" * 200, "[Place 1, town in northern England]"):
        with pytest.raises(BadReplacement):
            renaming.rename(study, "Person 1", bad)
    assert study.db.execute("SELECT count(*) FROM trail").fetchone() == lines


@pytest.mark.usefixtures("two")
def test_a_number_that_was_joined_away_is_never_given_again(study: Study, hear: Hear) -> None:
    labels = sorted(p.label for p in renaming.every(study) if p.category == "person")
    renaming.join(study, labels[-1], labels[0])
    fresh = hear("My name is Winifred.")
    propose(study, fresh, ner=None)
    (one,) = decided.read(study, fresh)
    assert one.mention.replacement == "[Person 4]"
    assert study.version(fresh, Kind.PSEUDONYMS) == 1
