"""``earshot open``: the interface, on one study."""

from __future__ import annotations

import argparse
import gc

from app import describe_finished
from cli.console import Console
from cli.interface import load_interface
from cli.passphrase import unlock_study
from cli.verb import Verb, add_study_argument


def _run(arguments: argparse.Namespace, console: Console) -> int:
    del console  # the interface does its own talking
    gc.disable()  # modules stay: collecting garbage while they load is a tenth of the start
    from study.store import finish_destructions, rescue_recordings, settle_hand_overs

    run_interface = load_interface()
    gc.freeze()  # and no later collection looks through them while a key waits
    gc.enable()
    with unlock_study(arguments) as study:
        finished = [describe_finished(one) for one in finish_destructions(study)]
        return run_interface(
            study,
            rescued=rescue_recordings(study),
            broken_off=[*finished, *map(str, settle_hand_overs(study))],
            is_guided=arguments.guided,
        )


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "--guided", action="store_true", help="show at each step which key comes next"
    )


VERB = Verb(
    name="open",
    summary="Open a study in the interface: list, transcribe, review, check, sign off.",
    example="earshot open dementia-course",
    run=_run,
    arguments=_arguments,
)
