"""``earshot papers``: what the office asks for, made from what is true in the study."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.console import Console
from cli.destructions import is_sure
from cli.verb import Verb, add_study_argument, open_named_study
from study.errors import Stopped

_NAME = "Name the voices first: `earshot speakers STUDY INTERVIEW`."


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "what",
        choices=["data-flow", "device-loss", "own-data"],
        help="for an impact assessment and the record of processing; for a device that was lost; or"
        " what the study holds of one participant, for them alone",
    )
    parser.add_argument("code", nargs="?", default="", metavar="CODE", help="with own-data: whose")
    parser.add_argument(
        "--to", type=Path, required=True, metavar="PATH", help="a file, or a folder for own-data"
    )
    parser.add_argument(
        "--yes", action="store_true", help="own-data even where some voices have no name"
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from app import (
        format_count,
        list_unnamed_turns,
        render_data_flow_sheet,
        render_device_loss_report,
        write_own_data,
    )
    from handoff import write_wordless_file

    with open_named_study(arguments, console) as study:
        if arguments.what == "own-data":
            unnamed = list_unnamed_turns(study, arguments.code)
            for label, turns in unnamed:
                shown = format_count(turns, "turn")
                console.say(f"In {label} nobody has said who speaks in {shown}: left out. {_NAME}")
            if unnamed and not is_sure(arguments, console, arguments.code):
                return Stopped.exit_code
            written = write_own_data(study, arguments.code, arguments.to)
        else:
            render = {
                "data-flow": render_data_flow_sheet, "device-loss": render_device_loss_report,
            }[arguments.what]  # fmt: skip
            write_wordless_file(study, arguments.to, render(study))
            written = [arguments.to]
    console.print_result([str(path) for path in written], [str(path) for path in written])
    return 0


VERB = Verb(
    name="papers",
    summary="Write a sheet for the data protection office, or a participant's own data for them.",
    example="earshot papers dementia-course data-flow --to data-flow.html",
    run=_run,
    arguments=_arguments,
    leaves="own-data holds a participant's words and voice, in the clear, for them alone.",
)
