"""Which turns of an interview nobody read, for whoever signs it off."""

from __future__ import annotations

from anonymise import list_unseen_turns
from study import ArtefactKind, LogLine, Transcript
from study.errors import StepMissing
from study.store import Interview, KeyClass, read_review_progress


def find_unread_turns(interview: Interview) -> frozenset[int]:
    """Return the keys of the turns that nobody read; a decision in bulk reads nothing.

    Where the keys in use open clean transcripts alone, those of the newest clean transcript.

    Raises:
        KeyNotHeld: the keys in use do not open clean transcripts.
    """
    if interview.study.ring.holds(KeyClass.IDENTIFYING):
        try:
            return frozenset(list_unseen_turns(interview))
        except StepMissing:
            return frozenset()
    log = interview.read_artefact(ArtefactKind.LOG, tuple[LogLine, ...]) or ()
    seen = read_review_progress(interview).looked_at
    seen |= {line.turn for line in log if line.at and not line.in_bulk}
    clean = interview.read_artefact(ArtefactKind.CLEAN, Transcript)
    return frozenset(turn.key for turn in (clean.turns if clean else ()) if turn.key not in seen)


def describe_unread_turns(count: int) -> list[str]:
    """Return the line of the sheet on turns that nobody read; none where all were."""
    return [f"{count:4}  {'turn' if count == 1 else 'turns'} that nobody read"] if count else []
