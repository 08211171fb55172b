"""``earshot returned``: enter the corrections that a participant sent back."""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.talk import Talk
from tui.verb import Verb, interview_argument, opened_at, study_argument


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    interview_argument(parser)
    parser.add_argument(
        "--from",
        dest="file",
        type=Path,
        required=True,
        metavar="FILE",
        help="the Word copy that came back, or a text with lines such as '12: what it should say'",
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    from handoff.returned import enter, read_returned

    with opened_at(given, talk) as (study, summary):
        returned = read_returned(study, summary.id, given.file)
        for one in returned.unclear:
            talk.event("not understood", {"where": one.where, "kind": one.kind})
            talk.say_privately(f"Not understood, {one.where}: {one.kind}", one.words)
        changed = enter(study, summary.id, returned)
    some = "1 turn was" if changed == 1 else f"{changed} turns were"
    talk.result(
        {"corrections": len(returned.corrections), "turns": changed},
        [f"{some} changed. Run `earshot anonymise` again, look at what is new, and sign it off."],
    )
    return 0


VERB = Verb(
    name="returned",
    summary="Enter the corrections that a participant sent back, as a new version.",
    example="earshot returned dementia-course P07_i1 --from P07_i1-for-P07.docx",
    run=_run,
    arguments=_arguments,
)
