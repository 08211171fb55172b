"""What is due to go by the study's plan of keeping data, and asking for it.

The clock of the computer says which day it is: a clock that is wrong makes something due too early
or too late, so nothing goes by itself. A person asks, another confirms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from study import (
    KIND_ARTEFACTS,
    ArtefactKind,
    DataKind,
    Destruction,
    DestructionCause,
    DestructionPart,
    InterviewSummary,
    LegalHold,
    OfficerRuling,
    OutsideCopy,
    Participant,
    RetentionPlan,
    RetentionRule,
    SignOff,
    WithdrawalScope,
    list_others,
    require_consistent,
)
from study.errors import DestructionFlaw, DestructionRefused
from study.store import (
    KeyClass,
    Study,
    ask_destruction,
    confirm_destruction,
    find_destruction,
    list_holds,
    list_record_owners,
    list_sent_away,
    list_shared_hand_overs,
    may_confirm,
    read_told_plan,
    read_told_sign_off_day,
)

_RECORDS = frozenset({DataKind.CONSENT, DataKind.CONTACTS})
_RECORD_KEY = KeyClass.IDENTIFYING
_UNSEEN = {
    KeyClass.CLEAN: "whether a legal hold forbids it",
    _RECORD_KEY: "whose consent and contact details are due",
}


@dataclass(frozen=True, slots=True)
class DueItem:
    """What of one interview or participant is due to go.

    codes: of whom it is about. since: the day on which it became due. hold: what forbids it, None
    for nothing. has_gaps: it is sound, and what it says was not written down, or not all of it.
    """

    part: DestructionPart
    kind: DataKind
    codes: tuple[str, ...]
    since: date
    hold: LegalHold | None = None
    has_gaps: bool = False


def read_retention_plan(study: Study) -> RetentionPlan:
    """Return the study's plan of keeping data, an empty one where there is none.

    Whose keys do not open it is told what the trail says of it.

    Raises:
        StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    if not study.ring.holds(KeyClass.CLEAN):
        return read_told_plan(study)
    return study.whole.read_artefact(ArtefactKind.RETENTION, RetentionPlan) or RetentionPlan()


def set_retention_plan(study: Study, plan: RetentionPlan) -> None:
    """Set the plan; the rules are no secret, so the trail tells of them.

    Raises:
        RetentionRefused: the rules contradict each other.
        RoleForbids, KeyNotHeld, StudyInUse, DiskFull: the plan is as it was before.
    """
    require_consistent(plan)
    with study.change("retention set") as change:
        change.write_artefact(ArtefactKind.RETENTION, plan)
        change.facts |= {rule.kind.value: str(rule) for rule in plan.rules} | {"end": plan.end}


