"""The hand-over of an interview to the data officer, once it is searched and decided."""

from __future__ import annotations

from collections.abc import Callable

from app import (
    InterviewReview,
    format_count,
    join_reasons,
    list_repeated_decisions,
    list_unchanged_turns,
)
from study import (
    ArtefactKind,
    InterviewState,
    InterviewSummary,
    Transcript,
    TurnNumbers,
    find_weak_words,
)
from study.store import mark_review_ready
from tui.key_names import with_keys
from tui.screens.dialogs import QuestionDialog
from tui.screens.review.cursor import Cursor
from tui.screens.review.review_page import ReviewPage
from tui.screens.stage import Stage
from tui.widgets.labels import explain_joins

_HANDED_ON = "Sent to the data officer. Editing takes it back. Press {interview.check} to check it."


class HandOverControls:
    """Searches corrected turns, goes to undecided mentions, asks, and hands over."""

    def __init__(
        self,
        review: InterviewReview,
        cursor: Cursor,
        page: ReviewPage,
        stage: Stage,
        *,
        search: Callable[[InterviewSummary], bool],
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
        """Hand the interview to the data officer; first search what nobody has searched yet."""
        review = self._review
        is_unsearched = review.mentions is None and bool(review.turns)
        if (review.is_stale or is_unsearched) and review.summary is not None:
            self._is_waiting = self._search(review.summary)
            if self._is_waiting:
                what = "It is" if is_unsearched else "Your corrections are"
                self._page.describe(f"{what} searched first, then it goes to the data officer.")
            return
        if review.undecided_count:
            self._show_undecided()
            self._page.describe(
                f"{review.undecided_count} to decide before it can go to the data "
                "officer. Here is one."
            )
            return
        self._stage.try_change(self._cursor.keep_looked_at)

        def make_ready() -> None:
            from anonymise import write_clean_transcript

            write_clean_transcript(review.interview)  # for officers who read nothing else
            review.progress = mark_review_ready(review.interview)
            review.refresh_summary()

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual's callback
            if wanted and self._stage.try_change(make_ready):
                self._page.describe(with_keys(_HANDED_ON))

        self._stage.ask(QuestionDialog(self._question()), answered)

    def forget_old(self) -> None:
        """No longer say that it is with the officer, where it is not any more."""
        summary = self._review.summary
        is_there = summary is not None and summary.state is InterviewState.READY
        if not is_there and self._page.said == with_keys(_HANDED_ON):
            self._page.describe()

    def go_on(self) -> None:
        """Continue a hand-over that waited for its search, now that no work runs."""
        if self._is_waiting:
            self._is_waiting = False
            if not self._review.is_stale and self._review.mentions is not None:
                self.action_ready()

    def _question(self) -> str:
        left = len(self._review.turns) - self._review.looked_at_count
        turns = format_count(left, "turn was", "turns were")
        unseen = f" {turns} never looked at." if left else ""
        weak = sum(len(find_weak_words(turn)) for turn in self._review.turns)
        words = f" The model was unsure of {format_count(weak, 'word')}." if weak else ""
        doubtful = format_count(self._review.doubtful_turns, "turn")
        doubts = f" {doubtful} to check." if self._review.doubtful_turns else ""
        objected = "".join(f"{one}\n\n" for one in self._tell_unanswered())
        from app import describe_possible_joins  # it loads what makes replacements agree

        may_be = explain_joins(describe_possible_joins(self._review.interview))
        joins = "".join(f"{one}\n\n" for one in may_be)
        return f"{objected}{joins}Hand this interview to the data officer?{unseen}{doubts}{words}"

    def _tell_unanswered(self) -> list[str]:
        """Say which objections of the officer nothing has answered, a sentence for each kind."""
        from anonymise import draft_clean_transcript

        interview = self._review.interview
        told: list[str] = []
        if same := [one.reason for one in list_repeated_decisions(interview)]:
            told.append(f"Objected to, and decided as before: {join_reasons(same)}")
        if self._review.turn_objections:
            draft = draft_clean_transcript(interview)
            clean = (
                draft.transcript
                if draft
                else interview.read_artefact(ArtefactKind.CLEAN, Transcript)
            )
            numbers = TurnNumbers(turn.key for turn in self._review.turns)
            if same := [
                f"turn {numbers.show_turn(one.turn)}: {one.reason}"
                for one in list_unchanged_turns(interview, clean)
            ]:
                told.append(f"Objected to, and unchanged: {join_reasons(same)}")
        return told
