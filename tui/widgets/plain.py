"""Text exactly as it is given: no markup, nothing that a terminal would obey.

Textual reads ``[pause]`` or ``[red]`` in a bare string as markup and does not show it; a reviewer
would then approve text that was not shown. All words on the screens go through here, through the
transcript, or through the table, and a test sees to that.
"""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from study.screen_text import safe


class Plain(Static):
    """Words on the screen."""

    def __init__(
        self,
        text: str = "",
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(Content(safe(text, keep_newlines=True)), id=id, classes=classes)

    def say(self, *parts: str | tuple[str, str]) -> None:
        """Show these parts; one may be (text, style), the style being ours and never data."""
        clean = [
            (safe(part[0], keep_newlines=True), part[1])
            if isinstance(part, tuple)
            else safe(part, keep_newlines=True)
            for part in parts
        ]
        self.update(Content.assemble(*clean))

    @property
    def said(self) -> str:
        """The text that is shown."""
        return str(self.content)
