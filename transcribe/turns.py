"""From words to turns: who spoke, and in what order.

Pure functions. Passages without words become turns of their own, so that nobody takes them for
silence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from study.events import BREAKS
from study.terms import Flag, Mark, MarkKind, Turn, Word
from transcribe.heard import Heard, bare

NOT_TRANSCRIBED = "(not transcribed)"
UNKNOWN_SPEAKER = "S?"
_NEW_TURN_S = 0.8  # a pause this long begins a new turn of the same speaker's channel
_JOINED_TURN_S = 2.0  # unless nobody else spoke meanwhile and it is shorter than this


def turns(
    heard: Iterable[Heard],
    speakers: Sequence[str],
    *,
    by_channel: bool,
    events: Iterable[Mark] = (),
) -> tuple[Turn, ...]:
    """Put the windows of all channels into turns, ordered by when they began.

    speakers: the code of each channel. by_channel: every channel is a speaker; else it is whom
    the interviewer named last, and ``UNKNOWN_SPEAKER`` before that. events: ordered by time. No
    turn runs on over a topic, a silence, a change of the one who speaks or a place where sound is
    missing: what it says is parted there between two words, each going where its middle lies, and
    both parts end at that time. A passage without words stays whole.
    """
    sections = _sections(events, by_channel=by_channel)
    parts = sorted(
        (part for window in heard for whole in _parts(window) for part in _cut(whole, sections)),
        key=lambda part: (part.start_s, part.end_s),
    )
    made: list[Turn] = []
    before: _Part | None = None
    for part in parts:
        speaker = speakers[part.channel] if by_channel else sections[part.section].speaker
        if before and before.section == part.section and _continues(made[-1], speaker, part):
            made[-1] = _longer(made[-1], part)
        else:
            made.append(_turn(len(made) + 1, speaker, part))
        before = part
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Section:
    """A stretch of the recording over whose beginning no turn runs."""

    start_s: float
    speaker: str


def _sections(events: Iterable[Mark], *, by_channel: bool) -> list[_Section]:
    """Return them in order; the first has no beginning."""
    found = [_Section(float("-inf"), UNKNOWN_SPEAKER)]
    for event in events:
        if event.kind in BREAKS or event.kind == MarkKind.SILENCE:
            found.append(_Section(event.at_s, found[-1].speaker))
        elif event.kind == MarkKind.SPEAKER and not by_channel and event.note != found[-1].speaker:
            found.append(_Section(event.at_s, event.note))
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of words without a pause, or a passage without words, in one section."""

    channel: int
    start_s: float
    end_s: float
    words: tuple[Word, ...]
    section: int = 0


def _cut(part: _Part, sections: Sequence[_Section]) -> Iterator[_Part]:
    """Part a run of words where a section begins."""
    starts = [section.start_s for section in sections]
    if not part.words:
        yield replace(part, section=bisect_right(starts, part.start_s) - 1)
        return
    placed: list[tuple[int, Word]] = []
    number = 0
    for word in part.words:  # a section is never gone back to: words stay in their order
        number = max(number, bisect_right(starts, (word.start_s + word.end_s) / 2) - 1)
        placed.append((number, word))
    for number, run in groupby(placed, key=lambda pair: pair[0]):
        words = tuple(word for _, word in run)
        following_s = starts[number + 1] if number + 1 < len(starts) else float("inf")
        start_s = max(words[0].start_s, starts[number])
        end_s = max(start_s, min(words[-1].end_s, following_s))
        yield _Part(part.channel, start_s, end_s, words, number)


def _parts(window: Heard) -> list[_Part]:
    runs: list[list[Word]] = []
    for word in window.words:
        if not runs or word.start_s - runs[-1][-1].end_s >= _NEW_TURN_S:
            runs.append([])
        runs[-1].append(word)
    said = [_Part(window.channel, r[0].start_s, r[-1].end_s, tuple(r)) for r in runs]
    return said + [_Part(window.channel, a, b, ()) for a, b in bare(window)]


def _turn(key: int, speaker: str, part: _Part) -> Turn:
    flags = () if part.words else (Flag("gap", "speech was heard here, and no words"),)
    text = _text(part.words) or NOT_TRANSCRIBED
    return Turn(key, speaker, part.start_s, part.end_s, text, part.words, flags)


def _text(words: Iterable[Word]) -> str:
    return "".join(word.text for word in words).strip()


def _continues(turn: Turn, speaker: str, part: _Part) -> bool:
    pause_s = part.start_s - turn.end_s
    is_same = turn.speaker == speaker != UNKNOWN_SPEAKER
    return bool(is_same and turn.words and part.words and pause_s < _JOINED_TURN_S)


def _longer(turn: Turn, part: _Part) -> Turn:
    words = (*turn.words, *part.words)
    return replace(turn, end_s=part.end_s, text=_text(words), words=words)
