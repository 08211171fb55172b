"""The gate reads every hyphen as "-", and a contraction as the word that it is."""

from __future__ import annotations

import pytest

from handoff.forbidden_text import sort_originals
from handoff.text_search import Wanted, find_forbidden
from study import Category


def is_stopped(category: Category, original: str, said: str) -> bool:
    wanted = Wanted(sort_originals([(category, original)], set(), ()))
    text = f"[00:00:01] P07: {said}"
    return any(True for _ in find_forbidden(text, wanted, exact_only=False, is_talk=True))


@pytest.mark.parametrize(
    "hyphen", "-\u2010\u2011\u2012\u2013\u2212\u00ad\ufe63\uff0d\u00a0", ids=ascii
)
@pytest.mark.parametrize("other", "-\u2011\u2212\u00ad\uff0d", ids=ascii)
@pytest.mark.parametrize(
    ("category", "number"),
    [
        (Category.DATE_OF_BIRTH, "04-05-1941"),
        (Category.PHONE, "01756-700-341"),
        (Category.VEHICLE, "YK06-VBT"),
        (Category.BANK, "40-47-12"),
    ],
)
def test_a_number_is_stopped_with_whatever_hyphen_it_was_replaced(
    category: Category, number: str, hyphen: str, other: str
) -> None:
    said = f"It was {number.replace('-', hyphen)} then."

    assert is_stopped(category, number.replace("-", other), said)


def test_a_day_is_stopped_in_other_figures_and_with_another_hyphen() -> None:
    """Days were compared only where both had a hyphen of ASCII."""
    assert is_stopped(Category.DATE_OF_BIRTH, "04\u201005\u20101941", "born 4\u22125\u22121941")
    assert is_stopped(Category.DATE_OF_BIRTH, "04\u201005\u20101941", "the fourth of May 1941")


@pytest.mark.parametrize(
    "word",
    [
        "couldn't", "couldn\u2019t", "Couldn't", "COULDN'T", "couldnt", "couldn't've", "wouldn't",
        "shouldn't", "they'll", "we've", "can't", "won't", "o'clock", "didn't", "hadn't", "haven't",
        "isn't", "they've", "you're", "needn't", "mustn't", "shan't", "daren't", "aren't", "ain't",
        "should've", "could've", "there'd", "that'll", "I've",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "original", ["Colden School", "Colden", "Coulden", "Wooldon", "Shoulden", "Needen", "Shane"]
)
def test_a_contraction_is_no_misheard_name(word: str, original: str) -> None:
    """Where Colden School was replaced, every "couldn't" of the study was refused."""
    category = Category.ORGANISATION if " " in original else Category.PERSON

    assert not is_stopped(category, original, f"I {word} say, and {word} was it.")


@pytest.mark.parametrize(
    ("original", "said"),
    [
        ("Colden School", "We walked down to Coldon most days."),
        ("Colden School", "I went to Coldin School then."),
        ("Colden School", "it was Colden, that was."),
        ("Colden", "The Coldens' farm was flooded."),
        ("Colden", "Coldn't it was"),
        ("Alden", "Old Aldn't"),
        ("Hadden", "The old Haddon place burned."),
        ("Shouldon", "I knew Shoulden well."),
        ("Havant", "I moved to Havent."),
        ("Darren", "our Daren said"),
        ("O'Connor", "Mr O'Conner came round."),
        ("Couldner", "Then Couldnor came in."),
        ("Woulden", "It was Wouldan that year."),
    ],
)
def test_a_misheard_name_is_still_refused(original: str, said: str) -> None:
    assert is_stopped(Category.PERSON, original, said)
