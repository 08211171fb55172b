"""Whatever a transcript or a register holds, the search ends and no offset drifts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anonymise.clean_transcript import write_clean_transcript
from anonymise.mention_decisions import accept_all_mentions
from anonymise.search import search_transcript
from study import (
    ArtefactKind,
    Category,
    InterviewDetails,
    Participant,
    Provenance,
    RegisterEntry,
    Transcript,
    Turn,
)
from study.store import Interview, Study, read_decisions, read_mention_words

Hear = Callable[..., Interview]


def enter(study: Study, register: tuple[RegisterEntry, ...], *texts: str) -> Interview:
    turns = tuple(Turn(k, "P01", k, k + 1.0, text) for k, text in enumerate(texts, 1))
    with study.change("heard") as change:
        interview = change.add_interview(
            InterviewDetails("I1", (Participant("P01"),), register=register)
        )
        change.write_artefact(ArtefactKind.RAW, Transcript(turns, Provenance("transcribe", "test")))
    return study.interview(interview)


def said(interview: Interview) -> list[str]:
    words = read_mention_words(interview)
    return [words[d.mention.key] for d in read_decisions(interview)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("\U0001f600\U0001f600 My number is 07700 900418 \U0001f600.", "07700 900418"),
        ("\u05e9\u05dc\u05d5\u05dd \u202b ring 07700 900418 now", "07700 900418"),
        ("cafe\u0301 e\u0301e\u0301, my name is Zo\u00eb Bennett.", "Zo\u00eb Bennett"),
        ("\u200d\u200dMy name is Jean Ack\u200droyd.", "Jean Ack\u200droyd"),
    ],
)
def test_signs_of_every_script_move_no_offset(hear: Hear, text: str, found: str) -> None:
    interview = hear(text)
    search_transcript(interview, name_model=None)
    accept_all_mentions(interview)
    assert any(found in one or one in found for one in said(interview))
    (turn,) = write_clean_transcript(interview).turns
    assert "900418" not in turn.text
    assert "Bennett" not in turn.text


def test_an_interview_without_turns_is_searched_and_cleaned(hear: Hear) -> None:
    interview = hear()
    assert search_transcript(interview, name_model=None).mentions == ()
    assert write_clean_transcript(interview).turns == ()


def test_one_turn_of_fifty_thousand_words(hear: Hear) -> None:
    interview = hear(f"{'and so it went on ' * 10_000}My number is 07700 900418.")
    search_transcript(interview, name_model=None)
    assert said(interview) == ["07700 900418"]


def test_a_transcript_of_two_hundred_thousand_words(hear: Hear) -> None:
    turns = ["and so it went on and on with them there " * 5] * 4_400
    interview = hear(*turns, "My name is Arthur Bennett.", "Then Arthur came.")
    search_transcript(interview, name_model=None)
    assert said(interview) == ["Arthur Bennett", "Arthur"]
    accept_all_mentions(interview)
    assert write_clean_transcript(interview).turns[-1].text == "Then [Person 1] came."


def test_a_register_of_two_thousand_entries(study: Study) -> None:
    register = tuple(
        RegisterEntry(Category.PERSON, (f"{chr(65 + n % 26)}{'aeiou'[n % 5]}zz{n:04}ington",))
        for n in range(2_000)
    )
    interview = enter(study, register, "Then Cizz0002ington came.", "Nobody else.")
    search_transcript(interview, name_model=None)
    assert len(said(interview)) == 1


@pytest.mark.parametrize("name", ["", "a", " ", "'", "I", "\u200d", "the"])
def test_a_register_entry_that_is_no_name_masks_nothing(study: Study, name: str) -> None:
    register = (RegisterEntry(Category.PERSON, (name,)), RegisterEntry(Category.PLACE, ()))
    interview = enter(study, register, "I was a long way from the sea, and a dog barked.")
    search_transcript(interview, name_model=None)
    assert said(interview) == []
