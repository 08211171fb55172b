"""Interviews on their way between studies, as a person does it: take in, say what came, move on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from anonymise import settle_arriving_replacements
from app.retention import ask_and_confirm, name_backups, name_shared_hand_overs
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
    TravelNote,
    no_report,
    no_stop,
)
from study.errors import ReceiptFlaw, ReceiptRefused
from study.store import (
    BackWork,
    ProvenRow,
    SentParcel,
    Study,
    TakenParcel,
    TurnConflict,
    TurnSide,
    hash_interview,
    list_destructions,
    require_not_lent,
    take_back_parcel,
    take_in_parcel,
)

_AFTER: dict[ParcelKind, str] = {
    ParcelKind.SENT: "The interviews here stay as they are.",
    ParcelKind.MOVED: (
        "They stay here until the receipt has come back: then they are destroyed here."
    ),
    ParcelKind.LENT: "Until they are back they can only be read here.",
    ParcelKind.BACK: "What was worked on goes back to the study that lent it.",
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
    lent = study.interview(interview)
    kind = ArtefactKind.PSEUDONYMS
    known = lent.read_artefact(kind, tuple[Pseudonym, ...]) or ()
    version = lent.find_newest_version(kind) + 1
    return settle_arriving_replacements(study, rows, version=version, known=known)


def describe_back(taken: TakenParcel, work: BackWork) -> Iterator[str]:
    """Say what came back of a loan."""
    yield f"Back from {taken.sender.name}: {', '.join(taken.labels)}."
    if taken.was_here:
        yield "It was taken back before; nothing was changed."
        return
    if work.turns or work.left:
        turns = "1 turn" if work.turns == 1 else f"{work.turns} turns"
        yield f"Taken into what was changed here: {turns}."
    yield f"Decisions that came with it: {work.decisions}."
    if work.left:
        yield f"Decisions that found no place: {work.left}. Search it again, and decide them."
    yield from list_withdrawn_there(taken.withdrawn)


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


def describe_taken(taken: TakenParcel, *, is_check: bool = False) -> Iterator[str]:
    """Say what a parcel holds, who sent it, and whom it tells to have withdrawn."""
    kind = taken.note.kind.value
    yield f"From {taken.sender.name}, {kind}: {', '.join(taken.labels) or 'no interview'}."
    size = f"{taken.sound_bytes / 1_000_000:,.1f} MB of sound"
    turns = "1 turn" if taken.turns == 1 else f"{taken.turns} turns"
    what = f"{turns}, {size}"
    if is_check:
        yield f"It is whole and as it was sealed: {what}. Nothing was taken in."
    elif taken.was_here:
        yield f"It was taken in before, and is as it was sealed: {what}."
    else:
        yield f"Taken in: {what}."
    would = "Would be recorded" if is_check else "Recorded"
    if taken.consents_new:
        yield f"{would} here for the first time: the consent of {', '.join(taken.consents_new)}."
    if taken.consents_replaced:
        codes = ", ".join(taken.consents_replaced)
        yield f"{would} here in place of an older record: the consent of {codes}."
    yield from list_withdrawn_there(taken.withdrawn)


def list_withdrawn_there(codes: tuple[str, ...]) -> Iterator[str]:
    """Say who has withdrawn in the other study, and here not, or not as far."""
    if codes:
        yield f"Withdrawn there and not here, or further there: {', '.join(codes)}."


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
        return waiting[-1]
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
