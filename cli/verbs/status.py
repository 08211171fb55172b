"""``earshot status``: the interviews of a study and how far each is."""

from __future__ import annotations

import argparse

from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import ArtefactKind, ConsentRule, InterviewSummary, format_clock
from study.store import read_study_policy


def _run(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_study(arguments, console) as study:
        summaries = study.summaries()
        console.print_table(
            [_data(s) for s in summaries],
            ["interview", "id", "length", "state", "words on", "undecided"],
            [_row(s) for s in summaries],
        )
        if read_study_policy(study).consent is ConsentRule.UNSET:
            console.say(_UNSET)
        if not summaries:
            console.say("No interviews yet: `earshot import` or `earshot record` brings one in.")
    return 0


_UNSET = (
    "This study does not say which consent it asks for, so nothing is refused for want of it:"
    " `earshot policy STUDY --consent recorded` changes that."
)


def compute_covered_share(summary: InterviewSummary) -> float | None:
    """Return the share of speech that has words, 0 to 1; None before transcription."""
    facts = summary.facts.raw
    if facts is None or not facts.speech_s:
        return None
    return (facts.covered_s or 0.0) / facts.speech_s


def _data(summary: InterviewSummary) -> dict[str, object]:
    return {
        "interview": summary.id,
        "label": summary.label,
        "sound_s": summary.sound_s,
        "state": summary.state,
        "is_draft": summary.is_draft,
        "covered": compute_covered_share(summary),
        "undecided": summary.undecided,
    }


def _row(summary: InterviewSummary) -> tuple[str, ...]:
    share = compute_covered_share(summary)
    return (
        summary.label,
        summary.id,
        format_clock(summary.sound_s),
        f"draft: {summary.state}" if summary.is_draft else summary.state,
        "" if share is None else f"{share:.0%} of speech",
        str(summary.undecided) if ArtefactKind.MENTIONS in summary.versions else "",
    )


VERB = Verb(
    name="status",
    summary="List the interviews of a study and how far each is.",
    example="earshot status dementia-course",
    run=_run,
    arguments=add_study_argument,
)
