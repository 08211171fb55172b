"""``earshot take-back``: what was lent comes back, with what was done to it there."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from app import describe_back, describe_conflict, take_back_loan
from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from cli.verbs.receive import (
    add_receipt_argument,
    list_facts,
    name_receipt,
    require_new_receipt,
    write_receipt,
)
from study import format_turn_key
from study.store import TurnConflict, TurnSide, compare_back, read_turn_numbers

_ALL = "all"
_BEFORE_FIRST = "0"


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument("parcel", type=Path, metavar="PARCEL", help="the file that came back")
    for side, what in ((TurnSide.HERE, "as it stands here"), (TurnSide.THERE, "as it came back")):
        parser.add_argument(
            f"--{side}",
            action="append",
            default=[],
            metavar="TURN",
            help=f"keep a turn that was changed on both sides {what}; all for every other one",
        )
    add_receipt_argument(parser)


def _run(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_study(arguments, console) as study:
        require_new_receipt(arguments.receipt)
        conflicts = compare_back(study, arguments.parcel, report=console.show_progress)
        chosen: dict[tuple[str, int], TurnSide | None] = {}
        numbers = {
            label: read_turn_numbers(study.interview(label))
            for label in {one.label for one in conflicts}
        }
        for one in conflicts:
            number = numbers[one.label].show_turn(one.key) if one.key else _BEFORE_FIRST
            if not arguments.json:
                console.print_result(None, describe_conflict(one, number))
            chosen[one.label, one.key] = _choose(arguments, one, number) or _ask(arguments, console)
        taken, work = take_back_loan(
            study,
            arguments.parcel,
            _pick_from(chosen),
            report=console.show_progress,
        )
        write_receipt(study, taken, arguments.receipt)
        facts = {"turns_taken": work.turns, "decisions": work.decisions, "left": work.left}
        console.print_result(
            list_facts(taken) | facts,
            [*describe_back(taken, work), *name_receipt(taken, arguments)],
        )
    return 0


def _pick_from(
    chosen: dict[tuple[str, int], TurnSide | None],
) -> Callable[[TurnConflict], TurnSide | None]:
    return lambda one: chosen.get((one.label, one.key))


def _choose(arguments: argparse.Namespace, one: TurnConflict, number: str) -> TurnSide | None:
    """Return the side that the command line names for a turn, None for none."""
    named = {number, format_turn_key(one.key)}
    names = named | {f"{one.label}:{each}" for each in named}
    sides = ((TurnSide.HERE, arguments.here), (TurnSide.THERE, arguments.there))
    for wanted in (names, {_ALL}):
        for side, named in sides:
            if wanted & set(named):
                return side
    return None


def _ask(arguments: argparse.Namespace, console: Console) -> TurnSide | None:
    if arguments.json or not sys.stdin.isatty():
        return None
    console.say("Which do you keep? Type here or there; anything else takes nothing back:")
    typed = sys.stdin.readline().strip().lower()
    return TurnSide(typed) if typed in set(TurnSide) else None


VERB = Verb(
    name="take-back",
    summary="Take back what was lent, with its edits and decisions; both sides' are compared.",
    example="earshot take-back office P07_i1.back --receipt P07_i1.receipt",
    run=_run,
    arguments=_arguments,
    leaves="A receipt holds ids and hashes, and the codes of who has withdrawn, sealed.",
)
