"""Whether the times of a transcript made elsewhere are those of a sound, and how much they differ.

Two lines are laid over each other, tenth of a second by tenth: when the transcript says that
somebody speaks, and when somebody is heard. Their correlation is 1 where they are the same and near
0 where they have nothing to do with each other. Programs cut the beginning off a recording before
they transcribe it, and two clocks run apart, so the transcript is also tried moved and stretched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from study import Interval, Turn, Word

if TYPE_CHECKING:
    import numpy.typing as npt

    _Line = npt.NDArray[np.float64]

_STEP_S = 0.1
_STRETCHES = np.arange(-40, 41) / 4000  # up to 1 % faster or slower; clocks differ by .01 %
# Of 25 made-up talks each of 20, 60 and 400 turns, laid over another's speech as they stood, none
# reached .38, .21 and .03, and moved and stretched none .39; over their own, with times 0.2 s off
# and one turn in twenty missing, they reached .54 and more.
_AGREES, _AGREES_SHORT = 0.3, 0.4
_SHORT_S = 120.0  # of speech: 20 turns have 80 s of it, 60 have 240
_FITS = 0.45
_MARGIN = 0.002  # of two stretches that fit alike, the smaller counts
_BETTER = 0.05  # a moved transcript fits this much better, or it is not moved
_WORTH_S = 0.7  # a smaller difference is the breath around the words
_FEWEST_S = 30.0  # seconds of speech, below which nothing can be said
_SILENT_SHARE = 0.03  # of the time between its first and last word: less, and it fits everything
_BEYOND_S = 5.0  # a transcript may end this long behind the sound


class TimesVerdict(StrEnum):
    """What a comparison of times came to."""

    AGREE = "agree"
    DIFFER = "differ"
    OTHER = "another recording"
    UNTOLD = "cannot be told"


@dataclass(frozen=True, slots=True)
class TimesMatch:
    """How a transcript's times lie on the sound's.

    A time t of the transcript is ``shift_s + stretch * t`` of the sound. correlation: of the two
    lines with the transcript moved so, -1 to 1.
    """

    verdict: TimesVerdict
    shift_s: float = 0.0
    stretch: float = 1.0
    correlation: float = 0.0

    def move_turns(self, turns: Sequence[Turn], sound_s: float) -> tuple[Turn, ...]:
        """Return turns with their times on the sound, all of them within it."""

        def place(at_s: float) -> float:
            return round(min(sound_s, max(0.0, self.shift_s + self.stretch * at_s)), 3)

        def move_word(word: Word) -> Word:
            return replace(word, start_s=place(word.start_s), end_s=place(word.end_s))

        return tuple(
            replace(
                turn,
                start_s=place(turn.start_s),
                end_s=place(turn.end_s),
                words=tuple(map(move_word, turn.words)),
            )
            for turn in turns
        )


def match_times(turns: Sequence[Turn], speech: Iterable[Interval], sound_s: float) -> TimesMatch:
    """Compare the times of turns with when somebody is heard.

    speech: when somebody speaks in the sound, in seconds. sound_s: its length.
    """
    said = [(turn.start_s, turn.end_s) for turn in turns if turn.end_s > turn.start_s]
    heard = list(speech)
    said_s, heard_s = _measure(said), _measure(heard)
    if not said or min(said_s, heard_s) < _FEWEST_S:
        is_beyond = bool(said) and max(end for _, end in said) > sound_s + _BEYOND_S
        return TimesMatch(TimesVerdict.OTHER if is_beyond else TimesVerdict.UNTOLD)
    spoken = _draw(heard, sound_s)
    as_is = _correlate_as_is(said, spoken)
    best = _find_best(said, spoken)
    moved_s = max(abs(_moved(best, at_s)) for at_s in (said[0][0], said[-1][1]))
    is_better = best.correlation >= as_is + _BETTER and moved_s >= _WORTH_S
    if best.correlation >= _FITS and is_better:
        return best
    if as_is >= (_AGREES_SHORT if heard_s < _SHORT_S else _AGREES):
        return TimesMatch(TimesVerdict.AGREE, correlation=as_is)
    if _is_without_silence(said, said_s):
        is_beyond = said[-1][1] > sound_s + _BEYOND_S
        return TimesMatch(TimesVerdict.OTHER if is_beyond else TimesVerdict.UNTOLD)
    return TimesMatch(TimesVerdict.OTHER, correlation=max(as_is, 0.0))


def _moved(match: TimesMatch, at_s: float) -> float:
    return match.shift_s + (match.stretch - 1) * at_s


def _measure(spans: Sequence[Interval]) -> float:
    return sum(end - start for start, end in spans)


def _is_without_silence(said: Sequence[Interval], said_s: float) -> bool:
    length_s = max(end for _, end in said) - said[0][0]
    return said_s > length_s * (1 - _SILENT_SHARE)


def _draw(spans: Iterable[Interval], length_s: float, stretch: float = 1.0) -> _Line:
    """Return 1 for every tenth of a second within a span, 0 for others, shape (tenths,)."""
    line = np.zeros(int(length_s * stretch / _STEP_S) + 1)
    for start_s, end_s in spans:
        first = int(start_s * stretch / _STEP_S)
        line[first : max(first + 1, round(end_s * stretch / _STEP_S))] = 1.0
    return line


def _correlate_as_is(said: Sequence[Interval], spoken: _Line) -> float:
    end_s = max(len(spoken) * _STEP_S, *(end for _, end in said))
    line = _draw(said, end_s)
    heard = np.zeros(len(line))
    heard[: len(spoken)] = spoken[: len(line)]
    if not line.std() or not heard.std():
        return 0.0
    return float(np.corrcoef(line, heard)[0, 1])


def _find_best(said: Sequence[Interval], spoken: _Line) -> TimesMatch:
    """Try every shift at every stretch, and return the one that fits best."""
    end_s = max(end for _, end in said)
    size = 1 << int(np.ceil(np.log2(len(spoken) + end_s * 1.02 / _STEP_S + 2)))
    heard = np.fft.rfft(spoken - spoken.mean(), size)
    best = TimesMatch(TimesVerdict.DIFFER)
    for stretch in 1.0 + _STRETCHES[np.argsort(np.abs(_STRETCHES), kind="stable")]:
        line = _draw(said, end_s, float(stretch))
        over = np.fft.irfft(heard * np.conj(np.fft.rfft(line - line.mean(), size)), size)
        norm = np.sqrt(((spoken - spoken.mean()) ** 2).sum() * ((line - line.mean()) ** 2).sum())
        if not norm:
            continue
        place = int(over.argmax())
        correlation = float(over[place] / norm)
        if correlation > best.correlation + _MARGIN:
            shift = place if place <= len(spoken) else place - size
            best = TimesMatch(
                TimesVerdict.DIFFER, round(shift * _STEP_S, 1), float(stretch), correlation
            )
    return best
