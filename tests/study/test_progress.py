"""How far a review is, and that handing it over holds only for what was there."""

from __future__ import annotations

import pytest

from study import progress
from study.artefacts import Kind, State
from study.correcting import Correcting
from study.errors import MentionsUndecided, StepMissing
from study.facts import DecisionFacts, MentionsFacts
from study.references import TranscriptRef
from study.store import Study
from study.terms import (
    About,
    Category,
    Decision,
    Mention,
    Mentions,
    Provenance,
    Transcript,
    Turn,
    Verdict,
)

SEARCHED = TranscriptRef(Kind.RAW, 1)

MADE_BY = Provenance("test", "earshot tests")


@pytest.fixture
def interview(study: Study) -> str:
    with study.change("transcribed") as change:
        made = change.add_interview(About("P07_i1"))
        turns = tuple(Turn(n, "P07", float(n), n + 1.0, "my sister Ann") for n in range(1, 5))
        change.put(made, Kind.RAW, Transcript(turns, MADE_BY))
        mention = Mention("m1", 1, 10, 13, Category.PERSON, "names", 0.9, "[Person 1]")
        change.put(
            made,
            Kind.MENTIONS,
            Mentions(SEARCHED, (mention,), MADE_BY),
            MentionsFacts(SEARCHED, undecided=1),
        )
    return made


def _decide(study: Study, interview: str) -> None:
    with study.change("mention accepted", interview) as change:
        decision = Decision("m1", Verdict.ACCEPTED, 1, change.at)
        change.append(interview, Kind.MENTIONS, decision, DecisionFacts(0))


def test_turns_looked_at_add_up_and_are_written_once(study: Study, interview: str) -> None:
    progress.look(study, interview, [1, 2])
    progress.look(study, interview, [2, 3])
    before = study.db.execute("SELECT count(*) FROM trail").fetchone()
    progress.look(study, interview, [1, 3])

    assert progress.read(study, interview).looked_at == {1, 2, 3}
    assert study.db.execute("SELECT count(*) FROM trail").fetchone() == before
    assert (told := study.find(interview).facts.review)
    assert told.looked_at == 3


def test_it_is_handed_over_once_every_mention_is_decided(study: Study, interview: str) -> None:
    with pytest.raises(MentionsUndecided):
        progress.make_ready(study, interview)
    _decide(study, interview)
    decided = study.find(interview).state
    ready = progress.make_ready(study, interview)

    assert decided is State.REVIEWED
    assert ready.ready is not None
    assert study.find(interview).state is State.READY
    progress.look(study, interview, [4])
    assert study.find(interview).state is State.READY


def test_an_edit_afterwards_makes_it_void(study: Study, interview: str) -> None:
    _decide(study, interview)
    progress.make_ready(study, interview)
    Correcting(study, interview).set_text(2, "my brother")

    assert study.find(interview).state is State.CORRECTED
    with pytest.raises(StepMissing):
        progress.make_ready(study, interview)


def test_what_was_not_searched_is_not_handed_over(study: Study) -> None:
    with study.change("entered") as change:
        empty = change.add_interview(About("P08_i1"))

    with pytest.raises(StepMissing):
        progress.make_ready(study, empty)
