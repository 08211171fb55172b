"""Whatever a transcript or a register holds, the search ends and no offset drifts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anonymise.cleaning import clean
from anonymise.deciding import accept_all
from anonymise.steps import propose
from study import decided
from study.artefacts import Kind
from study.store import Study
from study.terms import About, Category, Identity, Participant, Provenance, Transcript, Turn

Hear = Callable[..., str]


def entered(study: Study, register: tuple[Identity, ...], *texts: str) -> str:
    turns = tuple(Turn(k, "P01", k, k + 1.0, text) for k, text in enumerate(texts, 1))
    with study.change("heard") as change:
        interview = change.add_interview(About("I1", (Participant("P01"),), register=register))
        change.put(interview, Kind.RAW, Transcript(turns, Provenance("transcribe", "test")))
    return interview


def said(study: Study, interview: str) -> list[str]:
    words = decided.words(study, interview)
    return [words[d.mention.key] for d in decided.read(study, interview)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("\U0001f600\U0001f600 My number is 07700 900418 \U0001f600.", "07700 900418"),
        ("\u05e9\u05dc\u05d5\u05dd \u202b ring 07700 900418 now", "07700 900418"),
        ("cafe\u0301 e\u0301e\u0301, my name is Zo\u00eb Bennett.", "Zo\u00eb Bennett"),
        ("\u200d\u200dMy name is Jean Ack\u200droyd.", "Jean Ack\u200droyd"),
    ],
)
def test_signs_of_every_script_move_no_offset(
    study: Study, hear: Hear, text: str, found: str
) -> None:
    interview = hear(text)
    propose(study, interview, ner=None)
    accept_all(study, interview)
    assert any(found in one or one in found for one in said(study, interview))
    (turn,) = clean(study, interview).turns
    assert "900418" not in turn.text
    assert "Bennett" not in turn.text


def test_an_interview_without_turns_is_searched_and_cleaned(study: Study, hear: Hear) -> None:
    interview = hear()
    assert propose(study, interview, ner=None).mentions == ()
    assert clean(study, interview).turns == ()


def test_one_turn_of_fifty_thousand_words(study: Study, hear: Hear) -> None:
    interview = hear(f"{'and so it went on ' * 10_000}My number is 07700 900418.")
    propose(study, interview, ner=None)
    assert said(study, interview) == ["07700 900418"]


def test_a_transcript_of_two_hundred_thousand_words(study: Study, hear: Hear) -> None:
    turns = ["and so it went on and on with them there " * 5] * 4_400
    interview = hear(*turns, "My name is Arthur Bennett.", "Then Arthur came.")
    propose(study, interview, ner=None)
    assert said(study, interview) == ["Arthur Bennett", "Arthur"]
    accept_all(study, interview)
    assert clean(study, interview).turns[-1].text == "Then [Person 1] came."


def test_a_register_of_two_thousand_entries(study: Study) -> None:
    register = tuple(
        Identity(Category.PERSON, (f"{chr(65 + n % 26)}{'aeiou'[n % 5]}zz{n:04}ington",))
        for n in range(2_000)
    )
    interview = entered(study, register, "Then Cizz0002ington came.", "Nobody else.")
    propose(study, interview, ner=None)
    assert len(said(study, interview)) == 1


@pytest.mark.parametrize("name", ["", "a", " ", "'", "I", "\u200d", "the"])
def test_a_register_entry_that_is_no_name_masks_nothing(study: Study, name: str) -> None:
    register = (Identity(Category.PERSON, (name,)), Identity(Category.PLACE, ()))
    interview = entered(study, register, "I was a long way from the sea, and a dog barked.")
    propose(study, interview, ner=None)
    assert said(study, interview) == []
