"""``earshot keep``: the study's own keep-list, of words that name nobody."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import MOST_VOCABULARY_BYTES, load_vocabulary

_STDIN = Path("-")


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="make this the list: one word or phrase a line; a line that begins with - takes out"
        " one that ships with Earshot; - as the file reads standard input",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from anonymise import read_study_keep_list, write_study_keep_list

    fresh = _read_source(arguments.source) if arguments.source else None
    with open_named_study(arguments, console) as study:
        lines = (
            read_study_keep_list(study) if fresh is None else write_study_keep_list(study, fresh)
        )
    if not lines:
        console.say(
            "This study adds nothing to Earshot's own keep-list. Set some with --from FILE."
        )
    console.print_result({"lines": lines}, lines)
    return 0


def _read_source(source: Path) -> str | bytes:
    if source == _STDIN:
        return sys.stdin.buffer.read(MOST_VOCABULARY_BYTES + 1)
    return load_vocabulary(source).text


VERB = Verb(
    name="keep",
    summary="Show or set the words that identify nobody in this study and are never proposed.",
    example="earshot keep dementia-course --from keep.txt",
    run=_run,
    arguments=_arguments,
)
