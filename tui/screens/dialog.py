"""Messages that have to be read, and one question."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from tui.commands import Place, bindings
from tui.widgets.plain import Plain


class Told(ModalScreen[None]):
    """A few sentences in a box."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.DIALOG)

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay out the sentences and how to go on."""
        with VerticalScroll(classes="box"):
            yield Plain(self._text, classes="words")
            yield Plain("Enter or Escape closes this.", classes="hint")

    def action_close(self) -> None:
        """Go back to where the person was."""
        self.dismiss(None)


class Asked(ModalScreen[bool]):
    """A question that is answered with y or n."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n,escape", "answer(False)", "No"),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Lay out the question and the two answers."""
        with VerticalScroll(classes="box"):
            yield Plain(self._question, classes="words")
            yield Plain("y yes     n no", classes="hint")

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001 - the binding hands it over
        """Answer."""
        self.dismiss(answer)
