"""Several people open one study, each with a passphrase and keys of their own."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from study.artefact_kinds import ArtefactKind
from study.errors import (
    ChangeFlaw,
    KeyNotHeld,
    PersonFlaw,
    PersonRefused,
    RoleForbids,
    StudyChanged,
    StudyDamaged,
    StudyInUse,
    WeakPassphrase,
    WrongPassphrase,
)
from study.person_roles import JOINING_ROLES, PersonRole
from study.records import InterviewDetails, Transcript
from study.store import keys as keys_module
from study.store import people, slot_table
from study.store.database import DATABASE
from study.store.keys import ROLE_CLASSES, Argon2Cost, KeyClass, Slot, make_slot
from study.store.people import (
    add_person,
    change_own_passphrase,
    check_recovery_code,
    list_people,
    remove_person,
    renew_recovery_code,
)
from study.store.seal import build_associated_data, unseal_bytes
from study.store.slot_table import write_slot
from study.store.study import Study
from study.store.trail import append_trail_line, bind_signed_line
from study.store.verification import verify_study

OWN = {role: f"only the {role} knows this" for role in JOINING_ROLES}
READING = (KeyClass.IDENTIFYING, KeyClass.KEY, KeyClass.CLEAN)


@pytest.fixture
def team(study: Study, cheap: Argon2Cost) -> Study:
    """A study with somebody in each role, beside the owner who has it open."""
    for role in JOINING_ROLES[1:]:
        add_person(study, role.value.title(), role, OWN[role], cost=cheap)
    return study


def opened(study: Study, role: PersonRole) -> Study:
    return Study.open(study.folder, OWN[role])


@pytest.mark.parametrize("role", JOINING_ROLES[1:])
def test_each_role_has_the_keys_it_needs_and_no_other(team: Study, role: PersonRole) -> None:
    with opened(team, role) as study:
        held = tuple(one for one in READING if study.ring.holds(one))

        assert held == ROLE_CLASSES[role]
        assert (study.role, study.slot_name) == (role, role.value.title())
        for wanted in {*READING} - {*held}:
            with pytest.raises(KeyNotHeld):
                study.ring.get_key(wanted)


def test_everybody_is_listed_and_who_is_there_is_marked(team: Study) -> None:
    with opened(team, PersonRole.OFFICER) as study:
        told = [(one.name, one.role, one.opens, one.is_here) for one in list_people(study)]

    assert told == [
        ("owner", PersonRole.OWNER, READING, False),
        ("recovery", PersonRole.RECOVERY, READING, False),
        ("Interviewer", PersonRole.INTERVIEWER, (KeyClass.IDENTIFYING,), False),
        ("Assistant", PersonRole.ASSISTANT, READING, False),
        ("Officer", PersonRole.OFFICER, READING, True),
        ("Approver", PersonRole.APPROVER, (KeyClass.CLEAN,), False),
    ]


def test_everybody_is_listed_with_when_they_came(study: Study, cheap: Argon2Cost) -> None:
    hours = iter(range(1, 10))
    study.clock = lambda: datetime(2026, 11, 29, next(hours), tzinfo=UTC)
    add_person(study, "Okafor", PersonRole.OFFICER, OWN[PersonRole.OFFICER], cost=cheap)
    change_own_passphrase(study, "another one of my own", cost=cheap)
    renew_recovery_code(study, cost=cheap)

    since = {one.name: one.since for one in list_people(study)}

    made = study.read_trail()[0][0].at
    assert since == {
        "owner": made, "Okafor": "2026-11-29T01:00:00+00:00",
        "recovery": "2026-11-29T03:00:00+00:00",
    }  # fmt: skip


def test_each_line_is_signed_by_who_wrote_it(team: Study) -> None:
    did = ("recording prepared", "transcribed", "line of the log right", "policy asked for")
    for role, verb in zip(JOINING_ROLES[1:], did, strict=True):
        with opened(team, role) as study, study.change(verb):
            pass

    lines, _ = team.read_trail()
    assert [line.slot for line in lines[-4:]] == [3, 4, 5, 6]
    assert all(len(line.signature) == 64 for line in lines)
    assert verify_study(team) == []


def test_who_holds_one_class_enters_an_interview_and_the_others_go_on_with_it(
    team: Study, transcript: Transcript
) -> None:
    with opened(team, PersonRole.INTERVIEWER) as study:
        with study.change("interview made") as change:
            interview = change.add_interview(InterviewDetails("P07_i1"))
        with pytest.raises(KeyNotHeld), study.interview(interview).change("corrected") as change:
            change.write_artefact(ArtefactKind.CLEAN, transcript)
    with opened(team, PersonRole.ASSISTANT) as study:
        with study.interview(interview).change("cleaned") as change:
            change.write_artefact(ArtefactKind.CLEAN, transcript)
            change.write_artefact(ArtefactKind.ORIGINALS, ())
        assert verify_study(study) == []
    with opened(team, PersonRole.APPROVER) as study:
        assert (
            study.interview(interview).read_artefact(ArtefactKind.CLEAN, Transcript) == transcript
        )


@pytest.mark.parametrize("role", JOINING_ROLES[1:])
def test_only_an_owner_says_who_may_open_a_study(team: Study, role: PersonRole) -> None:
    with opened(team, role) as study:
        for refused in (
            lambda: add_person(study, "Friend", PersonRole.APPROVER, "a friend's own words"),
            lambda: remove_person(study, "Assistant"),
            lambda: renew_recovery_code(study),
        ):
            with pytest.raises(RoleForbids, match="does not let you say who may open the study"):
                refused()

    assert len(list_people(team)) == 6


def test_a_passphrase_is_changed_and_the_old_one_opens_nothing(
    team: Study, cheap: Argon2Cost
) -> None:
    with opened(team, PersonRole.OFFICER) as study:
        signing = study.ring.person
        with pytest.raises(WeakPassphrase):
            change_own_passphrase(study, "short", cost=cheap)
        change_own_passphrase(study, "my very own new words", cost=cheap)
        assert study.is_own_passphrase("my very own new words")

    with pytest.raises(WrongPassphrase):
        opened(team, PersonRole.OFFICER)
    with Study.open(team.folder, "my very own new words") as study:
        assert (study.slot_name, study.ring.person) == ("Officer", signing)
        assert verify_study(study) == []


def test_who_was_removed_opens_nothing_and_the_others_go_on(
    team: Study, cheap: Argon2Cost, transcript: Transcript, passphrase: str
) -> None:
    with team.change("interview made") as change:
        interview = change.add_interview(InterviewDetails("P07_i1"))
        change.write_artefact(ArtefactKind.RAW, transcript)
    before = {one: team.ring.get_key(one) for one in KeyClass}

    removed = remove_person(team, " assistant ")

    assert (removed.person.name, removed.person.opens) == ("Assistant", READING)
    assert all(team.ring.get_key(one) != key for one, key in before.items())
    with pytest.raises(WrongPassphrase):
        opened(team, PersonRole.ASSISTANT)
    with team.change("interview made") as change:
        change.add_interview(InterviewDetails("P08_i1"))
    add_person(team, "Assistant", PersonRole.ASSISTANT, "another one of that name", cost=cheap)
    assert verify_study(team) == []
    team.close()
    for own in (passphrase, OWN[PersonRole.OFFICER], "another one of that name"):
        with Study.open(team.folder, own) as study:
            assert {s.label for s in study.summaries()} == {"P07_i1", "P08_i1"}
            assert (
                study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript) == transcript
            )
            assert verify_study(study) == []
    with opened(team, PersonRole.APPROVER) as study:
        assert verify_study(study) == []


def test_the_keys_that_somebody_copied_do_not_open_what_comes(team: Study) -> None:
    with opened(team, PersonRole.ASSISTANT) as study:
        copied = study.ring

    remove_person(team, "Assistant")
    with team.change("interview made") as change:
        interview = change.add_interview(InterviewDetails("P08_i1"))
    team.close()

    with Study.open_with_keys(team.folder, copied) as study, pytest.raises(StudyDamaged):
        study.rows.read_artefact(interview, ArtefactKind.ABOUT, InterviewDetails)


def test_nothing_of_a_removed_slot_is_left_in_the_files(team: Study) -> None:
    (sealed,) = team.db.execute("SELECT sealed FROM slot WHERE name = 'Assistant'").fetchone()

    remove_person(team, "Assistant")
    team.close()

    assert not any(sealed in path.read_bytes() for path in team.folder.glob("study.db*"))


def test_a_removal_that_fails_leaves_everybody_their_keys(
    team: Study, monkeypatch: pytest.MonkeyPatch, passphrase: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(people, "seal_class_keys", fail)
        with pytest.raises(RuntimeError):
            remove_person(team, "Assistant")

    with team.change("looked"):
        pass
    assert verify_study(team) == []
    team.close()
    for own in (passphrase, *[OWN[role] for role in JOINING_ROLES[1:]]):
        with Study.open(team.folder, own) as study:
            assert verify_study(study) == []


def test_nobody_is_removed_while_another_process_works_on_the_study(team: Study) -> None:
    with opened(team, PersonRole.OFFICER), pytest.raises(StudyInUse):
        remove_person(team, "Assistant")

    remove_person(team, "Assistant")


def test_nobody_is_removed_from_a_study_that_was_changed_outside(
    team: Study, passphrase: str
) -> None:
    team.close()
    with sqlite3.connect(team.folder / DATABASE) as db:
        db.execute("UPDATE meta SET value = '2020' WHERE name = 'created_at'")
    db.close()

    with Study.open(team.folder, passphrase) as study, pytest.raises(StudyChanged):
        remove_person(study, "Assistant")


@pytest.mark.parametrize(
    ("name", "flaw"),
    [
        ("Nobody", PersonFlaw.UNKNOWN),
        ("owner", PersonFlaw.SELF),
        ("recovery", PersonFlaw.CODE),
    ],
)
def test_some_are_not_removed(team: Study, name: str, flaw: PersonFlaw) -> None:
    with pytest.raises(PersonRefused) as refused:
        remove_person(team, name)

    assert refused.value.flaw is flaw


def test_the_last_owner_is_not_removed_with_the_recovery_code(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    made, code = Study.create(tmp_path / "lost", passphrase, cost=cheap)
    made.close()
    with Study.open(tmp_path / "lost", code) as study:
        with pytest.raises(PersonRefused) as refused:
            remove_person(study, "owner")
        assert refused.value.flaw is PersonFlaw.LAST_OWNER
        with pytest.raises(RoleForbids):
            change_own_passphrase(study, "a passphrase for a code")

        add_person(study, "New owner", PersonRole.OWNER, "the new owner's own words", cost=cheap)
        remove_person(study, "owner")  # whose passphrase is forgotten

        assert verify_study(study) == []
    with Study.open(tmp_path / "lost", "the new owner's own words") as study:
        assert [one.name for one in list_people(study)] == ["recovery", "New owner"]


@pytest.mark.parametrize(
    ("name", "flaw"),
    [
        ("", PersonFlaw.UNNAMED),
        ("   ", PersonFlaw.UNNAMED),
        ("x" * 41, PersonFlaw.UNNAMED),
        ("a\x1b[2Jb", PersonFlaw.UNNAMED),
        ("OFFICER", PersonFlaw.TAKEN),
        ("recovery", PersonFlaw.TAKEN),
    ],
)
def test_some_names_are_refused(team: Study, name: str, flaw: PersonFlaw) -> None:
    with pytest.raises(PersonRefused) as refused:
        add_person(team, name, PersonRole.OFFICER, "somebody's own passphrase")

    assert refused.value.flaw is flaw


def test_nobody_becomes_a_recovery_code_and_there_is_an_end_of_people(
    study: Study, cheap: Argon2Cost, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PersonRefused) as refused:
        add_person(study, "Code", PersonRole.RECOVERY, "somebody's own passphrase")
    assert refused.value.flaw is PersonFlaw.NO_ROLE

    monkeypatch.setattr(people, "MOST_SLOTS", 3)
    add_person(study, "Third", PersonRole.OFFICER, "somebody's own passphrase", cost=cheap)
    with pytest.raises(PersonRefused) as refused:
        add_person(study, "Fourth", PersonRole.OFFICER, "somebody's own passphrase", cost=cheap)
    assert refused.value.flaw is PersonFlaw.TOO_MANY


def test_a_recovery_code_is_checked_and_renewed(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    made, code = Study.create(tmp_path / "study", passphrase, cost=cheap)
    with made:
        assert check_recovery_code(made, code.lower().replace("-", " "))
        assert not check_recovery_code(made, passphrase)

        fresh = renew_recovery_code(made, cost=cheap)

        assert check_recovery_code(made, fresh)
        assert not check_recovery_code(made, code)
        assert verify_study(made) == []
    with pytest.raises(WrongPassphrase):
        Study.open(tmp_path / "study", code)
    with Study.open(tmp_path / "study", fresh) as study:
        assert study.role is PersonRole.RECOVERY
        assert verify_study(study) == []


def test_with_the_name_of_who_opens_it_a_study_costs_one_guess(
    team: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    guesses: list[object] = []
    derive = keys_module._derive_slot_key

    def count(*given: object) -> bytes:
        guesses.append(given)
        return derive(*given)  # pyright: ignore[reportArgumentType] - passed on as it came

    monkeypatch.setattr(keys_module, "_derive_slot_key", count)
    own = OWN[PersonRole.OFFICER]
    for name, expected in (("officer", 1), ("", 5), ("Approver", 6)):
        guesses.clear()
        Study.open(team.folder, own, person=name).close()
        assert len(guesses) == expected


# What somebody can plant who has the disk and no passphrase.


def plant_slot(
    study: Study, number: int, cheap: Argon2Cost, *, signing: bytes | None = None
) -> None:
    """Plant a slot that costs what a real one does, without computing it."""
    made = make_slot(study.ring, number, f"planted {number}", "a planted passphrase", cheap)
    dear = replace(made, cost=Argon2Cost())
    write_slot(study.db, dear if signing is None else replace(dear, signing=signing))


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the slots that a passphrase is tried on, as they are tried."""
    numbers: list[int] = []
    derive = slot_table.derive_slot_key

    def watched(slot: Slot, typed: str) -> bytes:
        numbers.append(slot.number)
        return derive(slot, typed)

    monkeypatch.setattr(slot_table, "derive_slot_key", watched)
    return numbers


