"""A study from before there were people opens unchanged, and everybody in it gets their own key."""

from __future__ import annotations

import contextlib
import sqlite3
import tarfile
from pathlib import Path

import pytest

from study.artefacts import InterviewState
from study.errors import PersonFlaw, PersonRefused
from study.person_roles import PersonRole
from study.store.database import DATABASE, matches_noted_sum
from study.store.keys import Argon2Cost, KeyClass
from study.store.people import add_person, list_people, remove_person, renew_recovery_code
from study.store.sign_offs import require_sign_off
from study.store.study import Study
from study.store.verification import verify_database_file, verify_study
from tests.study.fixtures.sample_study import OFFICER, PASSPHRASE

CODE = "2345-6789-ABCD-EFGH-JKMN-PQRS"
NAMES = {PASSPHRASE: "owner", CODE: "recovery", OFFICER: "officer"}


@pytest.fixture
def format_2(tmp_path: Path) -> Path:
    """The folder of a study that Earshot 0.3.0 made; its README says what is in it."""
    packed = Path(__file__).parent / "fixtures" / "format-2" / "study.tar.xz"
    folder = tmp_path / "format-2"
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    return folder


def trail_of(folder: Path, name: str = DATABASE) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(folder / name)) as db:
        return db.execute(
            "SELECT number, at, slot, verb, interview, facts, hash, mac FROM trail ORDER BY number"
        ).fetchall()


@pytest.mark.parametrize("passphrase", NAMES)
def test_whoever_opens_it_first_brings_it_up_with_its_trail_intact(
    format_2: Path, passphrase: str
) -> None:
    before = trail_of(format_2)
    assert verify_database_file(format_2) == []

    for _ in range(2):
        with Study.open(format_2, passphrase) as study:
            assert study.slot_name == NAMES[passphrase]
            assert verify_study(study) == []

    *kept, last = trail_of(format_2)
    assert kept == before == trail_of(format_2, "study.format-2.db")
    assert last[3] == "format brought up"
    assert matches_noted_sum(format_2) is True


def test_its_sign_off_still_holds(format_2: Path) -> None:
    with Study.open(format_2, PASSPHRASE) as study:
        interview = study.interview("P05_i1")

        assert interview.summary.state is InterviewState.HANDED
        assert require_sign_off(interview).is_valid


def test_each_slot_gets_a_signing_key_when_it_is_opened(format_2: Path) -> None:
    with Study.open(format_2, PASSPHRASE) as study:
        known = {one.name: (one.role, one.has_own_keys) for one in list_people(study)}
    for passphrase in (OFFICER, CODE):
        Study.open(format_2, passphrase).close()

    assert known == {
        "owner": (PersonRole.OWNER, True),
        "recovery": (PersonRole.RECOVERY, False),
        "officer": (PersonRole.OWNER, False),
    }
    with Study.open(format_2, PASSPHRASE) as study:
        assert all(one.has_own_keys for one in list_people(study))
        assert verify_study(study) == []
        lines, _ = study.read_trail()
        assert [(line.verb, line.slot) for line in lines[-3:]] == [
            ("format brought up", 1),
            ("signing key made", 3),
            ("signing key made", 2),
        ]
    with Study.open(format_2, OFFICER) as study:
        assert [one for one in KeyClass if study.ring.holds(one)] == [
            KeyClass.CLEAN,
            KeyClass.COMMON,
        ]
        assert verify_study(study) == []


def test_nobody_is_removed_while_somebody_else_could_not_be_given_new_keys(
    format_2: Path, cheap: Argon2Cost
) -> None:
    with Study.open(format_2, PASSPHRASE) as study:
        add_person(study, "Ann", PersonRole.ASSISTANT, "the words of ann alone", cost=cheap)
        with pytest.raises(PersonRefused) as refused:
            remove_person(study, "Ann")
        assert refused.value.flaw is PersonFlaw.NO_KEYS_YET

        renew_recovery_code(study, cost=cheap)
        removed = remove_person(study, "officer")  # who never opened it since

        assert removed.old_copies == ("study.format-2.db",)
        assert [one.name for one in list_people(study)] == ["owner", "Ann", "recovery"]
        assert remove_person(study, "Ann").person.name == "Ann"
        assert verify_study(study) == []
