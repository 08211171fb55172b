"""Entered names in turns without capitals are questions, and are never dropped."""

from __future__ import annotations

import pytest

from anonymise.pipeline import SearchPipeline, settle_finds
from anonymise.proposals import Proposal
from anonymise.register import KnownIdentity
from study import LIKELY_SCORE, Category


@pytest.fixture(scope="module")
def register() -> SearchPipeline:
    people = (
        "Will Young", "Rose", "Mark Day", "Grace Long", "Hope", "Bill King", "May", "Jack",
        "Sandy Brown", "Dale", "Summer", "Dawn", "June Field", "Art", "Frank", "Ivy", "Penny",
        "Rob", "Nick", "Sue Price", "Mary Place",
    )  # fmt: skip
    return SearchPipeline(
        [
            *(KnownIdentity(Category.PERSON, (name,)) for name in people),
            KnownIdentity(Category.PLACE, ("Reading",)),
            KnownIdentity(Category.PLACE, ("Bath",)),
            KnownIdentity(Category.ORGANISATION, ("Sunshine",)),
        ]
    )


def found_in(pipeline: SearchPipeline, *said: str) -> list[Proposal]:
    return [p for turn in settle_finds(pipeline.search_turns(said)) for p in turn]


WITHOUT_CAPITALS = [
    ("everybody calls me will", "will"),
    ("anything else rose", "rose"),
    ("well i told mark that it was no good", "mark"),
    ("it was grace who took me the first time", "grace"),
    ("i asked hope about it", "hope"),
    ("and bill and me we just laughed", "bill"),
    ("ask may she'll know", "may"),
    ("so jack and i went on the bus", "jack"),
    ("me and sandy go back years", "sandy"),
    ("that'll be dale at the door", "dale"),
    ("my granddaughter summer is nine now", "summer"),
    ("thank you dawn that's lovely", "dawn"),
    ("i'd be lost without june i would", "june"),
    ("his name's art short for arthur", "art"),
    ("to be honest with you frank never liked it", "frank"),
    ("i sat next to ivy every week", "ivy"),
    ("have you got a pen penny", "penny"),
    ("it was rob that drove us", "rob"),
    ("nick you'd have to ask nick", "nick"),
    ("sue rings me of a sunday", "sue"),
    ("we had young in the back and the two girls", "young"),
    ("old mrs place used to come", "place"),
    ("i grew up in reading mostly", "reading"),
    ("we moved to bath when i was six", "bath"),
    ("i go to sunshine on a tuesday", "sunshine"),
    ("yes will yes", "will"),
]


@pytest.mark.parametrize(("said", "name"), WITHOUT_CAPITALS, ids=[s for s, _ in WITHOUT_CAPITALS])
def test_an_entered_name_in_a_turn_without_capitals_is_at_least_asked(
    register: SearchPipeline, said: str, name: str
) -> None:
    (spoken,) = [p for p in found_in(register, said) if name in said[p.start : p.end].split()][:1]

    assert spoken.score > 0


WORDS = [
    "i will if i can", "there was a rose in the vase", "we hope so", "you may be right",
    "it was the last day of term", "a place to stay", "he was very young", "it took a long time",
    "mark my words", "i paid the bill", "we sang it in the summer", "a penny for them",
    "to be frank i was tired", "at the crack of dawn", "you can't price it", "i like reading",
    "i had a bath", "the sunshine was lovely", "out in the field", "it was all brown and dead",
]  # fmt: skip


@pytest.mark.parametrize("said", WORDS)
def test_an_entered_name_that_is_a_word_is_no_sure_find_in_a_turn_without_capitals(
    register: SearchPipeline, said: str
) -> None:
    assert [p for p in found_in(register, said) if p.score >= LIKELY_SCORE] == []


@pytest.mark.parametrize("said", [f"Well. {said[0].upper()}{said[1:]}." for said in WORDS])
def test_an_entered_name_that_is_a_word_is_no_sure_find_where_capitals_tell(
    register: SearchPipeline, said: str
) -> None:
    assert [p for p in found_in(register, said) if p.score >= LIKELY_SCORE] == []


@pytest.mark.parametrize(
    "said", ["Well. I will if I can.", "Well. A rose in May.", "Well. I may, I say."]
)
def test_a_word_of_the_keep_list_is_no_question_where_capitals_tell(
    register: SearchPipeline, said: str
) -> None:
    assert found_in(register, said) == []


LETTERS = [
    "S? I don't know.", "a day, a dream", "x marks the spot", "Vitamin C and D.", "Plan B it was.",
    "i said so", "It is a T junction.", "an S bend", "C for effort", "K then", "B wing",
    "he got an A", "o dear", "u know", "Then J came.", "We called him J.", "Mr. J. said so.",
    "r u there", "size S", "the letter M", "Section B", "s", "It was S.",
]  # fmt: skip


@pytest.mark.parametrize("said", LETTERS)
def test_a_single_letter_is_never_an_entered_name(said: str) -> None:
    letters = "ABCDJKMORSTUX"
    entered = [
        KnownIdentity(Category.PERSON, (name,))
        for c in letters
        for name in (c, f"{c}.", f"Mrs {c}")
    ]
    pipeline = SearchPipeline(entered)

    found = [said[p.start : p.end] for p in found_in(pipeline, said)]

    assert not [name for name in found if sum(c.isalpha() for c in name) < 2]
    assert "register" not in {p.source for p in found_in(pipeline, said)}


@pytest.mark.parametrize("said", ["My name is J.", "And I am S, his wife.", "my friend called b"])
def test_a_single_letter_is_no_name_though_the_words_around_it_say_so(said: str) -> None:
    assert found_in(SearchPipeline(), said) == []


@pytest.mark.parametrize("said", ["A Re-annon, she's the one.", "Then Re-annon came in."])
def test_an_entered_name_in_two_parts_with_a_hyphen_is_found(said: str) -> None:
    pipeline = SearchPipeline([KnownIdentity(Category.PERSON, ("Rhiannon Pugh",))])
    assert [said[p.start : p.end].lower() for p in found_in(pipeline, said)] == ["re-annon"]
