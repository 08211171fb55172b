"""Two labels that may be one person's are offered as one, and nobody becomes somebody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anonymise.clean_transcript import write_clean_transcript
from anonymise.mention_decisions import accept_all_mentions, add_mention
from anonymise.pseudonyms import read_label
from anonymise.replacements import (
    join_identities,
    list_pseudonyms,
    rename_identity,
    tell_apart,
)
from anonymise.risk_sheet import Concern, build_risk_sheet
from anonymise.same_people import Likeness, list_possible_joins
from anonymise.search import search_transcript
from study import Category, Mentions, Participant
from study.errors import UnknownReplacement
from study.store import (
    Interview,
    Study,
    read_decisions,
    read_mention_words,
    read_searched_texts,
)

Hear = Callable[..., Interview]

# Names said in two interviews, and why they are offered.
OFFERED = [
    ("Jean", "Jean", Likeness.SAME_NAME),
    ("Wilfred", "WILFRED", Likeness.SAME_NAME),
    ("Jean", "Jean Fitzgerald", Likeness.PART),
    ("Jean Fitzgerald", "Fitzgerald", Likeness.PART),
    ("Patel", "Rajesh Patel", Likeness.SAME_NAME),
    ("Auntie Jean", "Jean Fitzgerald", Likeness.PART),
    ("J. Fitzgerald", "Jean Fitzgerald", Likeness.INITIAL),
    ("C Smith", "Catherine Smith", Likeness.INITIAL),
    ("Kathleen", "Cathleen", Likeness.SPELLING),
    ("Steven", "Stephen", Likeness.SPELLING),
    ("Siobhan", "Shivorn", Likeness.SPELLING),
    ("Thackray", "Thackery", Likeness.SPELLING),
    ("Hebblethwaite", "Hebelthwaite", Likeness.SPELLING),
    ("Graham Hebblethwaite", "Graham Hebelthwaite", Likeness.SPELLING),
    ("Ann Bennett", "Anne Bennett", Likeness.SPELLING),
    ("Sean", "Shaun", Likeness.SPELLING),
    ("Wilfrid", "Wilfred", Likeness.SPELLING),
    ("Fergus McDonald", "Fergus MacDonald", Likeness.SPELLING),
    ("Geoffrey", "Jeffrey", Likeness.SPELLING),
    ("Catherine Shaw", "Katharine Shaw", Likeness.SPELLING),
]
NOT_OFFERED = [
    ("Ann", "Ian"), ("Jean", "Dean"), ("John", "Joan"), ("May", "Mary"), ("Helen", "Ellen"),
    ("Rose", "Ross"), ("Mark", "Mary"), ("Paul", "Paula"), ("Daniel", "Danielle"),
    ("Peter", "Petra"), ("Jean Fitzgerald", "Jean Bennett"), ("Arthur Bennett", "Jean Bennett"),
    ("Peter Bennett", "P. Smith"), ("J. Bennett", "Arthur Bennett"), ("Mrs Bennett", "Arthur"),
    ("Jean Fitzgerald", "Dean Fitzgerald"), ("Harris", "Harrison"), ("Jack", "Jacqueline"),
    ("Mr Bennett", "Margaret Bennett"), ("Robert", "Roberta"),
]  # fmt: skip
ONE_BY_WORDS = [
    ("I'm William. Everybody calls me Bill.", "William", "Bill"),
    ("My name is Margaret but they all call me Peggy.", "Margaret", "Peggy"),
    ("Margaret, or Peggy as everybody calls her.", "Margaret", "Peggy"),
    ("Peggy, that's short for Margaret.", "Peggy", "Margaret"),
    ("There was Edward, known as Ted.", "Edward", "Ted"),
    ("Her real name was Elizabeth, but she went by Betty.", "Elizabeth", "Betty"),
    ("His name's Arthur, Art for short.", "Arthur", "Art"),
    ("That was Jeannette, Jeannie we called her.", "Jeannette", "Jeannie"),
    ("Robert, he's always been Bob.", "Robert", "Bob"),
    ("i'm dorothy everybody calls me dot", "dorothy", "dot"),
    ("Christened Henry but always Harry.", "Henry", "Harry"),
    ("Dorothy on paper. They know me as Dot here.", "Dorothy", "Dot"),
]
TWO_BY_WORDS = [
    ("Jean told Derek about it.", "Jean", "Derek"),
    ("I called Derek and Jean answered.", "Derek", "Jean"),
    ("Jean calls Derek every Sunday.", "Jean", "Derek"),
    ("My son Tom, and his wife Sue, call on Sundays.", "Tom", "Sue"),
    ("They call Peggy when Margaret falls.", "Peggy", "Margaret"),
    ("I'm Arthur. Jean is my wife.", "Arthur", "Jean"),
    ("Derek was known to Jean.", "Derek", "Jean"),
    ("Call me tomorrow, said Jean, or call Derek.", "Jean", "Derek"),
    ("Jean calls me Monday and Derek comes Tuesday.", "Jean", "Derek"),
    ("Arthur was short for a Bennett, like Derek.", "Arthur", "Derek"),
]


def say(hear: Hear, text: str, *names: str) -> Interview:
    """Enter an interview of one turn, and mark each of these names in it as a person's."""
    interview = hear(text)
    search_transcript(interview, name_model=None, skipped_rules={"capitals"})
    for name in names:
        start = text.index(name)
        add_mention(interview, 1, start, start + len(name), Category.PERSON)
    return interview


