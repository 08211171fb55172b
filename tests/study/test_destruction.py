"""What was destroyed is gone from the study and from its files, and the trail knows why."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from study.artefact_kinds import ArtefactKind
from study.consent import CapacityState, Contact, ContactDetails
from study.destruction import (
    KIND_ARTEFACTS,
    DataKind,
    Destruction,
    DestructionPart,
    DestructionState,
    WithdrawalScope,
)
from study.errors import (
    DataDestroyed,
    DestructionFlaw,
    DestructionRefused,
    DiskFull,
    HasWithdrawn,
    HoldStands,
    RoleForbids,
    StudyChanged,
    UnknownInterview,
)
from study.person_roles import PersonRole
from study.records import (
    CaseAttribute,
    CaseAttributes,
    SoundFormat,
    StudyPolicy,
    Transcript,
)
from study.store import destruction
from study.store.consents import find_contact_owner, keep_consent, keep_contact_details
from study.store.database import DATABASE
from study.store.destruction import (
    ask_destruction,
    confirm_destruction,
    find_destruction,
    finish_destructions,
    lift_hold,
    list_destructions,
    list_standing_withdrawals,
    record_withdrawal,
    set_hold,
    settle_copy,
    take_back_request,
)
from study.store.disk import erase_file
from study.store.keys import Argon2Cost, KeyClass
from study.store.people import add_person
from study.store.recordings import record_stretch
from study.store.study import Study
from study.store.study_policy import change_study_policy
from study.store.trail import append_trail_line, read_trail_head
from study.store.verification import verify_study
from study.store.withdrawals import list_withdrawals
from tests.consents import agreed
from tests.study.destroying import (
    WORDS,
    destroy,
    enter,
    find_left,
    hand_over,
    read_secrets,
    wanted,
    whole,
)

OWN = {role: f"only the {role} knows this" for role in (PersonRole.OFFICER, PersonRole.APPROVER)}


@pytest.fixture
def both(study: Study, form: SoundFormat, second: bytes) -> tuple[str, str]:
    """The ids of an interview with P07 and one with P08."""
    return (
        enter(study, "P07_i1", "P07", form, second),
        enter(study, "P08_i1", "P08", form, second),
    )


def test_nothing_of_what_was_destroyed_is_found_in_the_folder(
    study: Study, both: tuple[str, str], passphrase: str
) -> None:
    one, other = both
    gone, stays = read_secrets(study, one), read_secrets(study, other)
    assert find_left(study.folder, gone) == set(gone)

    done = destroy(study, whole(one))

    assert done.state is DestructionState.ENDED
    assert done.keys_renewed
    assert find_left(study.folder, gone) == set()
    assert verify_study(study) == []
    study.close()
    assert find_left(study.folder, gone) == set()
    assert "raw 5" in stays or stays  # the other interview's rows are as they were
    with Study.open(study.folder, passphrase) as again:
        assert not again.is_changed
        assert [s.label for s in again.summaries()] == ["P08_i1"]
        assert again.interview(other).read_artefact(ArtefactKind.RAW, Transcript) is not None
        with pytest.raises(UnknownInterview):
            again.interview(one)
        assert verify_study(again) == []
    left = find_left(study.folder, {n: raw for n, raw in stays.items() if "key" not in n})
    assert left == {n for n in stays if "key" not in n}
    assert not find_left(study.folder, {n: raw for n, raw in stays.items() if n.startswith("key")})


@pytest.mark.parametrize(
    ("order", "gone", "stay"),
    [
        (DestructionPart("", "P07_i1", tuple(KIND_ARTEFACTS[DataKind.SOUND]), sound=True),
         {"001.sealed", "sound key 1", "voices"}, {"raw", "clean"}),
        (DestructionPart("", "P07_i1", tuple(WORDS)), {"raw", "clean", "mentions", "pseudonyms",
         "found", "about"}, {"001.sealed"}),
    ],
)  # fmt: skip
def test_a_part_goes_and_the_rest_can_be_read_under_new_keys(
    study: Study, both: tuple[str, str], order: DestructionPart, gone: set[str], stay: set[str],
    passphrase: str,
) -> None:  # fmt: skip
    before = read_secrets(study, both[0])
    wrapped = {n: raw for n, raw in before.items() if n.startswith("key")}

    destroy(study, wanted("part", replace(order, owner=both[0])))
    study.close()

    left = find_left(study.folder, before)
    assert not [n for n in left if n in gone or n.partition(" ")[0] in gone]
    assert not left & set(wrapped)
    with Study.open(study.folder, passphrase) as again:
        assert verify_study(again) == []
        interview = again.interview("P07_i1")
        assert interview.participants[0].code == "P07"
        sound = interview.open_sound()
        assert (sound is not None) == ("001.sealed" in stay)
        if sound is not None:
            with sound:
                assert sound.frames == 8000
            assert interview.participants[0].names == ()
        else:
            assert interview.read_artefact(ArtefactKind.RAW, Transcript) is not None


def test_a_signed_text_stands_where_the_words_that_it_was_made_of_are_destroyed(
    study: Study, both: tuple[str, str]
) -> None:
    before = study.find_interview("P07_i1").sign_off_basis()
    gone = {n: raw for n, raw in read_secrets(study, both[0]).items() if n.startswith("raw")}
    part = DestructionPart(both[0], "P07_i1", tuple(KIND_ARTEFACTS[DataKind.RAW_WORDS]))

    destroy(study, wanted("raw words", part))

    interview = study.interview("P07_i1")
    assert interview.summary.sign_off_basis() == before
    assert interview.read_artefact(ArtefactKind.CLEAN, Transcript) is not None
    with pytest.raises(DataDestroyed):
        interview.read_artefact(ArtefactKind.RAW, Transcript)
    assert not find_left(study.folder, gone)
    assert verify_study(study) == []

    clean = DestructionPart(both[0], "P07_i1", tuple(KIND_ARTEFACTS[DataKind.CLEAN_TEXT]))
    destroy(study, wanted("clean text", clean))

    assert ArtefactKind.RAW not in interview.summary.versions
    assert verify_study(study) == []


@pytest.mark.usefixtures("both")
def test_contact_details_are_destroyed_apart_from_every_interview(study: Study) -> None:
    keep_contact_details(study, ContactDetails("P07", Contact("Margaret", "01234")))
    owner = find_contact_owner(study, "P07")
    gone = read_secrets(study, owner)

    destroy(study, wanted("contacts", DestructionPart(owner, "P07", whole=True)))

    assert find_contact_owner(study, "P07") == ""
    assert not find_left(study.folder, gone)
    assert len(study.summaries()) == 2
    assert verify_study(study) == []


def test_attributes_of_who_withdraws_go_and_the_policy_still_counts(
    study: Study, both: tuple[str, str]
) -> None:
    change_study_policy(study, StudyPolicy(sound_may_leave=True))
    with study.change("cases described") as change:
        cases = CaseAttributes(
            (CaseAttribute("age", ("60s",)),), {"P07": {"age": "60s"}, "P08": {}}
        )
        change.write_artefact(ArtefactKind.CASES, cases)
    (sealed,) = study.db.execute("SELECT sealed FROM artefact WHERE kind = 'cases'").fetchone()

    destroy(study, replace(whole(both[0]), cases=True))

    left = study.whole.read_artefact(ArtefactKind.CASES, CaseAttributes)
    assert left is not None
    assert set(left.values) == {"P08"}
    assert not find_left(study.folder, {"cases": sealed})
    assert change_study_policy(study, StudyPolicy(sound_may_leave=True)).sound_may_leave
    assert verify_study(study) == []


def test_copies_from_older_formats_go_as_well(study: Study, both: tuple[str, str]) -> None:
    copy = study.folder / "study.format-2.db"
    copy.write_bytes(b"everything that there was")

    destroy(study, whole(both[0]))

    assert not copy.exists()


class Killed(BaseException):
    """The program ends here, as far as the study can tell."""


@pytest.mark.parametrize("before", range(1, 5))
def test_a_hand_over_is_erased_to_its_end_wherever_the_first_erasing_was_killed(
    study: Study, both: tuple[str, str], passphrase: str, before: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    hand_over(study, both[0], "handed-over/P07_i1", b"P07: I am Margaret.")
    erased = list[Path]()

    def erase(path: Path) -> None:
        if path.parent.name == "P07_i1":
            erased.append(path)
            if len(erased) > before - 1:
                raise Killed
        erase_file(path)

    with monkeypatch.context() as patch:
        patch.setattr("study.store.destruction.erase_file", erase)
        with pytest.raises(Killed):
            destroy(study, whole(both[0]))
    study.close()

    with Study.open(study.folder, passphrase) as again:
        (done,) = finish_destructions(again)
        assert done.state is DestructionState.ENDED
        assert not (again.folder / "handed-over" / "P07_i1").exists()
        assert verify_study(again) == []
    assert not find_left(study.folder, {"words": b"P07: I am Margaret."})


@pytest.mark.parametrize(
    "place", ["handed-over/old/P07_i1", "mine", "mine/deeper/P07_i1", ".", "handed-over"]
)
@pytest.mark.parametrize("has_list", [True, False])
def test_a_hand_over_goes_wherever_in_the_folder_somebody_has_put_it(
    study: Study, both: tuple[str, str], place: str, *, has_list: bool
) -> None:
    hand_over(study, both[0], "handed-over/P07_i1", b"P07: I am Margaret.")
    hand_over(study, both[1], "handed-over/P08_i1", b"P08: Nobody else.")
    target = study.folder / place
    target.mkdir(parents=True, exist_ok=True)
    for path in (study.folder / "handed-over" / "P07_i1").iterdir():
        path.rename(target / path.name)
    if not has_list:  # as an erasing up to 0.5.0 left it where it was killed
        (target / "SHA256SUMS").unlink()

    destroy(study, whole(both[0]))

    assert not find_left(study.folder, {"words": b"P07: I am Margaret."})
    assert [s.label for s in study.summaries()] == ["P08_i1"]
    other = study.folder / "handed-over" / "P08_i1"
    assert sorted(path.name for path in other.iterdir()) == [
        "SHA256SUMS", "manifest.json", "project.qdpx", "readme.txt",
    ]  # fmt: skip


# Two people


@pytest.fixture
def team(study: Study, cheap: Argon2Cost) -> Study:
    for role, own in OWN.items():
        add_person(study, role.value.title(), role, own, cost=cheap)
    return study


def opened(study: Study, role: PersonRole) -> Study:
    return Study.open(study.folder, OWN[role], person=role.value)


def test_an_officer_asks_an_approver_confirms_and_who_holds_the_keys_finishes(
    team: Study, both: tuple[str, str], passphrase: str
) -> None:
    gone = read_secrets(team, both[0])
    part = DestructionPart(both[0], "P07_i1", tuple(WORDS))
    team.close()
    with opened(team, PersonRole.OFFICER) as study:
        with pytest.raises(RoleForbids):
            confirm_destruction(study, ask_destruction(study, whole(both[0])).id)
        take_back_request(study, "P07")
        words = ask_destruction(study, wanted("words", part), WithdrawalScope.TRANSCRIPT)
        assert [w.code for w in list_withdrawals(study.whole)] == ["P07"]
    with opened(team, PersonRole.APPROVER) as study:
        with pytest.raises(RoleForbids):
            ask_destruction(study, whole(both[0]))
        confirmed = confirm_destruction(study, words.id)
        assert confirmed.state is DestructionState.CONFIRMED  # names are taken out with other keys
        assert finish_destructions(study) == []

    with Study.open(team.folder, passphrase) as study:
        (done,) = finish_destructions(study)

        assert done.state is DestructionState.ENDED
        assert not {n for n in find_left(study.folder, gone) if n.startswith(("raw", "key"))}
        assert list_withdrawals(study.whole)[0].pending == ()
        assert verify_study(study) == []
    with opened(team, PersonRole.APPROVER) as study:
        assert verify_study(study) == []


def test_an_approver_destroys_at_once_what_takes_no_other_keys(
    team: Study, both: tuple[str, str], passphrase: str
) -> None:
    gone = read_secrets(team, both[0])
    with pytest.raises(DestructionRefused, match="Somebody else must confirm"):
        destroy(team, whole(both[0]))
    team.close()
    with opened(team, PersonRole.APPROVER) as study:
        begun = confirm_destruction(study, "P07")
        assert begun.state is DestructionState.BEGUN
        assert not find_left(study.folder, gone)

    with Study.open(team.folder, passphrase) as study:
        (done,) = finish_destructions(study)
        assert done.keys_renewed
        assert verify_study(study) == []


def test_nobody_changes_what_is_left_before_a_destruction_has_come_to_its_end(
    team: Study, both: tuple[str, str], passphrase: str
) -> None:
    ask_destruction(team, wanted("sound", DestructionPart(both[0], "P07_i1", sound=True)))
    team.close()
    with opened(team, PersonRole.APPROVER) as study:
        assert confirm_destruction(study, "P07").state is DestructionState.BEGUN

    with opened(team, PersonRole.OFFICER) as study:
        before = read_trail_head(study.db)
        for verb in ("mention accepted", "sent back"):
            with pytest.raises(DestructionRefused) as refused:
                _note(study, verb, both[0])
            assert refused.value.flaw is DestructionFlaw.BEGUN
        with pytest.raises(DestructionRefused), study.change("mention accepted") as change:
            change.append_entry(ArtefactKind.MENTIONS, "elsewhere", owner=both[0])
        assert read_trail_head(study.db) == before
        _note(study, "mention accepted", both[1])

    with Study.open(team.folder, passphrase) as study:
        (done,) = finish_destructions(study)
        assert done.state is DestructionState.ENDED
        _note(study, "corrected", both[0])


def _note(study: Study, verb: str, interview: str) -> None:
    with study.change(verb, interview):
        pass


def test_an_owner_who_is_alone_does_both_unless_the_policy_asks_for_two(
    study: Study, both: tuple[str, str]
) -> None:
    change_study_policy(study, StudyPolicy(two_to_destroy=True))
    with pytest.raises(DestructionRefused) as refused:
        destroy(study, whole(both[0]))
    assert refused.value.flaw is DestructionFlaw.OWN_REQUEST

    change_study_policy(study, StudyPolicy())
    assert confirm_destruction(study, "P07").state is DestructionState.ENDED


# What is refused


def test_no_further_work_is_kept_of_somebody_whose_request_waits(
    team: Study, both: tuple[str, str]
) -> None:
    asked = ask_destruction(team, whole(both[0]), WithdrawalScope.EVERYTHING)
    before = read_trail_head(team.db)

    for verb in ("window heard", "transcribed", "corrected", "mention accepted", "cleaned"):
        with pytest.raises(HasWithdrawn):
            _note(team, verb, both[0])
        with pytest.raises(HasWithdrawn), team.change(verb) as change:
            change.append_entry(ArtefactKind.FOUND, "elsewhere", owner=both[0])
    assert read_trail_head(team.db) == before
    _note(team, "transcribed", both[1])

    take_back_request(team, asked.id)
    _note(team, "transcribed", both[0])


def test_a_hold_keeps_everything_until_somebody_lifts_it(
    study: Study, both: tuple[str, str]
) -> None:
    set_hold(study, "P07", "a complaint is being looked into")
    with pytest.raises(HoldStands, match="owner"):
        ask_destruction(study, whole(both[0]))
    lift_hold(study, "P07")
    asked = ask_destruction(study, whole(both[0]))
    set_hold(study, "", "the police asked")
    with pytest.raises(HoldStands):
        confirm_destruction(study, asked.id)
    assert len(study.summaries()) == 2


def test_nothing_is_destroyed_while_it_is_recorded_or_another_program_works_on_it(
    study: Study, both: tuple[str, str], form: SoundFormat, second: bytes, passphrase: str
) -> None:
    with record_stretch(study.interview(both[0]), form) as writer:
        writer.write(second)
        with pytest.raises(DestructionRefused) as refused:
            ask_destruction(study, whole(both[0]))
        assert refused.value.flaw is DestructionFlaw.RECORDING
    asked = ask_destruction(study, whole(both[0]))
    with Study.open(study.folder, passphrase), pytest.raises(DestructionRefused) as refused:
        confirm_destruction(study, asked.id)
    assert refused.value.flaw is DestructionFlaw.IN_USE
    assert find_destruction(study, asked.id).state is DestructionState.ASKED


@pytest.mark.usefixtures("both")
def test_who_has_withdrawn_is_recorded_no_more(
    study: Study, form: SoundFormat, second: bytes
) -> None:
    record_withdrawal(study, "P07")

    with pytest.raises(HasWithdrawn, match="P07"), record_stretch(study.interview("P07_i1"), form):
        pass
    with pytest.raises(HasWithdrawn):
        enter(study, "P07_i2", "P07", form, second)
    with record_stretch(study.interview("P08_i1"), form) as writer:
        writer.write(second)
    with pytest.raises(DestructionRefused) as refused:
        record_withdrawal(study, "P07")
    assert refused.value.flaw is DestructionFlaw.TWICE


def test_a_changed_study_destroys_nothing(
    study: Study, both: tuple[str, str], passphrase: str
) -> None:
    study.close()
    with (study.folder / DATABASE).open("r+b") as file:
        file.seek(-1, 2)
        last = file.read(1)[0]
        file.seek(-1, 2)
        file.write(bytes([last ^ 1]))

    with Study.open(study.folder, passphrase) as again, pytest.raises(StudyChanged):
        ask_destruction(again, whole(both[0]))


def test_a_copy_outside_is_ticked_off_by_a_person(study: Study, both: tuple[str, str]) -> None:
    from study.destruction import OutsideCopy

    order = replace(whole(both[0]), copies=(OutsideCopy("backups"),))
    done = destroy(study, order)

    settled = settle_copy(study, done.id, 1)

    assert settled.copies[0].settled_by == study.ring.slot
    with pytest.raises(DestructionRefused):
        settle_copy(study, done.id, 2)


def hide_a_row(study: Study, interview: str, verb: str) -> None:
    """Delete the sound's row, and tell the trail that it was destroyed."""
    study.db.execute("DELETE FROM stretch WHERE interview = ?", [interview])
    append_trail_line(
        study.db,
        study.ring.get_key(KeyClass.COMMON),
        made_at=study.now(),
        slot=study.ring.slot,
        action=verb,
        facts={f"{interview}:stretch.1.destroyed": 1, "destruction": "1f0c3a9e"},
        signer=study.ring.person,
    )


