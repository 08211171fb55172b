"""An interview's state, next step, length and coverage in a few words, with the screens' keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app import (
    WITHDRAWN_SIGN,
    StandingWithdrawal,
    describe_withdrawals,
    format_percent,
    is_over,
)
from study import (
    InterviewState,
    InterviewSummary,
    PersonAction,
    PersonRole,
    format_clock,
    is_permitted,
)
from tui.key_names import with_keys

_SIGNS = {
    InterviewState.EMPTY: "·",
    InterviewState.RECORDING: "●",
    InterviewState.RECORDED: "○",
    InterviewState.TRANSCRIBING: "◐",
    InterviewState.TRANSCRIBED: "◑",
    InterviewState.REVIEW: "?",
    InterviewState.CORRECTED: "!",
    InterviewState.REVIEWED: "✓",
    InterviewState.READY: "→",
    InterviewState.SENT_BACK: "↩",
    InterviewState.SIGNED: "✔",
    InterviewState.SIGN_AGAIN: "!",
    InterviewState.HANDED: "»",
}


_NEXT = {
    InterviewState.EMPTY: (
        "{home.go_on} record",
        "Press {home.go_on} in the list to record it, or import its sound in the shell.",
    ),
    InterviewState.RECORDING: ("wait", "It is being recorded; wait for its end."),
    InterviewState.RECORDED: (
        "{home.transcribe} transcribe",
        "Press {home.transcribe} to transcribe this recording.",
    ),
    InterviewState.TRANSCRIBING: (
        "{home.transcribe} continue",
        "Press {home.transcribe} to continue the transcription.",
    ),
    InterviewState.TRANSCRIBED: (
        "{home.anonymise} anonymise",
        (
            "Press {home.anonymise} in the list, {interview.anonymise} in the review, to look for"
            " identifying details."
        ),
    ),
    InterviewState.REVIEW: (
        "{home.open} review",
        "Press {home.open} to open it and decide each mention.",
    ),
    InterviewState.CORRECTED: (
        "{home.anonymise} anonymise",
        (
            "Text changed since the last search: {home.anonymise} in the list,"
            " {interview.anonymise} in the"
            " review, searches it."
        ),
    ),
    InterviewState.REVIEWED: (
        "{home.open} hand over",
        "Everything is decided. Open it; {interview.ready} hands it to the officer.",
    ),
    InterviewState.READY: (
        "{home.check} check",
        "It waits for the data officer: press {home.check} to check and sign it.",
    ),
    InterviewState.SENT_BACK: (
        "{home.open} review",
        "It was sent back: press {home.check} for the reasons, {home.open} to look again.",
    ),
    InterviewState.SIGNED: (
        "{home.export} export",
        "It is signed off. Press {home.export} to hand it over.",
    ),
    InterviewState.SIGN_AGAIN: (
        "{home.check} check",
        "It was changed, so its sign-off is void: press {home.check} to check it.",
    ),
    InterviewState.HANDED: ("done", "It was handed over. Press {home.export} to do so again."),
}


_A = PersonAction
_NEEDS: Final = {
    InterviewState.EMPTY: _A.RECORD, InterviewState.RECORDED: _A.TRANSCRIBE,
    InterviewState.TRANSCRIBING: _A.TRANSCRIBE, InterviewState.TRANSCRIBED: _A.DECIDE,
    InterviewState.REVIEW: _A.DECIDE, InterviewState.CORRECTED: _A.DECIDE,
    InterviewState.REVIEWED: _A.HAND_ON, InterviewState.READY: _A.SIGN,
    InterviewState.SENT_BACK: _A.DECIDE, InterviewState.SIGNED: _A.HAND_OVER,
    InterviewState.SIGN_AGAIN: _A.SIGN, InterviewState.HANDED: _A.HAND_OVER,
}  # fmt: skip
# Who decides cannot sign off: an officer leaves it to an assistant.
_NOT_FOR_OFFICERS: Final = frozenset({InterviewState.REVIEW, InterviewState.SENT_BACK})
_ELSEWHERE = "It is being transcribed by another window or program; wait for its end."
Withdrawals = Sequence[StandingWithdrawal]


def format_state(
    summary: InterviewSummary, found: Withdrawals = (), *, is_elsewhere: bool = False
) -> str:
    """Say how far an interview has come: a sign and a word.

    found: the withdrawals of who takes part. is_elsewhere: another program transcribes it.
    """
    if any(summary.id in one.pending for one in found):
        waits = any(summary.id in one.pending and one.waits for one in found)
        return f"{WITHDRAWN_SIGN} " + ("withdrawal waits" if waits else "being destroyed")
    if is_over(summary, found):
        return f"{WITHDRAWN_SIGN} withdrawn"
    if is_elsewhere:
        return f"{_SIGNS[InterviewState.TRANSCRIBING]} in transcription"
    draft = "draft: " if summary.is_draft else ""  # first, for a narrow column cuts the end off
    return f"{_SIGNS[summary.state]} {draft}{summary.state.value}"


def name_next_step(
    summary: InterviewSummary,
    found: Withdrawals = (),
    role: PersonRole = PersonRole.OWNER,
    *,
    is_elsewhere: bool = False,
) -> str:
    """Say in a word or two what to do next; "" where there is nothing for this role to do."""
    if is_over(summary, found):
        return ""
    if _is_spoken_consent(summary):
        return "consent"
    if is_elsewhere:
        return "wait"
    if _find_obstacle(summary, role):
        return ""
    return with_keys(_NEXT[summary.state][0]).replace("Enter ", "⏎ ")  # a column is narrow


def describe_next_step(
    summary: InterviewSummary,
    found: Withdrawals = (),
    role: PersonRole = PersonRole.OWNER,
    *,
    is_elsewhere: bool = False,
) -> str:
    """Say in a sentence what to do next, and who of those that take part has withdrawn."""
    withdrawn = describe_withdrawals(summary, found)
    if is_over(summary, found):
        return withdrawn
    if _is_spoken_consent(summary):
        step = "It is a spoken consent: it is listened to, and nothing else is made of it."
    elif is_elsewhere:
        step = _ELSEWHERE
    else:
        step = _find_obstacle(summary, role) or with_keys(_NEXT[summary.state][1])
    return f"{withdrawn} {step}".strip()


def _find_obstacle(summary: InterviewSummary, role: PersonRole) -> str:
    """Say who takes the next step, "" where this role does."""
    needed = _NEEDS.get(summary.state)
    if needed is None:
        return ""
    if role is PersonRole.OFFICER and summary.state in _NOT_FOR_OFFICERS:
        return "It waits for an assistant to decide: who decides cannot sign it off."
    if not is_permitted(role, needed):
        return f"It waits for somebody whose role lets them {needed}."
    return ""


def _is_spoken_consent(summary: InterviewSummary) -> bool:
    return summary.about is not None and summary.about.is_spoken_consent


def format_length(summary: InterviewSummary) -> str:
    """Write how long an interview is; "" where it has no sound."""
    return format_clock(summary.sound_s) if summary.sound_s else ""


def describe_covered_share(summary: InterviewSummary) -> str:
    """Say how much of the speech the transcript covers, from the plain counts; "" if unknown."""
    facts = summary.facts.corrected or summary.facts.raw
    if facts is None or facts.speech_s is None or facts.covered_s is None:
        return ""
    return format_percent(facts.covered_s, facts.speech_s)


# The log's words for a decision, as signs and words that fit a column.
LOG_ACTION_LABELS = {
    "replaced": ("✓", "replaced"),
    "replaced by hand": ("✎", "by hand"),
    "kept": ("✗", "kept"),
    "undecided": ("?", "undecided"),
}


CHECK_LABELS = {"right": "✓ right as it is", "objected to": "✗ objected to"}
