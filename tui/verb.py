"""What a verb of the command line is, and what all that work on a study share."""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from cli.next_steps import next_step
from study.artefacts import Summary
from study.errors import StudyChanged
from study.store import Study
from tui.passphrase import unlock
from tui.talk import Talk

NOTHING_LEAVES = "Nothing leaves this computer."


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing Earshot can be asked to do.

    example: one real call. leaves: what leaves the computer.
    """

    name: str
    summary: str
    example: str
    run: Callable[[argparse.Namespace, Talk], int]
    arguments: Callable[[argparse.ArgumentParser], None]
    leaves: str = NOTHING_LEAVES

    def enter(self, add_parser: Callable[..., argparse.ArgumentParser]) -> None:
        """Enter the verb into the command line."""
        parser = add_parser(
            self.name,
            help=self.summary,
            description=self.summary,
            epilog=f"example:\n  {self.example}\n\n{self.leaves}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self.arguments(parser)
        parser.add_argument("--json", action="store_true", help="answer in JSON, for scripts")
        parser.set_defaults(run=self.run)


def study_argument(parser: argparse.ArgumentParser) -> None:
    """Let a verb name the study and how its passphrase comes."""
    parser.add_argument("study", type=Path, metavar="STUDY", help="the study's folder")
    passphrase_argument(parser)


def passphrase_argument(parser: argparse.ArgumentParser) -> None:
    """Let a passphrase come from somewhere else than the terminal."""
    parser.add_argument(
        "--passphrase-fd",
        type=int,
        metavar="N",
        help="read the passphrase from this open file descriptor"
        " (else EARSHOT_PASSPHRASE, a keyring, or the terminal)",
    )
    parser.add_argument("--keys-fd", type=int, metavar="N", help=argparse.SUPPRESS)


def interview_argument(parser: argparse.ArgumentParser) -> None:
    """Let a verb name one interview of the study."""
    parser.add_argument(
        "interview", metavar="INTERVIEW", help="its label, its id, or the id's beginning"
    )


@contextlib.contextmanager
def opened(given: argparse.Namespace, talk: Talk) -> Generator[Study]:
    """Open the study that was named; say what was rescued from a crash, or changed outside."""
    from study.recordings import rescue

    with unlock(given) as study:
        if study.is_changed:
            warning = StudyChanged()
            talk.say(f"earshot: {warning}\n{next_step(warning)}")
        for rescued in rescue(study):
            talk.say(
                f"A recording that was cut off was sealed: {rescued.kept_s:.0f} s were kept,"
                " at most 1 s is missing."
            )
        yield study


@contextlib.contextmanager
def opened_at(given: argparse.Namespace, talk: Talk) -> Generator[tuple[Study, Summary]]:
    """Open the study and find the interview that was named."""
    with opened(given, talk) as study:
        yield study, study.find(given.interview)


def be_modest() -> None:
    """Let a recorder and a screen go first: lower priority, and the first to go for want of memory.

    Children inherit both.
    """
    with contextlib.suppress(OSError):
        os.nice(10)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
