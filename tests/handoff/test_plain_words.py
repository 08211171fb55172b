"""Words of a replaced name or age that are plainly something else where they stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handoff.bundle import ExportOrder
from handoff.export import export_interviews
from handoff.forbidden_text import sort_originals
from handoff.formats import FORMAT_NAMES
from handoff.plain_words import compile_phrases, find_amounts, find_plain_phrases
from handoff.sign_off import sign_transcript
from handoff.text_search import Wanted, find_forbidden
from study import ArtefactKind, Category, RegisterEntry, Transcript
from study.errors import OriginalSurvives
from study.store import Study

HILL, LION = compile_phrases([("green", "hill")]), compile_phrases([("red", "lion")])


def enter(study: Study, interview: str, said: str) -> None:
    """Let what was said end with this, where Green Hill and an age of 83 were entered."""
    handle = study.interview(interview)
    register = (
        RegisterEntry(Category.PLACE, ("Green Hill",)),
        RegisterEntry(Category.AGE, ("eighty-three",)),
    )
    clean = handle.read_artefact(ArtefactKind.CLEAN, Transcript)
    assert clean is not None
    turns = (clean.turns[0], replace(clean.turns[1], text=said))
    with handle.change("made for a test") as change:
        change.write_artefact(ArtefactKind.ABOUT, replace(handle.details, register=register))
        change.write_artefact(ArtefactKind.CLEAN, replace(clean, turns=turns))


def test_plain_words_leave_in_every_format_though_a_cue_ends_within_them(
    study: Study, decided: str
) -> None:
    padding = ("so " * count for count in range(2, 15))
    walked = (f"{some}we all walked over the green hill and it was good," for some in padding)
    paid = (f"{'so ' * count}it cost us eighty-three pounds in all," for count in range(2, 15))
    enter(study, decided, " ".join([*walked, *paid]))
    sign_transcript(study.interview(decided))
    on_screen = tuple(name for name in FORMAT_NAMES if name != "pdf")

    written = export_interviews(study, ExportOrder((decided,), on_screen))

    assert {path.suffix for path in written} >= {".vtt", ".srt", ".docx", ".eaf", ".cha", ".json"}


@pytest.mark.parametrize(
    "said", ["she is at Green Hill now", "up at the green hill", "she was eighty-three people came"]
)
def test_a_name_and_an_age_are_stopped_still(study: Study, decided: str, said: str) -> None:
    enter(study, decided, said)

    with pytest.raises(OriginalSurvives):
        sign_transcript(study.interview(decided))


@pytest.mark.parametrize(
    "said",
    ["up the green hill", "there is a green hill, far away", "she drew a red lion on it"],
)
def test_a_phrase_is_plain_after_an_article_in_small_letters(said: str) -> None:
    assert any(True for _ in find_plain_phrases(said, HILL, LION))


@pytest.mark.parametrize(
    "said",
    [
        "up the Green Hill",
        "a green hill nurse",
        "the green-hill path",
        "over the green hill's edge",
        "she lives up the green hill",
        "green hill",
        "down the red lion",
        "into a red lion",
    ],
)
def test_a_phrase_is_no_plain_one_where_somebody_lives_or_it_describes_something(
    said: str,
) -> None:
    assert not any(True for _ in find_plain_phrases(said, HILL, LION))


@pytest.mark.parametrize(
    "said",
    [
        "eighty-three pounds",
        "eighty three per cent",
        "83 miles",
        "it was about eighty-three steps",
        "they gave her eighty-three milligrams",
    ],
)
def test_a_number_is_an_amount_before_its_unit(said: str) -> None:
    assert any(True for _ in find_amounts(said, {83}))


@pytest.mark.parametrize(
    "said",
    [
        "eighty-three per day",
        "eighty-four miles",
        "eighty-three days old",
        "she was about eighty-three steps",
        "he must be eighty-three steps or not",
        "turned eighty-three pounds",
        "eighty-three, pounds",
        "at eighty-three steps are hard",
    ],
)
def test_a_number_is_no_amount_where_somebody_is_so_old(said: str) -> None:
    assert not any(True for _ in find_amounts(said, {83}))


def test_an_amount_hides_no_street_that_begins_with_its_unit() -> None:
    details = [(Category.AGE, "eighty-three"), (Category.ADDRESS, "eighty-three Mile End Road")]
    wanted = Wanted(sort_originals(details, set(), ()))

    assert any(
        True for _ in find_forbidden("at eighty-three mile end road", wanted, exact_only=True)
    )
