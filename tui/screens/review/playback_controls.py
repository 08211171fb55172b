"""The playback of an interview during the review: the spoken word is highlighted.

Playing goes on whatever is done to the words. The player has threads of its own; this asks it
twelve times a second where it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message
from textual.timer import Timer

from app import InterviewReview
from study import Turn, find_word_spans, format_clock
from study.errors import EarshotError, SoundIncomplete
from study.store import InterviewSound, open_sound_for_listener, require_whole
from tui.screens.review.cursor import Cursor
from tui.screens.review.navigation import find_turn_at
from tui.screens.review.review_page import ReviewPage
from tui.screens.review.review_widgets import ReviewWidgets
from tui.screens.stage import Stage

if TYPE_CHECKING:
    from capture import SoundPlayer

_LOOK_S = 1 / 12
_CUT = "  ! part of the recording is missing on the disk"
_FAILED = "! No sound, see below."
_SPEEDS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
_AS_RECORDED = _SPEEDS.index(1.0)


class LibraryLoaded(Message):
    """The library that plays sound is loaded."""


class PlaybackControls:
    """Plays the sound, highlights the spoken word, and moves the cursor along."""

    def __init__(
        self,
        review: InterviewReview,
        cursor: Cursor,
        page: ReviewPage,
        widgets: ReviewWidgets,
        stage: Stage,
        make_player: Callable[[InterviewSound], SoundPlayer],
    ) -> None:
        self._review, self._cursor, self._page, self._stage = review, cursor, page, stage
        self._view, self._line, self._make_player = widgets.view, widgets.player, make_player
        self.player: SoundPlayer | None = None
        self._sound: InterviewSound | None = None
        self._speed = _AS_RECORDED
        self._follows = True
        self._wanted: tuple[float | None, float | None, bool] | None = None
        self._looking: Timer | None = None
        self._heard: Turn | None = None
        self._is_loading = False
        self._is_cut = False  # the recording is shorter than it was

    def action_play(self) -> None:
        """Play on, or pause."""
        if self.player is not None and self.player.is_playing:
            self.player.pause()
            self.show_state()
        else:
            at_s = None if self.player is not None else self._cursor.time_s()
            self._play(at_s, None, loop=False)

    def action_play_turn(self, over: bool) -> None:  # noqa: FBT001 - from the table
        """Play the turn under the cursor, once or over and over."""
        turn = self._cursor.turn
        if turn is not None:
            self._play(turn.start_s, turn.end_s, loop=over)

    def play_stretch(self, from_s: float, until_s: float) -> None:
        """Play some seconds of the interview once."""
        self._play(from_s, until_s, loop=False)

    def action_seek(self, by: int) -> None:
        """Seek so many seconds back or forward."""
        if self.player is None:
            self._play(max(0.0, self._cursor.time_s() + by), None, loop=False)
            return
        self.player.seek(max(0.0, self.player.position_s + by))
        self._look()

    def action_speed(self, by: int) -> None:
        """Play slower or faster."""
        self._speed = min(max(0, self._speed + by), len(_SPEEDS) - 1)
        if self.player is not None:
            self.player.set_speed(_SPEEDS[self._speed])
        self.show_state()

    def action_follow(self) -> None:
        """Switch on or off that the cursor follows the sound."""
        self._follows = not self._follows
        self.show_state()

    @property
    def is_playing(self) -> bool:
        """Whether the sound is playing."""
        return self.player is not None and self.player.is_playing

    def hush(self) -> None:
        """Pause, because the screen is covered or locked."""
        if self.player is not None:
            self.player.pause()

    def close(self) -> None:
        """Close the player and the sound."""
        if self.player is not None:
            self.player.close()
        if self._sound is not None:
            self._sound.close()

    def open(self) -> None:
        """Open the sound, and play the stretch that was asked for last."""
        self._is_loading = False
        try:
            if self.player is None:
                self.player = self._opened()
        except EarshotError as error:
            self.show_state(_FAILED)
            self._page.describe(self._stage.problem(error))
            return
        if self.player is None:
            self.show_state("This interview has no sound.")
            return
        self._play_wanted(self.player)

    def show_state(self, said: str = "") -> None:
        """Show whether it plays, where and how fast; or what went wrong."""
        player = self.player
        failed = player.failure if player is not None else None
        if failed is not None:
            said = _FAILED
            if said != self._line.said:  # the line beside the timeline has no room for sentences
                self._page.describe(self._stage.problem(failed))
        elif not said:
            sign = "▶" if self.is_playing else "‖"
            at_s = player.position_s if player is not None else 0.0
            speed = _SPEEDS[self._speed]
            fast = "" if speed == 1 else f"  \N{MULTIPLICATION SIGN}{speed:g}"
            said = f"{sign} {format_clock(at_s)}{fast}{'' if self._follows else '  not following'}"
            said += _CUT if self._is_cut else ""
        if said != self._line.said:
            self._line.say(said)

    def _play(self, from_s: float | None, until_s: float | None, *, loop: bool) -> None:
        self._wanted = (from_s, until_s, loop)
        if self.player is not None:
            self._play_wanted(self.player)
        elif not self._is_loading:
            self._is_loading = True
            self.show_state("opening the sound …")
            self._stage.run_beside(self._load, "sound")

    def _load(self) -> None:
        """Load the sound library, which takes a moment the first time."""
        from capture import SoundPlayer

        del SoundPlayer  # it is loaded now, for the player that is made next
        self._stage.post_message(LibraryLoaded())

    def _opened(self) -> SoundPlayer | None:
        self._sound = open_sound_for_listener(self._review.interview)
        if self._sound is None:
            return None
        try:
            require_whole(self._review.interview)
        except SoundIncomplete:
            self._is_cut = True
        player = self._make_player(self._sound)
        player.set_speed(_SPEEDS[self._speed])
        return player

    def _play_wanted(self, player: SoundPlayer) -> None:
        if self._wanted is None:
            return
        from_s, until_s, loop = self._wanted
        if loop and from_s is not None and until_s is not None:
            player.loop(from_s, until_s)
        else:
            player.play(from_s, until_s)
        if self._looking is None:
            self._looking = self._stage.set_interval(_LOOK_S, self._look)
        self._looking.resume()
        self._look()

    def _look(self) -> None:
        """Poll the player's position, and show it."""
        player = self.player
        if player is None:
            return
        self._show_heard(player.position_s)
        self.show_state()
        if not player.is_playing and self._looking is not None:
            self._looking.pause()

    def _show_heard(self, at_s: float) -> None:
        cursor, turn = self._cursor, find_turn_at(self._review.turns, at_s)
        if turn is None or turn.key == cursor.typed_in:
            return
        if self._heard is not None and self._heard.key != turn.key:
            cursor.looked_at.add(self._heard.key)  # it was heard to its end, or past it
        self._heard = turn
        self._view.highlight_spoken_word(turn.key, *_word_at(turn, at_s))
        is_busy = cursor.typed_in is not None or self._page.mode or cursor.chosen_words()
        if self._follows and not is_busy and self._view.turn != turn.key and self.is_playing:
            cursor.go_to_turn(turn.key)
            self._page.describe()


def _word_at(turn: Turn, at_s: float) -> tuple[int, int]:
    """Return the characters of the word that is said at a time; an empty stretch for none."""
    last = -1
    for number, word in enumerate(turn.words):
        if word.start_s > at_s:
            break
        last = number
    if last < 0 or at_s > turn.end_s:
        return 0, 0
    return find_word_spans(turn)[last]
