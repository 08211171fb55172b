"""``earshot returned``: enter the corrections that a participant sent back."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.console import Console
from cli.verb import Verb, add_interview_argument, add_study_argument, open_named_interview


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
        for one in returned.unclear:
            console.print_event("not understood", {"where": one.where, "kind": one.kind})
            console.say_privately(f"Not understood, {one.where}: {one.kind}", one.words)
        changed = enter_corrections(interview, returned)
    some = "1 turn was" if changed == 1 else f"{changed} turns were"
    console.print_result(
        {"corrections": len(returned.corrections), "turns": changed},
        [f"{some} changed. Run `earshot anonymise` again, look at what is new, and sign it off."],
    )
    return 0


VERB = Verb(
    name="returned",
    summary="Enter the corrections that a participant sent back, as a new version.",
    example="earshot returned dementia-course P07_i1 --from P07_i1-for-P07.docx",
    run=_run,
    arguments=_arguments,
)
