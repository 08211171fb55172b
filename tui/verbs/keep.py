"""``earshot keep``: the study's own list of what names nobody."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from study import vocabulary
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument

_STDIN = Path("-")


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="make this the list: one word or phrase a line; a line that begins with - takes out"
        " one that ships with Earshot; - as the file reads standard input",
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    from anonymise import keeping

    fresh = _written(given.source) if given.source else None
    with opened(given, talk) as study:
        lines = keeping.read(study) if fresh is None else keeping.write(study, fresh)
    if not lines:
        talk.say("This study adds nothing to Earshot's own keep-list. Set some with --from FILE.")
    talk.result({"lines": lines}, lines)
    return 0


def _written(source: Path) -> str | bytes:
    if source == _STDIN:
        return sys.stdin.buffer.read(vocabulary.MOST_BYTES + 1)
    return vocabulary.load(source).text


VERB = Verb(
    name="keep",
    summary="Show or set what names nobody in this study, and is never proposed.",
    example="earshot keep dementia-course --from keep.txt",
    run=_run,
    arguments=_arguments,
)
