"""Details made of numbers are found, written or spoken; mere counts are not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anonymise.numbers.long_numbers import is_nhs_number
from tests.anonymise.conftest import Search

PHONE, NHS, POST = "phone number", "NHS number", "postcode"
EMAIL, WEB, NI, BANK = "e-mail address", "web address", "NI number", "bank detail"
BIRTH, DATE, AGE, ADDRESS = "date of birth", "date", "age", "address"
HIGH_AGE = "age of 90 or over"
CAR, NUMBER = "vehicle registration", "number"
PERSON, PLACE = "person", "place"

SAID = [
    ("My number is 07700 900418.", PHONE, "07700 900418"),
    ("Ring (0113) 496 0123 after six.", PHONE, "(0113) 496 0123"),
    ("It's 07700-900-418, love.", PHONE, "07700-900-418"),
    ("Try +44 7700 900418 instead.", PHONE, "+44 7700 900418"),
    ("0044 7700 900418 from abroad", PHONE, "0044 7700 900418"),
    ("oh seven seven double oh nine double oh four one eight", PHONE, None),
    ("zero seven seven zero zero nine zero zero four one eight", PHONE, None),
    ("nought seven seven treble nine four one eight two", PHONE, None),
    ("Oh seven seven triple nine, four one eight, two", PHONE, None),
    ("oh seven seven oh oh nine hundred four one eight", PHONE, None),
    ("oh one one three four nine six, um, oh one two three", PHONE,
     "oh one one three four nine six, um, oh one two three"),
    ("plus four four seven seven double oh nine oh oh four one eight", PHONE, None),
    ("the landline's five five oh one three two", PHONE, "five five oh one three two"),
    ("you can ring me on 550132", PHONE, "550132"),
    ("my mobile is seven seven oh oh nine oh oh four one eight", PHONE,
     "seven seven oh oh nine oh oh four one eight"),
    ("her phone number's oh seven seven, fifty six, twenty three, ninety one, forty", PHONE,
     "oh seven seven, fifty six, twenty three, ninety one, forty"),
    ("NHS number 943 476 5919", NHS, "943 476 5919"),
    ("my n h s number is nine four three four seven six five nine one nine", NHS,
     "nine four three four seven six five nine one nine"),
    ("nine four three, four seven six, five nine one nine", NHS, None),
    ("The NHS number was 943 476 591, they said", NHS, "943 476 591"),
    ("It says 943 476 5918 here", NHS, "943 476 5918"),
    ("We are at LS6 2AB now", POST, "LS6 2AB"),
    ("ls62ab", POST, None),
    ("the postcode is ls6 2ab", POST, "ls6 2ab"),
    ("l s six two a b", POST, None),
    ("L S six, two A B", POST, None),
    ("it's SW1A 1AA", POST, "SW1A 1AA"),
    ("n e forty six three n for november b", POST, None),
    ("M1 1AE is Manchester", POST, "M1 1AE"),
    ("w double f? no, w f one, two d b", POST, "w f one, two d b"),
    ("jean.bennett@example.co.uk", EMAIL, None),
    ("jean dot bennett at hotmail dot co dot uk", EMAIL, None),
    ("jean dot bennett at b t dot co dot u k", EMAIL, None),
    ("my email is arthur underscore b fifty one at gmail dot com", EMAIL,
     "arthur underscore b fifty one at gmail dot com"),
    ("it's arthur bennett all one word at gmail dot com", EMAIL,
     "arthur bennett all one word at gmail dot com"),
    ("jean dash b at bt internet dot com", EMAIL, None),
    ("it was www.milllane.org.uk", WEB, "www.milllane.org.uk"),
    ("w w w dot mill lane dot co dot uk", WEB, None),
    ("QQ 12 34 56 C", NI, None),
    ("a b one two three four five six c", NI, None),
    ("my NI number's ab 12 34 56 d", NI, "ab 12 34 56 d"),
    ("sort code 20-45-53", BANK, "20-45-53"),
    ("the sort code is twenty forty five fifty three", BANK, "twenty forty five fifty three"),
    ("account number 1 2 3 4 5 6 7 8", BANK, "1 2 3 4 5 6 7 8"),
    ("I was born on the fourteenth of March 1951.", BIRTH, "fourteenth of March 1951"),
    ("I was born on the fourteenth of March 151.", BIRTH, "fourteenth of March 151"),
    ("born on the 3rd of March 1931", BIRTH, "3rd of March 1931"),
    ("i was born on the third of march nineteen thirty one", BIRTH,
     "third of march nineteen thirty one"),
    ("date of birth 14/03/1951", BIRTH, "14/03/1951"),
    ("d o b? date of birth is fourteen three fifty one", BIRTH, "fourteen three fifty one"),
    ("my birthday is the twenty first of june", BIRTH, "twenty first of june"),
    ("I was born in nineteen forty two", BIRTH, "nineteen forty two"),
    ("born in '42, I was", BIRTH, "'42"),
    ("March 14th, 1951 is my birthday", BIRTH, "March 14th, 1951"),
    ("We married on 12 June 1975", DATE, "12 June 1975"),
    ("it was on 14.3.51, a Wednesday", DATE, "14.3.51"),
    ("1951-03-14 it says", DATE, "1951-03-14"),
    ("in November 2019 they told me", DATE, "November 2019"),
    ("we came in two thousand and six", DATE, "two thousand and six"),
    ("since nineteen oh five", DATE, "nineteen oh five"),
    ("that was in 1966", DATE, "1966"),
    ("in twenty nineteen", DATE, "twenty nineteen"),
    ("on the first of june", DATE, "first of june"),
    ("She is 74 years old", AGE, "74 years old"),
    ("I'm seventy four", AGE, "seventy four"),
    ("a seventy-four-year-old woman", AGE, "seventy-four-year-old"),
    ("he was aged eighty two", AGE, "eighty two"),
    ("at the age of sixty five", AGE, "sixty five"),
    ("i'm nearly ninety, you know", HIGH_AGE, "ninety"),
    ("she was eighty nine years old", AGE, "eighty nine years old"),
    ("my mother's ninety four years old", HIGH_AGE, "ninety four years old"),
    ("I was 61 when it began", AGE, "61"),
    ("Sheila is 94. She came by ship.", HIGH_AGE, "94"),
    ("maureen was eighty two when she moved", AGE, "eighty two"),
    ("Sheila's 94 now", HIGH_AGE, "94"),
    ("forty two acacia avenue", ADDRESS, None),
    ("We live at 42A Mill Lane.", ADDRESS, "42A Mill Lane"),
    ("forty two a mill lane", ADDRESS, None),
    ("number nine orchard close", ADDRESS, "nine orchard close"),
    ("flat 3, 12 High Street", ADDRESS, None),
    ("a hundred and two station road", ADDRESS, None),
    ("the car was AB12 CDE", CAR, "AB12 CDE"),
    ("registration a b one two c d e", CAR, "a b one two c d e"),
    ("reg number B123 XYZ", CAR, "B123 XYZ"),
    ("it's four eight one five one six two", NUMBER, "four eight one five one six two"),
]  # fmt: skip

STAYS = [
    "Six weeks was too short.",
    "Two sugars, please.",
    "There were three of us.",
    "It was on Tuesday, in March.",
    "See you on Monday the week after.",
    "I may go and I may not.",
    "We march on the first Sunday.",
    "One two three four five six seven eight nine ten.",
    "A hundred, ninety three, eighty six, seventy nine, seventy two, sixty five.",
    "1,250,000 people have it.",
    "It cost \u00a3250000 in all.",
    "Twenty twenty vision, the optician said.",
    "Two thousand pounds it cost us.",
    "I'm two minutes late.",
    "So 23 of us went.",
    "Three may be enough.",
    "The house is a hundred years old.",
    "Two people close by.",
    "It was in the 1950s.",
    "Half past nine.",
    "Ten fifteen in the morning.",
    "Nineteen, twenty people came.",
    "I had two of them at ten to four.",
    "I take 500 mg at eight and 20 mg at ten.",
    "It's room 12 on the third floor.",
    "About a hundred and two steps.",
    "The mark was 70, and my bill was 94 last time.",
    "It was double trouble.",
    "I'm one of the lucky ones.",
    "He's two sandwiches short of a picnic.",
    "I got three out of ten in the memory test.",
    "She rang me four or five times.",
    "It's a ten minute walk.",
    "Twenty minutes drive, that's all.",
    "Seven days a week, twenty four hours a day.",
    "It was nine pounds fifty.",
    "In two or three years I may forget.",
    "Thirty years I drove a bus.",
    "First of all, thank you.",
    "On the one hand, on the other hand.",
    "For a second I forgot.",
    "World war two was on.",
    "Oh, one of them, two of them, I don't know.",
    "I go to it at three.",
    "Five, six, seven, eight, and turn.",
    "It's 4 out of 5 stars.",
    "One hundred percent.",
    "I was in at 9 and out at 5.",
    "He is at the top of the road.",
]


@pytest.mark.parametrize(("said", "category", "words"), SAID, ids=[s[0] for s in SAID])
def test_finds_what_was_said(
    search: Callable[..., list[tuple[str, str]]], said: str, category: str, words: str | None
) -> None:
    assert search(said) == [(words or said, category)]


@pytest.mark.parametrize(("said", "category", "words"), SAID, ids=[s[0] for s in SAID])
def test_needs_no_capital_letters(
    search: Callable[..., list[tuple[str, str]]], said: str, category: str, words: str | None
) -> None:
    if category == CAR and "reg" not in said:
        pytest.skip("a registration without capitals or a word for it is any three words")
    assert search(said.lower()) == [((words or said).lower(), category)]


@pytest.mark.parametrize("said", STAYS)
def test_leaves_counts_and_everyday_words_alone(
    search: Callable[..., list[tuple[str, str]]], said: str
) -> None:
    assert search(said) == []
    assert search(said.lower()) == []


def test_checks_an_nhs_number_by_its_last_digit() -> None:
    assert is_nhs_number("9434765919")
    assert not is_nhs_number("9434765918")
    assert not is_nhs_number("943476591")


ZED = [
    ("my surname's b a zed e l e y", PERSON, "b a zed e l e y"),
    ("it's spelled zed a r a", PERSON, "zed a r a"),
    ("that's l i zed with a zed", PERSON, "l i zed"),
    ("h a zed e l", PERSON, "h a zed e l"),
    ("Zed O E Y is how she writes it", PERSON, "Zed O E Y"),
    ("surname F I T zed", PERSON, "F I T zed"),
    ("double zed top? no, it's p i double zed a", PERSON, "p i double zed a"),
    ("spelt zed for zulu, a, k, i", PERSON, "zed for zulu, a, k, i"),
    ("c zed e c h", PERSON, "c zed e c h"),
    ("s-zed-a-b-o", PERSON, "s-zed-a-b-o"),
    ("m e n zed i e s", PERSON, "m e n zed i e s"),
    ("r i t zed", PERSON, "r i t zed"),
    ("d double e zed a", PERSON, "d double e zed a"),
    ("letters g o n zed a l e zed", PERSON, "g o n zed a l e zed"),
    ("the village is zed e a l, zed e a l", PLACE, "zed e a l, zed e a l"),
    ("the postcode is zed e one oh a a", POST, "zed e one oh a a"),
    ("zed e two nine h l", POST, "zed e two nine h l"),
    ("l s six two a zed", POST, "l s six two a zed"),
    ("m one one zed e", POST, "m one one zed e"),
    ("her car is y k oh seven zed f g", CAR, "y k oh seven zed f g"),
    ("the registration's a zed zed one two three four", CAR, None),
    ("national insurance is j zed one two three four five six a", NI,
     "j zed one two three four five six a"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "category", "words"), ZED, ids=[z[0] for z in ZED])
def test_zed_is_a_letter(
    search: Callable[..., list[tuple[str, str]]], said: str, category: str, words: str | None
) -> None:
    assert (words, category) in search(said) or (words is None and search(said))


@pytest.mark.parametrize(
    "said",
    ["from a to zed", "Zed came late.", "it's zed or zee", "a zed bed", "the a to zed of it"],
)
def test_zed_alone_spells_nothing(search: Callable[..., list[tuple[str, str]]], said: str) -> None:
    assert search(said) == []


RUN_ON = [
    ("998431 double 206", NHS, "998431 double 206"),
    ("oh double three, double seven two", NUMBER, "oh double three, double seven two"),
    ("ring me on 07700 double 918", PHONE, "07700 double 918"),
    ("it's 0113 double 4960 12", PHONE, "0113 double 4960 12"),
    ("oh seven double 700 418 double 0", PHONE, None),
    ("my number is double 50132", PHONE, "double 50132"),
    ("the phone is treble 5132", PHONE, "treble 5132"),
    ("call five five double 01 treble 2", PHONE, "five five double 01 treble 2"),
    ("NHS number 9 double 43 4 7 6 591", NHS, "9 double 43 4 7 6 591"),
    ("account number 12 double 345 67", BANK, "12 double 345 67"),
    ("sort code double 20 double 413", BANK, "double 20 double 413"),
    ("my mobile is 077 double 0 9 double 0418", PHONE, "077 double 0 9 double 0418"),
    ("07 triple 7 900 double 418", PHONE, "07 triple 7 900 double 418"),
    ("landline double five oh, one double three", PHONE, "double five oh, one double three"),
    ("reach me at 0191 double 2 double 34 11", PHONE, "0191 double 2 double 34 11"),
    ("text oh seven nine double 1 double 2334", PHONE, "oh seven nine double 1 double 2334"),
    ("reference 40 double 8172", NUMBER, "40 double 8172"),
    ("hospital number 731 double 92 4418", NHS, "731 double 92 4418"),
    ("treble 94 18203", NUMBER, "treble 94 18203"),
    ("it was 55 double 01 double 32", NUMBER, "55 double 01 double 32"),
    ("dial 0 double 1 3 4 9 treble 6123", PHONE, "0 double 1 3 4 9 treble 6123"),
]


@pytest.mark.parametrize(("said", "category", "words"), RUN_ON, ids=[r[0] for r in RUN_ON])
def test_digits_after_double_may_run_on(
    search: Callable[..., list[tuple[str, str]]], said: str, category: str, words: str | None
) -> None:
    assert (words or said, category) in search(said)


@pytest.mark.parametrize(
    "said",
    ["a double 20 mg dose", "I had a double bed.", "double 50 is a hundred", "It was double 1990.",
     "double or quits", "we double checked 12 of them", "twice, treble 20, then a double"],
)  # fmt: skip
def test_a_short_number_after_double_tells_nobody(
    search: Callable[..., list[tuple[str, str]]], said: str
) -> None:
    assert search(said) == []


@pytest.mark.parametrize("said", ["1, 2, 3, 4, ", "1,", "7 ", "$44,000, "])
def test_somebody_who_counts_for_long_holds_no_search_up(search: Search, said: str) -> None:
    # With every way to cut such a row up tried, the first two take longer than anybody lives.
    assert search(f"Well, {said * 200}that is it.") is not None


def test_a_number_that_is_doubled_is_found_behind_a_long_count(search: Search) -> None:
    found = search(f"{'1, 2, 3, ' * 40}it was oh, 44,000, 310 treble four.")

    assert any("310 treble four" in text for text, *_ in found)
