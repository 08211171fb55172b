"""Destroying data for good: keys, rows, files, and what the disk still holds of them.

One person asks, another confirms, and then it goes in steps. The first is one transaction: the rows
and the sealed keys are gone from ``study.db``, and the trail's line says so. From there on nothing
of it can be read with the study, and whatever kills the program, the rest is finished when somebody
opens the study next: files are overwritten in their place and removed, new keys are made for what
is left and for everybody, the database is written anew, and its write-ahead file is overwritten.

A destruction never ends half: before the first step nothing has begun, after it everything is gone.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from study.artefact_kinds import ArtefactKind
from study.descriptors import sync_folder
from study.destruction import (
    Destruction,
    DestructionPart,
    DestructionState,
    GivenAway,
    LegalHold,
    Withdrawal,
    WithdrawalScope,
)
from study.errors import (
    DestructionFlaw,
    DestructionRefused,
    DiskFailed,
    DiskFull,
    HoldStands,
    StudyInUse,
    StudyUnwritable,
)
from study.permissions import DESTRUCTION_BEGUN, KEYS_RENEWED, PersonAction, is_permitted
from study.person_roles import PersonRole
from study.records import list_others
from study.store.consents import list_consents
from study.store.database import DATABASE, map_storage_errors
from study.store.destruction_checks import (
    ASKED_FOR,
    CONFIRMED,
    ENDED,
    LISTED,
    REFUSED,
    REPLACED,
    TAKEN_BACK,
    ToldDestruction,
    hash_destroyed,
    hash_listed,
    hash_order,
)
from study.store.disk import erase_file, map_os_errors, require_room
from study.store.hand_overs import MANIFEST_NAME
from study.store.interview_sound import (
    AUDIO_FOLDER,
    is_being_recorded,
    list_stretches,
    locate_sound_folder,
    locate_stretch,
)
from study.store.keys import READING_CLASSES, KeyClass
from study.store.people import list_people, replace_class_keys
from study.store.redaction import (
    list_unnamed_sound,
    settle_redacted_sound,
    write_redacted_sound,
)
from study.store.row_destruction import (
    drop_cases,
    drop_part,
    list_given_away,
    list_recorded,
    recall_copy,
    takes_names,
)
from study.store.study import HANDED_OVER_FOLDER, WHOLE_STUDY, Change, Interview, Study
from study.store.study_policy import read_study_policy
from study.store.trail import IntegrityFinding
from study.store.whole_study import drop_from_queue, write_withdrawals
from study.store.withdrawals import list_withdrawals
from study.typed_text import require_short

OLD_COPIES = "study.format-*.db"
_ID_BYTES, _SALT_BYTES = 4, 16
_ROOM_BYTES = 1024 * 1024


# Reading


def list_destructions(study: Study) -> tuple[Destruction, ...]:
    """Return everything that was asked for, oldest first, with what came of it.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    kind = tuple[Destruction, ...]
    return study.whole.read_artefact(ArtefactKind.DESTRUCTIONS, kind) or ()


def find_destruction(study: Study, name: str) -> Destruction:
    """Return the destruction of this id, or the newest about the participant of this code.

    Raises:
        DestructionRefused: there is none.
    """
    every = list_destructions(study)
    found = [one for one in every if name in {one.id, one.code} and name]
    if not found:
        raise DestructionRefused(DestructionFlaw.NO_REQUEST)
    return next((one for one in found if one.state is DestructionState.ASKED), found[-1])


