"""Signing off: bound to exact bytes, void after any change, sent back with reasons."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from handoff import sign_off
from handoff.bundle import ExportOrder, render_bundle
from handoff.export import export_interviews
from handoff.plain_text import render_plain_text
from handoff.sign_off import (
    require_exportable_sign_off,
    require_may_sign,
    send_transcript_back,
    sign_transcript,
)
from handoff.transcript_lines import TranscriptLine
from study import (
    ArtefactKind,
    CleanBasis,
    Decision,
    DecisionFacts,
    InterviewDetails,
    InterviewState,
    LogLine,
    Mentions,
    Objection,
    OfficerRuling,
    PersonRole,
    SoundFormat,
    SpotCheckResult,
    StudyPolicy,
    Transcript,
    TranscriptRef,
    Turn,
    Verdict,
    format_clock,
)
from study.errors import (
    AnswerMissing,
    MentionsUndecided,
    NotSignedOff,
    NotWhatWasRead,
    ObjectionsStand,
    OriginalSurvives,
    OwnWork,
    PersonRefused,
    RoleForbids,
    SignOffVoid,
    SoundIncomplete,
    StepMissing,
    StudyChanged,
    UnknownMention,
    WordsMissing,
)
from study.store import (
    ALL_CLASSES,
    AUDIO_FOLDER,
    DATABASE,
    Argon2Cost,
    CleanVersion,
    Interview,
    KeyClass,
    Study,
    TranscriptEditor,
    add_person,
    change_study_policy,
    hash_artefact,
    key_transcript_hash,
    mark_review_ready,
    read_decisions,
    read_sign_off,
    read_study_policy,
    read_trail_head,
    read_trail_lines,
    record_spot_check,
    record_stretch,
    require_sign_off,
)
from tests.handoff.deciding import decide


def read_clean(study: Study, interview: str) -> Transcript:
    found = study.interview(interview).read_artefact(ArtefactKind.CLEAN, Transcript)
    assert found is not None
    return found


def test_a_sign_off_binds_the_bytes_the_log_and_the_head_of_the_trail(
    study: Study, decided: str
) -> None:
    head = read_trail_head(study.db)

    made = sign_transcript(study.interview(decided), name="A. Officer", role="data officer")

    text = render_bundle(study, ExportOrder((decided,)), date(2026, 11, 25))["P07_i1.txt"]
    assert made.text_sha256 == hashlib.sha256(text).hexdigest()
    assert made.transcript_sha256 == hash_artefact(study.interview(decided), ArtefactKind.CLEAN)
    assert made.log_sha256 == hash_artefact(study.interview(decided), ArtefactKind.LOG)
    assert (made.trail_count, made.trail_hash) == (head.count, head.hash)
    assert (made.by, made.slot_name, made.name, made.role) == (
        *(1, "owner"),
        *("A. Officer", "data officer"),
    )
    assert made.decided_by == (1,)
    assert require_sign_off(study.interview(decided)).is_valid
    assert study.find_interview(decided).state is InterviewState.SIGNED


def test_the_trail_tells_of_it_by_its_hash_alone(study: Study, approved: str) -> None:
    last = list(read_trail_lines(study.db))[-1]

    assert last.verb == "signed off"
    assert "Officer" not in str(last.facts)
    sha256 = hash_artefact(study.interview(approved), ArtefactKind.CLEAN)
    assert last.facts["transcript_hmac"] == key_transcript_hash(study.interview(approved), sha256)


def test_whoever_guesses_the_transcript_cannot_confirm_it_by_the_trail(
    study: Study, approved: str
) -> None:
    """The attacker has the disk and no passphrase, and guessed every byte of the transcript."""
    guessed = hash_artefact(study.interview(approved), ArtefactKind.CLEAN)

    for table in ("trail", "artefact", "entry"):
        for row in study.db.execute(f"SELECT * FROM {table}"):  # noqa: S608 - three constants
            shown = " ".join(map(str, row))
            assert guessed not in shown
            assert bytes.fromhex(guessed) not in [one for one in row if isinstance(one, bytes)]


def correct_transcript(study: Study, interview: str) -> None:
    with study.interview(interview).change("corrected") as change:
        change.write_artefact(ArtefactKind.CORRECTED, read_clean(study, interview))


def search_again(study: Study, interview: str) -> None:
    mentions = study.interview(interview).read_artefact(ArtefactKind.MENTIONS, Mentions)
    decisions = study.interview(interview).read_entries(ArtefactKind.MENTIONS, Decision)
    with study.interview(interview).change("anonymised") as change:
        change.write_artefact(ArtefactKind.MENTIONS, mentions)
        for one in decisions:
            change.append_entry(ArtefactKind.MENTIONS, one, DecisionFacts(0))


def correct_a_word(study: Study, interview: str) -> None:
    TranscriptEditor(study.interview(interview)).set_text(1, "Who told you, in June?")


def decide_again(study: Study, interview: str) -> None:
    decide(study, interview, rose=Verdict.ACCEPTED)


def clean_again(study: Study, interview: str) -> None:
    clean = read_clean(study, interview)
    with study.interview(interview).change("cleaned") as change:
        change.write_artefact(ArtefactKind.CLEAN, clean)


def log_again(study: Study, interview: str) -> None:
    log = study.interview(interview).read_artefact(ArtefactKind.LOG, tuple[LogLine, ...])
    with study.interview(interview).change("cleaned") as change:
        change.write_artefact(ArtefactKind.LOG, log)


def transcribe_again(study: Study, interview: str) -> None:
    raw = study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript)
    with study.interview(interview).change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, raw)


@pytest.mark.parametrize(
    ("happening", "why"),
    [
        (correct_transcript, "the transcript was edited since"),
        (correct_a_word, "the transcript was edited since"),
        (search_again, "identifying details were searched or added since"),
        (decide_again, "something was decided since"),
        (clean_again, "the clean transcript is another one now"),
        (log_again, "the anonymisation log is another one now"),
        (transcribe_again, "the interview was transcribed again since"),
    ],
)
def test_any_change_voids_it_and_the_list_shows_it(
    study: Study, approved: str, happening: object, why: str
) -> None:
    assert callable(happening)
    happening(study, approved)

    with pytest.raises(SignOffVoid, match=why):
        require_sign_off(study.interview(approved))
    found = read_sign_off(study.interview(approved))
    assert found is not None
    assert not found.is_valid
    is_new = happening in {correct_transcript, correct_a_word, transcribe_again}
    wanted = InterviewState.CORRECTED if is_new else InterviewState.SIGN_AGAIN  # searched first
    assert study.find_interview(approved).state is wanted


def test_a_decision_that_was_taken_back_voids_it_all_the_same(study: Study, approved: str) -> None:
    decide(study, approved, rose=Verdict.UNDONE)
    decide(study, approved, rose=Verdict.ACCEPTED)

    assert study.find_interview(approved).state is InterviewState.SIGN_AGAIN


def test_what_happens_in_another_interview_voids_nothing(study: Study, approved: str) -> None:
    with study.change("made for a test") as change:
        change.add_interview(InterviewDetails("P08_i1"))

    assert require_sign_off(study.interview(approved)).is_valid


def test_a_trail_that_was_rewritten_voids_it(study: Study, approved: str) -> None:
    found = read_sign_off(study.interview(approved))
    assert found is not None
    study.db.execute(
        "UPDATE trail SET hash = zeroblob(32) WHERE number = ?", [found.sign_off.trail_count]
    )

    with pytest.raises(SignOffVoid, match="no longer has the line"):
        require_sign_off(study.interview(approved))


def test_nothing_is_signed_while_a_mention_is_undecided(study: Study, interview: str) -> None:
    with pytest.raises(MentionsUndecided):
        sign_transcript(study.interview(interview))

    assert study.interview(interview).find_newest_version(ArtefactKind.SIGNED) == 0


def test_nothing_is_signed_that_the_gate_would_stop(study: Study, decided: str) -> None:
    clean = read_clean(study, decided)
    leaking = replace(clean, turns=(replace(clean.turns[0], text="Rose O'Neill?"),))
    with study.interview(decided).change("cleaned") as change:
        change.write_artefact(ArtefactKind.CLEAN, leaking)

    with pytest.raises(OriginalSurvives) as stopped:
        sign_transcript(study.interview(decided))

    turn = leaking.turns[0]
    assert stopped.value.turns == (turn.key,)
    assert str(stopped.value) == (
        "Nothing may leave: an identifying detail is still in words 1 and 2 of turn"
        f" {turn.key} at {format_clock(turn.start_s)}."
    )


def test_nothing_is_signed_in_a_study_that_was_changed_outside(
    study: Study, decided: str, passphrase: str
) -> None:
    study.close()
    with contextlib.closing(sqlite3.connect(study.folder / DATABASE)) as db, db:
        db.execute("UPDATE meta SET value = '2020' WHERE name = 'created_at'")

    with Study.open(study.folder, passphrase) as opened:
        with pytest.raises(StudyChanged):
            sign_transcript(opened.interview(decided))

        assert opened.interview(decided).find_newest_version(ArtefactKind.SIGNED) == 0


def test_nothing_is_signed_while_a_recording_is_incomplete(study: Study, decided: str) -> None:
    with record_stretch(study.interview(decided), SoundFormat(8000, 1)) as writer:
        writer.write(bytes(4 * 8000))
    (sound,) = (study.folder / AUDIO_FOLDER / decided).iterdir()
    sound.write_bytes(sound.read_bytes()[:-1])

    with pytest.raises(SoundIncomplete):
        sign_transcript(study.interview(decided))


def test_a_clean_transcript_older_than_a_decision_is_not_signed(study: Study, decided: str) -> None:
    with study.interview(decided).change("decided") as change:
        other = Decision("rose", Verdict.CHANGED, 1, change.made_at, "a friend")
        change.append_entry(ArtefactKind.MENTIONS, other, DecisionFacts(0))

    with pytest.raises(StepMissing):
        sign_transcript(study.interview(decided))


def test_without_a_clean_transcript_there_is_nothing_to_sign(study: Study) -> None:
    with study.change("made for a test") as change:
        fresh = change.add_interview(InterviewDetails("P08_i1"))

    with pytest.raises(StepMissing, match="clean transcript"):
        sign_transcript(study.interview(fresh))


def test_a_transcript_without_words_is_neither_signed_off_nor_handed_over(
    study: Study, decided: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = study.interview(decided)
    clean = interview.read_artefact(ArtefactKind.CLEAN, Transcript)
    assert clean is not None
    log = interview.read_artefact(ArtefactKind.LOG, tuple[LogLine, ...]) or ()
    empty = CleanVersion(replace(clean, turns=(Turn(1, "P07", 0.0, 5.0, " "),)), log)

    with pytest.raises(WordsMissing):
        sign_transcript(interview, clean=empty)

    assert interview.summary.state is not InterviewState.SIGNED
    with monkeypatch.context() as patch:  # as it was signed off before it was refused
        patch.setattr(sign_off, "_require_words", id)
        sign_transcript(interview, clean=empty)
    with pytest.raises(WordsMissing):
        export_interviews(study, ExportOrder((decided,)), tmp_path / "out")


def test_who_may_not_sign_is_told_before_anything_is_typed(
    study: Study, decided: str, cheap: Argon2Cost
) -> None:
    require_may_sign(study.interview(decided))
    with study.change("policy set") as change:
        change.write_artefact(ArtefactKind.POLICY, StudyPolicy(second_person=True))

    with pytest.raises(OwnWork):
        require_may_sign(study.interview(decided))
    add_person(study, "assistant", PersonRole.ASSISTANT, "another four small words", cost=cheap)
    with (
        Study.open(study.folder, "another four small words") as hers,
        pytest.raises(RoleForbids),
    ):
        require_may_sign(hers.interview(decided))


@pytest.mark.parametrize("name", ["S. Okafor", " s okafor", "Ѕ. Okafоr"])  # noqa: RUF001 - Cyrillic letters that look the same
def test_nobody_signs_with_the_name_of_somebody_with_a_passphrase_of_their_own(
    study: Study, decided: str, cheap: Argon2Cost, name: str
) -> None:
    """An owner typed the officer's name, and the sheet said that the officer had signed."""
    add_person(study, "S. Okafor", PersonRole.OFFICER, "another four small words", cost=cheap)

    with pytest.raises(PersonRefused, match="Only their own passphrase signs"):
        sign_transcript(study.interview(decided), name=name)
    with pytest.raises(PersonRefused):
        send_transcript_back(study.interview(decided), [Objection("no")], name=name)

    assert read_sign_off(study.interview(decided)) is None
    with Study.open(study.folder, "another four small words") as theirs:
        assert sign_transcript(theirs.interview(decided), name=name).slot_name == "S. Okafor"


