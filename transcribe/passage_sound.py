"""A passage of an interview's sound, read as if it were the whole of it.

So a passage takes the same way through voice activity, windows and the engine as an interview.
"""

from __future__ import annotations

from study import Interval, Mark
from study.store import InterviewSound


class PassageSound(InterviewSound):
    """The frames of a passage; its times count from the beginning of the passage."""

    def __init__(self, whole: InterviewSound, passage: Interval) -> None:
        """Prepare; closing this closes ``whole``. passage: in seconds of the interview."""
        self._whole, self.form = whole, whole.form
        self._first = round(passage[0] * self.form.rate)
        self._stop = min(whole.frames, round(passage[1] * self.form.rate))

    @property
    def frames(self) -> int:
        """Frames of the passage."""
        return max(0, self._stop - self._first)

    def refresh(self) -> None:
        """Do nothing: a passage is of sound that no longer grows."""

    def stretch_boundaries(self) -> list[float]:
        """Return the times in the passage at which a stretch ends and the next begins."""
        begins_s, length_s = self._first / self.form.rate, self.duration_s
        ends_s = [at_s - begins_s for at_s in self._whole.stretch_boundaries()]
        return [at_s for at_s in ends_s if 0 < at_s < length_s]

    def read(self, first: int, frames: int) -> bytes:
        """Return interleaved 16-bit PCM from frame ``first`` of the passage on."""
        return self._whole.read(self._first + first, min(frames, self.frames - first))

    def marks(self) -> list[Mark]:
        """Return no marks: those of the whole sound count."""
        return []

    def close(self) -> None:
        """Close the files."""
        self._whole.close()
