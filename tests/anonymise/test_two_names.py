"""Two people whose names sound alike are two, and one whose name was misheard stays one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anonymise.mention_decisions import add_mention
from anonymise.pseudonyms import PseudonymBook, ReplacementRequest, read_label
from anonymise.register import KnownIdentity
from anonymise.replacements import join_identities, tell_apart
from anonymise.same_people import list_possible_joins
from anonymise.search import search_transcript
from anonymise.two_names import are_two_names
from study import Category, Participant
from study.store import Interview, Study, read_decisions, read_mention_words

Hear = Callable[..., Interview]
P = Category.PERSON

TWO = [
    ("Joan Smith", "John Smith"), ("Paul Reid", "Paula Reid"), ("Eric Marsh", "Erica Marsh"),
    ("Dawn Kelly", "Don Kelly"), ("Ann Taylor", "Anne Tyler"), ("Daniel Clark", "Danielle Clark"),
    ("Robert Shaw", "Roberta Shaw"), ("Mary Doyle", "Marie Doyle"), ("Simon Grant", "Simone Grant"),
    ("Martin Webb", "Martina Webb"), ("Julia Hart", "Julie Hart"), ("Carol Dunn", "Carl Dunn"),
    ("Louis Barker", "Louise Barker"), ("Janet Cole", "Janette Cole"),
    ("Jan Foster", "Jane Foster"), ("Joan Hughes", "Joanne Hughes"),
    ("Denis Moore", "Denise Moore"), ("Joan", "John"), ("Ellen Walsh", "Eileen Walsh"),
    ("Rose Palmer", "Ross Palmer"), ("Susan Price", "Suzanne Price"),
    ("Colin Wood", "Colleen Wood"), ("Noel Hunt", "Noelle Hunt"), ("Sara Holt", "Zara Holt"),
]  # fmt: skip
ONE = [
    ("Stephen Ward", "Steven Ward"), ("Catherine Shaw", "Katherine Shaw"),
    ("Ann Bennett", "Anne Bennett"), ("Jean Thackray", "Gene Thackray"),
    ("Sean Kelly", "Shaun Kelly"), ("Geoffrey Boyd", "Jeffrey Boyd"),
    ("Fergus McDonald", "Fergus MacDonald"), ("Sarah Holt", "Sara Holt"),
    ("Philip Stone", "Phillip Stone"), ("Alan Moss", "Allan Moss"),
    ("Kathleen Byrne", "Cathleen Byrne"), ("Emma Dixon", "Emma Dickson"),
    ("Lesley Hunt", "Leslie Hunt"), ("Siobhan Marsh", "Shivorn Marsh"),
    ("Clare Webb", "Claire Webb"), ("John Smith", "John Smyth"), ("Paul Reid", "Paul Reed"),
    ("Teresa Byrne", "Theresa Byrne"), ("David Clark", "David Clarke"),
    ("Rachel Cole", "Rachael Cole"), ("Dennis Moore", "Denis Moore"),
    ("Elizabeth Grey", "Elisabeth Grey"), ("Laurence Booth", "Lawrence Booth"), ("Jean", "Gene"),
    ("Margaret Dunn", "Margret Dunn"), ("Eleanor Wood", "Elinor Wood"),
]  # fmt: skip
# More spellings of one name, and misheard ones: never told apart, whoever may join them.
ONE_BY_EAR = [
    ("Brian", "Bryan"), ("Graham", "Graeme"), ("Isobel", "Isabel"), ("Catherine", "Kathryn"),
    ("Thackray", "Thackery"), ("Hebblethwaite", "Hebelthwaite"), ("Thackray", "Sacre"),
    ("Lynn", "Lynne"), ("Carol", "Carole"), ("Jo", "Joe"), ("Deborah", "Debra"),
    ("Morris", "Maurice"), ("Rhys", "Reece"), ("Davis", "Davies"), ("Hayley", "Hailey"),
    ("Matthews", "Mathews"), ("Stewart", "Stuart"),
]  # fmt: skip
# Who was entered, what somebody says, and the name in it that is somebody else's.
SOMEBODY_ELSE = [
    ("William Frost", "so rose my wife said", "rose"),
    ("Joan Smith", "and my brother John came", "John"),
    ("Eric Marsh", "and my daughter Erica came", "Erica"),
    ("Paul Reid", "my sister Paula said so", "Paula"),
    ("Jean Thackray", "my uncle Dean was there", "Dean"),
    ("Marie Doyle", "my aunt Mary was there", "Mary"),
    ("Robert Shaw", "my niece Roberta said", "Roberta"),
    ("Ross Palmer", "my wife Rose said", "Rose"),
]
THE_SAME = [
    ("Jean Thackray", "my wife Gene was there", "Gene"),
    ("Stephen Ward", "my brother Steven said", "Steven"),
    ("Catherine Shaw", "my sister Katherine came", "Katherine"),
    ("Siobhan Marsh", "my sister Shivorn said", "Shivorn"),
    ("Graham Hebblethwaite", "then Mr Hebelthwaite rang", "Mr Hebelthwaite"),
    ("Cyril Marsh", "so my husband cereal said", "cereal"),
    ("Geoffrey Boyd", "my son Jeffrey said", "Jeffrey"),
    ("Paul Reid", "then Mr Reed rang", "Mr Reed"),
]
# Of somebody entered, what a find with the known form beside it is: the words, the form, whether
# they are this one.
KNOWN_FORMS = [
    ("Paul Reid", "Jane Reid", "reid", False),
    ("Tom Doyle", "Marie Doyle", "doyle", False),
    ("Paul Reid", "Paula Reid", "paul reid", False),
    ("Ann Taylor", "Anne Tyler", "ann taylor", False),
    ("Paul Reid", "Doctor Reid", "reid", True),
    ("Arthur Thackray", "Arthur Sacre", "arthur thackray", True),
    ("Arthur Thackray", "Arthur Zachary", "arthur thackray", True),
    ("Arthur Arkwright", "arthur ark right", "arthur arkwright", True),
    ("Margaret Wilson", "margaret will son", "margaret wilson", True),
    ("Daniel Reid", "Dan Reid", "reid", True),
    ("Graham Hebelthwaite", "Hebblethwaite", "hebelthwaite", True),
    ("Graham Hebblethwaite", "heblefoot", "hebblethwaite", True),
]


def mark(hear: Hear, text: str, *names: str) -> Interview:
    """Enter an interview of one turn, and mark each of these names in it as a person's."""
    interview = hear(text)
    search_transcript(interview, name_model=None, skipped_rules={"capitals"})
    for name in names:
        start = text.index(name)
        add_mention(interview, 1, start, start + len(name), P)
    return interview


