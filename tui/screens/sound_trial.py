"""The choice of a microphone and the sound check, before a recording.

The sound library may block for seconds, so that all of it runs beside the screen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from app import AudioDevices, ClipPlayer, MicrophoneChoice
from study import SoundCheck
from study.errors import EarshotError, NoMicrophone
from tui.screens.prompts import ChoicePrompt
from tui.screens.stage import Stage
from tui.widgets.level_bars import LevelBars
from tui.widgets.recording_form import FormRow, RecordingForm
from tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from capture import PlayableSound


@dataclass
class MicrophonesFound(Message):
    """The microphones were listed, or listing them failed."""

    microphones: list[MicrophoneChoice]
    error: EarshotError | None
    is_asked: bool


@dataclass
class LevelMeasured(Message):
    """The level during the sound check; a newer message replaces this one."""

    level_dbfs: tuple[float, ...]

    def can_replace(self, message: Message) -> bool:
        """Whether ``message``, an older one, may be dropped."""
        return isinstance(message, LevelMeasured)


@dataclass
class SoundCheckEnded(Message):
    """The sound check is over."""

    check: SoundCheck | None
    clip: PlayableSound | None
    error: EarshotError | None


class SoundTrial:
    """Offers the microphones, checks the sound of one for some seconds, and plays that back."""

    def __init__(
        self,
        settled: RecordingForm,
        sound: AudioDevices,
        rows: RowList,
        meter: LevelBars,
        stage: Stage,
        show: Callable[[], None],
    ) -> None:
        """Prepare; ``show`` redraws the form."""
        self._settled, self._sound, self._stage = settled, sound, stage
        self._rows, self._meter, self._show = rows, meter, show
        self._clip: PlayableSound | None = None
        self._player: ClipPlayer | None = None
        self._halt = threading.Event()  # ends the sound check that runs

    @property
    def can_be_heard(self) -> bool:
        """Whether a sound check can be played back."""
        return self._clip is not None and not self._settled.is_checking

    def close(self) -> None:
        """Stop a running sound check and the playback."""
        self._halt.set()
        self.fall_silent()

    def fall_silent(self) -> None:
        """Stop playing back."""
        if self._player is not None:
            self._player.close()
            self._player = None

    def find(self, *, is_asked: bool = False) -> None:
        """List the microphones on a thread; ``is_asked``: then ask which one to take."""

        def find() -> None:
            found: list[MicrophoneChoice] = []
            error = None
            try:
                found = self._sound.list_microphones()
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
            settled.set_device(next((m.name for m in found if m.is_default), next(names, "")))
            if before and found:
                settled.problem = "The microphone used last time is not here: this is another one."
        self._show()

    def ask_microphone(self, found: list[MicrophoneChoice]) -> None:
        """Ask which of the microphones is to be taken."""

        def chosen(number: int | None) -> None:
            if number is not None:
                if found[number].name != self._settled.device:
                    self._clip = None
                self._settled.set_device(found[number].name)
            self._show()

        names = [microphone.name for microphone in found]
        titles = [f"{m.name}{'   (the usual one)' if m.is_default else ''}" for m in found]
        here = names.index(self._settled.device)
        self._stage.ask(ChoicePrompt("Which microphone?", titles, chosen=here), chosen)

    def action_microphone(self) -> None:
        """List the microphones anew, and ask which one to take."""
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
        self._rows.choose_row(FormRow.CHECK)
        self._listen(self._settled.device, self._settled.channels, self._halt)
        self._show()

    def action_hear(self) -> None:
        """Play back the sound check, or stop playing."""
        was_playing = self._player is not None and self._player.is_playing
        self.fall_silent()
        if self._clip is not None and not was_playing:
            self._player = self._sound.make_clip_player(self._clip)
            self._player.play()

    def show_level(self, message: LevelMeasured) -> None:
        """Show the level."""
        if self._settled.is_checking:
            self._meter.show_levels(message.level_dbfs, message.level_dbfs)

    def take_check(self, message: SoundCheckEnded) -> None:
        """Take over the verdict of the sound check, or show why it failed."""
        self._settled.is_checking = False
        if message.error is not None:
            self._settled.problem = self._stage.problem(message.error)
        if message.check is not None:
            self._settled.check, self._clip = message.check, message.clip
        self._show()

    def _listen(self, device: str, channels: int, halt: threading.Event) -> None:
        def report(_: float, level_dbfs: tuple[float, ...]) -> None:
            self._stage.post_message(LevelMeasured(level_dbfs))

        def listen() -> None:
            check, clip, error = None, None, None
            try:
                opener = self._sound.make_opener(device, channels)
                check, clip = self._sound.check_sound(opener, stop=halt.is_set, report=report)
            except EarshotError as problem:
                error = problem
            self._stage.post_message(SoundCheckEnded(check, clip, error))

        self._stage.run_beside(listen, "check")
