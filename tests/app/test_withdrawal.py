"""Several were interviewed together, and one of them withdraws: only their part goes."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from anonymise import write_clean_transcript
from app import (
    carry_out_withdrawal,
    explain_withheld,
    find_withdrawals,
    is_over,
    list_withdrawn,
    name_withdrawn,
    plan_withdrawal,
)
from capture import TakenFiles, import_sound, import_sound_parts, list_stick_files
from handoff import ExportOrder, export_interviews, sign_transcript
from study import (
    ArtefactKind,
    Category,
    Decision,
    DestructionState,
    GatedAction,
    InterviewDetails,
    JointWithdrawal,
    Mark,
    Mention,
    Mentions,
    MentionsFacts,
    Participant,
    Provenance,
    Pseudonym,
    RegisterEntry,
    Role,
    SoundFormat,
    StudyPolicy,
    Transcript,
    TranscriptFacts,
    TranscriptRef,
    Turn,
    Verdict,
    Withdrawal,
    WithdrawalScope,
)
from study.errors import (
    ConsentMissing,
    DestructionFlaw,
    DestructionRefused,
    HasWithdrawn,
    SoundTakenBefore,
)
from study.store import (
    IncomingSound,
    Study,
    ask_destruction,
    change_study_policy,
    finish_destructions,
    is_consented,
    list_taken_hashes,
    read_decisions,
    read_study_policy,
    record_stretch,
    record_withdrawal,
    require_interview_consent,
    verify_study,
)
from tests.consents import keep_agreed

RATE = 1000
FORM = SoundFormat(RATE, 2)
MADE_BY = Provenance("transcribe", "earshot")
PEOPLE = (
    Participant("INT01", Role.INTERVIEWER),
    Participant("P07", names=("Margaret Hollis",)),
    Participant("FAM02", Role.SUPPORTER, ("Tom Hollis",)),
)
TURNS = (
    Turn(1, "INT01", 0.0, 0.5, "Who is here?"),
    Turn(2, "P07", 1.0, 2.0, "I come from Wolvercote."),
    Turn(3, "FAM02", 3.0, 4.0, "Margaret and I moved to Leeds."),
)


def second(left: int, right: int) -> bytes:
    return struct.pack("<2h", left, right) * RATE


def enter(study: Study, turns: tuple[Turn, ...] = TURNS, channels: tuple[str, ...] = ()) -> str:
    """Enter five seconds of two people, with two mentions, one of them decided."""
    with IncomingSound(study, FORM) as incoming:
        for _ in range(4):
            incoming.write(second(1000, 2000))
        about = InterviewDetails("joint", PEOPLE, channels)
        interview = incoming.keep(about, {"container": "WAV"})
    with record_stretch(study.interview(interview), FORM) as writer:
        writer.write_mark(Mark(0.0, "pause", length_s=3.0))
        writer.write(second(1000, 2000))
    ref = TranscriptRef(ArtefactKind.RAW, 1)
    mentions = (
        Mention("m1", 2, 12, 22, Category.PLACE, "names", 0.9, "[Place 1]"),
        Mention("m2", 3, 0, 8, Category.PERSON, "names", 0.9, "[Person 1]"),
    )
    with study.interview(interview).change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, Transcript(turns, MADE_BY), TranscriptFacts(3))
        change.write_artefact(
            ArtefactKind.MENTIONS, Mentions(ref, mentions, MADE_BY), MentionsFacts(ref, 2, 2)
        )
        change.append_entries(
            ArtefactKind.MENTIONS,
            [Decision(key, Verdict.ACCEPTED, 1, change.made_at) for key in ("m1", "m2")],
        )
        change.write_artefact(
            ArtefactKind.PSEUDONYMS,
            (Pseudonym(Category.PLACE, "[Place 1]", ("wolvercote",)),
             Pseudonym(Category.PERSON, "[Person 1]", ("margaret",))),
        )  # fmt: skip
        change.write_artefact(ArtefactKind.CLEAN, Transcript(turns, MADE_BY))
    return interview


def withdraw(study: Study, scope: WithdrawalScope, rule: JointWithdrawal) -> None:
    change_study_policy(study, replace(read_study_policy(study), joint_withdrawal=rule))
    done = carry_out_withdrawal(study, plan_withdrawal(study, "P07", scope))
    assert done is not None
    assert done.state is DestructionState.ENDED
    assert verify_study(study) == []


def hear(study: Study) -> list[tuple[int, ...]] | None:
    """A frame of each second, in its middle."""
    sound = study.interview("joint").open_sound()
    if sound is None:
        return None
    with sound:
        assert sound.frames == 5 * RATE
        assert [mark.kind for mark in sound.marks()] == ["pause"]
        return [struct.unpack("<2h", sound.read(n * RATE + RATE // 2, 1)) for n in range(5)]


def test_nothing_goes_until_the_study_says_what_goes(study: Study) -> None:
    enter(study)

    for scope in (WithdrawalScope.SOUND, WithdrawalScope.EVERYTHING):
        with pytest.raises(DestructionRefused) as refused:
            plan_withdrawal(study, "P07", scope)
        assert refused.value.flaw is DestructionFlaw.JOINT
    assert plan_withdrawal(study, "P07", WithdrawalScope.FURTHER).gone == ()


def test_one_speaker_is_taken_out_and_the_work_on_the_others_stays(study: Study) -> None:
    enter(study)

    withdraw(study, WithdrawalScope.EVERYTHING, JointWithdrawal.REDACT)

    interview = study.interview("joint")
    source = interview.read_transcript()
    assert source is not None
    assert [turn.text for turn in source.transcript.turns] == [
        "Who is here?", "[withdrawn]", "Margaret and I moved to Leeds.",
    ]  # fmt: skip
    assert [(d.mention.key, d.is_replaced) for d in read_decisions(interview)] == [("m2", True)]
    left = interview.read_artefact(ArtefactKind.PSEUDONYMS, tuple[Pseudonym, ...]) or ()
    assert [one.forms for one in left] == [("margaret",)]
    assert [p.names for p in interview.participants] == [(), (), ("Tom Hollis",)]
    assert ArtefactKind.CLEAN not in interview.summary.versions
    assert not interview.summary.is_stale
    loud, silent = (1000, 2000), (0, 0)
    assert hear(study) == [loud, silent, silent, loud, silent]  # loud in others' turns alone
    interview.require_workable()


class Killed(BaseException):
    """The program ends here, as far as the study can tell."""


def test_sound_that_had_no_name_yet_when_a_withdrawal_was_killed_is_no_missing_sound(
    study: Study, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_: Study) -> None:
        raise Killed

    enter(study)
    with monkeypatch.context() as patch:
        patch.setattr("study.store.destruction.settle_redacted_sound", die)
        with pytest.raises(Killed):
            withdraw(study, WithdrawalScope.EVERYTHING, JointWithdrawal.REDACT)
    study.close()

    with Study.open(study.folder, passphrase) as again:
        assert again.change_flaw is None
        (done,) = finish_destructions(again)
        assert done.state is DestructionState.ENDED
        assert verify_study(again) == []
        assert hear(again) is not None


def test_the_channel_of_who_withdraws_falls_silent_altogether(study: Study) -> None:
    enter(study, channels=("P07", "FAM02"))

    withdraw(study, WithdrawalScope.SOUND, JointWithdrawal.REDACT)

    others, silent = (0, 2000), (0, 0)
    assert hear(study) == [others, silent, silent, others, silent]
    assert read_decisions(study.interview("joint"))[0].is_replaced


def test_without_knowing_who_speaks_all_of_it_goes(study: Study) -> None:
    enter(study, (*TURNS, Turn(4, "S?", 4.5, 5.0, "And me.")))

    withdraw(study, WithdrawalScope.EVERYTHING, JointWithdrawal.REDACT)

    assert hear(study) is None
    assert study.interview("joint").read_transcript() is None
    assert [s.label for s in study.summaries()] == ["joint"]  # the other one took part as well


def test_the_policy_may_destroy_an_interview_with_several_altogether(study: Study) -> None:
    enter(study)

    withdraw(study, WithdrawalScope.EVERYTHING, JointWithdrawal.ALL)

    assert study.summaries() == []


def test_words_that_were_taken_back_are_not_transcribed_again(study: Study) -> None:
    enter(study)

    withdraw(study, WithdrawalScope.TRANSCRIPT, JointWithdrawal.REDACT)

    assert hear(study) == [(1000, 2000)] * 5
    with pytest.raises(HasWithdrawn):
        study.interview("joint").require_workable()


def test_what_the_others_said_is_handed_over_once_the_words_taken_back_are_gone(
    study: Study, tmp_path: Path
) -> None:
    interview = study.interview(enter(study))
    keep_agreed(study, "P07", "FAM02")

    withdraw(study, WithdrawalScope.TRANSCRIPT, JointWithdrawal.REDACT)

    found = find_withdrawals(interview.summary, list_withdrawn(study))
    assert explain_withheld(interview.summary, found, "export") == ""
    assert not is_over(interview.summary, found)
    assert "may not be written down" in explain_withheld(interview.summary, found, "transcribe")
    write_clean_transcript(interview)
    sign_transcript(interview)
    files = export_interviews(study, ExportOrder((interview.id,)), tmp_path / "out")
    text = next(path for path in files if path.suffix == ".txt").read_text("utf-8")
    assert "[withdrawn]" in text
    assert "[Person 1] and I moved to Leeds." in text
    assert "Wolvercote" not in text
    with pytest.raises(HasWithdrawn):  # the sound has the words that were taken back
        require_interview_consent(interview, GatedAction.HAND_OVER_SOUND)


def test_nothing_is_handed_over_before_what_was_taken_back_is_gone(study: Study) -> None:
    interview = study.interview(enter(study))
    change_study_policy(study, StudyPolicy(joint_withdrawal=JointWithdrawal.REDACT))
    plan = plan_withdrawal(study, "P07", WithdrawalScope.TRANSCRIPT)

    ask_destruction(study, plan.order, plan.scope)

    with pytest.raises(HasWithdrawn):
        require_interview_consent(interview, GatedAction.HAND_OVER)


def test_what_others_said_of_them_is_listed_for_a_decision(study: Study) -> None:
    enter(study)
    with study.change("transcript imported") as change:
        about = InterviewDetails("P08_i1", (Participant("P08"),))
        other = change.add_interview(about)
        said = ("I met MARGARET there.", "Nobody else.", "Margar\u00e9t\u2019s tea was good.")
        turns = tuple(Turn(n, "P08", 62.0 + n, 63.0 + n, text) for n, text in enumerate(said))
        words = Transcript(turns, MADE_BY)
        change.write_artefact(ArtefactKind.RAW, words, TranscriptFacts(1), owner=other)
    change_study_policy(study, StudyPolicy(joint_withdrawal=JointWithdrawal.ALL))

    plan = plan_withdrawal(study, "P07", WithdrawalScope.EVERYTHING)

    told = [copy.what for copy in plan.order.copies]
    assert "P08_i1 speaks of P07 at 00:01:02, 00:01:04: decide whether that stays" in told
    assert not any("Margaret" in line for line in (*told, *plan.gone, *plan.stays))


def test_what_was_asked_for_and_not_confirmed_is_not_called_withdrawn(study: Study) -> None:
    enter(study)
    change_study_policy(study, StudyPolicy(joint_withdrawal=JointWithdrawal.ALL))
    plan = plan_withdrawal(study, "P07", WithdrawalScope.TRANSCRIPT)
    ask_destruction(study, plan.order, plan.scope)

    with pytest.raises(DestructionRefused) as refused:
        plan_withdrawal(study, "P07", WithdrawalScope.TRANSCRIPT)

    assert refused.value.flaw is DestructionFlaw.ASKED_ALREADY


def test_a_folder_in_the_place_of_redacted_sound_holds_nothing_up(study: Study) -> None:
    interview = enter(study)
    (study.folder / "audio" / f".redacted-{interview}-3.sealed" / "inside").mkdir(parents=True)
    change_study_policy(study, StudyPolicy(joint_withdrawal=JointWithdrawal.REDACT))

    done = carry_out_withdrawal(study, plan_withdrawal(study, "P07", WithdrawalScope.SOUND))

    assert done is not None
    assert done.state is DestructionState.ENDED
    assert hear(study) is not None
    (found,) = verify_study(study)
    assert found.what == "belongs to no interview of this study"


def test_a_file_of_a_destroyed_interview_is_not_new_on_the_stick(
    study: Study, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    soundfile.write(stick / "ZOOM0001.WAV", np.arange(-8000, 8000, dtype="<i2"), 8000)
    soundfile.write(stick / "ZOOM0002.WAV", np.arange(8000, -8000, -1, dtype="<i2"), 8000)
    import_sound(study, stick / "ZOOM0001.WAV", InterviewDetails("alone", (PEOPLE[1],)))
    assert len(list_taken_hashes(study)) == 1

    withdraw(study, WithdrawalScope.EVERYTHING, JointWithdrawal.UNSET)

    assert study.summaries() == []
    found = list_stick_files(stick, TakenFiles.read(study))
    assert [(one.name, one.is_taken, one.label) for one in found] == [
        ("ZOOM0001.WAV", True, ""), ("ZOOM0002.WAV", False, ""),
    ]  # fmt: skip
    with pytest.raises(SoundTakenBefore, match="This file was imported before"):
        import_sound_parts(study, [stick / "ZOOM0001.WAV"], InterviewDetails("again"))
    import_sound(study, stick / "ZOOM0001.WAV", InterviewDetails("again"))
    assert len(list_taken_hashes(study)) == 1
    assert verify_study(study) == []


def test_the_interview_of_who_stays_is_handed_over_once_the_other_is_gone_from_it(
    study: Study, tmp_path: Path
) -> None:
    interview = study.interview(enter(study))
    keep_agreed(study, "P07", "FAM02")

    withdraw(study, WithdrawalScope.EVERYTHING, JointWithdrawal.REDACT)

    assert is_consented(interview, GatedAction.HAND_OVER)
    write_clean_transcript(interview)
    sign_transcript(interview)
    files = export_interviews(study, ExportOrder((interview.id,)), tmp_path / "out")
    text = next(path for path in files if path.suffix == ".txt").read_text("utf-8")
    assert "[Person 1] and I moved to Leeds." in text
    require_interview_consent(interview, GatedAction.TRANSCRIBE)
    found = find_withdrawals(interview.summary, list_withdrawn(study))
    assert name_withdrawn(interview.summary, found).startswith("P07 has withdrawn: everything, ")


def test_who_stays_is_still_asked_where_the_other_is_gone(study: Study) -> None:
    interview = study.interview(enter(study))
    keep_agreed(study, "P07")

    withdraw(study, WithdrawalScope.EVERYTHING, JointWithdrawal.REDACT)

    with pytest.raises(ConsentMissing, match="FAM02"):
        require_interview_consent(interview, GatedAction.HAND_OVER)


def test_consent_is_asked_for_as_long_as_nothing_of_them_is_gone(study: Study) -> None:
    interview = study.interview(enter(study))
    keep_agreed(study, "FAM02")
    with study.change("withdrawal recorded") as change:  # by somebody with a program of their own
        forged = Withdrawal("P07", WithdrawalScope.EVERYTHING, 1, change.made_at, (), "00000000")
        change.write_artefact(ArtefactKind.WITHDRAWN, (forged,))

    with pytest.raises(ConsentMissing, match="P07"):
        require_interview_consent(interview, GatedAction.HAND_OVER)


def test_what_others_said_of_them_in_the_same_interview_is_listed(study: Study) -> None:
    enter(study)
    change_study_policy(study, StudyPolicy(joint_withdrawal=JointWithdrawal.REDACT))

    for scope in (WithdrawalScope.TRANSCRIPT, WithdrawalScope.EVERYTHING):
        plan = plan_withdrawal(study, "P07", scope)

        told = [copy.what for copy in plan.order.copies]
        assert "joint speaks of P07 at 00:00:03: decide whether that stays" in told


def test_names_go_where_nothing_was_transcribed_yet(study: Study) -> None:
    about = InterviewDetails(
        "P09_i1",
        (Participant("INT01", Role.INTERVIEWER), Participant("P09", names=("Nora Quill",))),
        register=(RegisterEntry(Category.PLACE, ("Wolvercote",)),),
    )
    with IncomingSound(study, FORM) as incoming:
        incoming.write(second(1, 2))
        interview = study.interview(incoming.keep(about, {"container": "WAV"}))

    record_withdrawal(study, "P09", WithdrawalScope.TRANSCRIPT)  # as up to 0.5.0
    plan = plan_withdrawal(study, "P09", WithdrawalScope.TRANSCRIPT)
    assert plan.gone == ("P09_i1: names",)
    done = carry_out_withdrawal(study, plan)

    assert done is not None
    assert done.state is DestructionState.ENDED
    assert [p.names for p in interview.participants] == [(), ()]
    assert interview.details.register == ()
    assert interview.summary.sound_s
    assert verify_study(study) == []
    with pytest.raises(DestructionRefused) as refused:
        plan_withdrawal(study, "P09", WithdrawalScope.TRANSCRIPT)
    assert refused.value.flaw is DestructionFlaw.TWICE


def test_an_interview_in_which_they_were_entered_as_an_interviewer_is_theirs_too(
    study: Study,
) -> None:
    enter(study)
    about = InterviewDetails("X2", (Participant("P07", Role.INTERVIEWER), Participant("P08")))
    with IncomingSound(study, FORM) as incoming:
        incoming.write(second(1, 2))
        incoming.keep(about, {"container": "WAV"})
    change_study_policy(study, StudyPolicy(joint_withdrawal=JointWithdrawal.ALL))

    plan = plan_withdrawal(study, "P07", WithdrawalScope.EVERYTHING)

    assert any(line.startswith("X2") for line in plan.gone)
