"""Assign words to speakers, by the voices that a diariser found. Pure functions.

The times of words and those of a diariser are both off by some tenths of a second, so the first and
last words of a turn may get the wrong speaker. A change of speaker inside a turn is moved to the
nearest end of a sentence or pause, and an unclear turn gets a flag. No word is changed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from study import (
    SPEAKER_UNSURE,
    DoubtFlag,
    Interval,
    Turn,
    VoiceStretch,
    Word,
    ends_sentence,
    measure_overlap_s,
    merge_flags,
    take_words,
)
from transcribe.voice_overlaps import is_mostly_within

_PAUSE_S = 0.3  # between two words; shorter ones are inside a phrase
_SNAP = 2  # words that a change of speaker is moved by at most
_NEAR_S = 0.5  # a word outside all voices belongs to a voice this close
_CLEAR = 0.7  # the share of a turn that its speaker's voice must have
_LEAST_MARGIN = 0.1  # a voice with a smaller margin between two people is unclear

_AT_ONCE = DoubtFlag(SPEAKER_UNSURE, "two voices are in these words")
_BETWEEN = DoubtFlag(SPEAKER_UNSURE, "the voice lies between two")
_UNDER = DoubtFlag(SPEAKER_UNSURE, "perhaps two voices at once: it lies between them")
_KEYED = DoubtFlag(SPEAKER_UNSURE, "a key said who speaks, and the voice does not fit")
_NOBODY = DoubtFlag(SPEAKER_UNSURE, "the diariser heard nobody here")


@dataclass(frozen=True, slots=True)
class _Owner:
    """The voice of a word, -1 for none, its share of the voices in the word, and its margin."""

    voice: int
    share: float
    margin: float


def assign_speakers(
    turns: Iterable[Turn],
    stretches: Sequence[VoiceStretch],
    codes: Sequence[str],
    *,
    is_by_word: bool = False,
) -> tuple[Turn, ...]:
    """Return the turns with speakers, split where the speaker changes; no word is changed.

    stretches: in the order of their beginning. codes: the speaker's code of each voice. is_by_word:
    whether they begin and end with words, so that no change needs to be moved. The first
    part of a turn keeps its key, the others get new ones. A turn whose text a person corrected is
    never split, for its words no longer show where. A turn without words keeps its speaker.
    """
    voices = _Voices(stretches)
    turns = list(turns)
    unused_key = max((turn.key for turn in turns), default=0) + 1
    assigned: list[Turn] = []
    for turn in turns:
        parts = list(_split_turn(turn, voices, codes, is_by_word=is_by_word))
        assigned.append(replace(parts[0], key=turn.key))
        for part in parts[1:]:
            assigned.append(replace(part, key=unused_key))
            unused_key += 1
    return tuple(assigned)


def doubt_mixed_turns(turns: Iterable[Turn], mixed: Sequence[Interval]) -> tuple[Turn, ...]:
    """Return the turns; one is doubted where most of it lies between two voices."""
    return tuple(
        replace(turn, flags=merge_flags((*turn.flags, _UNDER)))
        if is_mostly_within(turn, mixed)
        else turn
        for turn in turns
    )


def explain_keyed_turns(turns: Iterable[Turn], keyed: Sequence[Interval]) -> tuple[Turn, ...]:
    """Return the turns; where a key chose the speaker, a doubtful voice is told as against it.

    keyed: the seconds of which the interviewer's keys say who speaks.
    """
    return tuple(
        replace(turn, flags=tuple(_KEYED if flag == _BETWEEN else flag for flag in turn.flags))
        if _BETWEEN in turn.flags and is_mostly_within(turn, keyed)
        else turn
        for turn in turns
    )


class _Voices:
    """Looks up which voice speaks when."""

    def __init__(self, stretches: Sequence[VoiceStretch]) -> None:
        self._stretches = stretches
        self._starts = [one.start_s for one in stretches]
        self._longest_s = max((one.end_s - one.start_s for one in stretches), default=0.0)

    def find_owner(self, word: Word) -> _Owner:
        """Return the voice that a word belongs to."""
        shared = self._measure_voices(word.start_s, max(word.end_s, word.start_s + 0.01))
        if not shared:
            shared = self._measure_voices(word.start_s - _NEAR_S, word.end_s + _NEAR_S)
        if not shared:
            return _Owner(-1, 0.0, 0.0)
        voice, (most_s, margin) = max(shared.items(), key=lambda item: item[1][0])
        return _Owner(voice, most_s / sum(s for s, _ in shared.values()), margin)

    def _measure_voices(self, start_s: float, end_s: float) -> dict[int, tuple[float, float]]:
        """Return the seconds and the least margin of each voice in an interval."""
        shared: dict[int, tuple[float, float]] = {}
        first = bisect_left(self._starts, start_s - self._longest_s)
        for at in range(first, len(self._stretches)):
            one = self._stretches[at]
            if one.start_s >= end_s:
                break
            seconds = measure_overlap_s((one.start_s, one.end_s), (start_s, end_s))
            if seconds > 0:
                known_s, margin = shared.get(one.voice, (0.0, one.margin))
                shared[one.voice] = (known_s + seconds, min(margin, one.margin))
        return shared


def _split_turn(
    turn: Turn, voices: _Voices, codes: Sequence[str], *, is_by_word: bool
) -> Iterator[Turn]:
    if not turn.words:
        yield turn
        return
    owners = [voices.find_owner(word) for word in turn.words]
    if "".join(word.text for word in turn.words).strip() != turn.text:
        yield _give_speaker(turn, owners, codes, _find_commonest_voice(owners))
        return
    spoken = _fill_unknown([owner.voice for owner in owners])
    if not is_by_word:
        spoken = _snap_changes(turn.words, spoken)
    at = 0
    for voice, run in groupby(spoken):
        count = len(list(run))
        part = take_words(turn, turn.words[at : at + count])
        if at == 0:
            part = replace(part, start_s=turn.start_s)
        if at + count == len(spoken):
            part = replace(part, end_s=turn.end_s)
        yield _give_speaker(part, owners[at : at + count], codes, voice)
        at += count


def _find_commonest_voice(owners: Sequence[_Owner]) -> int:
    counts = Counter(owner.voice for owner in owners if owner.voice >= 0)
    return counts.most_common(1)[0][0] if counts else -1


def _give_speaker(turn: Turn, owners: Sequence[_Owner], codes: Sequence[str], voice: int) -> Turn:
    """Return a turn with the speaker of a voice, and with the reasons to doubt that speaker."""
    kept = tuple(flag for flag in turn.flags if flag.kind != SPEAKER_UNSURE)
    known = [owner for owner in owners if owner.voice >= 0]
    if not known:
        return replace(turn, flags=(*kept, _NOBODY))
    own = [owner for owner in known if owner.voice == voice]
    doubts: list[DoubtFlag] = []
    if sum(owner.share for owner in own) < _CLEAR * len(known):
        doubts.append(_AT_ONCE)
    if own and sum(owner.margin for owner in own) < _LEAST_MARGIN * len(own):
        doubts.append(_BETWEEN)
    return replace(turn, speaker=codes[voice], flags=(*kept, *doubts))


def _fill_unknown(voices: list[int]) -> list[int]:
    """Give a word without a voice that of the word before, else of the first word with one."""
    known = [voice for voice in voices if voice >= 0]
    last = known[0] if known else -1
    filled: list[int] = []
    for voice in voices:
        last = voice if voice >= 0 else last
        filled.append(last)
    return filled


def _snap_changes(words: Sequence[Word], voices: list[int]) -> list[int]:
    """Move each change of voice to the end of a sentence or a pause at most two words away."""
    ends = {at for at in range(1, len(words)) if _is_end(words[at - 1], words[at])}
    snapped = list(voices)
    for at in range(1, len(voices)):
        if voices[at] == voices[at - 1] or at in ends:
            continue
        near = [place for step in range(1, _SNAP + 1) for place in (at - step, at + step)]
        place = next((place for place in near if place in ends), None)
        if place is not None:
            low, high = min(at, place), max(at, place)
            voice = voices[at] if place < at else voices[at - 1]
            snapped[low:high] = [voice] * (high - low)
    return snapped


def _is_end(before: Word, after: Word) -> bool:
    is_pause = after.start_s - before.end_s >= _PAUSE_S
    return is_pause or ends_sentence(before)
