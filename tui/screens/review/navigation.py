"""Navigation in an interview: by turns, words, the list of mentions, and the timeline."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from app import InterviewReview
from study import Turn
from tui.key_names import with_keys
from tui.screens.review.cursor import Cursor
from tui.screens.review.review_page import ReviewPage
from tui.screens.review.review_widgets import ReviewWidgets

_ROUNDING_S = 1e-6  # a player counts frames, a transcript decimals
_AT_ONCE = 4  # turns that may have begun and not ended: channels seldom number more
_MODES = {
    "list": "List: ↑ ↓ choose, Enter goes there, {interview.list} or {interview.back} closes it.",
    "timeline": (
        "Timeline: ← → move, Enter stays here, {interview.timeline} or {interview.back} goes back."
    ),
}
_SELECTING = (
    "Selecting: arrows add words; {interview.mention} marks them to be replaced, "
    "{interview.select} stops."
)


class Navigation:
    """Moves the cursor in the current mode: turns, the list of mentions, or the timeline."""

    def __init__(
        self, review: InterviewReview, cursor: Cursor, page: ReviewPage, widgets: ReviewWidgets
    ) -> None:
        self._review, self._cursor, self._page = review, cursor, page
        self._view, self._list = widgets.view, widgets.mentions
        self._timeline = widgets.timeline

    def action_move(self, direction: str) -> None:
        """Go along the turns, the list or the timeline."""
        if self._page.mode == "list":
            self._list.move(direction)
        elif self._page.mode == "timeline":
            self._along({"up": -1, "down": 1, "page_up": -10, "page_down": 10}.get(direction, 0))
        else:
            self._move(direction)

    def action_word(self, by: int) -> None:
        """Choose the word before or after, or go along the timeline."""
        if self._page.mode == "timeline":
            self._along(by)
        else:
            self._cursor.choose_word(by)
            self._page.follow_cursor()

    def action_phrase(self, by: int) -> None:
        """Choose the word at which the next phrase begins, or go on to the next turn."""
        if self._page.mode:
            return
        if not self._cursor.choose_phrase(by):
            self._move("down" if by > 0 else "up")
        self._page.follow_cursor()

    def action_select(self) -> None:
        """Begin to choose several words, or end it."""
        if self._cursor.chosen_words() is None:
            self.action_word(1)
        self._cursor.is_selecting = not self._cursor.is_selecting
        self._page.describe(with_keys(_SELECTING) if self._cursor.is_selecting else "")

    def action_list(self) -> None:
        """Switch the arrows to the list of mentions, or back to the turns."""
        if self._review.decided:
            self._switch("list")

    def action_timeline(self) -> None:
        """Switch the arrows to the timeline, or back to the turns."""
        if self._review.turns:
            self._switch("timeline")

    def _switch(self, mode: str) -> None:
        if self._page.mode == mode:
            self._page.set_mode("")
        else:
            self._page.set_mode(mode, with_keys(_MODES[mode]))

    def stay(self) -> None:
        """Leave the list or the timeline, with the cursor where it points to."""
        if self._page.mode == "list" and self._list.place >= 0:
            self._cursor.go_to_mention(self._list.place)
        self._page.set_mode("")

    def go_to_turn(self, key: int) -> None:
        """Go to a turn that was clicked on."""
        self._cursor.forget_words()
        self._cursor.go_to_turn(key)
        self._page.describe()

    def go_to_time(self, at_s: float) -> None:
        """Go to the turn that is spoken at a time."""
        turn = find_turn_at(self._review.turns, at_s)
        if turn is not None:
            self._cursor.go_to_turn(turn.key)
        self._page.describe()

    def leave(self) -> bool:
        """Leave the list, the timeline or the chosen words; False where there is none of them."""
        if self._page.mode:
            self._page.set_mode("")
        elif self._cursor.chosen_words() is not None:
            self._cursor.forget_words()
            self._page.describe()
        else:
            return False
        return True

    def _along(self, by: int) -> None:
        at_s = self._timeline.time_after_columns(by)
        turn = find_turn_at(self._review.turns, at_s)
        if turn is not None:
            self._cursor.go_to_turn(turn.key)
        self._page.describe(with_keys(_MODES["timeline"]))
        self._timeline.point_at(at_s)

    def _move(self, direction: str) -> None:
        view, turns = self._view, self._review.turns
        if direction in {"up", "down"}:
            if view.count_hidden_rows(direction) and self._cursor.turn is not None:
                view.move(direction)
                return
            self._cursor.go_by(1 if direction == "down" else -1)
        elif direction in {"home", "end"} and turns:
            self._cursor.go_to_turn(turns[0 if direction == "home" else -1].key)
        else:
            view.move(direction)
            key = view.find_first_turn_in_sight()
            if key is not None:
                self._cursor.go_to_turn(key, in_sight=False)
        self._cursor.forget_words()
        self._page.describe()


def find_turn_at(turns: Sequence[Turn], at_s: float) -> Turn | None:
    """Return the turn that is spoken at a time, else the last one before it."""
    begun = bisect_right(turns, at_s + _ROUNDING_S, key=lambda turn: turn.start_s)
    for turn in reversed(turns[max(0, begun - _AT_ONCE) : begun]):
        if turn.end_s > at_s:
            return turn
    return turns[max(0, begun - 1)] if turns else None