def list_holds(study: Study) -> tuple[LegalHold, ...]:
    """Return the legal holds that stand.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    return study.whole.read_artefact(ArtefactKind.HOLDS, tuple[LegalHold, ...]) or ()


# Asking


def record_withdrawal(
    study: Study, code: str, scope: WithdrawalScope = WithdrawalScope.FURTHER
) -> None:
    """Record that a participant takes part in no further interviews; nothing is destroyed.

    scope: a wider one where there is nothing to destroy.

    Raises:
        DestructionRefused: they have withdrawn already.
        RoleForbids, KeyNotHeld: who is there may not record it.
    """
    if any((one.code, one.scope) == (code, scope) for one in list_standing_withdrawals(study)):
        raise DestructionRefused(DestructionFlaw.TWICE)
    with study.change("withdrawal recorded") as change:
        one = Withdrawal(code, scope, study.ring.slot, change.made_at, salt=_make_salt())
        write_withdrawals(change, (*list_withdrawals(study.whole), one))
        change.facts |= {"scope": scope.value, LISTED: hash_listed(one)}


def ask_destruction(
    study: Study,
    wanted: Destruction,
    scope: WithdrawalScope | None = None,
    *,
    because: str = "",
) -> Destruction:
    """Ask that something is destroyed; return it as it was entered.

    scope: of a withdrawal, which counts from this moment on, whoever confirms it later; None for
    what retention asks.

    Raises:
        DestructionRefused: there is nothing of it left, or somebody has asked for it already.
        HoldStands: a legal hold forbids it.
        TextTooLong: the reason is longer than a few sentences.
        RoleForbids, KeyNotHeld: who is there may not ask for it.
        StudyChanged: nobody has verified the study since it was changed outside Earshot.
    """
    study.require_permitted(PersonAction.ASK_DESTRUCTION)
    study.require_unchanged()
    require_short(because)
    wanted = replace(wanted, codes=_list_codes(study, wanted))
    _require_no_hold(study, wanted)
    _require_not_recording(study, wanted)
    if not wanted.parts and not wanted.cases:
        raise DestructionRefused(DestructionFlaw.NOTHING)
    open_ones = [d for d in list_destructions(study) if d.state is DestructionState.ASKED]
    if any((d.code, d.scope, d.parts) == (wanted.code, wanted.scope, wanted.parts)
           for d in open_ones):  # fmt: skip
        raise DestructionRefused(DestructionFlaw.ASKED_ALREADY)
    with study.change(ASKED_FOR) as change:
        made = replace(
            wanted, id=secrets.token_hex(_ID_BYTES), because=because, asked_by=study.ring.slot,
            asked_at=change.made_at, state=DestructionState.ASKED,
        )  # fmt: skip
        _write(change, (*list_destructions(study), made))
        if scope is not None:
            pending = tuple(dict.fromkeys(p.owner for p in made.parts))
            one = Withdrawal(
                made.code, scope, study.ring.slot, change.made_at, pending, made.id, _make_salt()
            )
            write_withdrawals(change, (*list_withdrawals(study.whole), one))
            change.facts[LISTED] = hash_listed(one)
        change.facts |= _tell(made)
    return made


def take_back_request(study: Study, name: str) -> Destruction:
    """Take back what was asked for, or refuse it, before it is confirmed.

    What stands there as confirmed, begun or done, and is not so by the trail, is taken back as
    well: somebody wrote it with a program of their own, and nothing of it is ever carried out.
    Of a withdrawal that came with it stays that they take part in no further interviews.

    Raises:
        DestructionRefused: it is not open any more.
        RoleForbids: who is there did not ask for it, and may not confirm anything.
    """
    wanted = find_destruction(study, name)
    told = _read_told(study).get(wanted.id)
    if wanted.state is not DestructionState.ASKED and not _is_falsely_advanced(wanted, told):
        raise DestructionRefused(DestructionFlaw.NO_REQUEST)
    # Of what nobody asked for, whoever might have asked for it says so.
    is_nobodys = told is None and is_permitted(study.role, PersonAction.ASK_DESTRUCTION)
    is_own = (told.asked_by if told else wanted.asked_by) == study.ring.slot
    verb = TAKEN_BACK if is_own or is_nobodys else REFUSED
    with study.change(verb) as change:
        refused = replace(
            wanted, state=DestructionState.REFUSED, ended_at=change.made_at,
            confirmed_by=study.ring.slot,
        )  # fmt: skip
        _replace(change, refused)
        if study.ring.holds(KeyClass.IDENTIFYING):
            _keep_further(change, {wanted.id})
        change.facts |= _tell(refused) | {"stood_as": wanted.state.value}
    return refused


def _is_falsely_advanced(one: Destruction, told: ToldDestruction | None) -> bool:
    """Whether a destruction stands as further than the trail says, and nothing of it is gone."""
    if one.state is DestructionState.REFUSED:
        return False
    if one.state is DestructionState.CONFIRMED and told is not None and told.may_begin:
        return told.order != hash_order(one)
    return told is None or not (told.is_begun or told.is_refused)


def may_confirm(study: Study, wanted: Destruction) -> bool:
    """Whether who is there may confirm it: another one than asked, or an owner who is alone.

    An owner is alone where nobody else could confirm, and the policy does not ask for two.
    """
    if not is_permitted(study.role, PersonAction.CONFIRM_DESTRUCTION):
        return False
    if wanted.asked_by != study.ring.slot:
        return True
    return not read_study_policy(study).two_to_destroy and not _others_confirm(study)


def _others_confirm(study: Study) -> bool:
    return any(
        is_permitted(person.role, PersonAction.CONFIRM_DESTRUCTION)
        for person in list_people(study)
        if not person.is_here and person.role is not PersonRole.RECOVERY
    )


def confirm_destruction(study: Study, name: str) -> Destruction:
    """Confirm what somebody asked for, and carry it out as far as the keys in use allow.

    name: its id, or the participant's code. What takes more keys is carried out when somebody who
    holds them opens the study.

    Raises:
        DestructionRefused: it is not open any more; who is there asked for it; another program
            works on the study.
        HoldStands: a legal hold was set meanwhile.
        RoleForbids: who is there may not confirm it.
        DiskFull, StudyUnwritable, DiskFailed: before the first step nothing was destroyed. After it
            the rest is done when the study is opened next.
    """
    study.require_permitted(PersonAction.CONFIRM_DESTRUCTION)
    study.require_unchanged()
    wanted = _find_asked(study, name)
    if not may_confirm(study, wanted):
        raise DestructionRefused(DestructionFlaw.OWN_REQUEST)
    if not _is_proven(study, wanted):
        raise DestructionRefused(DestructionFlaw.UNPROVEN)
    _require_no_hold(study, wanted)
    _require_not_recording(study, wanted)
    _require_room(study, wanted)
    with _alone(study):
        with study.change(CONFIRMED) as change:
            confirmed = replace(
                wanted, state=DestructionState.CONFIRMED, confirmed_by=study.ring.slot,
                confirmed_at=change.made_at,
            )  # fmt: skip
            _replace(change, confirmed)
            change.facts |= _tell(confirmed) | {"asked_by": wanted.asked_by}
        return _carry_out(study, confirmed)


def _find_asked(study: Study, name: str) -> Destruction:
    wanted = find_destruction(study, name)
    if wanted.state is not DestructionState.ASKED:
        raise DestructionRefused(DestructionFlaw.NO_REQUEST)
    return wanted


def _list_codes(study: Study, wanted: Destruction) -> tuple[str, ...]:
    """Return whom it concerns: everybody who was interviewed in what goes, not one alone."""
    owners = {part.owner for part in wanted.parts}
    others = {
        code
        for summary in study.summaries()
        if summary.id in owners and summary.about
        for code in list_others(summary.about.participants)
    }
    return tuple(sorted(others | {*wanted.codes}))


def _is_proven(study: Study, one: Destruction) -> bool:
    """Whether the trail says that it was asked for as it stands here, and came as far as this."""
    told = _read_told(study).get(one.id)
    if one.state is DestructionState.REFUSED:  # also what was found as nobody had asked for it
        return told is None or told.is_refused
    if told is None or (told.asked_by, told.order) != (one.asked_by, hash_order(one)):
        return False
    if one.state in {DestructionState.BEGUN, DestructionState.ENDED}:
        is_ended = one.state is DestructionState.ENDED
        is_there = told.is_begun and told.is_ended is is_ended
        return is_there and told.items == hash_destroyed(one)
    return told.may_begin if one.state is DestructionState.CONFIRMED else told.may_be_confirmed


def _read_told(study: Study) -> dict[str, ToldDestruction]:
    """Return what the trail says of each destruction, by its id."""
    with study.lock, map_storage_errors():
        return study.authors.refresh().destructions.told


def verify_destruction_rows(study: Study) -> list[IntegrityFinding]:
    """Return a finding for each destruction that the trail does not tell of as it stands.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    every = list_destructions(study)
    flaws = {one.id: _FALSE for one in every if not _is_proven(study, one)}
    flaws |= dict.fromkeys(_read_told(study).keys() - {one.id for one in every}, "is missing")
    return [IntegrityFinding(f"{DATABASE} (destruction {n})", what) for n, what in flaws.items()]


