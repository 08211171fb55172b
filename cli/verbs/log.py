"""``earshot log``: read the audit trail, and check the whole study against it."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Sequence
from pathlib import Path

from app import describe_trail_verb
from cli.console import Console
from cli.output_files import write_new_file
from cli.verb import Verb, add_study_argument, open_named_study
from study.errors import EarshotError, ReasonMissing, StudyDamaged
from study.store import (
    IntegrityFinding,
    Study,
    TrailHead,
    TrailLine,
    contains_trail_head,
    read_kept_heads,
    read_trail_head,
    verify_database_file,
    verify_study,
)

_ACCEPT = (
    "Nothing is transcribed, signed off or handed over until somebody says why this was changed:"
    " `earshot log accept STUDY --because REASON`."
)


def _head(text: str) -> TrailHead:
    count, _, digest = text.partition(":")
    if not count.isdecimal() or not digest:
        raise argparse.ArgumentTypeError("a head looks like 41:9f86d081884c7d65")
    return TrailHead(int(count), digest.lower())


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        choices=["show", "verify", "accept"],
        help="list it, check everything, or go on with a study that was changed outside Earshot",
    )
    add_study_argument(parser)
    parser.add_argument(
        "--head",
        type=_head,
        metavar="COUNT:HASH",
        help="a head printed earlier: only this can show that the end was cut off",
    )
    parser.add_argument(
        "--against",
        type=Path,
        metavar="FILE",
        help="a file of heads that was kept elsewhere: each must be in the trail",
    )
    parser.add_argument(
        "--because", default="", metavar="REASON", help="with accept: why it was changed; sealed"
    )
    parser.add_argument("--interview", default="", metavar="INTERVIEW", help="show this one only")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write what is shown as a table")


def _run(arguments: argparse.Namespace, console: Console) -> int:
    acts = {"show": _show, "verify": _verify, "accept": _accept}
    return acts[arguments.what](arguments, console)


def _show(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_study(arguments, console) as study:
        about = study.find_interview(arguments.interview).id if arguments.interview else ""
        every, head = study.read_trail()
        found = [x for x in every if not about or x.interview == about]
        names = study.slot_names()
        labels = {summary.id: summary.label for summary in study.summaries()}
        data = [
            {"number": x.number, "at": x.at, "slot": x.slot, "who": names.get(x.slot, ""),
             "verb": x.verb, "interview": x.interview,
             "label": labels.get(x.interview, x.interview), "facts": x.facts}
            for x in found
        ]  # fmt: skip
        rows = [
            (str(x.number), x.at, names.get(x.slot, str(x.slot)), describe_trail_verb(x.verb),
             labels.get(x.interview, x.interview))
            for x in found
        ]  # fmt: skip
        if arguments.csv:
            _write(arguments.csv, found)
        console.print_table(data, ["line", "at", "who", "what was done", "interview"], rows)
        console.say(f"Head of the trail: {head}")
    return 0


def _write(path: Path, found: Sequence[TrailLine]) -> None:
    """Write lines of the trail with their facts as a table; they hold no name and no word."""
    from handoff import render_csv

    head = ("line", "at", "slot", "what was done", "interview", "facts", "hash")
    rows = [
        (str(x.number), x.at, str(x.slot), x.verb, x.interview,
         "; ".join(f"{name}={fact}" for name, fact in x.facts.items()), x.hash.hex())
        for x in found
    ]  # fmt: skip
    write_new_file(path, render_csv([head, *rows]))


def _verify(arguments: argparse.Namespace, console: Console) -> int:
    findings = verify_database_file(arguments.study)  # before this process opens the database
    head, is_changed = "", False
    with contextlib.ExitStack() as until_told:
        try:
            study = until_told.enter_context(open_named_study(arguments, console))
            findings += verify_study(study, arguments.head)
            findings += _compare_heads(study, arguments.against)
            head, is_changed = str(read_trail_head(study.db)), study.is_changed
        except StudyDamaged as damaged:
            findings.append(IntegrityFinding(damaged.where, "cannot be read"))
        except EarshotError:
            if not findings:
                raise
        findings = list(dict.fromkeys(findings))
        data = {"whole": not findings, "head": head, "findings": findings}
        lines = [f"{f.where} {f.what}" for f in findings] or [
            f"Nothing was changed outside Earshot. Head of the trail: {head}"
        ]
        console.print_result(data, lines)
        if is_changed:
            console.say(_ACCEPT)
    return StudyDamaged.exit_code if findings else 0


def _compare_heads(study: Study, kept: Path | None) -> list[IntegrityFinding]:
    """Look for each head of a file that was kept elsewhere."""
    if kept is None:
        return []
    heads = read_kept_heads(study, kept)
    missing = next((head for head in heads if not contains_trail_head(study.db, head)), None)
    if missing is None:
        return []
    return [IntegrityFinding(f"trail line {missing.count}", "differs from the head kept elsewhere")]


def _accept(arguments: argparse.Namespace, console: Console) -> int:
    findings = verify_database_file(arguments.study)  # before this process opens the database
    with open_named_study(arguments, console) as study:
        findings = list(dict.fromkeys([*findings, *verify_study(study, arguments.head)]))
        if not study.is_changed:
            console.print_result(
                {"accepted": False}, ["This study was not changed outside Earshot."]
            )
            return 0
        if not arguments.because.strip():
            raise ReasonMissing
        study.accept_changes(findings, arguments.because.strip())
        lines = [f"{f.where} {f.what}" for f in findings]
        missing = study.count_missing_sound()
        end = (
            f"Accepted, but files of sound are missing: {missing}. The study counts as changed"
            " again when it is next opened, until they are put back from a copy."
            if missing
            else "Accepted: the study can be transcribed, signed off and handed over again."
        )
        console.print_result(
            {"accepted": True, "findings": findings, "sound_missing": missing}, [*lines, end]
        )
    return 0


VERB = Verb(
    name="log",
    summary="Show the audit trail, or check every byte of the study against it.",
    example="earshot log verify dementia-course --head 41:9f86d081884c7d65",
    run=_run,
    arguments=_arguments,
    leaves="Only what --csv writes, on this computer; the trail holds no word and no name.",
)