def test_who_decided_does_not_sign_where_the_study_asks_for_a_second_person(
    study: Study, decided: str, cheap: Argon2Cost
) -> None:
    with study.change("policy set") as change:
        change.write_artefact(ArtefactKind.POLICY, StudyPolicy(second_person=True))
    study.add_slot("officer", "another four small words", ALL_CLASSES, cost=cheap)

    with pytest.raises(OwnWork):
        sign_transcript(study.interview(decided))

    with Study.open(study.folder, "another four small words") as hers:
        made = sign_transcript(hers.interview(decided))
    assert (made.by, made.slot_name) == (3, "officer")


def test_a_study_may_ask_in_writing_who_could_recognise_the_person(
    study: Study, decided: str
) -> None:
    change_study_policy(study, replace(read_study_policy(study), asks_who_recognises=True))
    interview = study.interview(decided)

    for silence in ("", "  \n"):
        with pytest.raises(AnswerMissing):
            sign_transcript(interview, who_recognises=silence)
    assert read_sign_off(interview) is None
    made = sign_transcript(interview, who_recognises=" The ward,\n by the fall. ")

    assert made.who_recognises == "The ward, by the fall."
    standing = read_sign_off(interview)
    assert standing is not None
    assert standing.is_valid
    assert standing.sign_off.who_recognises == "The ward, by the fall."
    manifest = render_bundle(study, ExportOrder((decided,)), date(2026, 11, 29))["manifest.json"]
    assert made.transcript_sha256.encode() in manifest
    for kept in ("by the fall", made.salt, made.people_sha256):
        assert kept
        assert kept.encode() not in manifest


