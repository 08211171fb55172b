"""Signing off: bound to exact bytes, void after any change, sent back with reasons."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from handoff.bundle import Order, render
from handoff.signing import send_back, sign
from study import decided as standing
from study import signed, trail
from study.artefacts import Kind, State
from study.correcting import Correcting
from study.errors import (
    MentionsUndecided,
    NotSignedOff,
    OriginalSurvives,
    OwnWork,
    SignOffVoid,
    StepMissing,
    UnknownMention,
)
from study.keys import ALL_CLASSES, Argon2Cost
from study.store import WHOLE_STUDY, Study
from study.terms import (
    About,
    Decision,
    LogLine,
    Objection,
    Policy,
    Ruling,
    Transcript,
    Verdict,
)
from tests.handoff.deciding import decide


def clean_of(study: Study, interview: str) -> Transcript:
    found = study.get(interview, Kind.CLEAN, Transcript)
    assert found is not None
    return found


def test_a_sign_off_binds_the_bytes_the_log_and_the_head_of_the_trail(
    study: Study, decided: str
) -> None:
    head = trail.head(study.db)

    made = sign(study, decided, name="A. Officer", role="data officer")

    text = render(study, Order((decided,)), date(2026, 11, 25))["P07_i1.txt"]
    assert made.text_sha256 == hashlib.sha256(text).hexdigest()
    assert made.transcript_sha256 == signed.content_sha256(study, decided, Kind.CLEAN)
    assert made.log_sha256 == signed.content_sha256(study, decided, Kind.LOG)
    assert (made.trail_count, made.trail_hash) == (head.count, head.hash)
    assert (made.by, made.slot_name, made.name, made.role) == (
        *(1, "owner"),
        *("A. Officer", "data officer"),
    )
    assert made.decided_by == (1,)
    assert signed.required(study, decided).is_valid
    assert study.find(decided).state is State.SIGNED


def test_the_trail_tells_of_it_by_its_hash_alone(study: Study, approved: str) -> None:
    last = list(trail.lines(study.db))[-1]

    assert last.verb == "signed off"
    assert last.facts["transcript_sha256"] == signed.content_sha256(study, approved, Kind.CLEAN)
    assert "Officer" not in str(last.facts)


def corrected(study: Study, interview: str) -> None:
    with study.change("corrected", interview) as change:
        change.put(interview, Kind.CORRECTED, clean_of(study, interview))


def searched_again(study: Study, interview: str) -> None:
    mentions = study.get(interview, Kind.MENTIONS, standing.Mentions)
    decisions = study.entries(interview, Kind.MENTIONS, Decision)
    with study.change("anonymised", interview) as change:
        change.put(interview, Kind.MENTIONS, mentions)
        for one in decisions:
            change.append(interview, Kind.MENTIONS, one, {"undecided": 0})


def a_word_corrected(study: Study, interview: str) -> None:
    Correcting(study, interview).set_text(1, "Who told you, in June?")


def decided_again(study: Study, interview: str) -> None:
    decide(study, interview, rose=Verdict.ACCEPTED)


def cleaned_again(study: Study, interview: str) -> None:
    clean = clean_of(study, interview)
    with study.change("cleaned", interview) as change:
        change.put(interview, Kind.CLEAN, clean)


def logged_again(study: Study, interview: str) -> None:
    log = study.get(interview, Kind.LOG, tuple[LogLine, ...])
    with study.change("cleaned", interview) as change:
        change.put(interview, Kind.LOG, log)


def transcribed_again(study: Study, interview: str) -> None:
    raw = study.get(interview, Kind.RAW, Transcript)
    with study.change("transcribed", interview) as change:
        change.put(interview, Kind.RAW, raw)


@pytest.mark.parametrize(
    ("happening", "why"),
    [
        (corrected, "the transcript was edited since"),
        (a_word_corrected, "the transcript was edited since"),
        (searched_again, "identifying details were searched or added since"),
        (decided_again, "something was decided since"),
        (cleaned_again, "the clean transcript is another one now"),
        (logged_again, "the anonymisation log is another one now"),
        (transcribed_again, "the interview was transcribed again since"),
    ],
)
def test_any_change_voids_it_and_the_list_shows_it(
    study: Study, approved: str, happening: object, why: str
) -> None:
    assert callable(happening)
    happening(study, approved)

    with pytest.raises(SignOffVoid, match=why):
        signed.required(study, approved)
    found = signed.read(study, approved)
    assert found is not None
    assert not found.is_valid
    assert study.find(approved).state is State.SIGN_AGAIN


def test_a_decision_that_was_taken_back_voids_it_all_the_same(study: Study, approved: str) -> None:
    decide(study, approved, rose=Verdict.UNDONE)
    decide(study, approved, rose=Verdict.ACCEPTED)

    assert study.find(approved).state is State.SIGN_AGAIN


def test_what_happens_in_another_interview_voids_nothing(study: Study, approved: str) -> None:
    with study.change("made for a test") as change:
        change.add_interview(About("P08_i1"))

    assert signed.required(study, approved).is_valid


def test_a_trail_that_was_rewritten_voids_it(study: Study, approved: str) -> None:
    found = signed.read(study, approved)
    assert found is not None
    study.db.execute(
        "UPDATE trail SET hash = zeroblob(32) WHERE number = ?", [found.sign_off.trail_count]
    )

    with pytest.raises(SignOffVoid, match="no longer has the line"):
        signed.required(study, approved)


def test_nothing_is_signed_while_a_mention_is_undecided(study: Study, interview: str) -> None:
    with pytest.raises(MentionsUndecided):
        sign(study, interview)

    assert study.version(interview, Kind.SIGNED) == 0


def test_nothing_is_signed_that_the_gate_would_stop(study: Study, decided: str) -> None:
    clean = clean_of(study, decided)
    leaking = replace(clean, turns=(replace(clean.turns[0], text="Rose O'Neill?"),))
    with study.change("cleaned", decided) as change:
        change.put(decided, Kind.CLEAN, leaking)

    with pytest.raises(OriginalSurvives):
        sign(study, decided)


def test_a_clean_transcript_older_than_a_decision_is_not_signed(study: Study, decided: str) -> None:
    with study.change("decided", decided) as change:
        other = Decision("rose", Verdict.CHANGED, 1, change.at, "a friend")
        change.append(decided, Kind.MENTIONS, other, {"undecided": 0})

    with pytest.raises(StepMissing):
        sign(study, decided)


def test_without_a_clean_transcript_there_is_nothing_to_sign(study: Study) -> None:
    with study.change("made for a test") as change:
        fresh = change.add_interview(About("P08_i1"))

    with pytest.raises(StepMissing, match="clean transcript"):
        sign(study, fresh)


def test_who_decided_does_not_sign_where_the_study_asks_for_a_second_person(
    study: Study, decided: str, cheap: Argon2Cost
) -> None:
    with study.change("policy set") as change:
        change.put(WHOLE_STUDY, Kind.POLICY, Policy(second_person=True))
    study.add_slot("officer", "another four small words", ALL_CLASSES, cost=cheap)

    with pytest.raises(OwnWork):
        sign(study, decided)

    with Study.open(study.folder, "another four small words") as hers:
        made = sign(hers, decided)
    assert (made.by, made.slot_name) == (3, "officer")


def test_what_is_sent_back_waits_for_a_person_again_with_the_reason(
    study: Study, approved: str
) -> None:
    send_back(study, approved, [Objection("this is a person too", "may1")])

    assert study.find(approved).state is State.REVIEW
    assert study.find(approved).undecided == 1
    (waiting,) = [d for d in standing.read(study, approved) if d.decision is None]
    assert waiting.mention.key == "may1"
    last = study.entries(approved, Kind.MENTIONS, Decision)[-1]
    assert (last.verdict, last.reason) == (Verdict.UNDONE, "this is a person too")
    with pytest.raises(NotSignedOff, match="sent back"):
        signed.required(study, approved)


def test_the_whole_can_be_sent_back_and_is_signed_after_it_was_looked_at(
    study: Study, approved: str
) -> None:
    made = send_back(study, approved, [Objection("the village is still recognisable")])
    assert made.ruling is Ruling.SENT_BACK
    assert study.find(approved).state is State.SENT_BACK

    sign(study, approved)

    assert study.find(approved).state is State.SIGNED


def test_a_reason_about_no_mention_changes_nothing(study: Study, approved: str) -> None:
    before = trail.head(study.db)

    with pytest.raises(UnknownMention):
        send_back(study, approved, [Objection("wrong", "zzzz")])

    assert trail.head(study.db) == before
