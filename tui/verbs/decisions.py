"""``earshot decisions``: the anonymisation log, to filter, count, sample, compare and print."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from study.artefacts import Kind, Summary
from study.errors import BadName, LogVersionMissing, TargetExists
from study.screen_text import clock
from study.store import Study
from study.terms import Category, LogLine, Verdict
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument

HEAD = (
    "interview", "key", "turn", "time", "kind", "identifier", "action", "replacement", "found by",
    "version", "score", "decided by", "at", "in bulk",
)  # fmt: skip
_SHORT = (0, 1, 2, 3, 4, 6, 7, 8, 11)  # the columns that fit a terminal
_ACTIONS = ("replaced", "replaced by hand", "kept", "undecided")


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    parser.add_argument(
        "interview", nargs="?", default="", metavar="INTERVIEW", help="one; else all of the study"
    )
    parser.add_argument("--kind", type=Category, choices=list(Category), metavar="KIND")
    parser.add_argument("--action", choices=_ACTIONS)
    parser.add_argument("--by", default="", metavar="WHO", help="who decided, by name or number")
    parser.add_argument("--found-by", default="", metavar="COMPONENT")
    parser.add_argument("--identifier", choices=["direct", "indirect"])
    parser.add_argument("--bulk", action="store_true", help="what was decided without a look")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--count", action="store_true", help="count by kind and action")
    what.add_argument("--sample", type=float, metavar="PERCENT", help="draw some to check again")
    what.add_argument(
        "--compare", nargs="+", type=int, metavar="VERSION",
        help="what changed since a version of the log, or between two",
    )  # fmt: skip
    what.add_argument("--history", metavar="KEY", help="all that was ever decided of a mention")
    what.add_argument("--not-looked-at", action="store_true", help="turns nobody looked at")
    parser.add_argument("--seed", default="", help="draws another sample, the same each time")
    parser.add_argument(
        "--originals", action="store_true",
        help="show what was said, if your passphrase opens it; the audit trail notes it",
    )  # fmt: skip
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write it as a table")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write it as a page to print")


def _run(given: argparse.Namespace, talk: Talk) -> int:
    with opened(given, talk) as study:
        wanted = [study.find(given.interview)] if given.interview else study.summaries()
        if given.not_looked_at:
            _tell_turns(study, wanted, talk)
        elif given.history:
            _tell_history(study, wanted, given.history, talk)
        elif given.compare:
            _tell_changes(study, wanted, given.compare, talk)
        else:
            _tell(study, wanted, given, talk)
    return 0


def _tell(study: Study, wanted: Sequence[Summary], given: argparse.Namespace, talk: Talk) -> None:
    from anonymise import ledger

    asked = ledger.Wanted(
        category=given.kind,
        action=given.action or "",
        direct=None if given.identifier is None else given.identifier == "direct",
        by=_slot(study, given.by),
        source=given.found_by,
        in_bulk=True if given.bulk else None,
    )
    lines = [
        (summary, line)
        for summary in wanted
        for line in ledger.read(study, summary.id)
        if asked.fits(line)
    ]
    if given.sample is not None:
        drawn = ledger.sample([line for _, line in lines], given.sample, given.seed)
        keys = {line.mention for line in drawn}
        lines = [(summary, line) for summary, line in lines if line.mention in keys]
    if given.count:
        found = ledger.counts(line for _, line in lines)
        data = [{"kind": k, "action": a, "count": n} for (k, a), n in found.items()]
        rows = [(kind, action, str(count)) for (kind, action), count in found.items()]
        talk.table(data, ["kind", "action", "count"], rows)
        return
    names = study.slot_names()
    rows = [_row(summary, line, names) for summary, line in lines]
    _write(given, rows)
    said, head = _said(study, wanted) if given.originals else {}, list(HEAD)
    shown = [tuple(row[i] for i in _SHORT) for row in rows]
    heading = [head[i] for i in _SHORT]
    if given.originals:
        heading += ["said", "why"]
        shown = [(*row, *said.get(row[1], ("", ""))) for row in shown]
    data = [
        dict(zip((*head, "said", "why"), (*row, *said.get(row[1], ("", ""))), strict=True))
        if given.originals
        else dict(zip(head, row, strict=True))
        for row in rows
    ]
    talk.table(data, heading, shown)


def _slot(study: Study, who: str) -> int | None:
    """Return the number of a slot by its name or number.

    Raises:
        BadName: nobody of that name opens this study.
    """
    if not who:
        return None
    for number, name in study.slot_names().items():
        if who in {str(number), name}:
            return number
    raise BadName("name of somebody who opens this study")


def _row(summary: Summary, line: LogLine, names: dict[int, str]) -> tuple[str, ...]:
    return (
        summary.label, line.mention, str(line.turn), clock(line.start_s), line.category.value,
        "direct" if line.direct else "indirect", line.action, line.replacement, line.source,
        line.component, f"{line.score:.2f}", names.get(line.by, str(line.by)) if line.by else "",
        line.at, "in bulk" if line.in_bulk else "",
    )  # fmt: skip


def _said(study: Study, wanted: Iterable[Summary]) -> dict[str, tuple[str, str]]:
    from anonymise import ledger

    return {
        key: (original.words, original.reason)
        for summary in wanted
        for key, original in ledger.originals(study, summary.id).items()
    }


def _write(given: argparse.Namespace, rows: Sequence[tuple[str, ...]]) -> None:
    """Write the log as files; no original is ever in one."""
    from handoff.csv_table import csv_table
    from handoff.sheet import Table, sheet

    if given.csv:
        write_new(given.csv, csv_table([HEAD, *rows]))
    if given.page:
        notes = [
            f"{len(rows)} decisions about identifying details, without what was said.",
            "Whoever holds the key reads that with: earshot decisions STUDY --originals",
        ]
        write_new(given.page, sheet("Anonymisation log", notes, [Table("Decisions", HEAD, rows)]))


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet.

    Raises:
        TargetExists: it is.
        StudyUnwritable, DiskFull: it cannot be written.
    """
    from study.disk import write_whole

    if path.exists():
        raise TargetExists
    write_whole(path, content)


