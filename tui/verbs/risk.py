"""``earshot risk``: what is left after the decisions, line by line, with its places."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from study.screen_text import clock
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument
from tui.verbs.decisions import write_new

if TYPE_CHECKING:
    from anonymise.risk import Line

_SHOWN = 4  # places of one line in the terminal and on the page
_QUESTIONS = (
    "Who knows this person well enough to recognise the story? What would they look for?",
    "What was in a newspaper, on a website or in a newsletter of the service?",
    "Do quotations from several interviews, put side by side, name somebody?",
    "What would this person mind being read by their family, their ward or their employer?",
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    parser.add_argument(
        "interview", nargs="?", default="", metavar="INTERVIEW", help="one; else all of the study"
    )
    parser.add_argument("--page", type=Path, metavar="FILE", help="write it as a page to print")


def _run(given: argparse.Namespace, talk: Talk) -> int:
    from anonymise import risk

    with opened(given, talk) as study:
        interview = study.find(given.interview).id if given.interview else ""
        labels = {summary.id: summary.label for summary in study.summaries()}
        lines = risk.sheet(study, interview)
    if given.page:
        write_new(given.page, _page(lines, labels))
    rows = [(x.concern.value, x.words, x.note, _where(x, labels)) for x in lines]
    data = [
        {"concern": x.concern, "words": x.words, "note": x.note,
         "places": [{"label": labels[p.interview], "place": p} for p in x.places]}
        for x in lines
    ]  # fmt: skip
    talk.table(data, ["what", "words", "", "where (interview, turn, time)"], rows)
    talk.say(f"{len(lines)} lines. No number says how anonymous a conversation is: read them.")
    return 0


def _where(line: Line, labels: dict[str, str]) -> str:
    shown = [f"{labels[p.interview]} {p.turn} {clock(p.start_s)}" for p in line.places[:_SHOWN]]
    more = len(line.places) - len(shown)
    return "; ".join([*shown, *([f"and {more} more"] if more else [])])


def _page(lines: Sequence[Line], labels: dict[str, str]) -> bytes:
    """Return the sheet to print; words that were replaced somewhere are not on it."""
    from anonymise.risk import Concern
    from handoff.sheet import Table, sheet

    tables = [
        Table(
            f"{concern.value[0].upper()}{concern.value[1:]}",
            ("words", "note", "where (interview, turn, time)"),
            [
                ("" if line.is_said else line.words, line.note, _where(line, labels))
                for line in lines
                if line.concern is concern
            ],
        )
        for concern in Concern
    ]
    notes = (
        "What is left after the decisions. Each line leads to its place.",
        "Data with a key kept somewhere is pseudonymised, not anonymous.",
    )
    asked = Table("Answer in writing", ("question", "answer"), [(q, "") for q in _QUESTIONS])
    return sheet("Risk sheet", notes, [*tables, asked])


VERB = Verb(
    name="risk",
    summary="List what is left after the decisions and where: what may still name somebody.",
    example="earshot risk dementia-course P07_i1 --page risk.html",
    run=_run,
    arguments=_arguments,
    leaves="Only what --page writes, on this computer.",
)
