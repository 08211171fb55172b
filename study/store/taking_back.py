"""Taking back what was lent: what was done there goes on from where it was when it left.

Nobody changes an interview that is lent, so its rows simply follow those that are here. Where the
loan was ended and somebody went on here, the two transcripts are compared turn by turn with the one
that was lent: what one side alone changed is taken, and a person decides what both changed. Nothing
that the borrower says of the time before the loan counts: that is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from study.artefact_facts import DecisionFacts
from study.artefact_kinds import ArtefactKind
from study.corrected_transcript import CorrectedTranscript, replay_edits
from study.decisions import pair_decisions
from study.edits import Edit, EditKind
from study.errors import BothChanged, NotLent, ParcelFlaw, ParcelRefused, ParcelUse
from study.permissions import INTERVIEW_BACK, LOAN_ENDED, PARCEL_TAKEN_IN
from study.records import Decision, Mentions, Pseudonym, Transcript, Turn
from study.store.arrived_sound import ArrivingSound
from study.store.database import map_storage_errors
from study.store.parcel_contents import ProvenRow, TravellingInterview, collect_rows
from study.store.sending import count_versions
from study.store.study import Change, Interview, Study
from study.store.study_keys import find_trusted_study
from study.store.taking_in import (
    OpenedParcel,
    Settle,
    TakenParcel,
    describe_parcel,
    enter_people,
    find_details,
    find_note,
    keep_original_trail,
    require_use,
    write_row,
)
from study.store.transcript_editor import write_correction_base
from study.store.transcripts import read_corrected_transcript, read_corrected_version
from study.store.travels import note_travel, read_travels
from study.tasks import ReportProgress, ShouldStop, no_report, no_stop
from study.travel import FIRST_FOREIGN, ForeignPerson, ParcelKind, TravelNote

_K = ArtefactKind
_WORKED_ON = frozenset({_K.RAW, _K.CORRECTED, _K.MENTIONS, _K.HINTS})


class TurnSide(StrEnum):
    """Whose version of a turn stands. The value is the word people type."""

    HERE = "here"
    THERE = "there"


@dataclass(frozen=True, slots=True)
class TurnConflict:
    """A turn that was changed on both sides, with what was split off it.

    key: of the turn as it was lent, 0 for what was put before the first. lent, here, there: the
    turns, () where they were removed. label: of the interview.
    """

    label: str
    key: int
    lent: tuple[Turn, ...]
    here: tuple[Turn, ...]
    there: tuple[Turn, ...]


ChooseSide = Callable[[TurnConflict], TurnSide | None]
"""Decides a turn; None leaves it undecided."""


@dataclass(frozen=True, slots=True)
class Loan:
    """An interview that is lent now: to which study, and since when."""

    label: str
    to: str
    since: str


@dataclass(slots=True)
class BackWork:
    """What came back. rows: that were taken as they are. turns: taken into what was changed here.

    decisions: that were taken. left: decisions that found no place, because of what was changed
    or decided here.
    """

    rows: int = 0
    turns: int = 0
    decisions: int = 0
    left: int = 0
    conflicts: list[TurnConflict] = field(default_factory=list[TurnConflict])


def list_loans(study: Study) -> list[Loan]:
    """Return the interviews that are lent now.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_entries``.
    """
    with study.lock, map_storage_errors():
        lent = study.authors.refresh().list_lent()
    found: list[Loan] = []
    for one in sorted(lent):
        note = _find_loan(study, one)
        other = find_trusted_study(study, note.study) if note else None
        name = other.name if other else "a study that is not trusted any more"
        found.append(Loan(study.interview(one).label, name, note.at if note else ""))
    return found


def end_loan(study: Study, interview: Interview) -> None:
    """End the loan of an interview that does not come back: it can be changed here again.

    Raises:
        NotLent: it is not lent.
        RoleForbids: who is there may not lend anything.
    """
    with study.lock, map_storage_errors():
        lent = study.authors.refresh().list_lent()
    if interview.id not in lent:
        raise NotLent(interview.label)
    with interview.change(LOAN_ENDED):
        pass


def _find_loan(study: Study, interview: str) -> TravelNote | None:
    """Return the note of the last loan of an interview that did not come back."""
    for note in reversed(read_travels(study)):
        if interview not in note.interviews:
            continue
        if note.kind is ParcelKind.BACK and not note.is_out:
            return None
        if note.kind is ParcelKind.LENT and note.is_out:
            return note
    return None


def compare_back(
    study: Study, path: Path, *, report: ReportProgress = no_report, stop: ShouldStop = no_stop
) -> list[TurnConflict]:
    """Return the turns that were changed on both sides; nothing is taken back.

    Raises:
        As ``take_back_parcel``, but for ``BothChanged``.
    """
    with OpenedParcel(study, path) as parcel, ArrivingSound(study) as sound:
        require_use(parcel, ParcelUse.BACK)
        parcel.check(sound, report, stop)
        if find_note(study, parcel.manifest.parcel, is_out=False) is not None:
            return []
        found: list[TurnConflict] = []
        for one, proven in parcel.read_interviews():
            loan = _require_loan(study, parcel, one, proven)
            if _is_changed_here(study, one.id, loan):
                merged = _merge(study.interview(one.id), loan.versions[one.id], proven)
                found += merged.list_conflicts()
        return found


def take_back_parcel(
    study: Study,
    path: Path,
    settle: Settle,
    choose: ChooseSide,
    *,
    report: ReportProgress = no_report,
    stop: ShouldStop = no_stop,
) -> tuple[TakenParcel, BackWork]:
    """Take back the interviews of a parcel, all of them or none.

    choose: decides each turn that was changed on both sides.

    Raises:
        As ``OpenedParcel`` and ``OpenedParcel.check``.
        NotLent: an interview is not lent to the study that sends it.
        BothChanged: turns were changed on both sides and are undecided.
        StudyInUse, DiskFull, StudyUnwritable: nothing was taken back.
    """
    with OpenedParcel(study, path) as parcel, ArrivingSound(study) as sound:
        require_use(parcel, ParcelUse.BACK)
        known = find_note(study, parcel.manifest.parcel, is_out=False)
        sha256 = parcel.check(sound, report, stop)
        if known is not None:
            if known.sha256 != sha256:
                raise ParcelRefused(ParcelFlaw.DETAILS)
            return describe_parcel(parcel, known, was_here=True), BackWork()
        work = BackWork()
        with study.change(PARCEL_TAKEN_IN) as change:
            people = _People(change, parcel)
            for one, proven in parcel.read_interviews():
                loan = _require_loan(study, parcel, one, proven)
                with change.write_about(INTERVIEW_BACK, one.id) as part:
                    _take_back(part, one, proven, loan, people, settle, choose, work)
                    keep_original_trail(part, one, parcel.manifest)
            if work.conflicts:
                raise BothChanged(len(work.conflicts))
            made = TravelNote(
                parcel.manifest.parcel, ParcelKind.BACK, parcel.manifest.sender.study,
                study.ring.slot, change.made_at, sha256,
                {one.id: "" for one in parcel.manifest.interviews},
            )  # fmt: skip
            note_travel(change, made)
        return describe_parcel(parcel, made), work


def _require_loan(
    study: Study, parcel: OpenedParcel, one: TravellingInterview, rows: Iterable[ProvenRow]
) -> TravelNote:
    loan = _find_loan(study, one.id)
    if loan is None or loan.study != parcel.manifest.sender.study:
        raise NotLent(find_details(rows).label)
    return loan


def _is_changed_here(study: Study, interview: str, loan: TravelNote) -> bool:
    now, then = count_versions(collect_rows(study, interview)), loan.versions[interview]
    kinds = {_K.RAW.value, _K.CORRECTED.value, _K.MENTIONS.value}
    return any(
        now.get(name, 0) != then.get(name, 0)
        for name in now.keys() | then.keys()
        if name.partition(".")[0] in kinds
    )


def _take_back(
    part: Change,
    one: TravellingInterview,
    proven: list[ProvenRow],
    loan: TravelNote,
    people: _People,
    settle: Settle,
    choose: ChooseSide,
    work: BackWork,
) -> None:
    study, then = part.study, loan.versions[one.id]
    interview = study.interview(one.id)
    is_changed = _is_changed_here(study, one.id, loan)
    new = [row for row in proven if row.row.kind in _WORKED_ON and _is_newer(row, then)]
    identities = [row for row in proven if row.row.kind is _K.PSEUDONYMS][-1:]
    named = [people.name(interview, row) for row in new]
    settled = settle(study, one.id, [*named, *identities]) if identities else named
    rows = [row for row in settled if row.row.kind is not _K.PSEUDONYMS]
    if is_changed:
        merged = _merge(interview, then, proven)
        _take_turns(part, interview, merged, choose, work)
        _take_decisions(part, interview, rows, work)
    else:
        for row in rows:
            write_row(part, row)
        work.rows += len(rows)
        work.decisions += sum(isinstance(row.content, Decision) for row in rows)
    for row in settled:
        before = interview.read_artefact(_K.PSEUDONYMS, tuple[Pseudonym, ...])
        if row.row.kind is _K.PSEUDONYMS and row.content != before:
            write_row(part, row)


def _is_newer(one: ProvenRow, then: Mapping[str, int]) -> bool:
    row = one.row
    if row.number:
        return row.number > then.get(f"{row.kind}.{row.version}", 0)
    return row.version > then.get(row.kind.value, 0)


class _People:
    """Says who here somebody is whom a row of a parcel names."""

    def __init__(self, change: Change, parcel: OpenedParcel) -> None:
        manifest = parcel.manifest
        self._study, self._sender = change.study, manifest.sender.study
        self._numbers = enter_people(change, manifest, parcel.sender)
        self._places = {p.number: (p.study, p.slot) for p in manifest.people}
        kind = tuple[ForeignPerson, ...]
        known = change.study.whole.read_artefact(_K.FOREIGNERS, kind) or ()
        self._known = {one.number: (one.study, one.slot) for one in known}

    def name(self, interview: Interview, one: ProvenRow) -> ProvenRow:
        """Return a row with the number that its author has here.

        What somebody else than the sender's people decided, before the loan or elsewhere, and a
        later search repeated, is taken as it stands here.

        Raises:
            ParcelRefused: it names somebody of this study as who did what is not here.
        """
        content = one.content
        if not isinstance(content, Edit | Decision):
            return one
        place = self._places.get(content.by)
        if isinstance(content, Decision) and place and place[0] != self._sender:
            for known in self._list_decisions(interview):
                is_same = (known.mention, known.verdict, known.at) == (
                    content.mention, content.verdict, content.at,
                )  # fmt: skip
                if is_same and self._locate(known.by) == place:
                    return replace(one, content=known)
        if content.by not in self._numbers:
            raise ParcelRefused(ParcelFlaw.AUTHORS)
        return replace(one, content=replace(content, by=self._numbers[content.by]))

    def _locate(self, by: int) -> tuple[str, int]:
        return self._known.get(by, (self._study.id, by))

    @staticmethod
    def _list_decisions(interview: Interview) -> Iterator[Decision]:
        for version in range(1, interview.find_newest_version(_K.MENTIONS) + 1):
            yield from interview.read_entries(_K.MENTIONS, Decision, version)


@dataclass(frozen=True, slots=True)
class _Merge:
    """Two transcripts that were made from one, each cut at the turns of that one."""

    label: str
    state: CorrectedTranscript
    lent: dict[int, tuple[Turn, ...]]
    here: dict[int, tuple[Turn, ...]]
    there: dict[int, tuple[Turn, ...]]

    def list_conflicts(self) -> list[TurnConflict]:
        """Return what was changed on both sides, and not to the same."""
        return [
            TurnConflict(self.label, key, was, here, there)
            for key, was, here, there in self._list_all()
            if here not in {was, there} and there != was
        ]

    def list_theirs(self) -> list[TurnConflict]:
        """Return what was changed there alone."""
        return [
            TurnConflict(self.label, key, was, here, there)
            for key, was, here, there in self._list_all()
            if here == was and there != was
        ]

    def _list_all(
        self,
    ) -> Iterator[tuple[int, tuple[Turn, ...], tuple[Turn, ...], tuple[Turn, ...]]]:
        for key in sorted({*self.lent, *self.here, *self.there}):
            yield key, self.lent.get(key, ()), self.here.get(key, ()), self.there.get(key, ())


def _merge(interview: Interview, then: Mapping[str, int], proven: Iterable[ProvenRow]) -> _Merge:
    lent, there = _read_lent(interview, then), _read_theirs(proven)
    here = read_corrected_transcript(interview)
    if lent is None or here is None or there is None:
        raise ParcelRefused(ParcelFlaw.DETAILS)
    keys = {turn.key for turn in lent.turns}
    cut = [_cut(state.turns, keys) for state in (lent, here, there)]
    return _Merge(interview.label, here, *cut)


def _read_lent(interview: Interview, then: Mapping[str, int]) -> CorrectedTranscript | None:
    if version := then.get(_K.CORRECTED.value, 0):
        edits = then.get(f"{_K.CORRECTED}.{version}", 0)
        return read_corrected_version(interview, version, edits)
    raw = interview.read_artefact(_K.RAW, Transcript, then.get(_K.RAW.value, 0))
    return CorrectedTranscript(raw) if raw else None


def _read_theirs(proven: Iterable[ProvenRow]) -> CorrectedTranscript | None:
    rows = list(proven)
    for kind in (_K.CORRECTED, _K.RAW):
        newest = [one for one in rows if one.row.kind is kind and not one.row.number][-1:]
        for one in newest:
            assert isinstance(one.content, Transcript)
            state = CorrectedTranscript(one.content, one.row.version)
            edits = [
                row.content
                for row in rows
                if isinstance(row.content, Edit) and row.row.version == one.row.version
            ]
            replay_edits(state, edits if kind is _K.CORRECTED else ())
            return state
    return None


def _cut(turns: Iterable[Turn], keys: set[int]) -> dict[int, tuple[Turn, ...]]:
    """Return the turns by the one that was lent; what is new belongs to the one before it."""
    cut: dict[int, list[Turn]] = {}
    at = 0
    for turn in turns:
        at = turn.key if turn.key in keys else at
        cut.setdefault(at, []).append(turn)
    return {key: tuple(found) for key, found in cut.items()}


def _take_turns(
    part: Change, interview: Interview, merged: _Merge, choose: ChooseSide, work: BackWork
) -> None:
    taken = merged.list_theirs()
    for conflict in merged.list_conflicts():
        side = choose(conflict)
        if side is None:
            work.conflicts.append(conflict)
        elif side is TurnSide.THERE:
            taken.append(conflict)
    if not taken or work.conflicts:
        return
    state, gone, turns = merged.state, list[int](), list[Turn]()
    next_key = state.next_key
    lent = {key for key in merged.lent if key}
    for one in taken:
        gone += [turn.key for turn in one.here if turn.key not in {t.key for t in one.there}]
        for turn in one.there:
            if turn.key in lent or turn.key in {t.key for t in one.here}:
                turns.append(turn)
            else:  # here that key may be another turn's
                turns.append(replace(turn, key=next_key))
                next_key += 1
    if not state.version:
        write_correction_base(part, interview, state.base)
    edit = Edit(EditKind.BACK, part.study.ring.slot, part.made_at, tuple(turns), tuple(gone))
    part.append_entry(_K.CORRECTED, edit)
    work.turns += len(taken)


def _take_decisions(
    part: Change, interview: Interview, rows: Iterable[ProvenRow], work: BackWork
) -> None:
    """Take decisions made there about mentions that are undecided here."""
    mentions = interview.read_artefact(_K.MENTIONS, Mentions)
    made = {
        row.content.mention: row.content
        for row in rows
        if isinstance(row.content, Decision) and row.content.by >= FIRST_FOREIGN
    }
    if mentions is None:
        work.left += len(made)
        return
    pairs = pair_decisions(mentions.mentions, interview.read_entries(_K.MENTIONS, Decision))
    waiting = {one.mention.key for one in pairs if one.decision is None}
    here = {one.mention.key: one.decision for one in pairs if one.decision is not None}
    undecided = len(waiting)
    for mention, decision in made.items():
        if mention not in waiting:
            known = here.get(mention)
            is_same = known is not None and (known.verdict, known.replacement) == (
                decision.verdict, decision.replacement,
            )  # fmt: skip
            work.left += not is_same
            continue
        undecided -= 1
        part.append_entry(_K.MENTIONS, decision, DecisionFacts(undecided))
        work.decisions += 1
