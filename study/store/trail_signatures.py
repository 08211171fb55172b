"""Checking who wrote each line of the trail, by what the trail itself tells of people.

A line that brings somebody in tells their public signing key, and is signed by an owner. The first
line brings in who made the study. In a study that was brought up from format 2, everybody who was
there already gets a key of their own when they open it next, and signs for it themselves; what was
written before has no signatures.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from study.person_roles import PersonRole
from study.store.person_keys import is_signature_of
from study.store.slot_table import FIRST_SLOTS, SLOT_ADDED, read_slots, tell_slot
from study.store.trail import IntegrityFinding, TrailLine, bind_signed_line

_INTRODUCING = frozenset({PersonRole.OWNER, PersonRole.RECOVERY})


@dataclass(slots=True)
class TrailPeople:
    """What the trail tells of people, line by line.

    keys: the public signing key of each slot. rows: what the newest line says of each slot's row.
    """

    keys: dict[int, bytes] = field(default_factory=dict[int, bytes])
    roles: dict[int, PersonRole] = field(default_factory=dict[int, PersonRole])
    rows: dict[int, str] = field(default_factory=dict[int, str])
    removed: set[int] = field(default_factory=set[int])
    known_before: set[int] = field(default_factory=lambda: {*FIRST_SLOTS})
    begun_at: int = 0  # the first line that must be signed; 0: not yet

    def take(self, line: TrailLine) -> str:
        """Follow the trail by one line; return what is wrong with it, "" for nothing."""
        new = dict(_introduced(line))
        if new and not self.begun_at:
            self.begun_at = line.number
        wrong = self._check_introduced(line, new) if new else ""
        wrong = wrong or (self._check_signature(line, new) if self.begun_at else "")
        self._note(line, new)
        return wrong

    def _check_introduced(self, line: TrailLine, new: dict[int, bytes]) -> str:
        if any(self.keys.get(slot, key) != key for slot, key in new.items()):
            return "gives somebody another signing key"
        if line.number == 1 or self.roles.get(line.slot) in _INTRODUCING:
            return ""
        is_own = set(new) == {line.slot} and line.slot in self.known_before
        return (
            "" if is_own and self.begun_at > 1 else "brings somebody in, which its writer may not"
        )

    def _check_signature(self, line: TrailLine, new: dict[int, bytes]) -> str:
        key = self.keys.get(line.slot, new.get(line.slot, b""))
        if line.slot in self.removed:
            return "was written by somebody who had been removed"
        if not is_signature_of(key, line.signature, bind_signed_line(line.hash)):
            return "was not signed by the person it names"
        return ""

    def _note(self, line: TrailLine, new: dict[int, bytes]) -> None:
        self.keys |= new
        if line.verb == SLOT_ADDED and not self.begun_at:
            self.known_before.add(int(line.facts.get("slot", 0)))
        for slot, what, fact in _slot_facts(line):
            if what == "row":
                self.rows[slot] = str(fact)
            elif what == "role" and fact in set(PersonRole):
                self.roles[slot] = PersonRole(str(fact))
            elif what == "removed":
                self.removed.add(slot)


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
    """Check the signature of every line, and each slot against what the trail tells of it.

    Returns findings, of bad lines the first alone.

    Raises:
        StudyDamaged: a line or a slot holds what nobody wrote.
    """
    people, findings = TrailPeople(), list[IntegrityFinding]()
    for line in lines:
        wrong = people.take(line)
        if wrong and not findings:
            findings.append(IntegrityFinding(f"trail line {line.number}", wrong))
    slots = {slot.number: slot for slot in read_slots(db)}
    for number, slot in slots.items():
        told = people.rows.get(number)
        is_old = told is None and number in people.known_before and not slot.has_own_keys
        if not is_old and told not in tell_slot(slot).values():
            findings.append(
                IntegrityFinding(f"study.db (slot {number})", "is not what was written")
            )
    findings += [
        IntegrityFinding(f"study.db (slot {number})", "is missing")
        for number in people.rows.keys() - slots.keys()
    ]
    return findings
