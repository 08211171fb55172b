"""The topic guide as text, to be read and changed; what is kept becomes a new version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, cast

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import TextArea

from study import guide
from study.errors import BadGuide, EarshotError
from study.screen_text import safe
from study.store import Study
from tui import next_steps
from tui.screens.dialog import Asked
from tui.widgets.plain import Plain

_HOW = "Each topic on a line that begins with ##, each probe below it on one with -."
_KEYS = "Ctrl-S keeps it as a new version. Escape leaves it."
_BEGIN = "## The first topic\n\n- What to ask there\n- What else to ask\n\n## The second topic\n"


class GuideScreen(ModalScreen[bool]):
    """An editor for the study's guide; answers whether a new version was kept."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep", "Keep", priority=True),
        Binding("escape", "leave", "Leave", priority=True),
    ]

    def __init__(self, study: Study, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._keys = keys
        self._study = study
        self._begun = ""

    def compose(self) -> ComposeResult:
        """Lay out the text, how it is written, and the keys."""
        with Vertical(classes="page"):
            yield Plain("Topic guide of this study", classes="bar")
            yield TextArea(id="text", soft_wrap=True, show_line_numbers=False)
            yield Plain(_HOW, id="hint")
            yield Plain(_KEYS, classes="hint")

    def on_mount(self) -> None:
        """Show the guide as it was written, or how one begins."""
        try:
            known = guide.read(self._study)
        except EarshotError as error:
            self.query_one("#hint", Plain).say(
                (f"! {next_steps.problem(error, self._keys)}", "$wrong bold")
            )
            known = None
        text = self.query_one(TextArea)
        text.load_text(_visible(known[0].text if known else _BEGIN))
        self._begun = text.text
        text.focus()

    def action_keep(self) -> None:
        """Keep it, if it is a guide."""
        text = self.query_one(TextArea).text
        try:
            guide.keep(self._study, text)
        except BadGuide as error:
            self.query_one("#hint", Plain).say(
                (f"! {next_steps.problem(error, self._keys)}", "$wrong bold")
            )
        except EarshotError as error:
            self.query_one("#hint", Plain).say(
                (f"! Not kept. {next_steps.problem(error, self._keys)}", "$wrong bold")
            )
        else:
            self.dismiss(True)  # noqa: FBT003 - Textual takes the answer so

    def action_leave(self) -> None:
        """Leave; what was changed is given up only after asking."""
        app = cast("App[None]", self.app)
        if isinstance(app.screen, Asked):
            app.screen.action_answer(answer=False)
        elif self.query_one(TextArea).text == self._begun:
            self.dismiss(False)  # noqa: FBT003 - Textual takes the answer so
        else:
            app.push_screen(Asked("Leave the guide without your changes?"), self._answered)

    def _answered(self, wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
        if wanted:
            self.dismiss(False)  # noqa: FBT003 - Textual takes the answer so


def _visible(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("\t".join(safe(part) for part in line.split("\t")) for line in lines)
