"""One interview under review: read, hear, correct, decide, hand over.

Every edit and every decision is in the study before the next key is read; there is no key that
saves. What each key does lies in ``tui/screens/review``, a small class for each kind of thing;
here they are put together, and told what happens on the screen.
"""

from __future__ import annotations

import contextlib
import importlib
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Input, TextArea

from study import progress
from study.artefacts import Summary
from study.errors import EarshotError
from study.recordings import Sound
from study.store import Study
from tui.commands import Place, bindings
from tui.reviewing import Reviewing
from tui.screens.place import PlaceScreen
from tui.screens.replace import ReplaceScreen
from tui.screens.review.corrections import Corrections
from tui.screens.review.cursor import Cursor
from tui.screens.review.decisions import Decisions
from tui.screens.review.edits import Edits
from tui.screens.review.hand_over import HandOver
from tui.screens.review.navigation import Navigation
from tui.screens.review.page import Page
from tui.screens.review.playback import LibraryLoaded, Playback
from tui.screens.review.search import Search
from tui.screens.review.typed_turn import TypedTurn
from tui.screens.review.widgets import ReviewWidgets
from tui.widgets.detail import ReplacementField
from tui.widgets.editor import TurnEditor
from tui.widgets.keys import KeyLine
from tui.widgets.plain import Plain
from tui.widgets.timeline import Timeline
from tui.widgets.transcript import TranscriptView
from tui.widgets.working import WorkLine

if TYPE_CHECKING:
    from capture.playback import Player

_ABOUT_MENTIONS = {"step", "step_undecided", "decide", "change", "undo", "list"}
_ABOUT_TURNS = {
    "enter", "play", "seek", "speed", "play_turn", "follow", "word", "select", "mention", "split",
    "join", "remove", "speaker", "speaker_menu", "undo_edit", "redo_edit", "headings",
    "step_doubt", "settle", "step_pause", "find", "step_find", "replace", "timeline", "ready",
}  # fmt: skip
_WHILE_TYPING = {"play", "seek", "play_turn", "split", "finish"}
_SOON_S = 0.3  # after the first paint
_KEPT_LOOKS_S = 20.0  # how often it is written down which turns were looked at
_OTHERS_S = 2.0  # how often to look whether another program changed the study


