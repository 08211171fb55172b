"""One detail has one replacement, and two details have two."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anonymise.generalisation import GeneralisationPolicy
from anonymise.pseudonyms import PseudonymBook, ReplacementRequest
from anonymise.search import search_transcript
from study import Category
from study.store import Interview, read_decisions, read_mention_words

PERSON, PLACE, ORG = Category.PERSON, Category.PLACE, Category.ORGANISATION
BORN, DATE = Category.DATE_OF_BIRTH, Category.DATE

ONE = [
    (ORG, "Park View", ORG, "Park View Hospital"),
    (PLACE, "Park View", ORG, "Park View Hospital"),
    (ORG, "St Mary's", ORG, "St Mary's Hospital"),
    (PLACE, "the Willows", ORG, "Willows Care Home"),
    (ORG, "Thornlea", ORG, "Thornlea Day Centre"),
    (ORG, "Elm Tree", ORG, "the Elm Tree Surgery"),
    (PERSON, "Jean", PERSON, "Jean Fitzgerald"),
    (PERSON, "Kathleen", PERSON, "Cathleen"),
    (PERSON, "Steven", PERSON, "Stephen"),
    (PERSON, "Siobhan", PERSON, "Shivorn"),
    (BORN, "third of March nineteen thirty one", BORN, "03/03/1931"),
    (BORN, "third of March 1931", DATE, "March 1931"),
    (BORN, "third of March 1931", DATE, "1931"),
    (BORN, "third of March 1931", DATE, "3 March 1931"),
]
TWO = [
    (PLACE, "Mill Road", ORG, "Mill Road Surgery"),
    (PLACE, "Skipton", ORG, "Skipton Hospital"),
    (ORG, "Park View Hospital", ORG, "Park Lane Hospital"),
    (ORG, "Hospital", ORG, "Park View Hospital"),
    (PERSON, "Jean", PERSON, "Dean"),
    (PERSON, "Ann", PERSON, "Ian"),
    (PERSON, "Jean Fitzgerald", PERSON, "Jean Bennett"),
    (BORN, "third of March 1931", DATE, "May 2019"),
]


def replace_both(kind: Category, one: str, other_kind: Category, other: str) -> list[str]:
    book = PseudonymBook(policy=GeneralisationPolicy(this_year=2026))
    book.note_births([(kind, one), (other_kind, other)])
    return book.assign_replacements(
        [ReplacementRequest(kind, one), ReplacementRequest(other_kind, other)]
    )


@pytest.mark.parametrize(("kind", "one", "other_kind", "other"), ONE)
def test_one_detail_said_twice_has_one_replacement(
    kind: Category, one: str, other_kind: Category, other: str
) -> None:
    first, second = replace_both(kind, one, other_kind, other)

    assert first == second


@pytest.mark.parametrize(("kind", "one", "other_kind", "other"), TWO)
def test_two_details_have_two_replacements(
    kind: Category, one: str, other_kind: Category, other: str
) -> None:
    first, second = replace_both(kind, one, other_kind, other)

    assert first != second


def test_a_sister_and_a_daughter_of_one_sound_are_two() -> None:
    asked = [
        ReplacementRequest(PERSON, "Marie", role="daughter"),
        ReplacementRequest(PERSON, "Mary", role="sister"),
    ]

    assert len(set(PseudonymBook().assign_replacements(asked))) == len(asked)


def test_no_date_of_an_interview_gives_its_date_of_birth_away(
    hear: Callable[..., Interview],
) -> None:
    interview = hear("I was born on the third of March 1931.", "In March 1931, it was.")
    search_transcript(interview, name_model=None)

    words = read_mention_words(interview)
    said = {words[d.mention.key]: d.mention.replacement for d in read_decisions(interview)}

    assert set(said.values()) == {"[date in 1936 or before]"}


def test_a_seldom_occupation_that_is_asked_once_is_asked_wherever_it_is_said(
    search: Callable[..., list[tuple[str, str]]],
) -> None:
    found = search("His dad was a drayman.", "And then they sent a drayman round.")
    assert found == [("drayman", "occupation"), ("drayman", "occupation")]


def test_an_occupation_that_everybody_speaks_of_is_not_looked_for(
    search: Callable[..., list[tuple[str, str]]],
) -> None:
    found = search("She was a teacher at the bottom of our road.", "Ask your teacher about it.")
    assert ("teacher", "occupation") not in found[1:]
