"""From words to turns: who spoke, in what order, and what of the speech has words.

Pure functions; the times of words are put right here, and passages without words become turns
of their own, so that nobody takes them for silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from study.terms import Coverage, Flag, Turn, Word

NOT_TRANSCRIBED = "(not transcribed)"
UNKNOWN_SPEAKER = "S?"
_NEW_TURN_S = 0.8  # a pause this long begins a new turn of the same speaker's channel
_JOINED_TURN_S = 2.0  # unless nobody else spoke meanwhile and it is shorter than this
_LONGEST_WORD_S = 2.0
_NEAR_S = 0.5  # speech this close to a word counts as covered by it
_GAP_S = 1.0  # shorter passages without words are breath, not speech


@dataclass(frozen=True, slots=True)
class Heard:
    """What the model heard in one window, as it is saved."""

    number: int
    channel: int
    start_s: float
    end_s: float
    speech: tuple[tuple[float, float], ...]
    words: tuple[Word, ...]


def clamped(words: Sequence[Word], start_s: float, end_s: float) -> tuple[Word, ...]:
    """Bring the words' times into their window, in order, none longer than 2 s."""
    good: list[Word] = []
    floor_s = start_s
    for word in words:
        begin_s = min(max(word.start_s, floor_s), end_s)
        stop_s = min(max(word.end_s, begin_s), end_s, begin_s + _LONGEST_WORD_S)
        good.append(replace(word, start_s=begin_s, end_s=stop_s))
        floor_s = begin_s
    return tuple(good)


def turns(heard: Iterable[Heard], speakers: Sequence[str], *, by_channel: bool) -> tuple[Turn, ...]:
    """Put the windows of all channels into turns, ordered by when they began.

    speakers: the code of each channel. by_channel: every channel is a speaker; else all are
    ``UNKNOWN_SPEAKER`` and a pause alone begins a new turn.
    """
    parts = sorted(
        (part for window in heard for part in _parts(window)),
        key=lambda part: (part.start_s, part.end_s),
    )
    made: list[Turn] = []
    for part in parts:
        speaker = speakers[part.channel] if by_channel else UNKNOWN_SPEAKER
        if made and by_channel and _continues(made[-1], speaker, part):
            made[-1] = _longer(made[-1], part)
        else:
            made.append(_turn(len(made) + 1, speaker, part))
    return tuple(made)


def coverage(heard: Sequence[Heard], sound_s: float) -> Coverage:
    """Return how much of the speech has words, and which passages have none."""
    speech_s = covered_s = 0.0
    gaps: list[tuple[float, float]] = []
    for window in heard:
        words = [(w.start_s - _NEAR_S, w.end_s + _NEAR_S) for w in window.words]
        for start_s, end_s in window.speech:
            bare = _without((start_s, end_s), words)
            missing_s = sum(b - a for a, b in bare)
            speech_s += end_s - start_s
            covered_s += end_s - start_s - missing_s
            gaps += [(round(a, 2), round(b, 2)) for a, b in bare if b - a >= _GAP_S]
    return Coverage(round(sound_s, 2), round(speech_s, 2), round(covered_s, 2), tuple(sorted(gaps)))


def _without(
    span: tuple[float, float], covers: Iterable[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Return what of ``span`` no cover lies over."""
    bare: list[tuple[float, float]] = []
    at_s, end_s = span
    for a, b in sorted(covers):
        if a > at_s:
            bare.append((at_s, min(a, end_s)))
        at_s = max(at_s, b)
        if at_s >= end_s:
            return bare
    return [*bare, (at_s, end_s)]


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of words without a pause, or a passage without words."""

    channel: int
    start_s: float
    end_s: float
    words: tuple[Word, ...]


def _parts(window: Heard) -> list[_Part]:
    if not window.words:
        return [_Part(window.channel, window.start_s, window.end_s, ())]
    runs: list[list[Word]] = [[window.words[0]]]
    for word in window.words[1:]:
        if word.start_s - runs[-1][-1].end_s >= _NEW_TURN_S:
            runs.append([])
        runs[-1].append(word)
    return [_Part(window.channel, r[0].start_s, r[-1].end_s, tuple(r)) for r in runs]


def _turn(key: int, speaker: str, part: _Part) -> Turn:
    flags = () if part.words else (Flag("gap", "speech was heard here, and no words"),)
    text = _text(part.words) or NOT_TRANSCRIBED
    return Turn(key, speaker, part.start_s, part.end_s, text, part.words, flags)


def _text(words: Iterable[Word]) -> str:
    return "".join(word.text for word in words).strip()


def _continues(turn: Turn, speaker: str, part: _Part) -> bool:
    pause_s = part.start_s - turn.end_s
    return bool(turn.speaker == speaker and turn.words and part.words and pause_s < _JOINED_TURN_S)


def _longer(turn: Turn, part: _Part) -> Turn:
    words = (*turn.words, *part.words)
    return replace(turn, end_s=part.end_s, text=_text(words), words=words)
