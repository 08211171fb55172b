"""Deciding about mentions: one key each, one or all alike, and every one is kept at once."""

from __future__ import annotations

from bisect import bisect_left

from textual import on
from textual.widgets import Input

from study.terms import Category, Verdict
from tui.screens.asking import Chosen
from tui.screens.review.going import Going
from tui.widgets import wording
from tui.widgets.detail import Detail, ReplacementField


class Deciding(Going):
    """Decisions."""

    def __init__(self, interview: str) -> None:
        super().__init__(interview)
        self._made: list[tuple[str, ...]] = []  # decisions made here, to be taken back in turn

    def action_step(self, by: int) -> None:
        """Go to the mention that many further on."""
        count = len(self.decided)
        if not count:
            return
        at = self.view.cursor
        if at < 0:
            at = self._before_turn() + (1 if by > 0 else 0) - by
        self._go_to(max(0, min(count - 1, at + by)))

    def action_step_undecided(self, by: int) -> None:
        """Go to the next mention without a decision, round the end if need be."""
        found = self._undecided_from(self.view.cursor, by)
        if found is not None:
            self._go_to(found)
        elif self.decided:
            self.describe("Every mention is decided.")

    def action_decide(self, verdict: str, alike: bool) -> None:  # noqa: FBT001 - from the table
        """Decide about the current mention, or all like it."""
        self._decide(Verdict(verdict), alike=alike)

    def action_change(self) -> None:
        """Open the field for another replacement."""
        current = self.current
        if current is not None and self.review is not None:
            original = self.review.original(self.view.cursor)
            self.query_one(Detail).ask(original, current.replacement)

    def action_undo(self) -> None:
        """Take back the decision about the current mention, or else the last one made."""
        from anonymise import deciding

        current = self.current
        last = self._made[-1] if self._made else ()
        if current is not None and current.decision and current.mention.key not in last:
            meant: tuple[str, ...] = (current.mention.key,)
        else:
            meant = self._made.pop() if self._made else ()
        undone: list[str] = []

        def undo() -> None:
            made = deciding.undo(self.earshot.study, self.interview, *meant)
            undone.extend(decision.mention for decision in made)

        if not self.attempt(undo):
            return
        self._reread()
        if not undone:
            self.describe("There is nothing to undo.")
            return
        places = [i for i, d in enumerate(self.decided) if d.mention.key in undone]
        told = f"{wording.counted(len(undone), 'mention')} undone."
        self._go_to(places[0] if places else self.view.cursor, told)

    def action_mention(self) -> None:
        """Ask what kind of detail the chosen words are, and add them as a mention."""
        turn, words = self.turn, self.pointed_words()
        if turn is None or words is None:
            self.describe("Choose the words first: ← → and v.")
            return
        if self.review is None or self.review.mentions is None:
            self.describe("Press M first, to look for identifying details.")
            return
        kinds = list(Category)

        def add(number: int | None) -> None:
            if number is not None:
                self._add(turn.key, words, kinds[number])

        question = f"What is “{turn.text[words[0] : words[1]]}”?"
        self.earshot.push_screen(Chosen(question, [kind.value for kind in kinds]), add)

    def _add(self, turn: int, words: tuple[int, int], category: Category) -> None:
        from anonymise import deciding

        review = self.review
        if review is None or review.mentions is None:
            return
        if not review.is_searched(turn):
            kind = review.mentions.transcript.kind
            self.describe(f"This turn was corrected since the {kind} was searched: press M first.")
            return

        def add() -> None:
            deciding.add(self.earshot.study, self.interview, turn, *words, category)

        if self.attempt(add):
            self.forget_words()
            self.refresh_study()
            places = [
                n for n, d in enumerate(self.decided)
                if d.mention.turn == turn and d.mention.start <= words[0] < d.mention.end
            ]  # fmt: skip
            if places:
                self._go_to(places[0])
            self.describe("Mention added, and replaced.")

    @on(Input.Submitted, "#replacement")
    def _replace(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        if not typed:
            self.describe("Type something, or press Esc.")
            return
        self._stop_typing()
        self._decide(Verdict.CHANGED, replacement=typed)

    @on(ReplacementField.GivenUp)
    def _stop_typing(self) -> None:
        self.set_focus(self.view)
        self.query_one(Detail).close()
        self.describe()

    def _decide(self, verdict: Verdict, *, replacement: str = "", alike: bool = False) -> None:
        from anonymise import deciding

        current = self.current
        if current is None:
            return
        made: list[str] = []

        def decide() -> None:
            decisions = deciding.decide(
                self.earshot.study,
                self.interview,
                current.mention.key,
                verdict,
                replacement=replacement,
                alike=alike,
            )
            made.extend(decision.mention for decision in decisions)

        if not self.attempt(decide):
            return
        self._reread()
        self._made.append(tuple(made))
        following = self._undecided_from(self.view.cursor, 1)
        told = f"{wording.counted(len(made), 'mention')} {verdict.value}."
        if following is not None:
            self._go_to(following, told)
            return
        if self.review is not None:
            self.attempt(self.review.look_up)
            told += " That was the last: h hands it on."
        self.describe(told)

    def _reread(self) -> None:
        """Read the decisions again, and draw the turns anew in which one changed."""
        review = self.review
        if review is None:
            return
        changed: list[int] | None = None

        def read() -> None:
            nonlocal changed
            changed = review.decided_again()

        if not self.attempt(read):
            return
        if changed is None:
            self.show_all()
        else:
            self.view.redecide(self.decided, changed)
            self.later()

    def _undecided_from(self, at: int, by: int) -> int | None:
        count = len(self.decided)
        if at < 0:
            at = self._before_turn() + (0 if by > 0 else 1)
        ring = ((at + by * step) % count for step in range(1, count + 1))
        return next((place for place in ring if self.decided[place].decision is None), None)

    def _before_turn(self) -> int:
        """Return the place of the last mention before the turn under the cursor, -1 for none."""
        review, turn = self.review, self.turn
        if review is None or turn is None:
            return -1
        here = review.number(turn.key)
        return bisect_left(self.decided, here, key=lambda d: review.number(d.mention.turn)) - 1

    def _go_to(self, place: int, told: str = "") -> None:
        self.forget_words()
        if 0 <= place < len(self.decided):
            self.note_looked_at(self.decided[place].mention.turn)
        self.view.point_at(place)
        self.describe(told)
