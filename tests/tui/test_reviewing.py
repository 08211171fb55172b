"""What the review holds in memory is what the study holds, however little of it was read anew."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymise import deciding
from study.store import Study
from study.terms import Verdict
from tui.reviewing import Reviewing

_DEEDS = st.lists(
    st.tuples(st.sampled_from(list(Verdict)), st.integers(0, 20), st.booleans(), st.booleans()),
    max_size=8,
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_DEEDS)
def test_decisions_taken_over_one_by_one_stand_as_if_all_were_read(
    course: Study, deeds: list[tuple[Verdict, int, bool, bool]]
) -> None:
    interview = course.find("P07_i1").id
    review = Reviewing(course, interview)
    keys = [one.mention.key for one in review.decided]
    assert review.counts() == Reviewing(course, interview).counts()

    for verdict, number, alike, is_seen in deeds:
        key = keys[number % len(keys)]
        deciding.decide(course, interview, key, verdict, replacement="somebody", alike=alike)
        if is_seen:
            review.decided_again()
    before = review.decided
    changed = review.decided_again()

    fresh = Reviewing(course, interview)
    assert review.decided == fresh.decided
    assert review.counts() == fresh.counts()
    assert changed == [n for n, one in enumerate(fresh.decided) if one != before[n]]
