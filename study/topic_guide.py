"""The topic guide of a study: the topics of an interview, in any order, with their probes.

It is a small Markdown file: headings are topics, list items below them are probes, and all other
text is for the reader. The study stores it as it was written, version by version. Topics and
probes are sanitised for the screen; a file that is no guide is refused, never half read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from study.errors import BadGuide, GuideFlaw
from study.screen_text import sanitise_text
from study.small_text import LINE_END, PlainText

# A guide for an hour's talk fills one to four pages of some 50 lines. Five times the longest is
# still drawn and searched at once; what is longer is another file.
MOST_GUIDE_LINES = 1_000
MOST_GUIDE_BYTES = 64 * 1024
LONGEST_HEADING = 200  # characters; it is written into the sound each time its topic begins
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(.*)")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})(.*)")
_LEAST_BREAK = 3  # "---", "* * *": a line across the page, and no item
_PLAIN_TEXT = PlainText(
    MOST_GUIDE_BYTES,
    MOST_GUIDE_LINES,
    not_there=lambda: BadGuide(GuideFlaw.NOT_THERE),
    not_text=lambda: BadGuide(GuideFlaw.NOT_TEXT),
    too_long=lambda: BadGuide(
        GuideFlaw.TOO_LONG, most_lines=MOST_GUIDE_LINES, most_kb=MOST_GUIDE_BYTES // 1024
    ),
)


@dataclass(frozen=True, slots=True)
class GuideTopic:
    """One topic, with the probes that may be asked in it. Neither holds a control character."""

    heading: str
    probes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicGuide:
    """A topic guide: the text as it was written, and what Earshot reads in it."""

    text: str
    topics: tuple[GuideTopic, ...]


def parse_topic_guide(written: str | bytes) -> TopicGuide:
    """Read a guide, which has at least one topic.

    A first heading that is the only ``#`` above deeper ones is its title and no topic; list items
    below it are for the reader, like all other text.

    Raises:
        BadGuide: it is empty, without a topic, no UTF-8 text, or far too long. Nothing else is
            ever raised, whatever the bytes.
    """
    text = _PLAIN_TEXT.decode(written)
    if not text.strip():
        raise BadGuide(GuideFlaw.EMPTY)
    found = list(_topics(text))
    levels = [level for level, _ in found]
    if len(levels) > 1 and levels[0] == 1 and 1 not in levels[1:]:
        del found[0]
    if not found:
        raise BadGuide(GuideFlaw.NO_TOPIC)
    return TopicGuide(text, tuple(topic for _, topic in found))


def load_topic_guide(path: Path) -> TopicGuide:
    """Read a guide from a file.

    Raises:
        BadGuide: the file is not there or may not be read, and as ``parse_topic_guide``.
    """
    return parse_topic_guide(_PLAIN_TEXT.read(path))


def _topics(text: str) -> Iterator[tuple[int, GuideTopic]]:
    """Yield the topics with the depth of their headings, 1 to 6."""
    level, heading = 0, ""
    probes: list[str] = []
    is_in_probe = False
    for line in _outside_fences(text):
        below, probe = _heading(line), _probe(line)
        if below is not None:
            if heading:
                yield level, GuideTopic(heading, tuple(probes))
            (level, heading), probes, is_in_probe = below, [], False
        elif probe:
            probes.append(probe)
            is_in_probe = True
        elif is_in_probe and line[:1].isspace() and _shown(line):
            probes[-1] += f" {_shown(line)}"
        else:
            is_in_probe = False
    if heading:
        yield level, GuideTopic(heading, tuple(probes))


def _outside_fences(text: str) -> Iterator[str]:
    """Yield the lines, empty ones for code blocks; one that is never closed takes all the rest."""
    fence = ""
    for line in LINE_END.split(text):
        found = _FENCE.fullmatch(line)
        mark, rest = (found[1], found[2]) if found else ("", "")
        is_inside = bool(fence)
        if is_inside and mark.startswith(fence) and not rest.strip():
            fence = ""
        elif not is_inside and mark and not (mark[0] == "`" and "`" in rest):
            fence = mark
        yield "" if is_inside or fence else line


def _heading(line: str) -> tuple[int, str] | None:
    found = _HEADING.fullmatch(line)
    if found is None:
        return None
    text = (found[2] or "").strip()
    bare = text.rstrip("#")
    if not bare or bare[-1] in " \t":
        text = bare
    shown = _shown(text)
    if len(shown) > LONGEST_HEADING:
        shown = shown[: LONGEST_HEADING - 1] + "\u2026"
    return (len(found[1]), shown) if shown else None


def _probe(line: str) -> str:
    """Return the words of a list item, empty for any other line."""
    found = _ITEM.fullmatch(line)
    signs = "".join(line.split())
    is_break = len(signs) >= _LEAST_BREAK and signs[0] in "-*_" and len(set(signs)) == 1
    return _shown(found[1]) if found and not is_break else ""


def _shown(text: str) -> str:
    return sanitise_text(" ".join(text.split())).strip()