def test_a_hundred_planted_slots_cost_nothing(
    team: Study, cheap: Argon2Cost, passphrase: str, tried: list[int]
) -> None:
    """They made ``status`` take 27 s."""
    for number in range(100, 200):
        plant_slot(team, number, cheap)
    for number in range(200, 300):  # as a study of format 2 had them
        plant_slot(team, number, cheap, signing=b"")
    team.close()

    with pytest.raises(StudyDamaged, match="slot 100"):
        Study.open(team.folder, "a wrong passphrase")
    with Study.open(team.folder, passphrase) as study:
        found = {finding.where for finding in verify_study(study)}

    assert max(tried) < 100
    assert {f"study.db (slot {number})" for number in range(100, 300)} <= found


def test_planted_slots_that_a_planted_line_tells_of_are_refused_before_any_is_tried(
    team: Study, cheap: Argon2Cost, passphrase: str, tried: list[int]
) -> None:
    made = [
        make_slot(team.ring, number, f"planted {number}", "a planted passphrase", cheap)
        for number in range(100, 200)
    ]
    with team.change("person added") as change:
        change.write_slots(made)
    team.close()

    with pytest.raises(StudyDamaged, match="106 slots"):
        Study.open(team.folder, passphrase)
    assert tried == []


@pytest.mark.parametrize(
    "dear",
    [
        Argon2Cost(iterations=64, lanes=4, memory_kib=4 * 1024 * 1024),
        Argon2Cost(iterations=64, lanes=4, memory_kib=1024 * 1024),
        Argon2Cost(iterations=0, lanes=4, memory_kib=64),
        Argon2Cost(iterations=2**62, lanes=1, memory_kib=64),
    ],
)
def test_a_slot_that_costs_an_hour_is_refused_before_any_is_tried(
    team: Study, cheap: Argon2Cost, dear: Argon2Cost, passphrase: str, tried: list[int]
) -> None:
    made = make_slot(team.ring, 7, "planted", "a planted passphrase", cheap)
    with team.change("person added") as change:
        change.write_slots([replace(made, cost=dear)])
    team.close()

    with pytest.raises(StudyDamaged, match="slot 7"):
        Study.open(team.folder, passphrase)
    assert tried == []


