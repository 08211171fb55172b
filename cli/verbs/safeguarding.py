"""``earshot safeguarding``: a note that somebody's safety is in doubt, and whom was told when."""

from __future__ import annotations

import argparse

from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import parse_day
from study.store import Study, note_who_was_told, raise_concern, read_safeguarding_notes


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "which", nargs="?", default="", metavar="WHICH",
        help="the interview, with --concern; the note's id, with --told",
    )  # fmt: skip
    parser.add_argument("--concern", default="", metavar="TEXT", help="what was heard; sealed")
    parser.add_argument("--told", default="", metavar="WHO", help="who was told of it; sealed")
    parser.add_argument(
        "--on", default="", metavar="DATE", help="when they were told (default: today)"
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_study(arguments, console) as study:
        if arguments.concern:
            made = raise_concern(study.interview(arguments.which), arguments.concern)
            console.print_result({"id": made}, [f"Noted as {made}. An owner or officer reads it."])
            return 0
        if arguments.told:
            day = parse_day(arguments.on) if arguments.on else study.now()[:10]
            note_who_was_told(study, arguments.which, arguments.told, day)
        return _list(study, console)


def _list(study: Study, console: Console) -> int:
    notes = read_safeguarding_notes(study)
    names = study.slot_names()
    data = [{"id": name, "note": note} for name, note in notes]
    rows = [
        (
            name, note.label, note.at[:10], names.get(note.by, "?"), note.what,
            "; ".join(f"{one.who}, {one.on}" for one in note.told) or "nobody yet",
        )
        for name, note in notes
    ]  # fmt: skip
    console.print_table(data, ["id", "interview", "on", "by", "what", "told"], rows)
    return 0


VERB = Verb(
    name="safeguarding",
    summary="Note that somebody's safety is in doubt, apart from the interview, and who was told.",
    example='earshot safeguarding dementia-course P07_i1 --concern "left alone for days"',
    run=_run,
    arguments=_arguments,
)
