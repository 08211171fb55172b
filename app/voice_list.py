"""The voices of a transcript, for a person who says whose they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from study import Turn

_HEARD_S = 1.5  # a turn this long lets a person know a voice
_MOST_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class VoiceSummary:
    """One voice: the code that its turns have, and how much it says.

    turns: how many it has. seconds: how long they are together. share: of what all voices say,
    0 to 1. samples: turns to know it by, the best first; never empty.
    """

    code: str
    turns: int
    seconds: float
    share: float
    samples: tuple[Turn, ...]

    @property
    def first_words(self) -> str:
        """What it says in the first of its samples."""
        return self.samples[0].text


def summarise_voices(turns: Iterable[Turn]) -> list[VoiceSummary]:
    """Return the voices of a transcript, in the order in which they begin to speak."""
    spoken: dict[str, list[Turn]] = {}
    for turn in turns:
        spoken.setdefault(turn.speaker, []).append(turn)
    seconds = {code: sum(_measure_s(turn) for turn in own) for code, own in spoken.items()}
    total_s = sum(seconds.values())
    return [
        VoiceSummary(
            code,
            len(own),
            seconds[code],
            seconds[code] / total_s if total_s else len(own) / sum(map(len, spoken.values())),
            _choose_samples(own),
        )
        for code, own in spoken.items()
    ]


def _choose_samples(turns: list[Turn]) -> tuple[Turn, ...]:
    """Return the first turns that are sure and long enough; else the longest ones."""
    sure = [turn for turn in turns if not turn.is_speaker_unsure and _measure_s(turn) >= _HEARD_S]
    chosen = sure or sorted(turns, key=_measure_s, reverse=True)
    return tuple(chosen[:_MOST_SAMPLES])


def _measure_s(turn: Turn) -> float:
    return max(0.0, turn.end_s - turn.start_s)
