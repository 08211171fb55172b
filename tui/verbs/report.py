"""``earshot report``: the study at a glance, as one page without anybody's words."""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.talk import Talk
from tui.verb import Verb, opened, study_argument


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    parser.add_argument(
        "--to", type=Path, required=True, metavar="FILE", help="a file that is not there yet"
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    from handoff.export import write_file
    from handoff.report import report, rows

    with opened(given, talk) as study:
        page = report(rows(study), on=study.now()[:10])
        write_file(study, given.to, page)
    talk.result(str(given.to), [str(given.to)])
    return 0


VERB = Verb(
    name="report",
    summary="Write a page of figures about the study (lengths, coverage, decisions) without words.",
    example="earshot report dementia-course --to report.html",
    run=_run,
    arguments=_arguments,
    leaves="Labels, counts and lengths are written, and only on this computer.",
)
