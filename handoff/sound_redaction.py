"""Find the passages of the sound that identify somebody, and cover them.

They are the words that are replaced in the text, with a margin on both sides, or the whole turn
where its words have no times. Where a person typed the words, nobody measured their times: then all
that lies between the nearest measured words is covered, and at least as long as such words take to
say. So is speech without words, because nobody read it; and words that were
transcribed once and are no longer in the text, because a participant may have had them removed.
In doubt more is covered, never less.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from handoff.spoken_words import find_typed_times
from study import (
    ArtefactKind,
    DecidedMention,
    Interval,
    Transcript,
    Turn,
    Word,
    find_word_spans,
    fold_name,
    format_clock,
    intersect_intervals,
    merge_intervals,
)
from study.errors import SoundRefused
from study.store import (
    Interview,
    InterviewSound,
    read_decisions,
    read_mention_words,
    read_newest_transcript,
)

MARGIN_S = 0.3  # the engine's word times are right to about 0.2 s
_TONE_HZ, _TONE_LEVEL = 440.0, 0.1  # -20 dBFS: audible beside speech, and not louder
_BLOCK_S = 1
_SHORTEST = 3  # letters of a word by which a person may be recognised: Ann, Raj, Lee
# Words of three letters that are in every talk, and of which names of places are made.
_EVERYDAY_WORDS = "the and for was are but not you she her his him had has our out all"
_EVERYDAY = frozenset(_EVERYDAY_WORDS.split())
_LETTER_S = 0.08  # to say a letter, where no word of the turn tells
_FASTEST_S, _SLOWEST_S = 0.04, 0.3
_WORD = re.compile(r"[^\W_]+")


def find_spans_to_cover(interview: Interview, duration_s: float) -> list[Interval]:
    """Return the passages to cover, in seconds of the interview's sound, in order, none touching.

    Raises:
        SoundRefused: the transcript has no times.
    """
    source = read_newest_transcript(interview)
    raw = interview.read_artefact(ArtefactKind.RAW, Transcript)
    if source is None or raw is None or not source.transcript.is_timed:
        raise SoundRefused("its words have no times")
    turns = {turn.key: turn for turn in source.transcript.turns}
    replaced = [one for one in read_decisions(interview) if one.is_replaced]
    typed = find_typed_times(interview, source.transcript)
    spans = [_find_mention(turns[one.mention.turn], one, typed) for one in replaced]
    coverage = source.transcript.coverage
    spans += coverage.gaps if coverage else ()
    spans += _find_removed(raw.turns, source.transcript.turns)
    return intersect_intervals(merge_intervals(spans, MARGIN_S), [(0.0, duration_s)])


def list_understood_originals(
    interview: Interview, heard_words: Iterable[tuple[Interval, str]]
) -> list[str]:
    """Return the places where a speech model still understands an original that was covered.

    heard_words: the words that the model understands, with their times. Only the originals of that
    passage count: over a tone or a silence small models invent words, which reveal nothing.
    """
    source = read_newest_transcript(interview)
    turns = {turn.key: turn for turn in source.transcript.turns} if source else {}
    words = read_mention_words(interview)
    typed = find_typed_times(interview, source.transcript) if source else frozenset[Interval]()
    originals = [
        (_find_mention(turns[one.mention.turn], one, typed), _parts(words[one.mention.key]))
        for one in read_decisions(interview)
        if one.is_replaced
    ]
    found: list[str] = []
    for (begin, stop), text in heard_words:
        understood = _parts(text)
        for (start_s, end_s), parts in originals:
            if begin < end_s and start_s < stop and parts & understood:
                found.append(f"the sound at {format_clock(start_s)}")
    return list(dict.fromkeys(found))


def _parts(text: str) -> frozenset[str]:
    """Return the folded words that are long enough, or numbers: short words are everywhere."""
    parts = frozenset(_WORD.findall(fold_name(text))) - _EVERYDAY
    return frozenset(part for part in parts if len(part) >= _SHORTEST or part.isdecimal())


def _find_mention(turn: Turn, one: DecidedMention, typed: frozenset[Interval]) -> Interval:
    """Return when a mention was said, as far as anybody can tell; in doubt it is longer."""
    start, end = one.mention.start, one.mention.end
    words = list(turn.words)
    inside = [n for n, (a, b) in enumerate(find_word_spans(turn)) if a < end and start < b]
    if not inside:
        return turn.start_s, turn.end_s
    first, last = inside[0], inside[-1]
    span = min(words[n].start_s for n in inside), max(words[n].end_s for n in inside)
    if all((words[n].start_s, words[n].end_s) not in typed for n in inside):
        return span
    sure = [n for n, word in enumerate(words) if (word.start_s, word.end_s) not in typed]
    before = max((words[n].end_s for n in sure if n < first), default=turn.start_s)
    after = min((words[n].start_s for n in sure if n > last), default=turn.end_s)
    span = min(before, span[0]), max(after, span[1])
    letters = sum(len(words[n].text.strip()) for n in inside)
    lacking = letters * _measure_letter_s([words[n] for n in sure]) - (span[1] - span[0])
    around = max(0.0, lacking) / 2  # a name without a pause of its own is in the words around it
    return span[0] - around, span[1] + around


def _measure_letter_s(words: Sequence[Word]) -> float:
    """Return how long a letter takes in these words, in seconds, as most of them have it."""
    spoken = [(w.end_s - w.start_s) / len(w.text.strip()) for w in words if w.text.strip()]
    if not spoken:
        return _LETTER_S
    return float(np.clip(np.median(spoken), _FASTEST_S, _SLOWEST_S))


def _find_removed(raw: Iterable[Turn], corrected: Iterable[Turn]) -> Iterator[Interval]:
    """Yield the times of transcribed words at which the text no longer has a word."""
    standing = merge_intervals(span for turn in corrected for span in _list_spans(turn))
    starts = np.array([start_s for start_s, _ in standing])
    for turn in raw:
        for start_s, end_s in _list_spans(turn):
            index = int(np.searchsorted(starts, (start_s + end_s) / 2, side="right")) - 1
            if index < 0 or standing[index][1] <= (start_s + end_s) / 2:
                yield start_s, end_s


def _list_spans(turn: Turn) -> list[Interval]:
    return [(word.start_s, word.end_s) for word in turn.words] or [(turn.start_s, turn.end_s)]


class RedactedSound:
    """An interview's sound with a tone, or silence, over some spans.

    It is read like ``study.store.InterviewSound`` and holds one block in memory at a time.
    """

    def __init__(self, sound: InterviewSound, spans: Iterable[Interval], *, silent: bool) -> None:
        self._sound, self.form, self.frames = sound, sound.form, sound.frames
        rate = self.form.rate
        self._spans = [(int(a * rate), int(np.ceil(b * rate))) for a, b in spans]
        self._level = 0.0 if silent else _TONE_LEVEL

    def read(self, first: int, frames: int) -> bytes:
        """Return interleaved 16-bit PCM from frame ``first`` on; fewer frames at the end."""
        pcm = self._sound.read(first, frames)
        samples = np.frombuffer(pcm, dtype="<i2").reshape(-1, self.form.channels).copy()
        for begin, stop in self._spans:
            a, b = max(begin, first) - first, min(stop, first + len(samples)) - first
            if a < b:
                samples[a:b] = self._tone(first + a, b - a)[:, None]
        return samples.tobytes()

    def iterate_blocks(self) -> Iterator[bytes]:
        """Yield the whole sound, a second at a time."""
        step = self.form.rate * _BLOCK_S
        for first in range(0, self.frames, step):
            yield self.read(first, step)

    def _tone(self, first: int, frames: int) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
        at_s = np.arange(first, first + frames) / self.form.rate
        return np.rint(32767 * self._level * np.sin(2 * np.pi * _TONE_HZ * at_s)).astype(np.int16)
