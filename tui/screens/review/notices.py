"""The sentences in which the review tells how the interview stands."""

from __future__ import annotations

from app import (
    ACCEPTED_STANDING,
    CHANGED_STANDING,
    OPEN_STANDING,
    REJECTED_STANDING,
    InterviewReview,
    describe_coverage,
    describe_ruling,
    describe_withdrawals,
    format_count,
)
from study import StandingSignOff, TurnNumbers, Verdict
from tui.key_names import with_keys
from tui.widgets.safe_text import TextPart
from tui.widgets.timeline import draw_block
from tui.widgets.turn_layout import choose_speaker_look

_SPEAKERS_TOLD = 4  # of their numbers, in the line above the timeline
_NAMES_ALL = "{interview.voices} names whole voices."
_STANDINGS = (
    (None, OPEN_STANDING),
    (Verdict.ACCEPTED, ACCEPTED_STANDING),
    (Verdict.CHANGED, CHANGED_STANDING),
    (Verdict.REJECTED, REJECTED_STANDING),
)


def notices(review: InterviewReview, *, is_running: bool = False) -> list[str]:
    """Say what a reviewer should know before trusting the page.

    is_running: work runs on it, so that no key begins more.
    """
    sentences: list[str] = []
    if review.summary is not None and review.withdrawals:
        sentences.append(describe_withdrawals(review.summary, review.withdrawals))
    if review.sent_back is not None:
        numbers = TurnNumbers(turn.key for turn in review.turns)
        ruling = StandingSignOff(review.sent_back, 0)
        sentences.append(describe_ruling(ruling, numbers.show_turn))
    if review.corrections is not None:
        turns = format_count(review.doubtful_turns, "turn")
        doubts = f" {turns} to check (≈)." if review.doubtful_turns else ""
        sentences.append(describe_coverage(review.corrections.state.base.coverage) + doubts)
    if unknown := review.unknown_speakers:
        says_who = _name_speaker_keys(len(review.speakers))
        told = f"{', '.join(unknown)}: not known yet who speaks. {says_who} {_NAMES_ALL}"
        sentences.append(with_keys(told))
    if review.is_stale and not is_running:
        mentions = format_count(review.lost_mentions, "mention")
        lost = f" {mentions} no longer found." if review.lost_mentions else ""
        again = "Edited since the last search: {interview.anonymise} searches it again"
        sentences.append(with_keys(f"{again}, and so does {{interview.ready}}.{lost}"))
    if review.mentions is not None and review.mentions.not_looked_for:
        sentences.append(f"Not looked for: {', '.join(review.mentions.not_looked_for)}.")
    return sentences


def _name_speaker_keys(speakers: int) -> str:
    """Name the keys that say who speaks: a digit for each speaker, and one to name others."""
    if not speakers:
        return "{interview.speaker} says who,"
    if speakers == 1:
        return "{interview.speaker_1} and {interview.speaker} say who,"
    return f"{{interview.speaker_1}} to {{interview.speaker_{min(speakers, 9)}}} say who,"


def counts(review: InterviewReview) -> str:
    """Count the mentions by what was decided, in one line; "" before a search."""
    if review.mentions is None:
        return ""
    tally = review.tally()
    return "  ".join(
        f"{how.sign} {tally.get(verdict, 0)} {how.word}"
        for verdict, how in _STANDINGS
        if how is not CHANGED_STANDING or tally.get(verdict, 0)
    )


def count_open(review: InterviewReview) -> str:
    """Count the mentions without a decision, for a line that has no room for all counts."""
    count = review.undecided_count
    return f"{OPEN_STANDING.sign} {count} {OPEN_STANDING.word}" if count else ""


def progress(
    review: InterviewReview, looked_at: set[int], *, has_blocks: bool = False
) -> list[TextPart]:
    """Say how far the review is, and who has which number.

    looked_at: keys of turns looked at that may not be in the study yet. has_blocks: whether the
    timeline below tells speakers by blocks, which this explains.
    """
    if not review.turns:
        return []
    turns = len(review.turns)
    seen = min(turns, len(looked_at - review.progress.looked_at) + review.looked_at_count)
    doubts = f"   ≈ {review.doubtful_turns} to check" if review.doubtful_turns else ""
    parts: list[TextPart] = [f"{seen} of {turns} looked at{doubts}   "]
    for number, code in enumerate(review.speakers[:_SPEAKERS_TOLD], 1):
        block = draw_block(str(number)) if has_blocks else ""
        parts += [(f"{block}{number} {code}", f"${choose_speaker_look(number)}"), "  "]
    return parts[:-1] if review.speakers else parts
