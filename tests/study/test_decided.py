from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from study import decided
from study.artefacts import Kind
from study.decided import standing
from study.references import TranscriptRef
from study.store import Study
from study.terms import About, Category, Decision, Mention, Mentions, Provenance, Verdict

MENTIONS = tuple(
    Mention(key, 0, 0, 5, Category.PERSON, "rules", 1.0, f"[Person {key}]") for key in "123"
)

decisions = st.lists(
    st.builds(
        Decision,
        mention=st.sampled_from("123"),
        verdict=st.sampled_from(Verdict),
        by=st.just(1),
        at=st.just("2026-03-01T10:00:00+00:00"),
        replacement=st.sampled_from(["[Someone]", "[A friend]"]),
    )
)


@given(decisions)
def test_the_newest_decision_about_a_mention_stands(made: list[Decision]) -> None:
    for stands in standing(MENTIONS, made):
        about = [decision for decision in made if decision.mention == stands.mention.key]
        newest = about[-1] if about and about[-1].verdict is not Verdict.UNDONE else None

        assert stands.decision == newest


@given(decisions)
def test_taking_a_decision_back_leaves_the_mention_undecided(made: list[Decision]) -> None:
    undone = [Decision(key, Verdict.UNDONE, 1, "") for key in "123"]

    assert all(stands.decision is None for stands in standing(MENTIONS, made + undone))


@given(decisions)
def test_what_was_rejected_or_is_undecided_stays_in_the_text(made: list[Decision]) -> None:
    for stands in standing(MENTIONS, made):
        verdict = stands.decision and stands.decision.verdict

        assert stands.is_replaced == (verdict in {Verdict.ACCEPTED, Verdict.CHANGED})
        if verdict is Verdict.CHANGED:
            assert stands.replacement in {"[Someone]", "[A friend]"}
        else:
            assert stands.replacement == stands.mention.replacement


def test_decisions_are_read_with_the_mentions_they_are_about(study: Study) -> None:
    with study.change("looked") as change:
        interview = change.add_interview(About("P01"))
        change.put(
            interview,
            Kind.MENTIONS,
            Mentions(TranscriptRef(Kind.RAW, 1), MENTIONS, Provenance("anonymise", "")),
        )
        change.append(interview, Kind.MENTIONS, Decision("2", Verdict.ACCEPTED, 1, change.at))

    assert [one.is_replaced for one in decided.read(study, interview)] == [False, True, False]
    assert decided.read(study, "nobody") == []
