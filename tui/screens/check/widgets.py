"""The widgets of the check, made once and handed to the parts that show something on them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.widgets.plain import Plain, Steady
from tui.widgets.rows import Rows
from tui.widgets.transcript import TranscriptView


@dataclass(frozen=True, slots=True)
class CheckWidgets:
    """What stands on the screen, each with the id by which ``app.tcss`` knows it."""

    heading: Plain = field(default_factory=lambda: Steady(id="heading", classes="bar"))
    standing: Plain = field(default_factory=lambda: Plain(id="standing"))
    columns: Plain = field(default_factory=lambda: Steady(id="columns"))
    rows: Rows = field(default_factory=lambda: Rows(id="lines"))
    detail: Plain = field(default_factory=lambda: Plain(id="detail"))
    view: TranscriptView = field(default_factory=lambda: TranscriptView(id="transcript"))
    why: Plain = field(default_factory=lambda: Plain(id="why"))
    facts: Plain = field(default_factory=lambda: Plain(id="facts"))
    status: Plain = field(default_factory=lambda: Steady(id="status"))
