"""What the verbs ``withdraw`` and ``due`` share: asking once more, and showing what came of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app import describe_fully, format_count
from cli.console import Console
from study import Destruction, DestructionState, sanitise_text
from study.errors import DestructionFlaw, DestructionRefused
from study.store import Study

_WAITS = "It waits for somebody else: `earshot withdraw STUDY {code} --confirm`."


def add_destruction_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what concerns asking and the papers to a verb."""
    parser.add_argument(
        "--because", default="", metavar="REASON", help="why; kept sealed in the study"
    )
    parser.add_argument("--yes", action="store_true", help="go on without asking")
    parser.add_argument(
        "--certificate", type=Path, metavar="FILE", help="write the certificate as a page to print"
    )
    parser.add_argument(
        "--notices",
        type=Path,
        metavar="FOLDER",
        help="write a notice for each recipient of a hand-over",
    )


def is_sure(arguments: argparse.Namespace, console: Console, word: str) -> bool:
    """Let the person type the code of whom it is about, unless a script has said yes."""
    if arguments.yes:
        return True
    if arguments.json or not sys.stdin.isatty():
        console.say("Nothing was done: add --yes.")
        return False
    console.say(f"Type {word} to go on; anything else leaves it as it is:")
    return sys.stdin.readline().strip() == word


def require_free_papers(arguments: argparse.Namespace, study: Study) -> None:
    """Refuse a certificate that could not be written, before anything is asked for or destroyed.

    Raises:
        TargetExists, TargetInStudy, TargetUnwritable: nothing was done.
    """
    from handoff import require_free_target

    if arguments.certificate:
        require_free_target(study, arguments.certificate)


def show_destruction(
    arguments: argparse.Namespace, console: Console, study: Study, one: Destruction
) -> int:
    """Write the papers that are asked for, and say what was asked for and what came of it.

    Raises:
        DestructionRefused: notices are wanted, and nothing was handed over; the certificate is
            written all the same.
        TargetExists, TargetInStudy, TargetUnwritable: of the papers.
    """
    from handoff import (
        list_received,
        render_destruction_certificate,
        render_recall_notice,
        write_wordless_file,
    )

    if arguments.certificate:
        page = render_destruction_certificate(study, one)
        write_wordless_file(study, arguments.certificate, page)
        console.say(f"The certificate is in {sanitise_text(str(arguments.certificate))}.")
    received = list_received(study, one)
    if arguments.notices and not received:
        raise DestructionRefused(DestructionFlaw.NO_HAND_OVERS)
    if arguments.notices:
        for n, given in enumerate(received, 1):
            name = f"notice-{one.id}-{n}.html"
            write_wordless_file(
                study, arguments.notices / name, render_recall_notice(given, one.cause)
            )
        count = format_count(len(received), "notice is", "notices are")
        console.say(f"{count} in {sanitise_text(str(arguments.notices))}.")
    console.print_result(one, describe_fully(one))
    if one.state is DestructionState.ASKED:
        console.say(_WAITS.format(code=one.code or one.id))
    return 0
