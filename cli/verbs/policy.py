"""``earshot policy``: the rules of the study's protocol for signing off and handing over."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import StudyPolicy
from study.errors import TargetInStudy
from study.store import Study, change_study_policy, read_study_policy

_NO_FILE = "none"
_CHOICES = ("yes", "no")
_TAKES_TWO = (
    "Asked for. It counts once somebody else, an owner, officer or approver, asks for the same."
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "--second-person",
        choices=_CHOICES,
        help="whoever signs off must have decided nothing in the interview",
    )
    parser.add_argument(
        "--sound-may-leave", choices=_CHOICES, help="redacted sound may be handed over"
    )
    parser.add_argument(
        "--heads-to",
        metavar="FILE",
        help="a file elsewhere, on a share or a stick, that gets the head of the audit trail"
        " whenever somebody signs; none ends that",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    wanted = {
        name: value == "yes"
        for name in ("second_person", "sound_may_leave")
        if (value := getattr(arguments, name)) is not None
    }
    with open_named_study(arguments, console) as study:
        asked_for = replace(read_study_policy(study), **wanted)
        if arguments.heads_to is not None:
            asked_for = replace(asked_for, heads_file=_locate(study, arguments.heads_to))
        now = change_study_policy(study, asked_for)
        if now != asked_for:
            console.say(_TAKES_TWO)
        console.print_result(now, _describe(now))
    return 0


def _locate(study: Study, typed: str) -> str:
    """Return the whole path of the file for heads, "" for none.

    Raises:
        TargetInStudy: it lies where whoever rewrites the trail finds it as well.
    """
    if typed == _NO_FILE:
        return ""
    path = Path(typed).absolute()
    if path.resolve().is_relative_to(study.folder.resolve()):
        raise TargetInStudy
    return str(path)


def _describe(policy: StudyPolicy) -> list[str]:
    return [
        f"{'yes' if policy.second_person else 'no':4} signing off asks for a second person",
        f"{'yes' if policy.sound_may_leave else 'no':4} redacted sound may be handed over",
        f"{'yes' if policy.heads_file else 'no':4} heads of the audit trail are kept elsewhere"
        + (f": {policy.heads_file}" if policy.heads_file else ""),
    ]


VERB = Verb(
    name="policy",
    summary="Show or set what the study's protocol asks and allows.",
    example="earshot policy dementia-course --second-person yes",
    run=_run,
    arguments=_arguments,
)
