"""Small boxes that take an answer: a line of text, or one of a list.

They stand at the bottom: what is above them, a recording that goes on, stays in sight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from study import LONGEST_TYPED, is_short, sanitise_text
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText

_MOST_LETTERS = 20 * LONGEST_TYPED  # of what a field takes, so that a long text can be shortened
_MOST_ROWS = 12
_CHOOSES = "A number or Enter chooses, Esc cancels."
_CHOOSES_LONG = "A number chooses, {digits} with Enter; ↓ goes on down the list, Esc cancels."
_CANCELS = "Esc cancels."
_KEEPS = f"Enter goes on, {_CANCELS}"
_ONCE_MORE = "Type another, or keep it with Enter."
_MORE_DIGITS = "Enter takes {number}, another digit goes on to a longer number, Esc leaves."
_TOO_LONG = f"That is {{:,}} letters long, and at most {LONGEST_TYPED:,} are kept."
_Check = Callable[[str], str]


def _anything(_: str) -> str:
    return ""


def _name_keys(hint: str) -> str:
    """Add to a hint what Enter and Escape do, where it does not say so itself."""
    if "Enter" in hint:
        return hint if "Esc" in hint else f"{hint} {_CANCELS}"
    return f"{hint.removesuffix(_CANCELS).strip()} {_KEEPS}".strip()


class TextPrompt(ModalScreen[str | None]):
    """A prompt for one line; ``check`` returns a sentence about an invalid line, else ""."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave it")]

    def __init__(
        self,
        question: str,
        *,
        value: str = "",
        hint: str = "",
        check: _Check = _anything,
        doubt: _Check = _anything,
        replaces: bool = True,
    ) -> None:
        """Prepare; ``replaces``: typing overwrites ``value`` instead of adding to it.

        doubt: returns a sentence about a line that is taken only if Enter is pressed once more.
        """
        super().__init__()
        self._replaces = replaces
        self._question, self._value, self._check = question, value, check
        self._doubt, self._doubted = doubt, ""
        self._hint = _name_keys(hint)

    def compose(self) -> ComposeResult:
        """Lay out the question, the field and what Enter does."""
        with Vertical(classes="box"):
            yield SafeText(self._question, classes="words")
            yield Input(
                sanitise_text(self._value),
                id="typed",
                max_length=_MOST_LETTERS,
                compact=True,
                select_on_focus=self._replaces,
            )
            yield SafeText(self._hint, id="hint", classes="hint")

    def on_mount(self) -> None:
        """Stop the field's cursor from blinking: nothing on the page moves."""
        self.query_one("#typed", Input).cursor_blink = False

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        text = " ".join(event.value.split())
        wrong = self._check(text) if is_short(text) else _TOO_LONG.format(len(text))
        if wrong:
            self.query_one("#hint", SafeText).say((f"! {wrong}", "$wrong bold"))
        elif text != self._doubted and (doubt := self._doubt(text)):
            self._doubted = text
            self.query_one("#hint", SafeText).say((f"? {doubt} {_ONCE_MORE}", "$open bold"))
        else:
            self.dismiss(text)

    def action_leave(self) -> None:
        """Cancel."""
        self.dismiss(None)


class ChoicePrompt(ModalScreen[int | None]):
    """A prompt for one item of a list, by number or cursor; the answer counts from 0."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move('up')", "Up"),
        Binding("down,j", "move('down')", "Down"),
        Binding("pageup", "move('page_up')", "Page up"),
        Binding("pagedown", "move('page_down')", "Page down"),
        Binding("home", "move('home')", "Beginning"),
        Binding("end", "move('end')", "End"),
        Binding("enter", "take", "Take it"),
        Binding("escape", "leave", "Leave it"),
        *(Binding(str(digit), f"digit({digit})", "") for digit in range(10)),
    ]

    def __init__(self, question: str, options: Sequence[str], *, chosen: int = 0) -> None:
        super().__init__()
        self._question, self._options, self._chosen = question, options, chosen
        self._number = 0

    def compose(self) -> ComposeResult:
        """Lay out the question, the list, and how to choose."""
        with Vertical(classes="box"):
            yield SafeText(self._question, classes="words")
            rows = RowList(id="options", counts_more=True)
            rows.styles.height = min(_MOST_ROWS, max(1, len(self._options)))
            yield rows
            yield SafeText(self._explain_keys(), id="hint", classes="hint")

    def on_mount(self) -> None:
        """Show the list."""
        width = len(str(len(self._options)))
        rows = self.query_one(RowList)
        rows.show([f"{n:>{width}}  {text}" for n, text in enumerate(self._options, 1)])
        rows.choose_row(self._chosen)

    def _explain_keys(self) -> str:
        """Say which keys choose; a digit that begins a longer number waits for Enter."""
        last = len(self._options) // 10
        if not last:
            return _CHOOSES
        return _CHOOSES_LONG.format(digits=f"1 to {last}" if last > 1 else "1")

    def action_move(self, direction: str) -> None:
        """Move the cursor."""
        self._number = 0
        self.query_one(RowList).move(direction)

    def action_digit(self, digit: int) -> None:
        """Go to this number; take it at once if no longer number begins with it."""
        count = len(self._options)
        number = self._number * 10 + digit
        self._number = number if number <= count else digit
        if not 1 <= self._number <= count:
            self._number = 0
            return
        self.query_one(RowList).choose_row(self._number - 1)
        if self._number * 10 > count:
            self.action_take()
        else:
            self.query_one("#hint", SafeText).say(_MORE_DIGITS.format(number=self._number))

    def action_take(self) -> None:
        """Answer with the item under the cursor."""
        self.dismiss(self.query_one(RowList).cursor if self._options else None)

    def action_leave(self) -> None:
        """Cancel."""
        self.dismiss(None)
