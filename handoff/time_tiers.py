"""An interview as tiers of intervals, as ELAN, Praat and EXMARaLDA hold it.

Each speaker has a tier of turns and, where words have times, one of words; what happened between
turns has a tier of its own. Within a tier nothing overlaps, and everything lasts a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from handoff.export_input import ExportInput
from handoff.spoken_words import TimedWord
from handoff.transcript_lines import TranscriptLine, compute_times_ms

EVENT_TIER = "events"
_SEEN_S = 0.2  # an event without a length is drawn as long as this


@dataclass(frozen=True, slots=True)
class TimeTier:
    """A tier: (start, end, text) in milliseconds, in order.

    speaker: "" for events. is_words: of words, which lie within the turns of the tier before it.
    """

    name: str
    speaker: str
    spans: tuple[tuple[int, int, str], ...]
    is_words: bool = False


def build_tiers(material: ExportInput) -> list[TimeTier]:
    """Return the tiers: speakers in the order in which they first speak, and events last."""
    by_speaker: dict[str, list[TranscriptLine]] = {}
    for line in material.lines:
        by_speaker.setdefault(line.speaker, []).append(line)
    events = [
        replace(line, end_s=max(line.end_s, line.start_s + _SEEN_S))
        for line in by_speaker.pop("", [])
    ]
    tiers: list[TimeTier] = []
    for speaker, lines in by_speaker.items():
        times = compute_times_ms(lines)
        pairs = list(zip(lines, times, strict=True))
        tiers.append(TimeTier(speaker, speaker, tuple((a, b, line.text) for line, (a, b) in pairs)))
        if words := tuple(span for line, time in pairs for span in _place_words(line.words, time)):
            tiers.append(TimeTier(f"{speaker} words", speaker, words, is_words=True))
    if events:
        spans = zip(events, compute_times_ms(events), strict=True)
        tiers.append(TimeTier(EVENT_TIER, "", tuple((a, b, line.text) for line, (a, b) in spans)))
    return tiers


def name_role(material: ExportInput, speaker: str) -> str:
    """Return the role of a speaker by their code, "" where nobody said it."""
    return next((c.attributes.get("role", "") for c in material.cases if c.code == speaker), "")


def _place_words(
    words: Sequence[TimedWord], turn: tuple[int, int]
) -> Iterator[tuple[int, int, str]]:
    """Yield words in whole milliseconds of their turn; none where the turn has too few of them."""
    least, most = turn
    if most - least < len(words):
        return
    bounds: list[tuple[int, int]] = []
    for number, word in enumerate(words):
        left = len(words) - number - 1  # words that need a millisecond each behind it
        start = min(max(round(word.start_s * 1000), least), most - left - 1)
        end = min(max(round(word.end_s * 1000), start + 1), most - left)
        bounds.append((start, end))
        least = end
    for word, (start, end) in zip(words, bounds, strict=True):
        yield start, end, word.text