def _tell_changes(
    study: Study, wanted: Sequence[Summary], versions: Sequence[int], talk: Talk
) -> None:
    """Tell what changed in the logs that have these versions.

    Raises:
        StepMissing: none has.
    """
    from anonymise import ledger

    newest = {summary.id: study.version(summary.id, Kind.LOG) for summary in wanted}
    if min(versions) < 1 or max(versions) > max(newest.values(), default=0):
        raise LogVersionMissing(max(versions), max(newest.values(), default=0))
    found = [
        (summary, change)
        for summary in wanted
        if newest[summary.id] >= max(versions)
        for change in ledger.compare(
            ledger.read(study, summary.id, versions[0]),
            ledger.read(study, summary.id, versions[1] if versions[1:] else None),
        )
    ]
    rows = [
        (s.label, c.line.mention, str(c.line.turn), c.line.category.value,
         *(_what(side) for side in (c.before, c.after)))
        for s, c in found
    ]  # fmt: skip
    data = [{"interview": s.label, "before": c.before, "after": c.after} for s, c in found]
    talk.table(data, ["interview", "key", "turn", "kind", "before", "after"], rows)


def _what(line: LogLine | None) -> str:
    return "" if line is None else f"{line.action} {line.replacement}".strip()


def _tell_history(study: Study, wanted: Sequence[Summary], key: str, talk: Talk) -> None:
    from anonymise import ledger

    names = study.slot_names()
    found = [(s, d) for s in wanted for d in ledger.history(study, s.id, key)]
    rows = [
        (s.label, d.at, names.get(d.by, str(d.by)),
         d.verdict.value + (" in bulk" if d.in_bulk else ""),
         d.replacement if d.verdict is Verdict.CHANGED else "", d.reason)
        for s, d in found
    ]  # fmt: skip
    talk.table([d for _, d in found], ["interview", "at", "by", "verdict", "text", "why"], rows)


def _tell_turns(study: Study, wanted: Sequence[Summary], talk: Talk) -> None:
    from anonymise import ledger
    from study import decided

    data: list[dict[str, object]] = []
    rows: list[tuple[str, ...]] = []
    for summary in wanted:
        source = decided.newest(study, summary.id)
        if source is None:
            continue
        turns = {turn.key: turn for turn in source.transcript.turns}
        for key in ledger.never_looked_at(study, summary.id):
            turn = turns[key]
            data.append({"interview": summary.label, "turn": key, "start_s": turn.start_s})
            rows.append((summary.label, str(key), clock(turn.start_s), turn.speaker))
    talk.table(data, ["interview", "turn", "time", "speaker"], rows)
    talk.say(f"{len(rows)} turns were never looked at.")


VERB = Verb(
    name="decisions",
    summary="Read the anonymisation log: filter, count, sample, compare, print; no originals.",
    example="earshot decisions dementia-course P07_i1 --sample 10 --page to-check.html",
    run=_run,
    arguments=_arguments,
    leaves="Only what --csv and --page write, on this computer; no original is in it.",
)
