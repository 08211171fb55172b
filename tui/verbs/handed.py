"""``earshot handed``: what was handed over to whom, and the notice that calls it back."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from study.artefacts import Kind
from study.terms import HandOver
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    parser.add_argument("interview", nargs="?", metavar="INTERVIEW", help="of this one only")
    parser.add_argument(
        "--recall", action="store_true", help="write the notice that asks to delete each of them"
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    from handoff.export import handed_over

    with opened(given, talk) as study:
        summaries = [study.find(given.interview)] if given.interview else study.summaries()
        found = [
            (summary.label, one)
            for summary in summaries
            if Kind.HANDED in summary.versions
            for one in handed_over(study, summary.id)
        ]
    data = [{"interview": label, "hand_over": one} for label, one in found]
    if given.recall:
        talk.result(data, [line for label, one in found for line in _notice(label, one)])
        return 0
    rows = [
        (label, one.at, one.to or "not told", one.purpose, str(len(one.files)), one.fingerprint)
        for label, one in found
    ]
    talk.table(data, ["interview", "when", "to", "for", "files", "fingerprint"], rows)
    return 0


def _notice(label: str, one: HandOver) -> Iterator[str]:
    yield f"To: {one.to or '(who received it was not told)'}"
    yield f"On {one.at[:10]} you received files of interview {label}, fingerprint"
    yield one.fingerprint
    yield "It has been withdrawn. Please delete these files and every copy of them, take the"
    yield "interview out of your projects, and tell us when that is done:"
    yield from (f"  {digest}  {name}" for name, digest in sorted(one.files.items()))
    yield ""


VERB = Verb(
    name="handed",
    summary="List what was handed over to whom, or write the notice that calls it back.",
    example="earshot handed dementia-course P07_i1 --recall",
    run=_run,
    arguments=_arguments,
)
