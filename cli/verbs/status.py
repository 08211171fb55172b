"""``earshot status``: the interviews of a study and how far each is."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from app import (
    StandingWithdrawal,
    describe_gone_people,
    describe_move,
    find_withdrawals,
    format_percent,
    is_over,
    list_confirmable,
    list_transcribed_elsewhere,
    list_withdrawn,
    name_withdrawn,
)
from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from study import (
    ArtefactKind,
    ConsentRule,
    InterviewSummary,
    format_clock,
    list_third_parties,
)
from study.store import SentAway, list_unsettled_moves, read_study_policy


def _run(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_study(arguments, console) as study:
        summaries, withdrawn = study.summaries(), list_withdrawn(study)
        found = {s.id: find_withdrawals(s, withdrawn) for s in summaries}
        running = list_transcribed_elsewhere(study, summaries)
        moved = list_unsettled_moves(study, [s.id for s in summaries])
        if summaries or console.as_json:
            console.print_table(
                [
                    _data(s, found[s.id], moved.get(s.id), is_running=s.id in running)
                    for s in summaries
                ],
                ["interview", "id", "length", "state", "words on", "undecided"],
                [_row(s, found[s.id], is_running=s.id in running) for s in summaries],
            )
        if strangers := _list_strangers(summaries):
            console.say(_STRANGERS.format(who="; ".join(strangers)))
        for summary in summaries:
            if summary.id in moved:
                console.say(describe_move(summary.label, moved[summary.id]))
        if waiting := list_confirmable(study):
            console.say(_TO_CONFIRM.format(count=len(waiting)))
        if read_study_policy(study).consent is ConsentRule.UNSET:
            console.say(_UNSET)
        if gone := describe_gone_people(summaries, withdrawn):
            console.say(gone)
        if not summaries:
            console.say(_NONE.replace(" yet", "") if gone else _NONE)
    return 0


_NONE = (
    "No interviews yet. `earshot import STUDY FILE --label P07_i1 --participant P07` brings a"
    " recording in, `earshot open STUDY` records one."
)
_STRANGERS = (
    "Speakers who are not on the list, so nobody asks for their consent: {who}. Decide whether"
    " their words stay."
)
_TO_CONFIRM = (
    "To be confirmed by you: {count}. `earshot withdraw STUDY` lists what somebody asked for, and"
    " with --confirm it is destroyed."
)
_UNSET = (
    "This study does not say which consent it asks for, so nothing is refused for want of it:"
    " `earshot policy STUDY --consent recorded` changes that."
)


def _list_strangers(summaries: Sequence[InterviewSummary]) -> list[str]:
    """Return the label of each interview with speakers whom nobody entered, and their codes."""
    found = (
        (s.label, list_third_parties(s.about.participants if s.about else ())) for s in summaries
    )
    return [f"{label} {', '.join(codes)}" for label, codes in found if codes]


def compute_covered_share(summary: InterviewSummary) -> float | None:
    """Return the share of speech that has words, 0 to 1; None before transcription."""
    facts = summary.facts.raw
    if facts is None or not facts.speech_s:
        return None
    return (facts.covered_s or 0.0) / facts.speech_s


def _data(
    summary: InterviewSummary,
    found: tuple[StandingWithdrawal, ...],
    moved: SentAway | None,
    *,
    is_running: bool,
) -> dict[str, object]:
    withdrawn = [{"code": one.code, "scope": one.scope, "on": one.day} for one in found]
    return {
        "interview": summary.id,
        "label": summary.label,
        "sound_s": summary.sound_s,
        "text_s": summary.facts.raw.length_s if summary.facts.raw else None,
        "state": summary.state,
        "is_draft": summary.is_draft,
        "covered": compute_covered_share(summary),
        "undecided": summary.undecided,
        "withdrawn": withdrawn,
        "moved_to": moved.study if moved else None,
        "is_being_transcribed": is_running,
        "third_parties": list_third_parties(summary.about.participants if summary.about else ()),
    }


def _describe_state(
    summary: InterviewSummary, found: tuple[StandingWithdrawal, ...], *, is_running: bool
) -> str:
    if is_over(summary, found):
        return name_withdrawn(summary, found)
    state = "being transcribed" if is_running else summary.state.value
    state = f"draft: {state}" if summary.is_draft else state
    return f"{state}; {name_withdrawn(summary, found)}" if found else state


def _describe_length(summary: InterviewSummary) -> str:
    """Return how long its sound is; without sound, how far the times of its transcript reach."""
    facts = summary.facts.raw
    if summary.sound_s or facts is None or facts.length_s is None:
        return format_clock(summary.sound_s)
    return f"{format_clock(facts.length_s)} of text" if facts.length_s else "no times"


def _row(
    summary: InterviewSummary, found: tuple[StandingWithdrawal, ...], *, is_running: bool
) -> tuple[str, ...]:
    share = compute_covered_share(summary)
    return (
        summary.label,
        summary.id,
        _describe_length(summary),
        _describe_state(summary, found, is_running=is_running),
        "" if share is None else f"{format_percent(share, 1.0)} of speech",
        str(summary.undecided) if ArtefactKind.MENTIONS in summary.versions else "",
    )


VERB = Verb(
    name="status",
    summary="List the interviews of a study and how far each is.",
    example="earshot status dementia-course",
    run=_run,
    arguments=add_study_argument,
)
