"""Finds of one turn do not overlap, and none swallows another of its own kind."""

from __future__ import annotations

import re

import pytest

from anonymise.pipeline import SearchPipeline, settle_finds
from anonymise.proposals import NAME_CATEGORIES
from models import find_names_model

# Written before it was looked at what the search does with them: in 7, a name held the number.
BESIDE_NUMBERS = [
    "01274 960 112 and I do like a rose",
    "01274 960 112 And I do like my Sundays.",
    "My number's 01534 112 908, and Jersey was lovely.",
    "it's 0113 496 0231 and then we had our tea",
    "0161 496 0455 in Manchester, that's the office",
    "07700 900 123 and Margaret has the other one",
    "ring 01632 960 411 or go round to Bath Street",
    "You want 01422 330 118. Halifax, that is.",
    "01274 960 112 and i do like a rose",
    "020 7946 0018 and London is where he works",
    "it was 01904 555 210 and York Minster was just there",
    "Try 0141 496 0733 and ask for Ward 6.",
    "01274 560 882 and Bradford never got back to me",
    "01274, 960, 112 and I do like a Rose.",
    "Oh-one-two-seven-four, 960, 112. And the Grange is 960 113.",
    "my bank is 20-45-77 and Barclays shut in Skipton",
    "He's on 01756 700 431 and Embsay's only up the road.",
    "485 777 3456 and the clinic's at Airedale",
    "01287 330 918 and I do like a Saltburn fish supper",
    "the line was 01387 412 990 and Dumfries was cut off",
]
_LONG = re.compile(r"\d{3}|\b(?:oh|nine)\b")


@pytest.fixture(scope="module")
def pipeline() -> SearchPipeline:
    return SearchPipeline(trained={"names": find_names_model().folder})


@pytest.mark.parametrize("said", [*BESIDE_NUMBERS, *map(str.lower, BESIDE_NUMBERS)])
def test_no_name_holds_a_long_number_and_no_number_a_name(
    pipeline: SearchPipeline, said: str
) -> None:
    (found,) = settle_finds(pipeline.search_turns([said]))

    names = [said[p.start : p.end] for p in found if p.category in NAME_CATEGORIES]
    others = [said[p.start : p.end] for p in found if p.category not in NAME_CATEGORIES]
    assert others
    assert not [name for name in names if _LONG.search(name)]
    assert not [number for number in others if re.search(r"\b(?:and|in|or|do)\b", number)]


def test_what_is_left_of_a_place_beside_a_number_is_a_place(pipeline: SearchPipeline) -> None:
    said = "it was 01904 555 210 and York Minster was just there"

    (found,) = settle_finds(pipeline.search_turns([said]))

    assert [said[p.start : p.end] for p in found] == ["01904 555 210", "York Minster"]


def test_what_is_left_of_a_street_that_a_longer_find_took_is_no_name(
    pipeline: SearchPipeline,
) -> None:
    said = "His dad was a butcher, Bale's of sheep's street."

    (found,) = settle_finds(pipeline.search_turns([said]))

    assert "s of" not in [said[p.start : p.end] for p in found]