def label_of(interview: Interview, name: str) -> str:
    words = read_mention_words(interview)
    (label,) = {
        d.mention.replacement for d in read_decisions(interview) if words[d.mention.key] == name
    }
    return label


def offers(study: Study) -> dict[frozenset[str], Likeness]:
    return {frozenset((one.label, one.other)): one.why for one in list_possible_joins(study)}


@pytest.mark.parametrize(("name", "other", "why"), OFFERED)
def test_two_names_that_may_be_one_persons_are_offered_as_one(
    study: Study, hear: Hear, name: str, other: str, why: Likeness
) -> None:
    first = say(hear, f"so {name} came", name)
    second = say(hear, f"so {other} came", other)

    labels = (read_label(label_of(first, name)), read_label(label_of(second, other)))
    assert offers(study) == {frozenset(labels): why}


@pytest.mark.parametrize(("name", "other"), NOT_OFFERED)
def test_names_of_two_people_are_not_offered(
    study: Study, hear: Hear, name: str, other: str
) -> None:
    say(hear, f"so {name} came", name)
    say(hear, f"so {other} came", other)

    assert offers(study) == {}


@pytest.mark.parametrize(("text", "name", "other"), ONE_BY_WORDS)
def test_two_names_of_which_somebody_says_that_they_are_one_are_offered(
    study: Study, hear: Hear, text: str, name: str, other: str
) -> None:
    one = say(hear, text, name, other)

    assert Likeness.SAID in offers(study).values() or label_of(one, name) == label_of(one, other)


@pytest.mark.parametrize(("text", "name", "other"), TWO_BY_WORDS)
def test_two_who_are_named_near_each_other_are_two(
    study: Study, hear: Hear, text: str, name: str, other: str
) -> None:
    say(hear, text, name, other)

    assert offers(study) == {}


def test_a_first_name_that_another_interview_has_gets_a_label_of_its_own(hear: Hear) -> None:
    first = say(hear, "so Jean came", "Jean")
    second = say(hear, "then Jean left", "Jean")

    assert label_of(first, "Jean") == "[Person 1]"
    assert label_of(second, "Jean") == "[Person 2]"


