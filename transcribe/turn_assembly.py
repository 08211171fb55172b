"""Build turns from the words of all windows: who spoke, and in what order. Pure functions.

A turn ends where a sentence ends and somebody pauses; in mid-sentence only where the pause is long.
A long turn is parted between two sentences. Passages of speech without words become turns of their
own, so that nobody takes them for silence.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from study import (
    PRESSED_KINDS,
    TURN_BREAKS,
    DoubtFlag,
    Interval,
    Mark,
    MarkKind,
    Turn,
    Word,
    ends_question,
    ends_sentence,
    join_turns,
)
from transcribe.doubt import name_foreign_speech
from transcribe.speech_coverage import TranscribedWindow, find_wordless_spans

NOT_TRANSCRIBED = "(not transcribed)"
UNKNOWN_SPEAKER = "S?"

# A pause this long begins a new turn (of .4 to .6 s between two people the times of words leave .2
# and more; inside sentences they leave up to .85 s),
_SPEAKER_PAUSE_S = 2.0  # of a known speaker, if nobody else speaks meanwhile;
_SENTENCE_PAUSE_S = 0.8  # if somebody does, or if nobody knows who speaks after the sentence;
_ANSWER_PAUSE_S = 0.2  # where the sentence is a question: somebody else may answer
_UNFINISHED_PAUSE_S = 2.0  # in mid-sentence, whoever speaks.
_LONG_TURN_S = 30.0  # longer turns are parted,
_SHORT_PART_S = 5.0  # into parts no shorter than this
_TELLING_S = 1.6  # of speech tell a voice: a piece that is compared is so long
_SLIP_S = 2.0  # a key for somebody else, so soon after one in the same sentence, corrects it
_FARTHEST_S = 10.0  # from where a topic was pressed a sentence may end at which it begins
# Events over which a sentence goes on; a reader finds them by their time.
_NO_BREAKS = PRESSED_KINDS | {
    MarkKind.SPEAKER, MarkKind.OVERLAP, MarkKind.MODEL, MarkKind.DRAFT, MarkKind.SLOW_DISK,
    MarkKind.CLOCK, MarkKind.SOURCE, MarkKind.CLIPPED,
}  # fmt: skip


def build_turns(
    windows: Iterable[TranscribedWindow],
    speakers: Sequence[str],
    *,
    by_channel: bool,
    events: Iterable[Mark] = (),
) -> tuple[Turn, ...]:
    """Put the windows of all channels into turns, ordered by when they began.

    speakers: the code of each channel. by_channel: whether every channel is a speaker; otherwise
    the speaker is the one whom the interviewer marked last, and ``UNKNOWN_SPEAKER`` before that.
    events: ordered by time. A topic, a silence or a place where sound is missing splits a turn
    between two words: each word goes to the side where its middle is, and the parts meet at the
    event. A topic that was pressed in mid-sentence splits at the nearest end of a sentence, or a
    long pause, of whoever speaks. A mark of a speaker counts from the pause before it, for its key
    is pressed once somebody is heard. A passage without words is never split.
    """
    windows, events = list(windows), list(events)
    heard = _ByChannel(windows, events, by_channel=by_channel)
    parts = sorted(
        (
            part
            for window in windows
            for run in _split_window(window)
            for part in _split_at_sections(run, heard.list_sections(run.channel))
        ),
        key=lambda part: (part.start_s, part.end_s),
    )
    turns: list[Turn] = []
    before: _Part | None = None
    for part in parts:
        speaker = speakers[part.channel] if by_channel else part.speaker
        if (
            before
            and before.section == part.section
            and _continues(turns[-1], speaker, part, is_certain=by_channel)
        ):
            turns[-1] = _extend_turn(turns[-1], part)
        else:
            turns.append(_build_turn(speaker, part))
        before = part
    short = (part for turn in turns for part in _split_long_turn(turn))
    ordered = sorted(short, key=lambda turn: turn.start_s)
    return tuple(replace(turn, key=key) for key, turn in enumerate(ordered, start=1))


def join_own_turns(turns: Iterable[Turn], events: Iterable[Mark]) -> tuple[Turn, ...]:
    """Join neighbouring turns of one speaker that a short pause in mid-sentence parted.

    turns: in order of time, with speakers. A silence or another event between two keeps them
    apart, and so does a doubt about who speaks one of them: a person hears that one by itself. The
    key is that of the first.
    """
    places = [event.at_s for event in events if event.kind not in _NO_BREAKS]
    joined: list[Turn] = []
    for turn in turns:
        if joined and _goes_on(joined[-1], turn) and not _is_between(places, joined[-1], turn):
            joined[-1] = join_turns(joined[-1], turn)
        else:
            joined.append(turn)
    return tuple(joined)


def _goes_on(before: Turn, turn: Turn) -> bool:
    """Whether a turn goes on with the sentence of the one before."""
    if before.speaker != turn.speaker or before.is_speaker_unsure != turn.is_speaker_unsure:
        return False
    if not before.words or not turn.words or ends_sentence(before.words[-1]):
        return False
    return turn.start_s - before.end_s < _UNFINISHED_PAUSE_S


def _is_between(places: Sequence[float], before: Turn, after: Turn) -> bool:
    first = bisect_left(places, (before.start_s + before.end_s) / 2)
    return first < len(places) and places[first] <= after.start_s


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of the recording whose beginning splits every turn, and its marked speaker."""

    start_s: float
    speaker: str


