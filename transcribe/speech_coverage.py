"""Compare the words of each window with its speech: the proof that nothing was skipped.

Pure functions. They correct the times of words, find speech without words, and measure how much of
an interview's speech has words; they never change a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from study import (
    Coverage,
    Interval,
    Word,
    intersect_intervals,
    measure_overlap_s,
    measure_total_s,
    subtract_intervals,
)

NEAR_SPEECH_S = 0.5  # speech this close to a word counts as covered by it
LONGEST_WORD_S = 2.0
# Shorter passages are none, in a window that has words. With 1 s two of sixteen one-word answers
# were lost ("No." takes .77 s), with .3 s none.
_GAP_S = 0.3
_BREATH_S = 1.0  # as long a stretch without words, in speech that has some, is more than breath
_LONGEST_PAUSE_S = 5.0  # inside a passage without words


@dataclass(frozen=True, slots=True)
class ForeignPassage:
    """A passage in another language than its interview; ``language`` is the code of its own."""

    start_s: float
    end_s: float
    language: str


@dataclass(frozen=True, slots=True)
class TranscribedWindow:
    """A window and its words, as the study saves them.

    start_s, end_s: of the speech that voice activity found. speech: the spans in which somebody
    speaks; a faint window keeps those that have words. again: the passages that had no words at
    first and were transcribed a second time; all of a faint window was. quiet: where nothing
    sounds, in windows that have words outside their speech.
    foreign: the passages in another language (see ``transcribe.language_check``).
    levels: of each word, how loud every track is while it is said, in dB; none with one track.
    noise: how loud every track is at the quietest moments in between. sound: the stretches of sound
    that it was made of, and what lies behind the last, as far as there was any at that time.
    """

    number: int
    channel: int
    start_s: float
    end_s: float
    speech: tuple[Interval, ...]
    words: tuple[Word, ...]
    again: tuple[Interval, ...] = ()
    quiet: tuple[Interval, ...] = ()
    foreign: tuple[ForeignPassage, ...] = ()
    levels: tuple[tuple[float, ...], ...] = ()
    noise: tuple[float, ...] = ()
    sound: tuple[Interval, ...] = ()


def shift_window(window: TranscribedWindow, by_s: float) -> TranscribedWindow:
    """Return a window with all its times later by ``by_s``."""

    def shift(spans: Iterable[Interval]) -> tuple[Interval, ...]:
        return tuple((round(a + by_s, 3), round(b + by_s, 3)) for a, b in spans)

    return replace(
        window,
        start_s=round(window.start_s + by_s, 3),
        end_s=round(window.end_s + by_s, 3),
        speech=shift(window.speech),
        words=tuple(
            replace(word, start_s=round(word.start_s + by_s, 3), end_s=round(word.end_s + by_s, 3))
            for word in window.words
        ),
        again=shift(window.again),
        quiet=shift(window.quiet),
        foreign=tuple(
            replace(part, start_s=round(part.start_s + by_s, 3), end_s=round(part.end_s + by_s, 3))
            for part in window.foreign
        ),
        sound=shift(window.sound),
    )


def clamp_words(words: Sequence[Word], speech: Sequence[Interval]) -> tuple[Word, ...]:
    """Move the words' times into the speech they belong to, in order, none longer than 2 s.

    A word across a pause belongs to the side that has most of it. A word outside all speech keeps
    its times, within the start of the first speech and the end of the last.
    """
    whole = (speech[0][0], speech[-1][1])
    clamped: list[Word] = []
    floor_s = whole[0]
    for word in words:
        from_s, to_s = _find_span(word, speech) or whole
        begin_s = min(max(word.start_s, floor_s, from_s), whole[1])
        stop_s = max(begin_s, min(word.end_s, to_s, begin_s + LONGEST_WORD_S))
        clamped.append(replace(word, start_s=begin_s, end_s=stop_s))
        floor_s = begin_s
    return tuple(clamped)


def _find_span(word: Word, speech: Iterable[Interval]) -> Interval | None:
    shared = [(measure_overlap_s((word.start_s, word.end_s), span), span) for span in speech]
    most_s, span = max(shared)
    return span if most_s > 0 else None


def is_far_from_speech(word: Word, speech: Iterable[Interval]) -> bool:
    """Whether no speech is near a word. Whisper's word times are off by some tenths of a second."""
    return all(
        word.end_s < a - NEAR_SPEECH_S or word.start_s > b + NEAR_SPEECH_S for a, b in speech
    )


