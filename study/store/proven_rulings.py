"""Whether a ruling counts by who made it: the trail's newest line about one must prove that.

The line must tell of this very ruling, and be signed by whom it names, whose role must allow
it. An officer must have decided nothing of what they sign off. The gate of the hand-over, the sheet
and the list of interviews ask here.
"""

from __future__ import annotations

import hashlib

import msgspec

from study.artefact_kinds import ArtefactKind
from study.artefacts import InterviewSummary
from study.person_roles import PersonRole
from study.records import InterviewDetails, LogLine, OfficerRuling, SignOff
from study.store.database import map_storage_errors
from study.store.decision_authors import read_standing_decisions
from study.store.entered_people import are_people_proven, hash_people
from study.store.keys import KeyClass
from study.store.sealed_rows import ArtefactHandle, SealedRows
from study.store.trail import ProvenLine, TrailLine
from study.store.trail_authors import SENT_BACK, SIGNED_OFF, TrailAuthors

RULING_HASH = "ruling"  # a fact: SHA-256 of what is inside the seal, with a salt
OTHER_RULING = "the audit trail tells of another ruling"
_OTHER_AUTHOR = "it names somebody else than who wrote it in the audit trail"
_FALSE_DECISION = "a decision in it names somebody else than who made it"
_OTHER_PEOPLE = "who takes part, or in which role, is something else now"
_OWN_WORK = "who signed it off decided some of it"
_VERBS = {OfficerRuling.SIGNED: SIGNED_OFF, OfficerRuling.SENT_BACK: SENT_BACK}


class ProvenRulings:
    """The rulings of an open study, as its trail proves them."""

    def __init__(self, rows: SealedRows, authors: TrailAuthors) -> None:
        self._rows, self._authors = rows, authors
        self._listed: dict[tuple[object, ...], bool] = {}

    def is_proven(self, summary: InterviewSummary) -> bool:
        """Whether the newest ruling on an interview counts, for the list of interviews.

        Whether the policy asked for a second person is not looked at. Each ruling is asked once, as
        long as nothing that it rests on changes.
        """
        basis = summary.sign_off_basis()
        version = summary.versions.get(ArtefactKind.SIGNED, 0)
        line = self._find_line(summary.id)
        people = summary.versions.get(ArtefactKind.ABOUT, 0)
        asked = (summary.id, version, basis, people, line.line.number if line else 0)
        if asked not in self._listed:
            interview = ArtefactHandle(self._rows, summary.id)
            self._listed[asked] = not self._find_listed_flaw(interview, version)
        return self._listed[asked]

    def _find_listed_flaw(self, interview: ArtefactHandle, version: int) -> str:
        if not self._rows.ring.holds(KeyClass.CLEAN):
            return self._find_line_flaw(interview.id, version)
        sign_off = interview.read_artefact(ArtefactKind.SIGNED, SignOff, version)
        if sign_off is None:
            return OTHER_RULING
        return self.find_flaw(interview, sign_off, version) or (
            self.find_own_work(interview, sign_off)
            if self._has_decided(interview, sign_off)
            else ""
        )

    def find_flaw(self, interview: ArtefactHandle, sign_off: SignOff, version: int) -> str:
        """Return why a ruling does not count by who the trail says made it, "" where it does."""
        flaw = self._find_line_flaw(interview.id, version)
        newest = self._find_line(interview.id)
        if flaw or newest is None:
            return flaw
        with self._rows.lock, map_storage_errors():
            found = self._rows.db.execute(
                "SELECT name FROM slot WHERE number = ?", [newest.line.slot]
            ).fetchone()
        if not self._is_told(interview, version, newest.line):
            return OTHER_RULING
        if (sign_off.by, sign_off.slot_name) != (newest.line.slot, found[0] if found else ""):
            return _OTHER_AUTHOR
        if _VERBS[sign_off.ruling] != newest.line.verb:
            return OTHER_RULING
        return self._find_other_people(interview, sign_off)

    def _find_other_people(self, interview: ArtefactHandle, sign_off: SignOff) -> str:
        """Return why a sign-off does not count by who takes part, "" where it does."""
        if not (sign_off.people_sha256 and self._rows.ring.holds(KeyClass.IDENTIFYING)):
            return ""
        now = interview.read_artefact(ArtefactKind.ABOUT, InterviewDetails)
        is_same = now and hash_people(now, sign_off.salt) == sign_off.people_sha256
        return "" if is_same and are_people_proven(interview, self._authors) else _OTHER_PEOPLE

    @staticmethod
    def _is_told(interview: ArtefactHandle, version: int, line: TrailLine) -> bool:
        """Whether a ruling says what its line says: sealed anew, it could say something else."""
        told = line.facts.get(RULING_HASH)
        raw = interview.read_artefact(ArtefactKind.SIGNED, msgspec.Raw, version)
        return told is None or told == hashlib.sha256(bytes(raw or b"")).hexdigest()

    def find_own_work(
        self, interview: ArtefactHandle, sign_off: SignOff, *, second_person: bool = False
    ) -> str:
        """Return why a sign-off does not count by who decided, "" where it does.

        second_person: whether not officers alone must have decided nothing of what they sign off.

        Raises:
            KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
        """
        if sign_off.ruling is not OfficerRuling.SIGNED:
            return ""
        log = interview.read_artefact(ArtefactKind.LOG, tuple[LogLine, ...]) or ()
        deciders = {line.by for line in log}
        if self._rows.ring.holds(KeyClass.IDENTIFYING):
            standing = read_standing_decisions(interview)
            if not all(one.is_true for one in standing):
                return _FALSE_DECISION
            deciders |= {one.decision.by for one in standing}
        with self._rows.lock, map_storage_errors():
            deciders |= self._authors.refresh().list_takers(interview.id)
        must_not = second_person or self._is_officer(sign_off.by)
        return _OWN_WORK if must_not and sign_off.by in deciders else ""

    def _find_line_flaw(self, interview: str, version: int) -> str:
        newest = self._find_line(interview)
        with self._rows.lock, map_storage_errors():
            row = self._rows.db.execute(
                "SELECT sealed FROM artefact WHERE interview = ? AND kind = ? AND version = ?",
                [interview, ArtefactKind.SIGNED, version],
            ).fetchone()
        if newest is None or row is None:
            return OTHER_RULING
        name = f"{ArtefactKind.SIGNED}.{version}"
        told = self._authors.find_sealed_hash(newest.line, interview, name)
        if told != hashlib.sha256(row[0]).hexdigest():
            return OTHER_RULING
        flaw = self._authors.find_flaw(newest)
        return f"line {newest.line.number} of the audit trail {flaw}" if flaw else ""

    def _find_line(self, interview: str) -> ProvenLine | None:
        with self._rows.lock, map_storage_errors():
            return self._authors.refresh().find_ruling(interview)

    def _has_decided(self, interview: ArtefactHandle, sign_off: SignOff) -> bool:
        """Whether an officer who signed off ever wrote a decision in this interview."""
        with self._rows.lock, map_storage_errors():
            return self._is_officer(sign_off.by) and self._authors.has_decided(
                sign_off.by, interview.id
            )

    def _is_officer(self, slot: int) -> bool:
        return self._authors.people.roles.get(slot) is PersonRole.OFFICER
