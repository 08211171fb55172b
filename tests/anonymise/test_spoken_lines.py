"""What was really said: names are at least asked, and words, sounds and idioms name nobody."""

from __future__ import annotations

import time

import pytest

from anonymise.context.bent_names import find_bent_names
from anonymise.context.turn_context import TurnContext
from anonymise.keep_list import load_shipped_keep_list
from anonymise.numbers.bent_numbers import find_bent_numbers
from anonymise.pieces import CutTurn
from tests.anonymise.spoken_lines import SpokenLine, list_faults, read_lines

FORMS = ("as written", "small letters")


def lines(table: str) -> list[object]:
    return [
        pytest.param(line if form == "as written" else line.in_small_letters(), id=line.text[:40])
        for form in FORMS
        for line in read_lines(table)
    ]


@pytest.mark.parametrize("line", lines("entered_names"))
def test_an_entered_name_is_at_least_asked_in_any_case(line: SpokenLine) -> None:
    assert list_faults("entered_names", line, only_sure=True) == []


# Nothing near tells what rose or how toes are.
_OPEN_IN_SMALL_LETTERS = (
    "the price of everything rose that year",
    "sandy toes and wet towels everywhere",
)


@pytest.mark.parametrize("line", read_lines("small_letters"), ids=lambda line: line.text[:40])
def test_an_entered_name_that_is_a_word_is_asked_and_the_word_is_not(line: SpokenLine) -> None:
    assert bool(list_faults("small_letters", line)) == (line.text in _OPEN_IN_SMALL_LETTERS)


# What sounds too little like the name or is too short; and what is like a name and stands where
# one does.
_OPEN_HEARD = (
    "The nurse, the niece, she's very good.",
    "column said it was the battery.",
    "My uncle purse he had the shop.",
    "I said to else he we'd better go.",
    "He was called key, I think.",
    "She was born in more lay and never left.",
    "And ham is said leave it there.",
    "She was called i read, I think.",
    "I asked she'll to bring it.",
    "I told more in that letter than I ever said.",
    "I went with more in my purse than usual.",
    "My wife hammers on the door when she's cross.",
    "I told gory stories to the boys.",
    "Neither my wife nor in-laws came.",
    "I said to pull in at the garage.",
    "I told ham is to come.",
    "We called her in it at home.",
    "My brother pearly drove us.",
    "My sister more rag lives there.",
    "I said to hill there it's time.",
    "I married purse see in the spring.",
    "Ham is what we had for tea.",
    "I shiver on the stairs.",
    "Said Rick? I don't know.",
    "Hill dwellers they are.",
    "Drum and bass, he likes.",
    "I told more than I should.",
)


@pytest.mark.parametrize(
    ("table", "line"),
    [
        pytest.param(table, line, id=line.text[:40])
        for table in ("heard_names", "later_heard_names", "last_heard_names")
        for line in read_lines(table)
    ],
)
def test_an_entered_name_that_was_heard_as_words_is_asked(table: str, line: SpokenLine) -> None:
    assert bool(list_faults(table, line)) == (line.text in _OPEN_HEARD)


@pytest.mark.parametrize("line", lines("names_that_are_words"))
def test_a_name_that_is_a_word_is_judged_by_what_stands_around_it(line: SpokenLine) -> None:
    assert list_faults("names_that_are_words", line) == []


@pytest.mark.parametrize("line", lines("kept_phrases"))
def test_a_kept_phrase_frees_its_words(line: SpokenLine) -> None:
    assert list_faults("kept_phrases", line) == []


@pytest.mark.parametrize("line", lines("speech_noise"))
def test_a_noise_of_speech_is_no_name(line: SpokenLine) -> None:
    assert list_faults("speech_noise", line) == []


@pytest.mark.parametrize("line", lines("torn_surnames"))
def test_a_surname_in_pieces_beside_a_given_name_is_asked(line: SpokenLine) -> None:
    assert list_faults("torn_surnames", line) == []


@pytest.mark.parametrize("line", lines("torn_towns"))
def test_a_town_in_pieces_is_asked_where_a_town_stands(line: SpokenLine) -> None:
    assert list_faults("torn_towns", line) == []


@pytest.mark.parametrize("line", read_lines("capitals"), ids=lambda line: line.text[:40])
def test_a_capital_that_nothing_explains_is_asked(line: SpokenLine) -> None:
    assert list_faults("capitals", line) == []


@pytest.mark.parametrize("line", lines("bent_numbers"))
def test_a_number_that_was_bent_in_hearing_is_asked(line: SpokenLine) -> None:
    assert list_faults("bent_numbers", line) == []


