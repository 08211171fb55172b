"""Nothing of the study on the screen: because somebody came in, or nobody was there.

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

from study.errors import EarshotError
from tui import next_steps
from tui.commands import Place, bindings
from tui.widgets.plain import Plain

Admits = Callable[[str], bool]


class Covered(ModalScreen[None]):
    """An empty page."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.COVER)

    def compose(self) -> ComposeResult:
        """Lay out one sentence."""
        with Vertical(classes="page"):
            yield Plain("Covered. Enter uncovers.", classes="words")

    def action_uncover(self) -> None:
        """Show the study again."""
        self.dismiss(None)


class Locked(ModalScreen[None]):
    """A page that goes for the passphrase alone."""

    ALLOW_SELECT = False

    class Tried(Message):
        """A passphrase was tried."""

        def __init__(self, *, admitted: bool, problem: str = "") -> None:
            super().__init__()
            self.admitted, self.problem = admitted, problem

    def __init__(self, admits: Admits, keys: Mapping[str, str]) -> None:
        """Lock. ``admits`` says whether a passphrase is the one that opened the study."""
        super().__init__()
        self._admits, self._keys = admits, keys
        self._is_trying = False

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(classes="page"):
            yield Plain("Locked, because no key was pressed for some time.", classes="words")
            yield Input(id="passphrase", password=True, placeholder="Passphrase", compact=True)
            yield Plain("Enter opens. Everything was kept; Ctrl-Q leaves.", id="told")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if not self._is_trying:
            self._is_trying = True
            self.query_one("#told", Plain).say("One moment …")
            self._try(event.value)

    @work(thread=True, group="unlock", exit_on_error=False)
    def _try(self, passphrase: str) -> None:
        """Try it; stretching a passphrase takes part of a second on purpose."""
        try:
            self.post_message(self.Tried(admitted=self._admits(passphrase)))
        except EarshotError as error:
            self.post_message(
                self.Tried(admitted=False, problem=next_steps.problem(error, self._keys))
            )

    @on(Tried)
    def _tried(self, message: Tried) -> None:
        self._is_trying = False
        if message.admitted:
            self.dismiss(None)
            return
        self.query_one("#passphrase", Input).value = ""
        told = message.problem or "That is not the passphrase. Try again."
        self.query_one("#told", Plain).say((f"! {told}", "$wrong bold"))
