"""The review of an interview: turns that were looked at, its end, and an officer's spot checks.

Each note is an entry with its own line in the audit trail. Mentions and the decisions about them
are not here: see ``study.store.transcripts``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from study.artefact_facts import ReviewFacts
from study.artefact_kinds import ArtefactKind
from study.errors import MentionsUndecided, SearchMissing
from study.permissions import TURN_CHECKED, PersonAction, is_permitted
from study.records import LogLine, SignOff
from study.review_progress import ReviewNote, ReviewProgress, ReviewStep
from study.spot_checks import SpotCheck, SpotCheckResult
from study.store.keys import KeyClass
from study.store.study import Interview
from study.typed_text import require_short


def read_review_progress(interview: Interview) -> ReviewProgress:
    """Return how far the review of an interview is; nothing where the keys in use do not tell."""
    if not interview.study.ring.holds(KeyClass.CLEAN):
        return ReviewProgress()
    looked_at: set[int] = set()
    ready: ReviewNote | None = None
    for note in interview.read_entries(ArtefactKind.PROGRESS, ReviewNote):
        looked_at.update(note.turns)
        if note.step != ReviewStep.LOOKED:
            ready = note if note.step == ReviewStep.READY else None
    return ReviewProgress(frozenset(looked_at), ready)


def record_viewed_turns(interview: Interview, turns: Iterable[int]) -> ReviewProgress:
    """Record that somebody looked at these turns, by their keys; known ones are not written again.

    A look of somebody whose role decides nothing does not count, and is not recorded. Returns how
    far the review is then.
    """
    study = interview.study
    if not is_permitted(study.role, PersonAction.DECIDE) or not study.ring.holds(KeyClass.CLEAN):
        return read_review_progress(interview)
    known = read_review_progress(interview)
    new = tuple(sorted(set(turns) - known.looked_at))
    if not new:
        return known
    return _record_note(interview, ReviewStep.LOOKED, new)


def mark_review_ready(interview: Interview) -> ReviewProgress:
    """Hand the interview over to the data officer, once every mention is decided.

    Raises:
        SearchMissing: it was not searched, or was corrected since.
        MentionsUndecided: a mention waits for a person.
    """
    summary = interview.summary
    is_searched = ArtefactKind.MENTIONS in summary.versions
    if not is_searched or summary.is_stale:
        raise SearchMissing(is_outdated=is_searched)
    if summary.undecided:
        raise MentionsUndecided(summary.undecided)
    return _record_note(interview, ReviewStep.READY)


def _record_note(
    interview: Interview, step: ReviewStep, turns: tuple[int, ...] = ()
) -> ReviewProgress:
    with interview.change(step.value) as change:
        if not interview.find_newest_version(ArtefactKind.PROGRESS):
            change.write_artefact(ArtefactKind.PROGRESS, {})
        summary = interview.summary
        looked_at = len(read_review_progress(interview).looked_at | set(turns))
        before = summary.facts.review
        ready = before.ready if before else None  # an earlier hand-over keeps its basis
        if step is ReviewStep.READY:
            ready = summary.review_basis()
        note = ReviewNote(step, interview.study.ring.slot, change.made_at, turns)
        change.append_entry(ArtefactKind.PROGRESS, note, ReviewFacts(looked_at, ready))
        change.facts["turns" if turns else "undecided"] = len(turns) or summary.undecided
    return read_review_progress(interview)


def read_spot_checks(interview: Interview, log: Iterable[LogLine]) -> dict[str, SpotCheck]:
    """Return the newest spot check of each line, by its mention's key, where it fits the log.

    Raises:
        KeyNotHeld: the passphrase in use does not open clean transcripts.
    """
    checks = interview.read_entries(ArtefactKind.CHECKS, SpotCheck)
    newest = {check.mention: check for check in checks}
    return {
        line.mention: check
        for line in log
        if (check := newest.get(line.mention)) is not None
        and check.decided_at == line.at
        and check.found != SpotCheckResult.OPEN
    }


def record_spot_check(
    interview: Interview, line: LogLine, result: SpotCheckResult, reason: str = ""
) -> SpotCheck:
    """Record what an officer found at a line of the log; a later check of it replaces this one.

    Raises:
        TextTooLong: the reason is longer than a few sentences.
    """
    about = SpotCheck(line.mention, line.at, result, by=0, at="", reason=reason)
    return _record_check(interview, f"line of the log {result}", about)


def read_turn_objections(interview: Interview, turns: Iterable[int]) -> dict[int, SpotCheck]:
    """Return the objections to turns that stand, by the turn's key.

    turns: the keys of the clean transcript's. One that went back with a ruling stands no more, nor
    does any once the interview was transcribed again.

    Raises:
        KeyNotHeld: the passphrase in use does not open clean transcripts.
    """
    checks = interview.read_entries(ArtefactKind.CHECKS, SpotCheck)
    newest = {check.turn: check for check in checks if check.turn}
    heard = interview.find_newest_version(ArtefactKind.RAW)
    wrong = {
        turn: one
        for turn, one in newest.items()
        if one.found == SpotCheckResult.WRONG and one.heard == heard
    }
    if not wrong:
        return {}
    first = min(one.rulings for one in wrong.values()) + 1
    sent: dict[int, int] = {}  # the newest ruling with which a turn went back
    for version in range(first, interview.find_newest_version(ArtefactKind.SIGNED) + 1):
        ruling = interview.read_artefact(ArtefactKind.SIGNED, SignOff, version)
        sent.update((one.turn, version) for one in (ruling.objections if ruling else ()))
    return {
        turn: wrong[turn]
        for turn in turns
        if turn in wrong and sent.get(turn, 0) <= wrong[turn].rulings
    }


def record_turn_check(
    interview: Interview, turn: int, result: SpotCheckResult, reason: str = ""
) -> SpotCheck:
    """Record an objection to a turn, by its key, or take it back; a later one replaces this one.

    Raises:
        TextTooLong: the reason is longer than a few sentences.
    """
    about = SpotCheck(
        "",
        "",
        result,
        by=0,
        at="",
        reason=reason,
        turn=turn,
        rulings=interview.find_newest_version(ArtefactKind.SIGNED),
        heard=interview.find_newest_version(ArtefactKind.RAW),
    )
    return _record_check(interview, TURN_CHECKED[result], about)


def _record_check(interview: Interview, verb: str, about: SpotCheck) -> SpotCheck:
    """Append a check with who makes it and when, under a verb of the trail."""
    require_short(about.reason)
    with interview.change(verb) as change:
        if not interview.find_newest_version(ArtefactKind.CHECKS):
            change.write_artefact(ArtefactKind.CHECKS, {})
        made = replace(about, by=interview.study.ring.slot, at=change.made_at)
        change.append_entry(ArtefactKind.CHECKS, made)
    return made
