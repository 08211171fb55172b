"""The turn open for typing, in a field over its own place; the text is stored by itself."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer

from app import InterviewReview, WordCorrection, find_correction
from study import sanitise_text
from study.store import TranscriptEditor
from tui.key_names import with_keys
from tui.screens.dialogs import QuestionDialog
from tui.screens.prompts import ChoicePrompt
from tui.screens.review.cursor import Cursor
from tui.screens.review.review_page import ReviewPage
from tui.screens.review.review_widgets import ReviewWidgets
from tui.screens.review.turn_edits import TurnEdits
from tui.screens.stage import Stage

_NOT_KEPT = "! Not saved yet: {typing.done} tries again, Ctrl-Z undoes your typing."
_CHANGED_ELSEWHERE = (
    "! Not saved yet: somebody else changed this turn. {typing.done} asks which text to keep."
)
_WHICH_STANDS = "Somebody else changed this turn while you typed. Which text should be kept?"
_KEPT_AFTER_S = 0.4  # of no key: what was typed is in the study then; our choice


class TypedTurn:
    """Opens a turn for typing, stores the text, and closes the turn."""

    def __init__(
        self,
        review: InterviewReview,
        cursor: Cursor,
        page: ReviewPage,
        widgets: ReviewWidgets,
        edits: TurnEdits,
        stage: Stage,
        *,
        offer_twins: Callable[[WordCorrection], str],
    ) -> None:
        """Prepare.

        offer_twins: offers to look for what was heard as wrongly elsewhere; returns the sentence.
        """
        self._offer_twins, self._opened_with = offer_twins, ""
        self._selected = (0, 0)  # the characters of that text that typing replaces
        self._review, self._cursor, self._page = review, cursor, page
        self._view, self._editor = widgets.view, widgets.editor
        self._edits, self._stage = edits, stage
        self._goes_on = False  # whether what is typed next belongs to what was typed last
        self._stands = ""  # the turn's text in the study, as it was read or written here last
        self._wanted = ""  # what the field showed then
        self._keeping: Timer | None = None

    def open(self, key: int, start: int, end: int) -> None:
        """Open a turn with these characters selected: typing replaces them."""
        turn = self._review.find_turn(key)
        if turn is None:
            return
        self._cursor.typed_in, self._goes_on = key, False
        self._stands = turn.text
        self._opened_with, self._selected = turn.text, (start, end)
        self._view.highlight_spoken_word(key, 0, 0)
        self._editor.styles.width = self._view.find_turn_region(key).width
        self._editor.open(turn.text, start, end)
        self._wanted = self._editor.text
        self._view.go_to(key, self._view.cursor)
        self.lay_over()
        self._stage.call_after_refresh(self.lay_over)
        said = "Editing: saved as you type. {typing.done} closes the turn."
        self._page.describe(with_keys(said))

    def action_finish(self, by: int) -> None:
        """Leave the turn; ``by`` goes on to the turn before (-1) or after (1)."""
        key = self._cursor.typed_in
        if key is None:
            return
        other = self._read_other_text(key)
        if other is not None and self._is_new:
            self._ask_which(key, other, by)
            return
        if not self.keep():
            return
        is_empty = not self._editor.text.strip()
        self._cursor.typed_in = None
        self._stage.set_focus(self._view)  # at once: the next key may be on its way already
        self._editor.close()
        self._view.release_rows()
        if is_empty:
            self.ask_to_remove(key)
        elif by:
            self._cursor.go_by(by)
            turn = self._cursor.turn
            if self._view.turn not in {None, key}:
                at = 0 if by > 0 or turn is None else len(turn.text)
                self.open(self._view.turn or 0, at, at)
                return
        self._page.describe("Kept." + self._offer(key) if self._goes_on else "")

    def _offer(self, key: int) -> str:
        """Offer to correct what was heard as wrongly elsewhere, where words were corrected."""
        turn = self._review.find_turn(key)
        correction = find_correction(self._opened_with, turn.text) if turn else None
        return f" {self._offer_twins(correction)}" if correction else ""

    @property
    def _is_new(self) -> bool:
        """Whether the field has another text than the study got or gave last."""
        return self._editor.text != self._wanted

    def _read_other_text(self, key: int) -> str | None:
        """Return the turn's text where another program has changed it, else None."""
        pen = self._review.corrections
        if pen is None:
            return None
        pen.catch_up()
        turn = pen.state.find_turn(key)
        return None if turn is None or turn.text == self._stands else turn.text

    def _ask_which(self, key: int, other: str, by: int) -> None:
        """Ask which text of a turn stands, where somebody else has changed it meanwhile."""

        def answered(number: int | None) -> None:
            if number is None or self._cursor.typed_in != key:
                return  # back to typing
            if number:
                self._editor.load_text(sanitise_text(other))
                self._wanted = self._editor.text
            self._stands = other
            self.action_finish(by)

        texts = [f"yours: {self._editor.text}", f"theirs: {other}"]
        self._stage.ask(ChoicePrompt(_WHICH_STANDS, texts), answered)

    def finish_at(self) -> tuple[int, int] | None:
        """Leave the turn; return its key and at which character the cursor was.

        None where no turn was open, or what was typed could not be kept.
        """
        key, at = self._cursor.typed_in, self._editor.at
        self.action_finish(0)
        return None if key is None or self._editor.is_typing else (key, at)

    def ask_to_remove(self, key: int) -> None:
        """Remove a turn, after asking."""

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual's callback
            if wanted:
                self._cursor.go_by(1 if self._review.turns[-1].key != key else -1)
                self._edits.make(lambda pen: pen.remove_turn(key))
                self._page.describe(
                    with_keys("Turn removed. {interview.undo_edit} brings it back.")
                )

        self._stage.ask(QuestionDialog("Remove this turn? (Nobody said it.)"), answered)

    def changed(self) -> None:
        """Store the text, once no key is pressed for a moment."""
        if self._cursor.typed_in is None or not self._is_new:
            return
        self.lay_over()
        self._forget_timer()
        self._keeping = self._stage.set_timer(_KEPT_AFTER_S, self.keep)
        self._page.describe("…")

    def lay_over(self) -> None:
        """Move the field over its turn, wherever that is drawn now."""
        key, editor, view = self._cursor.typed_in, self._editor, self._view
        if key is None:
            return
        editor.styles.width = view.find_turn_region(key).width
        rows = min(editor.rows, max(1, view.scrollable_content_region.height - 2))
        view.reserve_rows(key, rows)
        region = view.find_turn_region(key)
        corner = view.scrollable_content_region.offset
        editor.styles.height = rows
        editor.styles.offset = (
            corner.x - view.region.x + region.x,
            corner.y - view.region.y + region.y,
        )

    def _forget_timer(self) -> None:
        if self._keeping is not None:
            self._keeping.stop()
            self._keeping = None

    def keep(self) -> bool:
        """Store the text; False if the study refused it, so that only the field has it."""
        self._forget_timer()
        key, text, was = self._cursor.typed_in, self._editor.text, self._stands
        if key is None or not self._is_new or not text.strip():
            return True
        if self._read_other_text(key) is not None:
            self._page.describe(with_keys(_CHANGED_ELSEWHERE))
            return False
        is_written = False

        def write(pen: TranscriptEditor) -> frozenset[int]:
            nonlocal is_written
            over = self._selected if was == self._opened_with else (0, 0)
            touched = pen.set_text(key, text, goes_on=self._goes_on, was=was, over=over)
            is_written = True
            return touched

        if self._edits.make(write):
            self._goes_on = True
        if is_written:
            turn = self._review.find_turn(key)
            self._wanted, self._stands = text, turn.text if turn else text
        self._page.describe("✓ kept" if is_written else with_keys(_NOT_KEPT))
        return is_written
