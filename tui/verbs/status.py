"""``earshot status``: the study at a glance."""

from __future__ import annotations

import argparse

from study.artefacts import Kind, Summary
from study.screen_text import clock
from tui.talk import Talk
from tui.verb import Verb, opened, study_argument


def _run(given: argparse.Namespace, talk: Talk) -> int:
    with opened(given, talk) as study:
        summaries = study.summaries()
        talk.table(
            [_data(s) for s in summaries],
            ["interview", "id", "length", "state", "words on", "undecided"],
            [_row(s) for s in summaries],
        )
        if not summaries:
            talk.say("No interviews yet: `earshot import` or `earshot record` brings one in.")
    return 0


def covered(summary: Summary) -> float | None:
    """Return the share of speech that has words, None before transcription."""
    told = summary.facts.raw
    if told is None or not told.speech_s:
        return None
    return (told.covered_s or 0.0) / told.speech_s


def _data(summary: Summary) -> dict[str, object]:
    return {
        "interview": summary.id,
        "label": summary.label,
        "sound_s": summary.sound_s,
        "state": summary.state,
        "is_draft": summary.is_draft,
        "covered": covered(summary),
        "undecided": summary.undecided,
    }


def _row(summary: Summary) -> tuple[str, ...]:
    share = covered(summary)
    return (
        summary.label,
        summary.id,
        clock(summary.sound_s),
        f"draft: {summary.state}" if summary.is_draft else summary.state,
        "" if share is None else f"{share:.0%} of speech",
        str(summary.undecided) if Kind.MENTIONS in summary.versions else "",
    )


VERB = Verb(
    name="status",
    summary="List the interviews of a study and how far each is.",
    example="earshot status dementia-course",
    run=_run,
    arguments=study_argument,
)