class _ByChannel:
    """The sections of each channel with a speaker of its own; otherwise all have the same."""

    def __init__(
        self, windows: Sequence[TranscribedWindow], events: Sequence[Mark], *, by_channel: bool
    ) -> None:
        self._windows, self._events, self._by_channel = windows, events, by_channel
        self._known: dict[int, list[_Section]] = {}

    def list_sections(self, channel: int) -> list[_Section]:
        """Return the sections of a channel; each has the same number of them."""
        channel = channel if self._by_channel else 0
        if channel not in self._known:
            words = sorted(
                (
                    word
                    for window in self._windows
                    if window.channel == channel or not self._by_channel
                    for word in window.words
                ),
                key=lambda word: (word.start_s, word.end_s),
            )
            events = _settle_topics(self._events, words)
            if not self._by_channel:
                events = _settle_keys(events, words)
            self._known[channel] = _list_sections(events, by_channel=self._by_channel)
        return self._known[channel]


def _list_sections(events: Iterable[Mark], *, by_channel: bool) -> list[_Section]:
    """Return the sections in order; the first begins at minus infinity."""
    sections = [_Section(float("-inf"), UNKNOWN_SPEAKER)]
    for event in events:
        if _parts_turns(event):
            sections.append(_Section(event.at_s, sections[-1].speaker))
        elif (
            event.kind == MarkKind.SPEAKER and not by_channel and event.note != sections[-1].speaker
        ):
            sections.append(_Section(event.at_s, event.note))
    return sections


def find_keyed_speech(events: Iterable[Mark], words: Sequence[Word]) -> list[tuple[Interval, str]]:
    """Return what was being said when a key for its speaker was pressed, and that speaker.

    That is from the pause before the key to the end of the sentence, or to the next pause: then
    somebody else may speak for whom no key is pressed. A key that another one corrected, or after
    which nobody speaks, tells nothing. events: ordered by time. words: in order of time.
    """
    pressed = _settle_topics(list(events), words)
    keys = [
        (mark.at_s, moved)
        for mark, moved in zip(pressed, _move_keys(pressed, words), strict=True)
        if moved.kind == MarkKind.SPEAKER and moved.note
    ]
    spoken: list[tuple[Interval, str]] = []
    for number, (at_s, key) in enumerate(keys):
        others = (one.at_s for _, one in keys[number + 1 :] if one.note != key.note)
        said = _find_said(words, key.at_s, at_s, next(others, float("inf")))
        if said is not None:
            spoken.append((said, key.note))
    return spoken


def _find_said(
    words: Sequence[Word], begun_s: float, pressed_s: float, until_s: float
) -> Interval | None:
    """Return from when to when one person speaks without doubt who began at ``begun_s``.

    until_s: where the next key says that somebody else does.
    """
    first = bisect_left(words, begun_s, key=_find_middle)
    last = bisect_left(words, until_s, key=_find_middle) - 1
    least_s = max(pressed_s, begun_s + _TELLING_S)
    for at in range(first, last + 1):
        word = words[at]
        rest_s = words[at + 1].start_s - word.end_s if at < last else float("inf")
        is_end = ends_sentence(word) and (word.end_s >= least_s or rest_s >= _ANSWER_PAUSE_S)
        if at == last or is_end or _is_pause(word, words[at + 1]):
            return max(begun_s, words[first].start_s), word.end_s
    return None


def _settle_topics(events: Sequence[Mark], words: Sequence[Word]) -> list[Mark]:
    """Move each topic that was pressed in mid-sentence to the nearest end of a sentence.

    A long pause ends one as well; where neither is near, a shorter pause does. No topic passes
    another event that parts turns. events, words: in order of time.
    """
    settled = list(events)
    parting = [n for n, event in enumerate(events) if _parts_turns(event)]
    before_s = float("-inf")
    for place, at in enumerate(parting):
        event = events[at]
        if event.kind == MarkKind.TOPIC:
            after = parting[place + 1 : place + 2]
            until_s = events[after[0]].at_s if after else float("inf")
            at_s = _find_sentence_edge(words, event.at_s, (before_s, until_s))
            settled[at] = event = replace(event, at_s=at_s)
        before_s = event.at_s
    return sorted(settled, key=lambda event: event.at_s)


