"""Words to speakers: whose voice each word is, snapped to sentences and pauses. Pure functions.

Word times and a diariser's are both off by some tenths, so the first and last words of a turn go
astray. A change of speaker inside a turn is moved to the nearest end of a sentence or pause, and
what stays unclear is said to be.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from study.intervals import shared_s
from study.terms import Flag, Turn, Word
from transcribe.voices import Said

UNSURE = "speaker unsure"
_PAUSE_S = 0.3  # between two words; shorter ones are inside a phrase
_SNAP = 2  # words; a change of speaker is moved at most so far
_NEAR_S = 0.5  # a word with no voice in it is of the voice this close
_CLEAR = 0.7  # of a word's or turn's voices, at least so much must be one speaker's
_LEAST_MARGIN = 0.1  # a voice nearer than that to two people is nobody's for sure

_AT_ONCE = Flag(UNSURE, "two voices are in these words")
_BETWEEN = Flag(UNSURE, "the voice lies between two")
_NOBODY = Flag(UNSURE, "the diariser heard nobody here")


@dataclass(frozen=True, slots=True)
class _Whose:
    voice: int  # -1: nobody's
    share: float
    margin: float


def assigned(turns: Iterable[Turn], said: Sequence[Said], codes: Sequence[str]) -> tuple[Turn, ...]:
    """Return the turns with speakers, parted where the speaker changes; no word is changed.

    said: ordered by beginning. codes: of each voice. The first part of a turn keeps its key, the
    others get new ones. A turn whose text a person corrected is never parted: its words no longer
    say where. One without words keeps the speaker it has.
    """
    voices = _Voices(said)
    before = list(turns)
    unused = max((turn.key for turn in before), default=0) + 1
    made: list[Turn] = []
    for turn in before:
        parts = list(_parted(turn, voices, codes))
        made.append(replace(parts[0], key=turn.key))
        for part in parts[1:]:
            made.append(replace(part, key=unused))
            unused += 1
    return tuple(made)


class _Voices:
    """Who speaks at which time."""

    def __init__(self, said: Sequence[Said]) -> None:
        self._said = said
        self._starts = [one.start_s for one in said]
        self._longest_s = max((one.end_s - one.start_s for one in said), default=0.0)

    def of(self, word: Word) -> _Whose:
        """Return whose voice a word is."""
        shared = self._shared(word.start_s, max(word.end_s, word.start_s + 0.01))
        if not shared:
            shared = self._shared(word.start_s - _NEAR_S, word.end_s + _NEAR_S)
        if not shared:
            return _Whose(-1, 0.0, 0.0)
        voice, (most_s, margin) = max(shared.items(), key=lambda item: item[1][0])
        return _Whose(voice, most_s / sum(s for s, _ in shared.values()), margin)

    def _shared(self, start_s: float, end_s: float) -> dict[int, tuple[float, float]]:
        shared: dict[int, tuple[float, float]] = {}
        for at in range(bisect_left(self._starts, start_s - self._longest_s), len(self._said)):
            one = self._said[at]
            if one.start_s >= end_s:
                break
            seconds = shared_s((one.start_s, one.end_s), (start_s, end_s))
            if seconds > 0:
                known_s, margin = shared.get(one.voice, (0.0, one.margin))
                shared[one.voice] = (known_s + seconds, min(margin, one.margin))
        return shared


def _parted(turn: Turn, voices: _Voices, codes: Sequence[str]) -> Iterator[Turn]:
    if not turn.words:
        yield turn
        return
    whose = [voices.of(word) for word in turn.words]
    if "".join(word.text for word in turn.words).strip() != turn.text:
        yield _of(turn, whose, codes, _most(whose))
        return
    owners = _snapped(turn.words, _filled([one.voice for one in whose]))
    at = 0
    for owner, run in groupby(owners):
        count = len(list(run))
        words = turn.words[at : at + count]
        text = "".join(word.text for word in words).strip()
        part = replace(
            turn, words=words, text=text, start_s=words[0].start_s, end_s=words[-1].end_s
        )
        if at == 0:
            part = replace(part, start_s=turn.start_s)
        if at + count == len(owners):
            part = replace(part, end_s=turn.end_s)
        yield _of(part, whose[at : at + count], codes, owner)
        at += count


def _most(whose: Sequence[_Whose]) -> int:
    heard = Counter(one.voice for one in whose if one.voice >= 0)
    return heard.most_common(1)[0][0] if heard else -1


def _of(turn: Turn, whose: Sequence[_Whose], codes: Sequence[str], owner: int) -> Turn:
    """Return a turn as its owner's, with the reasons to doubt that."""
    kept = tuple(flag for flag in turn.flags if flag.kind != UNSURE)
    heard = [one for one in whose if one.voice >= 0]
    if not heard:
        return replace(turn, flags=(*kept, _NOBODY))
    own = [one for one in heard if one.voice == owner]
    doubts: list[Flag] = []
    if sum(one.share for one in own) < _CLEAR * len(heard):
        doubts.append(_AT_ONCE)
    if own and sum(one.margin for one in own) < _LEAST_MARGIN * len(own):
        doubts.append(_BETWEEN)
    return replace(turn, speaker=codes[owner], flags=(*kept, *doubts))


def _filled(owners: list[int]) -> list[int]:
    """Give a word that is nobody's to the one who spoke before, else to the one after."""
    known = [owner for owner in owners if owner >= 0]
    last = known[0] if known else -1
    filled: list[int] = []
    for owner in owners:
        last = owner if owner >= 0 else last
        filled.append(last)
    return filled


def _snapped(words: Sequence[Word], owners: list[int]) -> list[int]:
    """Move each change of speaker to the end of a sentence or a pause at most two words away."""
    ends = {at for at in range(1, len(words)) if _is_end(words[at - 1], words[at])}
    snapped = list(owners)
    for at in range(1, len(owners)):
        if owners[at] == owners[at - 1] or at in ends:
            continue
        near = [place for step in range(1, _SNAP + 1) for place in (at - step, at + step)]
        place = next((place for place in near if place in ends), None)
        if place is not None:
            low, high = min(at, place), max(at, place)
            owner = owners[at] if place < at else owners[at - 1]
            snapped[low:high] = [owner] * (high - low)
    return snapped


def _is_end(before: Word, after: Word) -> bool:
    is_pause = after.start_s - before.end_s >= _PAUSE_S
    return is_pause or before.text.rstrip()[-1:] in set(".?!")
