"""Signing off: bound to exact bytes, void after any change, sent back with reasons."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from handoff import gate, signing
from handoff.bundle import Order, render
from handoff.signing import send_back, sign
from study import checks, signed, trail
from study import decided as standing
from study.artefacts import Kind, State
from study.correcting import Correcting
from study.errors import (
    MentionsUndecided,
    NotSignedOff,
    NotWhatWasRead,
    ObjectionsStand,
    OriginalSurvives,
    OwnWork,
    SignOffVoid,
    StepMissing,
    UnknownMention,
)
from study.facts import DecisionFacts
from study.keys import ALL_CLASSES, Argon2Cost, KeyClass
from study.references import CleanBasis, TranscriptRef
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
            change.append(interview, Kind.MENTIONS, one, DecisionFacts(0))


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
        change.append(decided, Kind.MENTIONS, other, DecisionFacts(0))

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


def test_a_text_that_is_written_in_another_way_by_now_is_not_what_was_signed(
    study: Study, approved: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert signing.required(study, approved) == signed.read(study, approved)

    def otherwise(_: object) -> bytes:
        return b"written otherwise"

    monkeypatch.setattr(signing, "plain_text", otherwise)

    with pytest.raises(SignOffVoid, match="writes the text in another way"):
        signing.required(study, approved)


def test_what_nobody_signed_or_was_sent_back_is_not_required_to_hold(
    study: Study, decided: str
) -> None:
    with pytest.raises(NotSignedOff, match="nobody has signed"):
        signing.required(study, decided)


@pytest.mark.parametrize(
    "searched",
    [
        TranscriptRef(Kind.CORRECTED, 1),
        TranscriptRef(Kind.RAW, 2),
        TranscriptRef(Kind.RAW, 1, edits=3),
    ],
    ids=["of another kind", "of another version", "with other edits"],
)
def test_a_clean_transcript_of_other_words_than_the_newest_is_not_signed(
    study: Study, decided: str, searched: TranscriptRef
) -> None:
    for made_from, is_signed in ((searched, False), (TranscriptRef(Kind.RAW, 1), True)):
        made = replace(clean_of(study, decided), made_from=CleanBasis(made_from, mentions=1))
        with study.change("cleaned", decided) as change:
            change.put(decided, Kind.CLEAN, made)

        if is_signed:
            sign(study, decided)
        else:
            with pytest.raises(StepMissing, match="newest state"):
                sign(study, decided)
    assert study.version(decided, Kind.SIGNED) == 1


def test_a_log_that_tells_of_another_replacement_or_of_a_kept_one_is_not_signed(
    study: Study, decided: str
) -> None:
    log = study.get(decided, Kind.LOG, tuple[LogLine, ...])
    assert log is not None
    for wrong in (
        tuple(replace(line, replacement="[Person 9]") for line in log),
        log[1:],
        (*log, replace(log[0], mention="more")),
    ):
        with study.change("cleaned", decided) as change:
            change.put(decided, Kind.LOG, wrong)
        with pytest.raises(StepMissing):
            sign(study, decided)


def test_only_what_was_read_is_signed(study: Study, decided: str) -> None:
    shown = signed.content_sha256(study, decided, Kind.CLEAN)
    with pytest.raises(NotWhatWasRead):
        sign(study, decided, read="00" * 32)
    assert study.version(decided, Kind.SIGNED) == 0

    assert sign(study, decided, read=shown).transcript_sha256 == shown


def test_a_transcript_that_changes_between_the_gate_and_the_word_is_not_signed(
    study: Study, decided: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change_meanwhile(*_: object) -> None:
        clean = clean_of(study, decided)
        turns = (replace(clean.turns[0], text="Rose O'Neill?"), *clean.turns[1:])
        with study.change("cleaned", decided) as change:
            change.put(decided, Kind.CLEAN, replace(clean, turns=turns))

    monkeypatch.setattr(gate, "check", change_meanwhile)

    with pytest.raises(StepMissing, match="newest state"):
        sign(study, decided)


def test_what_the_gate_looks_at_is_the_text_under_the_name_that_it_will_have(
    study: Study, decided: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def look(_: Study, interview: str, files: object) -> None:
        seen.append((interview, files))

    monkeypatch.setattr(gate, "check", look)
    sign(study, decided)

    text = render(study, Order((decided,), ("txt",)), date(2026, 11, 25))["P07_i1.txt"]
    assert seen == [(decided, {"P07_i1.txt": text})]


def test_objections_stand_in_the_way_and_what_was_found_right_is_counted(
    study: Study, decided: str
) -> None:
    log = {line.mention: line for line in study.get(decided, Kind.LOG, tuple[LogLine, ...]) or ()}
    checks.note(study, decided, log["rose"], checks.Found.WRONG, "she is known by it")
    checks.note(study, decided, log["numb"], checks.Found.RIGHT)
    with pytest.raises(ObjectionsStand, match="1 line of the log is objected to"):
        sign(study, decided)
    back = send_back(study, decided, [])
    assert back.checked == 1

    checks.note(study, decided, log["rose"], checks.Found.RIGHT)

    assert sign(study, decided).checked == 2


def test_who_decided_is_told_once_each_and_in_order(study: Study, decided: str) -> None:
    decided_by_others(study, decided, rose=3, numb=1, may1=3)

    assert sign(study, decided).decided_by == (1, 3)


def decided_by_others(study: Study, interview: str, **slots: int) -> None:
    log = study.get(interview, Kind.LOG, tuple[LogLine, ...]) or ()
    with study.change("cleaned", interview) as change:
        told = tuple(replace(line, by=slots[line.mention]) for line in log)
        change.put(interview, Kind.LOG, told)


def test_a_second_person_is_asked_for_only_where_the_study_says_so(
    study: Study, decided: str
) -> None:
    with study.change("policy set") as change:
        change.put(WHOLE_STUDY, Kind.POLICY, Policy(second_person=False))
    assert sign(study, decided).by == 1

    decided_by_others(study, decided, rose=3, numb=3, may1=3)
    with study.change("policy set") as change:
        change.put(WHOLE_STUDY, Kind.POLICY, Policy(second_person=True))

    assert sign(study, decided).decided_by == (3,)


def test_who_may_not_read_the_words_sends_back_with_the_reasons_alone(
    study: Study, decided: str, cheap: Argon2Cost
) -> None:
    study.add_slot("reader", "another four small words", (KeyClass.CLEAN,), cost=cheap)
    reasons = [Objection("this is a person too", "may1"), Objection("too much of the village")]

    with Study.open(study.folder, "another four small words") as hers:
        made = send_back(hers, decided, reasons, name="B. Reader", role="reader")

    assert made.objections == tuple(reasons)
    assert (made.ruling, made.name, made.role) == (Ruling.SENT_BACK, "B. Reader", "reader")
    assert study.find(decided).state is State.SENT_BACK
    assert study.find(decided).undecided == 0
    assert list(trail.lines(study.db))[-1].facts["reasons"] == 2


def test_all_that_waits_is_counted_when_something_is_sent_back(study: Study, approved: str) -> None:
    reasons = [Objection("a person", "may1"), Objection("a person", "rose"), Objection("all")]
    send_back(study, approved, reasons)
    assert study.find(approved).undecided == 2

    send_back(study, approved, [Objection("the number", "numb")])

    assert study.find(approved).undecided == 3
    last = study.entries(approved, Kind.MENTIONS, Decision)[-1]
    assert (last.mention, last.by, last.verdict) == ("numb", 1, Verdict.UNDONE)


def test_without_a_clean_transcript_nothing_is_sent_back(study: Study) -> None:
    with study.change("made for a test") as change:
        fresh = change.add_interview(About("P08_i1"))

    with pytest.raises(StepMissing, match="clean transcript"):
        send_back(study, fresh, [])
