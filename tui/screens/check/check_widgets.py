"""The widgets of the check, made once and handed to the parts that show something on them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText, StatusText, SteadyText
from tui.widgets.transcript_view import TranscriptView


@dataclass(frozen=True, slots=True)
class CheckWidgets:
    """The widgets of the screen, each with the id by which ``app.tcss`` styles it."""

    heading: SafeText = field(default_factory=lambda: SteadyText(id="heading", classes="bar"))
    standing: SafeText = field(default_factory=lambda: SafeText(id="standing"))
    columns: SafeText = field(default_factory=lambda: SteadyText(id="columns"))
    rows: RowList = field(default_factory=lambda: RowList(id="lines", counts_more=True))
    detail: SafeText = field(default_factory=lambda: SafeText(id="detail"))
    view: TranscriptView = field(default_factory=lambda: TranscriptView(id="transcript"))
    why: SafeText = field(default_factory=lambda: SafeText(id="why"))
    facts: SafeText = field(default_factory=lambda: SafeText(id="facts"))
    status: SafeText = field(default_factory=lambda: StatusText(id="status"))
