"""Hyphens and blanks of Unicode are to the search what "-" and a space are."""

from __future__ import annotations

import pytest

from anonymise.pieces import CutTurn
from anonymise.pipeline import SearchPipeline, settle_finds
from anonymise.pseudonyms import normalise_form
from study import Category, write_plain_signs

HYPHENS = "\u2010\u2011\u2012\u2212\u00ad\ufe63\uff0d"
BLANKS = "\u00a0\u2007\u2009\u202f"
NUMBERED = {
    "01756-700-341": ("Ring {} any time.", Category.PHONE),
    "943-476-5919": ("The NHS number was {}.", Category.NHS_NUMBER),
    "04-05-1941": ("I was born on {} in a farmhouse.", Category.DATE_OF_BIRTH),
    "40-47-12": ("The sort code was {}.", Category.BANK),
    "YK06-VBT": ("His plate was {}.", Category.VEHICLE),
    "BD23-7NT": ("We lived at {} then.", Category.POSTCODE),
    "RX-204-1178": ("Hospital number {} on the band.", Category.NHS_NUMBER),
}


def list_finds(text: str) -> list[tuple[str, Category]]:
    """Return what the rules alone are sure of: the words as the turn has them, and their kind."""
    (found,) = settle_finds(SearchPipeline().search_turns([text]))
    return [(text[p.start : p.end], p.category) for p in found if p.is_likely]


@pytest.mark.parametrize("hyphen", HYPHENS, ids=ascii)
@pytest.mark.parametrize("number", NUMBERED)
def test_a_number_with_any_hyphen_is_found_whole(number: str, hyphen: str) -> None:
    """Half of it was: "[Phone number 1]\u2011700\u2011341" stood in what was handed over."""
    frame, category = NUMBERED[number]
    written = number.replace("-", hyphen)

    assert list_finds(frame.format(written)) == [(written, category)]


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
@pytest.mark.parametrize("number", ["01756-700-341", "943-476-5919", "BD23-7NT"])
def test_a_number_with_any_blank_is_found_whole(number: str, blank: str) -> None:
    frame, category = NUMBERED[number]
    written = number.replace("-", blank)

    assert list_finds(frame.format(written)) == [(written, category)]


@pytest.mark.parametrize(
    "text",
    [
        "She was in her mid\u2010seventies\u2011ish and very well\u2010known.",
        "It took 3\u20104 weeks to hear back.",
        "It went down to \u22125 that night.",
        "It was a co\u00adoperative sort of place.",
        "It cost 1\u00a0000 pounds.",
        "He took 5\u2009mg of it.",
        "Half past 10\u00a0am it was.",
        "It was 50\u201050 either way.",
        "I read it on page 12\u201013.",
        "We gave it 7\u00a0out of\u00a010.",
        "A 9\u20135 job, Monday\u2013Friday.",
        "A 9-5 job it was.",
        "Well \u2212 I could not say.",
    ],
)
def test_other_words_with_such_signs_are_found_no_more_than_before(text: str) -> None:
    assert list_finds(text) == []


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("co\u00adoperative", "co\u00adoperative"),  # not seen, and no hyphen
        ("YK06\u00adVBT", "YK06-VBT"),
        ("943\u200b476", "943 476"),
        ("40\u201447", "40-47"),
        ("I was 45\u2014she was 50.", "I was 45\u2014she was 50."),
    ],
)
def test_each_sign_keeps_its_place(text: str, plain: str) -> None:
    assert write_plain_signs(text) == CutTurn.cut_text(text).text == plain
    assert write_plain_signs(plain) == plain


def test_a_name_with_another_hyphen_is_the_same_person() -> None:
    plain = normalise_form(Category.PERSON, "Anne-Marie Whitlock")

    assert normalise_form(Category.PERSON, "Anne\u2011Marie\u00a0Whitlock") == plain
