"""The line about work in the background: which, how far, and the time left."""

from __future__ import annotations

from textual.message import Message

from app import HEAR_AGAIN, SPEAKERS_VERB, TELLING_VOICES, BackgroundWork, format_duration
from study import TaskProgress, format_clock
from tui.key_names import with_keys
from tui.widgets.safe_text import SafeText

_BAR = 10
_SAID_S = 8.0
_DOING = {
    "transcribe": "Transcribing",
    "anonymise": "Anonymising",
    "export": "Handing over",
    SPEAKERS_VERB: "Telling voices apart in",
    HEAR_AGAIN: "Hearing again",
    "send": "Sealing",
    "receive": "Reading",
}
_BUSY = "This computer is busy with other programs, so this goes slowly."
_ALL_OR_NOTHING = frozenset({"send", "receive"})
_RUNS = {
    "transcribe": "It is being transcribed",
    "anonymise": "Identifying details are being looked for",
    "export": "It is being handed over",
    SPEAKERS_VERB: "Its voices are being told apart",
    HEAR_AGAIN: "It is being heard again",
}


def describe_running(work: BackgroundWork, *, names_model: bool = False) -> str:
    """Say in a sentence what runs on an interview, in place of what to do next.

    names_model: there is room for the model's name, which the line of the work has as well.
    """
    is_telling = work.progress is not None and work.progress.what == TELLING_VOICES
    runs = _RUNS[SPEAKERS_VERB if is_telling else work.verb]
    model = f" by the model {work.model}" if names_model and work.model and not is_telling else ""
    return f"{runs}{model}; progress is shown below."


class WorkAdvanced(Message, bubble=False):
    """Background work has progressed; a newer message replaces this one."""

    def __init__(self, progress: TaskProgress, left_s: float | None) -> None:
        super().__init__()
        self.progress, self.left_s = progress, left_s

    def can_replace(self, message: Message) -> bool:
        """Whether ``message``, an older one, may be dropped."""
        return isinstance(message, WorkAdvanced)


class WorkLine(SafeText):
    """One line, hidden while no work runs."""

    DEFAULT_CSS = """
    WorkLine { height: 1; display: none; text-wrap: nowrap; text-overflow: ellipsis; }
    WorkLine.-working, WorkLine.-saying { display: block; }
    WorkLine.-starved { height: 2; }
    WorkLine.-saying { height: auto; max-height: 2; text-wrap: wrap; }
    """
    _work: BackgroundWork | None = None

    def show_work(self, work: BackgroundWork | None) -> None:
        """Show the state of the work, or nothing."""
        self._work = work
        self.set_class(work is not None, "-working")
        self.set_class(_is_held_up(work), "-starved")
        if work is not None and not self.has_class("-saying"):
            width = self.size.width or self.screen.size.width - 2  # it is not laid out yet
            why = [("\n" + _BUSY, "$open")] if _is_held_up(work) else []
            self.say(*_sentence(work, width), *why)

    def say_for_now(self, sentence: str) -> None:
        """Show a sentence in place of the work until the next key, or for some seconds."""
        if sentence:
            self.add_class("-saying")
            self.say((sentence, "$open"))
            self._end = self.set_timer(_SAID_S, self.say_nothing)

    def say_nothing(self) -> None:
        """Show the work again, or nothing."""
        if self.has_class("-saying"):
            self.remove_class("-saying")
            self._end.stop()
            self.show_work(self._work)


def _is_held_up(work: BackgroundWork | None) -> bool:
    return work is not None and work.is_starved and not work.is_stopping


def _sentence(work: BackgroundWork, width: int) -> tuple[str | tuple[str, str], ...]:
    """Return the line, with the model's name where there is room for it."""
    is_telling = work.progress is not None and work.progress.what == TELLING_VOICES
    doing = f"{_DOING[SPEAKERS_VERB if is_telling else work.verb]} {work.label}"
    rest = _describe_progress(work)
    length = len(doing) + sum(len(part if isinstance(part, str) else part[0]) for part in rest)
    model = f" ({work.model})" if work.model and not is_telling else ""
    has_room = length + len(model) <= width
    return (f"{doing}{model if has_room else ''}", *rest)


def _describe_progress(work: BackgroundWork) -> tuple[str | tuple[str, str], ...]:
    stops = with_keys("{home.stop} stops it")
    if work.is_live:
        until = "" if work.progress is None else f"up to {format_clock(work.progress.done)}"
        return ("  as it is recorded  ", until)
    if work.is_stopping:
        is_kept = work.verb not in _ALL_OR_NOTHING
        return ("  stopping; what is finished is kept" if is_kept else "  stopping …",)
    if work.progress is None or work.progress.total <= 0:
        return (f"  starting …   {stops}",)
    share = min(1.0, max(0.0, work.progress.done / work.progress.total))
    full = round(share * _BAR)
    unknown = "  estimating" if not share else ""
    left = unknown if work.left_s is None else f"  {format_duration(work.left_s)} left"
    more = f"  then {work.waiting} more" if work.waiting else ""
    return (
        "  ",
        ("━" * full, "$done"),
        ("─" * (_BAR - full), "$quiet"),
        f" {int(share * 100)}%{left}  {stops}{more}",
    )
