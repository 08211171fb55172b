"""Two pages that hide the study: a cover, and a lock that opens with the passphrase.

A key covers it and a key takes the cover off; after a time without a key it is locked, and the
passphrase opens it. What runs goes on: a transcription, and a recording, which is never locked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.events import Resize
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from app import CommandPlace, OngoingRecording, choose_banner, format_elapsed
from study.errors import EarshotError
from tui.key_advice import describe_error
from tui.key_bindings import build_bindings
from tui.key_names import with_keys
from tui.widgets.block_letters import BlockLetters, choose_largest_scale
from tui.widgets.passphrase_field import PassphraseField
from tui.widgets.safe_text import SafeText

_LOOK_S = 0.5  # how often to look at a recording that runs
_MARGIN = 4  # columns beside what is written large
_WIDEST_WORD, _WIDEST_TIME = "● RECORDING", "00:00:00"
CheckPassphrase = Callable[[str], bool]


class CoverScreen(ModalScreen[None]):
    """A page without a word of anybody; while a recording runs the room still sees that it does."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.COVER)

    def __init__(self, find_recording: Callable[[], OngoingRecording | None]) -> None:
        """find_recording: returns the recording that runs now, None where none does."""
        super().__init__()
        self._find_recording = find_recording
        self._banner, self._time = BlockLetters(id="covered-state"), BlockLetters(id="covered-time")

    def compose(self) -> ComposeResult:
        """Lay out one sentence, and the state of a recording above it."""
        with Vertical(classes="page"):
            yield self._banner
            yield self._time
            yield SafeText(with_keys("Screen hidden. {cover.uncover} shows it."), classes="words")

    def on_mount(self) -> None:
        """Follow the recording."""
        self.set_interval(_LOOK_S, self.show_recording)

    def on_resize(self, event: Resize) -> None:
        """Write the state as large as the window allows."""
        columns, lines = event.size.width - _MARGIN, event.size.height
        for letters, word in ((self._banner, _WIDEST_WORD), (self._time, _WIDEST_TIME)):
            letters.fit(choose_largest_scale(word, columns, lines // 3), columns)
        self.show_recording()

    def show_recording(self) -> None:
        """Show whether it records, and its time: nothing else of it."""
        recording = self._find_recording()
        self._banner.display = self._time.display = recording is not None
        if recording is not None:
            status = recording.controls.read_status()
            banner = choose_banner(status)
            self._banner.show(banner.word, f"bold ${banner.look}")
            self._time.show(format_elapsed(status.before_s + status.sound_s), "bold")

    def action_uncover(self) -> None:
        """Show the study again."""
        self.dismiss(None)


class LockScreen(ModalScreen[None]):
    """A page that closes only for the passphrase."""

    ALLOW_SELECT = False

    class PassphraseTried(Message):
        """A passphrase was tried."""

        def __init__(self, *, admitted: bool, problem: str = "") -> None:
            super().__init__()
            self.admitted, self.problem = admitted, problem

    class PassphraseKnown(Message):
        """The study is the demonstration, whose passphrase may be told."""

        def __init__(self, passphrase: str) -> None:
            super().__init__()
            self.passphrase = passphrase

    def __init__(
        self,
        is_right: CheckPassphrase,
        keys: Mapping[str, str],
        find_told: Callable[[], str] | None = None,
    ) -> None:
        """Prepare.

        is_right: whether a passphrase is the one that opened the study. find_told: returns a
        passphrase that may be told, "" for none; it is called on a thread.
        """
        super().__init__()
        self._is_right, self._keys, self._find_told = is_right, keys, find_told
        self._is_trying = False

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(classes="page"):
            yield SafeText("Locked, because no key was pressed for some time.", classes="words")
            yield PassphraseField("Passphrase", id="passphrase")
            yield SafeText(
                with_keys("Enter opens. Everything was kept; {leave} leaves."), id="told"
            )
            yield SafeText(id="known", classes="hint")

    def on_mount(self) -> None:
        """Tell the passphrase of the demonstration, in which nobody real speaks."""
        if self._find_told is not None:
            self._look_for_told(self._find_told)

    @work(thread=True, group="told", exit_on_error=False)
    def _look_for_told(self, find_told: Callable[[], str]) -> None:
        with contextlib.suppress(EarshotError):
            if passphrase := find_told():
                self.post_message(self.PassphraseKnown(passphrase))

    @on(PassphraseKnown)
    def _tell(self, message: PassphraseKnown) -> None:
        self.query_one("#known", SafeText).say(
            f"The people are invented, and the passphrase is: {message.passphrase}"
        )

    @on(Input.Submitted)
    def _submitted(self) -> None:
        if not self._is_trying:
            self._is_trying = True
            self.query_one("#told", SafeText).say("One moment …")
            self._try(self.query_one("#passphrase", PassphraseField).take())

    @work(thread=True, group="unlock", exit_on_error=False)
    def _try(self, passphrase: str) -> None:
        """Check the passphrase on a thread: stretching it takes part of a second on purpose."""
        try:
            self.post_message(self.PassphraseTried(admitted=self._is_right(passphrase)))
        except EarshotError as error:
            self.post_message(
                self.PassphraseTried(admitted=False, problem=describe_error(error, self._keys))
            )

    @on(PassphraseTried)
    def _tried(self, message: PassphraseTried) -> None:
        self._is_trying = False
        if message.admitted:
            self.dismiss(None)
            return
        sentence = message.problem or "That is not the passphrase. Try again."
        self.query_one("#told", SafeText).say((f"! {sentence}", "$wrong bold"))
