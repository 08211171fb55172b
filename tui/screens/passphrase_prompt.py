"""The box that asks for a passphrase, or for a new one twice."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from study.store import SHORTEST_PASSPHRASE
from tui.widgets.passphrase_field import PassphraseField
from tui.widgets.safe_text import SafeText

_TWICE = "Type it twice; four or five unrelated words are good. Esc cancels."
_ONCE = "Enter continues, Esc cancels."
_SHORT = f"It has fewer than {SHORTEST_PASSPHRASE} characters. Choose a longer one."
_DIFFER = "They are not the same. Type both again."


class PassphrasePrompt(ModalScreen[str | None]):
    """A prompt for a passphrase; the answer is handed on and kept nowhere."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave it")]

    def __init__(self, question: str, *, is_new: bool = False, wanted: str = "Passphrase") -> None:
        """Prepare.

        is_new: it is being chosen, so it is typed twice and must be long enough. wanted: what the
        empty field asks for.
        """
        super().__init__()
        self._question, self._is_new, self._wanted = question, is_new, wanted

    def compose(self) -> ComposeResult:
        """Lay out the question, one field or two, and what Enter does."""
        with Vertical(classes="box"):
            yield SafeText(self._question, classes="words")
            yield PassphraseField(self._wanted, id="first")
            if self._is_new:
                yield PassphraseField("The same again", id="second")
            yield SafeText(_TWICE if self._is_new else _ONCE, id="hint", classes="hint")

    def on_mount(self) -> None:
        """Stop the cursors from blinking: nothing on the page moves."""
        for field in self.query(PassphraseField):
            field.cursor_blink = False

    @on(Input.Submitted, "#first")
    def _typed(self, event: Input.Submitted) -> None:
        if not event.value:
            return
        if not self._is_new:
            self.dismiss(self._first.take())
        elif len(event.value.strip()) < SHORTEST_PASSPHRASE:
            self._begin_again(_SHORT)
        else:
            self.query_one("#hint", SafeText).say(_TWICE)
            self.query_one("#second", PassphraseField).focus()

    @on(Input.Submitted, "#second")
    def _typed_again(self) -> None:
        first, second = (field.take() for field in self.query(PassphraseField))
        if first == second and len(first.strip()) >= SHORTEST_PASSPHRASE:
            self.dismiss(first)
        else:
            self._begin_again(_SHORT if first == second else _DIFFER)

    @property
    def _first(self) -> PassphraseField:
        return self.query_one("#first", PassphraseField)

    def _begin_again(self, sentence: str) -> None:
        for field in self.query(PassphraseField):
            field.take()
        self._first.focus()
        self.query_one("#hint", SafeText).say((f"! {sentence}", "$wrong bold"))

    def action_leave(self) -> None:
        """Cancel."""
        self.dismiss(None)
