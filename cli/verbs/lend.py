"""``earshot lend``: an interview goes to another study, and can only be read here meanwhile."""

from __future__ import annotations

import argparse

from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from cli.verbs.send import add_parcel_arguments, send
from study import ParcelKind
from study.store import Study, end_loan, list_loans

_OVER = "The loan of {} is over: it can be changed here again."


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    add_parcel_arguments(parser)
    parser.add_argument(
        "--end",
        action="store_true",
        help="end the loan of these interviews, as when a laptop is lost: they can be changed again"
        " here, and what still comes back is compared turn by turn",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_study(arguments, console) as study:
        if not arguments.interviews and arguments.to is None and arguments.out is None:
            return _list(console, study)
        if arguments.end:
            ended = [study.interview(name) for name in arguments.interviews]
            for one in ended:
                end_loan(study, one)
            console.print_result(
                {"ended": [one.label for one in ended]},
                [_OVER.format(one.label) for one in ended],
            )
            return 0
        return send(arguments, console, study, ParcelKind.LENT)


def _list(console: Console, study: Study) -> int:
    loans = list_loans(study)
    if not loans:
        console.print_result([], ["Nothing is on loan."])
        return 0
    console.print_table(
        [{"label": o.label, "to": o.to, "since": o.since} for o in loans],
        ["interview", "lent to", "since"],
        [(o.label, o.to, o.since[:10]) for o in loans],
    )
    return 0


VERB = Verb(
    name="lend",
    summary="Lend interviews to another study: here they can only be read until they are back.",
    example="earshot lend office P07_i1 --to assistant.key --out P07_i1.parcel",
    run=_run,
    arguments=_arguments,
    leaves="The parcel opens in the study that it is sealed for, and nowhere else.",
)