@pytest.mark.parametrize("verb", ["destruction begun", "corrected"])
def test_a_line_hides_no_row_where_nobody_has_confirmed_it(
    team: Study, both: tuple[str, str], verb: str
) -> None:
    team.close()
    with opened(team, PersonRole.OFFICER) as study:
        hide_a_row(study, both[0], verb)

        found = [f"{one.where} {one.what}" for one in verify_study(study)]

    assert any("destroys what nobody who may has confirmed" in line for line in found)


def test_a_hold_that_was_set_meanwhile_keeps_what_was_confirmed(
    team: Study, both: tuple[str, str], passphrase: str
) -> None:
    part = DestructionPart(both[0], "P07_i1", tuple(WORDS))
    asked = ask_destruction(team, wanted("words", part))
    team.close()
    with opened(team, PersonRole.APPROVER) as study:
        confirm_destruction(study, asked.id)
    with Study.open(team.folder, passphrase) as study:
        set_hold(study, "P07", "a complaint is being looked into")
        assert finish_destructions(study) == []
        lift_hold(study, "P07")
        assert [one.id for one in finish_destructions(study)] == [asked.id]


def test_a_hold_on_one_keeps_the_interview_that_somebody_else_shares(
    study: Study, both: tuple[str, str]
) -> None:
    set_hold(study, "P08", "a complaint is being looked into")
    with pytest.raises(HoldStands):
        ask_destruction(study, whole(*both))  # asked for by P07 alone


