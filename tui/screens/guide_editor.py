"""An editor for the topic guide; each saved text becomes a new version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, cast

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import TextArea

from study import sanitise_text
from study.errors import BadGuide, EarshotError
from study.store import Study, read_topic_guide, save_topic_guide
from tui.key_advice import describe_error
from tui.screens.dialogs import QuestionDialog
from tui.widgets.safe_text import SafeText

_HOW = "Start each topic with ##, and each question below it with -."
_KEYS = "Ctrl-S saves a new version. Esc cancels."
_EXAMPLE = "## The first topic\n\n- What to ask there\n- What else to ask\n\n## The second topic\n"


class GuideEditor(ModalScreen[bool]):
    """An editor for the study's guide; its answer is whether a new version was saved."""

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
            yield SafeText("Topic guide of this study", classes="bar")
            yield TextArea(id="text", soft_wrap=True, show_line_numbers=False, placeholder=_EXAMPLE)
            yield SafeText(_HOW, id="hint")
            yield SafeText(_KEYS, classes="hint")

    def on_mount(self) -> None:
        """Show the guide as it was written, or an example where there is none."""
        try:
            known = read_topic_guide(self._study)
        except EarshotError as error:
            self.query_one("#hint", SafeText).say(
                (f"! {describe_error(error, self._keys)}", "$wrong bold")
            )
            known = None
        text = self.query_one(TextArea)
        text.load_text(_visible(known[0].text if known else ""))
        self._begun = text.text
        text.focus()

    def action_keep(self) -> None:
        """Save the text as a new version, or say why it is no guide."""
        text = self.query_one(TextArea).text
        try:
            save_topic_guide(self._study, text)
        except BadGuide as error:
            self.query_one("#hint", SafeText).say(
                (f"! {describe_error(error, self._keys)}", "$wrong bold")
            )
        except EarshotError as error:
            self.query_one("#hint", SafeText).say(
                (f"! Not saved. {describe_error(error, self._keys)}", "$wrong bold")
            )
        else:
            self.dismiss(True)  # noqa: FBT003 - Textual takes the answer so

    def action_leave(self) -> None:
        """Close the editor; ask first if the text was changed."""
        app = cast("App[None]", self.app)
        if isinstance(app.screen, QuestionDialog):
            app.screen.action_answer(answer=False)
        elif self.query_one(TextArea).text == self._begun:
            self.dismiss(False)  # noqa: FBT003 - Textual takes the answer so
        else:
            app.push_screen(QuestionDialog("Close the guide without saving?"), self._answered)

    def _answered(self, wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
        if wanted:
            self.dismiss(False)  # noqa: FBT003 - Textual takes the answer so


def _visible(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("\t".join(sanitise_text(part) for part in line.split("\t")) for line in lines)
