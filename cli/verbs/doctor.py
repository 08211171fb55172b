"""``earshot doctor``: what this computer has and lacks for the work, and what to do about it."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from app import HealthVerdict, read_encoding, run_health_checks
from cli.console import Console
from cli.verb import Verb
from cli.verb_advice import advise_verb
from study.errors import ComputerUnfit

_SIGNS = {HealthVerdict.OK: "\u2713", HealthVerdict.LOOK: "!", HealthVerdict.BROKEN: "\u2717"}
_PLAIN_SIGNS = {HealthVerdict.OK: "+", HealthVerdict.LOOK: "!", HealthVerdict.BROKEN: "x"}


def _run(_: argparse.Namespace, console: Console) -> int:
    found = run_health_checks(advise_verb)
    signs = _SIGNS if read_encoding(sys.stdout) == "utf8" else _PLAIN_SIGNS
    console.print_table(
        [asdict(check) for check in found],
        ["", "check", "verdict", "found", "what to do"],
        [(signs[c.verdict], c.name, c.verdict, c.found, c.advice) for c in found],
    )
    broken = sum(check.verdict is HealthVerdict.BROKEN for check in found)
    return ComputerUnfit.exit_code if broken else 0


def _arguments(_: argparse.ArgumentParser) -> None:
    """Take nothing but ``--json``."""


VERB = Verb(
    name="doctor",
    summary="Show what this computer lacks for the work, and the command that installs it.",
    example="earshot doctor",
    run=_run,
    arguments=_arguments,
)
