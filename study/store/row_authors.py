"""Whether each sealed row names as its author the person who signed its line of the trail.

A program of somebody's own can write any name into a decision or a sign-off; the trail's line about
it carries the writer's own signature. So the two are compared, row by row, by ``log verify``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from study.artefact_facts import SignOffFacts
from study.artefact_kinds import ArtefactKind
from study.destruction import LegalHold, Withdrawal
from study.permissions import (
    CAME_FROM_ELSEWHERE,
    CONSENT_RECORDED,
    HAND_OVER_FOUND,
    KEYS_RENEWED,
)
from study.person_roles import PersonRole
from study.records import (
    Decision,
    HandOver,
    InterviewDetails,
    OfficerRuling,
    SignOff,
    StudyPolicy,
)
from study.store.database import DATABASE
from study.store.decision_authors import (
    TracedDecision,
    find_writer,
    keep_newest,
    trace_decisions,
)
from study.store.destruction_checks import (
    ASKED_FOR,
    LISTED,
    REFUSED,
    RENEWAL_RECORDS,
    REPLACED,
    TAKEN_BACK,
    hash_listed,
)
from study.store.entered_people import list_foreign_parts
from study.store.format_1 import read_format_1_facts
from study.store.trail import IntegrityFinding, TrailLine
from study.store.trail_signatures import TrailPeople
from study.store.trail_witness import WitnessedRow
from study.travel import FIRST_FOREIGN, ForeignPerson

_RULING_VERBS = {OfficerRuling.SIGNED: "signed off", OfficerRuling.SENT_BACK: "sent back"}
_ENTRIES_WITH_AUTHOR = frozenset({
    ArtefactKind.CORRECTED, ArtefactKind.PROGRESS, ArtefactKind.CHECKS, ArtefactKind.PASSED,
})  # fmt: skip
_ROWS_WITH_AUTHOR = frozenset({ArtefactKind.CONSENT, ArtefactKind.CONTACTS})
READY = "hand-over ready"
_STUDY = "study"  # the owner of what belongs to no interview
_WITHDRAWAL, _WITHDRAWN = "withdrawal recorded", f":{ArtefactKind.WITHDRAWN}."
_LISTS = {
    ArtefactKind.HOLDS: frozenset({"hold set"}),
    ArtefactKind.WITHDRAWN: frozenset({_WITHDRAWAL, ASKED_FOR}),
}
"""Lists that are written anew when something is added, and the verbs under which that is done."""
_ABOUT_PEOPLE = (
    _ROWS_WITH_AUTHOR | _LISTS.keys() | {ArtefactKind.SAFEGUARDING, ArtefactKind.FOREIGNERS}
)
_HOLD_SET, _HOLD_LIFTED = "hold set", "hold lifted"
_TOLD_VERBS = frozenset[str]().union(*_LISTS.values())


class _Authored(msgspec.Struct, frozen=True):
    by: int


class _Note(msgspec.Struct, frozen=True):
    by: int
    told: tuple[_Authored, ...] = ()


class _LogLine(msgspec.Struct, frozen=True):
    mention: str
    by: int
    at: str


@dataclass(frozen=True, slots=True)
class AuthoredRow:
    """A sealed row that was opened: which one, what is in it, and what the trail says of it."""

    interview: str
    kind: ArtefactKind
    version: int
    number: int
    counts: str
    format: int
    plain: bytes
    told: WitnessedRow

    @property
    def name(self) -> str:
        """Its name in the trail."""
        last = f".{self.number}" if self.number else ""
        return f"{self.kind}.{self.version}{last}"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A withdrawal or a hold as its line tells of it. sha256: "" up to 0.5.0."""

    slot: int
    at: str
    sha256: str


def _read_entry(line: TrailLine) -> _Entry:
    return _Entry(line.slot, line.at, str(line.facts.get(LISTED, "")))


@dataclass(frozen=True, slots=True)
class _Signed:
    interview: str
    version: int
    told: WitnessedRow
    facts: SignOffFacts


