"""The progress of a review, whose end holds only for the state that was reviewed."""

from __future__ import annotations

import pytest

from study.artefact_facts import DecisionFacts, MentionsFacts
from study.artefact_kinds import ArtefactKind
from study.artefacts import InterviewState
from study.errors import MentionsUndecided, StepMissing
from study.records import (
    Category,
    Decision,
    InterviewDetails,
    Mention,
    Mentions,
    Provenance,
    Transcript,
    Turn,
    Verdict,
)
from study.references import TranscriptRef
from study.store.review_records import mark_review_ready, read_review_progress, record_viewed_turns
from study.store.study import Study
from study.store.transcript_editor import TranscriptEditor

SEARCHED = TranscriptRef(ArtefactKind.RAW, 1)

MADE_BY = Provenance("test", "earshot tests")


@pytest.fixture
def interview(study: Study) -> str:
    with study.change("transcribed") as change:
        made = change.add_interview(InterviewDetails("P07_i1"))
        turns = tuple(Turn(n, "P07", float(n), n + 1.0, "my sister Ann") for n in range(1, 5))
        change.write_artefact(ArtefactKind.RAW, Transcript(turns, MADE_BY))
        mention = Mention("m1", 1, 10, 13, Category.PERSON, "names", 0.9, "[Person 1]")
        change.write_artefact(
            ArtefactKind.MENTIONS,
            Mentions(SEARCHED, (mention,), MADE_BY),
            MentionsFacts(SEARCHED, undecided=1),
        )
    return made


def _decide(study: Study, interview: str) -> None:
    with study.interview(interview).change("mention accepted") as change:
        decision = Decision("m1", Verdict.ACCEPTED, 1, change.made_at)
        change.append_entry(ArtefactKind.MENTIONS, decision, DecisionFacts(0))


def test_turns_looked_at_add_up_and_are_written_once(study: Study, interview: str) -> None:
    record_viewed_turns(study.interview(interview), [1, 2])
    record_viewed_turns(study.interview(interview), [2, 3])
    before = study.db.execute("SELECT count(*) FROM trail").fetchone()
    record_viewed_turns(study.interview(interview), [1, 3])

    assert read_review_progress(study.interview(interview)).looked_at == {1, 2, 3}
    assert study.db.execute("SELECT count(*) FROM trail").fetchone() == before
    assert (told := study.find_interview(interview).facts.review)
    assert told.looked_at == 3


def test_it_is_handed_over_once_every_mention_is_decided(study: Study, interview: str) -> None:
    with pytest.raises(MentionsUndecided):
        mark_review_ready(study.interview(interview))
    _decide(study, interview)
    decided = study.find_interview(interview).state
    ready = mark_review_ready(study.interview(interview))

    assert decided is InterviewState.REVIEWED
    assert ready.ready is not None
    assert study.find_interview(interview).state is InterviewState.READY
    record_viewed_turns(study.interview(interview), [4])
    assert study.find_interview(interview).state is InterviewState.READY


def test_an_edit_afterwards_makes_it_void(study: Study, interview: str) -> None:
    _decide(study, interview)
    mark_review_ready(study.interview(interview))
    TranscriptEditor(study.interview(interview)).set_text(2, "my brother")

    assert study.find_interview(interview).state is InterviewState.CORRECTED
    with pytest.raises(StepMissing):
        mark_review_ready(study.interview(interview))


def test_what_was_not_searched_is_not_handed_over(study: Study) -> None:
    with study.change("entered") as change:
        empty = change.add_interview(InterviewDetails("P08_i1"))

    with pytest.raises(StepMissing):
        mark_review_ready(study.interview(empty))
