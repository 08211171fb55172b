"""The consent of each participant, version by version, and their contact details apart from it.

Each participant has two owners with data keys of their own, one for the consent records and one for
the contact details, so that either is destroyed alone, and neither with an interview. An owner's id
is random, and the code is inside the seal: what lies in the clear tells nobody who takes part.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from study.artefact_kinds import ArtefactKind
from study.consent import CapacityState, ConsentRecord, ContactDetails
from study.destruction import Withdrawal, WithdrawalScope
from study.errors import BadName, StudyDamaged
from study.participant_codes import is_code
from study.permissions import CONSENT_RECORDED
from study.store.database import DATABASE, map_storage_errors
from study.store.destruction_checks import REPLACED, hash_listed
from study.store.interview_ids import generate_interview_id
from study.store.study import WHOLE_STUDY, Change, Study
from study.store.whole_study import write_withdrawals
from study.store.withdrawals import list_withdrawals, require_record_left

T = TypeVar("T", ConsentRecord, ContactDetails)

CONTACTS_KEPT = "contact details kept"


def list_consents(study: Study) -> list[ConsentRecord]:
    """Return the newest consent record of each participant, by code.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    found = [record for _, record in _read_newest(study, ArtefactKind.CONSENT, ConsentRecord)]
    return sorted(found, key=lambda record: record.code)


def list_unproven_consents(study: Study) -> set[str]:
    """Return the codes whose newest consent record the trail does not show as made by who it names.

    Somebody wrote it with a program of their own; it counts for nothing.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    found = _read_newest(study, ArtefactKind.CONSENT, ConsentRecord)
    return {record.code for owner, record in found if not _is_proven(study, owner, record)}


def _is_proven(study: Study, owner: str, record: ConsentRecord) -> bool:
    version = study.rows.find_newest_version(owner, ArtefactKind.CONSENT)
    with study.lock, map_storage_errors():
        authors = study.authors.refresh()
        line = authors.find_consent(owner, version)
        row = study.db.execute(
            "SELECT sealed FROM artefact WHERE interview = ? AND kind = ? AND version = ?",
            [owner, ArtefactKind.CONSENT, version],
        ).fetchone()
    if line is None or row is None or authors.find_flaw(line):
        return False
    told = authors.find_sealed_hash(line.line, owner, f"{ArtefactKind.CONSENT}.{version}")
    is_told = told == hashlib.sha256(row[0]).hexdigest()
    return is_told and (record.by, record.at) == (line.line.slot, line.line.at)


def is_withdrawal_missing(study: Study) -> bool:
    """Whether the list of who has withdrawn is not the one that the trail tells of last.

    Somebody took a row away with a program of their own: nobody knows who must not be asked.
    """
    with study.lock, map_storage_errors():
        version, told = study.authors.refresh().find_withdrawn()
        row = study.db.execute(
            "SELECT sealed FROM artefact WHERE interview = ? AND kind = ? AND version = ?",
            [WHOLE_STUDY, ArtefactKind.WITHDRAWN, version],
        ).fetchone()
    return bool(version) and (row is None or told != hashlib.sha256(row[0]).hexdigest())


def read_consent(study: Study, code: str) -> ConsentRecord | None:
    """Return the newest consent record of a participant, None where there is none.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    return next((one for one in list_consents(study) if one.code == code), None)


def read_consent_versions(study: Study, code: str) -> list[ConsentRecord]:
    """Return every consent record of a participant, the oldest first.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    owner = find_consent_owner(study, code)
    newest = study.rows.find_newest_version(owner, ArtefactKind.CONSENT) if owner else 0
    read = (
        study.rows.read_artefact(owner, ArtefactKind.CONSENT, ConsentRecord, version)
        for version in range(1, newest + 1)
    )
    return [record for record in read if record is not None]


def read_contact_details(study: Study, code: str) -> ContactDetails | None:
    """Return the contact details of a participant, None where there are none.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    every = _read_newest(study, ArtefactKind.CONTACTS, ContactDetails)
    return next((details for _, details in every if details.code == code), None)


def find_consent_owner(study: Study, code: str) -> str:
    """Return the owner of a participant's consent records, "" where they have none."""
    return _find_owner(study, ArtefactKind.CONSENT, ConsentRecord, code)


def find_contact_owner(study: Study, code: str) -> str:
    """Return the owner of a participant's contact details, "" where they have none."""
    return _find_owner(study, ArtefactKind.CONTACTS, ContactDetails, code)


