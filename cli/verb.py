"""The verbs of the command line: their description, and the arguments that many of them share."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from app import describe_finished
from cli.console import Console
from cli.passphrase import unlock_study
from cli.verb_advice import advise_verb
from study.errors import StudyChanged
from study.store import Interview, Study

NOTHING_LEAVES = "Nothing leaves this computer."
_NAME = "earshot"
VERB_PROGRAM = (sys.executable, "-P", "-m", "cli.command_line")  # runs a verb in a child process


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: how it stands in the help, its arguments, and the function that runs it.

    example: one real call. run: returns the exit code. leaves: a sentence about the data that
    leaves the computer. uses_sound: PortAudio is loaded, which prints to the terminal by itself.
    """

    name: str
    summary: str
    example: str
    run: Callable[[argparse.Namespace, Console], int]
    arguments: Callable[[argparse.ArgumentParser], None]
    leaves: str = NOTHING_LEAVES
    uses_sound: bool = False

    def add_to_parser(self, add_parser: Callable[..., argparse.ArgumentParser]) -> None:
        """Add the verb to the command line, with its help."""
        parser = add_parser(
            self.name,
            help=self.summary,
            description=self.summary,
            epilog=f"example:\n  {self.example}\n\n{self.leaves}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self.arguments(parser)
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--json", action="store_true", help="answer in JSON, for scripts")
        how.add_argument(
            "--plain",
            action="store_true",
            help="answer in plain lines, one fact each, for a screen reader or a braille line",
        )
        parser.set_defaults(run=self.run, uses_sound=self.uses_sound)


def name_program() -> str:
    """Return the word that starts Earshot in this shell: its path where it is not on PATH."""
    running = Path(sys.argv[0])
    if running.name != _NAME or shutil.which(_NAME) is not None:
        return _NAME
    return str(running)


def add_study_argument(parser: argparse.ArgumentParser) -> None:
    """Add the study's folder and the source of its passphrase to a verb."""
    parser.add_argument("study", type=Path, metavar="STUDY", help="the study's folder")
    add_passphrase_argument(parser)


def add_passphrase_argument(parser: argparse.ArgumentParser) -> None:
    """Add the descriptors that a passphrase or keys are read from to a verb."""
    parser.add_argument(
        "--passphrase-fd",
        type=int,
        metavar="N",
        help="read the passphrase from this open file descriptor"
        " (else EARSHOT_PASSPHRASE, a keyring, or the terminal)",
    )
    parser.add_argument("--keys-fd", type=int, metavar="N", help=argparse.SUPPRESS)
    parser.add_argument("--parent", type=int, metavar="PID", help=argparse.SUPPRESS)


def add_interview_argument(parser: argparse.ArgumentParser) -> None:
    """Add one interview of the study to a verb."""
    parser.add_argument(
        "interview", metavar="INTERVIEW", help="its label, its id, or the id's beginning"
    )


@contextlib.contextmanager
def open_named_study(
    arguments: argparse.Namespace,
    console: Console,
    begin: Callable[[Study], None] | None = None,
) -> Generator[Study]:
    """Open the study that the command line names.

    begin: what is done before anything is finished that was confirmed or cut off earlier.
    Says which recordings were rescued after a crash, and whether another program changed the study.
    """
    with unlock_study(arguments) as study:
        if (flaw := study.change_flaw) is not None:
            warning = StudyChanged(flaw)
            console.say(f"earshot: {warning}\n{advise_verb(warning)}")
        if begin is not None:
            begin(study)
        if not study.is_read_only:
            _tell_what_was_cut_off(study, arguments, console)
        yield study


def _tell_what_was_cut_off(study: Study, arguments: argparse.Namespace, console: Console) -> None:
    from study.store import finish_destructions, rescue_recordings, settle_hand_overs

    if arguments.keys_fd is None:
        for finished in finish_destructions(study):
            console.say(describe_finished(finished))
    for rescued in rescue_recordings(study):
        console.say(
            f"A recording that was cut off was sealed: {rescued.kept_s:.0f} s were kept,"
            " at most 1 s is missing."
        )
    if arguments.keys_fd is None:  # nobody reads what a child process says
        for broken_off in settle_hand_overs(study):
            console.say(str(broken_off))


@contextlib.contextmanager
def open_named_interview(arguments: argparse.Namespace, console: Console) -> Generator[Interview]:
    """Open the study and yield the interview that the command line names.

    Raises:
        UnknownInterview: none fits, or several do.
    """
    with open_named_study(arguments, console) as study:
        yield study.interview(arguments.interview)
