"""Names that a command line leaves out, so that no shell keeps them: asked for, never shown."""

from __future__ import annotations

import argparse

from app import parse_participant, split_names
from cli.passphrase import ask_hidden_line
from study import Category
from study.errors import BadName


def complete_participant(who: str) -> str:
    """Return ``CODE[:ROLE]=NAMES`` for ``CODE[:ROLE]`` or ``CODE[:ROLE]=``, with what is typed.

    Raises:
        BadName: there is no such role, or nothing was typed.
    """
    who = who.removesuffix("=")
    code = parse_participant(who).code
    names = ask_hidden_line(f"All names of {code}, with commas (not shown): ")
    if not split_names(names):
        raise BadName("name")
    return f"{who}={names}"


def complete_known(kind: str) -> str:
    """Return ``KIND=NAMES[:ROLE]`` for ``KIND`` or ``KIND=``, with what is typed."""
    kind = kind.removesuffix("=")
    asked = (
        f"Names of this {kind}, with commas, and :ROLE (not shown): "
        if kind == Category.PERSON
        else f"Each {kind}, with commas, and :ROLE (not shown): "
    )
    return f"{kind}={ask_hidden_line(asked)}"


def ask_names(arguments: argparse.Namespace) -> None:
    """Ask for the names of each ``--participant`` and ``--known`` with nothing behind its =.

    Raises:
        BadName: there is no such role, or nothing was typed.
    """
    arguments.participant = [
        complete_participant(text) if text.endswith("=") else text for text in arguments.participant
    ]
    arguments.known = [
        complete_known(text) if text.endswith("=") else text for text in arguments.known
    ]
