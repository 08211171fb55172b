"""The papers of a destruction: its certificate, and a notice for each receiver of a hand-over.

Both are made from the study's record of it. They hold codes, labels, hashes and who in the study
did it; no words, and no participant's name.
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff.printed_sheet import PrintedTable, render_printed_sheet
from study import Destruction, DestructionCause, DestructionState, GivenAway, HandOver
from study.store import Study, list_hand_overs_inside, read_trail_head

RECALL_REASONS = {
    DestructionCause.WITHDRAWAL: "It has been withdrawn",
    DestructionCause.RETENTION: "It was destroyed here, as the study's retention plan requires",
    DestructionCause.MOVED: "It was moved to another study",
}
_MEANING = (
    "What is listed below cannot be read with this study any more. Its rows and its sealed keys"
    " were overwritten in their place, its files were overwritten and removed, the database was"
    " written anew. Each step counted as done only once the disk had confirmed that it was written."
)
_RENEWED = (
    "New keys were made for what is left of the same interviews, and for everybody who opens the"
    " study: an old copy of a sealed key opens nothing with the keys that are in use now."
)
_NOT_RENEWED = (
    "The keys of the study as a whole were not renewed: somebody has not opened it since it was"
    " brought up from an older format, or nobody who holds all keys has opened it since."
)
_FLASH = (
    "A disk that writes changed blocks elsewhere (SSD, stick, card, or a file system that copies"
    " on write) may keep old blocks that no program can reach. What they may hold is sealed. It"
    " could be opened only by somebody who reads the cells, finds the old sealed keys among them,"
    " and has a passphrase of that time. Only encrypting the whole disk from the beginning, or"
    " destroying it, rules that out."
)
_COPIES = (
    "A copy of the study that was made before (a backup, a disk image) still holds everything, and"
    " opens with the passphrases of that time. Earshot cannot reach copies: see the last table."
)


def render_destruction_certificate(study: Study, one: Destruction) -> bytes:
    """Return the certificate as a page to print, in HTML.

    Raises:
        StudyDamaged: the trail cannot be read.
    """
    names, inside = study.slot_names(), list_hand_overs_inside(study)
    about = f" of {one.code}" if one.code else ""
    notes = [
        f"{one.cause.value.capitalize()}{about}: {one.scope}. {_say_state(one)}",
        f"Asked for by {names.get(one.asked_by, '?')} on {one.asked_at}.",
        *([f"Confirmed by {names.get(one.confirmed_by, '?')} on {one.confirmed_at}."]
          if one.confirmed_at else []),
        *([f"Begun {one.begun_at}, finished {one.ended_at or 'not yet'}."] if one.begun_at else []),
    ]  # fmt: skip
    if one.begun_at:
        notes += [_MEANING, _RENEWED if one.keys_renewed else _NOT_RENEWED, _FLASH, _COPIES]
    notes += [f"Audit trail: {read_trail_head(study.db)}, destruction {one.id}."]
    tables = [
        PrintedTable(
            "What was destroyed",
            ("of", "what", "bytes", "SHA-256 as it lay sealed"),
            [(x.label, x.name, f"{x.size:,}", x.sha256 or "no file") for x in one.destroyed],
        ),
        PrintedTable(
            "Hand-overs in the study's own folder, overwritten and removed",
            ("of", "file", "SHA-256 of the file"),
            list(_list_erased(one, inside)) if one.begun_at else [],
        ),
        PrintedTable(
            "Handed over before, and not to be called back by Earshot",
            ("of", "to", "when", "for", "fingerprint"),
            [_row(given) for given in list_received(study, one)],
        ),
        PrintedTable(
            "For a person to deal with",
            ("", "what", "dealt with"),
            [
                (str(n), copy.what, f"{copy.settled_at[:10]} {names.get(copy.settled_by, '')}")
                for n, copy in enumerate(one.copies, 1)
            ],
        ),
    ]
    return render_printed_sheet(f"Certificate of destruction {one.id}", notes, tables)


def list_received(study: Study, one: Destruction) -> list[GivenAway]:
    """Return the hand-overs that somebody received: all but those that nobody was named for.

    What was written into the study's own folder for nobody went no further, as far as the study
    knows; it is destroyed with the rest.
    """
    inside = list_hand_overs_inside(study)
    return [
        given
        for given in one.given_away
        if given.hand_over.to or given.hand_over.fingerprint not in inside
    ]


def _list_erased(one: Destruction, inside: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    for given in one.given_away:
        if given.hand_over.fingerprint in inside:
            for name, sha256 in sorted(given.hand_over.files.items()):
                yield given.label, name, sha256


def _say_state(one: Destruction) -> str:
    return {
        DestructionState.ASKED: "Nobody has confirmed it yet: nothing is destroyed.",
        DestructionState.CONFIRMED: "Confirmed, and not carried out yet: nothing is destroyed.",
        DestructionState.BEGUN: "Destroyed; the clearing up is not finished.",
        DestructionState.ENDED: "Destroyed.",
        DestructionState.REFUSED: "Refused or taken back: nothing was destroyed.",
    }[one.state]


def _row(given: GivenAway) -> tuple[str, ...]:
    one = given.hand_over
    return given.label, one.to or "not named", one.at[:10], one.purpose, one.fingerprint


def render_recall_notice(given: GivenAway, cause: DestructionCause) -> bytes:
    """Return the notice that asks a receiver to delete what they were handed, in HTML.

    cause: why it was destroyed here.
    """
    one = given.hand_over
    sentences = list_recall_sentences(given.label, one, RECALL_REASONS[cause])
    notes = [*sentences, "Deleted on: ____________  Signed: ________"]
    files = PrintedTable("The files", ("name", "SHA-256"), sorted(one.files.items()))
    return render_printed_sheet(f"Please delete: interview {given.label}", notes, [files])


def list_recall_sentences(label: str, one: HandOver, reason: str) -> Iterator[str]:
    """Yield the sentences of a notice that calls a hand-over back.

    reason: a sentence that says why, without a full stop: one of ``RECALL_REASONS``, or what
    somebody typed.
    """
    yield f"To: {one.to or '(the receiver was not named)'}"
    yield f"On {one.at[:10]} you received files of interview {label}, fingerprint {one.fingerprint}"
    yield (
        f"{reason}. Please delete these files and every copy of them, take the"
        " interview out of your projects, and tell us when that is done:"
    )
