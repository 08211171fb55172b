"""Consent records and contact details: kept in versions, apart, each under keys of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from study.artefact_kinds import ArtefactKind
from study.consent import (
    CapacityState,
    ConsentAnswer,
    ConsentPurpose,
    ConsentRecord,
    ConsentRule,
    Contact,
    ContactDetails,
    EarlierData,
    PaperVersion,
)
from study.errors import BadName, RoleForbids, StudyDamaged
from study.person_roles import PersonRole
from study.records import StudyPolicy
from study.store.consents import (
    find_consent_owner,
    find_contact_owner,
    keep_consent,
    keep_contact_details,
    list_consents,
    read_consent,
    read_consent_versions,
    read_contact_details,
)
from study.store.keys import Argon2Cost
from study.store.people import add_person
from study.store.sign_offs import read_study_policy
from study.store.study import Study
from study.store.study_policy import change_study_policy
from study.store.verification import verify_study

AGREED = ConsentRecord(
    "P07",
    PaperVersion("2.1", "2026-03-01"),
    PaperVersion("1.0", "2026-02-14"),
    "INT01",
    "2026-11-20",
    answers={ConsentPurpose.SOUND: ConsentAnswer.YES, ConsentPurpose.QUOTES: ConsentAnswer.NO},
)
CONTACTS = ContactDetails("P07", Contact("Margaret Hollis"), Contact("Jean Hollis", "01632 960123"))


def test_a_later_record_supersedes_an_earlier_one_and_both_stay(study: Study) -> None:
    keep_consent(study, AGREED)
    keep_consent(study, replace(AGREED, capacity=CapacityState.LOST))
    keep_consent(study, replace(AGREED, code="P08"))

    newest = read_consent(study, "P07")

    assert newest is not None
    assert newest.capacity is CapacityState.LOST
    assert newest.by == study.ring.slot
    assert [one.capacity for one in read_consent_versions(study, "P07")] == [
        CapacityState.HAS_CAPACITY, CapacityState.LOST,
    ]  # fmt: skip
    assert [one.code for one in list_consents(study)] == ["P07", "P08"]
    assert read_consent(study, "P09") is None
    assert read_consent_versions(study, "P09") == []
    assert verify_study(study) == []


def test_what_nobody_was_asked_is_not_allowed() -> None:
    assert AGREED.allows(ConsentPurpose.SOUND)
    assert not AGREED.allows(ConsentPurpose.QUOTES)
    assert not AGREED.allows(ConsentPurpose.ARCHIVE)
    assert AGREED.read_answer(ConsentPurpose.ARCHIVE) is ConsentAnswer.NOT_ASKED


def test_each_participant_has_keys_of_their_own_for_consent_and_for_contacts(study: Study) -> None:
    keep_consent(study, AGREED, CONTACTS)
    keep_consent(study, replace(AGREED, code="P08"), replace(CONTACTS, code="P08"))
    owners = {
        find(study, code) for find in (find_consent_owner, find_contact_owner)
        for code in ("P07", "P08")
    }  # fmt: skip

    keys = study.db.execute(
        "SELECT interview, class FROM data_key WHERE interview != 'study' ORDER BY interview"
    ).fetchall()

    assert len(owners) == 4
    assert keys == [(owner, "identifying") for owner in sorted(owners)]


def test_contact_details_change_without_the_consent(study: Study) -> None:
    keep_consent(study, AGREED, CONTACTS)
    keep_contact_details(study, replace(CONTACTS, deputy=Contact("Tom Hollis")))

    known = read_contact_details(study, "P07")

    assert known is not None
    assert known.deputy.name == "Tom Hollis"
    assert len(read_consent_versions(study, "P07")) == 1
    assert read_contact_details(study, "P08") is None


def test_nothing_in_the_clear_says_who_takes_part(study: Study) -> None:
    keep_consent(study, AGREED, CONTACTS)
    study.checkpoint()

    lines, _ = study.read_trail()
    told = "\n".join(f"{line.verb} {line.interview} {line.facts}" for line in lines)
    stored = (study.folder / "study.db").read_bytes()

    assert "consent recorded" in told
    for word in (b"P07", b"INT01", b"Hollis", b"960123", b"2026-03-01"):
        assert word not in stored
        assert word.decode() not in told


def test_a_code_is_a_code(study: Study) -> None:
    with pytest.raises(BadName):
        keep_consent(study, replace(AGREED, code="Margaret Hollis"))
    with pytest.raises(BadName):
        keep_contact_details(study, replace(CONTACTS, code=""))

    assert study.whole.find_newest_version(ArtefactKind.CONSENT) == 0
    assert list_consents(study) == []


def test_an_approver_records_no_consent(study: Study, cheap: Argon2Cost) -> None:
    add_person(study, "Ode", PersonRole.APPROVER, "only the approver knows", cost=cheap)

    with (
        Study.open(study.folder, "only the approver knows", person="Ode") as theirs,
        pytest.raises(RoleForbids, match="record what participants agreed to"),
    ):
        keep_consent(theirs, AGREED)


def test_asking_for_less_consent_takes_a_second_person(study: Study, cheap: Argon2Cost) -> None:
    add_person(study, "Ode", PersonRole.OFFICER, "only the officer knows", cost=cheap)
    strict = StudyPolicy(
        consent=ConsentRule.RECORDED, sheets=("2.1",), after_capacity_lost=EarlierData.ERASE
    )
    assert change_study_policy(study, strict) == strict

    for looser in (
        replace(strict, consent=ConsentRule.PAPER),
        replace(strict, consent=ConsentRule.UNSET),
        replace(strict, sheets=()),
        replace(strict, after_capacity_lost=EarlierData.KEEP),
    ):
        assert change_study_policy(study, looser) == strict
    tighter = replace(strict, sheets=("2.1", "2.2"), forms=("1.0",))
    assert change_study_policy(study, tighter) == tighter
    assert read_study_policy(study) == tighter


def test_a_second_owner_with_a_yes_for_the_same_code_is_damage(study: Study) -> None:
    keep_consent(study, AGREED)
    with study.change("consent recorded") as change:
        change.write_artefact(ArtefactKind.CONSENT, AGREED, owner="zzzzzzzz")

    with pytest.raises(StudyDamaged):
        read_consent(study, "P07")
