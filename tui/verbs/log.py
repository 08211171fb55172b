"""``earshot log``: read the audit trail, and check the whole study against it."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Sequence
from pathlib import Path

from study import trail, verify
from study.errors import EarshotError, StudyDamaged
from study.trail import Finding, Head
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument
from tui.verbs.decisions import write_new


def _head(text: str) -> Head:
    count, _, digest = text.partition(":")
    if not count.isdecimal() or not digest:
        raise argparse.ArgumentTypeError("a head looks like 41:9f86d081884c7d65")
    return Head(int(count), digest.lower())


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["show", "verify"], help="list it, or check everything")
    study_argument(parser)
    parser.add_argument(
        "--head",
        type=_head,
        metavar="COUNT:HASH",
        help="a head printed earlier: only this shows that the end was cut off",
    )
    parser.add_argument("--interview", default="", metavar="INTERVIEW", help="show this one only")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write what is shown as a table")


def _run(given: argparse.Namespace, talk: Talk) -> int:
    return _verify(given, talk) if given.what == "verify" else _show(given, talk)


def _show(given: argparse.Namespace, talk: Talk) -> int:
    with opened(given, talk) as study:
        about = study.find(given.interview).id if given.interview else ""
        every, head = study.trail()
        found = [x for x in every if not about or x.interview == about]
        data = [
            {"number": x.number, "at": x.at, "slot": x.slot, "verb": x.verb,
             "interview": x.interview, "facts": x.facts}
            for x in found
        ]  # fmt: skip
        rows = [(str(x.number), x.at, str(x.slot), x.verb, x.interview) for x in found]
        if given.csv:
            _write(given.csv, found)
        talk.table(data, ["line", "at", "slot", "what was done", "interview"], rows)
        talk.say(f"Head of the trail: {head}")
    return 0


def _write(path: Path, found: Sequence[trail.Line]) -> None:
    """Write lines with their facts as a table; a name or a word is in none of them."""
    from handoff.csv_table import csv_table

    head = ("line", "at", "slot", "what was done", "interview", "facts", "hash")
    rows = [
        (str(x.number), x.at, str(x.slot), x.verb, x.interview,
         "; ".join(f"{name}={fact}" for name, fact in x.facts.items()), x.hash.hex())
        for x in found
    ]  # fmt: skip
    write_new(path, csv_table([head, *rows]))


def _verify(given: argparse.Namespace, talk: Talk) -> int:
    findings = verify.check_file(given.study)  # before this process opens the database
    head, checked = "", None
    with contextlib.ExitStack() as until_told:
        try:
            study = until_told.enter_context(opened(given, talk))
            findings += verify.check_study(study, given.head)
            head, checked = str(trail.head(study.db)), study
        except StudyDamaged as damaged:
            findings.append(Finding(damaged.where, "cannot be read"))
        except EarshotError:
            if not findings:
                raise
        findings = list(dict.fromkeys(findings))
        data = {"whole": not findings, "head": head, "findings": findings}
        lines = [f"{f.where} {f.what}" for f in findings] or [
            f"Everything is as Earshot wrote it. Head of the trail: {head}"
        ]
        talk.result(data, lines)
        if checked is not None and checked.accept_verified(len(findings)):
            talk.say("Noted: the study can be signed off and handed over again.")
    return StudyDamaged.exit_code if findings else 0


VERB = Verb(
    name="log",
    summary="Show the audit trail, or check every byte of the study against it.",
    example="earshot log verify dementia-course --head 41:9f86d081884c7d65",
    run=_run,
    arguments=_arguments,
    leaves="Only what --csv writes, on this computer; the trail holds no word and no name.",
)