class InterviewScreen(PlaceScreen):
    """The transcript to hear and correct, and the mentions to decide."""

    place: ClassVar[Place] = Place.INTERVIEW
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.INTERVIEW)

    def __init__(self, study: Study, interview: str, turn: int = 0, mention: str = "") -> None:
        """Prepare; the cursor begins at a turn and a mention of it, where their keys are given."""
        super().__init__()
        self.widgets = widgets = ReviewWidgets()
        self._review = review = Reviewing(study, interview)
        self.cursor = cursor = Cursor(review, widgets.view)
        self.page = page = Page(review, cursor, widgets, self)
        if turn or mention:
            page.begin_at = (turn, mention)
        self._navigation = Navigation(review, cursor, page, widgets)
        self._search = Search(review, cursor, page, self)
        self._decisions = Decisions(review, cursor, page, widgets, self, self.refresh_study)
        self._edits = edits = Edits(review, page, self)
        self.typed = TypedTurn(review, cursor, page, widgets, edits, self)
        self._corrections = Corrections(review, cursor, page, edits, self.typed, self)
        self._hand_over = HandOver(
            review,
            cursor,
            page,
            self,
            search=self._begin_search,
            show_undecided=lambda: self._decisions.action_step_undecided(1),
        )
        self.playback = Playback(
            review,
            cursor,
            page,
            widgets,
            self,
            make_player=self._make_player,
        )
        self._pulse = 0  # of the study, when it was read last

    def compose(self) -> ComposeResult:
        """Lay out the heading, the transcript beside what is known of it, and the keys."""
        widgets = self.widgets
        yield widgets.heading
        with Container(id="body"):
            with Container(id="page"):
                yield widgets.view
                yield widgets.editor
            yield widgets.empty
            with Vertical(id="side"):
                yield widgets.detail
                yield widgets.notices
                yield widgets.mentions
        yield Plain("The window is too small: make it larger.", classes="too-small")
        with Horizontal(id="desk-line"):
            yield widgets.player
            yield widgets.progress
        yield widgets.timeline
        yield widgets.status
        yield WorkLine(id="work")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Read the interview; the cursor begins at the first mention that waits."""
        super().on_mount()
        self.refresh_study()
        self.widgets.view.focus()
        self.playback.show_state()
        self.set_timer(_SOON_S, self._prepare_decisions)
        self.set_interval(_KEPT_LOOKS_S, self._keep_looks)
        self.set_interval(_OTHERS_S, self.look_for_others)

    def on_resize(self) -> None:
        """Fill the list of mentions where there is room for it now, once it is laid out."""
        self.call_after_refresh(self.page.show_parts)

    def on_unmount(self) -> None:
        """Fall silent, and close the sound."""
        self.playback.close()

    def chosen(self) -> Summary | None:
        """Return this interview."""
        return self._review.summary if self._review.is_read else None

    def refresh_study(self) -> None:
        """Read everything again; hand on what was searched for that."""
        self._read()
        if self.earshot.work is None and self.is_current:
            self._hand_over.go_on()

    def _read(self) -> None:
        review, is_first = self._review, not self._review.is_read
        try:
            self._pulse = review.study.pulse()
            review.refresh()
        except EarshotError as error:
            self.widgets.status.say(self.problem(error))
            self.widgets.empty.say(self.problem(error))
            self.set_class(is_first, "-empty")
            return
        if is_first:  # until then there is nothing to do anything with
            self.take_actions(
                self._navigation, self._search, self._decisions, self.typed, self._corrections,
                self._hand_over, self.playback,
            )  # fmt: skip
        self.page.show_all()

    def come_back(self) -> None:
        """Come back from a message or a question: look only for what another program did."""
        self.look_for_others()

    def look_for_others(self) -> None:
        """Take over what another program did to the study, unless somebody is typing."""
        pulse = self._review.study.pulse()
        if pulse != self._pulse and not self.widgets.editor.is_typing:
            self._pulse = pulse
            if self._review.is_read:
                self.refresh_study()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to decide only where there is something to decide, and so on."""
        name = action.partition("(")[0]
        if isinstance(self.focused, Input | TextArea) and name not in _WHILE_TYPING:
            return False
        if name in _ABOUT_MENTIONS and not self._review.decided:
            return False
        if name in _ABOUT_TURNS and not self._review.turns:
            return False
        return super().check_action(action, parameters)

    def action_enter(self) -> None:
        """Open the turn under the cursor, or stay where the list or the timeline points to."""
        if self.page.mode:
            self._navigation.stay()
            return
        turn, words = self.cursor.turn, self.cursor.pointed_words()
        if turn is not None:
            self.cursor.forget_words()
            self.typed.open(turn.key, *(words or (0, 0)))

    def action_replace(self) -> None:
        """Find and replace, here or through the study."""

        def done(count: int | None) -> None:
            self.refresh_study()
            if count:
                self.page.describe(f"{count} replaced. z takes it back, in each interview.")

        if self._review.pen is not None:
            self.ask(
                ReplaceScreen(self._review.study, self._review.interview, self.earshot.chosen.keys),
                done,
            )

    def action_back(self) -> None:
        """Leave the list, the timeline or the chosen words; else go back to the interviews."""
        if not self._navigation.leave():
            self.attempt(self.cursor.keep_looked_at)
            self.dismiss(None)

    def _make_player(self, sound: Sound) -> Player:
        return self.earshot.sound.playback(sound)

    def _begin_search(self, summary: Summary) -> bool:
        self.earshot.begin_work("anonymise", summary)
        return self.earshot.work is not None

    def _keep_looks(self) -> None:
        """Note what was looked at, without a key waiting for the disk."""
        review, turns = self._review, frozenset(self.cursor.looked_at)

        def keep() -> None:
            with contextlib.suppress(EarshotError):  # told when the screen is left
                progress.look(review.study, review.interview, turns)

        if turns:
            self.run_beside(keep, "looks")

    def _prepare_decisions(self) -> None:
        """Load what a first decision needs, while nobody waits for it."""

        def load() -> None:
            importlib.import_module("anonymise.deciding")

        self.run_beside(load, "ready")

    @on(TextArea.Changed)
    def _changed(self) -> None:
        self.typed.changed()

    @on(TurnEditor.Beyond)
    def _beyond(self, message: TurnEditor.Beyond) -> None:
        self.typed.action_finish(message.by)

    @on(TranscriptView.Moved)
    @on(TurnEditor.Wrapped)
    def _moved(self) -> None:
        self.typed.lay_over()

    @on(TranscriptView.Pointed)
    def _pointed(self, message: TranscriptView.Pointed) -> None:
        self._navigation.go_to_turn(message.turn)

    @on(Timeline.Went)
    def _went(self, message: Timeline.Went) -> None:
        self._navigation.go_to_time(message.at_s)

    @on(Input.Submitted, "#replacement")
    def _replace(self, event: Input.Submitted) -> None:
        self._decisions.replace(event.value.strip())

    @on(ReplacementField.GivenUp)
    def _leave_field(self) -> None:
        self._decisions.leave_field()

    @on(LibraryLoaded)
    def _play(self) -> None:
        self.playback.open()
