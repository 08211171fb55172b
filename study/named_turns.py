"""Who a person said speaks a turn: of that turn alone, or of all turns of a voice.

Both are read from the edits of a transcript. A turn that somebody gave to a speaker by itself is
known; where all turns of a voice were given at once, nobody looked at each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from study.edits import Edit, EditKind
from study.records import Turn

# Who says that a doubtful turn is right says it of its speaker, too.
_ABOUT_ONE = frozenset({EditKind.SPEAKER, EditKind.CHECKED})
_OF_A_VOICE = 10  # turns that are trusted of a voice that was named: its longest, none unsure


@dataclass(frozen=True, slots=True)
class NamedTurns:
    """Turns as they stand whose speakers a person named.

    by_hand: those that somebody gave to their speaker one by one. by_voice: the longest turns of
    each voice that was named as a whole, without those whose speaker is unsure.
    """

    by_hand: tuple[Turn, ...] = ()
    by_voice: tuple[Turn, ...] = ()


def find_named_turns(edits: Iterable[Edit], turns: Sequence[Turn]) -> NamedTurns:
    """Find the turns whose speakers a person named.

    edits: those that stand, oldest first. turns: as they stand now.
    """
    by_hand: dict[int, bool] = {}  # by the key of a turn; False where it was given with its voice
    for edit in edits:
        if edit.act in _ABOUT_ONE:
            by_hand |= {turn.key: True for turn in edit.turns}
            by_hand |= dict.fromkeys(edit.keys, len(edit.keys) == 1)
        elif edit.act == EditKind.SPLIT:
            first, second = edit.turns
            is_known = first.speaker != second.speaker or by_hand.get(first.key, False)
            if is_known or first.key in by_hand:
                by_hand |= {first.key: is_known, second.key: is_known}
    given = [turn for turn in turns if turn.key in by_hand]
    return NamedTurns(
        tuple(turn for turn in given if by_hand[turn.key]),
        tuple(_choose_longest(turn for turn in given if not by_hand[turn.key])),
    )


def _choose_longest(turns: Iterable[Turn]) -> list[Turn]:
    """Return the longest turns of each speaker in the order of time."""
    of_speaker: dict[str, list[Turn]] = {}
    for turn in turns:
        if not turn.is_speaker_unsure:
            of_speaker.setdefault(turn.speaker, []).append(turn)
    chosen = [
        turn
        for spoken in of_speaker.values()
        for turn in sorted(spoken, key=lambda turn: turn.start_s - turn.end_s)[:_OF_A_VOICE]
    ]
    return sorted(chosen, key=lambda turn: turn.start_s)
