"""Settle which track a word belongs to, where a microphone also hears the neighbour. Pure.

A voice that is heard by two microphones is transcribed twice. Word by word the track on which it is
louder keeps it (``TranscribedWindow.levels``, with what ``transcribe.track_gains`` tells about the
microphones). What the other track has of it is an echo and is left out, unless the two people may
really have said it at once. A word that another track carries louder, but without words of its own
there, moves to that track. So no word is lost: each that is left out has its counterpart.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

from study import Interval, Word, intersect_intervals, subtract_intervals
from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.speech_coverage import (
    LONGEST_WORD_S,
    NEAR_SPEECH_S,
    TranscribedWindow,
    find_wordless_spans,
)
from transcribe.track_gains import NOISE_SHARE, GainEstimator, TrackGains

_Levels = npt.NDArray[np.float64]

LEVEL_MARGIN_S = 0.1  # around a word: its times are off by about as much
SOUND_MARGIN_S = 0.5  # around all words of a window, to know how loud the noise is
_FRAME = 512  # samples
_HUM = 80  # samples to either side of a moving mean of 10 ms, which holds what is below 100 Hz

_SAME_MOMENT_S = 1.0  # two tracks' times for one word differ by less
_ALIKE = 0.7  # of 1, for two spellings of what was misheard once; only from _LONG letters on
_LONG = 4
# Two people say one or two equal words at once ("yes", "thank you"), but not three.
_LONGEST_COINCIDENCE = 2
_NEARLY_EQUAL_DB = 3.0  # such words with less between them are two people's
_SIGNS = re.compile(r"\W")
_ANSWER_S = 0.3  # a person who repeats the neighbour's words begins no sooner after them
_PAUSE_S = 0.3  # between the words of a sentence pauses are shorter
_MISHEARD = 0.4  # of 1: "and all the" for "an older" has .5, words said at once .2 to .35
_AROUND = 2  # pairs to either side that help to decide an unclear one


def add_levels(window: TranscribedWindow, sound: Samples, start_s: float) -> TranscribedWindow:
    """Return a window with the level of every track while each of its words is said.

    sound: float32 of shape (samples, tracks) at 16 kHz, beginning at ``start_s``. What lies below
    100 Hz does not count. Levels are in dB of full scale, to 0.1 dB.
    """
    run = np.cumsum(np.pad(sound, ((_HUM + 1, _HUM), (0, 0))), axis=0, dtype=np.float64)
    clear = sound - (run[2 * _HUM + 1 :] - run[: -2 * _HUM - 1])[: len(sound)] / (2 * _HUM + 1)
    frames = clear[: len(clear) // _FRAME * _FRAME].reshape(-1, _FRAME, sound.shape[1])
    silent = np.zeros(sound.shape[1])
    power = (frames**2).mean(axis=1)
    noise = np.quantile(power, NOISE_SHARE, axis=0) if len(power) else silent
    levels: list[tuple[float, ...]] = []
    for word in window.words:
        first = max(0, round((word.start_s - LEVEL_MARGIN_S - start_s) * MODEL_RATE))
        last = round((word.end_s + LEVEL_MARGIN_S - start_s) * MODEL_RATE)
        has_sound = first < min(last, len(clear))
        levels.append(_to_levels((clear[first:last] ** 2).mean(axis=0) if has_sound else silent))
    return replace(window, levels=tuple(levels), noise=_to_levels(noise))


def _to_levels(power: _Levels) -> tuple[float, ...]:
    return tuple(round(float(level), 1) for level in 10 * np.log10(np.maximum(power, 1e-10)))


@dataclass(frozen=True, slots=True)
class SettledWords:
    """The windows with each word on its own track, and the number of words that changed.

    echoes: words that were left out. moved: words that were put on another track.
    """

    windows: tuple[TranscribedWindow, ...]
    echoes: int = 0
    moved: int = 0


def settle_words(windows: Sequence[TranscribedWindow]) -> SettledWords:
    """Leave out the echo of each word, and move words that another track carries louder.

    Speech of which only an echo had words is no longer the track's own. Windows without levels, as
    older versions saved them, stay as they are.
    """
    heard = sorted(
        (
            _Heard(place, window.channel, word, np.array(levels), np.array(window.noise))
            for place, window in enumerate(windows)
            for word, levels in zip(window.words, window.levels, strict=False)
        ),
        key=lambda one: one.word.start_s,
    )
    tracks = min((len(one.levels) for one in heard), default=1)
    if tracks == 1:
        return SettledWords(tuple(windows))
    gains = _estimate_gains(heard, tracks)
    for one in heard:
        one.levels = gains.balance(one.levels)
    of_track = [[one for one in heard if one.track == track] for track in range(tracks)]
    _drop_echoes(of_track)
    _settle_unmatched(of_track, windows, gains)
    going: dict[int, list[Word]] = {}
    for one in heard:
        if one.goes_to is not None:
            going.setdefault(one.goes_to, []).append(one.word)
    settled = (
        _fill_window(window, going.get(place, []) if window.levels else window.words)
        for place, window in enumerate(windows)
    )
    return SettledWords(
        tuple(window for window in settled if window.speech or window.words),
        sum(one.goes_to is None for one in heard),
        sum(one.goes_to not in {None, one.window} for one in heard),
    )


@dataclass(slots=True, eq=False)
class _Heard:
    """A word as one track has it, and the place of the window that it is in."""

    window: int
    track: int
    word: Word
    levels: _Levels  # of every track
    noise: _Levels
    is_matched: bool = False
    must_stay: bool = False  # another word was left out because of it
    goes_to: int | None = None  # the place of a window; None: it is left out

    def __post_init__(self) -> None:
        self.goes_to = self.window


def _estimate_gains(heard: Sequence[_Heard], tracks: int) -> TrackGains:
    estimator = GainEstimator(tracks)
    seconds = np.array([one.word.end_s - one.word.start_s + LEVEL_MARGIN_S for one in heard])
    levels, noise = (
        np.stack(rows) for rows in zip(*((one.levels, one.noise) for one in heard), strict=True)
    )
    estimator.add_moments(levels, seconds, noise)
    return estimator.estimate_gains()


def _drop_echoes(of_track: Sequence[Sequence[_Heard]]) -> None:
    """Leave out the quieter of two equal words, the clearest pairs first."""
    compared = [
        compared
        for ones, others in combinations(of_track, 2)
        for run in _split_runs(match_words(ones, others))
        for compared in _compare_run(run)
    ]
    for louder_db, one, other, is_echo in sorted(compared, key=lambda pair: -abs(pair[0])):
        kept, left = (one, other) if louder_db >= 0 else (other, one)
        kept.is_matched = left.is_matched = True
        if is_echo and kept.goes_to is not None:  # a word of which nothing else stands stays
            left.goes_to = None


_Pair = tuple[_Heard, _Heard]


def match_words(ones: Sequence[_Heard], others: Sequence[_Heard]) -> list[_Pair]:
    """Return the most pairs of like words at the same moment that keep the order of both tracks."""
    times = [other.word.start_s for other in others]
    tails: list[int] = []  # the last place of the shortest-reaching chain of each length
    chains: list[_Chain] = []  # that chain
    for one in ones:
        at_s = one.word.start_s
        first = bisect_left(times, at_s - _SAME_MOMENT_S)
        last = bisect_left(times, at_s + _SAME_MOMENT_S)
        for place in range(last - 1, first - 1, -1):  # backwards, or a word would match twice
            if not _are_alike(one.word.text, others[place].word.text):
                continue
            length = bisect_left(tails, place)
            chain = _Chain((one, others[place]), chains[length - 1] if length else None)
            tails[length : length + 1] = [place]
            chains[length : length + 1] = [chain]
    pairs: list[_Pair] = []
    chain = chains[-1] if chains else None
    while chain is not None:
        pairs.append(chain.pair)
        chain = chain.before
    return pairs[::-1]


@dataclass(frozen=True, slots=True)
class _Chain:
    pair: _Pair
    before: _Chain | None


def _are_alike(one: str, other: str) -> bool:
    """Whether two texts may be one word that was heard twice."""
    a, b = _strip_word(one), _strip_word(other)
    is_long = min(len(a), len(b)) >= _LONG
    return a == b or (is_long and _measure_likeness(a, b) >= _ALIKE)


def _strip_word(text: str) -> str:
    return _SIGNS.sub("", text).casefold()


@lru_cache(maxsize=4096)
def _measure_likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, _strip_word(one), _strip_word(other)).ratio()


def _split_runs(pairs: Sequence[_Pair]) -> Iterator[list[_Pair]]:
    """Yield the pairs that follow one another within a second."""
    run: list[_Pair] = []
    for pair in pairs:
        if run and pair[0].word.start_s - run[-1][0].word.end_s > _SAME_MOMENT_S:
            yield run
            run = []
        run.append(pair)
    if run:
        yield run


def _compare_run(run: Sequence[_Pair]) -> Iterator[tuple[float, _Heard, _Heard, bool]]:
    """Yield by how many dB each pair is louder on the first track, and whether one is an echo."""
    # Power while either track has the word: its loud part is in one of the two at least.
    power = np.array(
        [
            [
                sum(10 ** (side.levels[track] / 10) for side in pair)
                for track in (pair[0].track, pair[1].track)
            ]
            for pair in run
        ]
    )
    for at, (one, other) in enumerate(run):
        louder_db = 10 * float(np.log10(power[at, 0] / power[at, 1]))
        is_clear = abs(louder_db) >= _NEARLY_EQUAL_DB or len(run) > _LONGEST_COINCIDENCE
        # "All of it?" "All of it.": each is loud on its own track, one after the other.
        are_own = (
            abs(one.word.start_s - other.word.start_s) >= _ANSWER_S
            and max(_measure_quietness(one), _measure_quietness(other)) == 0.0
        )
        if abs(louder_db) < _NEARLY_EQUAL_DB:  # the words around it tell
            near = power[max(0, at - _AROUND) : at + _AROUND + 1].sum(axis=0)
            louder_db = 10 * float(np.log10(near[0] / near[1]))
        yield louder_db, one, other, is_clear and not are_own


def _settle_unmatched(
    of_track: Sequence[Sequence[_Heard]], windows: Sequence[TranscribedWindow], gains: TrackGains
) -> None:
    """Leave out or move the words that nobody said into their track and that are like no other."""
    standing = [[one for one in ones if one.goes_to is not None] for ones in of_track]
    speech = [
        sorted(
            (start_s, end_s, place)
            for place, window in enumerate(windows)
            if window.channel == track
            for start_s, end_s in window.speech
        )
        for track in range(len(of_track))
    ]
    for ones in of_track:
        run: list[_Heard] = []
        before: _Heard | None = None  # the track's own word before the run
        for one in ones:
            is_quiet = not one.is_matched and _measure_quietness(one) >= gains.bleed_db
            loudest = int(one.levels.argmax())
            if one.goes_to is None or (is_quiet and _find_counterparts([one], standing)):
                run.append(one)
                continue
            _leave_out_run(run, before, one, standing, gains.sure_bleed_db)
            run, before = [], one
            if is_quiet:
                place = _find_window(speech[loudest], (one.word.start_s + one.word.end_s) / 2)
                one.goes_to = one.window if place is None else place
        _leave_out_run(run, before, None, standing, gains.sure_bleed_db)


def _find_counterparts(
    words: Sequence[_Heard], standing: Sequence[Sequence[_Heard]]
) -> list[_Heard]:
    """Return what stands on the loudest track while some words are said."""
    loudest = standing[int(words[0].levels.argmax())]
    start_s, end_s = words[0].word.start_s, words[-1].word.end_s
    first = bisect_left(loudest, start_s - LONGEST_WORD_S, key=lambda one: one.word.start_s)
    last = bisect_left(loudest, end_s, key=lambda one: one.word.start_s)
    return [
        one for one in loudest[first:last] if one.word.end_s > start_s and one.goes_to is not None
    ]


def _join_text(words: Iterable[_Heard]) -> str:
    return "".join(one.word.text for one in words)


def _leave_out(words: Iterable[_Heard], standing: Sequence[Sequence[_Heard]]) -> None:
    """Leave out each word whose counterparts still stand, which then must stay."""
    for one in words:
        counterparts = _find_counterparts([one], standing)
        if one.goes_to is not None and counterparts and not one.must_stay:
            one.goes_to = None
            for counterpart in counterparts:
                counterpart.must_stay = True


def _leave_out_run(
    run: Sequence[_Heard],
    before: _Heard | None,
    after: _Heard | None,
    standing: Sequence[Sequence[_Heard]],
    sure_db: float,
) -> None:
    """Leave out words under which the neighbour has words, unless they belong to a sentence.

    Between echoes every word is one. Before and behind them it may be the quiet end of a sentence,
    whose times reach into what the neighbour says next: an echo is quieter than that, and follows
    no word of the track's own (``before``, ``after``) or is like what the neighbour says.
    """
    matched = [at for at, one in enumerate(run) if one.goes_to is None]
    first, last = (matched[0], matched[-1] + 1) if matched else (len(run), len(run))
    _leave_out(run[first:last], standing)
    for edge, *near in (
        (run[:first], before, None if matched else after),
        (run[last:], None, after),
    ):
        if not edge or np.mean([_measure_quietness(one) for one in edge]) < sure_db:
            continue
        meanwhile = _join_text(_find_counterparts(edge, standing))
        is_misheard = _measure_likeness(_join_text(edge), meanwhile) >= _MISHEARD
        if is_misheard or not _are_joined(edge, *near):
            _leave_out(edge, standing)


def _are_joined(words: Sequence[_Heard], before: _Heard | None, after: _Heard | None) -> bool:
    """Whether words follow the word before, or lead to the word after, without a pause."""
    follow = before is not None and words[0].word.start_s - before.word.end_s < _PAUSE_S
    lead = after is not None and after.word.start_s - words[-1].word.end_s < _PAUSE_S
    return follow or lead


def _measure_quietness(one: _Heard) -> float:
    """Return by how many dB the loudest track is louder than the word's own."""
    return float(one.levels.max() - one.levels[one.track])


