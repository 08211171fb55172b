from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from study.artefact_kinds import ArtefactKind
from study.decisions import pair_decisions
from study.records import (
    Category,
    Decision,
    InterviewDetails,
    Mention,
    Mentions,
    Provenance,
    Verdict,
)
from study.references import TranscriptRef
from study.store.study import Study
from study.store.transcripts import read_decisions

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
    for stands in pair_decisions(MENTIONS, made):
        about = [decision for decision in made if decision.mention == stands.mention.key]
        newest = about[-1] if about and about[-1].verdict is not Verdict.UNDONE else None

        assert stands.decision == newest


@given(decisions)
def test_taking_a_decision_back_leaves_the_mention_undecided(made: list[Decision]) -> None:
    undone = [Decision(key, Verdict.UNDONE, 1, "") for key in "123"]

    assert all(stands.decision is None for stands in pair_decisions(MENTIONS, made + undone))


@given(decisions)
def test_what_was_rejected_or_is_undecided_stays_in_the_text(made: list[Decision]) -> None:
    for stands in pair_decisions(MENTIONS, made):
        verdict = stands.decision and stands.decision.verdict

        assert stands.is_replaced == (verdict in {Verdict.ACCEPTED, Verdict.CHANGED})
        if verdict is Verdict.CHANGED:
            assert stands.replacement in {"[Someone]", "[A friend]"}
        else:
            assert stands.replacement == stands.mention.replacement


def test_decisions_are_read_with_the_mentions_they_are_about(study: Study) -> None:
    with study.change("entered") as change:
        nobody_searched = change.add_interview(InterviewDetails("P02"))
    with study.change("looked") as change:
        interview = change.add_interview(InterviewDetails("P01"))
        change.write_artefact(
            ArtefactKind.MENTIONS,
            Mentions(TranscriptRef(ArtefactKind.RAW, 1), MENTIONS, Provenance("anonymise", "")),
        )
        change.append_entry(
            ArtefactKind.MENTIONS, Decision("2", Verdict.ACCEPTED, 1, change.made_at)
        )

    assert [one.is_replaced for one in read_decisions(study.interview(interview))] == [
        False,
        True,
        False,
    ]
    assert read_decisions(study.interview(nobody_searched)) == []
