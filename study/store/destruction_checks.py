"""Checking what the trail says was destroyed: asked for by one, confirmed by another who may.

What lies in ``study.db`` of a destruction can be written by whoever holds a key for it; the trail's
lines are signed, and roles count there. So nothing goes, and no line makes the study miss a row,
unless the lines before it say who asked for exactly this, and who confirmed exactly this. Nor is
anything sealed anew but what is left of the owners that a destruction has begun with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from study.artefact_kinds import ArtefactKind
from study.destruction import Destruction, LegalHold, Withdrawal
from study.permissions import (
    DESTRUCTION_BEGUN,
    KEYS_RENEWED,
    POLICY_SET,
    PersonAction,
    is_permitted,
)
from study.person_roles import PersonRole
from study.store.trail import IntegrityFinding, TrailLine
from study.store.trail_signatures import TrailPeople
from study.store.trail_witness import DESTROYED

ASKED_FOR, CONFIRMED, ENDED = "destruction asked for", "destruction confirmed", "destruction ended"
TAKEN_BACK, REFUSED = "destruction taken back", "destruction refused"
TELLING_VERBS = frozenset({
    ASKED_FOR, CONFIRMED, TAKEN_BACK, REFUSED, DESTRUCTION_BEGUN, ENDED, POLICY_SET,
})  # fmt: skip
"""The verbs of the lines that ``DestructionTrail`` follows."""
LISTED, REPLACED = "entry", "replaces"
"""Facts about a withdrawal or a hold: its hash, and that of the hold in whose place it stands."""
_DETAILS_DROPPED = frozenset({
    "about.dropped", "consent.dropped", "contacts.dropped", "safeguarding.dropped",
})  # fmt: skip
_TWO = "two_to_destroy"
_STUDY = "study"  # the owner of what belongs to no interview
_CASES_DROPPED = f"{_STUDY}:cases.dropped"
_KINDS = frozenset(ArtefactKind)
RENEWAL_RECORDS = frozenset({
    ArtefactKind.QUEUE, ArtefactKind.WITHDRAWN, ArtefactKind.DESTRUCTIONS,
})  # fmt: skip
"""What the line about new keys writes of the study besides: who waits, and how far it has come."""


def hash_order(one: Destruction) -> str:
    """Return the SHA-256 of all that says what goes; who asks binds who confirms to it."""
    order = (one.scope, one.code, one.codes, one.parts, one.cases)
    return hashlib.sha256(msgspec.json.encode(order)).hexdigest()


def hash_destroyed(one: Destruction) -> str:
    """Return the SHA-256 of what was destroyed, and of the hand-overs of it."""
    return hashlib.sha256(msgspec.json.encode((one.destroyed, one.given_away))).hexdigest()


def hash_listed(one: Withdrawal | LegalHold) -> str:
    """Return the SHA-256 of all that a withdrawal or a hold says for good, with its salt.

    What of a withdrawal is still being destroyed changes, and is not in it.
    """
    if isinstance(one, Withdrawal):
        said = (one.code, one.scope, one.by, one.at, one.destruction, one.salt)
    else:
        said = (one.code, one.because, one.by, one.name, one.at, one.salt)
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


@dataclass(slots=True)
class ToldDestruction:
    """What the trail says of one destruction. is_refused: or taken back. items: as begun.

    owners: of what it took, once it has begun.
    """

    asked_by: int
    order: str
    is_refused: bool = False
    is_confirmed: bool = False
    is_begun: bool = False
    is_ended: bool = False
    items: str = ""
    owners: frozenset[str] = frozenset()

    @property
    def may_be_confirmed(self) -> bool:
        """Whether it still waits for somebody who confirms it."""
        return not (self.is_refused or self.is_confirmed or self.is_begun)

    @property
    def may_begin(self) -> bool:
        """Whether it was confirmed, and nothing of it was destroyed yet."""
        return self.is_confirmed and not (self.is_refused or self.is_begun)


class DestructionTrail:
    """Follows the lines about destructions; those that count for nothing are not to be given.

    people: of the study; it may already know of later lines.
    """

    def __init__(self, people: TrailPeople) -> None:
        self._people = people
        self._takes_two = False
        self.told: dict[str, ToldDestruction] = {}

    def take(self, line: TrailLine) -> bool:
        """Follow the trail by one line; return whether it destroys only what was confirmed."""
        if line.verb == POLICY_SET:
            self._takes_two = bool(line.facts.get(_TWO, False))
        name, order = str(line.facts.get("destruction", "")), str(line.facts.get("order", ""))
        one = self.told.get(name)
        if line.verb == ASKED_FOR:
            return self._ask(line, name, order)
        if one is not None:
            if line.verb == CONFIRMED and one.order == order and one.may_be_confirmed:
                one.is_confirmed = self._may_confirm(line, one)
            elif line.verb in {TAKEN_BACK, REFUSED}:
                one.is_refused = True
            elif line.verb == ENDED:
                one.is_ended = True
        if line.verb == DESTRUCTION_BEGUN:
            if one is None or one.order != order or not one.may_begin:
                return False
            one.is_begun, one.items = True, str(line.facts.get("items", ""))
            one.owners = _list_owners(line)
            return True
        if line.verb == KEYS_RENEWED:
            return one is not None and one.is_begun and not one.is_ended and _seals(line, one)
        return not _destroys(line)

    def list_begun(self) -> frozenset[str]:
        """Return the owners of which something is destroyed, and the rest not sealed anew yet."""
        begun = (one.owners for one in self.told.values() if one.is_begun and not one.is_ended)
        return frozenset[str]().union(*begun)

    def _ask(self, line: TrailLine, name: str, order: str) -> bool:
        if name in self.told:  # an id is used once: what was confirmed under it is something else
            return False
        if is_permitted(self._role(line.slot), PersonAction.ASK_DESTRUCTION):
            self.told[name] = ToldDestruction(line.slot, order)
        return not _destroys(line)

    def _may_confirm(self, line: TrailLine, one: ToldDestruction) -> bool:
        if not is_permitted(self._role(line.slot), PersonAction.CONFIRM_DESTRUCTION):
            return False
        if one.asked_by != line.slot:
            return True
        return not self._takes_two and not self._others_confirm(line)

    def _others_confirm(self, line: TrailLine) -> bool:
        people = self._people
        return any(
            slot != line.slot
            and number < line.number < people.removed.get(slot, line.number + 1)
            and self._role(slot) is not PersonRole.RECOVERY
            and is_permitted(self._role(slot), PersonAction.CONFIRM_DESTRUCTION)
            for slot, number in people.since.items()
        )

    def _role(self, slot: int) -> PersonRole:
        return self._people.roles.get(slot, PersonRole.OWNER)


def verify_destructions(lines: Iterable[TrailLine]) -> list[IntegrityFinding]:
    """Return a finding for the first line that destroys what nobody who may has confirmed."""
    people = TrailPeople()
    trail = DestructionTrail(people)
    for line in lines:
        flaw = people.take(line)
        counts = flaw is None or line.verb not in TELLING_VERBS or line.verb == DESTRUCTION_BEGUN
        if counts and not trail.take(line):
            what = (
                "seals anew what no destruction that has begun is about"
                if line.verb == KEYS_RENEWED
                else "destroys what nobody who may has confirmed"
            )
            return [IntegrityFinding(f"trail line {line.number}", what)]
    return []


def _destroys(line: TrailLine) -> bool:
    names = [name.rpartition(":")[2] for name in line.facts]
    return any(name.endswith(DESTROYED) or name in _DETAILS_DROPPED for name in names)


def _list_owners(line: TrailLine) -> frozenset[str]:
    """Return the owners that a destruction has begun with; the study where cases are among it."""
    owners = {name.rpartition(":")[0] for name in line.facts} - {""}
    return frozenset(owners if _CASES_DROPPED in line.facts else owners - {_STUDY})


def _seals(line: TrailLine, one: ToldDestruction) -> bool:
    """Whether a line seals anew nothing but what is left of a destruction's owners."""
    for full in line.facts:
        owner, _, name = full.rpartition(":")
        kind = name.partition(".")[0]
        is_row = "." in name and kind in _KINDS
        is_record = not line.interview and owner in {"", _STUDY} and kind in RENEWAL_RECORDS
        is_left = (owner or line.interview) in one.owners and not name.endswith(".dropped")
        if is_row and not is_record and not is_left:
            return False
    return True
