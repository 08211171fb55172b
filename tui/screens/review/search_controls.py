"""The search keys of the review: words, doubts, long pauses."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from app import InterviewReview, format_count
from study import (
    UNSURE,
    CorrectedTranscript,
    MarkKind,
    TextMatch,
    Turn,
    find_text,
    find_weak_words,
)
from tui.key_names import with_keys
from tui.screens.prompts import TextPrompt
from tui.screens.review.cursor import Cursor
from tui.screens.review.review_page import ReviewPage
from tui.screens.stage import Stage

_LONG_PAUSE_S = 3.0  # as long as transcription conventions write a pause out in seconds


_FOUND = "{interview.next_find} next, {interview.previous_find} previous, {interview.edit} edits."
_DOUBTED = "{interview.edit}: correct, {interview.settle}: right, {interview.next_doubt}: next."
_NONE_LEFT = "The model was sure of every word here. Sure words can be wrong too: listen."
_ONE_SPEAKER = (
    "All turns have one speaker, so this goes by turns. {interview.voices} tells voices apart."
)
_ROUND = {1: "Back at the first.", -1: "Back at the last."}
_WHOLE_TURN = -1  # the character of a doubt about a turn: before all of its words


class _Doubt(NamedTuple):
    """A weak word, by its characters, or a doubt about the whole turn."""

    start: int
    end: int
    probability: float


def _list_doubts(turn: Turn) -> list[_Doubt]:
    weak = [_Doubt(*one) for one in find_weak_words(turn)]
    reasons = {flag.kind for flag in turn.flags if flag.is_doubt}
    if weak:
        reasons.discard(UNSURE.kind)  # the weak words are the reason
    return [_Doubt(_WHOLE_TURN, 0, 0.0)] * bool(reasons) + weak


class SearchControls:
    """Goes from one place to the next, round the end if need be."""

    def __init__(
        self, review: InterviewReview, cursor: Cursor, page: ReviewPage, stage: Stage
    ) -> None:
        self._review, self._cursor, self._page, self._stage = review, cursor, page, stage
        self._sought = ""
        self._searched: tuple[str, int] | None = None  # what was looked for, after how many edits
        self._finds: list[TextMatch] = []
        self._places: list[tuple[int, int]] = []  # of the finds: number of the turn, character
        self._last: tuple[int, int] | None = None  # the place gone to last
        self._counted: dict[int, tuple[Turn, int]] = {}  # doubts of turns as they were, by key
        self._doubts: tuple[Sequence[Turn], int] = ((), 0)  # of these turns, all together

    def action_find(self) -> None:
        """Ask for words, and go to the next place that has them."""

        def answered(wanted: str | None) -> None:
            if wanted:
                self._sought = wanted
                self.action_step_find(1)

        hint = with_keys(
            "Enter searches, also inside words. Then {interview.next_find} goes on, "
            "{interview.previous_find} back."
        )
        self._stage.ask(TextPrompt("Find", value=self._sought, hint=hint), answered)

    def action_step_find(self, by: int) -> None:
        """Go to the next place that has the words."""
        pen = self._review.corrections
        if pen is None:
            return
        if not self._sought:
            self.action_find()
            return
        wanted = (self._sought, pen.state.edits)
        if wanted != self._searched:
            self._searched = wanted
            self._search(pen.state)
        if not self._finds:
            self._page.describe("Not found in this interview.")
            return
        at = self._next(self._places, by)
        find = self._finds[at]
        self._cursor.choose_found(find)
        self._last = self._places[at]
        self._page.describe(f"Place {at + 1} of {len(self._finds)}. {with_keys(_FOUND)}")

    def action_step_doubt(self, by: int) -> None:
        """Go to the next weak word, or turn that is doubted for another reason."""
        turns, number = self._review.turns, self._cursor.number
        # Without a place in this turn yet, its weak words come next and what lies before it last.
        at = self._last[1] if self._last and self._last[0] == number else _WHOLE_TURN
        here = max(0, number)
        for step in range(len(turns) + 1):
            turn = turns[(here + by * step) % len(turns)]
            doubts = _list_doubts(turn)[::by]
            if step == 0 and number >= 0:
                doubts = [doubt for doubt in doubts if by * (doubt.start - at) > 0]
            if doubts:
                is_round = not 0 <= here + by * step < len(turns) or step == len(turns)
                self._go_to_doubt(turn, doubts[0])
                if is_round:
                    self._page.describe(f"{_ROUND[by]} {self._page.said}".strip())
                return
        self._page.describe(_NONE_LEFT)

    def go_on_from(self, said: str) -> None:
        """Go to the next doubt, where one is left; ``said``: what was done about the last."""
        if self.has_doubts():
            self.action_step_doubt(1)
            self._page.describe(f"{said} {self._page.said}".strip())
        else:
            self._page.describe(f"{said} Nothing is left to check.")

    def _go_to_doubt(self, turn: Turn, doubt: _Doubt) -> None:
        if doubt.start == _WHOLE_TURN:
            self._cursor.forget_words()
            self._cursor.go_to_turn(turn.key)
            self._page.describe()
        else:
            words = turn.text[doubt.start : doubt.end]
            self._cursor.choose_found(TextMatch(turn.key, -1, doubt.start, doubt.end, words))
            sure = f"{doubt.probability:.0%} sure of this word."
            places = format_count(self._count_doubts(), "place")
            self._page.describe(f"{places} to check: {sure} {with_keys(_DOUBTED)}")
        self._last = (self._cursor.number, doubt.start)

    def has_doubts(self) -> bool:
        """Whether anything is left to check."""
        return self._count_doubts() > 0

    def _count_doubts(self) -> int:
        """Count what is left to check; anew only after an edit, and only in the turns it changed.

        The keys that help are chosen at each move of the cursor, and depend on this.
        """
        turns = self._review.turns
        if self._doubts[0] is not turns:
            self._doubts = turns, sum(map(self._count_doubts_of, turns))
        return self._doubts[1]

    def _count_doubts_of(self, turn: Turn) -> int:
        known = self._counted.get(turn.key)
        if known is None or known[0] is not turn:
            known = self._counted[turn.key] = turn, len(_list_doubts(turn))
        return known[1]

    def action_step_voice(self, by: int) -> None:
        """Go to the next turn that somebody else speaks; where no voices are told apart, by turns.

        A turn begins where somebody else may speak: after a pause, or when a sentence has ended.
        """
        turn = self._cursor.turn
        if turn is None:
            return
        spoken, turns = turn.speaker, self._review.turns
        if any(one.speaker != spoken for one in turns):
            self._step_turn(by, lambda one: one.speaker != spoken, "")
        elif len(turns) > 1:
            self._step_turn(by, lambda _: True, "")
            self._page.describe(with_keys(_ONE_SPEAKER))
        else:
            self._page.describe("Nobody else speaks here.")

    def action_step_pause(self, by: int) -> None:
        """Go to the turn after the next long pause."""
        after = self._pauses()
        self._step_turn(by, lambda turn: turn.key in after, "There is no long pause.")
        turn = self._cursor.turn
        if turn is not None and turn.key in after:
            self._page.describe(f"A pause of {after[turn.key]:.1f} s before this turn.")

    def _search(self, state: CorrectedTranscript) -> None:
        number = {turn.key: n for n, turn in enumerate(state.turns)}
        self._finds = [find for find in find_text(state, self._sought) if find.event < 0]
        self._places = [(number[find.turn], find.start) for find in self._finds]

    def _next(self, places: Sequence[tuple[int, int]], by: int) -> int:
        number, last = max(0, self._cursor.number), self._last
        here = last if last and last[0] == number else (number, -1 if by > 0 else 1)
        if by > 0:
            return bisect_right(places, here) % len(places)
        return (bisect_left(places, here) - 1) % len(places)

    def _pauses(self) -> dict[int, float]:
        """Return by each turn that follows a long pause how long that is, in seconds."""
        turns = self._review.turns
        after = {
            b.key: b.start_s - a.end_s
            for a, b in pairwise(turns)
            if b.start_s - a.end_s >= _LONG_PAUSE_S
        }
        starts = [turn.start_s for turn in turns]
        for event in self._review.events:
            number = bisect_left(starts, event.at_s)
            if event.kind == MarkKind.SILENCE and number < len(starts):
                after[turns[number].key] = event.length_s
        return after

    def _step_turn(self, by: int, is_wanted: Callable[[Turn], bool], nothing: str) -> None:
        turns, number = self._review.turns, self._cursor.number
        ring = ((number + by * step) % len(turns) for step in range(1, len(turns) + 1))
        found = next((n for n in ring if is_wanted(turns[n])), None)
        if found is None:
            self._page.describe(nothing)
            return
        self._cursor.forget_words()
        self._cursor.go_to_turn(turns[found].key)
        self._page.describe()