def find_wordless_spans(window: TranscribedWindow) -> list[Interval]:
    """Return the passages of a window's speech without words; short pauses do not split one.

    Near a word speech counts as covered by it, but a span of speech that no word touches is
    wordless from end to end, however near a word is: an answer follows its question closely. A
    passage without such a span that has less than 1 s of speech is breath. Less than .3 s is none,
    unless the window has no words at all.
    """
    words = [(w.start_s - NEAR_SPEECH_S, w.end_s + NEAR_SPEECH_S) for w in window.words]
    passages: list[list[Interval]] = []
    least_s: list[float] = []  # of each passage's speech
    ended_s = float("-inf")  # the speech before
    for span in window.speech:
        is_touched = any(_touches(word, span) for word in window.words)
        for stretch in subtract_intervals([span], words) if is_touched else [span]:
            before_s = passages[-1][-1][1] if passages else float("-inf")
            # Nothing of the speech in between has words.
            is_joined = stretch[0] == span[0] and before_s == ended_s
            if not is_joined or span[0] - before_s > _LONGEST_PAUSE_S:
                passages.append([])
                least_s.append(_BREATH_S)
            passages[-1].append(stretch)
            if not is_touched:
                least_s[-1] = _GAP_S
        ended_s = span[1]
    return [
        (passage[0][0], passage[-1][1])
        for passage, needed_s in zip(passages, least_s, strict=True)
        if not words or measure_total_s(passage) >= needed_s
    ]


def keep_spoken_spans(window: TranscribedWindow) -> TranscribedWindow:
    """Return a window whose speech is what has words: in the rest there was a silence indeed."""
    speech = tuple(span for span in window.speech if any(_touches(w, span) for w in window.words))
    words = tuple(w for w in window.words if any(_touches(w, span) for span in speech))
    return replace(window, speech=speech, words=words, again=speech)


def _touches(word: Word, span: Interval) -> bool:
    """Whether some of a word lies in a span."""
    return word.start_s < span[1] and word.end_s > span[0]


def measure_speech_s(passages: Iterable[Interval], speech: Sequence[Interval]) -> float:
    """Return how many seconds of speech the passages hold."""
    return measure_total_s(intersect_intervals(passages, speech))


def measure_coverage(
    windows: Iterable[TranscribedWindow], sound_s: float, doubts: Sequence[Interval] = ()
) -> Coverage:
    """Measure how much of the speech has words, and where words are missing or doubtful.

    sound_s: length of the sound. doubts: the passages to doubt. All results are rounded to 0.01 s.
    """
    speech_s = covered_s = again_s = 0.0
    gaps: list[Interval] = []
    for window in windows:
        words = [(w.start_s - NEAR_SPEECH_S, w.end_s + NEAR_SPEECH_S) for w in window.words]
        missing_s = measure_total_s(subtract_intervals(window.speech, words))
        speech_s += measure_total_s(window.speech)
        covered_s += measure_total_s(window.speech) - missing_s
        again_s += measure_speech_s(window.again, window.speech)
        gaps += find_wordless_spans(window)
    return Coverage(
        round(sound_s, 2),
        round(speech_s, 2),
        round(covered_s, 2),
        _round_spans(gaps),
        round(again_s, 2),
        _round_spans(doubts),
        round(measure_total_s(doubts), 2),
    )


def _round_spans(spans: Iterable[Interval]) -> tuple[Interval, ...]:
    return tuple(sorted((round(a, 2), round(b, 2)) for a, b in spans))
