"""``earshot send``: seal interviews for another study, and settle its receipts."""

from __future__ import annotations

import argparse
from pathlib import Path

from app import describe_sent, describe_settled, destroy_moved
from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import DestructionState, ParcelKind
from study.errors import ParcelExists, SendIncomplete
from study.store import Study, read_card_file, send_interviews, take_in_receipt


def add_parcel_arguments(parser: argparse.ArgumentParser) -> None:
    """Add interviews, the receiver's key and the new file to a verb."""
    parser.add_argument(
        "interviews", nargs="*", metavar="INTERVIEW", help="their labels, ids or beginnings of ids"
    )
    parser.add_argument(
        "--to", type=Path, metavar="FILE", help="the public key of the study that receives them"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="the parcel: a new file")


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    add_parcel_arguments(parser)
    parser.add_argument(
        "--move",
        action="store_true",
        help="they are destroyed here once the receiver's receipt has come back",
    )
    parser.add_argument(
        "--receipt", type=Path, metavar="FILE", help="settle a receipt that came back"
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_study(arguments, console) as study:
        if arguments.receipt:
            return _settle(arguments.receipt, console, study)
        kind = ParcelKind.MOVED if arguments.move else ParcelKind.SENT
        return send(arguments, console, study, kind)


def send(arguments: argparse.Namespace, console: Console, study: Study, kind: ParcelKind) -> int:
    """Send the interviews that the command line names; return the exit code.

    Raises:
        SendIncomplete: an interview, the receiver or the file is not named.
        What ``send_interviews`` raises.
    """
    if not arguments.interviews or arguments.to is None or arguments.out is None:
        raise SendIncomplete
    interviews = [study.interview(name) for name in dict.fromkeys(arguments.interviews)]
    card = read_card_file(arguments.to)
    try:
        sent = send_interviews(
            study, interviews, card, arguments.out, kind=kind, report=console.show_progress
        )
    except FileExistsError as there:
        raise ParcelExists from there
    console.print_result(
        {"parcel": sent.note.parcel, "kind": sent.note.kind.value, "to": sent.to.name,
         "interviews": sent.labels},
        describe_sent(sent),
    )  # fmt: skip
    return 0


def _settle(path: Path, console: Console, study: Study) -> int:
    sent, withdrawn = take_in_receipt(study, path)
    done = destroy_moved(study, sent)
    lines = list(describe_settled(study, sent, done, withdrawn))
    if done is not None and done.state is DestructionState.ASKED:
        lines.append(f"Somebody else confirms it: `earshot withdraw STUDY {done.id} --confirm`.")
    console.print_result(
        {"parcel": sent.parcel, "kind": sent.kind.value, "withdrawn": withdrawn,
         "destruction": done.id if done else "", "state": done.state.value if done else ""},
        lines,
    )  # fmt: skip
    return 0


VERB = Verb(
    name="send",
    summary="Seal interviews for another study into one file, with sound, words and decisions.",
    example="earshot send field-1 P07_i1 --to office.key --out P07_i1.parcel",
    run=_run,
    arguments=_arguments,
    leaves="The parcel opens in the study that it is sealed for, and nowhere else.",
)
