"""``earshot open``: the interface."""

from __future__ import annotations

import argparse
import gc

from tui.passphrase import unlock
from tui.talk import Talk
from tui.verb import Verb, study_argument


def _run(given: argparse.Namespace, talk: Talk) -> int:
    del talk  # the interface does its own talking
    gc.disable()  # what is loaded stays: to look through it for cycles is a tenth of the start
    from study.recordings import rescue
    from tui.app import run

    gc.freeze()  # nor later, when a key would wait for it
    gc.enable()
    with unlock(given) as study:
        return run(study, rescued=rescue(study), is_guided=given.guided)


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    parser.add_argument("--guided", action="store_true", help="say at each place which key is next")


VERB = Verb(
    name="open",
    summary="Open a study in the interface: list, transcribe, review, check, sign off.",
    example="earshot open dementia-course",
    run=_run,
    arguments=_arguments,
)
