"""Words and signs for facts of a study: durations, coverage, decisions, sign-offs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from study import (
    MONTH_NAMES,
    Coverage,
    DecidedMention,
    PersonRole,
    StandingSignOff,
    Verdict,
    format_clock,
    format_turn_key,
)
from study.store import Study, list_people


def format_duration(seconds: float) -> str:
    """Write a duration as people say it: ``40 s``, ``12 min``, ``2 h 5 min``."""
    if seconds < 60:  # noqa: PLR2004 - seconds of a minute
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def format_moment(at: str) -> str:
    """Write a moment as people do: ``30 November 2026 at 09:03 UTC``.

    at: an ISO 8601 time; anything else is returned as it is.
    """
    try:
        moment = datetime.fromisoformat(at).astimezone(UTC)
    except ValueError:
        return at
    return f"{moment.day} {MONTH_NAMES[moment.month - 1]} {moment:%Y at %H:%M} UTC"


def format_percent(covered_s: float, speech_s: float) -> str:
    """Write the share of speech that has words, rounded down, so that 100% means all."""
    if speech_s <= 0:
        return "none"
    return f"{min(100, int(100 * covered_s / speech_s + 1e-9))}%"


def describe_coverage(coverage: Coverage | None) -> str:
    """Say how much of the speech has words, and at which times it has none."""
    if coverage is None:
        return "It is not known how much of the speech has words."
    share = format_percent(coverage.covered_s, coverage.speech_s)
    sentence = f"{share} of {format_clock(coverage.speech_s)} speech has some words."
    if not coverage.gaps:
        return sentence
    times = ", ".join(format_clock(start_s) for start_s, _ in coverage.gaps[:3])
    more = " and more" if len(coverage.gaps) > 3 else ""  # noqa: PLR2004 - a line holds three
    return f"{sentence} None at {times}{more}."


@dataclass(frozen=True, slots=True)
class DecisionStanding:
    """The sign and word of a decision, and its look: ``open``, ``done`` or ``kept``."""

    sign: str
    word: str
    look: str


OPEN_STANDING = DecisionStanding("?", "undecided", "open")
ACCEPTED_STANDING = DecisionStanding("✓", "accepted", "done")
CHANGED_STANDING = DecisionStanding("✎", "changed", "done")
REJECTED_STANDING = DecisionStanding("✗", "rejected", "kept")


def describe_standing(decided: DecidedMention) -> DecisionStanding:
    """Return the sign and word for the decision about a mention."""
    if decided.decision is None:
        return OPEN_STANDING
    if decided.decision.verdict is Verdict.CHANGED:
        return CHANGED_STANDING
    return ACCEPTED_STANDING if decided.is_replaced else REJECTED_STANDING


def describe_ruling(
    standing: StandingSignOff, show_turn: Callable[[int], str] = format_turn_key
) -> str:
    """Say whether an interview is signed off or sent back, when, by whom and for which reasons.

    show_turn: returns the number of a turn, by its key.
    """
    sign_off = standing.sign_off
    who = sign_off.name or sign_off.slot_name
    when = f"{sign_off.at[:16].replace('T', ' ')} by {who}"
    if standing.is_sent_back:
        reasons = join_reasons(
            f"turn {show_turn(one.turn)}: {one.reason}" if one.turn else one.reason
            for one in sign_off.objections
        )
        return f"↩ Sent back {when}: {reasons}"
    if standing.why_void:
        return f"! Void, because {standing.why_void}; signed off {when}"
    return f"✔ Signed off {when}"


def join_with_and(words: Sequence[str]) -> str:
    """Write a list of one or more as people say it: "P07", "P07 and P08", "P07, P08 and P09"."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def join_reasons(reasons: Iterable[str]) -> str:
    """Return what people typed as one list: a full stop before the next one is left out."""
    *before, last = [*reasons] or [""]
    return "; ".join([*(one.rstrip().removesuffix(".") for one in before), last])


_TRAIL_WORDS = {"window heard": "part transcribed"}  # where the trail's own word says too little


def describe_trail_verb(verb: str) -> str:
    """Return what people read for a verb of the audit trail; the trail itself keeps its own."""
    return _TRAIL_WORDS.get(verb, verb)


def format_count(count: int, singular: str, plural: str = "") -> str:
    """Write a count with its noun: ``1 turn``, ``2 turns``; ``plural`` where it has no -s."""
    return f"{count} {singular if count == 1 else plural or f'{singular}s'}"


def describe_who_is_there(study: Study) -> str:
    """Say whose passphrase the study is open with, and their role; "" where there is one alone."""
    people = [one for one in list_people(study) if one.role is not PersonRole.RECOVERY]
    here = next((one for one in list_people(study) if one.is_here), None)
    if here is None or people == [here]:
        return ""
    role = here.role.value
    return here.name if here.name.casefold() == role else f"{here.name}, {role}"
