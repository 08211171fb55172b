"""Checking who wrote each line of the trail, by what the trail itself tells of people.

A line that brings somebody in tells their public signing key, and is signed by an owner. The first
line brings in who made the study. In a study that was brought up from format 2, everybody who was
there already gets a key of their own when they open it next, and signs for it themselves; what was
written before has no signatures. A line that its writer's role does not allow is named as well: it
was written by a program of somebody's own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from study.artefact_kinds import ArtefactKind
from study.permissions import (
    ANYBODY_WRITES,
    CHANGES,
    DESTRUCTION_BEGUN,
    KEYS_RENEWED,
    OWN_INTERVIEWS_ONLY,
    WRITERS,
    PersonAction,
    is_permitted,
)
from study.person_roles import PersonRole
from study.store.keys import ROLE_CLASSES, Slot
from study.store.person_keys import is_signature_of
from study.store.slot_table import FIRST_SLOTS, SLOT_ADDED, read_slots, tell_slot
from study.store.trail import IntegrityFinding, TrailLine, bind_signed_line
from study.store.trail_witness import EMPTIED, MISSING

_RESCUED = "recording rescued"
_INTRODUCING = frozenset({PersonRole.OWNER, PersonRole.RECOVERY})
_OWN_SLOT = frozenset({"signing key made", "passphrase changed", "format brought up"})
_OF_OTHERS = "work on interviews that somebody else entered"


@dataclass(frozen=True, slots=True)
class AuthorFlaw:
    """What is wrong with who wrote a line; ``is_forged`` is False where it is their role alone."""

    what: str
    is_forged: bool = True


@dataclass(slots=True)
class TrailPeople:
    """What the trail tells of people, line by line; lines that are wrong tell nothing.

    keys: the public signing key of each slot. rows: what the newest line says of each slot's row.
    since, removed: the lines that brought each slot in, and took its keys. begun_at: the first line
    that must be signed, 0 while there is none.
    """

    keys: dict[int, bytes] = field(default_factory=dict[int, bytes])
    roles: dict[int, PersonRole] = field(default_factory=dict[int, PersonRole])
    rows: dict[int, str] = field(default_factory=dict[int, str])
    since: dict[int, int] = field(default_factory=dict[int, int])
    removed: dict[int, int] = field(default_factory=dict[int, int])
    known_before: set[int] = field(default_factory=lambda: {*FIRST_SLOTS})
    begun_at: int = 0
    _entered: dict[str, int] = field(default_factory=dict[str, int])  # by whom, each interview

    def take(self, line: TrailLine) -> AuthorFlaw | None:
        """Follow the trail by one line; return what is wrong with it, None for nothing."""
        new = dict(_introduced(line))
        if new and not self.begun_at:
            self.begun_at = line.number
        flaw = (self._check_introduced(line, new) if new else None) or self.check_author(line, new)
        if flaw is None:
            self._note(line, new)
        return flaw

    def check_author(
        self, line: TrailLine, new: dict[int, bytes] | None = None
    ) -> AuthorFlaw | None:
        """Return what is wrong with who wrote a line; ask once all lines before it were taken.

        new: the signing keys that the line itself brings in.
        """
        if not self.begun_at or line.number < self.begun_at:
            return None
        return self._check_signature(line, new or {}) or self._check_role(line)

    def find_forbidden(self, slot: int, verb: str) -> str:
        """Return what a slot's role does not let it do, by a line's verb; "" for nothing."""
        role = self.roles.get(slot, PersonRole.OWNER)
        action = CHANGES.get(verb)
        if role is PersonRole.OWNER or (verb in CHANGES and action is None):
            return ""
        if action is not None and is_permitted(role, action):
            return ""
        return action.value if action else "do that"

    def sets_policy(self, slot: int) -> bool:
        """Whether a slot is that of a person, not the code on paper, whose role sets a policy."""
        role = self.roles.get(slot, PersonRole.OWNER)
        return role is not PersonRole.RECOVERY and is_permitted(role, PersonAction.SET_POLICY)

    def fits_role(self, slot: Slot) -> bool:
        """Whether a slot's row has the role that its person was given, and no further keys."""
        role = self.roles.get(slot.number)
        if role is None or not slot.has_own_keys:
            return True
        return slot.role is role and set(slot.classes) <= set(ROLE_CLASSES[role])

    def _check_introduced(self, line: TrailLine, new: dict[int, bytes]) -> AuthorFlaw | None:
        if any(self.keys.get(slot, key) != key for slot, key in new.items()):
            return AuthorFlaw("gives somebody another signing key")
        if line.number == 1 or self.roles.get(line.slot) in _INTRODUCING:
            return None
        is_own = set(new) == {line.slot} and line.slot in self.known_before
        if is_own and self.begun_at > 1:
            return None
        return AuthorFlaw("brings somebody in, which its writer may not")

    def _check_signature(self, line: TrailLine, new: dict[int, bytes]) -> AuthorFlaw | None:
        key = self.keys.get(line.slot, new.get(line.slot, b""))
        if self.removed.get(line.slot, line.number) < line.number:
            return AuthorFlaw("was written by somebody who had been removed")
        if not is_signature_of(key, line.signature, bind_signed_line(line.hash)):
            return AuthorFlaw("was not signed by the person it names")
        return None

    def _check_role(self, line: TrailLine) -> AuthorFlaw | None:
        role = self.roles.get(line.slot, PersonRole.OWNER)
        if role is PersonRole.OWNER:
            return None
        forbidden = (
            self.find_forbidden(line.slot, line.verb)
            or self._find_other_interview(line, role)
            or _find_forbidden_fact(line, role)
        )
        if not forbidden:
            return None
        who = f"slot {line.slot}, whose role ({role})"
        return AuthorFlaw(f"was written by {who} does not let them {forbidden}", is_forged=False)

    def _find_other_interview(self, line: TrailLine, role: PersonRole) -> str:
        if role not in OWN_INTERVIEWS_ONLY:
            return ""
        for full in line.facts:
            owner, _, name = full.rpartition(":")
            is_row = name.partition(".")[0] in _KINDS and "." in name
            if is_row and self._entered.get(owner or line.interview, line.slot) != line.slot:
                return _OF_OTHERS
        if CHANGES.get(line.verb) is None:
            return ""
        return "" if self._entered.get(line.interview, line.slot) == line.slot else _OF_OTHERS

    def _note(self, line: TrailLine, new: dict[int, bytes]) -> None:
        self.keys |= new
        self.since |= dict.fromkeys(new.keys() - self.since.keys(), line.number)
        if line.interview:
            self._entered.setdefault(line.interview, line.slot)
        if line.verb == SLOT_ADDED and not self.begun_at:
            self.known_before.add(int(line.facts.get("slot", 0)))
        for slot, what, fact in _slot_facts(line):
            if what == "row":
                self.rows[slot] = str(fact)
            elif what == "role" and fact in set(PersonRole):
                self.roles[slot] = PersonRole(str(fact))
            elif what == "removed":
                self.removed[slot] = line.number


