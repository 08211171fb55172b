"""Where the sound of a track stands on the recording's time line, and where sound is missing.

A decoder gives sound without its holes: played one after the other, everything behind a hole comes
too early. This module decides from the times of a container, or from the bytes that could not be
decoded, how much silence belongs before each piece of sound. It knows no codec and no file.
"""

from __future__ import annotations

from dataclasses import dataclass

_LEAST_GAP_S = 0.1  # below: the grain of times in AVI, FLV, 3GP and ASF, found up to 0.06 s
_LEAST_STEP_S = 0.01  # a slow drift of two clocks has no step; times in whole ms step by 0.001 s
_LEAST_DAMAGE_S = 0.005  # where a packet was broken; one of AMR has 0.020 s, the shortest
_LONGEST_GAP_S = 3600.0  # more is another clock (a TV broadcast, a joined file), not a gap
_ONE_PLACE_S = 0.5  # gaps nearer to each other are told as one


@dataclass(frozen=True, slots=True)
class SoundGap:
    """Silence that stands for missing sound: from ``at_s`` on, in seconds of the imported sound.

    is_damage: the file has data here that cannot be decoded; else it has none.
    """

    at_s: float
    length_s: float
    is_damage: bool


class TrackTimeline:
    """Places pieces of sound one after the other, at their times.

    rate: frames per second. zero_s: the time in the container that a player shows as 0, None if
    the first piece is at 0.
    """

    def __init__(self, rate: int, zero_s: float | None) -> None:
        self._rate = rate
        self._zero_s = zero_s
        self._next_s: float | None = zero_s  # when the next piece should come, by the container
        self._gaps: list[SoundGap] = []
        self.frames = 0
        self.damaged_places = 0

    def place(self, at_s: float | None, frames: int, *, after_damage: bool = False) -> int:
        """Take a piece of ``frames`` frames; return the frames of silence that belong before it.

        at_s: its time in the container, None if it has none. after_damage: something before it
        could not be decoded.
        """
        silence = 0
        if at_s is not None:
            if self._zero_s is None:
                self._zero_s = self._next_s = at_s
            silence = self._measure_gap(at_s, self._zero_s, after_damage=after_damage)
            self._next_s = at_s + frames / self._rate
        if silence or after_damage:
            self.add_gap(silence, is_damage=after_damage)
        self.frames += frames
        return silence

    def add_gap(self, frames: int, *, is_damage: bool) -> None:
        """Note silence that the caller puts here; none of 0 frames, but a damaged place counts."""
        at_s, length_s = self.frames / self._rate, frames / self._rate
        self.frames += frames
        last = self._gaps[-1] if self._gaps else None
        if last is not None and last.is_damage == is_damage and self._is_near(last, at_s):
            self._gaps[-1] = SoundGap(last.at_s, last.length_s + length_s, is_damage)
            return
        self.damaged_places += is_damage
        if frames:
            self._gaps.append(SoundGap(at_s, length_s, is_damage))

    def take_gaps(self, *, all_of_them: bool = False) -> list[SoundGap]:
        """Return the gaps that are complete and were not taken yet; at the end, all of them."""
        kept = 0 if all_of_them or not self._gaps else 1
        taken = self._gaps[: len(self._gaps) - kept]
        del self._gaps[: len(taken)]
        return taken

    @staticmethod
    def _is_near(last: SoundGap, at_s: float) -> bool:
        return at_s - (last.at_s + last.length_s) < _ONE_PLACE_S

    def _measure_gap(self, at_s: float, zero_s: float, *, after_damage: bool) -> int:
        due_s = at_s - zero_s - self.frames / self._rate
        step_s = at_s - self._next_s if self._next_s is not None else 0.0
        is_other_clock = due_s > _LONGEST_GAP_S or due_s < -_LEAST_GAP_S
        if is_other_clock and abs(step_s) >= _LEAST_STEP_S:
            self._zero_s = at_s - self.frames / self._rate
            return 0
        least_s = _LEAST_DAMAGE_S if after_damage else _LEAST_GAP_S
        if due_s < least_s or (step_s < _LEAST_STEP_S and not after_damage):
            return 0
        return round(due_s * self._rate)
