"""``earshot handed``: the register of hand-overs, and the notice that recalls one."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from app import find_withdrawals, list_withdrawn
from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import ArtefactKind, DestructionCause, HandOver
from study.store import list_destructions

_TO_FILL_IN = "____________________"


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument("interview", nargs="?", metavar="INTERVIEW", help="of this one only")
    parser.add_argument(
        "--recall", action="store_true", help="write the notice that asks to delete each of them"
    )
    parser.add_argument(
        "--because",
        default="",
        metavar="REASON",
        help="with --recall: why, for whoever received it; no name and no word of the interview",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from handoff import RECALL_REASONS, list_hand_overs

    with open_named_study(arguments, console) as study:
        summaries = (
            [study.find_interview(arguments.interview)]
            if arguments.interview
            else study.summaries()
        )
        withdrawn = list_withdrawn(study)
        reasons = {
            summary.label: RECALL_REASONS[DestructionCause.WITHDRAWAL]
            for summary in summaries
            if find_withdrawals(summary, withdrawn)
        }
        found = [
            (summary.label, hand_over)
            for summary in summaries
            if ArtefactKind.HANDED in summary.versions
            for hand_over in list_hand_overs(study.interview(summary.id))
        ]
        gone = (
            ((given.label, given.hand_over), RECALL_REASONS[one.cause])
            for one in list_destructions(study)
            for given in one.given_away
            if not arguments.interview or given.label == summaries[0].label
        )
        for one, reason in gone:  # what several destructions are about stands there once
            found += [] if one in found else [one]
            reasons.setdefault(one[0], reason)
    data = [{"interview": label, "hand_over": hand_over} for label, hand_over in found]
    if arguments.recall:
        because = f"It is called back, because {arguments.because.strip() or _TO_FILL_IN}"
        asked = {label: because for label, _ in found}
        why = asked if arguments.because else asked | reasons
        lines = [line for label, one in found for line in _notice(label, one, why[label])]
        console.print_result(data, lines)
        return 0
    rows = [
        (label, one.at, one.to or "not named", one.purpose, str(len(one.files)), one.fingerprint)
        for label, one in found
    ]
    console.print_table(data, ["interview", "when", "to", "for", "files", "fingerprint"], rows)
    return 0


def _notice(label: str, one: HandOver, reason: str) -> Iterator[str]:
    from handoff import list_recall_sentences

    yield from list_recall_sentences(label, one, reason)
    yield from (f"  {digest}  {name}" for name, digest in sorted(one.files.items()))
    yield ""


VERB = Verb(
    name="handed",
    summary="List what was handed over to whom, or write the notice that calls it back.",
    example="earshot handed dementia-course P07_i1 --recall",
    run=_run,
    arguments=_arguments,
)