def test_many_slots_that_are_dear_together_are_refused(
    team: Study, cheap: Argon2Cost, monkeypatch: pytest.MonkeyPatch, passphrase: str
) -> None:
    monkeypatch.setattr(slot_table, "_MOST_WORK_KIB", 6 * cheap.work_kib - 1)
    team.close()

    with pytest.raises(StudyDamaged, match="6 slots"):
        Study.open(team.folder, passphrase)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE slot SET role = 'owner' WHERE number = 6",
        "UPDATE slot SET classes = 'identifying key clean' WHERE number = 6",
        "UPDATE slot SET name = 'Somebody else' WHERE number = 6",
        "UPDATE slot SET keys = (SELECT keys FROM slot WHERE number = 4) WHERE number = 6",
        "UPDATE slot SET signing = (SELECT signing FROM slot WHERE number = 4) WHERE number = 6",
        "UPDATE slot SET line = 1 WHERE number = 6",
    ],
)
def test_a_slot_that_was_changed_outside_opens_nothing_and_is_found(
    team: Study, change: str, passphrase: str
) -> None:
    team.db.execute(change)
    team.close()

    with pytest.raises(StudyDamaged, match="slot 6"):
        opened(team, PersonRole.APPROVER)
    with Study.open(team.folder, passphrase) as study:
        told = [finding.where for finding in verify_study(study)]
    assert "study.db (slot 6)" in told or change.endswith("line = 1 WHERE number = 6")