def test_nobody_has_to_say_who_could_recognise_the_person_by_default(
    study: Study, decided: str
) -> None:
    assert sign_transcript(study.interview(decided)).who_recognises == ""


def test_what_is_sent_back_waits_for_a_person_again_with_the_reason(
    study: Study, approved: str
) -> None:
    send_transcript_back(study.interview(approved), [Objection("this is a person too", "may1")])

    assert study.find_interview(approved).state is InterviewState.SENT_BACK
    assert study.find_interview(approved).undecided == 1
    (waiting,) = [d for d in read_decisions(study.interview(approved)) if d.decision is None]
    assert waiting.mention.key == "may1"
    last = study.interview(approved).read_entries(ArtefactKind.MENTIONS, Decision)[-1]
    assert (last.verdict, last.reason) == (Verdict.UNDONE, "this is a person too")
    with pytest.raises(NotSignedOff, match="sent back"):
        require_sign_off(study.interview(approved))


def test_the_whole_can_be_sent_back_and_is_signed_after_it_was_looked_at(
    study: Study, approved: str
) -> None:
    made = send_transcript_back(
        study.interview(approved), [Objection("the village is still recognisable")]
    )
    assert made.ruling is OfficerRuling.SENT_BACK
    assert study.find_interview(approved).state is InterviewState.SENT_BACK

    mark_review_ready(study.interview(approved))
    sign_transcript(study.interview(approved))

    assert study.find_interview(approved).state is InterviewState.SIGNED


