"""The line that tells of work in the background: what, how far, how long still."""

from __future__ import annotations

from textual.message import Message

from study.screen_text import clock
from study.steps import Progress
from tui.jobs import Work
from tui.widgets.plain import Plain
from tui.widgets.wording import span

_BAR = 16
_DOING = {"transcribe": "Transcribing", "anonymise": "Anonymising", "export": "Handing over"}


class WorkAdvanced(Message, bubble=False):
    """Work beside the screen has got further; a newer one makes this one stale."""

    def __init__(self, progress: Progress, left_s: float | None) -> None:
        super().__init__()
        self.progress, self.left_s = progress, left_s

    def can_replace(self, message: Message) -> bool:
        """Whether this one makes ``message`` superfluous."""
        return isinstance(message, WorkAdvanced)


class WorkLine(Plain):
    """One line, out of sight while nothing is being done."""

    DEFAULT_CSS = """
    WorkLine { height: 1; display: none; text-wrap: nowrap; text-overflow: ellipsis; }
    WorkLine.-working { display: block; }
    """

    def tell(self, work: Work | None) -> None:
        """Show the state of the work, or nothing."""
        self.set_class(work is not None, "-working")
        if work is not None:
            self.say(*_sentence(work))


def _sentence(work: Work) -> tuple[str | tuple[str, str], ...]:
    doing = f"{_DOING[work.verb]} {work.label}  "
    if work.is_live:
        until = "" if work.progress is None else f"up to {clock(work.progress.done)}"
        return (doing, "as it is recorded  ", until)
    if work.is_stopping:
        return (doing, "stopping; what is finished is kept")
    if work.progress is None or work.progress.total <= 0:
        return (doing, "starting …   s stops it")
    share = min(1.0, max(0.0, work.progress.done / work.progress.total))
    full = round(share * _BAR)
    left = "" if work.left_s is None else f"  {span(work.left_s)} left"
    more = f"   then {work.waiting} more" if work.waiting else ""
    return (
        doing,
        ("━" * full, "$done"),
        ("─" * (_BAR - full), "$quiet"),
        f" {int(share * 100)} %{left}   s stops it{more}",
    )
