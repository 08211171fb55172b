"""What the study's protocol asks and allows, and who may loosen it.

Tightening counts at once. Loosening takes two people where there are several: who asks, and another
one who asks for the same. Both are lines of the trail.
"""

from __future__ import annotations

from dataclasses import asdict

from study.artefact_kinds import ArtefactKind
from study.permissions import PersonAction, is_permitted
from study.person_roles import PersonRole
from study.records import StudyPolicy
from study.store.people import list_people
from study.store.sign_offs import read_study_policy
from study.store.study import Change, Study
from study.store.trail import TrailLine, read_trail_lines

POLICY_SET, POLICY_ASKED_FOR = "policy set", "policy asked for"


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
    """Return what the trail tells of a policy: a file's name is none of it."""
    return {name: int(bool(value)) for name, value in asdict(policy).items()}


def _is_looser(before: StudyPolicy, wanted: StudyPolicy) -> bool:
    return (
        (before.second_person and not wanted.second_person)
        or (wanted.sound_may_leave and not before.sound_may_leave)
        or bool(before.heads_file and before.heads_file != wanted.heads_file)
    )


def _others_decide(study: Study) -> bool:
    """Whether there is anybody else, the recovery code apart, whose role sets a policy."""
    return any(
        is_permitted(person.role, PersonAction.SET_POLICY)
        for person in list_people(study)
        if not person.is_here and person.role is not PersonRole.RECOVERY
    )
