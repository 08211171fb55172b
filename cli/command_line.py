"""The command line: ``earshot VERB STUDY ...``.

It imports only what every verb needs: the module of a verb is imported when the verb is called,
and libraries for sound, speech, language and screens when it runs. A test holds that.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import os
import shlex
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import cast

from app import name_fault
from cli.console import Console
from cli.passphrase import hide_early, take_passphrase
from cli.terminal_keys import show_typing
from cli.verb import Verb
from study import PROGRAM_VERSION, require_text, sanitise_text
from study.errors import EarshotError, Fault, Stopped
from study.store import die_with_parent, disable_core_files

VERB_NAMES = (
    "demo", "new", "open", "people", "consent", "guide", "words", "names", "settings", "import",
    "record", "play", "transcribe", "speakers", "correct", "find", "anonymise", "mentions",
    "keep", "review", "decisions", "risk", "sign", "replacements", "export", "verify", "handed",
    "returned", "report", "cases", "key", "send", "receive", "lend", "take-back", "withdraw",
    "due", "papers", "safeguarding", "status", "policy", "log", "models", "cluster", "scheduler",
    "worker", "keys", "doctor", "completion",
)  # fmt: skip
_MODULES = {"import": "import_", "open": "open_", "take-back": "take_back"}  # else no module names
_USAGE_ERROR = 2
# New objects before garbage is looked for; Python's own number has a thousand interviews' list
# looked through several times while it is made, and the modules of a verb while they load.
_COLLECT_AFTER = 10_000
_BROKEN_PIPE = 141  # what a shell says of a program that a closed pipe ended


class _Parser(argparse.ArgumentParser):
    """Takes options and names in any order, and sanitises the message about a refused argument.

    Python 3.11 takes a name that may be left out for left out where an option stands before it. The
    message may hold control characters.
    """

    _is_mixing = False

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse the arguments; see ``argparse``."""
        may_miss_a_name = any(
            action.nargs in {"?", "*"} for action in self._get_positional_actions()
        )
        if self._is_mixing or not may_miss_a_name or "--" in (args or ()):
            return super().parse_known_args(args, namespace or argparse.Namespace())
        self._is_mixing = True  # the mixed way comes back here, twice
        try:
            return self.parse_known_intermixed_args(args, namespace or argparse.Namespace())
        finally:
            self._is_mixing = False

    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        self.exit(_USAGE_ERROR, f"{self.prog}: {sanitise_text(message)}\n")


def load_verb(name: str) -> Verb:
    """Return a verb of ``VERB_NAMES`` from the module of its name."""
    module = importlib.import_module(f"cli.verbs.{_MODULES.get(name, name)}")
    found: Verb = module.VERB
    return found


def build_parser(only_verb: str = "") -> argparse.ArgumentParser:
    """Return the parser of all verbs, or of ``only_verb`` where there is such a verb."""
    top = _Parser(
        prog="earshot",
        description="Record, transcribe and anonymise research interviews, on this computer alone.",
        epilog="Begin with `earshot demo FOLDER`. `earshot VERB --help` shows an example of each.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=PROGRAM_VERSION)
    verbs = top.add_subparsers(title="verbs", metavar="VERB", required=True, parser_class=_Parser)
    for name in (only_verb,) if only_verb in VERB_NAMES else VERB_NAMES:
        load_verb(name).add_to_parser(verbs.add_parser)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code, see ``study.errors``."""
    asked = sys.argv[1:] if arguments is None else arguments
    if arguments is None:  # the process is ours
        take_passphrase()
        hide_early(asked)
        gc.set_threshold(_COLLECT_AFTER)
    try:
        return _run_asked(asked, is_own=arguments is None)
    finally:
        show_typing()


def _run_asked(asked: Sequence[str], *, is_own: bool) -> int:
    parsed = build_parser(asked[0] if asked else "").parse_args(asked)
    if is_own and parsed.uses_sound:
        _hush_libraries()
    console = Console(as_json=parsed.json, is_plain=parsed.plain)
    places = {"STUDY": getattr(parsed, "study", None), "INTERVIEW": _find_interview(parsed)}
    console.name_places({word: shlex.quote(str(one)) for word, one in places.items() if one})
    disable_core_files()
    if getattr(parsed, "parent", None) is not None:
        die_with_parent(parsed.parent)
    signal.signal(signal.SIGTERM, _stopped)
    _end_with_terminal()
    try:
        return _run(parsed, console)
    except BrokenPipeError:  # of the result, or of the sentence that says why there is none
        _let_go_of_closed_pipes()
        return _BROKEN_PIPE


def _find_interview(parsed: argparse.Namespace) -> str:
    """Return the one interview that is named on the command line, "" where there is none."""
    named: object = getattr(parsed, "interview", "") or getattr(parsed, "interviews", "")
    if isinstance(named, list) and len(one := cast("list[object]", named)) == 1:
        named = one[0]
    return named if isinstance(named, str) else ""


def _run(parsed: argparse.Namespace, console: Console) -> int:
    try:
        require_text(*_list_texts(vars(parsed).values()))
        code: int = parsed.run(parsed, console)
    except EarshotError as problem:
        console.print_error(problem)
        return problem.exit_code
    except KeyboardInterrupt:
        problem = Stopped()
        with contextlib.suppress(OSError):  # the terminal may be gone
            console.print_error(problem)
        return problem.exit_code
    except BrokenPipeError:
        raise
    except Exception as fault:  # noqa: BLE001 - the crash screen: no locals, no words, a code
        problem = Fault(name_fault(fault))
        console.print_error(problem)
        return problem.exit_code
    return code


def _list_texts(values: Iterable[object]) -> Iterator[str]:
    """Yield what was typed as text, also where it was given several times; no paths."""
    for one in values:
        if isinstance(one, str):
            yield one
        elif isinstance(one, list | tuple | set):
            yield from _list_texts(cast("Iterable[object]", one))


def _let_go_of_closed_pipes() -> None:
    """Let what is still to be written nowhere be forgotten: Python writes it when it ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _hush_libraries() -> None:
    """Keep what PortAudio and ALSA print, from C, off the terminal; our own sentences reach it."""
    from capture import redirect_stderr

    redirect_stderr(Path(os.devnull))


def _end_with_terminal() -> None:
    """End as by SIGTERM where the terminal is closed, unless that is ignored (nohup)."""
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up is not None and signal.getsignal(hang_up) is not signal.SIG_IGN:
        signal.signal(hang_up, _stopped)


def _stopped(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # a second one must not interrupt what is being sealed
    go_on = getattr(signal, "SIGCONT", None)
    if go_on is not None:
        signal.signal(go_on, signal.SIG_DFL)  # it follows a hang-up, and would draw the screen anew
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
