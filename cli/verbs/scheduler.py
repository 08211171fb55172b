"""``earshot scheduler``: bring studies and workers together; it sees sealed bytes alone."""

from __future__ import annotations

import argparse

from cli.cluster_arguments import (
    DEFAULT_PORT,
    add_certificate_argument,
    parse_address,
    require_folder,
)
from cli.console import Console
from cli.verb import Verb


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--listen",
        type=parse_address,
        default=f"tls://0.0.0.0:{DEFAULT_PORT}",
        metavar="ADDRESS",
        help=f"where to listen (else on all of this computer's addresses, port {DEFAULT_PORT});"
        " port 0 takes a free one",
    )
    add_certificate_argument(parser, "scheduler")


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from transcribe import NodeNews, run_scheduler

    def report(news: NodeNews, address: str) -> None:
        console.print_event("listening", {"address": address, "news": news})
        console.say(f"Listening at {address}. Ctrl+C ends it.")

    run_scheduler(arguments.listen, require_folder(arguments), report)
    return 0


VERB = Verb(
    name="scheduler",
    summary="Bring a study and its workers together, until it is stopped.",
    example="earshot scheduler --cert our-cluster/scheduler",
    run=_run,
    arguments=_arguments,
    leaves="What passes through is sealed; it can be opened neither here nor on the way.",
)
