"""A turn is read with the question before it."""

from __future__ import annotations

from collections.abc import Callable

from anonymise.pipeline import SearchPipeline, settle_finds
from anonymise.search import search_transcript
from study.store import Interview
from tests.anonymise.conftest import Hear, Search

ASKED, ANSWER = "How old are you?", "Eighty-eight."


def test_a_bare_number_is_an_age_only_behind_its_question(search: Search) -> None:
    assert search(ASKED, ANSWER) == [("Eighty-eight", "age")]
    assert search("How many buses went?", ANSWER) == []
    assert search(ASKED, "I am not telling you.", ANSWER) == []


def test_a_rule_that_is_left_out_finds_nothing_in_an_answer(rules: SearchPipeline) -> None:
    searched = list(rules.search_turns([ASKED, ANSWER]))

    assert settle_finds(searched, skipped_rules={"ages"}) == [[], []]
    assert settle_finds(searched)[1] != []


def test_an_answer_is_read_again_when_its_question_was_corrected(
    hear: Hear, correct: Callable[..., None]
) -> None:
    interview = hear("How cold were you?", ANSWER)
    before = _search(interview)

    correct(interview, ASKED, ANSWER)

    assert before == []
    assert _search(interview) == ["age"]


def _search(interview: Interview) -> list[str]:
    found = search_transcript(interview, name_model=None)
    return [mention.category.value for mention in found.mentions]
