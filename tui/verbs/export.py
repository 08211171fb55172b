"""``earshot export``: hand an interview over, through the gate."""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.talk import Talk
from tui.verb import Verb, interview_argument, opened_at, study_argument


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    interview_argument(parser)
    parser.add_argument(
        "--to",
        type=Path,
        metavar="FOLDER",
        help="a folder that is not there yet; else in the study",
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    from anonymise.cleaning import clean
    from handoff.export import export

    with opened_at(given, talk) as (study, summary):
        clean(study, summary.id)
        files = export(study, summary.id, given.to)
        talk.result([str(f) for f in files], [str(f) for f in files])
    return 0


VERB = Verb(
    name="export",
    summary="Write the anonymised transcript as files, once every mention is decided.",
    example="earshot export dementia-course P07_i1 --to for-analysis",
    run=_run,
    arguments=_arguments,
    leaves="Only the anonymised transcript is written, and only on this computer.",
)
