"""``earshot decisions``: the anonymisation log, to filter, count, sample, compare and print."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from app import describe_passes, format_count
from cli.console import Console
from cli.output_files import write_new_file
from cli.verb import Verb, add_study_argument, open_named_study
from study import (
    ArtefactKind,
    Category,
    InterviewSummary,
    LogLine,
    TurnNumbers,
    Verdict,
    format_clock,
    format_turn_key,
)
from study.errors import BadName, LogVersionMissing
from study.store import Study, read_newest_transcript, read_turn_numbers

LOG_HEADINGS = (
    "interview", "key", "turn", "time", "kind", "identifier", "action", "replacement", "found by",
    "version", "score", "decided by", "at", "in bulk",
)  # fmt: skip
_SHORT = (0, 1, 2, 3, 4, 6, 7, 8, 11)  # the columns that fit a terminal
_ACTIONS = ("replaced", "replaced by hand", "kept", "undecided")


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "interview", nargs="?", default="", metavar="INTERVIEW", help="one; else all of the study"
    )
    parser.add_argument("--kind", type=Category, choices=list(Category), metavar="KIND")
    parser.add_argument("--action", choices=_ACTIONS)
    parser.add_argument("--by", default="", metavar="WHO", help="who decided, by name or number")
    parser.add_argument("--found-by", default="", metavar="COMPONENT")
    parser.add_argument("--identifier", choices=["direct", "indirect"])
    parser.add_argument(
        "--bulk",
        action="store_true",
        help="only what was decided in bulk, without a look at each",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--count", action="store_true", help="count by kind and action")
    what.add_argument(
        "--sample",
        type=float,
        metavar="PERCENT",
        help="a sample of this many percent of the lines, to check again",
    )
    what.add_argument(
        "--compare", nargs="+", type=int, metavar="VERSION",
        help="what changed since a version of the log, or between two",
    )  # fmt: skip
    what.add_argument("--history", metavar="KEY", help="every decision ever made about a mention")
    what.add_argument("--not-looked-at", action="store_true", help="turns nobody read")
    parser.add_argument("--seed", default="", help="draws another sample, the same each time")
    parser.add_argument(
        "--originals", action="store_true",
        help="show what was said, if your passphrase opens it; the audit trail notes it",
    )  # fmt: skip
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write it as a table")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write it as a page to print")


def _run(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_study(arguments, console) as study:
        wanted = (
            [study.find_interview(arguments.interview)]
            if arguments.interview
            else study.summaries()
        )
        if arguments.not_looked_at:
            _show_unseen_turns(study, wanted, console)
        elif arguments.history:
            _show_history(study, wanted, arguments.history, console)
        elif arguments.compare:
            _show_changes(study, wanted, arguments.compare, console)
        else:
            _show_lines(study, wanted, arguments, console)
    return 0


def _show_lines(
    study: Study,
    wanted: Sequence[InterviewSummary],
    arguments: argparse.Namespace,
    console: Console,
) -> None:
    from anonymise import LogFilter, count_log_lines, read_anonymisation_log, sample_log_lines

    log_filter = LogFilter(
        category=arguments.kind,
        action=arguments.action or "",
        direct=None if arguments.identifier is None else arguments.identifier == "direct",
        slot=_slot(study, arguments.by),
        source=arguments.found_by,
        in_bulk=True if arguments.bulk else None,
    )
    lines = [
        (summary, line)
        for summary in wanted
        for line in read_anonymisation_log(study.interview(summary.id))
        if log_filter.matches(line)
    ]
    if arguments.sample is not None:
        every = len(lines)
        drawn = sample_log_lines([line for _, line in lines], arguments.sample, arguments.seed)
        keys = {line.mention for line in drawn}
        lines = [(summary, line) for summary, line in lines if line.mention in keys]
        share = f"{arguments.sample:g}%"
        console.say(f"A sample of {share}: {len(lines)} of {format_count(every, 'line')}.")
    if arguments.count:
        found = count_log_lines(line for _, line in lines)
        data = [{"kind": k, "action": a, "count": n} for (k, a), n in found.items()]
        rows = [(kind, action, str(count)) for (kind, action), count in found.items()]
        console.print_table(data, ["kind", "action", "count"], rows)
        return
    names = study.slot_names()
    numbers = _read_numbers(study, (summary for summary, _ in lines))
    rows = [_row(summary, line, names, numbers[summary.id]) for summary, line in lines]
    passes = [
        f"{summary.label}: {line.strip()}"
        for summary in wanted
        for line in describe_passes(study.interview(summary.id))
    ]
    _write(arguments, rows, [line for line in passes if ": because " not in line])
    said, head = _said(study, wanted) if arguments.originals else {}, list(LOG_HEADINGS)
    shown = [tuple(row[i] for i in _SHORT) for row in rows]
    heading = [head[i] for i in _SHORT]
    if arguments.originals:
        heading += ["said", "why"]
        shown = [(*row, *said.get(row[1], ("", ""))) for row in shown]
    data = [
        dict(zip((*head, "said", "why"), (*row, *said.get(row[1], ("", ""))), strict=True))
        if arguments.originals
        else dict(zip(head, row, strict=True))
        for row in rows
    ]
    console.print_table(data, heading, shown)
    for line in passes:
        console.say(line)


def _slot(study: Study, who: str) -> int | None:
    """Return the number of a slot by its name or number.

    Raises:
        BadName: no slot of the study has this name or number.
    """
    if not who:
        return None
    for number, name in study.slot_names().items():
        if who in {str(number), name}:
            return number
    raise BadName("name of somebody who opens this study")


def _read_numbers(study: Study, of: Iterable[InterviewSummary]) -> dict[str, TurnNumbers]:
    """Return the numbers of the turns of each interview, by its id."""
    return {owner: read_turn_numbers(study.interview(owner)) for owner in {s.id for s in of}}


def _row(
    summary: InterviewSummary, line: LogLine, names: dict[int, str], numbers: TurnNumbers
) -> tuple[str, ...]:
    return (
        summary.label, line.mention, numbers.show_turn(line.turn), format_clock(line.start_s),
        line.category.value, "direct" if line.direct else "indirect", line.action,
        line.replacement, line.source, line.component, f"{line.score:.2f}",
        names.get(line.by, str(line.by)) if line.by else "",
        line.at, "in bulk" if line.in_bulk else "",
    )  # fmt: skip


def _said(study: Study, wanted: Iterable[InterviewSummary]) -> dict[str, tuple[str, str]]:
    from anonymise import read_originals

    return {
        key: (original.words, original.reason)
        for summary in wanted
        for key, original in read_originals(study.interview(summary.id)).items()
    }


def _write(
    arguments: argparse.Namespace, rows: Sequence[tuple[str, ...]], passes: Sequence[str]
) -> None:
    """Write the log as files; none of them holds an original.

    passes: what was let through the gate, without the reasons, which somebody typed.
    """
    from handoff import PrintedTable, render_csv, render_printed_sheet

    if arguments.csv:
        write_new_file(arguments.csv, render_csv([LOG_HEADINGS, *rows]))
    if arguments.page:
        notes = [
            f"{len(rows)} decisions about identifying details, without what was said.",
            "Whoever holds the key can read that with: earshot decisions STUDY --originals",
            *passes,
        ]
        write_new_file(
            arguments.page,
            render_printed_sheet(
                "Anonymisation log", notes, [PrintedTable("Decisions", LOG_HEADINGS, rows)]
            ),
        )


def _show_changes(
    study: Study, wanted: Sequence[InterviewSummary], versions: Sequence[int], console: Console
) -> None:
    """Tell what changed in the logs that have these versions.

    Raises:
        StepMissing: none has.
    """
    from anonymise import compare_logs, read_anonymisation_log

    newest = {
        summary.id: study.interview(summary.id).find_newest_version(ArtefactKind.LOG)
        for summary in wanted
    }
    if min(versions) < 1 or max(versions) > max(newest.values(), default=0):
        raise LogVersionMissing(max(versions), max(newest.values(), default=0))
    found = [
        (summary, change)
        for summary in wanted
        if newest[summary.id] >= max(versions)
        for change in compare_logs(
            read_anonymisation_log(study.interview(summary.id), versions[0]),
            read_anonymisation_log(
                study.interview(summary.id), versions[1] if versions[1:] else None
            ),
        )
    ]
    numbers = _read_numbers(study, (s for s, _ in found))
    rows = [
        (s.label, c.line.mention, numbers[s.id].show_turn(c.line.turn), c.line.category.value,
         *(_describe_action(side) for side in (c.before, c.after)))
        for s, c in found
    ]  # fmt: skip
    data = [{"interview": s.label, "before": c.before, "after": c.after} for s, c in found]
    console.print_table(data, ["interview", "key", "turn", "kind", "before", "after"], rows)


def _describe_action(line: LogLine | None) -> str:
    return "" if line is None else f"{line.action} {line.replacement}".strip()


def _show_history(
    study: Study, wanted: Sequence[InterviewSummary], key: str, console: Console
) -> None:
    from anonymise import list_decision_history

    names = study.slot_names()
    found = [(s, d) for s in wanted for d in list_decision_history(study.interview(s.id), key)]
    rows = [
        (s.label, d.at, names.get(d.by, str(d.by)),
         d.verdict.value + (" in bulk" if d.in_bulk else ""),
         d.replacement if d.verdict is Verdict.CHANGED else "", d.reason)
        for s, d in found
    ]  # fmt: skip
    console.print_table(
        [d for _, d in found], ["interview", "at", "by", "verdict", "text", "why"], rows
    )


def _show_unseen_turns(study: Study, wanted: Sequence[InterviewSummary], console: Console) -> None:
    from anonymise import list_unseen_turns

    data: list[dict[str, object]] = []
    rows: list[tuple[str, ...]] = []
    for summary in wanted:
        source = read_newest_transcript(study.interview(summary.id))
        if source is None:
            continue
        turns = {turn.key: turn for turn in source.transcript.turns}
        numbers = TurnNumbers(turns)
        for key in list_unseen_turns(study.interview(summary.id)):
            turn = turns[key]
            data.append(
                {
                    "interview": summary.label, "turn": numbers.find_number(key),
                    "turn_key": format_turn_key(key), "start_s": turn.start_s,
                }
            )  # fmt: skip
            rows.append(
                (summary.label, numbers.show_turn(key), format_clock(turn.start_s), turn.speaker)
            )
    console.print_table(data, ["interview", "turn", "time", "speaker"], rows)
    console.say(f"{format_count(len(rows), 'turn was', 'turns were')} never looked at.")


VERB = Verb(
    name="decisions",
    summary="Read the anonymisation log: filter, count, sample, compare, print; no originals.",
    example="earshot decisions dementia-course P07_i1 --sample 10 --page to-check.html",
    run=_run,
    arguments=_arguments,
    leaves="Only what --csv and --page write, on this computer; no original is in it.",
)
