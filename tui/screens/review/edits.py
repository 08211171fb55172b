"""Writing corrections into the study, and showing what they changed."""

from __future__ import annotations

from collections.abc import Callable

from study.correcting import Correcting
from tui.reviewing import Reviewing
from tui.screens.review.page import Page
from tui.screens.stage import Stage

Write = Callable[[Correcting], frozenset[int] | bool | None]


class Edits:
    """Makes one edit after the other; each is in the study before the next key is read."""

    def __init__(self, review: Reviewing, page: Page, stage: Stage) -> None:
        self._review, self._page, self._stage = review, page, stage

    def make(self, write: Write) -> frozenset[int]:
        """Make an edit and show it; return the keys of the turns that it touched.

        ``write`` gets the pen. Where the study refuses the edit, that is told, and none are.
        """
        pen = self._review.pen
        if pen is None:
            return frozenset()
        before = pen.state.edits
        touched: frozenset[int] = frozenset()

        def act() -> None:
            nonlocal touched
            done = write(pen)
            if not isinstance(done, bool):
                touched = done or frozenset()

        if not self._stage.attempt(act):
            return frozenset()
        if pen.state.edits != before:
            self._page.show_edit(touched, together=pen.state.edits == before + 1)
        return touched
