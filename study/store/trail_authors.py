"""Who wrote those lines of the trail on which something rests: rulings, consents, the policy.

``log verify`` reads the whole trail. Here only the lines that tell of people are read, those about
rulings, consents, destructions and the policy when they are asked for, and new ones alone when
asked again: cheap enough for the list of interviews and for opening a study.
"""

from __future__ import annotations

import sqlite3

from study.artefact_kinds import ArtefactKind
from study.permissions import (
    CAME_FROM_ELSEWHERE,
    CHANGES,
    CONSENT_RECORDED,
    INTERVIEW_BACK,
    INTERVIEW_LENT,
    KEYS_RENEWED,
    LOAN_ENDED,
    POLICY_ASKED_FOR,
    POLICY_SET,
    PersonAction,
)
from study.store.destruction_checks import TELLING_VERBS, DestructionTrail
from study.store.slot_table import SLOT_ADDED, read_slots
from study.store.trail import (
    EMPTY_HASH,
    ProvenLine,
    TrailLine,
    read_proven_lines,
    read_trail_head,
    read_trail_line,
)
from study.store.trail_signatures import TrailPeople

SIGNED_OFF, SENT_BACK = "signed off", "sent back"
CHANGES_ACCEPTED = "changed study verified"
_RULINGS = frozenset({SIGNED_OFF, SENT_BACK})
_POLICY = frozenset({POLICY_SET, POLICY_ASKED_FOR})
_WITHDRAWAL_RECORDED = "withdrawal recorded"
_LOANS = frozenset({INTERVIEW_LENT, INTERVIEW_BACK, LOAN_ENDED})
_READ = (
    _RULINGS
    | _POLICY
    | TELLING_VERBS
    | _LOANS
    | CAME_FROM_ELSEWHERE
    | {KEYS_RENEWED, CONSENT_RECORDED, _WITHDRAWAL_RECORDED}
)
_WITHDRAWN = f"study:{ArtefactKind.WITHDRAWN}."
_PEOPLE = frozenset({
    "study made", "format brought up", "signing key made", "person added", "person removed",
    "passphrase changed", "recovery code renewed", SLOT_ADDED,
})  # fmt: skip
# Whoever takes in what others decided says that they did: they do not sign it off as well.
_DECIDING = (
    *(verb for verb, action in CHANGES.items() if action is PersonAction.DECIDE),
    *sorted(CAME_FROM_ELSEWHERE),
)
_BROKEN = "is not what was written"


