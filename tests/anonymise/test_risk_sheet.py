"""The risk sheet lists where somebody might be recognised, each line with its places."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pytest

from anonymise.keep_list import write_study_keep_list
from anonymise.mention_decisions import accept_all_mentions, add_mention, decide_mention
from anonymise.replacements import change_replacement_style, list_pseudonyms
from anonymise.risk_sheet import Concern, RiskLine, build_risk_sheet
from anonymise.search import search_transcript
from study import Category, Participant, PseudonymStyle, Verdict
from study.errors import KeyNotHeld
from study.store import Argon2Cost, Interview, KeyClass, Study, read_decisions, record_viewed_turns

Hear = Callable[..., Interview]


def lines(study: Study, concern: Concern, interview: Interview | None = None) -> list[RiskLine]:
    return [line for line in build_risk_sheet(study, interview) if line.concern is concern]


def words(study: Study, concern: Concern) -> list[str]:
    return [line.words for line in lines(study, concern)]


def done(interview: Interview, without: Collection[str] = ()) -> None:
    search_transcript(interview, name_model=None, skipped_rules=without)
    accept_all_mentions(interview)


def test_capitalised_words_that_stand_are_told_with_their_places(study: Study, hear: Hear) -> None:
    one = hear("Well, we saw Zebulon there.", "It was Zebulon, on a Monday. The dog barked.")
    done(one, without={"capitals"})
    (found,) = lines(study, Concern.CAPITAL)
    assert (found.words, found.note) == ("Zebulon", "2 times")
    assert [(p.interview, p.turn, p.start, p.end) for p in found.places] == [
        (one.id, 1, 13, 20), (one.id, 2, 7, 14),
    ]  # fmt: skip


def test_rare_words_are_told_and_ordinary_ones_are_not(study: Study, hear: Hear) -> None:
    done(hear("my grandad kept a smirnaby behind the scullery with biscuits"))
    assert words(study, Concern.RARE) == ["smirnaby"]


def test_numbers_that_stand_are_told(study: Study, hear: Hear) -> None:
    done(hear("There were 5 of us, and 94 chairs on Mondays."))
    assert words(study, Concern.NUMBER) == ["94"]
    assert words(study, Concern.CAPITAL) == []


def test_what_was_decided_is_not_told_again(study: Study, hear: Hear) -> None:
    one = hear("We saw Zebulon there.")
    search_transcript(one, name_model=None, skipped_rules={"capitals"})
    add_mention(one, 1, 7, 14, Category.PERSON, names_nobody=True)
    assert words(study, Concern.CAPITAL) == []


def test_what_the_study_keeps_is_not_told(study: Study, hear: Hear) -> None:
    done(hear("We saw Zebulon there."))
    write_study_keep_list(study, "Zebulon\n")
    assert words(study, Concern.CAPITAL) == []


def test_what_is_kept_here_and_replaced_there_is_told_with_both_places(
    study: Study, hear: Hear
) -> None:
    one, two = hear("My name is Derek."), hear("A man called Derek.")
    done(one)
    search_transcript(two, name_model=None)
    (mention,) = read_decisions(two)
    decide_mention(two, mention.mention.key, Verdict.REJECTED)
    (found,) = lines(study, Concern.DISAGREEMENT)
    assert {p.interview for p in found.places} == {one.id, two.id}
    assert found.is_said
    assert lines(study, Concern.DISAGREEMENT, one) == [found]


def test_an_entered_name_that_was_rejected_in_small_letters_is_told(
    study: Study, hear: Hear
) -> None:
    will = Participant("P01", names=("Will Hargrave",))
    one = hear("everybody calls me will", "old hargrave, that's me", participants=(will,))
    search_transcript(one, name_model=None)
    for found in read_decisions(one):
        decide_mention(one, found.mention.key, Verdict.REJECTED)

    told = lines(study, Concern.ENTERED)

    assert [(line.words, [p.turn for p in line.places]) for line in told] == [
        ("will", [1]), ("hargrave", [2]),
    ]  # fmt: skip
    assert all(line.is_said for line in told)  # a printed page holds no entered name


def test_an_entered_name_that_is_replaced_or_a_word_that_is_none_is_not_told(
    study: Study, hear: Hear
) -> None:
    will = Participant("P01", names=("Will Hargrave",))
    one = hear("everybody calls me will", "she will come", "zebulon came", participants=(will,))
    done(one)
    add_mention(one, 3, 0, 7, Category.PERSON, names_nobody=True)

    assert lines(study, Concern.ENTERED) == []


def test_an_entered_name_that_the_search_took_for_a_word_is_told_where_no_capital_tells(
    study: Study, hear: Hear
) -> None:
    dean = Participant("P01", names=("Dean Rose",))
    done(hear("that was his dean at the door", "i saw the dean", "The rose.", participants=(dean,)))

    told = lines(study, Concern.ENTERED)

    assert [(line.words, [p.turn for p in line.places]) for line in told] == [("dean", [1])]


def test_a_direct_identifier_that_a_person_left_in_is_told_with_who_decided(
    study: Study, hear: Hear
) -> None:
    one = hear("Doctor Patel saw me.", "I live in Skipton, and Mrs Bennett does.")
    search_transcript(one, name_model=None)
    for found in read_decisions(one):
        is_patel = found.mention.turn == 1
        is_place = found.mention.category is Category.PLACE
        verdict = Verdict.REJECTED if is_patel or is_place else Verdict.ACCEPTED
        decide_mention(one, found.mention.key, verdict)

    (told,) = lines(study, Concern.LEFT_IN)

    assert "Patel" in told.words
    assert told.note == f"person, {study.slot_name}, once"
    assert [p.turn for p in told.places] == [1]
    assert told.is_said  # a printed page holds no name


def test_details_of_one_speaker_that_tell_together_are_told(study: Study, hear: Hear) -> None:
    one = hear("I live in Skipton.", "I am 74 years old.", "It was in November 2019.")
    done(one)
    (found,) = lines(study, Concern.TOGETHER)
    assert found.note == "P01 tells: place, age, date"
    assert [p.turn for p in found.places] == [1, 2, 3]


def test_turns_that_nobody_looked_at_and_the_undecided_are_told(study: Study, hear: Hear) -> None:
    one = hear("Well.", "My name is Derek.", "Yes.")
    search_transcript(one, name_model=None)
    record_viewed_turns(one, [1])
    (unseen,) = lines(study, Concern.NOT_LOOKED_AT)
    assert [p.turn for p in unseen.places] == [2, 3]
    (waiting,) = lines(study, Concern.UNDECIDED)
    assert [(p.turn, p.start, p.end) for p in waiting.places] == [(2, 11, 16)]


def test_a_pseudonym_that_somebody_turns_out_to_bear_is_told(study: Study, hear: Hear) -> None:
    done(hear("My name is Derek."))
    change_replacement_style(study, style=PseudonymStyle.PSEUDONYMS)
    (name,) = [p.replacement for p in list_pseudonyms(study)]
    done(hear(f"And then came {name} as well."))
    assert words(study, Concern.PSEUDONYM) == [name]


def test_the_sheet_is_for_those_who_may_read_the_words(study: Study, hear: Hear) -> None:
    done(hear("Well."))
    cheap = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
    study.add_slot("reader", "another long passphrase", (KeyClass.CLEAN,), cost=cheap)
    with (
        Study.open(study.folder, "another long passphrase") as reader,
        pytest.raises(KeyNotHeld),
    ):
        build_risk_sheet(reader)
