"""A replacement changes in the whole study at once, and decisions stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anonymise.clean_transcript import write_clean_transcript
from anonymise.mention_decisions import decide_mention
from anonymise.replacements import (
    change_replacement_style,
    join_identities,
    list_pseudonyms,
    part_identity,
    rename_identity,
    set_identity_role,
)
from anonymise.search import search_transcript
from study import ArtefactKind, DateDetail, PseudonymStyle, Verdict
from study.errors import BadReplacement, UnknownReplacement
from study.store import Interview, Study, read_decisions

Hear = Callable[..., Interview]


@pytest.fixture
def two(hear: Hear) -> tuple[Interview, Interview]:
    """Two interviews in which the same people are talked about, all accepted."""
    both = (
        hear("My sister Jean Fitzgerald came.", "I live in Skipton. It was on 14 March 2019."),
        hear("A man called Derek. Jean Fitzgerald said so.", "My name is Arthur."),
    )
    for interview in both:
        search_transcript(interview, name_model=None, skipped_rules={"capitals"})
    for interview in both:
        search_transcript(interview, name_model=None, skipped_rules={"capitals"})
        accept(interview)
        search_transcript(interview, name_model=None, skipped_rules={"capitals"})
        accept(interview)
    search_transcript(both[1], name_model=None, skipped_rules={"capitals"})
    accept(both[1])
    return both


def accept(interview: Interview) -> None:
    for one in read_decisions(interview):
        if one.decision is None:
            decide_mention(interview, one.mention.key, Verdict.ACCEPTED)


def said(interview: Interview) -> list[str]:
    return [turn.text for turn in write_clean_transcript(interview).turns]


def test_one_person_has_one_replacement_in_both(two: tuple[Interview, Interview]) -> None:
    assert said(two[0])[0] == "My sister [Person 1, sister] came."
    assert said(two[1])[0].endswith(" [Person 1, sister] said so.")


def test_a_typed_replacement_stands_everywhere_and_decisions_stay(
    study: Study, two: tuple[Interview, Interview]
) -> None:
    assert rename_identity(study, "Person 1", "  her\nelder sister ") == 2
    assert two[0].summary.undecided == 0
    assert said(two[0])[0] == "My sister her elder sister came."
    assert said(two[1])[0].endswith(" her elder sister said so.")
    change_replacement_style(study, style=PseudonymStyle.PSEUDONYMS)
    assert said(two[0])[0] == "My sister her elder sister came."


def test_a_new_search_keeps_a_typed_replacement(
    study: Study, two: tuple[Interview, Interview]
) -> None:
    rename_identity(study, "[Person 1, sister]", "her elder sister")
    search_transcript(two[1], name_model=None, skipped_rules={"capitals"})
    assert "her elder sister" in said(two[1])[0]


def test_two_that_were_one_are_joined(study: Study, two: tuple[Interview, Interview]) -> None:
    labels = {p.forms: p.label for p in list_pseudonyms(study)}
    join_identities(study, labels["arthur",], labels["derek",])
    assert said(two[1])[1] == f"My name is {labels['derek',]}."
    assert ("arthur", "derek") in {p.forms for p in list_pseudonyms(study)}


def test_what_was_joined_is_parted_again(study: Study, two: tuple[Interview, Interview]) -> None:
    labels = {p.forms: p.label for p in list_pseudonyms(study)}
    join_identities(study, labels["arthur",], labels["derek",])

    assert part_identity(study, labels["derek",], "Arthur") == 1

    forms = {p.forms: p.label for p in list_pseudonyms(study)}
    assert forms["derek",] == labels["derek",]
    assert said(two[1])[1] == f"My name is {forms['arthur',]}."
    search_transcript(two[1], name_model=None, skipped_rules={"capitals"})
    assert two[1].summary.undecided == 0
    assert said(two[1])[0].startswith(f"A man called {labels['derek',]}.")


def test_only_names_that_are_there_are_parted_and_one_stays(
    study: Study, two: tuple[Interview, Interview]
) -> None:
    label = next(p.label for p in list_pseudonyms(study) if p.forms == ("derek",))

    for names in ("Derek", "Nobody", ""):
        with pytest.raises(UnknownReplacement):
            part_identity(study, label, names)
    assert said(two[1])[0].startswith(f"A man called {label}.")


def test_a_study_turns_to_pseudonyms_that_nobody_bears_and_back(
    study: Study, two: tuple[Interview, Interview]
) -> None:
    before = said(two[0]) + said(two[1])
    change_replacement_style(study, style=PseudonymStyle.PSEUDONYMS)
    now = said(two[0]) + said(two[1])
    names = {p.replacement for p in list_pseudonyms(study) if p.category == "person"}
    assert len(names) == 3
    assert not names & {"Jean", "Fitzgerald", "Derek", "Arthur"}
    assert all("[Person" not in turn for turn in now)
    assert "[Place 1, town in northern England]" in now[1]
    change_replacement_style(study, style=PseudonymStyle.LABELS)
    assert said(two[0]) + said(two[1]) == before


def test_a_study_may_let_the_month_of_a_date_stand(
    study: Study, two: tuple[Interview, Interview]
) -> None:
    assert said(two[0])[1].endswith("It was on [2019].")
    change_replacement_style(study, dates=DateDetail.MONTH)
    assert said(two[0])[1].endswith("It was on [March 2019].")


def test_a_role_is_told_and_holds_no_bracket(
    study: Study, two: tuple[Interview, Interview]
) -> None:
    set_identity_role(study, "Person 1", "twin, [elder] sister")
    assert said(two[0])[0] == "My sister [Person 1, twin elder sister] came."


@pytest.mark.usefixtures("two")
def test_what_makes_no_sense_is_refused_and_nothing_is_written(study: Study) -> None:
    lines = study.db.execute("SELECT count(*) FROM trail").fetchone()
    with pytest.raises(UnknownReplacement):
        rename_identity(study, "Person 99", "x")
    with pytest.raises(UnknownReplacement):
        join_identities(study, "Person 1", "Person 1")
    with pytest.raises(UnknownReplacement):
        join_identities(study, "Person 1", "Place 1")
    for bad in ("", " \x07 ", "[]", "x" * 200, "[Place 1, town in northern England]"):
        with pytest.raises(BadReplacement):
            rename_identity(study, "Person 1", bad)
    assert study.db.execute("SELECT count(*) FROM trail").fetchone() == lines


@pytest.mark.usefixtures("two")
def test_a_number_that_was_joined_away_is_never_given_again(study: Study, hear: Hear) -> None:
    labels = sorted(p.label for p in list_pseudonyms(study) if p.category == "person")
    join_identities(study, labels[-1], labels[0])
    fresh = hear("My name is Winifred.")
    search_transcript(fresh, name_model=None, skipped_rules={"capitals"})
    (one,) = read_decisions(fresh)
    assert one.mention.replacement == "[Person 4]"
    assert fresh.find_newest_version(ArtefactKind.PSEUDONYMS) == 1


def test_a_change_reads_no_transcript_in_which_nothing_changes(
    two: tuple[Interview, Interview], study: Study
) -> None:
    """Each change of one replacement read every transcript of the study."""
    study.db.execute(
        "UPDATE artefact SET sealed = zeroblob(length(sealed)) WHERE interview = ? AND kind = ?",
        [two[0].id, ArtefactKind.RAW],
    )
    study.rows.forget()
    (derek,) = [p.label for p in list_pseudonyms(study) if "derek" in p.forms]

    assert rename_identity(study, derek, "[the caretaker]") == 1
    assert said(two[1])[0].startswith("A man called [the caretaker].")
