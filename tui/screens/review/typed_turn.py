"""The turn open for typing, in a field over its own place; the text is stored by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.timer import Timer

from app import InterviewReview, WordCorrection, find_correction, is_signed, tell_apart
from study import ArtefactKind, sanitise_text
from study.store import TranscriptEditor
from tui.key_names import with_keys
from tui.screens.dialogs import QuestionDialog
from tui.screens.prompts import ChoicePrompt
from tui.screens.review.cursor import Cursor
from tui.screens.review.review_page import ReviewPage
from tui.screens.review.review_widgets import ReviewWidgets
from tui.screens.review.turn_edits import TurnEdits
from tui.screens.stage import Stage

_VOIDS = "Kept. This takes back a sign-off made meanwhile: {interview.ready} sends it again."
_NOT_KEPT = "! Not saved yet: {typing.done} tries again, Ctrl-Z undoes your typing."
_CHANGED_ELSEWHERE = (
    "! Not saved yet: somebody else changed this turn. {typing.done} asks which text to keep."
)
_TAKEN_AWAY = (
    "! Not saved yet: somebody else took this turn away. {typing.done} asks which text to keep."
)
_WHICH_STANDS = "Somebody else {} while you typed. Which text should be kept?"
_CANNOT_RETURN = " More was changed after that, so the turn cannot come back from here."
_KEPT_AFTER_S = 0.4  # of no key: what was typed is in the study then; our choice


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """What another program made of the turn that is typed in here.

    texts: of the turn as it stands, and of the turns that were split off it since; none where it is
    gone. joined: the text of the turn that its words went to.
    """

    texts: tuple[str, ...] = ()
    joined: str = ""

    @property
    def deed(self) -> str:
        """What was done to the turn, as the middle of a sentence."""
        if self.joined:
            return "joined this turn with another"
        if not self.texts:
            return "removed this turn"
        return "changed this turn" if len(self.texts) == 1 else "split this turn"

    @property
    def told(self) -> str:
        """What was done to the turn, as a sentence."""
        left = ": it is as they left it" if self.texts else ""
        return f"Somebody else {self.deed}{left}."

    @property
    def option(self) -> str:
        """The text that stands, as a line of the question."""
        if self.joined:
            return f"theirs, joined: {self.joined}"
        if not self.texts:
            return "theirs: the turn stays removed"
        several = f", in {len(self.texts)} turns" if len(self.texts) > 1 else ""
        return f"theirs{several}: {' / '.join(self.texts)}"


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
        show_others: Callable[[], object],
    ) -> None:
        """Prepare.

        offer_twins: offers to look for what was heard as wrongly elsewhere; returns the sentence.
        show_others: shows at once what another program changed.
        """
        self._show_others = show_others
        self._parts: frozenset[int] = frozenset()  # turns that were split off it before it opened
        self._offer_twins, self._opened_with = offer_twins, ""
        self._selected = (0, 0)  # the characters of that text that typing replaces
        self._review, self._cursor, self._page = review, cursor, page
        self._view, self._editor = widgets.view, widgets.editor
        self._edits, self._stage = edits, stage
        self._goes_on = False  # whether what is typed next belongs to what was typed last
        self._stands = ""  # the turn's text in the study, as it was read or written here last
        self._wanted = ""  # what the field showed then
        self._keeping: Timer | None = None
        self._signed = 0  # the newest ruling of an officer, as it was known last
        self._voids = False  # whether what is typed made a sign-off void that came meanwhile

    def open(self, key: int, start: int, end: int) -> None:
        """Open a turn with these characters selected: typing replaces them."""
        turn = self._review.find_turn(key)
        if turn is None:
            return
        self._cursor.typed_in, self._goes_on = key, False
        self._stands, self._parts = turn.text, self._list_parts(key)
        self._signed, self._voids = self._find_ruling(), False
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
        other, is_new = self._read_elsewhere(key), self._is_new
        if other is not None and is_new:
            self._ask_which(key, other, by)
            return
        if not self.keep():
            return
        is_empty = not self._editor.text.strip()
        self._close()
        if is_empty:
            self.ask_to_remove(key)
        elif by:
            self._cursor.go_by(by)
            turn = self._cursor.turn
            if self._view.turn not in {None, key}:
                at = 0 if by > 0 or turn is None else len(turn.text)
                self.open(self._view.turn or 0, at, at)
                return
        if other is not None:
            self._page.describe(other.told)
        else:
            kept = with_keys(_VOIDS) if self._voids else "Kept."
            self._page.describe(kept + self._offer(key) if self._goes_on else "")

    def _find_ruling(self) -> int:
        return self._review.interview.find_newest_version(ArtefactKind.SIGNED)

    def _note_sign_off(self) -> bool:
        """Whether somebody signed the interview off since the turn was opened."""
        newest = self._find_ruling()
        if newest == self._signed:
            return False
        self._signed = newest
        self._review.refresh_summary()
        return self._review.summary is not None and is_signed(self._review.summary)

    def _close(self) -> None:
        """Close the field, and show what another program changed meanwhile."""
        self._forget_timer()
        self._cursor.typed_in = None
        self._stage.set_focus(self._view)  # at once: the next key may be on its way already
        self._editor.close()
        self._view.release_rows()
        self._show_others()

    def _offer(self, key: int) -> str:
        """Offer to correct what was heard as wrongly elsewhere, where words were corrected."""
        turn = self._review.find_turn(key)
        correction = find_correction(self._opened_with, turn.text) if turn else None
        return f" {self._offer_twins(correction)}" if correction else ""

    @property
    def _is_new(self) -> bool:
        """Whether the field has another text than the study got or gave last."""
        return self._editor.text != self._wanted

    def _list_parts(self, key: int) -> frozenset[int]:
        """Return the turns to which words of a turn went, by a split or a join."""
        pen = self._review.corrections
        return frozenset(pen.state.trace_turns().get(key, ()) if pen is not None else ())

    def _read_elsewhere(self, key: int) -> _Elsewhere | None:
        """Return what another program made of the turn, None where its text is the same."""
        pen = self._review.corrections
        if pen is None:
            return None
        pen.catch_up()
        turn = pen.state.find_turn(key)
        if turn is not None and turn.text == self._stands:
            return None
        parts = [
            part.text
            for one in sorted(self._list_parts(key) - self._parts)
            if (part := pen.state.find_turn(one)) is not None
        ]
        if turn is None:
            return _Elsewhere(joined=parts[0] if parts else "")
        return _Elsewhere((turn.text, *parts))

    def _can_turn_back(self, key: int) -> bool:
        """Whether what was done last to the transcript is what was done to this turn."""
        pen = self._review.corrections
        last = pen.state.last_edit if pen is not None else None
        return last is not None and key in last.changed_keys

    def _ask_which(self, key: int, other: _Elsewhere, by: int) -> None:
        """Ask which text of a turn stands, where somebody else has changed it meanwhile."""
        is_whole = len(other.texts) == 1
        can_return = self._can_turn_back(key)

        def answered(number: int | None) -> None:
            if number is None or self._cursor.typed_in != key:
                return  # back to typing
            is_own = number == 0 and len(options) > 1
            if is_own and not is_whole and can_return:
                self._edits.make(lambda pen: pen.undo())
            turn = self._review.find_turn(key)
            if turn is None:
                self._close()
                self._page.describe(other.told)
                return
            if not is_own:
                self._editor.load_text(sanitise_text(turn.text))
                self._wanted = self._editor.text
            self._stands = turn.text
            self.action_finish(by)

        own = self._editor.text.strip() or "no words"
        if is_whole:
            own, theirs = tell_apart(own, other.texts[0])
            other = _Elsewhere((theirs,))
        options = [other.option]
        question = _WHICH_STANDS.format(other.deed)
        if other.texts or can_return:
            options.insert(0, f"yours: {own}")
        else:
            question += _CANNOT_RETURN
        self._stage.ask(ChoicePrompt(question, options), answered)

    def follow_others(self) -> None:
        """Show in the open field what another program made of the turn, while nothing is typed.

        The field stays open where the turn is gone: what somebody types next is never a command.
        """
        key = self._cursor.typed_in
        if key is None or self._is_new:
            return
        other = self._read_elsewhere(key)
        if other is None:
            return
        if other.texts:
            self._stands, self._parts = other.texts[0], self._list_parts(key)
            self._goes_on, self._opened_with, self._selected = False, self._stands, (0, 0)
            place = self._editor.cursor_location
            self._editor.load_text(sanitise_text(self._stands))
            self._editor.move_cursor(place)  # as near as the text goes
            self._wanted = self._editor.text
            self.lay_over()
        self._page.describe(other.told)

    def finish_at(self) -> tuple[int, int] | None:
        """Leave the turn; return its key and at which character the cursor was.

        None where no turn was open, or what was typed could not be kept.
        """
        key, at = self._cursor.typed_in, self._editor.at
        self.action_finish(0)
        return None if key is None or self._editor.is_typing else (key, at)

    def ask_to_remove(self, key: int) -> None:
        """Remove a turn, after asking."""
        asked_of = self._review.find_turn(key)

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual's callback
            if wanted and asked_of is not None and self._edits.stands(asked_of):
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
        other = self._read_elsewhere(key)
        if other is not None:
            self._page.describe(with_keys(_CHANGED_ELSEWHERE if other.texts else _TAKEN_AWAY))
            return False
        is_written = False

        def write(pen: TranscriptEditor) -> frozenset[int]:
            nonlocal is_written
            is_signed_now = self._note_sign_off()
            over = self._selected if was == self._opened_with else (0, 0)
            touched = pen.set_text(key, text, goes_on=self._goes_on, was=was, over=over)
            is_written = True
            self._voids = self._voids or (is_signed_now and bool(touched))
            return touched

        if self._edits.make(write):
            self._goes_on = True
        if is_written:
            turn = self._review.find_turn(key)
            self._wanted, self._stands = text, turn.text if turn else text
        kept = _VOIDS if self._voids else "✓ kept"
        self._page.describe(with_keys(kept if is_written else _NOT_KEPT))
        return is_written