@pytest.mark.parametrize("code", ["p07", "NOBODY", " "])
def test_a_hold_names_somebody_in_the_study(study: Study, both: tuple[str, str], code: str) -> None:
    assert all(both)
    with pytest.raises(DestructionRefused) as refused:
        set_hold(study, code, "")
    assert refused.value.flaw is DestructionFlaw.UNKNOWN


@pytest.mark.parametrize("by", ["who asked", "who may confirm"])
def test_who_withdrew_is_recorded_no_more_where_the_request_was_taken_back(
    team: Study, both: tuple[str, str], passphrase: str, by: str, form: SoundFormat
) -> None:
    asked = ask_destruction(team, whole(both[0]), WithdrawalScope.EVERYTHING)
    (recorded,) = list_withdrawals(team.whole)
    if by == "who asked":
        take_back_request(team, asked.id)
    team.close()
    if by == "who may confirm":  # without the key for the list of who has withdrawn
        with opened(team, PersonRole.APPROVER) as study:
            take_back_request(study, asked.id)

    with Study.open(team.folder, passphrase) as study:
        (before,) = list_standing_withdrawals(study)
        finish_destructions(study)
        (one,) = list_withdrawals(study.whole)
        assert [before.scope, one.scope] == [WithdrawalScope.FURTHER] * 2
        assert (one.code, one.by, one.at) == ("P07", recorded.by, recorded.at)
        assert one.pending == ()
        assert verify_study(study) == []
        with pytest.raises(HasWithdrawn), record_stretch(study.interview(both[0]), form):
            pass

        keep_consent(study, agreed("P07"))  # of a day before the withdrawal
        lost = replace(agreed("P07", capacity=CapacityState.LOST), taken_on=one.at[:10])
        keep_consent(study, lost)
        assert list_withdrawals(study.whole) == (one,)
        keep_consent(study, replace(agreed("P07"), taken_on=one.at[:10]))
        assert list_withdrawals(study.whole) == ()
        with record_stretch(study.interview(both[0]), form):
            pass
        assert verify_study(study) == []


