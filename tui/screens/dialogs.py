"""Small dialogs: a message, a question, a paused recording, and a refusal of the gate."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.events import Key
from textual.screen import ModalScreen

from app import CommandPlace, list_commands
from tui.key_bindings import build_bindings
from tui.key_names import show_key, with_keys
from tui.widgets.safe_text import SafeText

_CLOSES = "{dialog.close} closes this."
_MORE = "↓ and PgDn show the rest. "


_CLOSING = frozenset(
    key for one in list_commands(CommandPlace.DIALOG) for key in one.key.split(",")
)  # they close a message, whatever it says that they do behind it
_ARTICLES = frozenset("aAI")  # words as well as keys, so that "A means it" may name no key


@runtime_checkable
class KeyTaker(Protocol):
    """A screen that does what one of its keys does, though a message stands in front of it."""

    def take_named_key(self, key: str) -> bool:
        """Do what a key does here, once the message is closed; False where it does nothing."""
        ...


def names_key(text: str, sign: str) -> bool:
    """Whether a text says that a key is to be pressed, or what the key does."""
    key = re.escape(sign)
    if re.search(rf"\b[Pp]ress {key}(?![\w-])", text):
        return True
    begins = rf"(?:^|[.,:;] |\n){key} [a-z]+s\b"
    return sign not in _ARTICLES and re.search(begins, text) is not None


class RefusalAnswer(StrEnum):
    """What to do about words at which the gate refused."""

    TURN = "turn"
    LET = "let"
    CLOSE = "close"


class PausedAnswer(StrEnum):
    """What to do about a recording that was paused for the participant."""

    END = "end"
    ASK = "ask"
    STAY = "stay"


class _Box(VerticalScroll):
    """Words with a hint below them, which says as well how to see what does not fit."""

    def __init__(self, text: str, hint: str) -> None:
        super().__init__(classes="box")
        self._text, self._hint = text, hint

    def compose(self) -> ComposeResult:
        """Lay out the words and the hint."""
        yield SafeText(self._text, classes="words")
        yield SafeText(self._hint, classes="hint -below")

    def on_resize(self) -> None:
        """Say whether there is more, once that is known."""
        self.call_after_refresh(self._tell_more)

    def _tell_more(self) -> None:
        more = _MORE if self.max_scroll_y > 0 else ""
        self.query_one(".hint", SafeText).say(f"{more}{self._hint}")


class MessageDialog(ModalScreen[None]):
    """A few sentences in a box; a key that they name closes it and does there what it does."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.DIALOG)

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay out the sentences and the hint how to close them."""
        yield _Box(self._text, with_keys(_CLOSES))

    def on_key(self, event: Key) -> None:
        """Hand a key that the sentences name on to the screen behind them."""
        if not self.is_current or event.key in _CLOSING:
            return
        behind = self.app.screen_stack[-2]  # pyright: ignore[reportUnknownMemberType] - Textual's app
        if not (isinstance(behind, KeyTaker) and names_key(self._text, show_key(event.key))):
            return
        if behind.take_named_key(event.key):
            event.stop()
            self.dismiss(None)

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
        yield _Box(self._question, "y yes     n no")

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001 - the binding hands it over
        """Close the question with an answer."""
        self.dismiss(answer)


class StopDialog(ModalScreen[bool]):
    """Whether a recording ends: S ends it here and after a pause for the participant, alone.

    The key that asked ends nothing however long it is held, and neither does the one with which
    everybody agrees beside this dialog.
    """

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("S", "answer(True)", "End it"),
        Binding("n,escape", "answer(False)", "Go on"),
    ]

    def __init__(self, question: str, no: str) -> None:
        """no: what Esc does, in a few words."""
        super().__init__()
        self._question, self._no = question, no

    def compose(self) -> ComposeResult:
        """Lay out the question and the two answers."""
        yield _Box(self._question, f"S end it here     Esc {self._no}")

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001 - the binding hands it over
        """Close the question with an answer."""
        self.dismiss(answer)


class PausedDialog(ModalScreen[PausedAnswer]):
    """Whether a recording that was paused for the participant ends: by ``StopDialog``'s key."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("S", "answer('end')", "End it here"),
        Binding("space", "answer('ask')", "Ask whether to go on"),
        Binding("n,escape", "answer('stay')", "Stay paused"),
    ]

    def compose(self) -> ComposeResult:
        """Lay out the question and what each key does."""
        keys = f"S end it here   {show_key('space')} ask whether to go on   Esc stay paused"
        yield _Box("Nothing is recorded now. End the interview here?", keys)

    def action_answer(self, answer: str) -> None:
        """Close the question with what to do."""
        self.dismiss(PausedAnswer(answer))


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
        yield _Box(self._problem, "Enter go to the turn   y let it pass, with a reason   Esc close")

    def action_answer(self, answer: str) -> None:
        """Close the refusal with what to do."""
        self.dismiss(RefusalAnswer(answer))
