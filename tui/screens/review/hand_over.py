"""Handing a reviewed interview to the data officer, once all of it was searched and decided."""

from __future__ import annotations

from collections.abc import Callable

from anonymise import cleaning
from study import progress
from study.artefacts import Summary
from tui.reviewing import Reviewing
from tui.screens.dialog import Asked
from tui.screens.review.cursor import Cursor
from tui.screens.review.page import Page
from tui.screens.stage import Stage
from tui.widgets import wording


class HandOver:
    """Searches what was corrected, shows what is undecided, and asks; then hands on."""

    def __init__(
        self,
        review: Reviewing,
        cursor: Cursor,
        page: Page,
        stage: Stage,
        *,
        search: Callable[[Summary], bool],
        show_undecided: Callable[[], None],
    ) -> None:
        """Prepare.

        search: begins to search the interview again; False where other work runs.
        show_undecided: goes to the next mention without a decision.
        """
        self._review, self._cursor, self._page, self._stage = review, cursor, page, stage
        self._search, self._show_undecided = search, show_undecided
        self._is_waiting = False  # for the search, to go on after it

    def action_ready(self) -> None:
        """Hand the interview to the data officer; first search what was corrected since."""
        review = self._review
        if review.is_stale and review.summary is not None:
            self._is_waiting = self._search(review.summary)
            if self._is_waiting:
                self._page.describe("Your corrections are searched first; then it is handed on.")
            return
        if review.undecided:
            self._show_undecided()
            self._page.describe(
                f"{review.undecided} to decide before it can be handed on: this is one."
            )
            return
        self._stage.attempt(self._cursor.keep_looked_at)

        def make_ready() -> None:
            cleaning.clean(review.study, review.interview)  # for officers who read nothing else
            review.progress = progress.make_ready(review.study, review.interview)
            review.look_up()

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual's callback
            if wanted and self._stage.attempt(make_ready):
                said = "Handed on; a change takes it back. Esc: the list. H: the check."
                self._page.describe(said)

        self._stage.ask(Asked(self._question()), answered)

    def go_on(self) -> None:
        """Go on where the search was waited for, now that no work runs."""
        if self._is_waiting:
            self._is_waiting = False
            if not self._review.is_stale:
                self.action_ready()

    def _question(self) -> str:
        left = len(self._review.turns) - self._review.looked_at
        turns = wording.counted(left, "turn was", "turns were")
        unseen = f" {turns} never looked at." if left else ""
        doubtful = wording.counted(self._review.doubtful, "turn is", "turns are")
        doubts = f" {doubtful} doubtful." if self._review.doubtful else ""
        return f"Hand this interview to the data officer?{unseen}{doubts}"
