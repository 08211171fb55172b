"""What the review holds in memory is what the study holds, however little of it was read anew."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymise import decide_mention
from app import InterviewReview
from study import Verdict
from study.errors import NotCorrectable, WordsChanged
from study.store import Study

_TEXTS = [
    "My sister Margaret does. She works at Ashfield ward, you know.",
    "Margaret, and Ashfield ward.", "She works at Leeds.", "Ashfield ward, Margaret.", "No.",
]  # fmt: skip
_EDITS = st.lists(
    st.tuples(
        st.sampled_from(["say", "say", "split", "join", "undo", "redo", "speaker", "remove"]),
        st.integers(1, 6),
        st.sampled_from(_TEXTS),
        st.booleans(),
    ),
    max_size=8,
)
_DEEDS = st.lists(
    st.tuples(st.sampled_from(list(Verdict)), st.integers(0, 20), st.booleans(), st.booleans()),
    max_size=8,
)


def _read(study: Study, interview: str) -> InterviewReview:
    review = InterviewReview(study.interview(interview))
    review.refresh()
    return review


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_DEEDS)
def test_decisions_taken_over_one_by_one_stand_as_if_all_were_read(
    course: Study, deeds: list[tuple[Verdict, int, bool, bool]]
) -> None:
    interview = course.find_interview("P07_i1").id
    review = _read(course, interview)
    keys = [one.mention.key for one in review.decided]
    assert review.tally() == _read(course, interview).tally()

    for verdict, number, alike, is_seen in deeds:
        key = keys[number % len(keys)]
        decide_mention(
            course.interview(interview), key, verdict, replacement="somebody", alike=alike
        )
        if is_seen:
            review.note_decisions()
    before = review.decided
    changed = review.note_decisions()

    fresh = _read(course, interview)
    assert review.decided == fresh.decided
    assert review.tally() == fresh.tally()
    assert changed == [n for n, one in enumerate(fresh.decided) if one != before[n]]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_EDITS)
def test_edits_taken_over_one_by_one_leave_what_would_be_read(
    course: Study, edits: list[tuple[str, int, str, bool]]
) -> None:
    review = _read(course, course.find_interview("P07_i1").id)
    pen = review.corrections
    assert pen is not None
    acts: dict[str, Callable[[int, str], frozenset[int] | None]] = {
        "say": pen.set_text,
        "split": lambda key, _: pen.split_turn(key, 9),
        "join": lambda key, _: pen.join_turns(key),
        "undo": lambda _, __: pen.undo(),
        "redo": lambda _, __: pen.redo(),
        "speaker": lambda key, _: pen.set_speaker(key, "P08"),
        "remove": lambda key, _: pen.remove_turn(key),
    }

    for act, key, text, decides in edits:
        with contextlib.suppress(NotCorrectable):
            review.note_edit(acts[act](key, text) or frozenset())
        if decides and review.decided:
            with contextlib.suppress(WordsChanged):
                first = review.decided[0].mention.key
                decide_mention(review.interview, first, Verdict.ACCEPTED)
            review.note_decisions()

    fresh = _read(course, review.interview.id)
    assert review.decided == fresh.decided
    assert (review.lost_mentions, review.tally()) == (fresh.lost_mentions, fresh.tally())
    assert review.turns == fresh.turns
    assert review.turn_places == fresh.turn_places
