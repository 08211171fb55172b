"""Taking in what another study sent: checked to its end, then entered in one transaction.

Nothing of a parcel is in the study before its last byte was found as its sender signed it. Rows are
sealed anew under keys of this study; people of the other study keep numbers of their own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import msgspec

from study.artefact_kinds import ArtefactKind
from study.consent import ConsentRecord
from study.consent_gates import GatedAction
from study.destruction import WithdrawalScope
from study.edits import Edit
from study.errors import (
    OtherParcel,
    ParcelFlaw,
    ParcelForOther,
    ParcelFromStranger,
    ParcelRefused,
    ParcelUse,
    ReceiptFlaw,
    ReceiptRefused,
    Stopped,
    StudyDamaged,
    TakenInBefore,
)
from study.permissions import (
    CONSENT_RECORDED,
    INTERVIEW_RECEIVED,
    PARCEL_TAKEN_IN,
    PersonAction,
)
from study.person_roles import PersonRole
from study.records import Decision, InterviewDetails
from study.screen_text import sanitise_text
from study.store.arrived_sound import ARRIVED_AS, ArrivingSound, settle_arrived_sound
from study.store.artefact_keys import find_key_class
from study.store.consent_checks import find_consent_refusal, read_consents
from study.store.consents import (
    find_consent_owner,
    list_consents,
    read_consent,
    require_one_spelling,
)
from study.store.database import map_storage_errors
from study.store.interview_ids import generate_interview_id, is_interview_id
from study.store.interview_sound import CLOSED_STATE, CUT_STATE
from study.store.keys import KeyClass
from study.store.parcel_contents import (
    ENTERED_AT,
    OriginalTrail,
    ParcelManifest,
    ProvenRow,
    SenderTrail,
    ToldWithdrawal,
    TravellingConsent,
    TravellingInterview,
    TravellingRow,
    TravellingStretch,
    encode_content,
)
from study.store.parcel_file import ParcelReader
from study.store.schema import SCHEMA_FORMAT
from study.store.seal import seal_bytes
from study.store.sound_file import SoundReader
from study.store.sound_records import FileEnding
from study.store.study import (
    WHOLE_STUDY,
    Change,
    Study,
    check_new_interview,
)
from study.store.study_keys import find_trusted_study, read_opener
from study.store.trail_times import is_trail_time
from study.store.travels import note_travel, read_travels
from study.store.withdrawals import list_withdrawals, require_record_left
from study.tasks import ReportProgress, ShouldStop, TaskProgress, no_report, no_stop
from study.travel import FIRST_FOREIGN, ForeignPerson, ParcelKind, TravelNote, TrustedStudy

Settle = Callable[[Study, str, list[ProvenRow]], list[ProvenRow]]
"""Brings the replacements of the rows of an interview into line with those of the study."""

_PARCEL_ID = re.compile("[0-9a-f]{32}")
_LONGEST_NAME = 80  # characters of a name and the studies through which its work came
_USES = {ParcelKind.BACK: ParcelUse.BACK, ParcelKind.RECEIPT: ParcelUse.RECEIPT}
_HOW_IT_ENDS = {CLOSED_STATE: FileEnding.COMPLETE, CUT_STATE: FileEnding.TRUNCATED}


@dataclass(frozen=True, slots=True)
class TakenParcel:
    """A parcel that was read to its end. labels: of its interviews. withdrawn: told by the sender.

    withdrawn: the codes of who has withdrawn there, and not as far here. was_here: it was taken in
    before, and only read again. consents_new, consents_replaced: the codes of whom this study had
    no consent record, or an older one: it is entered, or would be. gone: the labels of what was
    taken in before, and has been destroyed or moved on since.
    """

    note: TravelNote
    sender: TrustedStudy
    labels: tuple[str, ...]
    turns: int
    sound_bytes: int
    withdrawn: tuple[str, ...] = ()
    was_here: bool = False
    consents_new: tuple[str, ...] = ()
    consents_replaced: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


class OpenedParcel:
    """A parcel from a trusted study, open to be read; nothing of it is in the study."""

    def __init__(self, study: Study, path: Path) -> None:
        """Read who sent what.

        Raises:
            NotAParcel, ParcelTooNew, ParcelCut, ParcelChanged, ParcelForOther,
            ParcelFromStranger, ParcelRefused: as their texts say.
            RoleForbids, KeyNotHeld, KeyUntrusted: who is there may not or cannot open any.
        """
        study.require_permitted(PersonAction.TAKE_IN)
        study.require_unchanged()
        self.study = study
        self.consents: list[ConsentRecord] = []  # proven, once it was checked
        self.records: dict[tuple[str, int], int] = {}  # of each stretch of sound
        self.reader = ParcelReader(path, read_opener(study))
        try:
            self.manifest = self.reader.read_message(ParcelManifest)
            if self.manifest.to != study.id:
                raise ParcelForOther
            card = self.manifest.sender
            sender = find_trusted_study(study, card.study)
            if sender is None or sender.card != card:
                raise ParcelFromStranger
            self.sender = sender
            ids = [one.id for one in self.manifest.interviews]
            is_ours = _PARCEL_ID.fullmatch(self.manifest.parcel) and all(map(is_interview_id, ids))
            if not is_ours or len(set(ids)) < len(ids):
                raise ParcelRefused(ParcelFlaw.IDS)
            if not is_trail_time(self.manifest.at):
                raise ParcelRefused(ParcelFlaw.TIMES)
        except BaseException:
            self.reader.close()
            raise

    def check(
        self,
        sound: ArrivingSound,
        report: ReportProgress = no_report,
        stop: ShouldStop = no_stop,
    ) -> str:
        """Check everything to the end; the sound is then written, without a name. Returns SHA-256.

        Raises:
            ParcelCut, ParcelChanged, ParcelRefused: as their texts say.
            DiskFull, StudyUnwritable, Stopped: nothing of it is left.
        """
        stretches: list[tuple[str, TravellingStretch]] = []
        for interview, _rows in self.read_interviews():
            stretches += [(interview.id, one) for one in interview.stretches]
        self.consents = list(self.read_consents())
        for owner, stretch in stretches:
            if stretch.frames:
                self._check_sound(sound, owner, stretch, report, stop)
        return self.reader.require_signed(self.sender.card.signs)

    def read_interviews(self) -> Iterator[tuple[TravellingInterview, list[ProvenRow]]]:
        """Yield each interview with its proven rows; begins with the first message again.

        Raises:
            ParcelCut, ParcelChanged, ParcelRefused: as their texts say.
        """
        self.reader.start_again()
        manifest = self.reader.read_message(ParcelManifest)
        trail = SenderTrail(manifest)
        for listed in manifest.interviews:
            interview = self.reader.read_message(TravellingInterview)
            if interview.id != listed.id:
                raise ParcelRefused(ParcelFlaw.DETAILS)
            rows = (self.reader.read_message(TravellingRow) for _ in range(interview.rows))
            proven = trail.prove_rows(interview, rows)
            about = find_details(proven)
            if (about.label, tuple(about.codes)) != (listed.label, listed.codes):
                raise ParcelRefused(ParcelFlaw.DETAILS)
            yield interview, proven

    def read_consents(self) -> Iterator[ConsentRecord]:
        """Yield the consent records, proven; call after all interviews were read.

        Raises:
            ParcelCut, ParcelChanged, ParcelRefused: as their texts say; one is of somebody who
                takes part in no interview of the parcel, or is there twice.
        """
        trail = SenderTrail(self.manifest)
        left = {code for one in self.manifest.interviews for code in one.codes}
        for _ in range(self.manifest.consents):
            record = trail.prove_consent(self.reader.read_message(TravellingConsent))
            if record.code not in left:
                raise ParcelRefused(ParcelFlaw.CONSENTS)
            left.remove(record.code)
            yield record

    def _check_sound(
        self,
        sound: ArrivingSound,
        owner: str,
        stretch: TravellingStretch,
        report: ReportProgress,
        stop: ShouldStop,
    ) -> None:
        def blocks() -> Iterator[bytes]:
            for block in self.reader.read_blocks(stretch.size):
                if stop():
                    raise Stopped
                report(TaskProgress(self.reader.done, self.reader.size))
                yield block

        path = sound.write(owner, stretch.number, blocks())
        try:
            with SoundReader(path, stretch.key) as reader:
                is_whole = (
                    reader.owner == owner
                    and reader.verify_records(stop) is _HOW_IT_ENDS.get(stretch.state)
                    and (reader.frames, reader.form.rate) == (stretch.frames, stretch.rate)
                )
                self.records[owner, stretch.number] = reader.records
        except (StudyDamaged, ValueError):
            is_whole = False
        if not is_whole:
            raise ParcelRefused(ParcelFlaw.SOUND)

    def close(self) -> None:
        """Close the file."""
        self.reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def require_use(parcel: OpenedParcel, use: ParcelUse) -> None:
    """Refuse a parcel of another kind than is asked for.

    Raises:
        OtherParcel: it is for something else.
        ParcelRefused: its kind and its interviews do not fit together.
    """
    found = _USES.get(parcel.manifest.kind, ParcelUse.RECEIVE)
    if found is not use:
        raise OtherParcel(found)
    if bool(parcel.manifest.interviews) is (use is ParcelUse.RECEIPT):
        raise ParcelRefused(ParcelFlaw.DETAILS)


@dataclass(frozen=True, slots=True)
class ParcelPeek:
    """What a parcel says of itself, before it is checked.

    labels: of its interviews; of a receipt, those that it is about and that are still here.
    """

    kind: ParcelKind
    sender: str
    labels: tuple[str, ...]


def peek_parcel(study: Study, path: Path) -> ParcelPeek:
    """Return what a parcel is for, from whom, and of which interviews.

    Raises:
        As ``OpenedParcel``.
    """
    with OpenedParcel(study, path) as parcel:
        manifest, name = parcel.manifest, parcel.sender.name
        if manifest.kind is not ParcelKind.RECEIPT:
            labels = tuple(one.label for one in manifest.interviews)
            return ParcelPeek(manifest.kind, name, labels)
        sent = find_note(study, manifest.answers, is_out=True)
        about = sent.interviews if sent and sent.kind is ParcelKind.MOVED else {}
        here = tuple(one.label for one in study.summaries() if one.id in about)
        return ParcelPeek(manifest.kind, name, here)


def find_details(rows: Iterable[ProvenRow]) -> InterviewDetails:
    """Return the newest details of an interview that comes.

    Raises:
        ParcelRefused: it has none.
    """
    found = [one.content for one in rows if isinstance(one.content, InterviewDetails)]
    if not found:
        raise ParcelRefused(ParcelFlaw.DETAILS)
    return found[-1]


def take_in_parcel(
    study: Study,
    path: Path,
    settle: Settle,
    *,
    report: ReportProgress = no_report,
    stop: ShouldStop = no_stop,
) -> TakenParcel:
    """Take in the interviews of a parcel, all of them or none.

    A parcel that was taken in before is only checked again, so that its receipt can be written.

    Raises:
        As ``OpenedParcel`` and ``OpenedParcel.check``.
        TakenInBefore: an interview is or was here already.
        HasWithdrawn, ConsentError, BadName: as ``check_new_interview`` and the consent gates say.
        StudyInUse, DiskFull, StudyUnwritable: nothing was taken in.
    """
    settle_arrived_sound(study)  # of who was killed between entering and naming
    with OpenedParcel(study, path) as parcel, ArrivingSound(study) as sound:
        manifest = parcel.manifest
        require_use(parcel, ParcelUse.RECEIVE)
        known = find_note(study, manifest.parcel, is_out=False)
        if known is None:
            for listed in manifest.interviews:
                require_new(study, listed.id, listed.label)
        sha256 = parcel.check(sound, report, stop)
        if known is not None:
            if known.sha256 != sha256:
                raise ParcelRefused(ParcelFlaw.DETAILS)
            return describe_parcel(parcel, known, was_here=True)
        before = _find_new_consents(study, parcel.consents)
        with study.change(PARCEL_TAKEN_IN) as change:
            made = _enter_all(change, parcel, sha256, settle, sound.token)
            sound.is_entered = True
        sound.name_all()
        return _name_consents(describe_parcel(parcel, made), before)


def check_parcel(study: Study, path: Path, *, report: ReportProgress = no_report,
                 stop: ShouldStop = no_stop) -> TakenParcel:  # fmt: skip
    """Check a parcel to its end, and take in nothing.

    Raises:
        As ``take_in_parcel``, but for what is about this study's own interviews.
    """
    with OpenedParcel(study, path) as parcel, ArrivingSound(study) as sound:
        sha256 = parcel.check(sound, report, stop)
        manifest = parcel.manifest
        note = TravelNote(
            manifest.parcel, manifest.kind, manifest.sender.study, study.ring.slot, "",
            sha256, {one.id: "" for one in manifest.interviews},
        )  # fmt: skip
        was_here = find_note(study, manifest.parcel, is_out=False) is not None
        taken = describe_parcel(parcel, note, was_here=was_here)
        return taken if was_here else _name_consents(
            taken, _find_new_consents(study, parcel.consents))  # fmt: skip


def describe_parcel(
    parcel: OpenedParcel, note: TravelNote, *, was_here: bool = False
) -> TakenParcel:
    """Return what a person is told of a parcel."""
    manifest = parcel.manifest
    here = {summary.id for summary in parcel.study.summaries()} if was_here else set[str]()
    return TakenParcel(
        note,
        parcel.sender,
        tuple(one.label for one in manifest.interviews),
        sum(one.turns for one in manifest.interviews),
        sum(one.sound_bytes for one in manifest.interviews),
        list_untold_withdrawals(parcel.study, manifest.withdrawals),
        was_here,
        gone=tuple(one.label for one in manifest.interviews if was_here and one.id not in here),
    )


def list_untold_withdrawals(study: Study, told: Iterable[ToldWithdrawal]) -> tuple[str, ...]:
    """Return the codes of who has withdrawn elsewhere, and here not, or not as far."""
    here = {(one.code, one.scope.value) for one in list_withdrawals(study.whole)}
    whole = {code for code, scope in here if scope == WithdrawalScope.EVERYTHING}
    known = {code for s in study.summaries() if s.about for code in s.about.codes}
    missing = {
        one.code for one in told if (one.code, one.scope) not in here and one.code not in whole
    }
    return tuple(sorted(missing & known))


def find_note(study: Study, parcel: str, *, is_out: bool) -> TravelNote | None:
    """Return the note of a parcel that was sent, or taken in; None where there is none."""
    every = read_travels(study)
    return next((n for n in every if (n.parcel, n.is_out) == (parcel, is_out)), None)


def require_new(study: Study, interview: str, label: str) -> None:
    """Refuse an interview that is or was in the study.

    Raises:
        TakenInBefore: its id is in the list of interviews, or in the trail.
        ParcelRefused: its id is that of something else here.
    """
    with study.lock, map_storage_errors():
        is_here = study.db.execute("SELECT 1 FROM interview WHERE id = ?", [interview]).fetchone()
        is_owner = study.db.execute(
            "SELECT 1 FROM data_key WHERE interview = ? LIMIT 1", [interview]
        ).fetchone()
        was_here = study.db.execute(
            "SELECT 1 FROM trail WHERE interview = ? LIMIT 1", [interview]
        ).fetchone()
    if is_here or was_here:
        raise TakenInBefore(label, is_gone=not is_here)
    if is_owner:  # of a consent record or a note
        raise ParcelRefused(ParcelFlaw.IDS)


def _enter_all(
    change: Change, parcel: OpenedParcel, sha256: str, settle: Settle, token: str
) -> TravelNote:
    study, manifest = change.study, parcel.manifest
    numbers = enter_people(change, manifest, parcel.sender)
    for interview, proven in parcel.read_interviews():
        require_new(study, interview.id, find_details(proven).label)
        with change.write_about(INTERVIEW_RECEIVED, interview.id) as part:
            rows = settle(study, interview.id, name_people(proven, numbers))
            _enter(part, interview, rows, parcel)
            part.facts[ARRIVED_AS] = token
    for record in parcel.read_consents():
        _enter_consent(change, record)
    consents = read_consents(study)
    for listed in manifest.interviews:
        about = study.interview(listed.id).details
        refusal = find_consent_refusal(study, GatedAction.TAKE_IN, about, consents)
        if refusal is not None:
            raise refusal
    made = TravelNote(
        manifest.parcel, manifest.kind, manifest.sender.study, study.ring.slot,
        change.made_at, sha256, {one.id: "" for one in manifest.interviews},
    )  # fmt: skip
    note_travel(change, made)
    return made


def enter_people(change: Change, manifest: ParcelManifest, sender: TrustedStudy) -> dict[int, int]:
    """Enter the people of a parcel; return their numbers here by those at the sender.

    Who works in this very study is left out: nobody else says what they did. So is a code on paper.

    Raises:
        ParcelRefused: somebody signs with another key than before.
    """
    kind = tuple[ForeignPerson, ...]
    before = change.study.whole.read_artefact(ArtefactKind.FOREIGNERS, kind) or ()
    known = {(one.via, one.study, one.slot): one for one in before}
    numbers: dict[int, int] = {}
    for person in manifest.people:
        if person.study == change.study.id or person.role is PersonRole.RECOVERY:
            continue
        place = (manifest.sender.study, person.study, person.slot)
        found = known.get(place)
        if found is not None and found.signing != person.signing:
            raise ParcelRefused(ParcelFlaw.PEOPLE)
        number = found.number if found else FIRST_FOREIGN + len(known)
        name = f"{sanitise_text(person.name)[:_LONGEST_NAME]} ({sender.name})"
        known[place] = ForeignPerson(number, *place, name, person.role, person.signing)
        numbers[person.number] = number
    now = tuple(sorted(known.values(), key=lambda one: one.number))
    if now != before:
        change.write_artefact(ArtefactKind.FOREIGNERS, now, owner=WHOLE_STUDY)
    return numbers


def name_people(rows: Iterable[ProvenRow], numbers: Mapping[int, int]) -> list[ProvenRow]:
    """Return rows with the numbers that their authors have here.

    Raises:
        ParcelRefused: a row names somebody whom the parcel does not tell of, or one of this study.
    """
    named: list[ProvenRow] = []
    for one in rows:
        content = one.content
        if isinstance(content, Edit | Decision):
            if content.by not in numbers:
                raise ParcelRefused(ParcelFlaw.AUTHORS)
            content = replace(content, by=numbers[content.by])
        named.append(replace(one, content=content))
    return named


def _enter(
    part: Change, interview: TravellingInterview, rows: list[ProvenRow], parcel: OpenedParcel
) -> None:
    study, manifest = part.study, parcel.manifest
    about = find_details(rows)
    check_new_interview(study, about)
    require_one_spelling(study, about.codes)
    study.db.execute("INSERT INTO interview VALUES (?, ?)", [interview.id, interview.created_at])
    study.rows.make_data_keys(interview.id)
    newest = [one for one in rows if one.row.kind is ArtefactKind.ABOUT][-1]
    first = replace(newest, row=msgspec.structs.replace(
        newest.row, version=1, created_at=interview.created_at))  # fmt: skip
    others = [one for one in rows if one.row.kind is not ArtefactKind.ABOUT]
    for one in (first, *others):
        write_row(part, one)
    study.labels.note(interview.id, about.label)
    own = study.rows.get_data_key(interview.id, KeyClass.IDENTIFYING)
    for stretch in interview.stretches:
        bound = study.rows.bind_stretch_key(interview.id, stretch.number)
        study.db.execute(
            "INSERT INTO stretch VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [interview.id, stretch.number, stretch.created_at, stretch.state, stretch.frames,
             stretch.rate, seal_bytes(own, stretch.key, bound), stretch.size],
        )  # fmt: skip
        name = f"stretch.{stretch.number}"
        part.facts |= {
            f"{name}.frames": stretch.frames, f"{name}.bytes": stretch.size,
            f"{name}.records": parcel.records[interview.id, stretch.number],
            f"{name}.recorded_at": stretch.created_at,
        }  # fmt: skip
    part.facts[ENTERED_AT] = interview.created_at
    keep_original_trail(part, interview, manifest)


def keep_original_trail(
    part: Change, interview: TravellingInterview, manifest: ParcelManifest
) -> None:
    """Keep the sender's lines about an interview, and note which parcel it came with."""
    lines = {one.number: one for one in (*manifest.lines, *interview.lines)}
    kept = OriginalTrail(
        manifest.sender.study, manifest.parcel, manifest.people,
        tuple(lines[number] for number in sorted(lines)),
    )  # fmt: skip
    part.write_artefact(ArtefactKind.ORIGINAL_TRAIL, kept)
    part.facts |= {"parcel": manifest.parcel, "other": manifest.sender.study}


