"""Read WebVTT and SRT, as Teams, Zoom, noScribe and subtitle programs write them.

Accepts missing hours, a comma or a point, cues without a number, notes, styles, identifiers of any
kind. A speaker stands in a voice tag (``<v Name>``) or before a colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from capture.transcript_import.imported_turn import (
    CLOCK_PATTERN,
    ImportedTurn,
    join_cues,
    parse_clock_s,
    tidy_line,
)
from capture.transcript_import.labelled_lines import SpeakerLabels
from study import unescape_html

CUE_ARROW = re.compile(rf"^\s*{CLOCK_PATTERN}\s*-->\s*{CLOCK_PATTERN}")
# No tag reaches over the next one, so that a file of beginnings is not searched once for each.
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?(?:\s([^<>]*))?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>|<\d[\d:.]*>", re.IGNORECASE)
_SKIPPED = ("NOTE", "STYLE", "REGION", "WEBVTT")


def read_cues(text: str) -> list[ImportedTurn]:
    """Return the cues as turns, in order; a cue with two voices gives two."""
    cues = list(_cues(text))
    labels = SpeakerLabels(
        line for cue in cues if not cue.speaker for line in cue.text.splitlines()
    )
    return join_cues(ImportedTurn(c.speaker, tidy_line(c.text), c.start_s, c.end_s)
                  for cue in cues for c in _split(cue, labels))  # fmt: skip


def _cues(text: str) -> Iterator[ImportedTurn]:
    for block in re.split(r"\n\s*\n", text):
        lines = block.strip("\n").splitlines()
        at = next((i for i, line in enumerate(lines) if CUE_ARROW.match(line)), None)
        if at is None or lines[0].startswith(_SKIPPED[:3]):
            continue
        times = CUE_ARROW.match(lines[at])
        assert times is not None
        start_s, end_s = parse_clock_s(times), parse_clock_s(times, 5)
        payload = "\n".join(lines[at + 1 :])
        for speaker, words in _voices(payload):
            yield ImportedTurn(speaker, words, start_s, max(start_s, end_s))


def _voices(payload: str) -> Iterator[tuple[str, str]]:
    """Yield the speaker and the words of each voice in a cue."""
    parts = _VOICE.split(payload)
    if parts[0].strip():
        yield "", _plain(parts[0])
    for name, words in zip(parts[1::2], parts[2::2], strict=True):
        yield tidy_line(unescape_html(name or "")), _plain(words)


def _plain(words: str) -> str:
    return unescape_html(_TAG.sub("", words))


def _split(cue: ImportedTurn, labels: SpeakerLabels) -> Iterator[ImportedTurn]:
    """Split a cue where a line begins with a speaker: Zoom writes "Name: words"."""
    if cue.speaker:
        yield cue
        return
    speaker, words = "", list[str]()
    for line in cue.text.splitlines():
        found = labels.split_line(line)
        if found is None:
            words.append(line)
            continue
        if words:
            yield ImportedTurn(speaker, " ".join(words), cue.start_s, cue.end_s)
        speaker, words = found[0], [found[1]]
    yield ImportedTurn(speaker, " ".join(words), cue.start_s, cue.end_s)
