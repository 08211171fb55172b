"""What a withdrawal means for one interview or one participant: what is refused now, in words.

The store refuses (``study.store.withdrawals``); this says it beforehand, so that no list and no
screen offers what would be refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.retention import list_entered
from study import (
    Destruction,
    DestructionState,
    InterviewState,
    InterviewSummary,
    WithdrawalScope,
    list_others,
)
from study.store import (
    KeyClass,
    Study,
    list_destructions,
    list_standing_withdrawals,
    may_confirm,
)

WITHDRAWN_SIGN = "⊘"
_ORDER = tuple(WithdrawalScope)
_NO_SOUND = frozenset({WithdrawalScope.SOUND, WithdrawalScope.EVERYTHING})
_UNTOUCHED = frozenset({InterviewState.EMPTY, InterviewState.RECORDED, InterviewState.TRANSCRIBING})


@dataclass(frozen=True, slots=True)
class StandingWithdrawal:
    """How far a participant has withdrawn.

    day: on which it was recorded, such as 2026-11-29. waits: somebody else has yet to confirm what
    goes. pending: the ids of the interviews of which something is still to be destroyed.
    """

    code: str
    scope: WithdrawalScope
    day: str
    waits: bool = False
    pending: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.scope}, {self.day}"


def list_withdrawn(study: Study) -> dict[str, StandingWithdrawal]:
    """Return how far each participant who has withdrawn has done so, the widest scope each.

    Whose keys tell of no participant gets nobody.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    if not study.ring.holds(KeyClass.IDENTIFYING):
        return {}
    every = list_destructions(study) if study.ring.holds(KeyClass.CLEAN) else ()
    asked = {one.id for one in every if one.state is DestructionState.ASKED}
    found: dict[str, StandingWithdrawal] = {}
    for one in sorted(list_standing_withdrawals(study), key=lambda w: _ORDER.index(w.scope)):
        before = found.get(one.code)
        found[one.code] = StandingWithdrawal(
            one.code,
            one.scope,
            one.at[:10],
            one.destruction in asked or (before is not None and before.waits),
            (*(before.pending if before else ()), *one.pending),
        )
    return found


def describe_gone_people(
    summaries: Iterable[InterviewSummary], withdrawn: Mapping[str, StandingWithdrawal]
) -> str:
    """Say who has withdrawn of whom no interview is left, "" for nobody."""
    left = {code for summary in summaries for code in list_others(list_entered(summary))}
    gone = [f"{one.code} ({one})" for one in withdrawn.values() if one.code not in left]
    return f"Withdrawn, with no interview left: {', '.join(sorted(gone))}." if gone else ""


def find_withdrawals(
    summary: InterviewSummary, withdrawn: Mapping[str, StandingWithdrawal]
) -> tuple[StandingWithdrawal, ...]:
    """Return the withdrawals of those who take part in an interview, the widest first."""
    codes = set(list_others(list_entered(summary)))
    here = (one for one in withdrawn.values() if one.code in codes)
    return tuple(sorted(here, key=lambda one: -_ORDER.index(one.scope)))


def name_withdrawn(summary: InterviewSummary, found: Sequence[StandingWithdrawal]) -> str:
    """Say in a few words that an interview was withdrawn, or who of several has; "" for nobody."""
    if not found:
        return ""
    others = set(list_others(list_entered(summary))) - {one.code for one in found}
    return f"{found[0].code} has withdrawn: {found[0]}" if others else f"withdrawn: {found[0]}"


def is_locked(summary: InterviewSummary, found: Iterable[StandingWithdrawal]) -> bool:
    """Whether no words may be made of an interview, and none handed over.

    Of an interview with several, what the others said may be left, and is worked on.
    """
    return any(
        summary.id in one.pending
        or (one.scope is WithdrawalScope.TRANSCRIPT and summary.state in _UNTOUCHED)
        for one in found
    )


def is_over(summary: InterviewSummary, found: Sequence[StandingWithdrawal]) -> bool:
    """Whether nothing is left to do with an interview, because somebody has withdrawn."""
    if not found or summary.is_recording:
        return False
    if is_locked(summary, found):
        return True
    return summary.state is InterviewState.EMPTY or (
        not summary.sound_s and summary.state in _UNTOUCHED
    )


def explain_withheld(
    summary: InterviewSummary, found: Sequence[StandingWithdrawal], wanted: str
) -> str:
    """Say why something is not done with an interview any more, "" where it may be.

    wanted: the name of a verb (``transcribe``, ``anonymise``, ``export``), or ``record``.
    """
    if not found:
        return ""
    first = found[0]
    who = f"{first.code} has withdrawn ({first})"
    if wanted == "record":
        return f"{who}: nothing more is recorded with them."
    pending = next((one for one in found if summary.id in one.pending), None)
    if pending is not None:
        return f"{pending.code} has withdrawn ({pending}): {_describe_pending(pending)}"
    if is_locked(summary, found):
        return f"{who}: what they said may not be written down or handed over."
    if wanted == "transcribe" and (why := _explain_untranscribed(summary, found)):
        return f"{who}: {why}"
    return f"{who}: nothing is left to work on." if is_over(summary, found) else ""


def _explain_untranscribed(summary: InterviewSummary, found: Iterable[StandingWithdrawal]) -> str:
    scopes = {one.scope for one in found}
    if WithdrawalScope.TRANSCRIPT in scopes:
        return "what they said may not be written down."
    is_gone = bool(scopes & _NO_SOUND) and not summary.sound_s
    return "the sound is gone, so there is nothing to transcribe." if is_gone else ""


def describe_withdrawals(summary: InterviewSummary, found: Sequence[StandingWithdrawal]) -> str:
    """Say who has withdrawn from an interview, how far, when, and what is left; "" for nobody."""
    said = [f"{one.code} has withdrawn ({one}): {_describe_rest(summary, one)}" for one in found]
    return " ".join(said)


def _describe_rest(summary: InterviewSummary, one: StandingWithdrawal) -> str:
    if summary.id in one.pending:
        return _describe_pending(one)
    if one.scope is WithdrawalScope.FURTHER:
        return "nothing more is recorded; what there is stays."
    if one.scope is WithdrawalScope.SOUND:
        if summary.state not in _UNTOUCHED:
            return "the sound is gone, the words stay."
        return "the sound is gone, and nothing more is recorded."
    if one.scope is WithdrawalScope.TRANSCRIPT:
        kept = " The sound stays, and is not transcribed." if summary.sound_s else ""
        return f"their words are gone.{kept}"
    return "what they said is gone."


def _describe_pending(one: StandingWithdrawal) -> str:
    if one.waits:
        return "it waits for somebody to confirm it, and nobody works on it meanwhile."
    return "what they take back is being destroyed."


def list_confirmable(study: Study) -> list[Destruction]:
    """Return what somebody else has asked for and whoever is there may confirm, oldest first.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    if not study.ring.holds(KeyClass.CLEAN):
        return []
    return [
        one
        for one in list_destructions(study)
        if one.state is DestructionState.ASKED
        and one.asked_by != study.ring.slot
        and may_confirm(study, one)
    ]
