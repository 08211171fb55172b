"""Interviews on their way between studies, as a person does it: take in, say what came, move on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from app.retention import ask_and_confirm, name_backups, name_shared_hand_overs
from app.withdrawal_text import describe_fully
from study import (
    ArtefactKind,
    Destruction,
    DestructionCause,
    DestructionPart,
    DestructionState,
    ParcelKind,
    Pseudonym,
    ReportProgress,
    ShouldStop,
    StudyCard,
    TravelNote,
    no_report,
    no_stop,
)
from study.errors import ParcelExists, ReceiptFlaw, ReceiptRefused
from study.store import (
    BackWork,
    ParcelPeek,
    ProvenRow,
    SentAway,
    SentParcel,
    Study,
    TakenParcel,
    TurnConflict,
    TurnSide,
    confirm_destruction,
    encode_card,
    find_trusted_study,
    hash_interview,
    list_destructions,
    may_confirm,
    require_not_lent,
    take_back_parcel,
    take_in_parcel,
    write_file_atomically,
)

_AFTER: dict[ParcelKind, str] = {
    ParcelKind.SENT: "These are copies: nothing changes here.",
    ParcelKind.MOVED: "Kept here until the receipt comes back, and then destroyed here.",
    ParcelKind.LENT: "Read-only here until the loan comes back.",
    ParcelKind.BACK: "It takes your corrections and decisions back; your own copy stays as it is.",
}
_CAME: dict[ParcelKind, str] = {
    ParcelKind.SENT: "Copied from",
    ParcelKind.MOVED: "Moved from",
    ParcelKind.LENT: "On loan from",
    ParcelKind.BACK: "Back from",
    ParcelKind.RECEIPT: "A receipt from",
}


def receive_parcel(
    study: Study, path: Path, *, report: ReportProgress = no_report, stop: ShouldStop = no_stop
) -> TakenParcel:
    """Take in the interviews of a parcel, with one replacement for each identity of the study.

    Raises:
        As ``take_in_parcel``.
    """
    return take_in_parcel(study, path, _settle, report=report, stop=stop)


def _settle(study: Study, interview: str, rows: list[ProvenRow]) -> list[ProvenRow]:
    from anonymise import settle_arriving_replacements  # the list asks this module as well

    del interview
    return settle_arriving_replacements(study, rows)


def take_back_loan(
    study: Study,
    path: Path,
    choose: Callable[[TurnConflict], TurnSide | None],
    *,
    report: ReportProgress = no_report,
    stop: ShouldStop = no_stop,
) -> tuple[TakenParcel, BackWork]:
    """Take back what was lent, with one replacement for each identity of the study.

    choose: decides each turn that was changed here and there.

    Raises:
        As ``take_back_parcel``.
    """
    return take_back_parcel(study, path, _settle_back, choose, report=report, stop=stop)


def _settle_back(study: Study, interview: str, rows: list[ProvenRow]) -> list[ProvenRow]:
    from anonymise import settle_arriving_replacements

    lent = study.interview(interview)
    kind = ArtefactKind.PSEUDONYMS
    known = lent.read_artefact(kind, tuple[Pseudonym, ...]) or ()
    version = lent.find_newest_version(kind) + 1
    return settle_arriving_replacements(study, rows, version=version, known=known)


def describe_back(taken: TakenParcel, work: BackWork) -> Iterator[str]:
    """Say what came back of a loan."""
    yield f"Back from {taken.sender.name}: {', '.join(taken.labels)}."
    if taken.was_here:
        yield "It was taken back before, so nothing was changed."
        return
    if work.turns:
        yield f"{_count(work.turns, 'turn')} brought up to date from there."
    if work.rows:
        yield "Every change made there is here now."
    if work.decisions:
        yield f"{_count(work.decisions, 'decision')} brought back."
    if not (work.rows or work.turns or work.decisions or work.left):
        yield "Nothing new came with it."
    if work.left:
        yield f"{_count(work.left, 'decision')} not brought back: the text here has changed."
        yield "Search the interview again, and decide what is left."
    yield from list_withdrawn_there(taken.withdrawn)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def describe_conflict(one: TurnConflict, number: str) -> Iterator[str]:
    """Show a turn that was changed here and there: as it was lent, as it is here, and there.

    number: of the turn as it stands here; "0" for what was put before the first.
    """
    yield f"{one.label}, before turn 1 (turn 0)" if number == "0" else f"{one.label}, turn {number}"
    for name, turns in (("lent", one.lent), ("here", one.here), ("there", one.there)):
        said = " / ".join(f"{turn.speaker}: {turn.text}" for turn in turns) or "(removed)"
        yield f"  {name:5}  {said}"


def describe_sent(sent: SentParcel) -> Iterator[str]:
    """Say what was sent to whom, and what becomes of it here."""
    yield f"Sealed for {sent.to.name}: {', '.join(sent.labels)}."
    yield _AFTER[sent.note.kind]


def describe_move(label: str, moved: SentAway) -> str:
    """Say that an interview was moved to another study, and waits for the receipt."""
    return (
        f"{label} was moved to {moved.study} on {moved.at[:10]}: kept here until their receipt"
        " is settled."
    )


def describe_taken(taken: TakenParcel, *, is_check: bool = False) -> Iterator[str]:
    """Say what a parcel holds, who sent it, and whom it tells to have withdrawn."""
    came = _CAME[taken.note.kind]
    yield f"{came} {taken.sender.name}: {', '.join(taken.labels) or 'no interview'}."
    what = _size_up(taken)
    if is_check:
        yield f"The parcel is whole and unchanged ({what}). Nothing has been taken in."
    elif taken.was_here:
        yield f"It was taken in before, so nothing was changed ({what})."
    else:
        yield f"Taken in: {what}."
    if is_check and taken.was_here:
        yield "It was taken in before."
    if taken.gone:
        labels = ", ".join(taken.gone)
        yield f"Not here any more, because it was destroyed or moved on since: {labels}."
    comes = "It brings" if is_check else "It brought"
    if taken.consents_new:
        yield f"{comes} consent records that are new here: {', '.join(taken.consents_new)}."
    if taken.consents_replaced:
        codes = ", ".join(taken.consents_replaced)
        yield f"{comes} newer consent records than those here: {codes}."
    yield from list_withdrawn_there(taken.withdrawn)


def describe_peek(peek: ParcelPeek) -> Iterator[str]:
    """Say what a loan that comes back or a receipt is about, before anything is done."""
    labels = ", ".join(peek.labels)
    if peek.kind is ParcelKind.RECEIPT:
        yield f"{_CAME[peek.kind]} {peek.sender}."
        goes = f"{labels} was moved. Settling it destroys what is still here." if labels else ""
        yield goes or "Nothing is here that it would destroy."
        return
    yield f"{_CAME[peek.kind]} {peek.sender}: {labels}."


def _size_up(taken: TakenParcel) -> str:
    words = _count(taken.turns, "turn") if taken.turns else "no transcript yet"
    sound = taken.sound_bytes / 1_000_000
    return f"{words}, {max(sound, 0.1):,.1f} MB of sound" if sound else f"{words}, no sound"


def write_card(path: Path, card: StudyCard) -> None:
    """Write the public key of a study to a new file.

    Raises:
        ParcelExists: something is there already.
        StudyUnwritable, DiskFull: the file cannot be written.
    """
    try:
        write_file_atomically(path, encode_card(card), replaces=False)
    except FileExistsError as there:
        raise ParcelExists from there


def describe_settled(
    study: Study, sent: TravelNote, done: Destruction | None, withdrawn: tuple[str, ...]
) -> Iterator[str]:
    """Say what a receipt settled: who has what was sent, and what was destroyed here."""
    other = find_trusted_study(study, sent.study)
    yield f"{other.name if other else 'The other study'} has taken in that parcel."
    yield from list_withdrawn_there(withdrawn)
    if done is not None:
        yield from describe_fully(done)
    elif sent.kind is ParcelKind.MOVED:
        yield "What was moved is no longer here."


def list_withdrawn_there(codes: tuple[str, ...]) -> Iterator[str]:
    """Say who has withdrawn in the other study, and here not, or not as far."""
    if codes:
        yield f"Withdrawn there, and not (or not as far) here: {', '.join(codes)}."


def destroy_moved(study: Study, sent: TravelNote) -> Destruction | None:
    """Ask that what was moved is destroyed here, and destroy it where who is there may confirm it.

    Returns None where nothing of it is left, or the parcel moved nothing.

    Raises:
        ReceiptRefused: an interview was changed after it was sent.
        InterviewLent: one is lent to a study since.
        HoldStands, DestructionRefused, RoleForbids: as ``ask_destruction``.
    """
    if sent.kind is not ParcelKind.MOVED:
        return None
    labels = {s.id: s.label for s in study.summaries() if s.id in sent.interviews}
    for one in labels:
        require_not_lent(study, study.interview(one))
        if hash_interview(study, study.interview(one)) != sent.interviews[one]:
            raise ReceiptRefused(ReceiptFlaw.CHANGED)
    if not labels:
        return None
    waiting = [one for one in list_destructions(study) if one.scope == _name_scope(sent)]
    if waiting and waiting[-1].state is DestructionState.ASKED:
        asked = waiting[-1]  # by somebody else, or by who was cut off before it was confirmed
        is_own = asked.asked_by == study.ring.slot and may_confirm(study, asked)
        return confirm_destruction(study, asked.id) if is_own else asked
    parts = tuple(
        DestructionPart(one, label, sound=True, whole=True) for one, label in labels.items()
    )
    copies = (name_backups(study), *name_shared_hand_overs(study, list(parts)))
    order = Destruction(
        "", DestructionCause.MOVED, _name_scope(sent), "", parts, study.ring.slot, "",
        copies=copies,
    )  # fmt: skip
    return ask_and_confirm(study, order)


def _name_scope(sent: TravelNote) -> str:
    return f"moved in parcel {sent.parcel[:8]}"