def list_due(study: Study) -> list[DueItem]:
    """Return what is due today, held or not, in the order of the plan.

    Only as far as the keys in use tell: see ``describe_unseen``.

    Raises:
        StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    plan = read_retention_plan(study)
    if not plan.rules:
        return []
    knows_holds, knows_records = (study.ring.holds(k) for k in (KeyClass.CLEAN, _RECORD_KEY))
    today, holds = date.fromisoformat(study.now()[:10]), list_holds(study) if knows_holds else ()
    summaries = study.summaries()
    found: list[DueItem] = []
    for rule in plan.rules:
        if rule.kind in _RECORDS:
            found += _list_records(study, rule, plan.end) if knows_records else []
        elif rule.kind is not DataKind.TRAIL:
            for summary in summaries:
                found += _list_of_interview(study, summary, rule, plan.end)
    return [
        DueItem(x.part, x.kind, x.codes, x.since, _find_hold(holds, x), x.has_gaps)
        for x in found
        if x.since <= today
    ]


def describe_unseen(study: Study) -> list[str]:
    """Say what the keys in use do not show of what is due, and who sees it; [] for nothing."""
    unseen = [what for key, what in _UNSEEN.items() if not study.ring.holds(key)]
    who = "an owner or officer does, and asks for what is due"
    return [f"Your keys do not show {' or '.join(unseen)}: {who}."] if unseen else []


def is_trail_due(study: Study) -> bool:
    """Whether the trail, and so the study as a whole, is due to go."""
    plan = read_retention_plan(study)
    rule = plan.find_rule(DataKind.TRAIL)
    day = rule.find_due_day(plan.end) if rule else None
    return day is not None and day <= date.fromisoformat(study.now()[:10])


def count_due(study: Study) -> int:
    """Return how many kinds of data are due and not held; 0 for whose keys do not tell."""
    if not all(study.ring.holds(one) for one in (KeyClass.CLEAN, KeyClass.IDENTIFYING)):
        return 0
    return len(Counter(item.kind for item in list_due(study) if item.hold is None))


def ask_for_due(study: Study, kind: DataKind, because: str = "") -> Destruction:
    """Ask that everything of a kind that is due and not held is destroyed; do it where allowed.

    because: needed for sound that was not written down, or not all of it.

    Raises:
        DestructionRefused: nothing of it is due; it is the trail; a transcript has passages that
            nobody has looked at, and no reason is given.
        What ``ask_destruction`` and ``confirm_destruction`` raise.
    """
    if kind is DataKind.TRAIL:
        raise DestructionRefused(DestructionFlaw.TRAIL)
    items = [item for item in list_due(study) if item.kind is kind and item.hold is None]
    if not items:
        raise DestructionRefused(DestructionFlaw.NOT_DUE)
    if any(item.has_gaps for item in items) and not because:
        raise DestructionRefused(DestructionFlaw.GAPS)
    codes = tuple(sorted({code for item in items for code in item.codes}))
    order = Destruction(
        "", DestructionCause.RETENTION, kind.value, "", tuple(item.part for item in items),
        study.ring.slot, "", codes=codes,
        copies=(
            name_backups(study),
            *name_shared_hand_overs(study, [x.part for x in items]),
            *name_sealed_copies(study, [x.part for x in items]),
        ),
    )  # fmt: skip
    return ask_and_confirm(study, order, because=because)


def confirm_request(study: Study, name: str) -> Destruction:
    """Confirm what somebody asked for; what retention asked for has to be due today still.

    Raises:
        DestructionRefused: something of it is not due by the plan and the clock of today.
        What ``confirm_destruction`` raises.
    """
    one = find_destruction(study, name)
    if one.cause is DestructionCause.RETENTION and not _is_still_due(study, one):
        raise DestructionRefused(DestructionFlaw.NOT_DUE)
    return confirm_destruction(study, one.id)


def _is_still_due(study: Study, one: Destruction) -> bool:
    """Whether all of a request that is still there is due, as the plan stands now."""
    plan = read_retention_plan(study)
    rule = plan.find_rule(DataKind(one.scope))
    if rule is None:
        return False
    if rule.kind in _RECORDS:
        days = [rule.find_due_day(plan.end)]
    else:
        owners = {part.owner for part in one.parts}
        days = [
            rule.find_due_day(plan.end, _find_sign_off_day(study, summary))
            for summary in study.summaries()
            if summary.id in owners and _is_there(study, summary, rule.kind)
        ]
    today = date.fromisoformat(study.now()[:10])
    return all(day is not None and day <= today for day in days)


def name_backups(study: Study) -> OutsideCopy:
    """Return the copy that backups of the study are, for a person to deal with."""
    return OutsideCopy(
        f"Backups of the study's folder that were made before {study.now()[:10]}: delete them, or"
        " write down when they expire"
    )


def name_shared_hand_overs(study: Study, parts: Iterable[DestructionPart]) -> list[OutsideCopy]:
    """Say what else goes with hand-overs in the study's own folder, for a person to hand over."""
    return [
        OutsideCopy(
            f"{label} is in a hand-over in the study's own folder that goes as a whole: hand"
            f" {label} over again where it is needed"
        )
        for label in list_shared_hand_overs(study, parts)
    ]