def test_a_slot_that_was_taken_out_is_missed(team: Study) -> None:
    team.db.execute("DELETE FROM slot WHERE number = 4")

    assert "study.db (slot 4)" in [finding.where for finding in verify_study(team)]


# What somebody can write who has a passphrase: an assistant, or the owner.

Forgery = Callable[[Study], None]


def append_as(study: Study, slot: int, action: str = "signed off", **facts: str) -> None:
    append_trail_line(
        study.db,
        study.ring.get_key(KeyClass.COMMON),
        made_at=study.now(),
        slot=slot,
        action=action,
        facts=dict(facts),
        signer=study.ring.person,
    )


def write_in_the_name_of_the_officer(study: Study) -> None:
    append_as(study, 5)


def write_in_the_name_of_nobody(study: Study) -> None:
    append_as(study, 99)


def give_the_officer_another_key(study: Study) -> None:
    assert study.ring.person is not None
    signing = study.ring.person.signing_public.hex()
    append_as(study, study.ring.slot, "signing key made", **{"slot.5.signing": signing})


def bring_somebody_in(study: Study) -> None:
    signing = bytes(32).hex()
    append_as(study, study.ring.slot, "person added", **{"slot.9.signing": signing})


def bring_itself_in_again(study: Study) -> None:
    append_as(study, 9, "signing key made", **{"slot.9.signing": bytes(32).hex()})


