"""How far the review of an interview is: which turns somebody looked at, and the hand-over.

Whoever reviews marks the interview as ready when it is done; the data officer takes it from
there. The mark holds for what was there when it was made: an edit or a decision afterwards makes
it void, as it does a sign-off.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from study.artefacts import Kind
from study.errors import MentionsUndecided, SearchMissing
from study.facts import ReviewFacts
from study.store import Study


class Step(StrEnum):
    """What was noted."""

    LOOKED = "looked at"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Noted:
    """One note. turns: keys of the turns that were looked at. by: the slot; at: ISO 8601."""

    step: str
    by: int
    at: str
    turns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """What all notes say: keys of the turns looked at, and who said last that it is ready."""

    looked_at: frozenset[int] = frozenset()
    ready: Noted | None = None


def read(study: Study, interview: str) -> Progress:
    """Read how far the review is."""
    looked_at: set[int] = set()
    ready: Noted | None = None
    for note in study.entries(interview, Kind.PROGRESS, Noted):
        looked_at.update(note.turns)
        if note.step != Step.LOOKED:
            ready = note if note.step == Step.READY else None
    return Progress(frozenset(looked_at), ready)


def look(study: Study, interview: str, turns: Iterable[int]) -> Progress:
    """Note that somebody looked at these turns; nothing is written for those noted before."""
    known = read(study, interview)
    new = tuple(sorted(set(turns) - known.looked_at))
    if not new:
        return known
    return _note(study, interview, Step.LOOKED, new)


def make_ready(study: Study, interview: str) -> Progress:
    """Hand the interview over to the data officer, once every mention is decided.

    Raises:
        StepMissing: it was not searched, or corrected since.
        MentionsUndecided: a mention waits for a person.
    """
    summary = study.find(interview)
    if Kind.MENTIONS not in summary.versions or summary.is_stale:
        raise SearchMissing
    if summary.undecided:
        raise MentionsUndecided(summary.undecided)
    return _note(study, interview, Step.READY)


def _note(study: Study, interview: str, step: Step, turns: tuple[int, ...] = ()) -> Progress:
    with study.change(step.value, interview) as change:
        if not study.version(interview, Kind.PROGRESS):
            change.put(interview, Kind.PROGRESS, {})
        summary = study.find(interview)
        looked_at = len(read(study, interview).looked_at | set(turns))
        before = summary.facts.review
        ready = before.ready if before else None  # it still stands, on what it rested upon
        if step is Step.READY:
            ready = summary.review_basis()
        note = Noted(step, study.ring.slot, change.at, turns)
        change.append(interview, Kind.PROGRESS, note, ReviewFacts(looked_at, ready))
        change.facts["turns" if turns else "undecided"] = len(turns) or summary.undecided
    return read(study, interview)
