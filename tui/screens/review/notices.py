"""The sentences in which the review tells how the interview stands."""

from __future__ import annotations

from study.signed import Signed
from study.terms import Verdict
from tui.reviewing import Reviewing
from tui.widgets import wording
from tui.widgets.wording import ACCEPTED, CHANGED, OPEN, REJECTED

_SPEAKERS_TOLD = 4  # of their numbers, in the line above the timeline
_STANDINGS = (
    (None, OPEN),
    (Verdict.ACCEPTED, ACCEPTED),
    (Verdict.CHANGED, CHANGED),
    (Verdict.REJECTED, REJECTED),
)


def notices(review: Reviewing) -> list[str]:
    """Say what a reviewer should know before trusting the page."""
    sentences: list[str] = []
    if review.sent_back is not None:
        sentences.append(wording.word_on(Signed(review.sent_back, 0)))
    if review.pen is not None:
        turns = wording.counted(review.doubtful, "turn is", "turns are")
        doubts = f" {turns} doubtful (≈)." if review.doubtful else ""
        sentences.append(wording.coverage(review.pen.state.base.coverage) + doubts)
    if review.is_stale:
        lost = f" {review.lost} no longer found." if review.lost else ""
        sentences.append(f"The words are newer than these mentions: M looks again.{lost}")
    if review.mentions is not None and review.mentions.not_looked_for:
        sentences.append(f"Not looked for: {', '.join(review.mentions.not_looked_for)}.")
    return sentences


def counts(review: Reviewing) -> str:
    """Count the mentions by what was decided, in one line; "" before a search."""
    if review.mentions is None:
        return ""
    tally = review.tally()
    return "  ".join(
        f"{how.sign} {tally.get(verdict, 0)} {how.word}"
        for verdict, how in _STANDINGS
        if how is not CHANGED or tally.get(verdict, 0)
    )


def progress(review: Reviewing, looked_at: set[int]) -> str:
    """Say how far the review is, and who has which number.

    looked_at: keys of turns looked at that may not be in the study yet.
    """
    if not review.turns:
        return ""
    turns = len(review.turns)
    seen = min(turns, len(looked_at - review.progress.looked_at) + review.looked_at)
    doubts = f"   ≈ {review.doubtful} doubtful" if review.doubtful else ""
    who = "  ".join(f"{n} {code}" for n, code in enumerate(review.speakers[:_SPEAKERS_TOLD], 1))
    return f"{seen} of {turns} looked at{doubts}   {who}"
