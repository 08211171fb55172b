"""``earshot export``: hand interviews over, through the gate."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from handoff.formats import FORMAT_NAMES
from handoff.lines import tidy
from study import signed
from study.store import Study
from tui.listening import listener
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument

if TYPE_CHECKING:
    from handoff.bundle import Order


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    parser.add_argument(
        "interviews",
        nargs="+",
        metavar="INTERVIEW",
        help="its label, its id, or the id's beginning",
    )
    parser.add_argument(
        "--to",
        type=Path,
        metavar="FOLDER",
        help="a folder that is not there yet, or a file ending in .zip; else in the study",
    )
    parser.add_argument(
        "--format",
        action="append",
        default=[],
        choices=[*FORMAT_NAMES],
        metavar="NAME",
        help=f"only this format, and any other named: {', '.join(FORMAT_NAMES)}",
    )
    parser.add_argument("--for", dest="to_whom", default="", metavar="WHO", help="who receives it")
    parser.add_argument("--purpose", default="", help="what it is for, kept with who receives it")
    parser.add_argument(
        "--topics", action="store_true", help="make each topic a code in the REFI-QDA project"
    )
    parser.add_argument(
        "--sound",
        choices=["flac", "opus"],
        default="",
        help="the sound as well, with a tone over what was replaced, where the policy lets it",
    )
    parser.add_argument("--silent", action="store_true", help="cover with silence, not with a tone")


def _run(given: argparse.Namespace, talk: Talk) -> int:
    from anonymise.cleaning import unwritten
    from handoff.bundle import ALL, Order

    with opened(given, talk) as study:
        interviews = tuple(dict.fromkeys(study.find(one).id for one in given.interviews))
        for interview in interviews:
            unwritten(study, interview)  # or it says what has to be done first
        for interview in interviews:
            signed.required(study, interview)
        order = Order(
            interviews,
            formats=tuple(one for one in FORMAT_NAMES if one in (given.format or ALL)),
            to_whom=tidy(given.to_whom),
            purpose=tidy(given.purpose),
            topics=given.topics,
            sound=given.sound,
            silent=given.silent,
        )
        files = _export(study, order, given.to, talk)
        talk.result([str(f) for f in files], [str(f) for f in files])
    return 0


def _export(study: Study, order: Order, target: Path | None, talk: Talk) -> list[Path]:
    from handoff.export import export

    if not order.sound:
        return export(study, order, target)
    from capture.encoding import encode

    if (hear := listener(study, order.interviews[0])) is None:
        talk.say("The speech model is not here, so what can be heard was not checked by it.")
    return export(study, order, target, encode=encode, hear=hear)


VERB = Verb(
    name="export",
    summary="Write anonymised transcripts as files, once every mention is decided and signed off.",
    example="earshot export dementia-course P07_i1 --to for-analysis --for 'the analysis team'",
    run=_run,
    arguments=_arguments,
    leaves="Only the anonymised transcript is written, and only on this computer.",
)