@pytest.mark.parametrize(
    ("name", "other"),
    [("Jean Fitzgerald", "Jean Fitzgerald"), ("Jean Fitzgerald", "Mrs Fitzgerald"),
     ("Doctor Patel", "Dr Patel"), ("Mary Jean Fitzgerald", "Jean Fitzgerald"),
     ("Mary-Anne Hill", "Mary Anne Hill"),
     ("Jean Skipton", "Jean Skip Ton")],
)  # fmt: skip
def test_a_whole_name_is_one_person_in_every_interview(hear: Hear, name: str, other: str) -> None:
    first = say(hear, f"so {name} came", name)
    second = say(hear, f"so {other} came", other)

    assert label_of(first, name).startswith("[Person 1")
    assert label_of(second, other) == label_of(first, name)


def test_a_first_name_joins_the_whole_name_that_its_own_interview_has(hear: Hear) -> None:
    first = say(hear, "so Jean Fitzgerald came", "Jean Fitzgerald")
    second = say(hear, "so Jean Fitzgerald came, and Jean left", "Jean Fitzgerald")

    assert label_of(second, "Jean") == label_of(first, "Jean Fitzgerald")


def test_names_entered_for_one_participant_are_one_in_each_interview(hear: Hear) -> None:
    arthur = Participant("P01", names=("Arthur",))
    both = [hear(text, participants=(arthur,)) for text in ("Arthur came.", "Then Arthur left.")]
    for interview in both:
        search_transcript(interview, name_model=None, skipped_rules={"capitals"})

    assert [label_of(one, "Arthur") for one in both] == ["[Person 1, P01]"] * 2


def test_a_sister_and_a_neighbour_of_one_first_name_are_offered(study: Study, hear: Hear) -> None:
    for text in ("My sister Jean came.", "My neighbour Jean came."):
        search_transcript(hear(text), name_model=None)

    assert list(offers(study).values()) == [Likeness.SAME_NAME]


def test_two_participants_of_one_first_name_are_two_and_are_not_offered(
    study: Study, hear: Hear
) -> None:
    both = [
        hear("Then Arthur came.", participants=(Participant(code, names=("Arthur",)),))
        for code in ("P01", "P02")
    ]
    for interview in both:
        search_transcript(interview, name_model=None, skipped_rules={"capitals"})

    assert [label_of(one, "Arthur") for one in both] == ["[Person 1, P01]", "[Person 2, P02]"]
    assert offers(study) == {}


def test_a_participant_is_not_somebody_of_that_name_elsewhere_until_a_person_says_so(
    study: Study, hear: Hear
) -> None:
    heard = say(hear, "so Arthur came", "Arthur")
    entered = hear("Then Arthur left.", participants=(Participant("P01", names=("Arthur",)),))
    search_transcript(entered, name_model=None)

    assert label_of(entered, "Arthur") == "[Person 2, P01]"
    join_identities(study, label_of(heard, "Arthur"), "Person 2")
    assert label_of(heard, "Arthur") == "[Person 2, P01]"
    search_transcript(heard, name_model=None)
    assert label_of(heard, "Arthur") == "[Person 2, P01]"
    assert offers(study) == {}


def test_two_of_one_name_that_were_joined_are_told_apart_again(study: Study, hear: Hear) -> None:
    first = say(hear, "so Jean came", "Jean")
    second = say(hear, "then Jean left", "Jean")
    join_identities(study, "Person 2", "Person 1")
    assert said(second) == "then [Person 1] left"

    assert tell_apart(study, "Person 2", "Person 1") == 1

    assert (said(first), said(second)) == ("so [Person 1] came", "then [Person 2] left")
    assert offers(study) == {}
    for interview in (first, second):
        search_transcript(interview, name_model=None, skipped_rules={"capitals"})
    assert (said(first), said(second)) == ("so [Person 1] came", "then [Person 2] left")