def test_a_withdrawal_that_was_not_taken_back_outlasts_a_new_consent(
    study: Study, both: tuple[str, str]
) -> None:
    assert all(both)
    record_withdrawal(study, "P07")
    (one,) = list_withdrawals(study.whole)

    keep_consent(study, replace(agreed("P07"), taken_on=one.at[:10]))

    assert list_withdrawals(study.whole) == (one,)


@pytest.mark.parametrize("is_named", ["entered", "never entered", "folder"])
def test_what_is_named_as_redacted_sound_replaces_nothing_and_blocks_nothing(
    study: Study, both: tuple[str, str], is_named: str
) -> None:
    kept = study.folder / "audio" / both[0] / "001.sealed"
    before = kept.read_bytes()
    stray = study.folder / "audio" / f".redacted-{both[0]}-{9 if is_named[0] == 'n' else 1}.sealed"
    if is_named == "folder":
        (stray / "deep").mkdir(parents=True)
    else:
        stray.write_bytes(b"junk")

    assert any(stray.name in one.where for one in verify_study(study))
    finish_destructions(study)
    assert kept.read_bytes() == before
    assert stray.exists() == (is_named != "never entered")
    assert destroy(study, whole(both[1])).state is DestructionState.ENDED


def test_redacted_sound_gets_its_name_whoever_opens_the_study(
    study: Study, both: tuple[str, str], cheap: Argon2Cost
) -> None:
    own = "only the assistant knows this"
    add_person(study, "Assistant", PersonRole.ASSISTANT, own, cost=cheap)
    kept = study.folder / "audio" / both[0] / "001.sealed"
    kept.rename(kept.parent.parent / f".redacted-{both[0]}-1.sealed")
    study.close()
    with Study.open(study.folder, own, person="Assistant") as again:
        finish_destructions(again)
        assert kept.is_file()


