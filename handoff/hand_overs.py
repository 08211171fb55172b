"""What left with the hand-overs of an interview."""

from __future__ import annotations

from study import ArtefactKind, HandOver
from study.store import Interview


def list_hand_overs(interview: Interview) -> list[HandOver]:
    """Return the hand-overs of an interview, oldest first."""
    newest = interview.find_newest_version(ArtefactKind.HANDED)
    versions = (
        interview.read_artefact(ArtefactKind.HANDED, HandOver, version)
        for version in range(1, newest + 1)
    )
    return [hand_over for hand_over in versions if hand_over is not None]
