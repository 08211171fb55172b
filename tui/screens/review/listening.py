"""Hearing an interview while it is read: the word that is heard stands out.

Playing goes on whatever is done to the words. The player has threads of its own; this asks it
twelve times a second where it is.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from textual import work
from textual.message import Message
from textual.timer import Timer

from study.aligning import spans
from study.errors import EarshotError
from study.recordings import Sound, open_to_hear
from study.screen_text import clock
from study.terms import Turn
from tui.screens.review.correcting import Correcting
from tui.screens.review.going import turn_at
from tui.widgets import wording
from tui.widgets.plain import Plain

if TYPE_CHECKING:
    from capture.playback import Player

_LOOK_S = 1 / 12
_SPEEDS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
_AS_RECORDED = _SPEEDS.index(1.0)


class Listening(Correcting):
    """Playback."""

    class Loaded(Message):
        """The library that plays sound is there."""

    def __init__(self, interview: str) -> None:
        super().__init__(interview)
        self._player: Player | None = None
        self._sound: Sound | None = None
        self._speed = _AS_RECORDED
        self._follows = True
        self._wanted: tuple[float | None, float | None, bool] | None = None
        self._looking: Timer | None = None
        self._heard: Turn | None = None
        self._is_loading = False

    def action_play(self) -> None:
        """Play on, or pause."""
        if self._player is not None and self._player.is_playing:
            self._player.pause()
            self._tell_player()
        else:
            at_s = None if self._player is not None else self.chosen_time()
            self._play(at_s, None, loop=False)

    def action_play_turn(self, over: bool) -> None:  # noqa: FBT001 - from the table
        """Play the turn under the cursor, once or over and over."""
        turn = self.turn
        if turn is not None:
            self._play(turn.start_s, turn.end_s, loop=over)

    def action_seek(self, by: int) -> None:
        """Go so many seconds back or forward."""
        if self._player is None:
            self._play(max(0.0, self.chosen_time() + by), None, loop=False)
            return
        self._player.seek(max(0.0, self._player.position_s + by))
        self._look()

    def action_speed(self, by: int) -> None:
        """Play slower or faster."""
        self._speed = min(max(0, self._speed + by), len(_SPEEDS) - 1)
        if self._player is not None:
            self._player.speed(_SPEEDS[self._speed])
        self._tell_player()

    def action_follow(self) -> None:
        """Let the cursor follow the sound, or not."""
        self._follows = not self._follows
        self._tell_player()

    @property
    def is_playing(self) -> bool:
        """Whether the sound is heard."""
        return self._is_heard()

    def hush(self) -> None:
        """Pause, because nothing of the study is to be heard."""
        if self._player is not None:
            self._player.pause()

    def on_unmount(self) -> None:
        """Fall silent, and close the sound."""
        if self._player is not None:
            self._player.close()
        if self._sound is not None:
            self._sound.close()

    def _play(self, from_s: float | None, until_s: float | None, *, loop: bool) -> None:
        self._wanted = (from_s, until_s, loop)
        if self._player is not None:
            self._play_wanted()
        elif not self._is_loading:
            self._is_loading = True
            self._tell_player("opening the sound …")
            self._load()

    @work(thread=True, group="sound", exit_on_error=False)
    def _load(self) -> None:
        """Load what plays sound, which takes a moment the first time."""
        importlib.import_module("capture.playback")
        self.post_message(self.Loaded())

    def on_listening_loaded(self) -> None:
        """Open the sound, and play what was asked for last."""
        self._is_loading = False
        try:
            if self._player is None:
                self._player = self._opened()
        except EarshotError as error:
            self._tell_player(wording.problem(error))
            return
        if self._player is None:
            self._tell_player("This interview has no sound.")
            return
        self._play_wanted()

    def _opened(self) -> Player | None:
        self._sound = open_to_hear(self.earshot.study, self.interview)
        if self._sound is None:
            return None
        player = self.earshot.sound.playback(self._sound)
        player.speed(_SPEEDS[self._speed])
        return player

    def _play_wanted(self) -> None:
        if self._player is None or self._wanted is None:
            return
        from_s, until_s, loop = self._wanted
        if loop and from_s is not None and until_s is not None:
            self._player.loop(from_s, until_s)
        else:
            self._player.play(from_s, until_s)
        if self._looking is None:
            self._looking = self.set_interval(_LOOK_S, self._look)
        self._looking.resume()
        self._look()

    def _look(self) -> None:
        """See where the sound is, and show it."""
        player = self._player
        if player is None:
            return
        at_s = player.position_s
        self._show_heard(at_s)
        self._tell_player()
        if not player.is_playing and self._looking is not None:
            self._looking.pause()

    def _show_heard(self, at_s: float) -> None:
        turn = turn_at(self.turns, at_s)
        if turn is None or (self._typed_in is not None and turn.key == self._typed_in):
            return
        if self._heard is not None and self._heard.key != turn.key:
            self.looked_at.add(self._heard.key)  # it was heard to its end, or past it
        self._heard = turn
        self.view.hear(turn.key, *_word_at(turn, at_s))
        is_busy = self._typed_in is not None or bool(self.mode) or self.chosen_words() is not None
        if self._follows and not is_busy and self.view.turn != turn.key and self._is_heard():
            self.go_to_turn(turn.key)
            self.describe()

    def _is_heard(self) -> bool:
        return self._player is not None and self._player.is_playing

    def _tell_player(self, told: str = "") -> None:
        player = self._player
        failed = player.failure if player is not None else None
        if failed is not None:
            told = wording.problem(failed)
        line = self.query_one("#player", Plain)
        if told:
            said = f"! {told}" if failed else told
        else:
            sign = "▶" if self._is_heard() else "‖"
            at_s = player.position_s if player is not None else 0.0
            speed = _SPEEDS[self._speed]
            fast = "" if speed == 1 else f"  \N{MULTIPLICATION SIGN}{speed:g}"
            said = f"{sign} {clock(at_s)}{fast}{'' if self._follows else '  not following'}"
        if said != line.said:
            line.say(said)


def _word_at(turn: Turn, at_s: float) -> tuple[int, int]:
    """Return the characters of the word that is said at a time; an empty stretch for none."""
    last = -1
    for number, word in enumerate(turn.words):
        if word.start_s > at_s:
            break
        last = number
    if last < 0 or at_s > turn.end_s:
        return 0, 0
    return spans(turn)[last]
