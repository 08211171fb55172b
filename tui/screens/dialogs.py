"""Three dialogs: a message to be closed, a question with yes and no, and a refusal of the gate."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from app import CommandPlace
from tui.key_bindings import build_bindings
from tui.key_names import with_keys
from tui.widgets.safe_text import SafeText

_CLOSES = "{dialog.close} closes this."


class RefusalAnswer(StrEnum):
    """What to do about words at which the gate refused."""

    TURN = "turn"
    LET = "let"
    CLOSE = "close"


class MessageDialog(ModalScreen[None]):
    """A few sentences in a box."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.DIALOG)

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay out the sentences and the hint how to close them."""
        with VerticalScroll(classes="box"):
            yield SafeText(self._text, classes="words")
            yield SafeText(with_keys(_CLOSES), classes="hint -below")

    def action_close(self) -> None:
        """Close the message."""
        self.dismiss(None)


class QuestionDialog(ModalScreen[bool]):
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
            yield SafeText(self._question, classes="words")
            yield SafeText("y yes     n no", classes="hint -below")

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001 - the binding hands it over
        """Close the question with an answer."""
        self.dismiss(answer)


class RefusalDialog(ModalScreen[RefusalAnswer]):
    """Why nothing may leave, with the turn at fault: go there, or let its words pass."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "answer('turn')", "Go to the turn"),
        Binding("y", "answer('let')", "Let it pass"),
        Binding("n,escape", "answer('close')", "Close"),
    ]

    def __init__(self, problem: str) -> None:
        super().__init__()
        self._problem = problem

    def compose(self) -> ComposeResult:
        """Lay out the refusal and what each key does."""
        with VerticalScroll(classes="box"):
            yield SafeText(self._problem, classes="words")
            yield SafeText(
                "Enter go to the turn   y let it pass, with a reason   Esc close",
                classes="hint -below",
            )

    def action_answer(self, answer: str) -> None:
        """Close the refusal with what to do."""
        self.dismiss(RefusalAnswer(answer))
