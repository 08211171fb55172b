"""Sending interviews to another study, in one sealed file.

The trail tells of it before the file has its name, so that nothing arrives anywhere of which nobody
here knows; who is killed in between finds it again. Everything in it is as it was in one moment.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from study.consent_gates import GatedAction
from study.descriptors import sync_file, sync_folder
from study.errors import (
    HeldThere,
    InterviewLent,
    KeyUntrusted,
    NotLent,
    StillRecording,
    Stopped,
    StudyDamaged,
    StudyInUse,
)
from study.permissions import INTERVIEW_LENT, INTERVIEW_SENT, PARCEL_SENT, PersonAction
from study.plain_files import open_plain_file
from study.store.consent_checks import require_interview_consent
from study.store.consents import find_consent_owner
from study.store.database import map_storage_errors
from study.store.disk import (
    STAGING_PREFIX,
    give_free_name,
    is_given_up,
    map_os_errors,
    stage_file,
)
from study.store.interview_sound import (
    RECORDING_STATE,
    list_stretches,
    locate_stretch,
    require_whole,
)
from study.store.parcel_contents import (
    ListedInterview,
    ParcelManifest,
    ToldWithdrawal,
    TravellingRow,
    collect_consent,
    collect_interview,
    collect_people,
    collect_people_lines,
    collect_rows,
    hash_rows,
)
from study.store.parcel_file import ParcelWriter
from study.store.person_keys import PersonKeys
from study.store.study import Change, Interview, Study
from study.store.study_keys import (
    find_trusted,
    find_trusted_study,
    read_signer,
    read_study_card,
)
from study.store.transcripts import read_newest_transcript
from study.store.travels import note_travel, read_travels
from study.store.withdrawals import list_withdrawals
from study.tasks import ReportProgress, ShouldStop, TaskProgress, no_report, no_stop
from study.travel import ParcelKind, StudyCard, TravelNote, TrustedStudy

_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class SentParcel:
    """A parcel that was written: to whom, and which interviews."""

    note: TravelNote
    to: TrustedStudy
    labels: tuple[str, ...]


def send_interviews(
    study: Study,
    interviews: Sequence[Interview],
    card: StudyCard,
    target: Path,
    *,
    kind: ParcelKind = ParcelKind.SENT,
    report: ReportProgress = no_report,
    stop: ShouldStop = no_stop,
) -> SentParcel:
    """Seal interviews for another study into a new file; return what was sent.

    kind: SENT, MOVED or LENT; what the other study has lent goes BACK to it by itself.

    Raises:
        KeyUntrusted: the card is of no study that this one trusts.
        HeldThere: it is lent to a study that has had it.
        RoleForbids, KeyNotHeld, StudyChanged: who is there may not send it, or it was changed.
        ConsentError, HasWithdrawn: somebody in it does not allow it any more.
        InterviewLent, StillRecording, SoundIncomplete, StudyDamaged: as their texts say.
        FileExistsError: there is something at ``target``.
        DiskFull, StudyUnwritable, Stopped: nothing was written.
    """
    study.require_permitted(PersonAction.SEND)
    if kind is ParcelKind.LENT:
        study.require_permitted(PersonAction.TAKE_IN)
    study.require_unchanged()
    for one in interviews:  # before anything else, and also of what is only finished
        require_interview_consent(one, GatedAction.SEND)
    to, signer = find_trusted(study, card), read_signer(study)
    _remove_left_over(study, target.parent)
    begun = _finish_sending(study, interviews, to, target, {kind, ParcelKind.BACK})
    if begun is not None:
        return SentParcel(begun, to, tuple(one.label for one in interviews))
    for one in interviews:
        _require_sendable(study, one)
    lent = {one for one in interviews if is_lent_by(study, one.id, card.study)}
    if lent and (kind is ParcelKind.LENT or len(lent) < len(interviews)):
        raise NotLent(next(iter(lent)).label, is_mixed=True)
    kind = ParcelKind.BACK if lent else kind
    if kind is ParcelKind.LENT:
        _require_new_there(study, interviews, card.study)
    verb = INTERVIEW_LENT if kind is ParcelKind.LENT else INTERVIEW_SENT
    parcel = _Parcel(study, interviews, to, kind, report, stop)

    def note(change: Change, sha256: str) -> TravelNote:
        for one in interviews:
            if parcel.states[one.id] != hash_interview(study, one):
                raise StudyInUse  # somebody changed it while it was written
            with change.write_about(verb, one.id) as part:
                part.facts |= {"parcel": parcel.id, "to": to.card.study}
        versions = parcel.versions if kind is ParcelKind.LENT else {}
        return TravelNote(
            parcel.id, kind, to.card.study, study.ring.slot, change.made_at, sha256,
            parcel.states, versions=versions, is_out=True,
        )  # fmt: skip

    made = _write(parcel, target, signer, note)
    return SentParcel(made, to, tuple(one.label for one in interviews))


def send_receipt(study: Study, taken: TravelNote, target: Path) -> None:
    """Write the receipt for a parcel that was taken in: a small parcel, sealed for its sender.

    Raises:
        KeyUntrusted: the study does not trust the sender any more.
        FileExistsError, DiskFull, StudyUnwritable: nothing was written.
    """
    study.require_permitted(PersonAction.TAKE_IN)
    study.require_unchanged()
    trusted, signer = find_trusted_sender(study, taken.study), read_signer(study)
    parcel = _Parcel(study, (), trusted, ParcelKind.RECEIPT, no_report, no_stop)
    parcel.answers, parcel.answered = taken.parcel, taken.sha256

    def note(change: Change, sha256: str) -> TravelNote:
        return TravelNote(
            parcel.id, ParcelKind.RECEIPT, taken.study, study.ring.slot, change.made_at,
            sha256, answers=taken.parcel, is_out=True,
        )  # fmt: skip

    _remove_left_over(study, target.parent)
    _write(parcel, target, signer, note)


def _write(
    parcel: _Parcel,
    target: Path,
    signer: PersonKeys,
    note: Callable[[Change, str], TravelNote],
) -> TravelNote:
    """Write a parcel beside its place, note it, and give it its name.

    In this order: a file that has its name is known here, so its receipt and what comes back of it
    are. Who is killed before it has its name finds it again by the name of its folder.
    """
    study = parcel.study
    if os.path.lexists(target):
        raise FileExistsError(target)
    with stage_file(target, replaces=False, token=f"{study.id}-{parcel.id}") as staged:
        with ParcelWriter(staged, parcel.to.card.opens) as writer:
            parcel.write(writer)
            sha256 = writer.end(signer)
        with map_os_errors():
            sync_file(staged)
            sync_folder(staged.parent)
        with study.change(PARCEL_SENT) as change:
            made = note(change, sha256)
            note_travel(change, made)
    return made


def _list_left_over(study: Study, folder: Path) -> Iterator[tuple[Path, TravelNote | None]]:
    """Yield what a killed process of this study wrote into a folder, with its note if it has one.

    What a living process writes is not yielded.
    """
    before = f"{STAGING_PREFIX}{study.id}-"
    for left in sorted(folder.glob(f"{before}*")):
        if left.is_dir() and not left.is_symlink() and is_given_up(left):
            name = left.name.removeprefix(before)
            notes = (one for one in read_travels(study) if one.is_out and one.parcel == name)
            yield left, next(notes, None)


def _remove_left_over(study: Study, folder: Path) -> None:
    """Remove what is noted nowhere, and receipts, which are written anew."""
    for left, note in _list_left_over(study, folder):
        if note is None or note.kind is ParcelKind.RECEIPT:
            shutil.rmtree(left, ignore_errors=True)


def _finish_sending(
    study: Study, interviews: Sequence[Interview], to: TrustedStudy, target: Path,
    kinds: Collection[ParcelKind],
) -> TravelNote | None:  # fmt: skip
    """Name the parcel of a process that was killed after it had noted it; None where there is none.

    It is the one that is asked for: of these interviews, as they are now, to this study.
    """
    states = {one.id: hash_interview(study, one) for one in interviews}
    for left, note in _list_left_over(study, target.parent):
        staged = left / target.name
        is_it = note is not None and (note.study, note.interviews) == (to.card.study, states)
        if note is None or not is_it or note.kind not in kinds or not staged.is_file():
            continue
        with map_os_errors():
            _finish_naming(staged, target)
            left.rmdir()
            sync_folder(target.parent)
        return note
    return None


def _finish_naming(staged: Path, target: Path) -> None:
    """Give a parcel its name, which a killed process may have begun to do.

    Raises:
        FileExistsError: something else has it.
    """
    if os.path.lexists(target) and not target.is_symlink():
        if target.samefile(staged):  # it had both names
            staged.unlink()
            return
        if target.is_file() and not target.stat().st_size:  # it had only taken the name
            staged.replace(target)
            return
    give_free_name(staged, target)


def is_lent_by(study: Study, interview: str, other: str) -> bool:
    """Whether an interview of this study is lent to it by another one.

    It stays so after it was sent back: that parcel may be lost, and then it is sent back once more.
    """
    notes = [n for n in read_travels(study) if interview in n.interviews and n.study == other]
    came = [n for n in notes if not n.is_out]
    return bool(came) and came[-1].kind is ParcelKind.LENT


def find_trusted_sender(study: Study, other: str) -> TrustedStudy:
    """Return the trusted study of an id.

    Raises:
        KeyUntrusted: there is none.
    """
    found = find_trusted_study(study, other)
    if found is None:
        raise KeyUntrusted
    return found


def require_not_lent(study: Study, interview: Interview) -> None:
    """Refuse to send on or to destroy what is lent to another study.

    Raises:
        InterviewLent: it is.
    """
    with study.lock, map_storage_errors():
        lent = study.authors.refresh().list_lent()
    if interview.id in lent:
        raise InterviewLent(interview.label)


def _require_sendable(study: Study, interview: Interview) -> None:
    require_not_lent(study, interview)
    if any(row.state == RECORDING_STATE for row in list_stretches(interview)):
        raise StillRecording
    require_whole(interview)


def _require_new_there(study: Study, interviews: Iterable[Interview], other: str) -> None:
    """Refuse to lend what came here from that very study, which would not take it in again."""
    came = [n for n in read_travels(study) if n.study == other and not n.is_out]
    for one in interviews:
        if any(one.id in note.interviews for note in came):
            raise HeldThere(one.label)


def hash_interview(study: Study, interview: Interview) -> str:
    """Return the SHA-256 of what of an interview would travel now: its rows and its sound."""
    stretches = [(row.number, row.frames) for row in list_stretches(interview)]
    return hash_rows(collect_rows(study, interview.id), stretches)


class _Parcel:
    """Writes the messages of one parcel; what it read of each interview stands in ``states``."""

    def __init__(
        self,
        study: Study,
        interviews: Sequence[Interview],
        to: TrustedStudy,
        kind: ParcelKind,
        report: ReportProgress,
        stop: ShouldStop,
    ) -> None:
        self.id = secrets.token_hex(_ID_BYTES)
        self.states: dict[str, str] = {}
        self.versions: dict[str, dict[str, int]] = {}
        self.study, self.to, self.answers, self.answered = study, to, "", ""
        self._interviews, self._kind = interviews, kind
        self._report, self._stop = report, stop
        self._done, self._total = 0, 0

    def write(self, writer: ParcelWriter) -> None:
        """Write everything but the signature."""
        study = self.study
        with study.lock, map_storage_errors():
            study.db.execute("BEGIN")  # what is read until the end is of one moment
            try:
                listed = tuple(map(self._list, self._interviews))
                consents = self._find_consents()
                card = read_study_card(study)
                assert card is not None
                writer.write_message(
                    ParcelManifest(
                        self.id, self._kind, card, self.to.card.study, study.now(),
                        study.ring.slot, collect_people(study), collect_people_lines(study),
                        listed, len(consents), self._list_withdrawals(), self.answers,
                        self.answered,
                    )
                )  # fmt: skip
                for one in self._interviews:
                    self._write_rows(writer, one)
                for owner in consents:
                    writer.write_message(collect_consent(study, owner))
            finally:
                study.db.execute("COMMIT")
        if self._kind is ParcelKind.BACK:
            return
        self._total = sum(one.sound_bytes for one in listed)
        for one in self._interviews:
            self._write_sound(writer, one)

    def _list(self, interview: Interview) -> ListedInterview:
        summary = interview.summary
        source = read_newest_transcript(interview)
        size = sum(
            locate_stretch(interview, row.number).stat().st_size
            for row in list_stretches(interview)
            if row.frames and self._kind is not ParcelKind.BACK
        )
        codes = tuple(interview.details.codes)
        turns = len(source.transcript.turns) if source else 0
        return ListedInterview(interview.id, summary.label, codes, turns, size)

    def _find_consents(self) -> list[str]:
        codes = dict.fromkeys(code for one in self._interviews for code in one.details.codes)
        return [owner for code in codes if (owner := find_consent_owner(self.study, code))]

    def _list_withdrawals(self) -> tuple[ToldWithdrawal, ...]:
        return tuple(
            ToldWithdrawal(one.code, one.scope.value, one.at)
            for one in list_withdrawals(self.study.whole)
        )

    def _write_rows(self, writer: ParcelWriter, interview: Interview) -> None:
        rows = collect_rows(self.study, interview.id)
        stretches = [(row.number, row.frames) for row in list_stretches(interview)]
        self.states[interview.id] = hash_rows(rows, stretches)
        self.versions[interview.id] = count_versions(rows)
        made = collect_interview(self.study, interview, len(rows))
        if self._kind is ParcelKind.BACK:  # the lender has it
            made = msgspec.structs.replace(made, stretches=())
        writer.write_message(made)
        for row in rows:
            if self._stop():
                raise Stopped
            writer.write_message(row)

    def _write_sound(self, writer: ParcelWriter, interview: Interview) -> None:
        for row in list_stretches(interview):
            if not row.frames:
                continue
            path = locate_stretch(interview, row.number)
            try:
                file = open_plain_file(path)
            except OSError as gone:
                raise StudyDamaged(f"audio/{path.parent.name}/{path.name}") from gone
            with file, map_os_errors():
                while block := file.read(writer.block_bytes):
                    if self._stop():
                        raise Stopped
                    writer.write_block(block)
                    self._done += len(block)
                    self._report(TaskProgress(self._done, max(self._total, self._done)))


def count_versions(rows: Iterable[TravellingRow]) -> dict[str, int]:
    """Return the number of the newest version of each kind, and of each version's last entry.

    The latter stand behind a dot: ``corrected.1``.
    """
    counted: dict[str, int] = {}
    for row in rows:
        if row.number:
            name, number = f"{row.kind}.{row.version}", row.number
        else:
            name, number = row.kind.value, row.version
        counted[name] = max(counted.get(name, 0), number)
    return counted
