"""An interview's state, next step, length and coverage in a few words, with the screens' keys."""

from __future__ import annotations

from app import format_percent
from study import InterviewState, InterviewSummary, format_clock

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
        "g record",
        "Press g in the list to record it, or import its sound in the shell.",
    ),
    InterviewState.RECORDING: ("wait", "It is being recorded; wait for its end."),
    InterviewState.RECORDED: ("t transcribe", "Press t to transcribe this recording."),
    InterviewState.TRANSCRIBING: ("t continue", "Press t to continue the transcription."),
    InterviewState.TRANSCRIBED: (
        "a anonymise",
        "Press a in the list, M in the review, to look for identifying details.",
    ),
    InterviewState.REVIEW: ("⏎ review", "Press Enter to open it and decide each mention."),
    InterviewState.CORRECTED: (
        "a anonymise",
        "Text changed since the last search: a in the list, M in the review, searches it.",
    ),
    InterviewState.REVIEWED: (
        "⏎ hand over",
        "Everything is decided. Open it; h hands it to the officer.",
    ),
    InterviewState.READY: (
        "c check",
        "It waits for the data officer: press c to check and sign it.",
    ),
    InterviewState.SENT_BACK: (
        "⏎ review",
        "It was sent back: press c for the reasons, Enter to look again.",
    ),
    InterviewState.SIGNED: ("e export", "It is signed off. Press e to hand it over."),
    InterviewState.SIGN_AGAIN: (
        "c check",
        "It was changed, so its sign-off is void: press c to check it.",
    ),
    InterviewState.HANDED: ("done", "It was handed over. Press e to do so again."),
}


def format_state(summary: InterviewSummary) -> str:
    """Say how far an interview has come: a sign and a word."""
    draft = "draft: " if summary.is_draft else ""  # first, for a narrow column cuts the end off
    return f"{_SIGNS[summary.state]} {draft}{summary.state.value}"


def name_next_step(summary: InterviewSummary) -> str:
    """Say in a word or two what to do next."""
    if _is_spoken_consent(summary):
        return "consent"
    return _NEXT[summary.state][0]


def describe_next_step(summary: InterviewSummary) -> str:
    """Say in a sentence what to do next."""
    if _is_spoken_consent(summary):
        return "It is a spoken consent: it is listened to, and nothing else is made of it."
    return _NEXT[summary.state][1]


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
