"""Trying the sound before a recording: which microphones there are, and how one of them sounds.

The sound library may block for seconds, so that all of it runs beside the screen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from study.errors import EarshotError, NoMicrophone
from study.terms import SoundCheck
from tui.screens.asking import Chosen
from tui.screens.stage import Stage
from tui.sound import Microphone, Player, Sound
from tui.widgets.meter import Meter
from tui.widgets.rows import Rows
from tui.widgets.settling import Row, Settled

if TYPE_CHECKING:
    from capture.playback import Playable


@dataclass
class MicrophonesFound(Message):
    """The microphones are known, or why they are not."""

    microphones: list[Microphone]
    error: EarshotError | None
    is_asked: bool


@dataclass
class LevelHeard(Message):
    """How loud it is during the sound check; a newer one makes this one stale."""

    level_dbfs: tuple[float, ...]

    def can_replace(self, message: Message) -> bool:
        """Whether this one makes ``message`` superfluous."""
        return isinstance(message, LevelHeard)


@dataclass
class SoundChecked(Message):
    """The sound check is over."""

    check: SoundCheck | None
    clip: Playable | None
    error: EarshotError | None


class SoundTrial:
    """Lets a microphone be chosen, listens to it for some seconds, and plays back what it heard."""

    def __init__(
        self,
        settled: Settled,
        sound: Sound,
        rows: Rows,
        meter: Meter,
        stage: Stage,
        show: Callable[[], None],
    ) -> None:
        """Prepare; ``show`` shows anew what is settled."""
        self._settled, self._sound, self._stage = settled, sound, stage
        self._rows, self._meter, self._show = rows, meter, show
        self._clip: Playable | None = None
        self._player: Player | None = None
        self._halt = threading.Event()  # ends the sound check that runs

    @property
    def can_be_heard(self) -> bool:
        """Whether there is something to play back."""
        return self._clip is not None and not self._settled.is_checking

    def close(self) -> None:
        """Leave no sound behind."""
        self._halt.set()
        self.fall_silent()

    def fall_silent(self) -> None:
        """Stop playing back."""
        if self._player is not None:
            self._player.close()
            self._player = None

    def find(self, *, is_asked: bool = False) -> None:
        """Look for microphones; ``is_asked``: a person wants to choose one of them."""

        def find() -> None:
            found: list[Microphone] = []
            error = None
            try:
                found = self._sound.microphones()
            except EarshotError as problem:
                error = problem
            self._stage.post_message(MicrophonesFound(found, error, is_asked))

        self._stage.run_beside(find, "find")

    def take_microphones(self, message: MicrophonesFound) -> None:
        """Take the microphone of last time if it is here, else the system's own."""
        settled, found = self._settled, message.microphones
        settled.microphones = found
        error = message.error or (None if found else NoMicrophone())
        if error is not None:
            settled.problem = self._stage.problem(error)
        if settled.device not in [microphone.name for microphone in found]:
            before = settled.device
            names = (microphone.name for microphone in found)
            settled.take(next((m.name for m in found if m.is_default), next(names, "")))
            if before and found:
                settled.problem = "The microphone of last time is not here: this is another one."
        self._show()

    def ask_microphone(self, found: list[Microphone]) -> None:
        """Ask which of the microphones is to be taken."""

        def chosen(number: int | None) -> None:
            if number is not None:
                if found[number].name != self._settled.device:
                    self._clip = None
                self._settled.take(found[number].name)
            self._show()

        names = [microphone.name for microphone in found]
        titles = [f"{m.name}{'   (the usual one)' if m.is_default else ''}" for m in found]
        here = names.index(self._settled.device)
        self._stage.ask(Chosen("Which microphone?", titles, chosen=here), chosen)

    def action_microphone(self) -> None:
        """Let a microphone be chosen; the list is read anew each time."""
        self._settled.microphones, self._settled.problem = None, ""
        self.find(is_asked=True)
        self._show()

    def action_check(self) -> None:
        """Begin a sound check, or stop the one that runs."""
        if self._settled.is_checking:
            self._halt.set()
            return
        self.fall_silent()
        self._halt = threading.Event()
        self._settled.is_checking, self._settled.problem = True, ""
        self._rows.choose(Row.CHECK)
        self._listen(self._settled.device, self._settled.channels, self._halt)
        self._show()

    def action_hear(self) -> None:
        """Play back what the sound check heard, or stop doing so."""
        was_playing = self._player is not None and self._player.is_playing
        self.fall_silent()
        if self._clip is not None and not was_playing:
            self._player = self._sound.player(self._clip)
            self._player.play()

    def show_level(self, message: LevelHeard) -> None:
        """Show how loud it is."""
        if self._settled.is_checking:
            self._meter.show(message.level_dbfs, message.level_dbfs)

    def take_check(self, message: SoundChecked) -> None:
        """Take over what the sound check found."""
        self._settled.is_checking = False
        if message.error is not None:
            self._settled.problem = self._stage.problem(message.error)
        if message.check is not None:
            self._settled.check, self._clip = message.check, message.clip
        self._show()

    def _listen(self, device: str, channels: int, halt: threading.Event) -> None:
        def report(_: float, level_dbfs: tuple[float, ...]) -> None:
            self._stage.post_message(LevelHeard(level_dbfs))

        def listen() -> None:
            check, clip, error = None, None, None
            try:
                opener = self._sound.opener(device, channels)
                check, clip = self._sound.check(opener, stop=halt.is_set, report=report)
            except EarshotError as problem:
                error = problem
            self._stage.post_message(SoundChecked(check, clip, error))

        self._stage.run_beside(listen, "check")
