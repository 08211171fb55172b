"""What the study's protocol asks and allows, and who may loosen it.

Tightening counts at once. Loosening takes two people where there are several: who asks, and another
one who asks for the same. Both are lines of the trail. A policy that the trail does not show to be
set so counts for nothing, and the strictest counts in its place.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

import msgspec

from study.artefact_kinds import ArtefactKind
from study.consent import ConsentRule, EarlierData
from study.permissions import POLICY_ASKED_FOR, POLICY_SET, PersonAction, is_permitted
from study.person_roles import PersonRole
from study.records import StudyPolicy
from study.store.database import map_storage_errors
from study.store.keys import KeyClass
from study.store.people import list_people
from study.store.study import Change, Study
from study.store.trail import ProvenLine, TrailLine, read_trail_lines

# From the loosest to the strictest.
_CONSENT = (ConsentRule.UNSET, ConsentRule.PAPER, ConsentRule.RECORDED)
_EARLIER = (EarlierData.UNSET, EarlierData.KEEP, EarlierData.ASK, EarlierData.ERASE)
_STRICTEST = StudyPolicy(
    second_person=True,
    sound_may_leave=False,
    consent=ConsentRule.RECORDED,
    two_to_destroy=True,
    asks_who_recognises=True,
)
_SALT, _TEXTS = "salt", "texts"
_BY_ONE = "was loosened by one person alone"


@dataclass(frozen=True, slots=True)
class _SetPolicy:
    """A policy that a line of the trail set. policy: None where its row is gone or another."""

    version: int
    policy: StudyPolicy | None
    flaw: str


def read_study_policy(study: Study) -> StudyPolicy:
    """Return what the study's protocol asks and allows, the defaults where none was set.

    Where the newest line of the trail tells of another one than is there, or was not written by
    people who may, the strictest counts; heads go on to the file that was last set rightly. An
    interviewer, whose keys do not open it, is told what the trail says of it: no names, no versions
    of papers.

    Raises:
        StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    if not study.ring.holds(KeyClass.CLEAN):
        return _read_from_trail(study)
    with study.lock:
        newest = study.whole.find_newest_version(ArtefactKind.POLICY)
        study.whole.read_artefact(ArtefactKind.POLICY, StudyPolicy)
        known, last = StudyPolicy(), None
        for last in _list_set_policies(study):
            if last.policy is not None and not last.flaw:
                known = last.policy
    if last is None and not newest:
        return StudyPolicy()
    if last is not None and last.version == newest and last.policy is not None and not last.flaw:
        return last.policy
    return replace(_STRICTEST, heads_file=known.heads_file)


def _read_from_trail(study: Study) -> StudyPolicy:
    with study.lock, map_storage_errors():
        authors = study.authors.refresh()
        lines = [one for one in authors.list_policy_lines() if one.line.verb == POLICY_SET]
    if not lines:
        return StudyPolicy()
    newest = lines[-1]
    facts = newest.line.facts
    if authors.find_flaw(newest) or facts.get("consent", "") not in set(ConsentRule):
        return _STRICTEST
    return StudyPolicy(
        second_person=bool(facts.get("second_person")),
        sound_may_leave=bool(facts.get("sound_may_leave")),
        two_to_destroy=bool(facts.get("two_to_destroy")),
        asks_who_recognises=bool(facts.get("asks_who_recognises")),
        consent=ConsentRule(facts.get("consent", "")),
        after_capacity_lost=EarlierData(facts.get("after_capacity_lost", "")),
    )


