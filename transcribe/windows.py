"""Windows: as much speech as the model gets in one call, cut where nobody speaks. Pure.

A window takes the model the same half minute of work however little is said in it, and a word that
is alone in its window is often misheard. So passages are packed into one window: of a pause between
two of them the model gets what lies next to the speech, some tenths of a second on either side, and
the words are given their own times afterwards. The model never gets a long silence, in which it
would invent words.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from study import Interval, Word, measure_total_s
from transcribe.vad_spans import FollowedUntil, SpeechSpan

# Inside a piece; a longer pause ends it. Of .6, 1, 2 and 5 s, of 0, .2, .5 and 1 s of silence
# between the pieces and of .2 to .4 s around them these gave the fewest wrong words on the whole,
# for the least work, with tiny.en and base on seven joined recordings.
_LONGEST_PAUSE_S = 0.6
_AROUND_S = 0.3  # of the real sound around a piece, beyond what voice activity adds
_SETTLING_S = 1.0  # voice activity needs less to notice that somebody speaks or has stopped
_LONGEST_PACKED_S = 120.0  # a window waits no longer than this for another passage
_LONGEST_FIRST_S = 10.0  # of sound in the first window, after which it waits for no other
_LONGEST_GROUP_S = 29.0  # what is beyond 30 s would be lost without a word
_SILENCE_S = 5.0  # a longer pause is a silence only if the faint spans in it hold no word
_LEAD_IN_S = 0.3  # a faint span this close to speech is that speech's own edge
_SHORTEST_FAINT_S = 0.55  # with the .35 s that voice activity adds
_SENTENCE_ENDS = (".", "?", "!")


@dataclass(frozen=True, slots=True)
class Window:
    """Speech of one track that goes to the model in one call.

    number: counts the windows from 0. channel: index of the track. pieces: the stretches of sound
    that the model gets, one after the other. speech: the spans of speech in them. is_faint: whether
    it is not known yet that anybody speaks. All times are seconds of the interview, in order.
    """

    number: int
    channel: int
    pieces: tuple[Interval, ...]
    speech: tuple[Interval, ...]
    is_faint: bool = False

    @property
    def start_s(self) -> float:
        """Where its speech begins."""
        return self.speech[0][0]

    @property
    def end_s(self) -> float:
        """Where its speech ends."""
        return self.speech[-1][1]


def build_windows(
    spans: Iterable[SpeechSpan | FollowedUntil], longest_s: float
) -> Iterator[Window]:
    """Join the spans of each channel into windows, each of at most ``longest_s`` of sound.

    No single span may be longer than that. A window is yielded as soon as no span can join it any
    more, and the very first sooner: the first words do not wait for the end of the interview, nor
    the last for the next speaker. Faint spans are yielded, in
    windows of their own, where they lie in a pause of over 5 s; elsewhere they are dropped.
    """
    channels: dict[int, _Channel] = {}
    numbers = itertools.count()
    is_first = True
    for one in spans:
        if isinstance(one, SpeechSpan):
            held = channels.setdefault(one.channel, _Channel(one.channel, longest_s))
            full = held.add(one)
        else:
            full = [w for c in sorted(channels) for w in channels[c].follow(one, is_first=is_first)]
        for window in full:
            yield window.number_as(next(numbers))
            is_first = False
    for channel in sorted(channels):
        for window in channels[channel].close():
            yield window.number_as(next(numbers))


@dataclass(slots=True)
class _Draft:
    """A window that can still grow: pieces, each of spans that follow each other closely."""

    channel: int
    is_faint: bool
    before_s: float  # sound before this belongs to the window before
    pieces: list[list[SpeechSpan]] = field(default_factory=list[list[SpeechSpan]])
    after_s: float = _AROUND_S  # of the sound behind the last span that is its own

    @property
    def start_s(self) -> float:
        return self.pieces[0][0].start_s

    @property
    def end_s(self) -> float:
        return self.pieces[-1][-1].end_s

    def length_s(self) -> float:
        """Of the sound, with what is added between the pieces; the ends are extra."""
        spoken_s = sum(piece[-1].end_s - piece[0].start_s for piece in self.pieces)
        return spoken_s + (len(self.pieces) - 1) * 2 * _AROUND_S

    def is_joined_by(self, start_s: float) -> bool:
        """Whether speech that begins at ``start_s`` belongs to the last piece."""
        return start_s - self.end_s <= _LONGEST_PAUSE_S

    def length_with(self, start_s: float, end_s: float) -> float:
        """Of the sound, if somebody speaks from ``start_s`` to ``end_s`` in it as well."""
        if self.is_joined_by(start_s):
            return self.length_s() + end_s - self.end_s
        return self.length_s() + 2 * _AROUND_S + end_s - start_s

    def number_as(self, number: int) -> Window:
        last = len(self.pieces) - 1
        pieces = tuple(
            (
                round(max(piece[0].start_s - _AROUND_S, self.before_s if n == 0 else 0.0), 3),
                round(piece[-1].end_s + (self.after_s if n == last else _AROUND_S), 3),
            )
            for n, piece in enumerate(self.pieces)
        )
        speech = tuple((s.start_s, s.end_s) for piece in self.pieces for s in piece)
        return Window(number, self.channel, pieces, speech, self.is_faint)


class _Channel:
    """The windows of one channel, while its sound is followed."""

    def __init__(self, channel: int, longest_s: float) -> None:
        self._channel = channel
        self._longest_s = longest_s
        self._spoken = _Draft(channel, is_faint=False, before_s=0.0)
        self._faint = _Draft(channel, is_faint=True, before_s=0.0)
        self._candidates: list[SpeechSpan] = []  # faint, since anybody spoke
        self._silent_s = 0.0  # since when nobody speaks

    def add(self, span: SpeechSpan) -> list[_Draft]:
        """Add a span; return the windows that it cannot join."""
        if span.is_faint:
            self._candidates.append(span)
            return []
        full = self._settle_candidates(span.start_s)
        if self._spoken.pieces and not self._fits(self._spoken, span):
            full.append(self._take(span.start_s))
        self._append(self._spoken, span)
        self._silent_s = span.end_s
        return full

    def follow(self, until: FollowedUntil, *, is_first: bool) -> list[_Draft]:
        """Return the windows that the next span comes too late to join, or would make too long."""
        ends_s = until.at_s - _SETTLING_S  # the next span's end, at the earliest
        begun_s = until.begun_s[self._channel]
        begins_s = ends_s if begun_s is None else begun_s
        full: list[_Draft] = []
        if (
            self._candidates
            and begun_s is None
            and ends_s - self._candidates[0].start_s > (_LONGEST_PACKED_S)
        ):
            full += self._settle_candidates(float("inf"))
        held = self._spoken
        if not held.pieces:
            return full
        is_full = held.length_with(begins_s, ends_s) > self._longest_s
        if not held.is_joined_by(begins_s):
            is_silent = begins_s - held.end_s > _SILENCE_S
            is_full |= is_first and (held.length_s() > _LONGEST_FIRST_S or is_silent)
            is_full |= ends_s - held.start_s > _LONGEST_PACKED_S
        return [*full, self._take(max(begins_s, held.end_s))] if is_full else full

    def close(self) -> list[_Draft]:
        """Return the windows that are left."""
        full = self._settle_candidates(float("inf"))
        if self._faint.pieces:
            full.append(self._faint)
        return [*full, self._spoken] if self._spoken.pieces else full

    def _fits(self, held: _Draft, span: SpeechSpan) -> bool:
        is_near = span.end_s - held.start_s <= _LONGEST_PACKED_S
        return (held.is_joined_by(span.start_s) or is_near) and (
            held.length_with(span.start_s, span.end_s) <= self._longest_s
        )

    @staticmethod
    def _append(held: _Draft, span: SpeechSpan) -> None:
        if held.pieces and held.is_joined_by(span.start_s):
            held.pieces[-1].append(span)
        else:
            held.pieces.append([span])

    def _take(self, next_s: float) -> _Draft:
        """Return the spoken window and begin another; ``next_s``: where the next may begin."""
        taken = self._spoken
        # The sound between two windows is shared, so that no word is transcribed twice.
        taken.after_s = min(_AROUND_S, (next_s - taken.end_s) / 2)
        self._spoken = _Draft(self._channel, is_faint=False, before_s=taken.end_s + taken.after_s)
        return taken

    def _settle_candidates(self, speech_s: float) -> list[_Draft]:
        """Add the faint spans of the pause that ends at ``speech_s``, if it is a long one."""
        found, self._candidates = self._candidates, []
        full: list[_Draft] = []
        if speech_s - self._silent_s <= _SILENCE_S:
            return full
        for span in found:
            is_edge = (
                span.start_s < self._silent_s + _LEAD_IN_S or span.end_s > speech_s - _LEAD_IN_S
            )
            if is_edge or span.end_s - span.start_s < _SHORTEST_FAINT_S:
                continue
            if self._faint.pieces and not self._fits(self._faint, span):
                full.append(self._faint)
                self._faint = _Draft(self._channel, is_faint=True, before_s=span.start_s)
            self._append(self._faint, span)
        return full


def split_pieces(pieces: Iterable[Interval]) -> Iterator[list[Interval]]:
    """Yield the pieces in groups that fit into what the model takes in one call.

    No single piece may be longer than that.
    """
    group: list[Interval] = []
    for piece in pieces:
        if group and measure_total_s((*group, piece)) > _LONGEST_GROUP_S:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def unpack_words(words: Iterable[Word], pieces: Sequence[Interval]) -> list[Word]:
    """Give words with times in a window's sound the times of the interview.

    pieces: of the window, in order and without anything between them. A word at the joint of two
    pieces belongs to the later one if it begins there or goes on well into it: the first word after
    a pause begins too early in Whisper's times. The last of a sentence ends too late instead, and
    words that finish the sentence before the joint are no first ones. But a word most of which lies
    behind the joint is no last one if the later piece has no other: of the answers "Fire fox" and
    "six" a model wrote "Firefox 6.", the second a second too early.
    """
    said = list(words)
    begins = [0.0, *itertools.accumulate(b - a for a, b in pieces)]  # of each piece, in the window
    unpacked: list[Word] = []
    number = 0
    is_unfinished = False  # the sentence so far
    is_begun = False  # the piece has a word
    for at, word in enumerate(said):
        while number + 1 < len(pieces) and (
            (is_begun and _is_lone(said[at : at + 2], begins[number + 1 : number + 3]))
            or (
                _is_behind(word, begins[number + 1])
                and not (is_unfinished and _is_finished_at(begins[number + 1], said[at:]))
            )
        ):
            number += 1
            is_begun = False
        is_begun = True
        is_unfinished = not word.text.endswith(_SENTENCE_ENDS)
        begin_s, end_s = pieces[number]
        shift_s = begin_s - begins[number]
        start_s = min(max(word.start_s + shift_s, begin_s), end_s)
        stop_s = min(max(word.end_s + shift_s, start_s), end_s)
        unpacked.append(replace(word, start_s=round(start_s, 3), end_s=round(stop_s, 3)))
    return unpacked


def _is_finished_at(joint_s: float, words: Iterable[Word]) -> bool:
    """Whether a sentence that goes on with these words ends with one that begins before a joint."""
    before = itertools.takewhile(lambda word: word.start_s <= joint_s, words)
    return any(word.text.endswith(_SENTENCE_ENDS) for word in before)


def _is_lone(words: Sequence[Word], piece: Sequence[float]) -> bool:
    """Whether the first word lies mostly in a piece in which there is no other.

    words: it, and the next if there is one. piece: where it begins in the window, and ends.
    """
    begins_s, ends_s = piece
    is_mostly_in = words[0].start_s + words[0].end_s > 2 * begins_s
    return is_mostly_in and (len(words) == 1 or _is_behind(words[1], ends_s))


def _is_behind(word: Word, joint_s: float) -> bool:
    """Whether a word belongs behind the joint of two pieces; some silence is around the joint."""
    if word.start_s > joint_s - _AROUND_S:
        return True
    return word.end_s > joint_s + _AROUND_S and not word.text.endswith(_SENTENCE_ENDS)