class TrailAuthors:
    """The people of a study and what they ruled, as the trail tells it; kept while it is open."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._begin()

    def _begin(self) -> None:
        self.people = TrailPeople()
        self._policy: list[ProvenLine] = []
        self._rulings: dict[str, ProvenLine] = {}
        self._consents: dict[str, ProvenLine] = {}
        self._lent = set[str]()
        self._takers: dict[str, set[int]] = {}
        self._flaws: dict[int, str] = {}
        self._sealed_anew: dict[str, tuple[int, str]] = {}
        self._withdrawn = (0, "")
        self._destructions = DestructionTrail(self.people)
        self._deciders: set[tuple[int, str]] | None = None
        self._accepted = self._count = self._ruled = 0
        self._hash = EMPTY_HASH.hex()

    def refresh(self) -> TrailAuthors:
        """Read what was added to the trail since; call with the study's lock held."""
        head = read_trail_head(self._db)
        if (head.count, head.hash) == (self._count, self._hash):
            return self
        last = read_trail_line(self._db, self._count) if self._count else None
        if self._count and (last is None or last.hash.hex() != self._hash):
            self._begin()
        for one in read_proven_lines(self._db, _PEOPLE | {CHANGES_ACCEPTED}, self._count):
            if one.line.verb != CHANGES_ACCEPTED:
                if one.is_whole:
                    self.people.take(one.line)
            elif not self.find_flaw(one):
                self._accepted = one.line.number
        self._count, self._hash, self._deciders = head.count, head.hash, None
        return self

    def _read_rulings(self) -> None:
        """Read the lines on which something rests, which opening a study does not ask for."""
        if self._ruled == self._count:
            return
        for one in read_proven_lines(self._db, _READ, self._ruled):
            line = one.line
            if line.number > self._count:
                break  # it was written since
            is_proven = not self.find_flaw(one)
            if is_proven:
                self._withdrawn = _find_withdrawn(line) or self._withdrawn
                self._follow_travels(line)
            is_allowed = is_proven and self._destructions.take(line)
            if line.verb in _RULINGS:
                self._rulings[line.interview] = one
            elif line.verb in _POLICY:
                self._policy.append(one)
            elif line.verb == CONSENT_RECORDED:
                self._consents |= {name: one for name in line.facts if _is_consent(name)}
            elif line.verb == KEYS_RENEWED and is_allowed:
                told = line.facts.items()
                self._sealed_anew |= {n: (line.number, str(fact)) for n, fact in told}
        self._ruled = self._count

    def _follow_travels(self, line: TrailLine) -> None:
        """Note which interviews are lent, and who took in what people of others decided."""
        if line.verb == INTERVIEW_LENT:
            self._lent.add(line.interview)
        elif line.verb in _LOANS:
            self._lent.discard(line.interview)
        if line.verb in CAME_FROM_ELSEWHERE and any(map(_is_decision, line.facts)):
            self._takers.setdefault(line.interview, set()).add(line.slot)

    def find_ruling(self, interview: str) -> ProvenLine | None:
        """Return the newest line about a ruling on an interview, None where there is none."""
        self._read_rulings()
        return self._rulings.get(interview)

    def find_sealed_hash(self, line: TrailLine, owner: str, name: str) -> str:
        """Return the SHA-256 of a row that a line tells of, as it lies now; "" for none.

        A destruction seals again, under new keys, what is left of the same owner.
        """
        self._read_rulings()
        full = f"{owner}:{name}"
        number, sha256 = self._sealed_anew.get(full, (0, ""))
        told = line.facts.get(name if line.interview == owner else full, "")
        return sha256 if told and number > line.number else str(told)

    def find_consent(self, owner: str, version: int) -> ProvenLine | None:
        """Return the newest line that recorded a version of a consent.

        None where there is none, or where a line tells of a later version: somebody took that out.
        """
        self._read_rulings()
        name = f"{owner}:{ArtefactKind.CONSENT}"
        is_newest = f"{name}.{version + 1}" not in self._consents
        return self._consents.get(f"{name}.{version}") if is_newest else None

    def list_takers(self, interview: str) -> frozenset[int]:
        """Return the slots that took in decisions of another study in an interview."""
        self._read_rulings()
        return frozenset(self._takers.get(interview, ()))

    def list_lent(self) -> frozenset[str]:
        """Return the ids of the interviews that are lent; call with the study's lock held."""
        self._read_rulings()
        return frozenset(self._lent)

    def find_withdrawn(self) -> tuple[int, str]:
        """Return version and SHA-256 of the newest list of who has withdrawn, 0 for none."""
        self._read_rulings()
        return self._withdrawn

    @property
    def destructions(self) -> DestructionTrail:
        """What the lines that count say of each destruction; call with the study's lock held."""
        self._read_rulings()
        return self._destructions

    def list_policy_lines(self) -> list[ProvenLine]:
        """Return the lines that set the policy or ask for another one, the oldest first."""
        self._read_rulings()
        return list(self._policy)

    def find_flaw(self, one: ProvenLine) -> str:
        """Return why a line counts for nothing, "" where it counts."""
        if not one.is_whole:
            return _BROKEN
        line = one.line
        if line.number not in self._flaws:
            flaw = self.people.check_author(line)
            self._flaws[line.number] = flaw.what if flaw else ""
        return self._flaws[line.number]

    def is_everybody_in_their_role(self) -> bool:
        """Whether no line's verb, and no slot, is one that its person's role does not allow.

        Lines from before somebody looked at the study and accepted it are not asked again.
        """
        since = max(self._accepted, self.people.begun_at - 1)
        did = self._db.execute("SELECT DISTINCT slot, verb FROM trail WHERE number > ?", [since])
        if any(self.people.find_forbidden(slot, verb) for slot, verb in did.fetchall()):
            return False
        return all(self.people.fits_role(slot) for slot in read_slots(self._db))

    def has_decided(self, slot: int, interview: str) -> bool:
        """Whether a slot wrote a line of an interview that decides something."""
        if self._deciders is None:
            marks = ", ".join("?" * len(_DECIDING))
            self._deciders = set(
                self._db.execute(
                    f"SELECT DISTINCT slot, interview FROM trail WHERE verb IN ({marks})",  # noqa: S608 - question marks
                    _DECIDING,
                ).fetchall()
            )
        return (slot, interview) in self._deciders

    def list_deciders_of_policy(self, line: TrailLine) -> set[int]:
        """Return the slots, apart from its writer's, that may set the policy at this line."""
        return {
            slot
            for slot, number in self.people.since.items()
            if slot != line.slot
            and number < line.number < self.people.removed.get(slot, line.number + 1)
            and self.people.sets_policy(slot)
        }


def _find_withdrawn(line: TrailLine) -> tuple[int, str] | None:
    """Return version and SHA-256 of the list of who has withdrawn that a line tells of."""
    for name, fact in line.facts.items():
        version = name.removeprefix(_WITHDRAWN)
        if name.startswith(_WITHDRAWN) and version.isdecimal():
            return int(version), str(fact)
    return None


def _is_consent(name: str) -> bool:
    return name.rpartition(":")[2].startswith(f"{ArtefactKind.CONSENT}.")


def _is_decision(name: str) -> bool:
    kind, _, number = name.rpartition(":")[2].partition(".")
    return kind == ArtefactKind.MENTIONS and "." in number
