"""Which seconds of the sound may not be heard, and the sound with those covered.

Covered is what stands replaced in the text, by the times of its words with a margin on both sides;
where its words have no times, the whole turn. Covered, too, is speech that has no words, for
nobody read it, and what was heard once and no longer stands in the text: a participant may have
had it taken out. More is covered rather than less.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np

from study import decided
from study.aligning import spans as places
from study.artefacts import Kind
from study.decided import Decided
from study.errors import SoundRefused
from study.intervals import Interval, intersect, merge
from study.recordings import Sound
from study.screen_text import clock
from study.store import Study
from study.terms import Transcript, Turn, fold

MARGIN_S = 0.3  # word times of the engine are right to about 0.2 s; a name must not be heard
_TONE_HZ, _TONE_LEVEL = 440.0, 0.1  # -20 dBFS: heard beside speech, and not louder than it
_BLOCK_S = 1
_SHORTEST = 4  # letters
_WORD = re.compile(r"[^\W_]+")


def spans(study: Study, interview: str, duration_s: float) -> list[Interval]:
    """Return what to cover, in seconds of the interview's sound, in order and apart.

    Raises:
        SoundRefused: the transcript has no times.
    """
    source = decided.newest(study, interview)
    raw = study.get(interview, Kind.RAW, Transcript)
    if source is None or raw is None or not source.transcript.is_timed:
        raise SoundRefused("its words have no times")
    turns = {turn.key: turn for turn in source.transcript.turns}
    replaced = [one for one in decided.read(study, interview) if one.is_replaced]
    found = [_of_mention(turns[one.mention.turn], one) for one in replaced]
    coverage = source.transcript.coverage
    found += coverage.gaps if coverage else ()
    found += _gone(raw.turns, source.transcript.turns)
    return intersect(merge(found, MARGIN_S), [(0.0, duration_s)])


def still_heard(study: Study, interview: str, heard: Iterable[tuple[Interval, str]]) -> list[str]:
    """Return where something that was covered is understood all the same.

    heard: each word that a speech model understands, and from when to when. Only what was said
    there counts: over a tone or a silence small models invent, and an invented name tells nothing.
    """
    source = decided.newest(study, interview)
    turns = {turn.key: turn for turn in source.transcript.turns} if source else {}
    words = decided.words(study, interview)
    said = [
        (_of_mention(turns[one.mention.turn], one), _parts(words[one.mention.key]))
        for one in decided.read(study, interview)
        if one.is_replaced
    ]
    found: list[str] = []
    for (begin, stop), text in heard:
        understood = _parts(text)
        for (start_s, end_s), parts in said:
            if begin < end_s and start_s < stop and parts & understood:
                found.append(f"the sound at {clock(start_s)}")
    return list(dict.fromkeys(found))


def _parts(text: str) -> frozenset[str]:
    """Return the words by which something can be known again: short ones are in every sentence."""
    parts = frozenset(_WORD.findall(fold(text)))
    return frozenset(part for part in parts if len(part) >= _SHORTEST or part.isdecimal())


def _of_mention(turn: Turn, one: Decided) -> Interval:
    start, end = one.mention.start, one.mention.end
    inside = [
        word for word, (a, b) in zip(turn.words, places(turn), strict=True) if a < end and start < b
    ]
    if not inside:
        return turn.start_s, turn.end_s
    return min(word.start_s for word in inside), max(word.end_s for word in inside)


def _gone(before: Iterable[Turn], now: Iterable[Turn]) -> Iterator[Interval]:
    """Yield the times of words that were heard and that no word of the text has any more."""
    standing = merge(span for turn in now for span in _said(turn))
    starts = np.array([start_s for start_s, _ in standing])
    for turn in before:
        for start_s, end_s in _said(turn):
            at = int(np.searchsorted(starts, (start_s + end_s) / 2, side="right")) - 1
            if at < 0 or standing[at][1] <= (start_s + end_s) / 2:
                yield start_s, end_s


def _said(turn: Turn) -> list[Interval]:
    return [(word.start_s, word.end_s) for word in turn.words] or [(turn.start_s, turn.end_s)]


class Covered:
    """An interview's sound with a tone, or silence, over what may not be heard.

    It reads as ``study.recordings.Sound`` does, and holds a block in memory at a time.
    """

    def __init__(self, sound: Sound, over: Iterable[Interval], *, silent: bool) -> None:
        self._sound, self.form, self.frames = sound, sound.form, sound.frames
        rate = self.form.rate
        self._over = [(int(a * rate), int(np.ceil(b * rate))) for a, b in over]
        self._level = 0.0 if silent else _TONE_LEVEL

    def read(self, first: int, frames: int) -> bytes:
        """Return interleaved 16-bit PCM from frame ``first`` on; fewer frames at the end."""
        pcm = self._sound.read(first, frames)
        samples = np.frombuffer(pcm, dtype="<i2").reshape(-1, self.form.channels).copy()
        for begin, stop in self._over:
            a, b = max(begin, first) - first, min(stop, first + len(samples)) - first
            if a < b:
                samples[a:b] = self._tone(first + a, b - a)[:, None]
        return samples.tobytes()

    def blocks(self) -> Iterator[bytes]:
        """Yield all of it, a second at a time."""
        step = self.form.rate * _BLOCK_S
        for first in range(0, self.frames, step):
            yield self.read(first, step)

    def _tone(self, first: int, frames: int) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
        at_s = np.arange(first, first + frames) / self.form.rate
        return np.rint(32767 * self._level * np.sin(2 * np.pi * _TONE_HZ * at_s)).astype(np.int16)
