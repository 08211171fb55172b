"""What the review holds in memory is what the study holds, however little of it was read anew."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymise import deciding
from study.errors import NotCorrectable, WordsChanged
from study.store import Study
from study.terms import Verdict
from tui.reviewing import Reviewing

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


def _read(study: Study, interview: str) -> Reviewing:
    review = Reviewing(study, interview)
    review.refresh()
    return review


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_DEEDS)
def test_decisions_taken_over_one_by_one_stand_as_if_all_were_read(
    course: Study, deeds: list[tuple[Verdict, int, bool, bool]]
) -> None:
    interview = course.find("P07_i1").id
    review = _read(course, interview)
    keys = [one.mention.key for one in review.decided]
    assert review.tally() == _read(course, interview).tally()

    for verdict, number, alike, is_seen in deeds:
        key = keys[number % len(keys)]
        deciding.decide(course, interview, key, verdict, replacement="somebody", alike=alike)
        if is_seen:
            review.decided_again()
    before = review.decided
    changed = review.decided_again()

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
    review = _read(course, course.find("P07_i1").id)
    pen = review.pen
    assert pen is not None
    acts: dict[str, Callable[[int, str], frozenset[int] | None]] = {
        "say": pen.set_text,
        "split": lambda key, _: pen.split(key, 9),
        "join": lambda key, _: pen.join(key),
        "undo": lambda _, __: pen.undo(),
        "redo": lambda _, __: pen.redo(),
        "speaker": lambda key, _: pen.set_speaker(key, "P08"),
        "remove": lambda key, _: pen.remove(key),
    }

    for act, key, text, decides in edits:
        with contextlib.suppress(NotCorrectable):
            review.edited(acts[act](key, text) or frozenset())
        if decides and review.decided:
            with contextlib.suppress(WordsChanged):
                first = review.decided[0].mention.key
                deciding.decide(course, review.interview, first, Verdict.ACCEPTED)
            review.decided_again()

    fresh = _read(course, review.interview)
    assert review.decided == fresh.decided
    assert (review.lost, review.tally()) == (fresh.lost, fresh.tally())
    assert review.turns == fresh.turns
    assert review.order == fresh.order