@pytest.mark.parametrize("line", lines("bent_names"))
def test_a_name_that_was_written_as_words_is_asked(line: SpokenLine) -> None:
    assert list_faults("bent_names", line) == []


@pytest.mark.parametrize("line", lines("told_months"))
def test_a_month_told_from_today_is_asked(line: SpokenLine) -> None:
    assert list_faults("told_months", line) == []


# The trained model asks of these what has a number in one with it.
_OPEN_JOINED = ("{Radio4}", "{bmw3}", "{page10}")


@pytest.mark.parametrize("line", lines("joined_words"))
def test_a_password_or_account_that_is_written_in_one_is_found(line: SpokenLine) -> None:
    assert [fault for fault in list_faults("joined_words", line) if fault not in _OPEN_JOINED] == []


# A surname in two words after a title that no list has; and "there was" before a word that may be
# somebody's name.
_OPEN_IN_PLACE = (
    "Then mister hollow well opened the door.",
    "They got it from black horse furnishings.",
    "Canon wet lock buried her.",
    "There's patience and there's daft.",
    "There was hope. He might walk.",
    "He's in the royal infirmary.",
)


@pytest.mark.parametrize(
    ("table", "line"),
    [
        pytest.param(table, line, id=line.text[:40])
        for table in ("heard_in_place", "firms_and_nicknames", "later_heard_in_place")
        for line in read_lines(table)
    ],
)
def test_what_was_heard_as_words_is_asked_by_what_stands_around_it(
    table: str, line: SpokenLine
) -> None:
    assert bool(list_faults(table, line)) == (line.text in _OPEN_IN_PLACE)


# A weekday beside nothing that happens once in a life, a group by its weekday alone, a shop, a pub
# that all know, what somebody only thinks that one is, works without their town, makers of aids,
# and what no list has.
_OPEN_QUESTIONS = (
    "They sent the letter last Friday.",
    "He swears by the Tuesday club at the library.",
    "we had our reception at the fleece",
    "I'm one of identical triplets, would you believe.",
    "The kids think I'm a taxi driver.",
    "she'd been a bluebell girl in paris, would you believe.",
    "we're both punjabi and nobody there spoke it",
    "I had the scan a fortnight ago yesterday.",
    "They'd all been laid off after the fire at the works.",
    "I said it to ged at the bar and he laughed",
    "He got the MBE for the lifeboats.",
    "I did thirty-one years at the forge.",
    "41 years at the forge, and never late.",
    "She worked at Marks and Spencer in Halifax.",
    "They meet at the Robin Hood of a Monday.",
    "he went in the day before yesterday",
    "I saw the doctor last Wednesday.",
    "They lent us a Carendo chair and a Wendylett sheet.",
    "my neighbour's Ronald Green wood",
    "and mister long den did the books",
)
_OPEN_IN_ANY_CASE = frozenset(line.lower() for line in _OPEN_QUESTIONS)


@pytest.mark.parametrize(
    ("table", "line"),
    [
        pytest.param(table, form, id=form.text[:40])
        for table in (
            "questions", "later_questions", "ten_kinds", "ten_kinds_entered", "ten_kinds_torn"
        )
        for line in read_lines(table)
        for form in (line, line.in_small_letters())
    ],
)  # fmt: skip
def test_a_detail_is_asked_and_a_harmless_line_is_not(table: str, line: SpokenLine) -> None:
    is_open = line.text in _OPEN_QUESTIONS or line.text in _OPEN_IN_ANY_CASE

    assert bool(list_faults(table, line)) == is_open


@pytest.mark.parametrize("unit", ["$1,000, ", "12 ", "1,", "9", "a-", "our big ", "it's 1234 "])
def test_a_long_turn_of_one_thing_takes_no_longer_than_its_length(unit: str) -> None:
    turn = TurnContext(CutTurn.cut_text(unit * 8_000), load_shipped_keep_list())

    began = time.process_time()
    found = [*find_bent_numbers(turn), *find_bent_names(turn)]

    # A third of a second is needed; a minute when the work grew with the square of the length.
    assert time.process_time() - began < 15
    assert len(found) <= 8_000


@pytest.mark.parametrize("line", read_lines("kept_places"), ids=lambda line: line.text[:40])
def test_a_town_of_the_keep_list_is_asked_where_one_lives_or_comes_from_there(
    line: SpokenLine,
) -> None:
    """The ward in "home from Bramley" was taken for the apple, and no list led to it."""
    assert list_faults("kept_places", line) == []