_FALSE = "is not what was asked for and confirmed"


def _is_held(study: Study, one: Destruction) -> bool:
    try:
        _require_no_hold(study, one)
    except HoldStands:
        return True
    return False


def _require_no_hold(study: Study, wanted: Destruction) -> None:
    about = {wanted.code, *wanted.codes}
    for hold in list_holds(study):
        if not hold.code or hold.code in about:
            raise HoldStands(hold.name, hold.at[:10])


def _require_not_recording(study: Study, wanted: Destruction) -> None:
    if any(is_being_recorded(Interview(study, part.owner)) for part in wanted.parts):
        raise DestructionRefused(DestructionFlaw.RECORDING)


def _require_room(study: Study, wanted: Destruction) -> None:
    """Refuse to begin where the disk could be full before the end.

    The database is written anew through its write-ahead file, and so is what is left of sound.
    """
    size = _ROOM_BYTES + 3 * _measure(study.folder / DATABASE)
    for part in wanted.parts:
        if part.speaker and part.sound:
            folder = locate_sound_folder(Interview(study, part.owner))
            size += sum(_measure(path) for path in folder.glob("*.sealed"))
    require_room(study.folder, size)


def _measure(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_size
    return 0


@contextlib.contextmanager
def _alone(study: Study) -> Generator[None]:
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(study.held_alone())
        except StudyInUse as used:
            raise DestructionRefused(DestructionFlaw.IN_USE) from used
        yield


# Carrying it out


def finish_destructions(study: Study) -> list[Destruction]:
    """Finish what was confirmed and not carried out to its end; return what was found.

    What takes keys or a role that are not there, a disk that is full, or a study that another
    process has open, waits for the next time.
    """
    _settle_strays(study)
    may_not = not is_permitted(study.role, PersonAction.DESTROY)
    if may_not or study.is_read_only or study.is_changed or not study.ring.holds(KeyClass.CLEAN):
        return []
    _settle_withdrawals(study)
    found = [one for one in list_destructions(study) if one.is_open]
    done: list[Destruction] = []
    for one in found:
        if not _is_proven(study, one):
            continue  # ``log verify`` names it
        is_begun = one.state is DestructionState.BEGUN
        if not is_begun and (_is_held(study, one) or not _can_begin(study, one)):
            continue
        waits = contextlib.suppress(DiskFull, DiskFailed, StudyUnwritable, StudyInUse)
        with waits, study.held_alone():
            _require_room(study, one)
            done.append(_carry_out(study, one))
    return done


def _settle_strays(study: Study) -> None:
    """Name redacted sound that a killed process left without a name, whoever opens the study."""
    if study.is_read_only or study.is_changed or not list_unnamed_sound(study):
        return
    waits = contextlib.suppress(DiskFull, DiskFailed, StudyUnwritable, StudyInUse)
    with waits, study.held_alone():
        settle_redacted_sound(study)


def _settle_withdrawals(study: Study) -> None:
    """Write what stays of withdrawals whose destruction somebody without the key refused."""
    if not (
        study.ring.holds(KeyClass.IDENTIFYING)
        and is_permitted(study.role, PersonAction.KEEP_CONSENT)
    ):
        return
    refused = _list_refused(study, list_withdrawals(study.whole))
    for name in sorted(refused):
        waits = contextlib.suppress(DiskFull, DiskFailed, StudyUnwritable, StudyInUse)
        with waits, study.change("withdrawal recorded") as change:
            if kept := _keep_further(change, {name}):
                change.facts["scope"] = kept.scope.value


def _keep_further(change: Change, refused: set[str]) -> Withdrawal | None:
    """Keep of withdrawals whose destruction was refused that nobody is recorded again.

    Returns what is kept, None where the person stands in the list anyway.
    """
    every = list_withdrawals(change.study.whole)
    left = _narrow(every, refused)
    new = next((one for one in left if one not in every), None)
    if new is not None:
        salted = replace(new, salt=_make_salt())
        left = tuple(salted if one is new else one for one in left)
        change.facts[LISTED] = hash_listed(salted)
    write_withdrawals(change, left)
    return new


def _narrow(every: tuple[Withdrawal, ...], refused: set[str]) -> tuple[Withdrawal, ...]:
    """Return withdrawals, with no more than that they take part no further for a refused one."""
    left = list[Withdrawal]()
    others = {one.code for one in every if one.destruction not in refused}
    for one in every:
        if one.destruction not in refused or one.scope is WithdrawalScope.FURTHER:
            left.append(one)
        elif one.code not in others:
            others.add(one.code)
            left.append(replace(one, scope=WithdrawalScope.FURTHER, pending=()))
    return tuple(left)


def list_standing_withdrawals(study: Study) -> tuple[Withdrawal, ...]:
    """Return who has withdrawn; where the destruction was refused, from further interviews alone.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    every = list_withdrawals(study.whole)
    return _narrow(every, _list_refused(study, every))


def _list_refused(study: Study, every: tuple[Withdrawal, ...]) -> set[str]:
    """Return the refused destructions that withdrawals still stand with in their whole scope."""
    asked = {one.destruction for one in every if one.scope is not WithdrawalScope.FURTHER} - {""}
    if not asked or not study.ring.holds(KeyClass.CLEAN):
        return set()
    told = _read_told(study)
    return {
        one.id
        for one in list_destructions(study)
        if one.id in asked
        and one.state is DestructionState.REFUSED
        and one.id in told
        and told[one.id].is_refused
    }


def _can_begin(study: Study, wanted: Destruction) -> bool:
    """Whether the keys in use suffice: what is left of an interview is sealed anew with them."""
    takes_keys = any(part.speaker or takes_names(part) for part in wanted.parts)
    return not takes_keys or _holds_everything(study)


def _holds_everything(study: Study) -> bool:
    return all(study.ring.holds(one) for one in READING_CLASSES)


def _carry_out(study: Study, one: Destruction) -> Destruction:
    if one.state is DestructionState.CONFIRMED:
        if not _can_begin(study, one):
            return one
        if not _is_proven(study, one):
            raise DestructionRefused(DestructionFlaw.UNPROVEN)
        _require_no_hold(study, one)
        one = _begin(study, one)
    settle_redacted_sound(study)
    _erase_files(study, one)
    if not _holds_everything(study):
        study.compact()
        return one  # who holds the other keys finishes it
    one = _renew_keys(study, one)
    study.compact()
    with study.change(ENDED) as change:
        ended = replace(one, state=DestructionState.ENDED, ended_at=change.made_at)
        _replace(change, ended)
        change.facts |= _tell(ended) | {"keys_renewed": int(ended.keys_renewed)}
    study.checkpoint()
    return ended


def _begin(study: Study, one: Destruction) -> Destruction:
    """Take the rows and the sealed keys out of the database, in one transaction."""
    for part in one.parts:
        if part.sound:  # refused before anything is gone
            locate_sound_folder(Interview(study, part.owner))
    sounds = {
        part.owner: made
        for part in one.parts
        if part.speaker and part.sound
        and (made := write_redacted_sound(Interview(study, part.owner), part.speaker))
    }  # fmt: skip
    try:
        with study.change(DESTRUCTION_BEGUN) as change:
            given = list_given_away(study, one.parts)
            items = [item for part in one.parts for item in drop_part(change, part, sounds)]
            if one.cases:
                drop_cases(change, one.code)
            begun = replace(
                one, state=DestructionState.BEGUN, begun_at=change.made_at,
                destroyed=tuple(items), given_away=given,
                copies=(*one.copies, *(recall_copy(g) for g in given)),
            )  # fmt: skip
            _replace(change, begun)
            change.facts |= _tell(begun)
    finally:
        study.rows.forget()
        settle_redacted_sound(study)
    return begun


def _erase_files(study: Study, one: Destruction) -> None:
    """Overwrite and remove the files of what is gone, and old copies of the study."""
    for part in one.parts:
        interview = Interview(study, part.owner)
        if part.sound:
            kept = {locate_stretch(interview, row.number) for row in list_stretches(interview)}
            _erase_folder(locate_sound_folder(interview), partial(_is_not_of, kept))
    _erase_hand_overs(study, one)
    for path in sorted(study.folder.glob(OLD_COPIES)):
        erase_file(path)


def list_shared_hand_overs(study: Study, parts: Iterable[DestructionPart]) -> tuple[str, ...]:
    """Return the labels of other interviews in hand-overs that go from the study's own folder.

    parts: what goes. A hand-over goes as a whole; what else was in it is not destroyed.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    parts = tuple(parts)
    owners = {part.owner for part in parts}
    gone = {given.hand_over.fingerprint for given in list_given_away(study, parts)}
    if not gone:
        return ()
    here = gone & {_hash(folder / MANIFEST_NAME) for folder in _list_plain_folders(study.folder)}
    return tuple(
        summary.label
        for summary in study.summaries()
        if here
        and summary.id not in owners
        and any(one.fingerprint in here for one in list_recorded(study, summary.id))
    )


def list_hand_overs_here(study: Study, given: Iterable[GivenAway]) -> tuple[str, ...]:
    """Return the folders in the study's own one that hold files of these hand-overs, sorted.

    Each is given as below the study's folder, "" for that folder itself.
    """
    given = tuple(given)
    fingerprints = {one.hand_over.fingerprint for one in given}
    digests = {digest for one in given for digest in one.hand_over.files.values()}
    audio = study.folder / AUDIO_FOLDER
    found = [
        folder.relative_to(study.folder).as_posix().removeprefix(".")
        for folder in (_list_plain_folders(study.folder) if given else ())
        if _hash(folder / MANIFEST_NAME) in fingerprints
        or (not folder.is_relative_to(audio) and any(_find_loose(folder, digests)))
    ]
    return tuple(found)


def _erase_hand_overs(study: Study, one: Destruction) -> None:
    """Erase hand-overs of what is gone, wherever in the study's folder somebody has put them.

    A folder is known by its list of checksums, which goes last, so that an erasing that was killed
    finds it again. Where the list is gone the files are known by the hashes in the record.
    """
    fingerprints = {given.hand_over.fingerprint for given in one.given_away}
    digests = {digest for given in one.given_away for digest in given.hand_over.files.values()}
    if not fingerprints:
        return
    audio = study.folder / AUDIO_FOLDER
    shared = {study.folder, study.folder / HANDED_OVER_FOLDER, audio}  # other things lie there, too
    folders = [
        folder for folder in _list_plain_folders(study.folder) if not folder.is_relative_to(audio)
    ]
    bundles = {folder for folder in folders if (folder / MANIFEST_NAME).is_file()} - shared
    for folder in folders:
        if _hash(folder / MANIFEST_NAME) in fingerprints:
            if folder in shared:
                _erase_listed(folder)
            else:
                _erase_folder(folder, lambda _: True)
        elif bundles.isdisjoint({folder, *folder.parents}):
            _erase_loose(folder, digests, shared)


def _erase_loose(folder: Path, digests: set[str], shared: set[Path]) -> None:
    """Erase files of a hand-over that lie in no folder with its list any more."""
    for path in _find_loose(folder, digests):
        erase_file(path)
    with map_os_errors():
        if folder not in shared and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _find_loose(folder: Path, digests: set[str]) -> Iterator[Path]:
    """Yield the files directly in a folder whose content a hand-over had."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_file() and not path.name.startswith(DATABASE) and _hash(path) in digests:
            yield path


def _list_plain_folders(top: Path) -> list[Path]:
    """Return a folder and every one below it, links left out."""
    return sorted(Path(found) for found, _, _ in os.walk(top, followlinks=False))


def _erase_listed(folder: Path) -> None:
    """Erase the files that a hand-over's list names, and the list after them."""
    listed = folder / MANIFEST_NAME
    names = [line.partition("  ")[2] for line in listed.read_text("utf-8").splitlines()]
    for name in (*names, f"{MANIFEST_NAME}.sig", MANIFEST_NAME):
        path = folder / name
        if name and path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            erase_file(path)


def _erase_folder(folder: Path, is_wanted: Callable[[Path], bool]) -> None:
    """Erase the wanted files of a folder, and the folder where nothing else is in it.

    A list of checksums goes after everything else that lies beside or below it.
    """
    if not folder.is_dir() or folder.is_symlink():
        return
    for path in sorted(folder.iterdir(), key=lambda path: (path.name == MANIFEST_NAME, path)):
        if path.is_dir() and not path.is_symlink():
            _erase_folder(path, is_wanted)
        elif is_wanted(path):
            erase_file(path)
    with map_os_errors():
        if not any(folder.iterdir()):
            folder.rmdir()
            sync_folder(folder.parent)


def _is_not_of(kept: set[Path], path: Path) -> bool:
    return path not in kept


def _hash(path: Path) -> str:
    with contextlib.suppress(OSError), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return ""


def _renew_keys(study: Study, one: Destruction) -> Destruction:
    """Make new keys for what is left of the same owners, and for everybody who opens the study.

    An old copy of a sealed key then opens nothing with the keys that are in use. Where somebody has
    no keys of their own yet (format 2), the class keys stay.
    """
    are_all_there = all(person.has_own_keys for person in list_people(study))
    before = study.ring
    try:
        with study.change(KEYS_RENEWED) as change:
            owners = dict.fromkeys(part.owner for part in one.parts)
            for owner in [*owners, *([WHOLE_STUDY] if one.cases else [])]:
                _renew_data_keys(change, owner)
            drop_from_queue(change, owners)
            left = (
                replace(w, pending=()) if w.destruction == one.id else w
                for w in list_withdrawals(study.whole)
            )
            write_withdrawals(change, tuple(left))
            renewed = replace(one, keys_renewed=are_all_there)
            _replace(change, renewed)
            change.facts["destruction"] = one.id
            if are_all_there:
                replace_class_keys(study, change)
    except BaseException:
        study.use_keys(before)
        study.rows.forget()
        raise
    study.rows.forget()
    return renewed


def _renew_data_keys(change: Change, owner: str) -> None:
    rows = change.study.db.execute(
        "SELECT class FROM data_key WHERE interview = ?", [owner]
    ).fetchall()
    for (name,) in rows:
        if owner == WHOLE_STUDY and name != KeyClass.CLEAN:
            continue  # attributes of participants lie under this one
        told = change.study.rows.renew_data_key(owner, KeyClass(name))
        change.facts |= {f"{owner}:{row}": digest for row, digest in told.items()}


# What a person still has to do


def settle_copy(study: Study, name: str, number: int) -> Destruction:
    """Tick off a copy that Earshot cannot reach, counted from 1.

    Raises:
        DestructionRefused: there is no such destruction or copy.
        RoleForbids: who is there may not.
    """
    one = find_destruction(study, name)
    if not 1 <= number <= len(one.copies):
        raise DestructionRefused(DestructionFlaw.NO_REQUEST)
    with study.change("outside copy settled") as change:
        copies = list(one.copies)
        copies[number - 1] = replace(
            copies[number - 1], settled_by=study.ring.slot, settled_at=change.made_at
        )
        settled = replace(one, copies=tuple(copies))
        _replace(change, settled)
        change.facts |= {"destruction": one.id, "copy": number}
    return settled


def set_hold(study: Study, code: str, because: str) -> LegalHold:
    """Forbid that anything of a participant is destroyed, "" for anything at all.

    Raises:
        DestructionRefused: nobody in the study has that code.
        TextTooLong: the reason is longer than a few sentences.
        RoleForbids, KeyNotHeld: who is there may not.
    """
    require_short(because)
    if code and code not in _list_known_codes(study):
        raise DestructionRefused(DestructionFlaw.UNKNOWN)
    with study.change("hold set") as change:
        slot, name = study.ring.slot, study.slot_name
        hold = LegalHold(code, because, slot, name, change.made_at, _make_salt())
        known = list_holds(study)
        _write_holds(change, (*(h for h in known if h.code != code), hold))
        change.facts[LISTED] = hash_listed(hold)
        for old in known:
            if old.code == code:
                change.facts[REPLACED] = hash_listed(old)
    return hold


def _list_known_codes(study: Study) -> set[str]:
    people = (s.about.participants for s in study.summaries() if s.about)
    known = {code for one in people for code in list_others(one)}
    known |= {record.code for record in list_consents(study)}
    return known | {one.code for one in (*list_withdrawals(study.whole), *list_destructions(study))}


def lift_hold(study: Study, code: str) -> None:
    """Lift a hold.

    Raises:
        DestructionRefused: there is none.
        RoleForbids: who is there may not.
    """
    known = list_holds(study)
    lifted = next((hold for hold in known if hold.code == code), None)
    if lifted is None:
        raise DestructionRefused(DestructionFlaw.NO_REQUEST)
    with study.change("hold lifted") as change:
        _write_holds(change, tuple(hold for hold in known if hold.code != code))
        change.facts[LISTED] = hash_listed(lifted)


def _make_salt() -> str:
    return secrets.token_hex(_SALT_BYTES)


# Writing


def _tell(one: Destruction) -> dict[str, str | int | float]:
    """Return what the trail says of it: nothing about anybody."""
    return {
        "destruction": one.id, "cause": one.cause.value, "scope": one.scope,
        "parts": len(one.parts), "destroyed": len(one.destroyed),
        "given_away": len(one.given_away),
        "items": hash_destroyed(one), "order": hash_order(one),
    }  # fmt: skip


def _replace(change: Change, one: Destruction) -> None:
    known = list_destructions(change.study)
    _write(change, tuple(one if old.id == one.id else old for old in known))


def _write(change: Change, every: tuple[Destruction, ...]) -> None:
    version = change.write_artefact(ArtefactKind.DESTRUCTIONS, every, owner=WHOLE_STUDY)
    change.drop_versions(ArtefactKind.DESTRUCTIONS, owner=WHOLE_STUDY, before=version)


def _write_holds(change: Change, every: tuple[LegalHold, ...]) -> None:
    version = change.write_artefact(ArtefactKind.HOLDS, every, owner=WHOLE_STUDY)
    change.drop_versions(ArtefactKind.HOLDS, owner=WHOLE_STUDY, before=version)
