"""Text exactly as it is given: no markup, nothing that a terminal would obey.

Textual reads ``[pause]`` or ``[red]`` in a bare string as markup and does not show it; a reviewer
would then approve text that was not shown. All words on the screens go through here, through the
transcript, or through the table, and a test sees to that.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widgets import Static

from study import sanitise_text

TextPart = str | tuple[str, str]


def assemble_parts(parts: Iterable[TextPart]) -> Content:
    """Put parts together, each made safe; one may be (text, style), the style being ours."""
    return Content.assemble(
        *(
            (sanitise_text(part[0], keep_newlines=True), part[1])
            if isinstance(part, tuple)
            else sanitise_text(part, keep_newlines=True)
            for part in parts
        )
    )


class SafeText(Static):
    """Words on the screen."""

    def __init__(
        self,
        text: str = "",
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(Content(sanitise_text(text, keep_newlines=True)), id=id, classes=classes)

    _last: tuple[TextPart, ...] | None = None

    def say(self, *parts: TextPart) -> None:
        """Show these parts; one may be (text, style), the style being ours and never data.

        Saying the same again costs nothing.
        """
        if parts != self._last:
            self._last = parts
            self.update(assemble_parts(parts))

    @property
    def said(self) -> str:
        """The text that is shown."""
        return str(self.content)


class SteadyText(SafeText):
    """Words in a place whose size does not depend on them: they change without a new layout.

    Saying the same again costs nothing, so it can be said ten times a second.
    """

    def say(self, *parts: TextPart) -> None:
        """Show these parts, as ``SafeText`` does, if they differ from the shown ones."""
        if parts != self._last:
            self._last = parts
            self.update(assemble_parts(parts), layout=False)


class StatusText(SteadyText):
    """A line of its own that takes up to three where a sentence needs them.

    The page is laid out anew only when the number of lines changes: a key press waits for this.
    """

    def say(self, *parts: TextPart) -> None:
        """Show these parts, in as many lines as they need."""
        super().say(*parts)
        self._fit()

    def on_resize(self) -> None:
        """Break the lines for another width."""
        self._fit()

    def _fit(self) -> None:
        width = self.content_size.width
        if width and isinstance(self.content, Content):
            lines = max(1, min(_MOST_LINES, self.content.get_height({}, width)))
            if lines != self._lines:
                self._lines = lines
                self.styles.height = lines

    _lines = 1


_MOST_LINES = 3
