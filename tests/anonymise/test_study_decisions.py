"""One decision for many mentions, and questions that people answered with no often enough."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anonymise.earlier_rejections import EARLIER_REJECTIONS
from anonymise.mention_decisions import accept_all_mentions, decide_mention
from anonymise.review_order import group_mentions, measure_worth
from anonymise.search import search_transcript
from anonymise.study_decisions import (
    accept_sure_finds,
    decide_everywhere,
    decide_kind_everywhere,
    reject_questions,
)
from study import Category, DecidedMention, Mention, Verdict
from study.errors import UnknownMention
from study.store import Interview, read_decisions, read_mention_words

Hear = Callable[..., Interview]
TALK = "My name is Arthur Bennett."
ASKED = "He was a farmer all his life."  # a question: an occupation


def searched(interview: Interview, *without: str) -> Interview:
    search_transcript(interview, name_model=None, skipped_rules=without)
    return interview


def verdicts(interview: Interview) -> list[Verdict | None]:
    return [d.decision.verdict if d.decision else None for d in read_decisions(interview)]


def questions(interview: Interview) -> list[str]:
    words = read_mention_words(interview)
    return [words[d.mention.key] for d in read_decisions(interview) if not d.mention.is_likely]


def test_a_decision_is_applied_to_alike_mentions_of_other_interviews(hear: Hear) -> None:
    one, two, three = (searched(hear(text)) for text in (TALK, TALK, "It rained."))
    key = read_decisions(one)[0].mention.key

    made = decide_everywhere(one, key, Verdict.ACCEPTED)

    assert [done.interview.id for done in made] == [one.id, two.id]
    assert verdicts(one) == verdicts(two) == [Verdict.ACCEPTED]
    assert [d.in_bulk for done in made for d in done.decisions] == [False, True]
    assert verdicts(three) == []


def test_what_was_decided_elsewhere_before_stays(hear: Hear) -> None:
    one, two = (searched(hear(TALK)) for _ in range(2))
    decide_mention(two, read_decisions(two)[0].mention.key, Verdict.REJECTED)

    decide_everywhere(one, read_decisions(one)[0].mention.key, Verdict.ACCEPTED)

    assert (verdicts(one), verdicts(two)) == ([Verdict.ACCEPTED], [Verdict.REJECTED])


def test_a_key_of_no_mention_decides_nothing_anywhere(hear: Hear) -> None:
    one = searched(hear(TALK))

    with pytest.raises(UnknownMention):
        decide_everywhere(one, "none", Verdict.ACCEPTED)

    assert verdicts(one) == [None]


def test_none_of_these_rejects_the_questions_of_a_kind_alone(hear: Hear) -> None:
    one = searched(hear(TALK, ASKED))
    kinds = {d.mention.category for d in read_decisions(one) if not d.mention.is_likely}
    assert Category.OCCUPATION in kinds

    made = reject_questions(one, Category.OCCUPATION, reason="no job is rare here")

    left = [d for d in read_decisions(one) if d.decision is None]
    assert made
    assert Category.OCCUPATION not in {d.mention.category for d in left if not d.mention.is_likely}
    assert Category.PERSON in {d.mention.category for d in left}
    assert reject_questions(one, Category.OCCUPATION) == []


def test_all_sure_finds_of_a_kind_are_accepted_together_and_questions_wait(hear: Hear) -> None:
    one = searched(hear(TALK, ASKED, "My sister is Jean Barraclough. Ring 07700 900 123."))

    made = accept_sure_finds(one, Category.PERSON, reason="all real names")

    by_kind = {d.mention.category: d.decision for d in read_decisions(one) if d.mention.is_likely}
    assert len(made) > 1
    assert all(d.verdict is Verdict.ACCEPTED and d.in_bulk for d in made)
    assert by_kind[Category.PERSON] is not None
    assert by_kind[Category.PHONE] is None
    assert questions(one)
    assert all(d.decision is None for d in read_decisions(one) if not d.mention.is_likely)
    assert accept_sure_finds(one, Category.PERSON) == []


def test_a_kind_is_decided_in_every_interview_of_the_study(hear: Hear) -> None:
    one, two, three = (searched(hear(text)) for text in (TALK, ASKED, TALK))

    accepted = decide_kind_everywhere(one.study, Category.PERSON, Verdict.ACCEPTED)
    rejected = decide_kind_everywhere(one.study, Category.OCCUPATION, Verdict.REJECTED)

    assert {done.interview.id for done in accepted} == {one.id, three.id}
    assert [done.interview.id for done in rejected] == [two.id]
    assert verdicts(one) == verdicts(three) == [Verdict.ACCEPTED]


def test_words_rejected_twice_in_other_interviews_are_asked_no_more(hear: Hear) -> None:
    for _ in range(2):
        earlier = searched(hear(ASKED))
        decide_mention(earlier, read_decisions(earlier)[0].mention.key, Verdict.REJECTED)
    later = hear(ASKED)

    mentions = search_transcript(later, name_model=None)

    assert questions(later) == []
    assert any("rejected 2 times" in told for told in mentions.not_looked_for)
    assert questions(searched(later, EARLIER_REJECTIONS)) != []


def test_they_are_asked_again_once_somebody_replaces_them(hear: Hear) -> None:
    for _ in range(2):
        earlier = searched(hear(ASKED))
        decide_mention(earlier, read_decisions(earlier)[0].mention.key, Verdict.REJECTED)
    accept_all_mentions(searched(hear(ASKED), EARLIER_REJECTIONS))

    assert questions(searched(hear(ASKED))) != []


def test_what_was_rejected_in_bulk_is_still_asked(hear: Hear) -> None:
    for _ in range(3):
        reject_questions(searched(hear(ASKED)), Category.OCCUPATION)

    assert questions(searched(hear(ASKED))) != []


def test_the_order_is_by_what_a_decision_is_expected_to_settle() -> None:
    def mentions(category: Category, score: float, count: int, label: str) -> list[DecidedMention]:
        return [
            DecidedMention(Mention(f"{label}{n}", n, 0, 1, category, "x", score, label), None)
            for n in range(count)
        ]

    groups = group_mentions([
        *mentions(Category.PERSON, 0.2, 1, "doubtful name"),
        *mentions(Category.PLACE, 0.9, 4, "town"),
        *mentions(Category.PERSON, 0.9, 2, "name"),
    ])  # fmt: skip

    assert [group.replacement for group in groups] == ["name", "town", "doubtful name"]
    assert [round(measure_worth(group), 1) for group in groups] == [5.4, 3.6, 0.6]
