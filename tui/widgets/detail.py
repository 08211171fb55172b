"""What is known of the current mention: what stands there before and after, and why.

A field in the place of the last line takes another replacement.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from study.decided import Decided
from study.screen_text import safe
from tui.widgets.plain import Plain, Steady
from tui.widgets.wording import OPEN, REJECTED, standing

_LONGEST_REPLACEMENT = 200


class ReplacementField(Input):
    """Where a person types what is to stand there instead; Escape gives it up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Replace with this"),
        Binding("escape", "give_up", "Leave it as it was"),
    ]

    class GivenUp(Message):
        """Nothing was typed after all."""

    def action_give_up(self) -> None:
        """Close the field without a change."""
        self.post_message(self.GivenUp())


class Detail(Vertical):
    """The current mention in two lines."""

    DEFAULT_CSS = """
    Detail { height: auto; }
    Detail Plain { height: 1; text-overflow: ellipsis; }
    Detail #line { height: auto; }
    Detail #change { width: 1fr; }
    Detail ReplacementField { width: 1fr; }
    Detail.-typing #change { width: auto; max-width: 50%; }
    """

    def compose(self) -> ComposeResult:
        """Lay out the two lines, the field in the place of the last one."""
        yield Steady(id="place")
        with Horizontal(id="line"):
            yield Steady(id="change")
            yield ReplacementField(
                id="replacement",
                max_length=_LONGEST_REPLACEMENT,
                compact=True,
            )

    def on_mount(self) -> None:
        """Begin without the field."""
        self.query_one(ReplacementField).display = False

    def show(self, decided: Decided | None, place: int, count: int, original: str) -> None:
        """Show a mention; ``original`` is what was said there, ``place`` counts from nought."""
        if decided is None:
            self.query_one("#place", Plain).say("No mention here. n goes on." if count else "")
            self.query_one("#change", Plain).say("")
            return
        mention, how = decided.mention, standing(decided)
        kind = "direct" if mention.category.is_direct else "indirect"
        self.query_one("#place", Plain).say(
            f"Mention {place + 1} of {count}  ",
            (f"{how.sign} {how.word}", f"${how.look} bold"),
            "  ",
            (mention.category.value, "bold"),
            f" ({kind}), by {mention.source} {mention.score:.2f}",
        )
        self.query_one("#change", Plain).say(*_before_and_after(decided, original))

    def ask(self, original: str, current: str) -> None:
        """Open the field, with what stands there now to begin from."""
        self.query_one("#change", Plain).say((original, "bold"), "  →  ")
        field = self.query_one(ReplacementField)
        field.value = safe(current)
        field.placeholder = "What is to stand there instead"
        self.add_class("-typing")
        field.display = True
        self.screen.set_focus(field)  # at once: the next key may be on its way already

    def close(self) -> None:
        """Close the field."""
        self.remove_class("-typing")
        self.query_one(ReplacementField).display = False


def _before_and_after(decided: Decided, original: str) -> tuple[str | tuple[str, str], ...]:
    how = standing(decided)
    if how is REJECTED:
        return ((original, "$kept bold"), "  stays as it was said")
    after = (decided.replacement, f"${how.look} bold")
    return ((original, "bold"), "  →  ", after, "  (proposed)" if how is OPEN else "")
