"""What is sealed anew, as after a destruction, says what its line in the trail told."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import msgspec
import pytest

from study.artefact_facts import SignOffFacts
from study.artefact_kinds import ArtefactKind
from study.consent import ConsentRule
from study.permissions import DESTRUCTION_BEGUN, KEYS_RENEWED
from study.person_roles import PersonRole
from study.records import (
    InterviewDetails,
    OfficerRuling,
    Participant,
    Provenance,
    SignOff,
    StudyPolicy,
    Transcript,
)
from study.store.destruction_checks import ASKED_FOR, CONFIRMED
from study.store.keys import Argon2Cost, KeyClass
from study.store.people import add_person
from study.store.proven_rulings import OTHER_RULING, RULING_HASH
from study.store.seal import seal_bytes, unseal_bytes
from study.store.sign_offs import hash_artefact
from study.store.study import WHOLE_STUDY, Study
from study.store.study_policy import change_study_policy, read_study_policy

OWN = "what the approver alone knows"
ORDER = {"destruction": "0a0b0c0d", "order": "00"}
TEXTS = ("a" * 64, "b" * 64)


@pytest.fixture
def signed(study: Study) -> str:
    with study.change("made") as change:
        made = change.add_interview(InterviewDetails("P07_i1", (Participant("P07"),)))
        change.write_artefact(
            ArtefactKind.CLEAN, Transcript((), Provenance("test", "earshot")), owner=made
        )
    interview = study.interview(made)
    with interview.change("signed off") as change:
        ruling = SignOff(
            OfficerRuling.SIGNED, study.ring.slot, study.slot_name, change.made_at, TEXTS[0],
            "c" * 64, "d" * 64, 1, "e" * 64, salt="f" * 32,
        )  # fmt: skip
        facts = SignOffFacts(is_signed=True, basis=interview.summary.sign_off_basis())
        change.write_artefact(ArtefactKind.SIGNED, ruling, facts)
        change.facts[RULING_HASH] = hash_artefact(interview, ArtefactKind.SIGNED)
    return made


def reseal(study: Study, owner: str, text: str) -> None:
    """Seal the newest ruling anew, as if another text had been signed."""
    key, kind = study.rows.get_data_key(owner, KeyClass.CLEAN), ArtefactKind.SIGNED
    with study.change(KEYS_RENEWED) as change:
        created_at, counts, written, sealed = study.db.execute(
            "SELECT created_at, counts, format, sealed FROM artefact"
            " WHERE interview = ? AND kind = ?",
            [owner, kind],
        ).fetchone()
        bound = study.rows.bind_row("artefact", owner, kind, 1, 0, created_at, counts, written)
        ruling = msgspec.json.decode(unseal_bytes(key, sealed, bound), type=SignOff)
        again = seal_bytes(key, msgspec.json.encode(replace(ruling, transcript_sha256=text)), bound)
        study.db.execute(
            "UPDATE artefact SET sealed = ? WHERE interview = ? AND kind = ?", [again, owner, kind]
        )
        change.facts |= {f"{owner}:{kind}.1": hashlib.sha256(again).hexdigest(), **ORDER}


def write(study: Study, verb: str, **facts: int) -> None:
    with study.change(verb) as change:
        change.facts |= {**ORDER, **facts}


@pytest.mark.parametrize(
    ("text", "begins_with", "flaw"),
    [
        (TEXTS[0], "own", ""),
        (TEXTS[1], "own", OTHER_RULING),
        (TEXTS[0], "other", OTHER_RULING),  # what the destruction is not about
        (TEXTS[0], "", OTHER_RULING),  # no destruction has begun
    ],
)
def test_an_approver_who_seals_a_ruling_anew_cannot_change_it(
    study: Study, signed: str, passphrase: str, cheap: Argon2Cost, text: str, begins_with: str,
    flaw: str,
) -> None:  # fmt: skip
    add_person(study, "Adeyemi", PersonRole.APPROVER, OWN, cost=cheap)
    folder = study.folder
    write(study, ASKED_FOR)
    study.close()
    with Study.open(folder, OWN) as approver:
        write(approver, CONFIRMED)
        if begins_with:
            gone = signed if begins_with == "own" else "abcdefgh"
            write(approver, DESTRUCTION_BEGUN, **{f"{gone}:windows.dropped": 1})
        reseal(approver, signed, text)

    with Study.open(folder, passphrase) as opened:
        interview = opened.interview(signed)
        ruling = interview.read_artefact(ArtefactKind.SIGNED, SignOff)
        assert ruling is not None
        assert opened.rulings.find_flaw(interview, ruling, 1) == flaw


def test_who_makes_new_keys_and_loosens_the_policy_with_them_gets_the_strictest(
    study: Study, passphrase: str, cheap: Argon2Cost
) -> None:
    strict = StudyPolicy(
        second_person=True,
        consent=ConsentRule.RECORDED,
        two_to_destroy=True,
        asks_who_recognises=True,
    )
    change_study_policy(study, strict)
    add_person(study, "Adeyemi", PersonRole.APPROVER, OWN, cost=cheap)
    folder = study.folder
    study.close()
    with Study.open(folder, OWN) as approver, approver.change(KEYS_RENEWED) as change:
        row = approver.db.execute(
            "SELECT created_at, counts, format FROM artefact WHERE kind = 'policy'"
        ).fetchone()
        bound = approver.rows.bind_row("artefact", WHOLE_STUDY, ArtefactKind.POLICY, 1, 0, *row)
        key = approver.rows.get_data_key(WHOLE_STUDY, KeyClass.CLEAN)
        sealed = seal_bytes(key, msgspec.json.encode(StudyPolicy()), bound)
        approver.db.execute("UPDATE artefact SET sealed = ? WHERE kind = 'policy'", [sealed])
        change.facts[f"{WHOLE_STUDY}:policy.1"] = hashlib.sha256(sealed).hexdigest()

    with Study.open(folder, passphrase) as opened:
        assert read_study_policy(opened) == strict