# What somebody writes with a program of their own


def _yes(*_: object) -> bool:
    return True


def rewrite(study: Study, verb: str, *rows: Destruction) -> None:
    """Write the record of destructions under a verb that the role there allows."""
    with study.change(verb) as change:
        destruction._write(change, rows)  # pyright: ignore[reportPrivateUsage]


def test_an_approver_who_writes_that_something_was_confirmed_destroys_nothing(
    team: Study, both: tuple[str, str], passphrase: str
) -> None:
    asked = ask_destruction(team, whole(both[0]))
    team.close()
    with opened(team, PersonRole.APPROVER) as study:
        confirm_destruction(study, asked.id)
    with Study.open(team.folder, passphrase) as study:
        (ended,) = finish_destructions(study)
    forged = replace(ended, state=DestructionState.CONFIRMED, parts=whole(both[1]).parts)
    with opened(team, PersonRole.APPROVER) as study:
        rewrite(study, "destruction ended", forged)
        assert finish_destructions(study) == []
    with Study.open(team.folder, passphrase) as study:
        assert finish_destructions(study) == []
        assert [s.label for s in study.summaries()] == ["P08_i1"]
        assert any("not what was asked for" in one.what for one in verify_study(study))


def test_a_request_that_was_changed_since_is_not_confirmed(
    team: Study, both: tuple[str, str]
) -> None:
    asked = ask_destruction(team, whole(both[0]))
    rewrite(team, "outside copy settled", replace(asked, parts=whole(*both).parts))
    team.close()
    with opened(team, PersonRole.APPROVER) as study:
        with pytest.raises(DestructionRefused) as refused:
            confirm_destruction(study, asked.id)
        assert refused.value.flaw is DestructionFlaw.UNPROVEN
        assert len(study.summaries()) == 2


