"""What an outsider could still use about one participant, each line with its places."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anonymise.intruder import IntruderLine, Trace, list_traces
from anonymise.mention_decisions import (
    accept_all_mentions,
    add_mention,
    decide_mention,
    undo_decisions,
)
from anonymise.search import search_transcript
from study import Category, Participant, Verdict
from study.errors import UnknownParticipant
from study.store import Interview, Study, read_decisions

Hear = Callable[..., Interview]
ANN = (Participant("P07", names=("Ann Lee",)),)
BOB = (Participant("P08", names=("Bob Fox",)),)


def done(interview: Interview) -> None:
    search_transcript(interview, name_model=None, skipped_rules=("numbers", "codes"))
    accept_all_mentions(interview)


def traces(study: Study, trace: Trace, code: str = "P07") -> list[IntruderLine]:
    return [line for line in list_traces(study, code) if line.trace is trace]


def words(study: Study, trace: Trace, code: str = "P07") -> list[str]:
    return [line.words for line in traces(study, trace, code)]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("so it was K-double-four-seven on the label", "K-double-four-seven"),
        ("he had GH 442 19 on his wrist", "GH 442 19"),
        ("it was stroke 22 stroke 771 or so", "22 stroke 771"),
        ("the end was L L E W and no more", "L L E W"),
    ],
)
def test_the_shape_of_a_code_is_a_trace(study: Study, hear: Hear, said: str, code: str) -> None:
    one = hear(said, participants=ANN)
    search_transcript(one, name_model=None)
    if not words(study, Trace.CODE):  # replaced whole is as good
        accept_all_mentions(one)
        assert not words(study, Trace.CODE)
        return
    assert words(study, Trace.CODE) == [code]


def test_counts_money_and_years_are_no_codes(study: Study, hear: Hear) -> None:
    done(hear("We had 2,500 pounds and four of us went in 1966 for two weeks.", participants=ANN))

    assert words(study, Trace.CODE) == []


def test_a_name_replaced_in_one_place_that_stands_in_another_is_told(
    study: Study, hear: Hear
) -> None:
    one = hear("We saw Zebulon there.", "That was Zebulon all over.", participants=ANN)
    search_transcript(one, name_model=None)
    add_mention(one, 1, 7, 14, Category.PERSON)

    (line,) = traces(study, Trace.REPLACED)
    assert (line.words, line.note) == ("Zebulon", "replaced 1 time, once")
    assert [(p.turn, p.start, p.end) for p in line.places] == [(2, 9, 16)]


def test_what_another_interview_says_about_them_is_told(study: Study, hear: Hear) -> None:
    done(hear("It was a long day.", participants=ANN))
    other = hear("I know Ann Lee from church.", participants=BOB)
    search_transcript(other, name_model=None)
    add_mention(other, 1, 7, 14, Category.PERSON)

    (line,) = traces(study, Trace.ABOUT)
    assert [(p.interview, p.turn) for p in line.places] == [(other.id, 1)]


def test_a_seldom_word_counts_only_where_nobody_else_says_it(study: Study, hear: Hear) -> None:
    done(hear("we kept the lighthouse lamp and then the convoys came", participants=ANN))
    done(hear("and then the convoys came here as well", participants=BOB))

    assert words(study, Trace.SELDOM) == ["lighthouse"]


def test_a_name_in_small_letters_is_told(study: Study, hear: Hear) -> None:
    done(hear("our daughter rose went to hull in July and will be back", participants=ANN))

    names = set(words(study, Trace.NAME))
    assert "hull" in names or not names  # replaced or told
    assert "will" not in names


def test_an_everyday_sentence_leaves_no_trace(study: Study, hear: Hear) -> None:
    done(hear("Well, we had our dinner and then I went for a walk with him.", participants=ANN))

    assert list_traces(study, "P07") == []


def test_details_and_family_are_told_together(study: Study, hear: Hear) -> None:
    one = hear("I am eighty four and I was a farmer, my wife too.", participants=ANN)
    done(one)

    (line,) = traces(study, Trace.TOGETHER)
    assert "age" in line.note
    assert "wife" in line.note


def test_who_is_no_kin_is_told_apart_from_the_family(study: Study, hear: Hear) -> None:
    said = "I am eighty four and I was a farmer, my wife too, and the nurse is a friend."
    done(hear(said, participants=ANN))

    (line,) = traces(study, Trace.TOGETHER)

    assert "family (wife), others (nurse, friend)" in line.note


def test_the_weightiest_line_comes_first(study: Study, hear: Hear) -> None:
    one = hear("the smirnaby said GH 442 19 to Zebulon", participants=ANN)
    search_transcript(one, name_model=None)

    weights = [line.weight for line in list_traces(study, "P07")]
    assert weights == sorted(weights, reverse=True)


def test_nobody_with_that_code_is_an_error(study: Study, hear: Hear) -> None:
    done(hear("It was a long day.", participants=ANN))

    with pytest.raises(UnknownParticipant):
        list_traces(study, "P99")


@pytest.mark.parametrize(
    ("job", "people"),
    [
        ("vet", "19,616"),  # as the public copy of the table has it
        ("bus driver", "937,849"),
        ("retired district nurse", "621,179"),
        ("lighthouse keeper", None),  # in no group that is listed: no figure is made up
    ],
)
def test_a_kept_occupation_says_how_many_people_the_census_counts(
    study: Study, hear: Hear, job: str, people: str | None
) -> None:
    text = f"For years I was a {job} up there."
    one = hear(text, participants=ANN)
    search_transcript(one, name_model=None)
    start = text.index(job)
    accept_all_mentions(one)
    for d in read_decisions(one):
        undo_decisions(one, d.mention.key)
        decide_mention(one, d.mention.key, Verdict.REJECTED)
    if not read_decisions(one):
        add_mention(one, 1, start, start + len(job), Category.OCCUPATION, names_nobody=True)

    (line,) = traces(study, Trace.JOB)

    assert (people in line.note) if people else not line.note
    assert line.places[0].turn == 1


def test_an_occupation_that_is_replaced_is_not_listed(study: Study, hear: Hear) -> None:
    one = hear("He was a farmer all his life.", participants=ANN)
    search_transcript(one, name_model=None)
    accept_all_mentions(one)

    assert traces(study, Trace.JOB) == []


def test_a_national_body_is_told_and_the_health_service_is_not(study: Study, hear: Hear) -> None:
    done(hear("I was with the Salvation Army, and then the NHS paid.", participants=ANN))

    assert words(study, Trace.BODY) == ["the Salvation Army"]
