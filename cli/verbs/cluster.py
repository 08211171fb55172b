"""``earshot cluster``: make the certificates of the computers that transcribe together."""

from __future__ import annotations

import argparse
from pathlib import Path
from shlex import quote

from cli.console import Console
from cli.verb import Verb
from study.store import ClusterRole, make_certificates

_DAYS = 90
_PLACES = {
    ClusterRole.STUDY: (
        "stays here: `earshot transcribe STUDY --all --scheduler ADDRESS --cert {folder}`"
    ),
    ClusterRole.SCHEDULER: "to one computer that all reach: `earshot scheduler --cert {name}`",
    ClusterRole.WORKER: (
        "to every other computer: `earshot worker --scheduler ADDRESS --cert {name}`"
    ),
}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["certificates"], help="make new certificates")
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="where they are made; the same one renews them"
    )
    parser.add_argument(
        "--days",
        type=_parse_days,
        default=_DAYS,
        metavar="N",
        help=f"how long they are valid (else {_DAYS} days)",
    )


def _parse_days(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 3650:  # noqa: PLR2004 - ten years, as the authority
        raise argparse.ArgumentTypeError("a number of days from 1 to 3650")
    return int(text)


def _run(arguments: argparse.Namespace, console: Console) -> int:
    made = make_certificates(arguments.folder, days=arguments.days)
    console.print_result(
        {str(role): str(folder) for role, folder in made.items()},
        [
            f"Certificates for {arguments.days} days. Copy each folder to where it belongs:",
            *(
                f"  {folder}: {_PLACES[role].format(folder=quote(str(folder)), name=folder.name)}"
                for role, folder in made.items()
            ),
            "Keep the rest of the folder to yourself: with it anybody can make more of them.",
        ],
    )
    return 0


VERB = Verb(
    name="cluster",
    summary="Make certificates for computers that transcribe together.",
    example="earshot cluster certificates our-cluster",
    run=_run,
    arguments=_arguments,
)
