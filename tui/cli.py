"""The command line: ``earshot VERB STUDY ...``.

Only what every verb needs is imported here: a verb comes in when it is asked for, and sound,
speech, language and screen libraries when it runs. A test holds that.
"""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from study import core_files
from study.errors import EarshotError, Fault, Stopped
from study.screen_text import safe
from study.steps import PROGRAM
from tui import faults
from tui.talk import Talk
from tui.verb import Verb

VERBS = (
    "demo", "new", "open", "guide", "words", "settings", "import", "record", "play", "transcribe",
    "speakers", "correct", "find", "anonymise", "mentions", "keep", "review", "decisions", "risk",
    "sign", "replacements", "export", "verify", "handed", "returned", "report", "cases", "status",
    "policy", "log", "models", "keys", "doctor",
)  # fmt: skip
_MODULES = {"import": "import_", "open": "open_"}  # whose names are Python's own
_USAGE_ERROR = 2
_BROKEN_PIPE = 141  # what a shell says of a program that a closed pipe ended


class _Parser(argparse.ArgumentParser):
    """Shows a refused argument through the sanitiser: it may hold anything."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        self.exit(_USAGE_ERROR, f"{self.prog}: {safe(message)}\n")


def verb(name: str) -> Verb:
    """Return one of ``VERBS``, from the module of its name."""
    module = importlib.import_module(f"tui.verbs.{_MODULES.get(name, name)}")
    found: Verb = module.VERB
    return found


def parser(only: str = "") -> argparse.ArgumentParser:
    """Return the command line with all its verbs, or with the one that was asked for."""
    top = _Parser(
        prog="earshot",
        description="Record, transcribe and anonymise research interviews, on this computer alone.",
        epilog="Begin with `earshot demo FOLDER`. `earshot VERB --help` shows an example of each.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=PROGRAM)
    verbs = top.add_subparsers(title="verbs", metavar="VERB", required=True, parser_class=_Parser)
    for name in (only,) if only in VERBS else VERBS:
        verb(name).enter(verbs.add_parser)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code. See ``study.errors`` for what each code says."""
    asked = sys.argv[1:] if arguments is None else arguments
    given = parser(asked[0] if asked else "").parse_args(asked)
    talk = Talk(as_json=given.json)
    core_files.forbid()
    signal.signal(signal.SIGTERM, _stopped)
    try:
        code: int = given.run(given, talk)
    except EarshotError as problem:
        talk.error(problem)
        return problem.exit_code
    except KeyboardInterrupt:
        problem = Stopped()
        talk.error(problem)
        return problem.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except Exception as fault:  # noqa: BLE001 - the crash screen: no locals, no words, a code
        problem = Fault(faults.code(fault))
        talk.error(problem)
        return problem.exit_code
    return code


def _stopped(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
