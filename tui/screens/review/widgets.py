"""The widgets of the review, made once and handed to the parts that show something on them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.widgets.detail import Detail
from tui.widgets.editor import TurnEditor
from tui.widgets.mentions import MentionList
from tui.widgets.plain import Plain, Steady
from tui.widgets.timeline import Timeline
from tui.widgets.transcript import TranscriptView


@dataclass(frozen=True, slots=True)
class ReviewWidgets:
    """What stands on the screen, each with the id by which ``app.tcss`` knows it."""

    heading: Plain = field(default_factory=lambda: Steady(id="heading", classes="bar"))
    view: TranscriptView = field(default_factory=lambda: TranscriptView(id="transcript"))
    editor: TurnEditor = field(default_factory=lambda: TurnEditor(id="editor"))
    empty: Plain = field(default_factory=lambda: Plain(id="empty"))
    detail: Detail = field(default_factory=lambda: Detail(id="detail"))
    notices: Plain = field(default_factory=lambda: Plain(id="notices"))
    mentions: MentionList = field(default_factory=lambda: MentionList(id="mentions"))
    player: Plain = field(default_factory=lambda: Plain(id="player"))
    progress: Plain = field(default_factory=lambda: Steady(id="progress"))
    timeline: Timeline = field(default_factory=lambda: Timeline(id="timeline"))
    status: Plain = field(default_factory=lambda: Steady(id="status"))