def _parts_turns(event: Mark) -> bool:
    return event.kind in TURN_BREAKS or event.kind == MarkKind.SILENCE


def _find_sentence_edge(words: Sequence[Word], at_s: float, within: Interval) -> float:
    """Return the nearest time to ``at_s`` within an interval that cuts no sentence."""
    first, here, last = (
        bisect_left(words, time_s, key=_find_middle) for time_s in (within[0], at_s, within[1])
    )
    if here in {first, last}:
        return at_s

    def is_edge(at: int) -> bool:
        rest_s = words[at].start_s - words[at - 1].end_s
        return ends_sentence(words[at - 1]) or rest_s >= _UNFINISHED_PAUSE_S

    if is_edge(here):
        return at_s
    edges = [(at_s - words[first].start_s, words[first].start_s),
             (words[last - 1].end_s - at_s, words[last - 1].end_s)]  # fmt: skip

    def is_breath(at: int) -> bool:
        return _is_pause(words[at - 1], words[at])

    for wanted in (is_edge, is_breath):
        before = next((at for at in range(here - 1, first, -1) if wanted(at)), None)
        after = next((at for at in range(here + 1, last) if wanted(at)), None)
        near = [(at_s - words[at].start_s, words[at].start_s) for at in (before,) if at]
        near += [(words[at - 1].end_s - at_s, words[at - 1].end_s) for at in (after,) if at]
        if (found := min((*edges, *near)))[0] <= _FARTHEST_S:
            break
    else:
        found = min((*edges, *near))
    return min(max(found[1], within[0]), within[1])


def _settle_keys(events: Iterable[Mark], words: Sequence[Word]) -> list[Mark]:
    """Move each mark of a speaker back to where that speaker began, and sort them by time."""
    return sorted(_move_keys(events, words), key=lambda event: event.at_s)


def _move_keys(events: Iterable[Mark], words: Sequence[Word]) -> list[Mark]:
    """Move each mark of a speaker back to where that speaker began.

    That is the nearest pause before it, and never in a sentence, unless the key before was pressed
    in the same one. A mark never passes another event that parts turns. words: in order of time.
    """
    settled: list[Mark] = []
    after_s, is_break, speaker, pressed_s = float("-inf"), True, "", float("-inf")
    for event in events:
        if _parts_turns(event):
            after_s, is_break = event.at_s, True
        elif event.kind == MarkKind.SPEAKER and event.note != speaker:
            at_s = _find_change(words, event.at_s, after_s, is_break=is_break)
            if at_s is None:  # both keys were pressed in one sentence
                at_s = after_s if event.at_s - pressed_s < _SLIP_S else event.at_s
            after_s, is_break, speaker, pressed_s = at_s, False, event.note, event.at_s
            settled.append(replace(event, at_s=at_s))
            continue
        settled.append(event)
    return settled


def _find_change(
    words: Sequence[Word], at_s: float, after_s: float, *, is_break: bool
) -> float | None:
    """Return when the speaker began whose key was pressed at ``at_s``, None where that is unknown.

    after_s: where the mark before it, or else an event that parts turns, stands. is_break: that is
    such an event.
    """
    first = bisect_left(words, after_s, key=_find_middle)
    following = bisect_right(words, at_s, key=_find_middle)
    if first >= following:
        return at_s
    if following == len(words) and at_s - words[-1].end_s >= _SENTENCE_PAUSE_S:
        return at_s  # in the silence at the end: it is for nobody who spoke before
    places = range(min(following, len(words) - 1), first, -1)
    for at in places:
        if _is_pause(words[at - 1], words[at]) or (
            ends_sentence(words[at - 1])
            and words[at].start_s - words[at - 1].end_s >= _ANSWER_PAUSE_S
        ):
            return min(at_s, words[at].start_s)
    if is_break:
        return min(at_s, words[first].start_s)
    ends = (at for at in places if ends_sentence(words[at - 1]))
    return next((min(at_s, words[at].start_s) for at in ends), None)