def test_a_request_that_was_taken_back_is_not_confirmed(team: Study, both: tuple[str, str]) -> None:
    asked = ask_destruction(team, whole(both[0]))
    take_back_request(team, asked.id)
    rewrite(team, "outside copy settled", asked)
    team.close()
    with (
        opened(team, PersonRole.APPROVER) as study,
        pytest.raises(DestructionRefused, match="The trail does not say"),
    ):
        confirm_destruction(study, asked.id)


@pytest.mark.parametrize("two", ["the policy", "an approver"])
def test_an_owner_who_confirms_their_own_request_all_the_same_is_named(
    study: Study, cheap: Argon2Cost, both: tuple[str, str], monkeypatch: pytest.MonkeyPatch,
    two: str,
) -> None:  # fmt: skip
    if two == "the policy":
        change_study_policy(study, StudyPolicy(two_to_destroy=True))
    else:
        add_person(study, "Approver", PersonRole.APPROVER, OWN[PersonRole.APPROVER], cost=cheap)
    monkeypatch.setattr(destruction, "may_confirm", _yes)
    with pytest.raises(DestructionRefused, match="The trail does not say"):
        destroy(study, whole(both[0]))
    monkeypatch.setattr(destruction, "_is_proven", _yes)
    (confirmed,) = list_destructions(study)
    destruction._carry_out(study, confirmed)  # pyright: ignore[reportPrivateUsage]
    monkeypatch.undo()

    assert any("nobody who may has confirmed" in one.what for one in verify_study(study))


