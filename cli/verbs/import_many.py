"""``earshot import STUDY FOLDER --table TABLE``: many interviews at once, looked at first."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from app import RowPlan, RowState, plan_imports, run_imports
from cli.console import Console
from cli.import_summary import Origin, describe_origin
from cli.transcript_report import count_turns, describe_read
from cli.verb import open_named_study
from cli.verb_advice import advise_verb
from study import ArtefactKind, format_clock
from study.errors import SomeNotImported
from study.store import Study

_HEAD = ["line", "interview", "length", "participants", "", "why"]


def import_from_table(arguments: argparse.Namespace, console: Console) -> int:
    """Show what a table would import; with ``--write`` import it and say what became of it.

    Raises:
        BadImportTable: the table cannot be used.
        SomeNotImported: some rows failed; all others are in.
    """
    from capture import ImportChoices, TakenFiles, read_import_table

    table = read_import_table(arguments.table)
    folder = arguments.files[0] if arguments.files else arguments.table.parent
    with open_named_study(arguments, console) as study:
        choices = ImportChoices(
            partial=arguments.partial, again=arguments.again, track=arguments.track,
            taken=TakenFiles.read(study),
        )  # fmt: skip
        plans = plan_imports(study, table.rows, folder, choices, report=console.show_progress)
        if table.unused:
            console.say(f"Columns that Earshot does not know: {', '.join(table.unused)}.")
        if not arguments.write:
            _print_rows(study, plans, console)
            console.say(_say_what_would_be(plans))
            return _fail_where_some_failed(plans)
        done = list(run_imports(study, plans, choices, report=console.show_progress))
        _print_rows(study, done, console)
        console.say(_say_what_was_done(done))
        return _fail_where_some_failed(done)


def _print_rows(study: Study, plans: Iterable[RowPlan], console: Console) -> None:
    console.end_progress()
    lengths_s = {summary.id: summary.sound_s for summary in study.summaries()}
    rows: list[list[str]] = []
    data: list[dict[str, object]] = []
    for plan in plans:
        codes = [person.code for person in plan.about.participants] if plan.about else []
        length_s, notes = plan.length_s, list[str]()
        if plan.interview:
            length_s = lengths_s[plan.interview] or None
            interview = study.interview(plan.interview)
            notes = describe_origin(interview.read_artefact(ArtefactKind.ORIGIN, Origin) or {})
        if plan.read is not None:
            notes = [f"{count_turns(len(plan.read.turns))}.", *describe_read(plan.read)]
        if plan.problem is not None:
            notes = [str(plan.problem), *filter(None, advise_verb(plan.problem).split("\n"))]
        shown = "" if plan.is_text or length_s is None else format_clock(length_s)
        rows.append(
            [
                str(plan.row.line), plan.row.label, shown, ", ".join(codes), plan.state.value,
                " ".join(notes),
            ]
        )  # fmt: skip
        data.append(
            {
                "line": plan.row.line, "label": plan.row.label, "state": plan.state.value,
                "interview": plan.interview, "sound_s": length_s, "participants": codes,
                "notes": notes,
                "exit_code": plan.problem.exit_code if plan.problem else 0,
            }
        )  # fmt: skip
    console.print_table(data, _HEAD, rows)


def _say_what_would_be(plans: Iterable[RowPlan]) -> str:
    ready = [plan for plan in plans if plan.state is RowState.READY]
    if not ready:
        return "Nothing would be imported."
    total_s = sum(plan.length_s or 0.0 for plan in ready)
    count = "1 interview" if len(ready) == 1 else f"{len(ready)} interviews"
    length = f", {format_clock(total_s)} of sound" if total_s else ""
    return f"{count} to import{length}. Nothing was changed: add --write to import."


def _say_what_was_done(plans: Iterable[RowPlan]) -> str:
    states = [plan.state for plan in plans]
    parts = [f"{states.count(RowState.DONE)} imported"]
    if there := states.count(RowState.THERE):
        parts.append(f"{there} there already")
    if failed := states.count(RowState.FAILED):
        parts.append(f"{failed} not imported")
    return f"{', '.join(parts)}."


def _fail_where_some_failed(plans: Iterable[RowPlan]) -> int:
    states = [plan.state for plan in plans]
    if failed := states.count(RowState.FAILED):
        raise SomeNotImported(failed, len(states))
    return 0