def replacements_of(interview: Interview) -> dict[str, str]:
    words = read_mention_words(interview)
    return {words[d.mention.key]: d.mention.replacement for d in read_decisions(interview)}


def labels_of(interview: Interview) -> dict[str, str]:
    return {name: read_label(given) for name, given in replacements_of(interview).items()}


def offered(study: Study) -> set[frozenset[str]]:
    return {frozenset((one.label, one.other)) for one in list_possible_joins(study)}


@pytest.mark.parametrize(("name", "other"), TWO)
def test_two_well_known_names_in_one_interview_are_two_and_offered(
    study: Study, hear: Hear, name: str, other: str
) -> None:
    """Joan Smith and John Smith, "they are not related", became one replacement."""
    labels = labels_of(mark(hear, f"so {name} came and then {other} came", name, other))
    assert labels[name] != labels[other]
    assert offered(study) == {frozenset((labels[name], labels[other]))}


@pytest.mark.parametrize(("name", "other"), ONE)
def test_two_spellings_of_one_name_in_one_interview_stay_one(
    study: Study, hear: Hear, name: str, other: str
) -> None:
    labels = labels_of(mark(hear, f"so {name} came and then {other} came", name, other))
    assert labels[name] == labels[other]
    assert not offered(study)


@pytest.mark.parametrize(("name", "other"), ONE_BY_EAR)
def test_spellings_that_are_heard_alike_are_never_two_names(name: str, other: str) -> None:
    assert not are_two_names(name, other)
    assert not are_two_names(other, name)


