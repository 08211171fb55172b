"""Two pages that hide the study: a cover, and a lock that opens with the passphrase.

A key covers it and a key takes the cover off; after a time without a key it is locked, and the
passphrase opens it. What runs goes on: a transcription, and a recording, which is never locked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from app import CommandPlace
from study.errors import EarshotError
from tui.key_advice import describe_error
from tui.key_bindings import build_bindings
from tui.key_names import with_keys
from tui.widgets.passphrase_field import PassphraseField
from tui.widgets.safe_text import SafeText

CheckPassphrase = Callable[[str], bool]


class CoverScreen(ModalScreen[None]):
    """An empty page."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.COVER)

    def compose(self) -> ComposeResult:
        """Lay out one sentence."""
        with Vertical(classes="page"):
            yield SafeText(with_keys("Screen hidden. {cover.uncover} shows it."), classes="words")

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

    def __init__(self, is_right: CheckPassphrase, keys: Mapping[str, str]) -> None:
        """Prepare; ``is_right`` returns whether a passphrase is the one that opened the study."""
        super().__init__()
        self._is_right, self._keys = is_right, keys
        self._is_trying = False

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(classes="page"):
            yield SafeText("Locked, because no key was pressed for some time.", classes="words")
            yield PassphraseField("Passphrase", id="passphrase")
            yield SafeText(
                with_keys("Enter opens. Everything was kept; {leave} leaves."), id="told"
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
