"""``earshot risk``: the details left after the decisions, line by line, with their places."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app import format_count
from cli.console import Console
from cli.output_files import write_new_file
from cli.verb import Verb, add_study_argument, open_named_study
from study import ArtefactKind, InterviewSummary, TurnNumbers, format_clock, format_turn_key
from study.store import Study, read_turn_numbers

if TYPE_CHECKING:
    from anonymise import IntruderLine, RiskLine, RiskPlace

_SHOWN = 4  # places of one line in the terminal and on the page
_QUESTIONS = (
    "Who knows this person well enough to recognise the story? What would they look for?",
    "What was in a newspaper, on a website or in a newsletter of the service?",
    "Do quotations from several interviews, put side by side, identify somebody?",
    "What would this person mind being read by their family, their ward or their employer?",
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "interview", nargs="?", default="", metavar="INTERVIEW", help="one; else all of the study"
    )
    parser.add_argument(
        "--intruder",
        action="store_true",
        help="what an outsider could use about one participant: give a code such as P07 in place of"
        " the interview",
    )
    parser.add_argument("--page", type=Path, metavar="FILE", help="write it as a page to print")


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from anonymise import build_risk_sheet

    if arguments.intruder:
        return _list_traces(arguments, console)
    with open_named_study(arguments, console) as study:
        interview = study.interview(arguments.interview) if arguments.interview else None
        unread = _tell_unsearched([interview.summary] if interview else study.summaries())
        lines = build_risk_sheet(study, interview)
        named = _name_places(study, lines)
    if arguments.page:
        write_new_file(arguments.page, _page(lines, named, unread))
    rows = [(x.concern.value, x.words, x.note, named.describe_places(x.places)) for x in lines]
    data = [
        {"concern": x.concern, "words": x.words, "note": x.note,
         "places": named.build_data(x.places)}
        for x in lines
    ]  # fmt: skip
    console.print_table(data, ["what", "words", "", "where (interview, turn, time)"], rows)
    count = format_count(len(lines), "line")
    console.say(f"{count}. No score can tell you it is anonymous. Read each one.")
    for one in unread:
        console.say(one)
    return 0


def _list_traces(arguments: argparse.Namespace, console: Console) -> int:
    """Print what an outsider could use about one participant, the weightiest first.

    Raises:
        SystemExit: with 2, as argparse: no participant was named.
    """
    from anonymise import list_traces

    code: str = arguments.interview
    if not code:
        parser = argparse.ArgumentParser(prog="earshot risk", usage=argparse.SUPPRESS)
        parser.error("--intruder is about one participant: name their code, as P07 --intruder")
    with open_named_study(arguments, console) as study:
        lines = list_traces(study, code)
        named = _name_places(study, lines)
        takes_part = (s for s in study.summaries() if s.about and code in s.about.codes)
        unread = _tell_unsearched(takes_part)
    rows = [(x.trace.value, x.words, x.note, named.describe_places(x.places)) for x in lines]
    if arguments.page:
        write_new_file(arguments.page, _intruder_page(code, lines, named, unread))
    data = [
        {"trace": x.trace, "words": x.words, "note": x.note, "weight": x.weight,
         "places": named.build_data(x.places)}
        for x in lines
    ]  # fmt: skip
    console.print_table(data, ["what", "words", "", "where (interview, turn, time)"], rows)
    count = format_count(len(lines), "line")
    order = ", the weightiest first" if len(lines) > 1 else ""
    console.say(f"{count}{order}. Somebody who knows {code} may see more than this list.")
    for one in unread:
        console.say(one)
    return 0


def _tell_unsearched(summaries: Iterable[InterviewSummary]) -> list[str]:
    """Say of which interviews the lists know nothing, or only an earlier text."""
    told: list[str] = []
    for one in summaries:
        if not one.versions.keys() & {ArtefactKind.RAW, ArtefactKind.CORRECTED}:
            continue
        again = f"`earshot anonymise STUDY {one.label}` searches it."
        if ArtefactKind.MENTIONS not in one.versions:
            told.append(f"! {one.label} was never searched: nothing of it is in this list. {again}")
        elif one.is_stale:
            told.append(
                f"! {one.label} was edited since it was searched: the list is of the earlier text."
                f" {again}"
            )
    return told


@dataclass(frozen=True, slots=True)
class _Named:
    """The labels of interviews and the numbers of their turns, by the interviews' ids."""

    labels: Mapping[str, str]
    numbers: Mapping[str, TurnNumbers]

    def describe_places(self, places: Sequence[RiskPlace]) -> str:
        """Return the first few places as a person looks for them: interview, turn and time."""
        shown = [
            f"{self.labels[p.interview]} {self.numbers[p.interview].show_turn(p.turn)}"
            f" {format_clock(p.start_s)}"
            for p in places[:_SHOWN]
        ]
        more = len(places) - len(shown)
        return "; ".join([*shown, *([f"and {more} more"] if more else [])])

    def build_data(self, places: Sequence[RiskPlace]) -> list[dict[str, object]]:
        """Return every place for scripts."""
        return [
            {
                "label": self.labels[p.interview],
                "place": asdict(p)
                | {
                    "turn": self.numbers[p.interview].find_number(p.turn) or None,
                    "turn_key": format_turn_key(p.turn),
                },
            }
            for p in places
        ]