def write_row(part: Change, one: ProvenRow) -> None:
    """Seal a row under this study's keys, with its number and time, and tell the trail of it."""
    store, row, owner = part.study.rows, one.row, part.interview
    table, number = ("entry", row.number) if row.number else ("artefact", 0)
    bound = store.bind_row(
        table, owner, row.kind, row.version, number, row.created_at, one.counts, SCHEMA_FORMAT
    )
    key_class = find_key_class(row.kind)
    store.make_missing_data_key(owner, key_class)
    key = store.get_data_key(owner, key_class)
    sealed = seal_bytes(key, encode_content(one.content), bound)
    values = [owner, row.kind, row.version, *([number] if number else []), row.created_at,
              one.counts, sealed, SCHEMA_FORMAT]  # fmt: skip
    marks = ", ".join("?" * len(values))
    store.db.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - two constants
    part.facts[row.name] = hashlib.sha256(sealed).hexdigest()


def _enter_consent(change: Change, record: ConsentRecord) -> None:
    """Record here what somebody agreed to, unless this study has something newer of them."""
    study = change.study
    require_record_left(study.whole, record.code)
    require_one_spelling(study, [record.code])
    if not _is_news(read_consent(study, record.code), record):
        return
    with change.write_about(CONSENT_RECORDED, "") as part:
        kept = replace(record, by=study.ring.slot, at=change.made_at)
        owner = find_consent_owner(study, record.code) or generate_interview_id()
        part.write_artefact(ArtefactKind.CONSENT, kept, owner=owner)