def _find_window(spans: Sequence[tuple[float, float, int]], at_s: float) -> int | None:
    """Return the window of the span that covers ``at_s``; spans: in order, one after the other."""
    at = bisect_right(spans, at_s, key=lambda span: span[0]) - 1
    return spans[at][2] if at >= 0 and at_s <= spans[at][1] else None


def _fill_window(window: TranscribedWindow, words: Sequence[Word]) -> TranscribedWindow:
    """Give a window its words; speech that had words and has none now is another track's."""
    going = set(words)
    left = [word for word in window.words if word not in going]
    filled = replace(window, words=tuple(words), levels=(), noise=())
    if not left:
        return filled
    echoed = subtract_intervals(_reach(left), _reach(words))
    gaps = find_wordless_spans(window)
    speech: list[Interval] = []
    for span in window.speech:
        rest = subtract_intervals([span], echoed)
        is_echo = _touch(left, span) and not _touch(words, span)
        speech += intersect_intervals(rest, gaps) if is_echo else rest
    return replace(filled, speech=tuple(speech))


def _touch(words: Iterable[Word], span: Interval) -> bool:
    return any(word.start_s < span[1] and word.end_s > span[0] for word in words)


def _reach(words: Iterable[Word]) -> list[Interval]:
    """Return the speech that words cover."""
    return [(word.start_s - NEAR_SPEECH_S, word.end_s + NEAR_SPEECH_S) for word in words]
