"""The details of the current mention: its words, its replacement, and why it was found.

A field in the place of the last line takes another replacement.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from app import OPEN_STANDING, REJECTED_STANDING, describe_standing
from study import DecidedMention, Mention, sanitise_text
from tui.key_names import with_keys
from tui.widgets.safe_text import SafeText, SteadyText

_LONGEST_REPLACEMENT = 200
_BY_HAND = "person"  # the source of what somebody added


class ReplacementField(Input):
    """The field for a replacement typed by hand; Escape cancels it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Replace with this"),
        Binding("escape", "give_up", "Cancel"),
    ]

    class GivenUp(Message):
        """The person cancelled the field."""

    def action_give_up(self) -> None:
        """Close the field without a change."""
        self.post_message(self.GivenUp())


class MentionDetail(Vertical):
    """The current mention in two lines."""

    DEFAULT_CSS = """
    MentionDetail { height: auto; }
    MentionDetail SafeText { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    MentionDetail #line { height: auto; }
    MentionDetail #change { width: 1fr; }
    MentionDetail ReplacementField { width: 1fr; }
    MentionDetail.-typing #change { width: auto; max-width: 50%; }
    """

    def compose(self) -> ComposeResult:
        """Lay out the two lines, the field in the place of the last one."""
        yield SteadyText(id="place")
        with Horizontal(id="line"):
            yield SteadyText(id="change")
            yield ReplacementField(
                id="replacement",
                max_length=_LONGEST_REPLACEMENT,
                compact=True,
            )

    def on_mount(self) -> None:
        """Hide the field."""
        self.query_one(ReplacementField).display = False

    def show(
        self,
        decided: DecidedMention | None,
        place: int,
        count: int,
        original: str,
        objection: str = "",
    ) -> None:
        """Show a mention.

        place: counts from nought. original: what was said there. objection: why an officer sent it
        back, "" where nobody did.
        """
        if decided is None:
            self.query_one("#place", SafeText).say(
                with_keys("No mention here; {interview.next} goes to the next." if count else "")
            )
            self.query_one("#change", SafeText).say("")
            return
        mention, how = decided.mention, describe_standing(decided)
        kind = "direct" if mention.category.is_direct else "indirect"
        self.query_one("#place", SafeText).say(
            f"Mention {place + 1} of {count}  ",
            (f"{how.sign} {how.word}", f"${how.look} bold"),
            "  ",
            (mention.category.value, "bold"),
            (f"  ↩ {objection}", "$wrong bold")
            if objection
            else f", {kind}; {_describe_source(mention)}",
        )
        if not self.has_class("-typing"):  # the field stands in the place of the second half
            self.query_one("#change", SafeText).say(*_before_and_after(decided, original))

    def open_field(self, original: str, current: str) -> None:
        """Open the field, with what stands there now to begin from."""
        self.query_one("#change", SafeText).say((original, "bold"), "  →  ")
        field = self.query_one(ReplacementField)
        field.value = sanitise_text(current)
        field.placeholder = "Replace with"
        self.add_class("-typing")
        field.display = True
        self.screen.set_focus(field)  # at once: the next key may be on its way already

    def close(self) -> None:
        """Close the field."""
        self.remove_class("-typing")
        self.query_one(ReplacementField).display = False


def _describe_source(mention: Mention) -> str:
    """Say how sure of a mention was what found it, or that a person added it."""
    return "added by hand" if mention.source == _BY_HAND else f"{mention.score:.0%} sure"


def _before_and_after(decided: DecidedMention, original: str) -> tuple[str | tuple[str, str], ...]:
    """Return what was said and what replaces it; what found it stands last, as it may be cut."""
    how, source = describe_standing(decided), decided.mention.source
    found = "" if source == _BY_HAND else f"found by {source}"
    if how is REJECTED_STANDING:
        return ((original, "$kept bold"), "  left in", f"  ({found})" if found else "")
    after = (decided.replacement, f"${how.look} bold")
    notes = ", ".join(filter(None, ("proposed" if how is OPEN_STANDING else "", found)))
    return ((original, "bold"), "  →  ", after, f"  ({notes})" if notes else "")