def _find_forbidden_fact(line: TrailLine, role: PersonRole) -> str:
    """Return what somebody did whom their role does not let do it, whatever the verb says."""
    for slot, what, _ in _slot_facts(line):
        is_own = slot == line.slot and line.verb in _OWN_SLOT and what != "removed"
        is_sealed_anew = line.verb == KEYS_RENEWED and what == "row"
        if not is_own and not is_sealed_anew and not is_permitted(role, PersonAction.KEEP_PEOPLE):
            return PersonAction.KEEP_PEOPLE.value
    for full, fact in line.facts.items():
        name = full.rpartition(":")[2]
        if name.endswith(MISSING) and not is_permitted(role, PersonAction.ACCEPT):
            return PersonAction.ACCEPT.value
        kind = name.partition(".")[0]
        if kind != _STRETCH and ("." not in name or kind not in _KINDS):
            continue
        if line.verb in CHANGES and CHANGES[line.verb] is None:  # anybody's, but not for anything
            allowed = _STRETCHES if line.verb == _RESCUED else ANYBODY_WRITES.get(line.verb, ())
            if kind not in allowed:
                return f"write {_NAMES.get(kind, kind)} in a line of that kind"
            continue
        if line.verb == KEYS_RENEWED or kind == _STRETCH:  # see ``DestructionTrail``
            continue
        is_gone = line.verb == DESTRUCTION_BEGUN and (name.endswith(".dropped") or fact == EMPTIED)
        actions = WRITERS[ArtefactKind(kind)]
        if not is_gone and not any(is_permitted(role, one) for one in actions):
            return min(actions).value
    return ""


_KINDS = frozenset(ArtefactKind)
_STRETCH = "stretch"
_STRETCHES = frozenset({_STRETCH})
_NAMES = {_STRETCH: "sound"}


def _introduced(line: TrailLine) -> Iterator[tuple[int, bytes]]:
    for slot, what, fact in _slot_facts(line):
        if what == "signing":
            try:
                yield slot, bytes.fromhex(str(fact))
            except ValueError:
                yield slot, b""


def _slot_facts(line: TrailLine) -> Iterator[tuple[int, str, str | int | float]]:
    """Yield the facts that are named ``slot.NUMBER.WHAT``."""
    for name, fact in line.facts.items():
        kind, _, rest = name.partition(".")
        number, _, what = rest.partition(".")
        if kind == "slot" and number.isdecimal():
            yield int(number), what, fact


def verify_signatures(db: sqlite3.Connection, lines: Iterable[TrailLine]) -> list[IntegrityFinding]:
    """Check who wrote every line, and each slot against what the trail tells of it.

    Returns findings: of lines that are not signed by whom they name the first alone, of lines that
    a role does not allow each.

    Raises:
        StudyDamaged: a line or a slot holds what nobody wrote.
    """
    people, findings, is_forged = TrailPeople(), list[IntegrityFinding](), False
    for line in lines:
        flaw = people.take(line)
        if flaw is not None and not (flaw.is_forged and is_forged):
            findings.append(IntegrityFinding(f"trail line {line.number}", flaw.what))
            is_forged = is_forged or flaw.is_forged
    slots = {slot.number: slot for slot in read_slots(db)}
    for number, slot in slots.items():
        told = people.rows.get(number)
        is_old = told is None and number in people.known_before and not slot.has_own_keys
        if not is_old and told not in tell_slot(slot).values():
            findings.append(
                IntegrityFinding(f"study.db (slot {number})", "is not what was written")
            )
        elif not people.fits_role(slot):
            findings.append(
                IntegrityFinding(
                    f"study.db (slot {number})", "has another role or more keys than it was given"
                )
            )
    findings += [
        IntegrityFinding(f"study.db (slot {number})", "is missing")
        for number in people.rows.keys() - slots.keys()
    ]
    return findings
