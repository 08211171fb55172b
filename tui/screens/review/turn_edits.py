"""The edits of turns: each is stored in the study, and its turns are redrawn."""

from __future__ import annotations

from collections.abc import Callable

from app import InterviewReview
from study import Turn
from study.store import TranscriptEditor
from tui.screens.review.review_page import ReviewPage
from tui.screens.stage import Stage

CHANGED_JUST_NOW = "Somebody else changed this just now: look at it, and press the key again."
Write = Callable[[TranscriptEditor], frozenset[int] | bool | None]


class TurnEdits:
    """Makes one edit after the other; each is in the study before the next key is read."""

    def __init__(
        self,
        review: InterviewReview,
        page: ReviewPage,
        stage: Stage,
        show_others: Callable[[], object],
    ) -> None:
        """show_others: shows at once what another program changed."""
        self._review, self._page, self._stage = review, page, stage
        self._show_others = show_others

    def stands(self, turn: Turn) -> bool:
        """Whether a turn about which somebody was asked is still as it was; else say so."""
        self._show_others()
        if self._review.find_turn(turn.key) == turn:
            return True
        self._page.describe(CHANGED_JUST_NOW)
        return False

    def make(self, write: Write) -> frozenset[int]:
        """Make an edit and show it; return the keys of the turns that it touched.

        ``write`` gets the editor. If the study refuses the edit, a dialog says so and the keys are
        none.
        """
        pen = self._review.corrections
        if pen is None:
            return frozenset()
        before = pen.state.edits
        touched: frozenset[int] = frozenset()

        def act() -> None:
            nonlocal touched
            done = write(pen)
            if not isinstance(done, bool):
                touched = done or frozenset()

        if not self._stage.try_change(act):
            return frozenset()
        if pen.state.edits != before:
            self._page.show_edit(touched, together=pen.state.edits == before + 1)
        return touched
