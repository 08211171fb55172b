"""A participant's copy that came back: which file it is, and the list of what it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app import InterviewReview
from study import ReturnedList
from tui.screens.prompts import TextPrompt
from tui.screens.review.review_page import ReviewPage
from tui.screens.stage import Stage

_WHICH = "Which file came back from the participant?"
_HINT = "The Word copy, or a text with lines such as 12: text. Nothing is entered yet."


class ReturnedControls:
    """Opens the list that waits, or asks for the file that came back."""

    def __init__(
        self,
        review: InterviewReview,
        page: ReviewPage,
        stage: Stage,
        *,
        open_list: Callable[[ReturnedList], None],
    ) -> None:
        """Prepare. open_list: shows a list to go through."""
        self._review, self._page, self._stage = review, page, stage
        self._open_list = open_list

    def action_returned(self) -> None:
        """Go through the list that waits, or bring one in."""
        from handoff import find_returned  # few sittings need it

        there: ReturnedList | None = None

        def find() -> None:
            nonlocal there
            there = find_returned(self._review.interview)

        if not self._stage.try_change(find):
            return
        if there is not None and not there.is_entered:
            self._open_list(there)
            return
        self._stage.ask(TextPrompt(_WHICH, hint=_HINT), self._bring_in)

    def _bring_in(self, typed: str | None) -> None:
        if not typed:
            return
        from handoff import keep_returned, read_returned

        there: ReturnedList | None = None

        def read() -> None:
            nonlocal there
            interview = self._review.interview
            copy = read_returned(interview, Path(typed).expanduser())
            there = keep_returned(interview, copy)

        if self._stage.try_change(read) and there is not None:
            self._open_list(there)
