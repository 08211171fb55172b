"""Follow the sound of an interview while another process records it. Writes nothing."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator

from study import ShouldStop
from study.errors import Stopped
from study.store import Interview, InterviewSound, count_stretches, explain_missing_sound

IsRecordingOver = Callable[[], bool]
"""Returns whether the recording has ended, so that no more sound will come."""

_POLL_S = 0.25


class LiveSound:
    """Sound that still grows, as a ``SoundFeed``. ``follow_recording`` makes it."""

    def __init__(
        self,
        interview: Interview,
        sound: InterviewSound,
        stretch_count: int,
        *,
        is_over: IsRecordingOver,
        stop: ShouldStop,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.sound = sound
        self._stretch_count = stretch_count  # when the sound was opened
        self._interview = interview
        self._is_over = is_over
        self._stop = stop
        self._wait = wait
        self._has_ended = False

    def wait_for_frames(self, frames: int) -> bool:
        """Wait for at least ``frames`` frames; return False where the recording ended before.

        Raises:
            Stopped: ``stop`` returned True while the sound did not grow.
        """
        while frames > self.sound.frames and not self._has_ended:
            if self._stop():
                raise Stopped("Transcribing")
            is_over = self._is_over()  # asked before the refresh, which then sees all that came
            self._refresh()
            self._has_ended = is_over
            if frames > self.sound.frames and not is_over:
                self._wait(_POLL_S)
        return frames <= self.sound.frames

    def close(self) -> None:
        """Close the files."""
        self.sound.close()

    def _refresh(self) -> None:
        self.sound.refresh()
        count = count_stretches(self._interview)
        if count > self._stretch_count:
            opened = self._interview.open_sound()
            if opened is not None:
                self.sound.close()
                self.sound, self._stretch_count = opened, count


@contextlib.contextmanager
def follow_recording(
    interview: Interview,
    *,
    is_over: IsRecordingOver,
    stop: ShouldStop,
    wait: Callable[[float], None] = time.sleep,
) -> Generator[LiveSound]:
    """Wait for the first sound of an interview, and follow it from its beginning.

    is_over: whether the recording has ended. wait: sleeps for some seconds.

    Raises:
        SoundMissing, DataDestroyed, HasWithdrawn: the recording ended without any sound.
        Stopped: ``stop`` returned True.
    """
    while True:
        if stop():
            raise Stopped("Transcribing")
        has_ended = is_over()
        stretch_count = count_stretches(interview)
        sound = interview.open_sound()
        if sound is not None and sound.frames:
            break
        if sound is not None:
            sound.close()
        if has_ended:
            raise explain_missing_sound(interview)
        wait(_POLL_S)
    growing = LiveSound(interview, sound, stretch_count, is_over=is_over, stop=stop, wait=wait)
    try:
        yield growing
    finally:
        growing.close()
