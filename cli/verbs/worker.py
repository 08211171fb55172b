"""``earshot worker``: transcribe for studies of other computers, in memory alone."""

from __future__ import annotations

import argparse

from cli.cluster_arguments import (
    add_certificate_argument,
    parse_address,
    parse_count,
    require_folder,
)
from cli.console import Console
from cli.verb import Verb
from study.store import lower_priority


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--scheduler",
        type=parse_address,
        required=True,
        metavar="ADDRESS",
        help="the address of `earshot scheduler`, as tls://office:8786",
    )
    add_certificate_argument(parser, "worker")
    parser.add_argument(
        "--threads",
        type=parse_count,
        default=0,
        metavar="N",
        help="how many cores the model uses (else all)",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from transcribe import NodeNews, run_worker

    was_there: list[NodeNews] = []

    def report(news: NodeNews, address: str) -> None:
        if was_there[-1:] == [news]:
            return  # said once, however often it is tried
        was_there.append(news)
        console.print_event(str(news), {"scheduler": address})
        console.say(
            f"Working for {address}. Ctrl+C ends it."
            if news is NodeNews.READY
            else f"{address} does not answer; trying again until Ctrl+C."
        )

    lower_priority()
    run_worker(
        arguments.scheduler, require_folder(arguments), threads=arguments.threads, report=report
    )
    return 0


VERB = Verb(
    name="worker",
    summary="Transcribe for the studies of a cluster, until it is stopped.",
    example="earshot worker --scheduler tls://office:8786 --cert worker",
    run=_run,
    arguments=_arguments,
    leaves=(
        "Sound arrives sealed, is opened in memory and transcribed; the words go back sealed."
        " No sound and no word is written to a disk here."
    ),
)
