"""Correcting words, turns, speakers and headings; every edit is kept without a key for it."""

from __future__ import annotations

from textual import on
from textual.timer import Timer
from textual.widgets import TextArea

from anonymise import cleaning
from study import progress
from study.artefacts import Summary
from study.correcting import Correcting as Pen
from study.correcting import Scope
from study.events import told
from study.terms import MarkKind
from tui.screens.asking import Chosen, Typed
from tui.screens.dialog import Asked
from tui.screens.replace import ReplaceScreen
from tui.screens.review.deciding import Deciding
from tui.widgets import wording
from tui.widgets.editor import TurnEditor
from tui.widgets.transcript import TranscriptView

_NOT_KEPT = "! Not kept yet: Esc tries again, Ctrl-Z takes back what you typed."
_KEPT_AFTER_S = 0.4  # of no key: what was typed is in the study then; our choice


class Correcting(Deciding):
    """Edits."""

    def __init__(self, interview: str) -> None:
        super().__init__(interview)
        self._typed_in: int | None = None  # the turn that is open
        self._goes_on = False  # whether what is typed next belongs to what was typed last
        self._keeping: Timer | None = None
        self._hands_on = False  # once what was corrected has been searched

    def refresh_study(self) -> None:
        """Read everything again; hand on what was searched for that."""
        super().refresh_study()
        if self._hands_on and self.earshot.work is None and self.is_current:
            self._hands_on = False
            if self.review is not None and not self.review.is_stale:
                self.action_ready()

    def action_enter(self) -> None:
        """Open the turn under the cursor, or stay where the list or the timeline points to."""
        if self.mode:
            self.take_mode()
            return
        turn, words = self.turn, self.pointed_words()
        if turn is None:
            return
        self.forget_words()
        self._open(turn.key, *(words or (0, 0)))

    def action_finish(self, by: int) -> None:
        """Leave the turn that is open; ``by`` goes on to the turn before (-1) or after (1)."""
        if self._typed_in is None or not self._keep():
            return
        empty = not self.editor.text.strip()
        key, self._typed_in = self._typed_in, None
        self.set_focus(self.view)  # at once: the next key may be on its way already
        self.editor.close()
        self.view.release()
        if empty:
            self._ask_to_remove(key)
        elif by:
            self._go_by(by)
            if self.view.turn not in {None, key}:
                at = 0 if by > 0 or self.turn is None else len(self.turn.text)
                self._open(self.view.turn or 0, at, at)
                return
        self.describe("Kept." if self._goes_on else "")

    def action_split(self) -> None:
        """Begin a new turn at the chosen word, or at the cursor while typing."""
        key, words = self.view.turn, self.pointed_words()
        at = words[0] if words else 0
        if self._typed_in is not None:
            key, at = self._typed_in, self.editor.at
            self.action_finish(0)
            if self.editor.is_typing:
                return
        elif words is None:
            self.describe("Choose the word that begins the new turn first: ← →.")
            return
        if key is None:
            return
        self.forget_words()
        made = self.edit(lambda pen: pen.split(key, at))
        if made:
            self.go_to_turn(max(made))
            self.describe("Turn split.")

    def action_join(self) -> None:
        """Make one turn of this and the next."""
        key = self.view.turn
        if key is not None and self.edit(lambda pen: pen.join(key)):
            self.describe("Turns joined.")

    def action_remove(self) -> None:
        """Remove the turn under the cursor, after asking."""
        if self.view.turn is not None:
            self._ask_to_remove(self.view.turn)

    def action_speaker(self, number: int) -> None:
        """Say that the speaker of this number spoke the turn."""
        speakers = self.review.speakers if self.review else []
        key = self.view.turn
        if key is None or number > len(speakers):
            self.describe(f"There is no speaker {number}: S names another.")
            return
        self._set_speaker(key, speakers[number - 1], Scope.ONE)

    def action_speaker_menu(self) -> None:
        """Ask who spoke, and of which turns."""
        speakers = self.review.speakers if self.review else []
        key = self.view.turn
        if key is None:
            return

        def scoped(code: str) -> None:
            def take(chosen: int | None) -> None:
                if chosen is not None:
                    self._set_speaker(key, code, list(Scope)[chosen])

            scopes = [scope.value for scope in Scope]
            self.earshot.push_screen(Chosen(f"{code} speaks …", scopes), take)

        def named(code: str | None) -> None:
            if code:
                scoped(code)

        def who(chosen: int | None) -> None:
            if chosen is None:
                return
            if chosen < len(speakers):
                scoped(speakers[chosen])
            else:
                hint = "A code such as S1 or P08. Never a name."
                self.earshot.push_screen(Typed("Who speaks?", hint=hint), named)

        self.earshot.push_screen(Chosen("Who speaks?", [*speakers, "somebody else …"]), who)

    def action_settle(self) -> None:
        """Settle the doubt about the turn."""
        key = self.view.turn
        if key is not None:
            done = self.edit(lambda pen: pen.settle_doubt(key))
            self.describe("Doubt settled." if done else "This turn is not doubtful.")

    def action_undo_edit(self) -> None:
        """Take the last correction back."""
        act = self.review.pen.state.undoable if self.review and self.review.pen else None
        touched = self.edit(lambda pen: pen.undo())
        self._after_turning_back(touched, f"Undone: {act.value}." if act else "")

    def action_redo_edit(self) -> None:
        """Do again what was taken back last."""
        act = self.review.pen.state.redoable if self.review and self.review.pen else None
        touched = self.edit(lambda pen: pen.redo())
        self._after_turning_back(touched, f"Done again: {act.value}." if act else "")

    def action_headings(self) -> None:
        """Ask which heading to correct, and how."""
        events = list(enumerate(self.review.headings)) if self.review else []
        topics = [(n, event) for n, event in events if event.kind == MarkKind.TOPIC]
        if not topics:
            self.describe("There is no heading in this interview.")
            return

        def chosen(number: int | None) -> None:
            if number is None:
                return
            place, event = topics[number]

            def typed(text: str | None) -> None:
                if text is not None:
                    self.edit(lambda pen: pen.set_note(place, text))
                    self.describe("Heading corrected.")

            self.earshot.push_screen(
                Typed(
                    "What is the heading?",
                    value=event.note,
                    hint="Enter keeps it, Escape leaves it as it was.",
                    replaces=False,
                ),
                typed,
            )

        self.earshot.push_screen(Chosen("Which heading?", [told(e) for _, e in topics]), chosen)

    def action_replace(self) -> None:
        """Find and replace, here or through the study."""

        def done(count: int | None) -> None:
            self.refresh_study()
            if count:
                self.describe(f"{count} replaced. z takes it back, in each interview.")

        if self.review is not None and self.review.pen is not None:
            self.earshot.push_screen(ReplaceScreen(self.earshot.study, self.review.interview), done)

    def action_ready(self) -> None:
        """Hand the interview to the data officer; first search what was corrected since."""
        review = self.review
        if review is None:
            return
        if review.is_stale:
            self._search_first(review.summary)
            return
        if review.undecided:
            self.action_step_undecided(1)
            self.describe(f"{review.undecided} to decide before it can be handed on: this is one.")
            return
        self.keep_looked_at()

        def make_ready() -> None:
            cleaning.clean(review.study, review.interview)  # for officers who read nothing else
            review.progress = progress.make_ready(review.study, review.interview)
            review.look_up()

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual's callback
            if wanted and self.attempt(make_ready):
                self.describe("Handed on; a change takes it back. Esc: the list. H: the check.")

        left = len(review.turns) - review.looked_at
        turns = wording.counted(left, "turn was", "turns were")
        unseen = f" {turns} never looked at." if left else ""
        doubtful = wording.counted(review.doubtful, "turn is", "turns are")
        doubts = f" {doubtful} doubtful." if review.doubtful else ""
        question = f"Hand this interview to the data officer?{unseen}{doubts}"
        self.earshot.push_screen(Asked(question), answered)

    def _search_first(self, summary: Summary) -> None:
        self.earshot.begin_work("anonymise", summary)
        self._hands_on = self.earshot.work is not None
        if self._hands_on:
            self.describe("Your corrections are searched first; then it is handed on.")

    @on(TextArea.Changed)
    def _typed(self) -> None:
        if self._typed_in is None or not (self.editor.is_changed or self._goes_on):
            return
        self._lay_over()
        if self._keeping is not None:
            self._keeping.stop()
        self._keeping = self.set_timer(_KEPT_AFTER_S, self._keep)
        self.describe("…")

    @on(TurnEditor.Beyond)
    def _beyond(self, message: TurnEditor.Beyond) -> None:
        self.action_finish(message.by)

    @on(TranscriptView.Moved)
    @on(TurnEditor.Wrapped)
    def _lay_over(self) -> None:
        """Draw the field over its turn, wherever that is now."""
        if self._typed_in is None:
            return
        editor, view = self.editor, self.view
        region = view.place_of(self._typed_in)
        editor.styles.width = region.width
        rows = min(editor.rows, max(1, view.scrollable_content_region.height - 2))
        view.hold(self._typed_in, rows)
        region = view.place_of(self._typed_in)
        corner = view.scrollable_content_region.offset
        editor.styles.height = rows
        editor.styles.offset = (
            corner.x - view.region.x + region.x,
            corner.y - view.region.y + region.y,
        )

    def _open(self, key: int, start: int, end: int) -> None:
        turn = self.review.turn(key) if self.review else None
        if turn is None:
            return
        self._typed_in, self._goes_on = key, False
        self.view.hear(key, 0, 0)
        self.editor.styles.width = self.view.place_of(key).width
        self.editor.open(turn.text, start, end)
        self.view.go_to(key, self.view.cursor)
        self._lay_over()
        self.call_after_refresh(self._lay_over)
        self.describe("Typing: all you type is kept. Esc leaves the turn.")

    def _keep(self) -> bool:
        """Write what was typed so far; False where it was refused, and is in the field alone."""
        if self._keeping is not None:
            self._keeping.stop()
            self._keeping = None
        key, text = self._typed_in, self.editor.text
        if key is None or (not self.editor.is_changed and not self._goes_on) or not text.strip():
            return True
        is_written = False

        def write(pen: Pen) -> frozenset[int]:
            nonlocal is_written
            touched = pen.set_text(key, text, goes_on=self._goes_on)
            is_written = True
            return touched

        if self.edit(write):
            self._goes_on = True
        self.describe("✓ kept" if is_written else _NOT_KEPT)
        return is_written

    def _ask_to_remove(self, key: int) -> None:
        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual's callback
            if wanted:
                self._go_by(1 if self.turns[-1].key != key else -1)
                self.edit(lambda pen: pen.remove(key))
                self.describe("Turn removed. z brings it back.")

        self.earshot.push_screen(Asked("Remove this turn, because nobody said it?"), answered)

    def _set_speaker(self, key: int, code: str, scope: Scope) -> None:
        changed = self.edit(lambda pen: pen.set_speaker(key, code, scope))
        self.describe(f"{code} speaks: {wording.counted(len(changed), 'turn')} changed.")

    def _after_turning_back(self, touched: frozenset[int], said: str) -> None:
        if not said:
            self.describe("There is nothing to take back or to do again.")
            return
        here = [turn.key for turn in self.turns if turn.key in touched]
        if here and self.view.turn not in here:
            self.go_to_turn(here[0])
        self.describe(said)
