"""Objections with which an officer sent an interview back, and whether anything answered them."""

from __future__ import annotations

from app.changed_turns import list_unchanged
from study import ArtefactKind, Decision, Objection, OfficerRuling, SignOff, Transcript, Verdict
from study.store import Interview, KeyClass


def list_send_backs(interview: Interview, before: SignOff | None = None) -> list[SignOff]:
    """Return the rulings that sent the interview back, the earliest first.

    before: a ruling, to return those before it alone.

    Raises:
        KeyNotHeld: the keys in use open no clean transcripts.
    """
    versions = range(1, interview.find_newest_version(ArtefactKind.SIGNED) + 1)
    rulings = (interview.read_artefact(ArtefactKind.SIGNED, SignOff, n) for n in versions)
    return [
        one
        for one in rulings
        if one is not None
        and one.ruling is OfficerRuling.SENT_BACK
        and (before is None or one.trail_count < before.trail_count)
    ]


def list_repeated_decisions(interview: Interview) -> list[Objection]:
    """Return the objections of the newest ruling whose mention was then decided as before.

    Somebody may stand by a decision; it is told to who hands on and to who signs. None where the
    keys in use open no decisions, and where the newest ruling is a sign-off.
    """
    ruling = _read_send_back(interview)
    if ruling is None:
        return []
    decisions = interview.read_entries(ArtefactKind.MENTIONS, Decision)
    return [
        objection
        for objection in ruling.objections
        if objection.mention
        and _is_repeated([d for d in decisions if d.mention == objection.mention], objection)
    ]


def list_unchanged_turns(interview: Interview, clean: Transcript | None) -> list[Objection]:
    """Return the objections of the newest ruling to turns that read as they did then.

    clean: the clean transcript as it is now. None where the newest ruling is a sign-off, as
    ``list_repeated_decisions``.
    """
    ruling = _read_send_back(interview)
    about = [one for one in ruling.objections if one.turn] if ruling else []
    if not about or clean is None:
        return []
    same = list_unchanged(interview, clean, (one.turn for one in about))
    return [one for one in about if one.turn in same]


def _read_send_back(interview: Interview) -> SignOff | None:
    """Return the newest ruling where it sent the interview back, and the keys tell of it."""
    ring = interview.study.ring
    if not (ring.holds(KeyClass.IDENTIFYING) and ring.holds(KeyClass.CLEAN)):
        return None
    ruling = interview.read_artefact(ArtefactKind.SIGNED, SignOff)
    return ruling if ruling and ruling.ruling is OfficerRuling.SENT_BACK else None


def _is_repeated(decisions: list[Decision], objection: Objection) -> bool:
    """Whether the decisions about a mention end as they stood before the objection."""
    undone = [
        place
        for place, one in enumerate(decisions)
        if one.verdict is Verdict.UNDONE and one.reason == objection.reason
    ]
    if not undone or not undone[-1]:
        return False
    before, now = decisions[undone[-1] - 1], decisions[-1]
    return (before.verdict, before.replacement) == (now.verdict, now.replacement)
