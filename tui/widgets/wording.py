"""The words and signs in which the interface tells what the study says."""

from __future__ import annotations

from dataclasses import dataclass

from study.artefacts import State, Summary
from study.decided import Decided
from study.screen_text import clock
from study.signed import Signed
from study.terms import Coverage, Ruling, Verdict

_SIGNS = {
    State.EMPTY: "·",
    State.RECORDING: "●",
    State.RECORDED: "○",
    State.TRANSCRIBING: "◐",
    State.TRANSCRIBED: "◑",
    State.REVIEW: "?",
    State.CORRECTED: "!",
    State.REVIEWED: "✓",
    State.READY: "→",
    State.SENT_BACK: "↩",
    State.SIGNED: "✔",
    State.SIGN_AGAIN: "!",
    State.HANDED: "»",
}

_NEXT = {
    State.EMPTY: (
        "g record",
        "Press g in the list to record it, or import its sound in the shell.",
    ),
    State.RECORDING: ("wait", "It is being recorded; wait for its end."),
    State.RECORDED: ("t transcribe", "Press t to transcribe this recording."),
    State.TRANSCRIBING: ("t continue", "Press t to continue the transcription."),
    State.TRANSCRIBED: ("M anonymise", "Press M to look for identifying details."),
    State.REVIEW: ("⏎ review", "Press Enter to open it and decide each mention."),
    State.CORRECTED: (
        "M anonymise",
        "It was corrected since it was searched: press M to look again.",
    ),
    State.REVIEWED: ("⏎ hand over", "Everything is decided. Open it; h hands it to the officer."),
    State.READY: ("c check", "It waits for the data officer: press c to check and sign it."),
    State.SENT_BACK: (
        "⏎ review",
        "It was sent back: press c for the reasons, Enter to look again.",
    ),
    State.SIGNED: ("e export", "It is signed off. Press e to hand it over."),
    State.SIGN_AGAIN: ("c check", "It was changed, so its sign-off is void: press c to check it."),
    State.HANDED: ("done", "It was handed over. Press e to do so again."),
}


def state(summary: Summary) -> str:
    """Say how far an interview has come: a sign and a word."""
    draft = "draft: " if summary.is_draft else ""  # first, for a narrow column cuts the end off
    return f"{_SIGNS[summary.state]} {draft}{summary.state.value}"


def next_step(summary: Summary) -> str:
    """Say in a word or two what to do next."""
    return _NEXT[summary.state][0]


def next_sentence(summary: Summary) -> str:
    """Say in a sentence what to do next."""
    return _NEXT[summary.state][1]


def length(summary: Summary) -> str:
    """Write how long an interview is; "" where it has no sound."""
    return clock(summary.sound_s) if summary.sound_s else ""


def span(seconds: float) -> str:
    """Write how long something will take, as people say it: ``40 s``, ``12 min``, ``2 h 5 min``."""
    if seconds < 60:  # noqa: PLR2004 - seconds of a minute
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def percent(covered_s: float, speech_s: float) -> str:
    """Write how much of the speech has words, rounded down so that 100 % means all."""
    if speech_s <= 0:
        return "none"
    return f"{min(100, int(100 * covered_s / speech_s + 1e-9))} %"


def covered(summary: Summary) -> str:
    """Say how much of the speech the transcript covers, from the plain counts; "" if unknown."""
    told = summary.facts.corrected or summary.facts.raw
    if told is None or told.speech_s is None or told.covered_s is None:
        return ""
    return percent(told.covered_s, told.speech_s)


def coverage(of: Coverage | None) -> str:
    """Say in a sentence how much of the speech has words, and where it has none."""
    if of is None:
        return "It is not known how much of the speech has words."
    said = f"{percent(of.covered_s, of.speech_s)} of {clock(of.speech_s)} speech has words."
    if not of.gaps:
        return said
    shown = ", ".join(clock(start_s) for start_s, _ in of.gaps[:3])
    more = " and more" if len(of.gaps) > 3 else ""  # noqa: PLR2004 - a line holds three
    return f"{said} None at {shown}{more}."


@dataclass(frozen=True, slots=True)
class Standing:
    """How a decision looks: a sign, a word, and the look (``open``, ``done`` or ``kept``)."""

    sign: str
    word: str
    look: str


OPEN = Standing("?", "undecided", "open")
ACCEPTED = Standing("✓", "accepted", "done")
CHANGED = Standing("✎", "changed", "done")
REJECTED = Standing("✗", "rejected", "kept")


# The log's words for a decision, as signs and words that fit a column.
DECIDED = {
    "replaced": ("✓", "replaced"),
    "replaced by hand": ("✎", "by hand"),
    "kept": ("✗", "kept"),
    "undecided": ("?", "undecided"),
}
CHECKED = {"right": "✓ right as it is", "objected to": "✗ objected to"}


def standing(decided: Decided) -> Standing:
    """Say what was decided about a mention."""
    if decided.decision is None:
        return OPEN
    if decided.decision.verdict is Verdict.CHANGED:
        return CHANGED
    return ACCEPTED if decided.is_replaced else REJECTED


def word_on(found: Signed) -> str:
    """Say how an officer's last word on an interview stands, with the reasons if it went back."""
    one = found.sign_off
    who = one.name or one.slot_name
    when = f"{one.at[:16].replace('T', ' ')} by {who}"
    if one.ruling is Ruling.SENT_BACK:
        reasons = "; ".join(objection.reason for objection in one.objections)
        return f"↩ Sent back {when}: {reasons}"
    if found.why_void:
        return f"! Void, because {found.why_void}; signed off {when}"
    return f"✔ Signed off {when}"


def counted(count: int, one: str, more: str = "") -> str:
    """Write how many of something there are: ``1 turn``, ``2 turns``."""
    return f"{count} {one if count == 1 else more or f'{one}s'}"
