"""The command line: ``earshot VERB STUDY ...``.

Only what every verb needs is imported here; sound, speech, language and screen libraries come
in when a verb runs. A test holds that.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from study import core_files
from study.errors import EarshotError, Fault, Stopped
from study.screen_text import safe
from study.steps import PROGRAM
from tui.talk import Talk
from tui.verb import Verb
from tui.verbs import (
    anonymise,
    cases,
    correct,
    decisions,
    demo,
    doctor,
    export,
    find,
    guide,
    handed,
    import_,
    keep,
    keys,
    log,
    mentions,
    models,
    new,
    open_,
    play,
    policy,
    record,
    replacements,
    report,
    returned,
    review,
    risk,
    settings,
    sign,
    speakers,
    status,
    transcribe,
    verify,
    words,
)

VERBS: tuple[Verb, ...] = (
    demo.VERB,
    new.VERB,
    open_.VERB,
    guide.VERB,
    words.VERB,
    settings.VERB,
    import_.VERB,
    record.VERB,
    play.VERB,
    transcribe.VERB,
    speakers.VERB,
    correct.VERB,
    find.VERB,
    anonymise.VERB,
    mentions.VERB,
    keep.VERB,
    review.VERB,
    decisions.VERB,
    risk.VERB,
    sign.VERB,
    replacements.VERB,
    export.VERB,
    verify.VERB,
    handed.VERB,
    returned.VERB,
    report.VERB,
    cases.VERB,
    status.VERB,
    policy.VERB,
    log.VERB,
    models.VERB,
    keys.VERB,
    doctor.VERB,
)
_USAGE_ERROR = 2
_BROKEN_PIPE = 141  # what a shell says of a program that a closed pipe ended


class _Parser(argparse.ArgumentParser):
    """Shows a refused argument through the sanitiser: it may hold anything."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        self.exit(_USAGE_ERROR, f"{self.prog}: {safe(message)}\n")


def parser() -> argparse.ArgumentParser:
    """Return the command line with all its verbs."""
    top = _Parser(
        prog="earshot",
        description="Record, transcribe and anonymise research interviews, on this computer alone.",
        epilog="Begin with `earshot demo FOLDER`. `earshot VERB --help` shows an example of each.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=PROGRAM)
    verbs = top.add_subparsers(title="verbs", metavar="VERB", required=True, parser_class=_Parser)
    for verb in VERBS:
        verb.enter(verbs.add_parser)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code. See ``study.errors`` for what each code says."""
    given = parser().parse_args(arguments)
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
        return _crashed(fault, talk)
    return code


def _crashed(fault: Exception, talk: Talk) -> int:
    where = fault.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = ""
    if where is not None:
        code = where.tb_frame.f_code
        place = f" at {Path(code.co_filename).name}:{where.tb_lineno}"
    told = Fault(f"{type(fault).__name__}{place}")
    talk.error(told)
    return told.exit_code


def _stopped(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