def take_the_signatures_off(study: Study) -> None:
    study.db.execute("UPDATE trail SET signature = x''")


@pytest.mark.parametrize(
    ("forge", "found"),
    [
        (write_in_the_name_of_the_officer, "was not signed by the person it names"),
        (write_in_the_name_of_nobody, "was not signed by the person it names"),
        (give_the_officer_another_key, "gives somebody another signing key"),
        (bring_somebody_in, "brings somebody in, which its writer may not"),
        (bring_itself_in_again, "brings somebody in, which its writer may not"),
        (take_the_signatures_off, "was not signed by the person it names"),
    ],
)
def test_a_line_that_an_assistant_forged_is_found(team: Study, forge: Forgery, found: str) -> None:
    with opened(team, PersonRole.ASSISTANT) as study:
        forge(study)

        assert found in [finding.what for finding in verify_study(study)]
    assert found in [finding.what for finding in verify_study(team)]


def test_the_owner_cannot_sign_in_the_name_of_the_officer(team: Study) -> None:
    write_in_the_name_of_the_officer(team)

    assert [finding.what for finding in verify_study(team)] == [
        "was not signed by the person it names"
    ]


def test_an_owner_who_rewrites_the_trail_with_all_its_proofs_is_found_at_the_others_lines(
    team: Study,
) -> None:
    """Chain, MACs and their own signatures can be made anew by an owner; another's cannot."""
    with opened(team, PersonRole.OFFICER) as study, study.change("line of the log right"):
        pass
    ring, person = team.ring, team.ring.person
    assert person is not None
    (first,) = team.db.execute("SELECT sealed FROM trail_key WHERE name = 'first'").fetchone()
    key = unseal_bytes(ring.get_key(KeyClass.KEY), first, b"first")
    before = bytes(32)
    rows = team.db.execute("SELECT number, at, slot, verb, interview, facts FROM trail").fetchall()
    for number, at, *rest in rows:
        then = "2020-01-01T00:00:00+00:00" if number == 2 else at
        before = hashlib.sha256(build_associated_data(before, then, *rest)).digest()
        signature = person.sign(bind_signed_line(before))
        team.db.execute(
            "UPDATE trail SET at = ?, hash = ?, mac = ?, signature = ? WHERE number = ?",
            [then, before, hmac.digest(key, before, "sha256"), signature, number],
        )
        key = hashlib.sha256(b"earshot trail" + key).digest()

    found = verify_study(team)

    assert [(one.where, one.what) for one in found] == [
        (f"trail line {len(rows)}", "was not signed by the person it names")
    ]
    team.close()
    with opened(team, PersonRole.OFFICER) as study:
        assert study.change_flaw is ChangeFlaw.TRAIL  # their passphrase knows how it began


def test_who_was_removed_writes_nothing_any_more(team: Study) -> None:
    with opened(team, PersonRole.ASSISTANT) as study:
        person = study.ring.person
    remove_person(team, "Assistant")
    append_trail_line(
        team.db,
        team.ring.get_key(KeyClass.COMMON),
        made_at=team.now(),
        slot=4,
        action="signed off",
        signer=person,
    )

    assert [finding.what for finding in verify_study(team)] == [
        "was written by somebody who had been removed"
    ]


def test_a_passphrase_knows_the_trail_that_it_was_chosen_for(
    team: Study, cheap: Argon2Cost
) -> None:
    with opened(team, PersonRole.OFFICER) as study:
        change_own_passphrase(study, OWN[PersonRole.OFFICER], cost=cheap)
    with opened(team, PersonRole.OFFICER) as study:
        study.db.execute("UPDATE trail SET hash = zeroblob(32) WHERE number = 5")
        told = [finding.what for finding in verify_study(study)]

    assert "is not the one that your passphrase was chosen for" in told