def list_record_owners(study: Study) -> list[tuple[ArtefactKind, str, str]]:
    """Return kind, participant's code and owner of all consent records and contact details.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    consents = _read_newest(study, ArtefactKind.CONSENT, ConsentRecord)
    contacts = _read_newest(study, ArtefactKind.CONTACTS, ContactDetails)
    return [
        *((ArtefactKind.CONSENT, record.code, owner) for owner, record in consents),
        *((ArtefactKind.CONTACTS, details.code, owner) for owner, details in contacts),
    ]


def require_one_spelling(study: Study, codes: Iterable[str]) -> None:
    """Refuse a new code that differs by capitals alone from one that the study has.

    Nobody tells P07 from p07 on a form, and a no of the one would not count for the other.

    Raises:
        BadName: a code is such a one.
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    known = {code for s in study.summaries() if s.about for code in s.about.codes}
    known |= {code for _, code, _ in list_record_owners(study)}
    known |= {one.code for one in list_withdrawals(study.whole)}
    spelt = {code.casefold(): code for code in known}
    for code in codes:
        other = spelt.setdefault(code.casefold(), code)
        if code not in known and other != code:
            raise BadName(f"participant code: the study has it in other capitals, as {other}")


def keep_consent(
    study: Study, record: ConsentRecord, contacts: ContactDetails | None = None
) -> ConsentRecord:
    """Keep a consent record as the newest of its participant; return it as it was kept.

    contacts: their contact details where these change with it, in the same change. Somebody whose
    withdrawal was taken back takes part again once they agreed anew, on that day or later.

    Raises:
        BadName: the code is none, or the study has it in other capitals.
        HasWithdrawn: they have taken back everything.
        RoleForbids: the role of who is there does not allow it.
        KeyNotHeld, StudyInUse, StudyUnwritable, DiskFull: nothing was kept.
    """
    if not is_code(record.code):
        raise BadName("participant code")
    require_record_left(study.whole, record.code)
    require_one_spelling(study, [record.code])
    with study.change(CONSENT_RECORDED) as change:
        kept = replace(record, by=study.ring.slot, at=change.made_at)
        owner = find_consent_owner(study, record.code) or generate_interview_id()
        change.write_artefact(ArtefactKind.CONSENT, kept, owner=owner)
        if contacts is not None:
            _write_contacts(change, contacts)
        _take_part_again(change, kept)
    return kept


def _take_part_again(change: Change, record: ConsentRecord) -> None:
    """End what stayed of a withdrawal that was taken back, where somebody agreed anew."""
    every = list_withdrawals(change.study.whole)
    ended = next((one for one in every if _is_ended(one, record)), None)
    if ended is not None:
        write_withdrawals(change, tuple(one for one in every if one is not ended))
        change.facts[REPLACED] = hash_listed(ended)


def _is_ended(one: Withdrawal, record: ConsentRecord) -> bool:
    is_taken_back = one.scope is WithdrawalScope.FURTHER and bool(one.destruction)
    is_anew = record.taken_on >= one.at[:10] and record.capacity is not CapacityState.LOST
    return one.code == record.code and is_taken_back and is_anew


def keep_contact_details(study: Study, contacts: ContactDetails) -> None:
    """Keep the contact details of a participant as their newest.

    Raises:
        As ``keep_consent``.
    """
    if not is_code(contacts.code):
        raise BadName("participant code")
    require_record_left(study.whole, contacts.code)
    require_one_spelling(study, [contacts.code])
    with study.change(CONTACTS_KEPT) as change:
        _write_contacts(change, contacts)


def _write_contacts(change: Change, contacts: ContactDetails) -> None:
    kept = replace(contacts, by=change.study.ring.slot, at=change.made_at)
    owner = find_contact_owner(change.study, contacts.code) or generate_interview_id()
    change.write_artefact(ArtefactKind.CONTACTS, kept, owner=owner)


def _find_owner(study: Study, kind: ArtefactKind, content_type: type[T], code: str) -> str:
    every = _read_newest(study, kind, content_type)
    return next((owner for owner, record in every if record.code == code), "")


def _read_newest(study: Study, kind: ArtefactKind, content_type: type[T]) -> list[tuple[str, T]]:
    """Return each owner of a kind with the newest version."""
    with study.lock, map_storage_errors():
        owners = study.db.execute(
            "SELECT DISTINCT interview FROM artefact WHERE kind = ? ORDER BY interview", [kind]
        ).fetchall()
    read = [(owner, study.rows.read_artefact(owner, kind, content_type)) for (owner,) in owners]
    found = [(owner, record) for owner, record in read if record is not None]
    codes = {record.code for _, record in found}
    if len(codes) < len(found):
        # Earshot never writes a second owner; the yes of a planted one must not count.
        raise StudyDamaged(DATABASE)
    return found
