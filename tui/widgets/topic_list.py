"""The topic guide beside a recording: what is being talked of, and what is still unasked."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from study import GuideTopic, sanitise_text
from tui.key_names import with_keys
from tui.widgets.line_breaks import find_line_breaks
from tui.widgets.safe_text import SteadyText, TextPart

_INDENT = 3
_LEAST_FOR_THE_REST = 4  # lines kept for what is still unasked, however many probes there are


class TopicList(SteadyText):
    """The topic of now with its probes, then those that were not begun."""

    DEFAULT_CSS = "TopicList { text-wrap: nowrap; }"

    def __init__(self, topics: Sequence[GuideTopic], *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._topics = topics

    def show(self, current: int | None, asked: Sequence[int]) -> None:
        """Show how far the guide is; both count from nought."""
        self.say(*format_topics(self._topics, current, asked, self.size.width, self.size.height))


def format_topics(
    topics: Sequence[GuideTopic], current: int | None, asked: Sequence[int], width: int, height: int
) -> list[TextPart]:
    """Write what fits in ``width`` columns and ``height`` lines; the rest is counted."""
    if not topics:
        return [("No topic guide.", "$quiet")]
    now = _now(topics, current, width)
    rest = [number for number in range(len(topics)) if number not in asked]
    room = max(_LEAST_FOR_THE_REST, height - len(now) - 2)
    now = now[: max(1, height - min(room, len(rest) + 1) - 2)]
    done = len(set(asked))
    lines: list[TextPart] = [(f"Topics: {done} of {len(topics)} begun", "bold $done"), "\n"]
    for line in now:
        lines += [line, "\n"]
    lines += ["\n", *_unasked(topics, rest, width, height - len(now) - 2)]
    return lines


def find_next_topic(
    topics: Sequence[GuideTopic], current: int | None, asked: Sequence[int]
) -> int | None:
    """Return which topic comes next: the first unasked one below this one, else the first."""
    rest = [number for number in range(len(topics)) if number not in asked]
    below = [number for number in rest if current is not None and number > current]
    return next(iter(below or rest), None)


def _now(topics: Sequence[GuideTopic], current: int | None, width: int) -> list[TextPart]:
    if current is None or current >= len(topics):
        return [
            (line, "$quiet")
            for line in _wrapped(
                "", with_keys("No topic yet: {record.next} starts the next."), width
            )
        ]
    topic = topics[current]
    lines: list[TextPart] = [
        (line, "bold $open") for line in _wrapped(f"▸{current + 1} ", topic.heading, width)
    ]
    for probe in topic.probes:
        lines += _wrapped(" - ", probe, width)
    return lines


def _unasked(
    topics: Sequence[GuideTopic], rest: Sequence[int], width: int, lines: int
) -> list[TextPart]:
    if not rest:
        return [("✓ Every topic was begun.", "$done")]
    shown = rest if len(rest) < lines else rest[: max(1, lines - 2)]
    parts: list[TextPart] = [("Not asked yet", "bold")]
    parts += ["\n" + _cut(f"{n + 1:>2} {sanitise_text(topics[n].heading)}", width) for n in shown]
    if len(shown) < len(rest):
        lists = with_keys("{record.topics} lists all")
        parts.append((f"\n   and {len(rest) - len(shown)} more: {lists}", "$quiet"))
    return parts


def _wrapped(begin: str, text: str, width: int) -> list[str]:
    shown, indent = sanitise_text(text), max(len(begin), _INDENT) if begin else 0
    ends = find_line_breaks(shown, max(8, width - indent))
    starts = [0, *ends[:-1]]
    lines = [shown[start:end].rstrip() for start, end in zip(starts, ends, strict=True)]
    return [begin.ljust(indent) + lines[0], *(" " * indent + line for line in lines[1:])]


def _cut(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - 1)).rstrip() + "…"
