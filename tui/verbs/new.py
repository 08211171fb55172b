"""``earshot new``: make a study."""

from __future__ import annotations

import argparse
from pathlib import Path

from study.store import Study
from tui.passphrase import choose, remember
from tui.talk import Talk
from tui.verb import Verb, passphrase_argument


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("study", type=Path, metavar="FOLDER", help="a folder that is not there yet")
    passphrase_argument(parser)
    parser.add_argument(
        "--remember",
        action="store_true",
        help="keep the passphrase in this system's keyring, where it has a secure one",
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    folder: Path = given.study
    passphrase = choose(given.passphrase_fd)
    study, code = Study.create(folder, passphrase)
    study.close()
    if given.remember and not remember(folder, passphrase):
        talk.say("This system has no secure keyring that is open: the passphrase was not kept.")
    talk.say(
        "The study is made. Write this recovery code on paper and keep it apart from the laptop:\n"
        "it opens the study if the passphrase is forgotten, and it is shown only now."
    )
    talk.result({"study": str(folder), "recovery_code": code}, [code])
    return 0


VERB = Verb(
    name="new",
    summary="Make a study in a new folder, sealed with a passphrase.",
    example="earshot new dementia-course",
    run=_run,
    arguments=_arguments,
)
