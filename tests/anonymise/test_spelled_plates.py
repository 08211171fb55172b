"""Registrations that are read out letter by letter need no cue."""

from __future__ import annotations

import pytest

from anonymise.numbers.spelled_plates import find_spelled_plates
from anonymise.pieces import cut_into_pieces
from anonymise.pipeline import SearchPipeline, settle_finds
from study import Category


def list_plates(text: str) -> list[str]:
    """Return the registrations that the rules alone are sure of."""
    (found,) = settle_finds(SearchPipeline().search_turns([text]))
    return [text[p.start : p.end] for p in found if p.category is Category.VEHICLE and p.is_likely]


@pytest.mark.parametrize(
    ("frame", "plate"),
    [
        ("He drives {}.", "p o sixty nine k l m"),
        ("He drives {}.", "b d twenty one l w x"),
        ("It was {} on the front.", "y k zero six v b t"),
        ("It was {} on the front.", "y k o six v b t"),
        ("The van, {}, was outside.", "m a 19 t f w"),
        ("{} in my space.", "v n double six d f g"),
        ("I saw {} go past.", "P O sixty-nine K L M"),
        ("{}, that was it.", "P-O-sixty-nine-K-L-M"),
        ("A white one, {}.", "d a 6 9 h g r"),
        ("{}, a Fiesta", "y e fifty eight zed p k"),
        ("It said {}.", "n u seventy three double o v"),
        ("Someone took {} down.", "w x, fifteen, o p l"),
        ("{} was parked there.", "Mike Kilo seventeen Hotel Juliet Tango"),
        ("It's {} I think.", "G H twelve V V N"),
        ("Was it {}?", "c u twenty, er, two w z y"),
        ("a red {} it was", "d y fifty one x r t"),
        ("It's {}", "KP fifty-two, R-T-V"),
        ("{}", "n for nuts p for peter sixty six m for mike j b"),
        ("it was {}", "see you sixty nine k l m"),
        ("You see {} a lot.", "b d twenty one l w x"),
        ("They had {} for years.", "k u m four one seven d"),
        ("Dad's old Cortina, {}.", "h w y three two one k"),
        ("The Capri was {}.", "a one two three b c d"),
        ("A blue Escort, {}.", "f 4 2 1 k w t"),
        ("The Rover was {}", "m two hundred and one k l p"),
    ],
)
def test_a_plate_that_is_spelled_out_is_sure_without_a_cue(frame: str, plate: str) -> None:
    """The gate let "he drives p o sixty nine k l m" leave; of another all but one letter went."""
    assert list_plates(frame.format(plate)) == [plate]


@pytest.mark.parametrize(
    "text",
    [
        "The A and E was full, sixty nine of us waiting.",
        "I had a b c twelve times at school.",
        "I do a twenty one hour week.",
        "The M twenty five was shut.",
        "He said I'd a B twelve deficiency.",
        "I a I mean twenty I I I don't know.",
        "I I twenty I I I was there.",
        "P E, maths, and I did ten G C S Es.",
        "He said a a seventy a a a mile walk.",
        "The N H S is seventy five, a B B C programme said.",
        "I had C T, M R I, and ten P E T scans.",
        "At ten p m I rang the N H S.",
        "from six p m to two a m I slept",
        "I live at l s six two a b I think",
        "He was on I V forty m l a day.",
        "The N H S two hundred a day.",
        "the B M W three two o d",
        "A one hundred B B C staff.",
        "P C sixty from the B B C micro days.",
        "I had a P E T in C T two.",
        "It was a T V, twenty inch.",
        "s u n nineteen a p",
        "a c d in ninety nine, a d v d later",
        "the e s a went up, twenty p a w, eek",
        "The U S A in nineteen sixty, and the U K.",
    ],
)
def test_abbreviations_and_stumbles_are_no_plate(text: str) -> None:
    assert list_plates(text) == []


def test_a_postcode_is_found_without_the_word_behind_it() -> None:
    """In "l s six two a b I think" a registration was found that ended with the I."""
    text = "I live at l s six two a b I think"
    (found,) = settle_finds(SearchPipeline().search_turns([text]))

    assert [(text[p.start : p.end], p.category) for p in found] == [
        ("l s six two a b", Category.POSTCODE)
    ]


def test_words_in_capitals_are_no_letters_of_a_plate() -> None:
    assert not list(find_spelled_plates(cut_into_pieces("SHE WAS AT TEN HER OWN BOSS")))
