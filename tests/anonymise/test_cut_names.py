"""A name that breaks off at the end of a turn is found in both turns."""

from __future__ import annotations

import pytest

from anonymise.pipeline import SearchPipeline, settle_finds
from models import find_names_model


@pytest.fixture(scope="module")
def pipeline() -> SearchPipeline:
    return SearchPipeline((), trained={"names": find_names_model().folder})


def find_words(pipeline: SearchPipeline, *turns: str) -> list[list[str]]:
    found = settle_finds(pipeline.search_turns(turns))
    return [[t[p.start : p.end] for p in ps] for t, ps in zip(turns, found, strict=True)]


@pytest.mark.parametrize(
    "turns",
    [
        ("My name's Siobhan Galla-", "-gher, it is."),
        ("He went in with Siobhan Galla-", "gher and me."),
        ("He went in with Siobhan Galla-", "Sorry?", "-gher, I said."),
        ("I was with Margaret Wil\u2014", "\u2014son on the bus."),
        ("It was Derek Zobble-", "-thwick from the club."),
    ],
)
def test_a_surname_cut_over_the_end_of_a_turn_leaves_neither_half(
    pipeline: SearchPipeline, turns: tuple[str, ...]
) -> None:
    found = find_words(pipeline, *turns)

    halves = (
        turns[0].rstrip("-\u2014").split()[-1],
        turns[-1].lstrip("-\u2014").split()[0].rstrip(","),
    )
    assert found[0][-1].endswith(halves[0])
    assert found[-1][0] == halves[1]


@pytest.mark.parametrize(
    "turns",
    [
        ("He was in the hos-", "hospital, I mean."),
        ("It was a sun-", "day out for us."),
        ("I couldn't under-", "-stand a word."),
        ("and then we went to the-", "the shops"),
    ],
)
def test_a_word_cut_over_the_end_of_a_turn_is_no_name(
    pipeline: SearchPipeline, turns: tuple[str, ...]
) -> None:
    assert find_words(pipeline, *turns) == [[] for _ in turns]


@pytest.mark.parametrize("said", ["Brightened.", "Brightened up.", "Brighten.", "Champion."])
def test_a_word_of_the_dictionary_that_is_a_whole_answer_is_no_name(
    pipeline: SearchPipeline, said: str
) -> None:
    assert find_words(pipeline, "How did you feel?", said)[1] == []


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        ("She was seventy and eight.", "seventy and eight"),
        ("she's eight and seventy", "eight and seventy"),
        ("It's spelled Golf Romeo Alpha Yankee.", "Golf Romeo Alpha Yankee"),
        ("golf romeo alpha yankee, that's me", "golf romeo alpha yankee"),
        ("he died last Friday", "last Friday"),
        ("go on www dot the shed dot org", "www dot the shed dot org"),
        ("I used to walk up Pen-y-ghent.", "Pen-y-ghent"),
        ("it's number six, the crescent", "number six, the crescent"),
    ],
)
def test_a_detail_of_several_words_leaves_none_standing(
    pipeline: SearchPipeline, said: str, whole: str
) -> None:
    assert find_words(pipeline, said) == [[whole]]


@pytest.mark.parametrize(
    "said",
    [
        "There were seventy and eight of us went.",
        "golf, tango and foxtrot",
        "I went last Tuesday.",
        "she's a stick-in-the-mud, my mother-in-law",
        "we had one-on-one support",
    ],
)
def test_what_only_looks_like_one_is_left_alone(pipeline: SearchPipeline, said: str) -> None:
    assert find_words(pipeline, said) == [[]]
