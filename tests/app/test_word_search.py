from __future__ import annotations

import gc

import pytest

from app import search_interviews
from study import CorrectedTranscript, FindReplace, TaskProgress, Turn
from study.errors import NotCorrectable, Stopped, TranscriptMissing, UnknownInterview
from study.store import Study, TranscriptEditor
from tests.course import TURNS, add_interview


def add_three(study: Study) -> list[str]:
    texts = ("We made a collage.", "Nothing of it.", "The college, no: the Collage.")
    return [
        add_interview(study, f"P0{n}_i1", (Turn(1, "P07", 4.0, 8.0, text),))
        for n, text in enumerate(texts, 1)
    ]


def test_places_are_found_in_every_interview_with_what_stands_around_them(study: Study) -> None:
    add_three(study)

    found = list(search_interviews(study, FindReplace("collage")))

    assert [(one.summary.label, len(one.places)) for one in found] == [
        ("P01_i1", 1), ("P02_i1", 0), ("P03_i1", 1),
    ]  # fmt: skip
    (place,) = found[0].places
    assert (place.before, place.words, place.after) == ("We made a ", "collage", ".")
    assert place.at_s == 4.0


def test_what_was_corrected_is_searched_as_it_stands_now(study: Study) -> None:
    one, *_ = add_three(study)
    TranscriptEditor(study.interview(one)).set_text(1, "We made a picture.")

    found = search_interviews(study, FindReplace("collage"))

    assert [one.summary.label for one in found if one.places] == ["P03_i1"]


def test_only_one_transcript_is_in_memory_at_a_time(study: Study) -> None:
    """A word of a thousand interviews took a gigabyte: each transcript was held to the end."""
    for n in range(6):
        add_interview(study, f"P1{n}_i1", TURNS)
    gc.collect()
    before = count_transcripts()

    held = [count_transcripts() for _ in search_interviews(study, FindReplace("Margaret"))]

    assert max(held) <= before + 1


def count_transcripts() -> int:
    return sum(isinstance(one, CorrectedTranscript) for one in gc.get_objects())


def test_a_search_tells_how_far_it_is_and_can_be_stopped(study: Study) -> None:
    add_three(study)
    told: list[TaskProgress] = []

    list(search_interviews(study, FindReplace("x"), report=told.append))

    assert [(one.done, one.total) for one in told] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    searched = search_interviews(study, FindReplace("collage"), stop=lambda: len(told) > 5)
    assert next(searched).places
    told += told
    with pytest.raises(Stopped):
        next(searched)


def test_one_interview_alone_may_be_asked(study: Study) -> None:
    add_three(study)
    add_interview(study, "P09_i1")

    (found,) = search_interviews(study, FindReplace("collage"), "P03_i1")

    assert found.summary.label == "P03_i1"
    with pytest.raises(UnknownInterview):
        list(search_interviews(study, FindReplace("collage"), "P99_i1"))
    with pytest.raises(TranscriptMissing):
        list(search_interviews(study, FindReplace("collage"), "P09_i1"))
    with pytest.raises(NotCorrectable):
        list(search_interviews(study, FindReplace(" ")))