def name_sealed_copies(study: Study, parts: Iterable[DestructionPart]) -> list[OutsideCopy]:
    """Name the other studies that were sent a sealed copy, for a person to write to."""
    labels = {part.owner: part.label for part in parts}
    return [
        OutsideCopy(
            f"The study {sent.study} has a sealed copy of {labels[sent.interview]}"
            f" ({sent.how.value} {sent.at[:10]}): have it destroyed there as well"
        )
        for sent in list_sent_away(study, labels)
    ]


def ask_and_confirm(
    study: Study, order: Destruction, scope: WithdrawalScope | None = None, *, because: str = ""
) -> Destruction:
    """Ask that something is destroyed, and confirm it where who is there may do both.

    Raises:
        What ``ask_destruction`` and ``confirm_destruction`` raise.
    """
    asked = ask_destruction(study, order, scope, because=because)
    return confirm_destruction(study, asked.id) if may_confirm(study, asked) else asked


def _find_hold(holds: tuple[LegalHold, ...], item: DueItem) -> LegalHold | None:
    return next((hold for hold in holds if not hold.code or hold.code in item.codes), None)


def _list_records(study: Study, rule: RetentionRule, end: str) -> Iterator[DueItem]:
    day = rule.find_due_day(end)
    if day is None:
        return
    wanted = KIND_ARTEFACTS[rule.kind]
    for kind, code, owner in sorted(list_record_owners(study), key=lambda one: one[1]):
        if kind in wanted:
            yield DueItem(DestructionPart(owner, code, whole=True), rule.kind, (code,), day)


def _list_of_interview(
    study: Study, summary: InterviewSummary, rule: RetentionRule, end: str
) -> Iterator[DueItem]:
    kinds = KIND_ARTEFACTS[rule.kind]
    is_sound = rule.kind is DataKind.SOUND
    if not _is_there(study, summary, rule.kind):
        return
    signed = _find_sign_off_day(study, summary)
    day = rule.find_due_day(end, signed)
    if day is not None:
        part = DestructionPart(summary.id, summary.label, tuple(sorted(kinds)), sound=is_sound)
        gaps = is_sound and not signed and _has_gaps(summary)
        codes = tuple(list_others(list_entered(summary)))
        yield DueItem(part, rule.kind, codes, day, has_gaps=gaps)


def _is_there(study: Study, summary: InterviewSummary, kind: DataKind) -> bool:
    if kind is DataKind.SOUND:
        return bool(summary.sound_s)
    return _has_content(study, summary, kind)


def list_entered(summary: InterviewSummary) -> tuple[Participant, ...]:
    """Return who is entered for an interview, nobody where that is not known."""
    return summary.about.participants if summary.about else ()


def _has_content(study: Study, summary: InterviewSummary, kind: DataKind) -> bool:
    """Whether anything of a kind is left, and not but an empty shell."""
    with study.lock:
        rows = study.db.execute(
            "SELECT DISTINCT kind FROM artefact WHERE interview = ? AND sealed != x''",
            [summary.id],
        ).fetchall()
    return bool({ArtefactKind(name) for (name,) in rows} & KIND_ARTEFACTS[kind])


def _find_sign_off_day(study: Study, summary: InterviewSummary) -> str:
    """Return the day on which an interview was signed off, "" where it was not."""
    if not study.ring.holds(KeyClass.CLEAN):
        return read_told_sign_off_day(study, summary.id) if _is_signed(summary) else ""
    if not _is_signed(summary):
        return ""
    one = study.interview(summary.id).read_artefact(ArtefactKind.SIGNED, SignOff)
    return one.at[:10] if one and one.ruling is OfficerRuling.SIGNED else ""


def _is_signed(summary: InterviewSummary) -> bool:
    return summary.facts.sign_off is not None and summary.facts.sign_off.is_signed


def _has_gaps(summary: InterviewSummary) -> bool:
    raw = summary.facts.raw
    return raw is None or raw.gaps > 0
