"""Which answer lets a study do what: one table, by which everything is allowed or refused.

The rule of the study's policy says whether a record is asked for. A no always counts, and so does a
loss of capacity, whatever the rule. ``study.store.consent_checks`` asks this table, and notes each
refusal; stages ask that, and nobody decides anywhere else. Interviewers need no consent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from study.consent import (
    CapacityState,
    ConsentAnswer,
    ConsentPurpose,
    ConsentRecord,
    ConsentRule,
    EarlierData,
)
from study.errors import CapacityLost, ConsentMissing, ConsentWithheld, EarshotError


class GatedAction(StrEnum):
    """What a study does only where consent covers it. The value stands in the trail."""

    RECORD = "record"
    IMPORT_SOUND = "import sound"
    IMPORT_TEXT = "import text"
    TRANSCRIBE = "transcribe"
    TYPE = "type by hand"
    HAND_OVER = "hand over"
    HAND_OVER_SOUND = "hand over sound"
    ARCHIVE = "hand over to an archive"
    SEND = "send to another study"
    TAKE_IN = "take in from another study"


@dataclass(frozen=True, slots=True)
class ConsentGate:
    """What an action needs. purpose: the answer that allows it, None where a record is enough.

    nothing: what was not done, for the refusal. is_further: it is another interview, which a loss
    of capacity locks; other actions are about what is there already, which the policy decides.
    """

    purpose: ConsentPurpose | None
    nothing: str
    is_further: bool = False


GATES: Final[Mapping[GatedAction, ConsentGate]] = MappingProxyType({
    GatedAction.RECORD: ConsentGate(
        ConsentPurpose.SOUND, "nothing was recorded", is_further=True),
    GatedAction.IMPORT_SOUND: ConsentGate(
        ConsentPurpose.SOUND, "nothing was brought in", is_further=True),
    GatedAction.IMPORT_TEXT: ConsentGate(None, "nothing was brought in", is_further=True),
    GatedAction.TRANSCRIBE: ConsentGate(
        ConsentPurpose.TRANSCRIPTION, "nothing was transcribed"),
    GatedAction.TYPE: ConsentGate(None, "nothing was begun"),
    GatedAction.HAND_OVER: ConsentGate(None, "nothing was handed over"),
    GatedAction.HAND_OVER_SOUND: ConsentGate(
        ConsentPurpose.SOUND_HAND_OVER, "no sound was handed over"),
    GatedAction.ARCHIVE: ConsentGate(ConsentPurpose.ARCHIVE, "nothing was handed over"),
    GatedAction.SEND: ConsentGate(None, "nothing was sent"),
    GatedAction.TAKE_IN: ConsentGate(None, "nothing was taken in"),
})  # fmt: skip
"""Every action that is held to consent, with the answer that it needs."""


def find_refusal(
    action: GatedAction,
    rule: ConsentRule,
    codes: tuple[str, ...],
    records: Mapping[str, ConsentRecord],
) -> EarshotError | None:
    """Return the first reason why consent does not cover an action, None where it does.

    codes: everybody whose consent it takes. records: their newest ones, by code.
    """
    gate = GATES[action]
    if not codes and rule is ConsentRule.RECORDED:
        return ConsentMissing("", gate.nothing)
    refusals = (_find_refusal_for(gate, rule, code, records.get(code)) for code in codes)
    return next((refusal for refusal in refusals if refusal is not None), None)


def _find_refusal_for(
    gate: ConsentGate, rule: ConsentRule, code: str, record: ConsentRecord | None
) -> EarshotError | None:
    is_asked_for = rule is ConsentRule.RECORDED
    if record is None:
        return ConsentMissing(code, gate.nothing) if is_asked_for else None
    if is_on_hold(record, is_further=gate.is_further):
        return CapacityLost(code, gate.nothing)
    if gate.purpose is None:
        return None
    answer = record.read_answer(gate.purpose)
    if answer is ConsentAnswer.NO or (answer is ConsentAnswer.NOT_ASKED and is_asked_for):
        is_asked = answer is ConsentAnswer.NO
        return ConsentWithheld(code, gate.purpose.value, gate.nothing, is_asked=is_asked)
    return None


def is_on_hold(record: ConsentRecord, *, is_further: bool) -> bool:
    """Whether a loss of capacity stands against further interviews, or against using earlier ones.

    Earlier ones stay in use where the study's policy keeps them, and so it was confirmed.
    """
    is_lost = record.capacity is CapacityState.LOST
    return is_lost and (is_further or record.earlier is not EarlierData.KEEP)


@dataclass(frozen=True, slots=True)
class QuotePermission:
    """Whose words in an interview may be quoted: codes of who may, and of who may not.

    Whoever is in neither is not known: a voice without a name may be anybody's.
    """

    allowed: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()

    def allows(self, speaker: str) -> bool:
        """Whether the words of a speaker may be quoted."""
        return not self.refused or speaker in self.allowed


def may_be_quoted(rule: ConsentRule, record: ConsentRecord | None) -> bool:
    """Whether somebody's words may be quoted: what they said, or what the rule lets be assumed."""
    if record is None:
        return rule is not ConsentRule.RECORDED
    answer = record.read_answer(ConsentPurpose.QUOTES)
    if answer is ConsentAnswer.NOT_ASKED:
        return rule is not ConsentRule.RECORDED
    return answer is ConsentAnswer.YES
