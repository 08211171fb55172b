"""One interview under review: read, hear, correct, decide, hand over.

Every edit and every decision is in the study before the next key is read; there is no key that
saves. What each key does lies in ``tui/screens/review``.
"""

from __future__ import annotations

import contextlib
import importlib
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Input, TextArea

from study import progress
from study.errors import EarshotError
from tui.commands import Place, bindings
from tui.screens.review.listening import Listening
from tui.widgets.detail import Detail
from tui.widgets.editor import TurnEditor
from tui.widgets.keys import KeyLine
from tui.widgets.mentions import MentionList
from tui.widgets.plain import Plain, Steady
from tui.widgets.timeline import Timeline
from tui.widgets.transcript import TranscriptView
from tui.widgets.working import WorkLine

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


class InterviewScreen(Listening):
    """The transcript to hear and correct, and the mentions to decide."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.INTERVIEW)

    def compose(self) -> ComposeResult:
        """Lay out the heading, the transcript beside what is known of it, and the keys."""
        yield Steady(id="heading", classes="bar")
        with Container(id="body"):
            with Container(id="page"):
                yield TranscriptView(id="transcript")
                yield TurnEditor(id="editor")
            yield Plain(id="empty")
            with Vertical(id="side"):
                yield Detail(id="detail")
                yield Plain(id="notices")
                yield MentionList(id="mentions")
        yield Plain("The window is too small: make it larger.", classes="too-small")
        with Horizontal(id="desk-line"):
            yield Plain(id="player")
            yield Steady(id="progress")
        yield Timeline(id="timeline")
        yield Steady(id="status")
        yield WorkLine(id="work")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Read the interview; the cursor begins at the first mention that waits."""
        super().on_mount()
        self.refresh_study()
        self.view.focus()
        self._tell_player()
        self.set_timer(_SOON_S, self._make_ready)
        self.set_interval(_KEPT_LOOKS_S, self._keep_looks)
        self.set_interval(_OTHERS_S, self.look_for_others)

    def on_resize(self) -> None:
        """Fill the list of mentions where there is room for it now, once it is laid out."""
        self.call_after_refresh(self.show_parts)

    @work(thread=True, group="looks", exit_on_error=False)
    def _keep_looks(self) -> None:
        """Note what was looked at, without a key waiting for the disk."""
        review, turns = self.review, frozenset(self.looked_at)
        if review is not None and turns:
            with contextlib.suppress(EarshotError):  # told when the screen is left
                progress.look(review.study, review.interview, turns)

    @work(thread=True, group="ready", exit_on_error=False)
    def _make_ready(self) -> None:
        """Load what a first decision needs, while nobody waits for it."""
        importlib.import_module("anonymise.deciding")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to decide only where there is something to decide, and so on."""
        name = action.partition("(")[0]
        if isinstance(self.focused, Input | TextArea) and name not in _WHILE_TYPING:
            return False
        if name in _ABOUT_MENTIONS and not self.decided:
            return False
        if name in _ABOUT_TURNS and not self.turns:
            return False
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """Leave the list, the timeline or the chosen words; else go back to the interviews."""
        if self.mode:
            self.set_mode("")
        elif self.chosen_words() is not None:
            self.forget_words()
            self.describe()
        else:
            self.keep_looked_at()
            self.dismiss(None)
