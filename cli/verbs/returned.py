"""``earshot returned``: enter the corrections that a participant sent back."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cli.console import Console
from cli.verb import Verb, add_interview_argument, add_study_argument, open_named_interview

if TYPE_CHECKING:
    from handoff import UnclearPart

_MOST_TOLD = 100


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    add_interview_argument(parser)
    parser.add_argument(
        "--from",
        dest="file",
        type=Path,
        required=True,
        metavar="FILE",
        help="the Word copy that came back, or a text with lines such as '12: what it should say'",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from handoff import enter_corrections, read_returned

    with open_named_interview(arguments, console) as interview:
        returned = read_returned(interview, arguments.file)
        _tell_unclear(returned.unclear, console)
        changed = enter_corrections(interview, returned)
    some = "1 turn was" if changed == 1 else f"{changed} turns were"
    console.print_result(
        {"corrections": len(returned.corrections), "turns": changed},
        [f"{some} changed. Run `earshot anonymise` again, look at what is new, and sign it off."],
    )
    return 0


def _tell_unclear(unclear: Sequence[UnclearPart], console: Console) -> None:
    """Name the places that were not understood: of a wrong file, which has thousands, the first."""
    for one in unclear[:_MOST_TOLD]:
        console.print_event("not understood", {"where": one.where, "kind": one.kind})
        console.say_privately(f"Not understood, {one.where}: {one.kind}", one.words)
    if len(unclear) > _MOST_TOLD:
        console.say(f"Not understood, and {len(unclear) - _MOST_TOLD} more")


VERB = Verb(
    name="returned",
    summary="Enter the corrections that a participant sent back, as a new version.",
    example="earshot returned dementia-course P07_i1 --from P07_i1-for-P07.docx",
    run=_run,
    arguments=_arguments,
)