def _find_middle(word: Word) -> float:
    return (word.start_s + word.end_s) / 2


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of words without a pause, or a passage without words, in one section.

    flags: what is told of a passage without words.
    """

    channel: int
    start_s: float
    end_s: float
    words: tuple[Word, ...]
    section: int = 0
    speaker: str = UNKNOWN_SPEAKER
    flags: tuple[DoubtFlag, ...] = ()


def _split_at_sections(part: _Part, sections: Sequence[_Section]) -> Iterator[_Part]:
    """Split a run of words where a section begins."""
    starts = [section.start_s for section in sections]
    if not part.words:
        number = bisect_right(starts, part.start_s) - 1
        yield replace(part, section=number, speaker=sections[number].speaker)
        return
    placed: list[tuple[int, Word]] = []
    number = 0
    for word in part.words:  # never back to an earlier section: words keep their order
        number = max(number, bisect_right(starts, (word.start_s + word.end_s) / 2) - 1)
        placed.append((number, word))
    for number, run in groupby(placed, key=lambda pair: pair[0]):
        words = tuple(word for _, word in run)
        following_s = starts[number + 1] if number + 1 < len(starts) else float("inf")
        start_s = max(words[0].start_s, starts[number])
        end_s = max(start_s, min(words[-1].end_s, following_s))
        yield _Part(part.channel, start_s, end_s, words, number, speaker=sections[number].speaker)


def _split_window(window: TranscribedWindow) -> list[_Part]:
    runs: list[list[Word]] = []
    for word in window.words:
        if not runs or _is_pause(runs[-1][-1], word):
            runs.append([])
        runs[-1].append(word)
    spoken = [_Part(window.channel, r[0].start_s, r[-1].end_s, tuple(r)) for r in runs]
    return spoken + [
        _Part(window.channel, *gap, (), flags=_flag_gap(gap, window))
        for gap in find_wordless_spans(window)
    ]


def _flag_gap(gap: Interval, window: TranscribedWindow) -> tuple[DoubtFlag, ...]:
    told = DoubtFlag("gap", "speech was heard here, and no words")
    heard = {
        name_foreign_speech(foreign): None
        for foreign in window.foreign
        if foreign.start_s < gap[1] and foreign.end_s > gap[0]
    }
    return (told, *heard)


def _is_pause(before: Word, after: Word) -> bool:
    """Whether a turn of somebody else that begins between two words parts them."""
    shortest_s = _ANSWER_PAUSE_S if ends_question(before) else _SENTENCE_PAUSE_S
    return after.start_s - before.end_s >= shortest_s


def _build_turn(speaker: str, part: _Part) -> Turn:
    text = _join_words(part.words) or NOT_TRANSCRIBED
    return Turn(0, speaker, part.start_s, part.end_s, text, part.words, part.flags)


def _join_words(words: Iterable[Word]) -> str:
    return "".join(word.text for word in words).strip()


def _continues(turn: Turn, speaker: str, part: _Part, *, is_certain: bool) -> bool:
    """Whether a part goes on with the turn before it.

    is_certain: the speakers are certain; after a key, others may speak before the next one.
    """
    if turn.speaker != speaker or not turn.words or not part.words:
        return False
    pause_s = part.start_s - turn.end_s
    if not ends_sentence(turn.words[-1]):
        return pause_s < _UNFINISHED_PAUSE_S
    if not is_certain:
        return not _is_pause(turn.words[-1], part.words[0])
    return pause_s < _SPEAKER_PAUSE_S


def _extend_turn(turn: Turn, part: _Part) -> Turn:
    words = (*turn.words, *part.words)
    return replace(turn, end_s=part.end_s, text=_join_words(words), words=words)


def _split_long_turn(turn: Turn) -> Iterator[Turn]:
    """Part a long turn between two sentences, where the pause is longest; its text stays."""
    while turn.words and turn.end_s - turn.start_s > _LONG_TURN_S:
        at = _find_break(turn)
        if at is None:
            break
        first, rest = turn.words[:at], turn.words[at:]
        end_s = min(first[-1].end_s, rest[0].start_s)
        yield replace(turn, end_s=end_s, text=_join_words(first), words=first)
        turn = replace(turn, start_s=rest[0].start_s, text=_join_words(rest), words=rest)
    yield turn


def _find_break(turn: Turn) -> int | None:
    """Return the word before which to part a long turn; None where no sentence ends."""
    words = turn.words
    ends = [at for at in range(1, len(words)) if ends_sentence(words[at - 1])]
    latest_s = turn.end_s - _SHORT_PART_S
    later = [at for at in ends if turn.start_s + _LONG_TURN_S / 2 <= words[at].start_s <= latest_s]
    near = [at for at in later if words[at].start_s <= turn.start_s + _LONG_TURN_S]
    if not near:
        return later[0] if later else None
    return max(near, key=lambda at: words[at].start_s - words[at - 1].end_s)