def find_lawless_policies(study: Study) -> Iterator[tuple[int, str]]:
    """Yield the versions of the policy that count for nothing, and why.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    for one in _list_set_policies(study):
        if one.policy is not None and one.flaw:
            yield one.version, one.flaw


def _list_set_policies(study: Study) -> Iterator[_SetPolicy]:
    """Yield what each line of the trail set, the oldest first."""
    before: StudyPolicy | None = StudyPolicy()
    asked: ProvenLine | None = None
    with study.lock, map_storage_errors():
        authors = study.authors.refresh()
        lines = authors.list_policy_lines()
    for one in lines:
        if one.line.verb == POLICY_ASKED_FOR:
            asked = one
            continue
        version, policy = _read_told(study, one.line)
        flaw = authors.find_flaw(one)
        if not flaw and policy is not None and _is_looser(before or _STRICTEST, policy):
            others = authors.list_deciders_of_policy(one.line)
            flaw = _BY_ONE if others and not _is_asked(study, asked, one.line, policy) else ""
        yield _SetPolicy(version, policy, flaw)
        before, asked = (before if flaw else policy), None


def _is_asked(study: Study, asked: ProvenLine | None, line: TrailLine, policy: StudyPolicy) -> bool:
    """Whether somebody else had asked for the policy that a line sets."""
    return (
        asked is not None
        and not study.authors.find_flaw(asked)
        and asked.line.slot != line.slot
        and asked.line.facts == _facts(policy)
    )


def _read_told(study: Study, line: TrailLine) -> tuple[int, StudyPolicy | None]:
    """Return the version that a line set, and what is in it, None where that is not there."""
    prefix = f"{study.whole.id}:{ArtefactKind.POLICY}."
    name = next((name for name in line.facts if name.startswith(prefix)), prefix)
    number = name.removeprefix(prefix)
    version = int(number) if number.isdecimal() else 0
    with study.lock, map_storage_errors():
        row = study.db.execute(
            "SELECT sealed FROM artefact WHERE interview = ? AND kind = ? AND version = ?",
            [study.whole.id, ArtefactKind.POLICY, version],
        ).fetchone()
    short = name.removeprefix(f"{study.whole.id}:")
    told = study.authors.find_sealed_hash(line, study.whole.id, short)
    if row is None or hashlib.sha256(row[0]).hexdigest() != told:
        return version, None
    policy = study.whole.read_artefact(ArtefactKind.POLICY, StudyPolicy, version)
    return version, policy if policy is not None and is_told_policy(policy, line) else None


def is_told_policy(policy: StudyPolicy, line: TrailLine) -> bool:
    """Whether a policy is the one that its line tells of: new keys seal it again, as it was.

    An older line lacks what policies did not say then, and up to 0.5.0 the hash of its texts.
    """
    return all(line.facts.get(name, value) == value for name, value in _facts(policy).items())


def change_study_policy(study: Study, wanted: StudyPolicy) -> StudyPolicy:
    """Set the policy, or ask for it where that takes somebody else; return what counts now.

    Raises:
        RoleForbids: the role of who is there does not allow it.
        KeyNotHeld, StudyInUse, StudyUnwritable, DiskFull: the policy is as it was before.
    """
    study.require_permitted(PersonAction.SET_POLICY)
    with study.lock:
        before = read_study_policy(study)
        if wanted == before:
            return before
        wanted = replace(wanted, salt=_make_salt(study))
        if not _is_looser(before, wanted) or not _others_decide(study):
            with study.change(POLICY_SET) as change:
                _write(change, wanted)
            return wanted
        asked = find_open_request(study)
        if asked is None or asked.slot == study.ring.slot or asked.facts != _facts(wanted):
            with study.change(POLICY_ASKED_FOR) as change:
                change.facts |= _facts(wanted)
            return before
        with study.change(POLICY_SET) as change:
            _write(change, wanted)
            change.facts |= {"asked_by": asked.slot, "asked_in_line": asked.number}
        return wanted


def _make_salt(study: Study) -> str:
    """Return the salt of a policy: who asks and who sets the same one have the same."""
    key = study.rows.get_data_key(study.whole.id, KeyClass.CLEAN)
    return hmac.digest(key, b"salt of the policy", "sha256").hex()


def find_open_request(study: Study) -> TrailLine | None:
    """Return the line that asks for a looser policy and was not followed by one that sets it."""
    found: TrailLine | None = None
    for line in read_trail_lines(study.db):
        if line.verb in {POLICY_SET, POLICY_ASKED_FOR}:
            found = line if line.verb == POLICY_ASKED_FOR else None
    return found


def _write(change: Change, wanted: StudyPolicy) -> None:
    change.write_artefact(ArtefactKind.POLICY, wanted)
    change.facts |= _facts(wanted)


def _facts(policy: StudyPolicy) -> dict[str, str | int | float]:
    """Return what the trail tells of a policy: of the names in it a salted hash alone."""
    told: dict[str, str | int | float] = {
        name: int(bool(value)) for name, value in asdict(policy).items() if name != _SALT
    }
    if not policy.asks_who_recognises:
        del told["asks_who_recognises"]  # older lines of the trail tell nothing of it
    texts = (policy.heads_file, policy.consent_seen_by, policy.sheets, policy.forms, policy.salt)
    return told | {
        "consent": policy.consent.value,
        "after_capacity_lost": policy.after_capacity_lost.value,
        "joint_withdrawal": policy.joint_withdrawal.value,
        "sheets": len(policy.sheets),
        "forms": len(policy.forms),
        _TEXTS: hashlib.sha256(msgspec.json.encode(texts)).hexdigest(),
    }


def _is_looser(before: StudyPolicy, wanted: StudyPolicy) -> bool:
    return (
        (before.second_person and not wanted.second_person)
        or (wanted.sound_may_leave and not before.sound_may_leave)
        or bool(before.heads_file and before.heads_file != wanted.heads_file)
        or _CONSENT.index(wanted.consent) < _CONSENT.index(before.consent)
        or _EARLIER.index(wanted.after_capacity_lost) < _EARLIER.index(before.after_capacity_lost)
        or (before.two_to_destroy and not wanted.two_to_destroy)
        or (before.asks_who_recognises and not wanted.asks_who_recognises)
        or bool(before.sheets and not wanted.sheets)
        or bool(before.forms and not wanted.forms)
    )


def _others_decide(study: Study) -> bool:
    """Whether there is anybody else, the recovery code apart, whose role sets a policy."""
    return any(
        is_permitted(person.role, PersonAction.SET_POLICY)
        for person in list_people(study)
        if not person.is_here and person.role is not PersonRole.RECOVERY
    )