class RowAuthors:
    """Collects what opened rows say of their authors, and finds what is not so.

    Give it the entries of an interview in the order of their versions and numbers.
    """

    def __init__(
        self,
        slot_names: dict[int, str],
        lines: Iterable[TrailLine],
        unseen: Container[ArtefactKind] = (),
    ) -> None:
        """lines: the whole trail. unseen: the kinds of rows that the keys in use do not open."""
        self._people, self._names = TrailPeople(), slot_names
        self._ready = set[int]()  # who ever announced a hand-over, whose record others may finish
        self._told = set[tuple[str, int, str]]()  # verb, slot and time of what was added to a list
        self._unseen, self._lists_taken = unseen, set[ArtefactKind]()
        self._withdrawn: dict[str, _Entry] = {}  # by line or destruction
        self._held: dict[str, _Entry] = {}  # by hash
        for line in lines:
            if self._people.take(line) is None:
                self._follow_holds(line)
                self._follow_consents(line)
            if line.verb == READY:
                self._ready.add(line.slot)
            elif line.verb in _TOLD_VERBS:
                self._told.add((line.verb, line.slot, line.at))
            self._follow_withdrawals(line)
        self._findings: list[IntegrityFinding] = []
        self._foreigners = set[int]()
        self._foreign: list[tuple[AuthoredRow, int]] = []
        self._noted: dict[str, _Note] = {}
        self._details: dict[str, InterviewDetails] = {}
        self._signed: list[_Signed] = []
        self._second_person: list[tuple[int, bool]] = []
        self._logs: dict[tuple[str, int], set[tuple[str, str, int]]] = {}
        self._decisions: dict[str, dict[int, list[tuple[Decision, int | None]]]] = {}

    def _follow_withdrawals(self, line: TrailLine) -> None:
        """Note who recorded a withdrawal when, until a request that came with it is refused."""
        name = str(line.facts.get("destruction", ""))
        if line.verb in {TAKEN_BACK, REFUSED}:
            self._withdrawn.pop(name, None)
            if LISTED in line.facts:  # they still take part in no further interviews
                self._withdrawn[f"line {line.number}"] = _read_entry(line)
        elif line.verb == _WITHDRAWAL and "scope" in line.facts:
            self._withdrawn[f"line {line.number}"] = _read_entry(line)
        elif line.verb == ASKED_FOR and any(_WITHDRAWN in fact for fact in line.facts):
            self._withdrawn[name] = _read_entry(line)

    def _follow_consents(self, line: TrailLine) -> None:
        """Note who takes part again, because they agreed anew after a request was taken back."""
        if line.verb == CONSENT_RECORDED and (gone := line.facts.get(REPLACED)):
            ended = [name for name, one in self._withdrawn.items() if one.sha256 == gone]
            for name in ended:
                del self._withdrawn[name]

    def _follow_holds(self, line: TrailLine) -> None:
        """Note which holds stand; up to 0.5.0 the trail does not tell one from another."""
        entry = _read_entry(line)
        if line.verb == _HOLD_SET and entry.sha256:
            self._held.pop(str(line.facts.get(REPLACED, "")), None)
            self._held[entry.sha256] = entry
        elif line.verb == _HOLD_LIFTED:
            self._held.pop(entry.sha256, None)

    def take(self, row: AuthoredRow) -> None:
        """Compare a row with its line, or keep what is compared once all are there.

        Raises:
            ValueError: the row holds nothing of its kind.
        """
        if row.told.verb == KEYS_RENEWED and row.kind not in RENEWAL_RECORDS:
            self._find(row, "was not there before what is left was sealed anew")
        if row.number:
            self._take_entry(row)
        elif row.kind in _ABOUT_PEOPLE:
            self._take_about_people(row)
        elif row.kind is ArtefactKind.ABOUT:
            self._take_details(row)
        elif row.kind is ArtefactKind.SIGNED:
            self._take_sign_off(row)
        elif row.kind is ArtefactKind.LOG:
            lines = msgspec.json.decode(row.plain, type=tuple[_LogLine, ...])
            self._logs[row.interview, row.version] = {
                (one.mention, one.at, one.by) for one in lines if one.at
            }
        elif row.kind is ArtefactKind.HANDED:
            made = msgspec.json.decode(row.plain, type=HandOver)
            if not (row.told.verb == HAND_OVER_FOUND and made.by in self._ready):
                self._compare(row, made.by)
        elif row.kind is ArtefactKind.POLICY:
            policy = msgspec.json.decode(row.plain, type=StudyPolicy)
            self._second_person.append((row.told.line, policy.second_person))

    def _take_entry(self, row: AuthoredRow) -> None:
        if row.kind is ArtefactKind.MENTIONS:
            decision = msgspec.json.decode(row.plain, type=Decision)
            versions = self._decisions.setdefault(row.interview, {})
            self._note_foreigner(row, decision.by)
            writer = find_writer(decision, row.told.slot, row.told.verb)
            versions.setdefault(row.version, []).append((decision, writer))
        elif row.kind in _ENTRIES_WITH_AUTHOR:
            self._compare(row, msgspec.json.decode(row.plain, type=_Authored).by)

    def _take_about_people(self, row: AuthoredRow) -> None:
        if row.kind in _ROWS_WITH_AUTHOR:
            self._compare(row, msgspec.json.decode(row.plain, type=_Authored).by)
        elif row.kind is ArtefactKind.SAFEGUARDING:
            self._take_note(row)
        elif row.kind is ArtefactKind.FOREIGNERS:
            people = msgspec.json.decode(row.plain, type=tuple[ForeignPerson, ...])
            self._foreigners |= {one.number for one in people}
        else:
            self._take_list(row)

    def _take_note(self, row: AuthoredRow) -> None:
        """Compare who wrote a version of a note: its first, or whom was told in a later one."""
        note = msgspec.json.decode(row.plain, type=_Note)
        first = self._noted.setdefault(row.interview, note)
        self._compare(row, note.told[-1].by if note.told else note.by)
        if (note.by, note.told[: len(first.told)]) != (first.by, first.told):
            self._find(row, "names somebody else than an earlier version")
        self._noted[row.interview] = note

    def _take_list(self, row: AuthoredRow) -> None:
        """Look for what nobody added who is named as having done so."""
        is_hold = row.kind is ArtefactKind.HOLDS
        kind = tuple[LegalHold, ...] if is_hold else tuple[Withdrawal, ...]
        listed = msgspec.json.decode(row.plain, type=kind)
        self._lists_taken.add(row.kind)
        for what in self._compare_entries(row.kind, listed):
            self._find(row, what)
        for one in listed:
            if not any((verb, one.by, one.at) in self._told for verb in _LISTS[row.kind]):
                self._find(row, f"names slot {one.by} as who did it, and no line says so")
            elif isinstance(one, LegalHold) and one.name != self._names.get(one.by):
                self._find(row, f"names somebody else than slot {one.by}, who did it")

    def _compare_entries(
        self, kind: ArtefactKind, listed: Sequence[LegalHold | Withdrawal]
    ) -> Iterator[str]:
        """Yield what a list leaves out, or says otherwise than the lines about it."""
        told = (self._held if kind is ArtefactKind.HOLDS else self._withdrawn).values()
        there = Counter((one.by, one.at) for one in listed)  # several may be of one second
        hashes = {hash_listed(one) for one in listed}
        missing = Counter((one.slot, one.at) for one in told if one.sha256 not in hashes)
        found = Counter((one.slot, one.at) for one in told if one.sha256 in hashes)
        for slot, at in sorted(missing):
            others = there[slot, at] - found[slot, at]
            unbound = sum((one.slot, one.at, one.sha256) == (slot, at, "") for one in told)
            if missing[slot, at] > others:
                yield f"leaves out what slot {slot} recorded at {at}"
            elif missing[slot, at] > unbound:
                yield f"says something else than slot {slot} recorded at {at}"

    def _take_details(self, row: AuthoredRow) -> None:
        """Look for what a later version changes although its line is about something else."""
        now = msgspec.json.decode(row.plain, type=InterviewDetails)
        before = self._details.get(row.interview, now)
        for part in list_foreign_parts(row.told.verb, before, now):
            self._find(row, f"changes {part}, and slot {row.told.slot} did something else")
        self._details[row.interview] = now

    def _take_sign_off(self, row: AuthoredRow) -> None:
        sign_off = msgspec.json.decode(row.plain, type=SignOff)
        self._compare(row, sign_off.by)
        name = self._names.get(row.told.slot, "")
        if sign_off.by == row.told.slot and sign_off.slot_name != name:
            self._find(row, f"names somebody else than slot {row.told.slot}, who wrote it")
        if row.told.verb != _RULING_VERBS[sign_off.ruling]:
            self._find(row, "is another ruling than the trail says")
        if sign_off.ruling is OfficerRuling.SIGNED:
            self._signed.append(
                _Signed(row.interview, row.version, row.told, _read_facts(row.counts, row.format))
            )

    def _note_foreigner(self, row: AuthoredRow, named: int) -> bool:
        """Note whom of another study a row names that came from there; return whether it does."""
        is_foreign = row.told.verb in CAME_FROM_ELSEWHERE and named >= FIRST_FOREIGN
        if is_foreign:
            self._foreign.append((row, named))
        return is_foreign

    def _compare(self, row: AuthoredRow, named: int) -> None:
        if self._note_foreigner(row, named):
            return
        if named != row.told.slot:
            self._find(row, _other_author(named, row.told.slot))

    def _find(self, row: AuthoredRow, what: str) -> None:
        self._findings.append(_finding(row.interview, row.name, what))

    def list_findings(self) -> list[IntegrityFinding]:
        """Return what is wrong; call once every row was given."""
        found = list(self._findings)
        if ArtefactKind.FOREIGNERS not in self._unseen:
            for row, number in self._foreign:
                if number not in self._foreigners:
                    what = "names somebody of another study whom nobody took in"
                    found.append(_finding(row.interview, row.name, what))
        traced: dict[tuple[str, int], list[TracedDecision]] = {}
        for interview, versions in self._decisions.items():
            ordered = sorted(versions)
            every = trace_decisions(versions[version] for version in ordered)
            known = set[Decision]()  # a false one that was kept by a later search is told once
            for version, decisions in zip(ordered, every, strict=True):
                traced[interview, version] = decisions
                found += _find_false_decisions(interview, version, decisions, known)
        found += self._find_false_logs()
        for kind in sorted(_LISTS.keys() - self._lists_taken):
            if kind not in self._unseen:
                found += [_finding(_STUDY, kind, w) for w in self._compare_entries(kind, ())]
        found += self._find_own_work(traced)
        return found

    def _find_false_logs(self) -> Iterator[IntegrityFinding]:
        for (interview, version), lines in self._logs.items():
            if interview not in self._decisions:
                continue  # the passphrase in use does not open decisions, or there are none
            made = {
                (one.mention, one.at, one.by)
                for decisions in self._decisions[interview].values()
                for one, _ in decisions
            }
            if lines - made:
                yield _finding(interview, f"log.{version}", "names somebody else than who decided")

    def _find_own_work(
        self, traced: dict[tuple[str, int], list[TracedDecision]]
    ) -> Iterator[IntegrityFinding]:
        for one in self._signed:
            if not self._needs_another(one.told):
                continue
            basis = one.facts.basis
            rested_on = traced.get((one.interview, basis.decisions.mentions), [])
            deciders = {d.author for d in keep_newest(rested_on[: basis.decisions.count]).values()}
            deciders |= {by for _, _, by in self._logs.get((one.interview, basis.log), set())}
            if one.told.slot in deciders:
                what = f"was signed off by slot {one.told.slot}, who decided some of it"
                yield _finding(one.interview, f"signed.{one.version}", what)

    def _needs_another(self, told: WitnessedRow) -> bool:
        """Whether who signed off must have decided nothing: officers, or the policy asks for it."""
        asked = [second for line, second in sorted(self._second_person) if line < told.line]
        is_officer = self._people.roles.get(told.slot) is PersonRole.OFFICER
        return is_officer or (bool(asked) and asked[-1])


def _find_false_decisions(
    interview: str, version: int, decisions: list[TracedDecision], known: set[Decision]
) -> Iterator[IntegrityFinding]:
    for number, one in enumerate(decisions, 1):
        if not one.is_true and one.decision not in known:
            known.add(one.decision)
            what = _other_author(one.decision.by, one.author or 0)
            yield _finding(interview, f"{ArtefactKind.MENTIONS}.{version}.{number}", what)


def _other_author(named: int, slot: int) -> str:
    return f"names slot {named} as who did it, and slot {slot} wrote it"


def _finding(interview: str, name: str, what: str) -> IntegrityFinding:
    return IntegrityFinding(f"{DATABASE} ({name} of interview {interview})", what)


def _read_facts(counts: str, written: int) -> SignOffFacts:
    if written == 1:
        facts = read_format_1_facts(counts, SignOffFacts)
        assert isinstance(facts, SignOffFacts)
        return facts
    return msgspec.json.decode(counts, type=SignOffFacts)
