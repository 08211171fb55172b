"""``earshot receive``: check a parcel of another study, and take in what it holds."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from app import describe_taken, receive_parcel
from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import ParcelKind
from study.errors import ParcelExists
from study.store import Study, TakenParcel, check_parcel, send_receipt


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument("parcel", type=Path, metavar="PARCEL", help="the file that was sent")
    parser.add_argument(
        "--check", action="store_true", help="check it and show what it holds; take in nothing"
    )
    add_receipt_argument(parser)


def add_receipt_argument(parser: argparse.ArgumentParser) -> None:
    """Add the file of a receipt to a verb."""
    parser.add_argument(
        "--receipt", type=Path, metavar="FILE", help="write the receipt for the sender: a new file"
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_study(arguments, console) as study:
        if arguments.check:
            taken = check_parcel(study, arguments.parcel, report=console.show_progress)
        else:
            require_new_receipt(arguments.receipt)
            taken = receive_parcel(study, arguments.parcel, report=console.show_progress)
            write_receipt(study, taken, arguments.receipt)
        told = [*describe_taken(taken, is_check=arguments.check), *name_receipt(taken, arguments)]
        console.print_result(list_facts(taken), told)
        if taken.note.kind is ParcelKind.MOVED and not (arguments.check or arguments.receipt):
            console.say(
                "The sender keeps theirs until they have a receipt: receive the same parcel again"
                " with --receipt FILE."
            )
    return 0


def require_new_receipt(target: Path | None) -> None:
    """Refuse the file of a receipt before anything is taken in.

    Raises:
        ParcelExists: something is there.
    """
    if target is not None and os.path.lexists(target):
        raise ParcelExists


def write_receipt(study: Study, taken: TakenParcel, target: Path | None) -> None:
    """Write the receipt of a parcel, where somebody asked for one.

    Raises:
        ParcelExists: something is there.
    """
    if target is None:
        return
    try:
        send_receipt(study, taken.note, target)
    except FileExistsError as there:
        raise ParcelExists from there


def name_receipt(taken: TakenParcel, arguments: argparse.Namespace) -> list[str]:
    """Say to whom the receipt goes that was written, if one was."""
    return [f"Give the receipt to {taken.sender.name}."] if arguments.receipt else []


def list_facts(taken: TakenParcel) -> dict[str, object]:
    """Return what a script is told of a parcel."""
    return {
        "parcel": taken.note.parcel, "kind": taken.note.kind.value, "from": taken.sender.name,
        "interviews": taken.labels, "turns": taken.turns, "sound_bytes": taken.sound_bytes,
        "withdrawn": taken.withdrawn, "was_here": taken.was_here,
        "consents_new": taken.consents_new, "consents_replaced": taken.consents_replaced,
    }  # fmt: skip


VERB = Verb(
    name="receive",
    summary="Check a parcel of a trusted study to its last byte, and take in its interviews.",
    example="earshot receive office P07_i1.parcel --receipt P07_i1.receipt",
    run=_run,
    arguments=_arguments,
    leaves="A receipt holds ids and hashes, and the codes of who has withdrawn, sealed.",
)
