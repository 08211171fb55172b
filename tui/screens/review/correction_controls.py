"""The corrections of turns and headings; every edit is stored at once."""

from __future__ import annotations

from collections.abc import Callable

from app import InterviewReview
from study import MarkKind, describe_event
from tui.key_names import with_keys
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.screens.review.cursor import Cursor
from tui.screens.review.review_page import ReviewPage
from tui.screens.review.turn_edits import TurnEdits
from tui.screens.review.typed_turn import TypedTurn
from tui.screens.stage import Stage


class CorrectionControls:
    """Splits, joins and removes turns, settles doubts, and undoes edits."""

    def __init__(
        self,
        review: InterviewReview,
        cursor: Cursor,
        page: ReviewPage,
        edits: TurnEdits,
        typed: TypedTurn,
        stage: Stage,
        *,
        go_on: Callable[[str], None],
    ) -> None:
        """Prepare; ``go_on`` goes to the next doubt, after saying what was done."""
        self._go_on = go_on
        self._review, self._cursor, self._page = review, cursor, page
        self._edits, self._typed, self._stage = edits, typed, stage

    def action_split(self) -> None:
        """Begin a new turn at the chosen word, or at the cursor while typing."""
        turn, words = self._cursor.turn, self._cursor.pointed_words()
        if self._cursor.typed_in is not None:
            place = self._typed.finish_at()
        elif words is None:
            self._page.describe("Choose the word that begins the new turn first: ← →.")
            return
        else:
            place = None if turn is None else (turn.key, words[0])
        if place is None:
            return
        self._cursor.forget_words()
        made = self._edits.make(lambda pen: pen.split_turn(*place))
        if made:
            self._cursor.go_to_turn(max(made))
            self._page.describe("Turn split.")

    def action_join(self) -> None:
        """Join the turn with the next one."""
        turn = self._cursor.turn
        if turn is not None and self._edits.make(lambda pen: pen.join_turns(turn.key)):
            self._page.describe("Turns joined.")

    def action_remove(self) -> None:
        """Remove the turn under the cursor, after asking."""
        turn = self._cursor.turn
        if turn is not None:
            self._typed.ask_to_remove(turn.key)

    def action_settle(self) -> None:
        """Settle the doubt about the turn."""
        turn = self._cursor.turn
        if turn is not None:
            done = self._edits.make(lambda pen: pen.confirm_doubtful_turn(turn.key))
            if done:
                self._go_on("Marked as right.")
            else:
                self._page.describe("Nothing to check in this turn.")

    def action_undo_edit(self) -> None:
        """Undo the last correction."""
        act = self._review.corrections.state.undoable if self._review.corrections else None
        touched = self._edits.make(lambda pen: pen.undo())
        self._show_turned_back(touched, f"Undone: {act.value}." if act else "")

    def action_redo_edit(self) -> None:
        """Redo the correction that was undone last."""
        act = self._review.corrections.state.redoable if self._review.corrections else None
        touched = self._edits.make(lambda pen: pen.redo())
        self._show_turned_back(touched, f"Done again: {act.value}." if act else "")

    def action_headings(self) -> None:
        """Ask which heading to correct, and how."""
        events = enumerate(self._review.headings)
        topics = [(n, event) for n, event in events if event.kind == MarkKind.TOPIC]
        if not topics:
            self._page.describe("There is no heading in this interview.")
            return

        def chosen(number: int | None) -> None:
            if number is None:
                return
            place, event = topics[number]

            def typed(text: str | None) -> None:
                if text is not None:
                    self._edits.make(lambda pen: pen.set_note(place, text))
                    self._page.describe("Heading corrected.")

            self._stage.ask(
                TextPrompt(
                    "What is the heading?",
                    value=event.note,
                    hint="Enter saves it, Esc cancels.",
                    replaces=False,
                ),
                typed,
            )

        self._stage.ask(
            ChoicePrompt("Which heading?", [describe_event(e) for _, e in topics]), chosen
        )

    def _show_turned_back(self, touched: frozenset[int], said: str) -> None:
        if not said:
            nothing = "No edit to undo or redo. {interview.undo} undoes decisions."
            self._page.describe(with_keys(nothing))
            return
        here = [turn.key for turn in self._review.turns if turn.key in touched]
        now = self._cursor.turn
        if here and (now is None or now.key not in here):
            self._cursor.go_to_turn(here[0])
        self._page.describe(said)
