"""What stands at the cursor of the review, which decides what helps there."""

from __future__ import annotations

from enum import Enum, auto

from app import InterviewReview
from study import find_weak_words
from tui.screens.review.cursor import Cursor


class CursorPlace(Enum):
    """What keys act on: chosen words, a mention, what is doubtful, any other turn, or nothing."""

    NOTHING = auto()
    WORD = auto()
    WAITING = auto()  # a mention without a decision
    DECIDED = auto()
    DOUBTFUL = auto()
    TURN = auto()


def find_cursor_place(review: InterviewReview, cursor: Cursor) -> CursorPlace:
    """Return what stands at the cursor."""
    turn, mention = cursor.turn, cursor.mention
    if not review.is_read or turn is None:
        return CursorPlace.NOTHING
    words = cursor.pointed_words()
    if words is not None:
        is_found = cursor.chosen_words() is None
        is_weak = is_found and any(start == words[0] for start, _, _ in find_weak_words(turn))
        return CursorPlace.DOUBTFUL if is_weak else CursorPlace.WORD
    if mention is not None:
        return CursorPlace.WAITING if mention.decision is None else CursorPlace.DECIDED
    return CursorPlace.DOUBTFUL if turn.is_doubtful else CursorPlace.TURN