def test_two_surnames_in_two_interviews_are_two_and_offered(study: Study, hear: Hear) -> None:
    """Anne Tyler of one interview became Ann Taylor of another, whose name was known by then."""
    first = mark(hear, "so Ann Taylor came", "Ann Taylor")
    second = hear("so Mrs Anne Tyler came")
    search_transcript(second, name_model=None)
    (here,) = labels_of(first).values()
    (there,) = labels_of(second).values()
    assert here != there
    assert offered(study) == {frozenset((here, there))}


def test_two_well_known_names_are_told_apart_or_joined_by_a_person(
    study: Study, hear: Hear
) -> None:
    first = mark(hear, "so Joan Smith and John Smith came", "Joan Smith", "John Smith")
    joan, john = (labels_of(first)[name] for name in ("Joan Smith", "John Smith"))
    tell_apart(study, joan, john)
    assert not offered(study)
    join_identities(study, john, joan)
    assert set(labels_of(first).values()) == {joan}


def test_a_title_tells_two_names_that_sound_alike_apart_for_good(study: Study, hear: Hear) -> None:
    said = "so Mrs Joan Smith and Mr John Smith came"
    labels = labels_of(mark(hear, said, "Mrs Joan Smith", "Mr John Smith"))
    assert len(set(labels.values())) == 2
    assert not offered(study)


def test_a_sister_and_a_brother_without_commas_are_two() -> None:
    """In small letters "jean my sister and gene his brother" were one."""
    book = PseudonymBook()
    sister = ReplacementRequest(P, "jean", kin="sister")
    brother = ReplacementRequest(P, "gene", kin="brother")
    assert book.assign_replacements([sister, brother]) == ["[Person 1]", "[Person 2]"]


def test_the_words_behind_a_name_tell_two_apart_and_stand_in_no_label(
    study: Study, hear: Hear
) -> None:
    interview = hear("so jean my sister came and gene his brother came")
    search_transcript(interview, name_model=None)
    assert replacements_of(interview) == {"jean": "[Person 1]", "gene": "[Person 2]"}
    assert offered(study) == {frozenset(("[Person 1]", "[Person 2]"))}


@pytest.mark.parametrize(("entered", "text", "name"), SOMEBODY_ELSE)
def test_a_well_known_name_is_not_that_of_somebody_entered_who_is_called_otherwise(
    hear: Hear, entered: str, text: str, name: str
) -> None:
    """With William Frost entered as P01, "rose my wife" became "[Person 1, P01] my wife"."""
    interview = hear(text, participants=(Participant("P01", names=(entered,)),))
    search_transcript(interview, name_model=None)
    given = replacements_of(interview)
    assert name in given  # found as before
    assert "P01" not in given[name]


@pytest.mark.parametrize(("entered", "text", "name"), THE_SAME)
def test_an_entered_name_that_was_misheard_or_spelled_otherwise_is_that_persons(
    hear: Hear, entered: str, text: str, name: str
) -> None:
    interview = hear(text, participants=(Participant("P01", names=(entered,)),))
    search_transcript(interview, name_model=None)
    assert replacements_of(interview)[name] == "[Person 1, P01]"


@pytest.mark.parametrize(("entered", "said", "form", "is_theirs"), KNOWN_FORMS)
def test_a_known_form_is_believed_only_where_the_words_may_be_it(
    entered: str, said: str, form: str, *, is_theirs: bool
) -> None:
    """With Paul Reid entered, Jane Reid was he: the surname alone was looked up."""
    book = PseudonymBook()
    book.add_known_identities([KnownIdentity(P, (entered,), "P01")])
    (given,) = book.assign_replacements([ReplacementRequest(P, said, form)])
    assert (given == "[Person 1, P01]") is is_theirs


def test_a_name_entered_beside_another_is_that_persons_with_either_surname() -> None:
    book = PseudonymBook()
    book.add_known_identities([KnownIdentity(P, ("Margaret Wilson", "Peggy"), "P07")])
    asked = ReplacementRequest(P, "Peggy Wilson", "wilson")
    assert book.assign_replacements([asked]) == ["[Person 1, P07]"]
