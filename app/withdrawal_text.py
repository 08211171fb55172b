"""Sentences about withdrawals and destructions, for the shell and the screens alike."""

from __future__ import annotations

from collections.abc import Iterator

from app.withdrawal import WithdrawalPlan
from study import Destruction, DestructionCause, DestructionState, Withdrawal, WithdrawalScope

SCOPE_SENTENCES = {
    WithdrawalScope.FURTHER: "no further interviews; what there is so far stays",
    WithdrawalScope.SOUND: "the sound of their interviews",
    WithdrawalScope.TRANSCRIPT: "what they said, as words; the sound stays",
    WithdrawalScope.EVERYTHING: "everything (interviews, consent, contact details)",
}

_UNNAMED = "a receiver who was not named"


def describe_plan(plan: WithdrawalPlan) -> Iterator[str]:
    """Yield what a withdrawal does, what stays, and what a person has to deal with."""
    yield f"{plan.code} withdraws: {SCOPE_SENTENCES[plan.scope]}."
    yield "This goes for good:" if plan.gone else "Nothing is destroyed."
    yield from (f"  {line}" for line in plan.gone)
    yield "This stays:"
    yield from (f"  {line}" for line in plan.stays)
    if plan.given_away:
        yield "This was handed over, and Earshot cannot call it back:"
        for given in plan.given_away:
            one = given.hand_over
            to = one.to or _UNNAMED
            yield f"  {given.label} to {to} on {one.at[:10]}, fingerprint {one.fingerprint}"
    if plan.order.copies:
        yield "Somebody has to deal with this by hand:"
        yield from (f"  {copy.what}" for copy in plan.order.copies)
    if plan.takes_two:
        yield "Somebody else has to confirm it before anything is destroyed."


def say_recorded(code: str, scope: WithdrawalScope) -> str:
    """Say that a withdrawal of which nothing is destroyed was recorded, with its scope."""
    return f"Recorded: {code} has withdrawn ({scope}: {SCOPE_SENTENCES[scope]})."


def describe_recorded(one: Withdrawal) -> str:
    """Say that somebody has withdrawn, how far and when, where nothing was to be destroyed."""
    what = f"{one.scope}: {SCOPE_SENTENCES[one.scope]}"
    return f"{one.code} has withdrawn on {one.at[:10]} ({what})."


def describe_fully(one: Destruction) -> Iterator[str]:
    """Yield what was asked for, what came of it, and what a person still has to do."""
    yield f"{one.id}  {describe_destruction(one)}"
    if one.state is DestructionState.REFUSED:
        yield "  Nothing was destroyed, and nothing is left to do."
        if one.cause is DestructionCause.WITHDRAWAL:
            yield f"  {one.code} is recorded no more, unless a new consent is recorded with them."
        return
    if one.state in {DestructionState.ASKED, DestructionState.CONFIRMED}:
        yield from (f"  goes: {_name_part(one, n)}" for n in range(len(one.parts)))
    if one.destroyed:
        size = sum(item.size for item in one.destroyed)
        items = "1 item" if len(one.destroyed) == 1 else f"{len(one.destroyed)} items"
        yield f"  {items} destroyed: {size:,} sealed bytes"
    for given in one.given_away:
        yield f"  handed over: {given.label} to {given.hand_over.to or _UNNAMED}"
    for n, copy in enumerate(one.copies, 1):
        yield f"  {n:2} {'done' if copy.settled_at else 'to do'}: {copy.what}"


def _name_part(one: Destruction, number: int) -> str:
    part = one.parts[number]
    what = "everything" if part.whole else ", ".join(
        [*(["sound"] if part.sound else []), *(["words"] if len(part.kinds) > 2 else [])]  # noqa: PLR2004 - sound has two
    ) or "names"  # fmt: skip
    return f"{part.label}: {what}" + (f" of {part.speaker} alone" if part.speaker else "")


def describe_destruction(one: Destruction) -> str:
    """Say in one line what was asked for and how far it has come."""
    who = f"{one.code}: " if one.code else ""
    when = (one.ended_at or one.begun_at or one.confirmed_at or one.asked_at)[:10]
    return f"{who}{one.scope}, {one.state.value} {when}"


def describe_finished(one: Destruction) -> str:
    """Say that what had been confirmed was carried on when the study was opened."""
    what = f"{one.code}, {one.scope}" if one.code else one.scope
    if one.state is DestructionState.ENDED:
        return f"What was confirmed to be destroyed is destroyed now: {what}."
    rest = "It is finished when somebody who holds all keys opens the study."
    return f"What was confirmed is being destroyed: {what}. {rest}"
