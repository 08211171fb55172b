"""``earshot report``: a page of figures about the study, without anybody's words."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "--to", type=Path, required=True, metavar="FILE", help="a file that does not exist yet"
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from handoff import collect_report_rows, render_report, write_wordless_file

    with open_named_study(arguments, console) as study:
        page = render_report(collect_report_rows(study), day=study.now()[:10])
        write_wordless_file(study, arguments.to, page)
    console.print_result(str(arguments.to), [str(arguments.to)])
    return 0


VERB = Verb(
    name="report",
    summary="Write a page of figures about the study (lengths, coverage, decisions) without words.",
    example="earshot report dementia-course --to report.html",
    run=_run,
    arguments=_arguments,
    leaves="Labels, counts and lengths are written, and only on this computer.",
)
