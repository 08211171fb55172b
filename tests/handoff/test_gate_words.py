"""The gate tells a name from the word that it also is, and stops nothing for nothing."""

from __future__ import annotations

import pytest

from handoff.forbidden_text import REGIONS, sort_originals
from handoff.gate import find_originals
from study import Category, load_list_sections

PERSON, PLACE, EVENT, ORG = Category.PERSON, Category.PLACE, Category.EVENT, Category.ORGANISATION

PASSES = [
    (PERSON, "Mark", "Well, mark my words, it rained."),
    (PERSON, "Mark", "Oh, Mark my words."),
    (Category.DATE, "Friday", "We go on a Friday."),
    (EVENT, "Christmas", "It was nearly Christmas again."),
    (PERSON, "Christmas", "It was nearly Christmas again."),
    (PERSON, "Friday", "She comes on Friday."),
    (PERSON, "S", "S? I don't know."),
    (PERSON, "Will", "I said Will you ever listen to me."),
    (PERSON, "Rose", "there was a rose by the gate"),
    (PERSON, "Peter", "for Pete's sake, and robbing Peter to pay Paul"),
    (PLACE, "Coventry", "They sent me to Coventry in there."),
    (PERSON, "Jack", "He was a right Jack the lad."),
    (ORG, "Mind", "I don't mind. Never mind."),
    (PERSON, "Grace", "Say Grace before meals, we were told."),
    (PERSON, "May", "It was in May that he fell."),
    (PERSON, "Hope", "We live in hope, don't we."),
    (PLACE, "Bath", "I had a bath at six."),
    (PERSON, "Florence", "She's a proper Florence Nightingale."),
    (PLACE, "Bakewell", "A Bakewell tart and a cup of tea."),
    (PERSON, "Sunday", "He comes every Sunday at ten."),
    (PERSON, "Lewy", "It was Lewy body, they said."),
    (ORG, "the home", "I want to stay in the home."),
    (PERSON, "Mar", "I was with Mar- with my sister."),
    (PERSON, "Mary Place", "[Place 1] and [Person 2] were there."),
    (PERSON, "Mary Place", "It was a nice place to sit."),
    (ORG, "Mauston Silver Band", "I'd like a mister now and then."),
    (PERSON, "He", "He's lost it, he has."),
    (PERSON, "his", "It was his cap."),
    (Category.AGE, "eighty", "There were eighty of us."),
    (Category.OCCUPATION, "teacher", "She was my teacher."),
    (Category.BACKGROUND, "black", "His mother wore black."),
    (Category.BACKGROUND, "white", "All in white, like a bride."),
    (EVENT, "fire", "We sat by the fire."),
    (PLACE, "Wales", "We moved to [Place 2, town in Wales] for a year."),
    (PLACE, "Scotland", "And then [village in Scotland 2], by the sea."),
]

STOPPED = [
    (PERSON, "Mark", "I said so to Mark yesterday."),
    (PERSON, "Mark", "so i said to mark yesterday"),
    (PERSON, "Will", "everybody calls me will"),
    (PERSON, "Rose", "anything else rose"),
    (PLACE, "Coventry", "He worked in Coventry then."),
    (PERSON, "Jack", "And then Jack came in."),
    (PERSON, "May", "and then i said to may come here"),
    (PLACE, "Bath", "we moved to bath in the sixties"),
    (PLACE, "Bakewell", "We lived at Bakewell for a bit."),
    (PERSON, "Sunday", "sunday drove us to the clinic"),
    (PERSON, "Margaret Wilson", "margaret was the one who noticed"),
    (PERSON, "Mary Place", "Then Mrs Place came."),
    (PLACE, "Wales", "We moved to Wales, to a [town in Wales]."),
    (PLACE, "Rhyl", "We moved to [town in Rhyl]."),
    (Category.OCCUPATION, "drayman", "He was a drayman, all his life."),
]


def is_stopped(category: Category, original: str, line: str) -> bool:
    entered = [(category, original)]
    forbidden = sort_originals(entered, set(), (), entered=entered)
    return any(find_originals({"a.txt": line.encode()}, forbidden))


@pytest.mark.parametrize(("category", "original", "line"), PASSES)
def test_words_that_name_nobody_pass(category: Category, original: str, line: str) -> None:
    assert not is_stopped(category, original, line)


@pytest.mark.parametrize(("category", "original", "line"), STOPPED)
def test_a_name_that_is_a_word_is_stopped(category: Category, original: str, line: str) -> None:
    assert is_stopped(category, original, line)


def test_a_flower_that_was_kept_frees_no_rose() -> None:
    entered = [(PERSON, "Rose")]
    forbidden = sort_originals(entered, set(), (), kept_small={"rose"}, entered=entered)

    def is_found(line: str) -> bool:
        return any(find_originals({"a.txt": line.encode()}, forbidden))

    assert is_found("So I told Rose about it.")
    assert not is_found("so i told rose about it")


def test_a_phrase_that_was_taken_out_of_the_keep_list_frees_nothing() -> None:
    forbidden = sort_originals([(PLACE, "Coventry")], set(), (), kept_phrases=frozenset())

    assert any(find_originals({"a.txt": b"They sent me to Coventry."}, forbidden))


def test_a_column_of_a_table_is_nobody_called_place() -> None:
    entered = [(PERSON, "Mary Place")]
    forbidden = sort_originals(entered, set(), (), entered=entered)

    assert not any(find_originals({"log.csv": b"turn,category\n1,place,replaced\n"}, forbidden))
    assert any(find_originals({"talk.txt": b"so i told place about it"}, forbidden))


def test_the_regions_are_those_that_places_are_made_into() -> None:
    regions = {
        section.partition(" in ")[2] for section in load_list_sections("anonymise", "places")
    }

    assert set(REGIONS) == regions
