"""Whether a ruling counts by who made it: the trail's newest line about one must prove that.

The line must tell of this very ruling, and be signed by whom it names, whose role must allow
it. An officer must have decided nothing of what they sign off. The gate of the hand-over, the sheet
and the list of interviews ask here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from study.artefact_kinds import ArtefactKind
from study.artefacts import InterviewSummary
from study.errors import StudyDamaged
from study.person_roles import PersonRole
from study.records import InterviewDetails, LogLine, OfficerRuling, SignOff
from study.store.database import DATABASE, map_storage_errors
from study.store.decision_authors import read_standing_decisions
from study.store.entered_people import are_people_proven, hash_people
from study.store.keys import KeyClass
from study.store.sealed_rows import ArtefactHandle, RowContent, SealedRows
from study.store.trail import ProvenLine, TrailLine
from study.store.trail_authors import SENT_BACK, SIGNED_OFF, TrailAuthors

RULING_HASH = "ruling"  # a fact: SHA-256 of what is inside the seal, with a salt
OTHER_RULING = "the audit trail tells of another ruling"
_OTHER_AUTHOR = "it names somebody else than who wrote it in the audit trail"
_FALSE_DECISION = "a decision in it names somebody else than who made it"
_OTHER_PEOPLE = "who takes part, or in which role, is something else now"
_OWN_WORK = "who signed it off decided some of it"
_FEW = 10  # rulings that are read one by one
_VERBS = {OfficerRuling.SIGNED: SIGNED_OFF, OfficerRuling.SENT_BACK: SENT_BACK}


class ProvenRulings:
    """The rulings of an open study, as its trail proves them."""

    def __init__(self, rows: SealedRows, authors: TrailAuthors) -> None:
        self._rows, self._authors = rows, authors
        self._listed: dict[tuple[object, ...], bool] = {}

    def list_proven(self, summaries: Sequence[InterviewSummary]) -> frozenset[str]:
        """Return the ids of the interviews whose newest ruling counts, for the list of interviews.

        Whether the policy asked for a second person is not looked at. Each ruling is asked once, as
        long as nothing that it rests on changes.
        """
        ruled = [one for one in summaries if one.facts.sign_off]
        with self._rows.lock, map_storage_errors():
            authors = self._authors.refresh()
            lines = {one.id: authors.find_ruling(one.id) for one in ruled}
        asked = {one.id: _name_basis(one, lines[one.id]) for one in ruled}
        new = [one for one in ruled if asked[one.id] not in self._listed]
        reads_all = len(new) > _FEW and self._rows.ring.holds(KeyClass.CLEAN)
        contents = self._rows.read_newest_contents(ArtefactKind.SIGNED) if reads_all else {}
        names = self._read_slot_names() if new else {}
        for one in new:
            flaw = self._find_listed_flaw(one, lines[one.id], contents, names)
            self._listed[asked[one.id]] = not flaw
        return frozenset(one for one, basis in asked.items() if self._listed[basis])

    def _find_listed_flaw(
        self,
        summary: InterviewSummary,
        newest: ProvenLine | None,
        contents: Mapping[tuple[str, int], RowContent],
        names: Mapping[int, str],
    ) -> str:
        interview = ArtefactHandle(self._rows, summary.id)
        version = summary.versions.get(ArtefactKind.SIGNED, 0)
        if not self._rows.ring.holds(KeyClass.CLEAN):
            sealed_sha256 = self._hash_row(summary.id, version)
            return self._find_line_flaw(summary.id, version, sealed_sha256, newest)
        content = contents.get((summary.id, version)) or self._read_content(summary.id, version)
        if content is None:
            return OTHER_RULING
        sign_off = self._decode(summary.id, content)
        flaw = self._find_line_flaw(
            summary.id, version, content.sealed_sha256, newest
        ) or self._find_other_words(sign_off, content, newest, names)
        if not flaw:
            people = summary.versions.get(ArtefactKind.ABOUT, 0)
            flaw = self._find_other_people(interview, sign_off, summary.about, people)
        if flaw or not self._has_decided(interview, sign_off):
            return flaw
        return self.find_own_work(interview, sign_off)

    def find_flaw(self, interview: ArtefactHandle, sign_off: SignOff, version: int) -> str:
        """Return why a ruling does not count by who the trail says made it, "" where it does."""
        content = self._read_content(interview.id, version)
        if content is None:
            return OTHER_RULING
        about = (
            interview.read_artefact(ArtefactKind.ABOUT, InterviewDetails)
            if self._rows.ring.holds(KeyClass.IDENTIFYING)
            else None
        )
        newest = self._find_line(interview.id)
        return (
            self._find_line_flaw(interview.id, version, content.sealed_sha256, newest)
            or self._find_other_words(sign_off, content, newest, self._read_slot_names())
            or self._find_other_people(interview, sign_off, about)
        )

    def _find_other_words(
        self,
        sign_off: SignOff,
        content: RowContent,
        newest: ProvenLine | None,
        names: Mapping[int, str],
    ) -> str:
        """Return why a ruling is not the one that its line tells of, "" where it is.

        newest: the line of the trail about the newest ruling. names: of each slot, by its number.
        """
        if newest is None or not _is_told(content, newest.line):
            return OTHER_RULING
        slot = newest.line.slot
        if (sign_off.by, sign_off.slot_name) != (slot, names.get(slot, "")):
            return _OTHER_AUTHOR
        return "" if _VERBS[sign_off.ruling] == newest.line.verb else OTHER_RULING

    def _find_other_people(
        self,
        interview: ArtefactHandle,
        sign_off: SignOff,
        about: InterviewDetails | None,
        version: int = 0,
    ) -> str:
        """Return why a sign-off does not count by who takes part, "" where it does.

        about: the newest details of the interview, None where the keys do not open them. version:
        which one that is, 0 to look it up.
        """
        if not (sign_off.people_sha256 and self._rows.ring.holds(KeyClass.IDENTIFYING)):
            return ""
        is_same = about and hash_people(about, sign_off.salt) == sign_off.people_sha256
        is_proven = is_same and are_people_proven(interview, self._authors, version)
        return "" if is_proven else _OTHER_PEOPLE

    def _read_slot_names(self) -> dict[int, str]:
        with self._rows.lock, map_storage_errors():
            return dict(self._rows.db.execute("SELECT number, name FROM slot").fetchall())

    def _read_content(self, interview: str, version: int) -> RowContent | None:
        return self._rows.read_content(interview, ArtefactKind.SIGNED, version)

    @staticmethod
    def _decode(interview: str, content: RowContent) -> SignOff:
        try:
            return msgspec.json.decode(content.plain, type=SignOff)
        except ValueError as broken:
            where = f"{DATABASE} ({ArtefactKind.SIGNED} of interview {interview})"
            raise StudyDamaged(where) from broken

    def _hash_row(self, interview: str, version: int) -> str:
        with self._rows.lock, map_storage_errors():
            row = self._rows.db.execute(
                "SELECT sealed FROM artefact WHERE interview = ? AND kind = ? AND version = ?",
                [interview, ArtefactKind.SIGNED, version],
            ).fetchone()
        return hashlib.sha256(row[0]).hexdigest() if row else ""

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

    def _find_line_flaw(
        self, interview: str, version: int, sealed_sha256: str, newest: ProvenLine | None
    ) -> str:
        if newest is None or not sealed_sha256:
            return OTHER_RULING
        name = f"{ArtefactKind.SIGNED}.{version}"
        if self._authors.find_sealed_hash(newest.line, interview, name) != sealed_sha256:
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


def _name_basis(summary: InterviewSummary, line: ProvenLine | None) -> tuple[object, ...]:
    """Return what a ruling rests on: with anything else it has to be proved anew."""
    version = summary.versions.get(ArtefactKind.SIGNED, 0)
    people = summary.versions.get(ArtefactKind.ABOUT, 0)
    number = line.line.number if line else 0
    return summary.id, version, summary.sign_off_basis(), people, number


def _is_told(content: RowContent, line: TrailLine) -> bool:
    """Whether a ruling says what its line says: sealed anew, it could say something else."""
    told = line.facts.get(RULING_HASH)
    return told is None or told == hashlib.sha256(content.plain).hexdigest()
