"""Who a person said speaks a turn: of that turn alone, or of all turns of a voice.

Both are read from the edits of a transcript. A turn that somebody gave to a speaker by itself is
known; where all turns of a voice were given at once, nobody looked at each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from study.edits import Edit, EditKind
from study.records import Turn

# Who says that a doubtful turn is right says it of its speaker, too.
_ABOUT_ONE = frozenset({EditKind.SPEAKER, EditKind.CHECKED})
_OF_A_VOICE = 10  # turns that are trusted of a voice that was named: its longest, none unsure


@dataclass(frozen=True, slots=True)
class NamedTurns:
    """Turns as they stand, each with the speaker whom a person named.

    by_hand: those that somebody gave to their speaker one by one. by_voice: the longest turns of
    each voice that was named as a whole, without those whose speaker is unsure.
    """

    by_hand: tuple[Turn, ...] = ()
    by_voice: tuple[Turn, ...] = ()


def find_named_turns(edits: Iterable[Edit], turns: Sequence[Turn]) -> NamedTurns:
    """Find the turns whose speakers a person named.

    edits: those that stand, oldest first. turns: as they stand now.
    """
    codes: dict[int, str] = {}  # of the speaker whom a person named, by the key of a turn
    by_hand: set[int] = set()
    for edit in edits:
        if edit.act == EditKind.SPLIT:
            first, second = edit.turns
            is_given = first.speaker != second.speaker
            if is_given or first.key in by_hand:
                by_hand |= {first.key, second.key}
            if is_given or first.key in codes:
                codes |= {first.key: first.speaker, second.key: second.speaker}
        elif edit.act in _ABOUT_ONE:
            codes |= {turn.key: turn.speaker for turn in edit.turns}
            codes |= dict.fromkeys(edit.keys, edit.speaker)
            by_hand |= {turn.key for turn in edit.turns}
            by_hand |= set(edit.keys) if len(edit.keys) == 1 else set()
    given = [turn.give_to(codes[turn.key]) for turn in turns if turn.key in by_hand]
    of_voices = [turn for turn in turns if turn.key in codes and turn.key not in by_hand]
    return NamedTurns(tuple(given), tuple(_choose_longest(of_voices, codes)))


def _choose_longest(turns: Iterable[Turn], codes: Mapping[int, str]) -> list[Turn]:
    """Return the longest turns of each speaker in the order of time."""
    of_speaker: dict[str, list[Turn]] = {}
    for turn in turns:
        if not turn.is_speaker_unsure:
            named = turn.give_to(codes[turn.key])
            of_speaker.setdefault(named.speaker, []).append(named)
    chosen = [
        turn
        for spoken in of_speaker.values()
        for turn in sorted(spoken, key=lambda turn: turn.start_s - turn.end_s)[:_OF_A_VOICE]
    ]
    return sorted(chosen, key=lambda turn: turn.start_s)