def _name_places(study: Study, lines: Sequence[RiskLine] | Sequence[IntruderLine]) -> _Named:
    owners = {place.interview for line in lines for place in line.places}
    return _Named(
        {summary.id: summary.label for summary in study.summaries()},
        {owner: read_turn_numbers(study.interview(owner)) for owner in owners},
    )


def _page(lines: Sequence[RiskLine], named: _Named, unread: Sequence[str]) -> bytes:
    """Return the sheet to print, without words that are replaced somewhere."""
    from anonymise import Concern
    from handoff import PrintedTable, render_printed_sheet

    tables = [
        PrintedTable(
            f"{concern.value[0].upper()}{concern.value[1:]}",
            ("words", "note", "where (interview, turn, time)"),
            [
                ("" if line.is_said else line.words, line.note, named.describe_places(line.places))
                for line in lines
                if line.concern is concern
            ],
        )
        for concern in Concern
    ]
    notes = (
        *unread,
        "What is left after the decisions. Each line leads to its place.",
        "Data with a key kept somewhere is pseudonymised, not anonymous.",
    )
    questions = PrintedTable(
        "Answer in writing", ("question", "answer"), [(q, "") for q in _QUESTIONS]
    )
    return render_printed_sheet("Risk sheet", notes, [*tables, questions])


def _intruder_page(
    code: str, lines: Sequence[IntruderLine], named: _Named, unread: Sequence[str]
) -> bytes:
    """Return the list to print, without words that were replaced somewhere."""
    from anonymise import Trace
    from handoff import PrintedTable, render_printed_sheet

    rows = [
        (
            line.trace.value,
            "" if line.trace is Trace.REPLACED else line.words,
            line.note,
            named.describe_places(line.places),
        )
        for line in lines
    ]
    notes = (
        *unread,
        "What an outsider could still use in the clean text, the weightiest first.",
        "The order is no measure of how likely it is that somebody is recognised.",
    )
    heads = ("what", "words", "note", "where (interview, turn, time)")
    questions = PrintedTable(
        "Answer in writing", ("question", "answer"), [(q, "") for q in _QUESTIONS]
    )
    table = PrintedTable("Traces", heads, rows)
    return render_printed_sheet(f"What an outsider could use: {code}", notes, [table, questions])


VERB = Verb(
    name="risk",
    summary="List what is left after the decisions and where: what may still identify somebody.",
    example="earshot risk dementia-course P07_i1 --page risk.html",
    run=_run,
    arguments=_arguments,
    leaves="Only what --page writes, on this computer.",
)
