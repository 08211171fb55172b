"""The widgets of the review, made once and handed to the parts that show something on them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.widgets.mention_detail import MentionDetail
from tui.widgets.mention_list import MentionList
from tui.widgets.safe_text import SafeText, StatusText, SteadyText
from tui.widgets.timeline import Timeline
from tui.widgets.transcript_view import TranscriptView
from tui.widgets.turn_editor import TurnEditor


@dataclass(frozen=True, slots=True)
class ReviewWidgets:
    """The widgets of the screen, each with the id by which ``app.tcss`` styles it."""

    heading: SafeText = field(default_factory=lambda: SteadyText(id="heading", classes="bar"))
    view: TranscriptView = field(default_factory=lambda: TranscriptView(id="transcript"))
    editor: TurnEditor = field(default_factory=lambda: TurnEditor(id="editor"))
    empty: SafeText = field(default_factory=lambda: SafeText(id="empty"))
    detail: MentionDetail = field(default_factory=lambda: MentionDetail(id="detail"))
    notices: SafeText = field(default_factory=lambda: SafeText(id="notices"))
    mentions: MentionList = field(default_factory=lambda: MentionList(id="mentions"))
    player: SafeText = field(default_factory=lambda: SafeText(id="player"))
    progress: SafeText = field(default_factory=lambda: SteadyText(id="progress"))
    timeline: Timeline = field(default_factory=lambda: Timeline(id="timeline"))
    status: SafeText = field(default_factory=lambda: StatusText(id="status"))