def _is_news(known: ConsentRecord | None, record: ConsentRecord) -> bool:
    return known is None or not (known.at >= record.at or _is_same(known, record))


def _find_new_consents(study: Study, records: Iterable[ConsentRecord]) -> dict[str, bool]:
    """Return whose record a parcel brings, and whether this study has an older one of them."""
    known = {one.code: one for one in list_consents(study)}
    return {
        record.code: record.code in known
        for record in records
        if _is_news(known.get(record.code), record)
    }


def _name_consents(taken: TakenParcel, found: Mapping[str, bool]) -> TakenParcel:
    return replace(
        taken,
        consents_new=tuple(sorted(code for code, is_older in found.items() if not is_older)),
        consents_replaced=tuple(sorted(code for code, is_older in found.items() if is_older)),
    )


def _is_same(known: ConsentRecord, record: ConsentRecord) -> bool:
    return replace(known, by=record.by, at=record.at) == record


def take_in_receipt(study: Study, path: Path) -> tuple[TravelNote, tuple[str, ...]]:
    """Take in the receipt for a parcel that was sent; return the note of that parcel.

    Returns also the codes of who has withdrawn at the receiver, and here not, or not as far. A
    receipt that was taken in before says the same again.

    Raises:
        As ``OpenedParcel`` and ``OpenedParcel.check``.
        ReceiptRefused: it answers nothing that was sent to that study.
    """
    with OpenedParcel(study, path) as parcel, ArrivingSound(study) as sound:
        manifest = parcel.manifest
        require_use(parcel, ParcelUse.RECEIPT)
        sha256 = parcel.check(sound)
        sent = find_note(study, manifest.answers, is_out=True)
        if sent is None or sent.sha256 != manifest.answered:
            raise ReceiptRefused(ReceiptFlaw.UNSENT)
        if sent.study != manifest.sender.study:
            raise ReceiptRefused(ReceiptFlaw.OTHER)
        withdrawn = list_untold_withdrawals(study, manifest.withdrawals)
        if find_note(study, manifest.parcel, is_out=False) is None:
            with study.change(PARCEL_TAKEN_IN) as change:
                note_travel(change, TravelNote(
                    manifest.parcel, ParcelKind.RECEIPT, sent.study, study.ring.slot,
                    change.made_at, sha256, answers=sent.parcel,
                ))  # fmt: skip
        return sent, withdrawn
