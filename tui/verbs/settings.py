"""``earshot settings``: how a study writes down what was said."""

from __future__ import annotations

import argparse

from study import conventions
from study.terms import Settings
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    parser.add_argument(
        "--names-as-hints",
        choices=("yes", "no"),
        help="whether the speech model is told the participants' names, to write them rightly",
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    changed: dict[str, str | float | bool] = {}
    if given.names_as_hints:
        changed["names_as_hints"] = given.names_as_hints == "yes"
    with opened(given, talk) as study:
        settings = conventions.settle(study, **changed)
    talk.result(settings, _lines(settings))
    return 0


def _lines(settings: Settings) -> list[str]:
    return [
        f"microphone       {settings.device or 'not chosen yet'}",
        f"names as hints   {'yes' if settings.names_as_hints else 'no'}",
    ]


VERB = Verb(
    name="settings",
    summary="Show or change what a study has settled for all its transcripts.",
    example="earshot settings dementia-course --names-as-hints yes",
    run=_run,
    arguments=_arguments,
)
