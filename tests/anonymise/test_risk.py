"""The sheet tells what is left, and every line leads to its place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anonymise import keeping, renaming, risk
from anonymise.deciding import accept_all, add, decide
from anonymise.risk import Concern, Line
from anonymise.steps import propose
from study import decided, progress
from study.errors import KeyNotHeld
from study.keys import Argon2Cost, KeyClass
from study.store import Study
from study.terms import Category, Style, Verdict

Hear = Callable[..., str]


def lines(study: Study, concern: Concern, interview: str = "") -> list[Line]:
    return [line for line in risk.sheet(study, interview) if line.concern is concern]


def words(study: Study, concern: Concern) -> list[str]:
    return [line.words for line in lines(study, concern)]


def done(study: Study, interview: str) -> None:
    propose(study, interview, ner=None)
    accept_all(study, interview)


def test_capitalised_words_that_stand_are_told_with_their_places(study: Study, hear: Hear) -> None:
    one = hear("Well, we saw Zebulon there.", "It was Zebulon, on a Monday. The dog barked.")
    done(study, one)
    (found,) = lines(study, Concern.CAPITAL)
    assert (found.words, found.note) == ("Zebulon", "2 times")
    assert [(p.interview, p.turn, p.start, p.end) for p in found.places] == [
        (one, 1, 13, 20), (one, 2, 7, 14),
    ]  # fmt: skip


def test_rare_words_are_told_and_ordinary_ones_are_not(study: Study, hear: Hear) -> None:
    done(study, hear("my grandad kept a smirnaby behind the scullery with biscuits"))
    assert words(study, Concern.RARE) == ["smirnaby"]


def test_numbers_that_stand_are_told(study: Study, hear: Hear) -> None:
    done(study, hear("There were 5 of us, and 94 chairs on Mondays."))
    assert words(study, Concern.NUMBER) == ["94"]
    assert words(study, Concern.CAPITAL) == []


def test_what_was_decided_is_not_told_again(study: Study, hear: Hear) -> None:
    one = hear("We saw Zebulon there.")
    propose(study, one, ner=None)
    add(study, one, 1, 7, 14, Category.PERSON, stays=True)
    assert words(study, Concern.CAPITAL) == []


def test_what_the_study_keeps_is_not_told(study: Study, hear: Hear) -> None:
    done(study, hear("We saw Zebulon there."))
    keeping.write(study, "Zebulon\n")
    assert words(study, Concern.CAPITAL) == []


def test_what_is_kept_here_and_replaced_there_is_told_with_both_places(
    study: Study, hear: Hear
) -> None:
    one, two = hear("My name is Derek."), hear("A man called Derek.")
    done(study, one)
    propose(study, two, ner=None)
    (mention,) = decided.read(study, two)
    decide(study, two, mention.mention.key, Verdict.REJECTED)
    (found,) = lines(study, Concern.DISAGREEMENT)
    assert {p.interview for p in found.places} == {one, two}
    assert found.is_said
    assert lines(study, Concern.DISAGREEMENT, one) == [found]


def test_details_of_one_speaker_that_tell_together_are_told(study: Study, hear: Hear) -> None:
    one = hear("I live in Skipton.", "I am 74 years old.", "It was in November 2019.")
    done(study, one)
    (found,) = lines(study, Concern.TOGETHER)
    assert found.note == "P01 tells: place, age, date"
    assert [p.turn for p in found.places] == [1, 2, 3]


def test_turns_that_nobody_looked_at_and_the_undecided_are_told(study: Study, hear: Hear) -> None:
    one = hear("Well.", "My name is Derek.", "Yes.")
    propose(study, one, ner=None)
    progress.look(study, one, [1])
    (unseen,) = lines(study, Concern.NOT_LOOKED_AT)
    assert [p.turn for p in unseen.places] == [2, 3]
    (waiting,) = lines(study, Concern.UNDECIDED)
    assert [(p.turn, p.start, p.end) for p in waiting.places] == [(2, 11, 16)]


def test_a_pseudonym_that_somebody_turns_out_to_bear_is_told(study: Study, hear: Hear) -> None:
    done(study, hear("My name is Derek."))
    renaming.restyle(study, style=Style.PSEUDONYMS)
    (name,) = [p.replacement for p in renaming.every(study)]
    done(study, hear(f"And then came {name} as well."))
    assert words(study, Concern.PSEUDONYM) == [name]


def test_the_sheet_is_for_those_who_may_read_the_words(study: Study, hear: Hear) -> None:
    done(study, hear("Well."))
    cheap = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
    study.add_slot("reader", "another long passphrase", (KeyClass.CLEAN,), cost=cheap)
    with (
        Study.open(study.folder, "another long passphrase") as reader,
        pytest.raises(KeyNotHeld),
    ):
        risk.sheet(reader)