def test_two_of_one_interview_that_were_joined_are_told_apart_again(
    study: Study, hear: Hear
) -> None:
    one = say(hear, "so Jean Shaw came and Jean Hill and Derek Shaw", "Jean Shaw", "Jean Hill",
              "Derek Shaw")  # fmt: skip
    before = said(one)
    join_identities(study, "Person 3", "Person 2")
    join_identities(study, "Person 2", "Person 1")
    assert said(one) == "so [Person 1] came and [Person 1] and [Person 1]"

    assert tell_apart(study, "Person 1", "[Person 2]") == 2
    assert said(one) == "so [Person 1] came and [Person 2] and [Person 2]"
    assert tell_apart(study, "Person 3", "Person 2") == 1
    assert said(one) == before
    forms = {p.label: p.forms for p in list_pseudonyms(study)}
    assert forms["[Person 3]"] == ("derek shaw",)


def test_a_typed_replacement_comes_back_when_two_are_told_apart(study: Study, hear: Hear) -> None:
    say(hear, "so Jean came", "Jean")
    second = say(hear, "then Jean left", "Jean")
    rename_identity(study, "Person 2", "her aunt")
    join_identities(study, "Person 2", "Person 1")

    tell_apart(study, "Person 1", "Person 2")

    assert said(second) == "then her aunt left"


def test_the_trail_says_that_two_were_told_apart(study: Study, hear: Hear) -> None:
    say(hear, "so Jean came", "Jean")
    say(hear, "then Jean left", "Jean")

    assert tell_apart(study, "Person 2", "Person 1") == 0

    assert offers(study) == {}
    assert study.read_trail()[0][-1].verb == "replacements parted"


@pytest.mark.parametrize("other", ["Person 1", "Person 9", "Place 1", ""])
def test_only_two_who_are_there_are_told_apart(study: Study, hear: Hear, other: str) -> None:
    interview = hear("My sister Jean came.", "I live in Skipton.")
    search_transcript(interview, name_model=None, skipped_rules={"capitals"})

    with pytest.raises(UnknownReplacement):
        tell_apart(study, "Person 1", other)


def said(interview: Interview) -> str:
    return write_clean_transcript(interview).turns[0].text


def test_two_who_may_be_one_stand_on_the_risk_sheet_until_a_person_said(
    study: Study, hear: Hear
) -> None:
    """Only `earshot replacements --pairs` told of them, and the one who decides never saw it."""
    say(hear, "so Jean Fitzgerald came", "Jean Fitzgerald")
    interview = say(hear, "then Jean left", "Jean")
    accept_all_mentions(interview)

    lines = [x for x in build_risk_sheet(study, interview) if x.concern is Concern.ONE_PERSON]
    assert [(x.words, x.note) for x in lines] == [
        ("[Person 2], [Person 1]", "one name is part of the other")
    ]
    assert [place.turn for place in lines[0].places] == [1]

    tell_apart(study, "Person 2", "Person 1")
    concerns = {x.concern for x in build_risk_sheet(study, interview)}
    assert Concern.ONE_PERSON not in concerns


def test_the_pairs_of_one_interview_are_those_of_the_study_and_read_no_others_words(
    study: Study, hear: Hear, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = say(hear, "so Jean Fitzgerald came", "Jean Fitzgerald")
    other = say(hear, "so Jean came", "Jean")
    say(hear, "so Wilfred came", "Wilfred")
    say(hear, "so Wilfrid came", "Wilfrid")
    whole = list_possible_joins(study)
    read = list[str]()

    def noted(interview: Interview, mentions: Mentions) -> dict[int, str]:
        read.append(interview.id)
        return read_searched_texts(interview, mentions)

    monkeypatch.setattr("anonymise.same_people.read_searched_texts", noted)
    here = list_possible_joins(study, within=one.id)

    assert here == [pair for pair in whole if one.id in {*pair.interviews, *pair.other_interviews}]
    assert len(whole) == 2
    assert len(here) == 1
    assert set(read) == {one.id, other.id}