def test_a_reason_about_no_mention_changes_nothing(study: Study, approved: str) -> None:
    before = read_trail_head(study.db)

    with pytest.raises(UnknownMention):
        send_transcript_back(study.interview(approved), [Objection("wrong", "zzzz")])

    assert read_trail_head(study.db) == before


def test_a_text_that_is_written_in_another_way_by_now_is_not_what_was_signed(
    study: Study, approved: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert require_exportable_sign_off(study.interview(approved)) == read_sign_off(
        study.interview(approved)
    )

    def otherwise(_: object) -> bytes:
        return b"written otherwise"

    monkeypatch.setattr(sign_off, "render_plain_text", otherwise)

    with pytest.raises(SignOffVoid, match="written in another way"):
        require_exportable_sign_off(study.interview(approved))


def test_what_nobody_signed_or_was_sent_back_is_not_required_to_hold(
    study: Study, decided: str
) -> None:
    with pytest.raises(NotSignedOff, match="nobody has signed"):
        require_exportable_sign_off(study.interview(decided))


@pytest.mark.parametrize(
    "searched",
    [
        TranscriptRef(ArtefactKind.CORRECTED, 1),
        TranscriptRef(ArtefactKind.RAW, 2),
        TranscriptRef(ArtefactKind.RAW, 1, edits=3),
    ],
    ids=["of another kind", "of another version", "with other edits"],
)
def test_a_clean_transcript_of_other_words_than_the_newest_is_not_signed(
    study: Study, decided: str, searched: TranscriptRef
) -> None:
    for made_from, is_signed in ((searched, False), (TranscriptRef(ArtefactKind.RAW, 1), True)):
        made = replace(read_clean(study, decided), made_from=CleanBasis(made_from, mentions=1))
        with study.interview(decided).change("cleaned") as change:
            change.write_artefact(ArtefactKind.CLEAN, made)

        if is_signed:
            sign_transcript(study.interview(decided))
        else:
            with pytest.raises(StepMissing, match="newest state"):
                sign_transcript(study.interview(decided))
    assert study.interview(decided).find_newest_version(ArtefactKind.SIGNED) == 1


def test_a_log_that_tells_of_another_replacement_or_of_a_kept_one_is_not_signed(
    study: Study, decided: str
) -> None:
    log = study.interview(decided).read_artefact(ArtefactKind.LOG, tuple[LogLine, ...])
    assert log is not None
    for wrong in (
        tuple(replace(line, replacement="[Person 9]") for line in log),
        log[1:],
        (*log, replace(log[0], mention="more")),
    ):
        with study.interview(decided).change("cleaned") as change:
            change.write_artefact(ArtefactKind.LOG, wrong)
        with pytest.raises(StepMissing):
            sign_transcript(study.interview(decided))


def test_only_what_was_read_is_signed(study: Study, decided: str) -> None:
    shown = hash_artefact(study.interview(decided), ArtefactKind.CLEAN)
    with pytest.raises(NotWhatWasRead):
        sign_transcript(study.interview(decided), read_sha256="00" * 32)
    assert study.interview(decided).find_newest_version(ArtefactKind.SIGNED) == 0

    assert sign_transcript(study.interview(decided), read_sha256=shown).transcript_sha256 == shown


def test_a_transcript_that_changes_between_the_gate_and_the_word_is_not_signed(
    study: Study, decided: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change_meanwhile(*_: object) -> None:
        clean = read_clean(study, decided)
        turns = (replace(clean.turns[0], text="Rose O'Neill?"), *clean.turns[1:])
        with study.interview(decided).change("cleaned") as change:
            change.write_artefact(ArtefactKind.CLEAN, replace(clean, turns=turns))

    monkeypatch.setattr(sign_off, "check_clean_text", change_meanwhile)

    with pytest.raises(StepMissing, match="newest state"):
        sign_transcript(study.interview(decided))


def test_what_the_gate_looks_at_is_the_text_that_will_leave(
    study: Study, decided: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def look(interview: Interview, lines: list[TranscriptLine], typed: object) -> None:
        del typed
        seen.append((interview.id, render_plain_text(lines)))

    monkeypatch.setattr(sign_off, "check_clean_text", look)
    sign_transcript(study.interview(decided))

    text = render_bundle(study, ExportOrder((decided,), ("txt",)), date(2026, 11, 25))["P07_i1.txt"]
    assert seen == [(decided, text)]


def test_a_label_that_names_somebody_is_not_signed(study: Study, decided: str) -> None:
    about = study.interview(decided).details
    with study.interview(decided).change("made for a test") as change:
        change.write_artefact(ArtefactKind.ABOUT, replace(about, label="Margaret-Wilson"))

    with pytest.raises(OriginalSurvives, match="the interview's label"):
        sign_transcript(study.interview(decided))


def shorten_clean(study: Study, interview: str) -> CleanVersion:
    """Return a clean transcript of the newest decisions that the study does not have yet."""
    clean = read_clean(study, interview)
    log = study.interview(interview).read_artefact(ArtefactKind.LOG, tuple[LogLine, ...])
    assert log is not None
    return CleanVersion(replace(clean, turns=clean.turns[1:]), log)


def test_a_version_is_written_with_its_sign_off_and_not_again_with_the_next(
    study: Study, decided: str
) -> None:
    version = shorten_clean(study, decided)

    made = sign_transcript(study.interview(decided), clean=version)

    assert read_clean(study, decided).turns == version.transcript.turns
    assert study.interview(decided).find_newest_version(ArtefactKind.CLEAN) == 2
    assert made.transcript_sha256 == hash_artefact(study.interview(decided), ArtefactKind.CLEAN)
    assert require_exportable_sign_off(study.interview(decided)).sign_off == made
    sign_transcript(study.interview(decided), clean=version)
    assert study.interview(decided).find_newest_version(ArtefactKind.CLEAN) == 2


def test_a_version_whose_sign_off_is_refused_is_not_written(study: Study, decided: str) -> None:
    version = shorten_clean(study, decided)

    with pytest.raises(NotWhatWasRead):
        sign_transcript(study.interview(decided), clean=version, read_sha256="00" * 32)

    assert study.interview(decided).find_newest_version(ArtefactKind.CLEAN) == 1


def test_a_version_is_written_when_it_is_sent_back(study: Study, decided: str) -> None:
    version = shorten_clean(study, decided)
    with study.interview(decided).change("made for a test") as change:
        change.write_artefact(ArtefactKind.LOG, ())
    objections = [Objection("this is a person too", "may1")]

    made = send_transcript_back(study.interview(decided), objections, clean=version)

    assert read_clean(study, decided).turns == version.transcript.turns
    assert made.transcript_sha256 == hash_artefact(study.interview(decided), ArtefactKind.CLEAN)


def test_objections_stand_in_the_way_and_what_was_found_right_is_counted(
    study: Study, decided: str
) -> None:
    log = {
        line.mention: line
        for line in study.interview(decided).read_artefact(ArtefactKind.LOG, tuple[LogLine, ...])
        or ()
    }
    record_spot_check(
        study.interview(decided), log["rose"], SpotCheckResult.WRONG, "she is known by it"
    )
    record_spot_check(study.interview(decided), log["numb"], SpotCheckResult.RIGHT)
    with pytest.raises(ObjectionsStand, match="1 line of the log is objected to"):
        sign_transcript(study.interview(decided))
    back = send_transcript_back(study.interview(decided), [])
    assert back.checked == 1
    mark_review_ready(study.interview(decided))

    record_spot_check(study.interview(decided), log["rose"], SpotCheckResult.RIGHT)

    assert sign_transcript(study.interview(decided)).checked == 2


def test_what_was_sent_back_as_a_whole_is_not_signed_until_it_is_handed_on_again(
    study: Study, approved: str
) -> None:
    """It could be signed off at once, with nothing changed and no word about the reason."""
    send_transcript_back(study.interview(approved), [Objection("the ward is known to all")])

    with pytest.raises(ObjectionsStand, match="sent back, and not handed on again"):
        sign_transcript(study.interview(approved))
    with pytest.raises(ObjectionsStand, match="sent back, and not handed on again"):
        require_may_sign(study.interview(approved))
    mark_review_ready(study.interview(approved))

    assert sign_transcript(study.interview(approved)).ruling is OfficerRuling.SIGNED


def test_who_decided_is_told_once_each_and_in_order(study: Study, decided: str) -> None:
    change_deciders(study, decided, rose=3, numb=1, may1=3)

    assert sign_transcript(study.interview(decided)).decided_by == (1, 3)


def change_deciders(study: Study, interview: str, **slots: int) -> None:
    log = study.interview(interview).read_artefact(ArtefactKind.LOG, tuple[LogLine, ...]) or ()
    with study.interview(interview).change("cleaned") as change:
        told = tuple(replace(line, by=slots[line.mention]) for line in log)
        change.write_artefact(ArtefactKind.LOG, told)


def test_a_second_person_is_asked_for_only_where_the_study_says_so(
    study: Study, decided: str
) -> None:
    with study.change("policy set") as change:
        change.write_artefact(ArtefactKind.POLICY, StudyPolicy(second_person=False))
    assert sign_transcript(study.interview(decided)).by == 1

    change_deciders(study, decided, rose=3, numb=3, may1=3)
    with study.change("policy set") as change:
        change.write_artefact(ArtefactKind.POLICY, StudyPolicy(second_person=True))

    assert sign_transcript(study.interview(decided)).decided_by == (3,)


def test_who_may_not_read_the_words_sends_back_with_the_reasons_alone(
    study: Study, decided: str, cheap: Argon2Cost
) -> None:
    study.add_slot("reader", "another four small words", (KeyClass.CLEAN,), cost=cheap)
    reasons = [Objection("this is a person too", "may1"), Objection("too much of the village")]

    with Study.open(study.folder, "another four small words") as hers:
        made = send_transcript_back(
            hers.interview(decided), reasons, name="B. Reader", role="reader"
        )

    assert made.objections == tuple(reasons)
    assert (made.ruling, made.name, made.role) == (OfficerRuling.SENT_BACK, "B. Reader", "reader")
    assert study.find_interview(decided).state is InterviewState.SENT_BACK
    assert study.find_interview(decided).undecided == 0
    assert list(read_trail_lines(study.db))[-1].facts["reasons"] == 2


def test_all_that_waits_is_counted_when_something_is_sent_back(study: Study, approved: str) -> None:
    reasons = [Objection("a person", "may1"), Objection("a person", "rose"), Objection("all")]
    send_transcript_back(study.interview(approved), reasons)
    assert study.find_interview(approved).undecided == 2

    send_transcript_back(study.interview(approved), [Objection("the number", "numb")])

    assert study.find_interview(approved).undecided == 3
    last = study.interview(approved).read_entries(ArtefactKind.MENTIONS, Decision)[-1]
    assert (last.mention, last.by, last.verdict) == ("numb", 1, Verdict.UNDONE)


def test_without_a_clean_transcript_nothing_is_sent_back(study: Study) -> None:
    with study.change("made for a test") as change:
        fresh = change.add_interview(InterviewDetails("P08_i1"))

    with pytest.raises(StepMissing, match="clean transcript"):
        send_transcript_back(study.interview(fresh), [])