# Killed, and full disks


def test_a_disk_that_could_be_full_before_the_end_is_told_before_anything_goes(
    study: Study, both: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system ended the process: SQLite's index is mapped, and found no room to grow."""
    asked = ask_destruction(study, whole(both[0]))
    told = os.statvfs(study.folder)
    size = (study.folder / DATABASE).stat().st_size

    def find_little(_: object) -> SimpleNamespace:
        free = size // told.f_frsize
        return SimpleNamespace(
            f_blocks=told.f_blocks, f_bfree=free, f_bavail=free, f_frsize=told.f_frsize
        )

    with monkeypatch.context() as patch:
        patch.setattr("study.store.disk.os.statvfs", find_little)
        with pytest.raises(DiskFull):
            confirm_destruction(study, asked.id)

    assert find_destruction(study, asked.id).state is DestructionState.ASKED
    assert confirm_destruction(study, asked.id).state is DestructionState.ENDED


STEPS = ("_begin", "_erase_files", "_renew_keys", "compact", "ended")


def break_before(step: str, error: type[BaseException], patch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    if step == "compact":
        patch.setattr(Study, "compact", fail)
    elif step == "ended":
        patch.setattr(Study, "checkpoint", fail)
    else:
        patch.setattr(destruction, step, fail)


@pytest.mark.parametrize("error", [Killed, DiskFull])
@pytest.mark.parametrize("step", STEPS)
def test_what_is_broken_off_has_not_begun_or_is_finished_at_the_next_start(
    study: Study, both: tuple[str, str], step: str, error: type[BaseException], passphrase: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    gone = read_secrets(study, both[0])
    asked = ask_destruction(study, whole(both[0]))
    with monkeypatch.context() as patch:
        break_before(step, error, patch)
        with pytest.raises(error):
            confirm_destruction(study, asked.id)
    study.close()

    with Study.open(study.folder, passphrase) as again:
        if step != "_begin":
            assert [s.label for s in again.summaries()] == ["P08_i1"]
        finish_destructions(again)
        assert find_destruction(again, asked.id).state is DestructionState.ENDED
        assert verify_study(again) == []
    assert not find_left(study.folder, gone)
    assert list(iter_open(study.folder, passphrase)) == []


def iter_open(folder: Path, passphrase: str) -> Iterator[Destruction]:
    with Study.open(folder, passphrase) as study:
        yield from (one for one in list_destructions(study) if one.is_open)
