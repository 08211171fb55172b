"""The sound of an interview while it is being recorded, followed as it is sealed."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator

from study.errors import SoundMissing, Stopped
from study.recordings import Sound, open_sound, stretches_entered
from study.steps import Stop
from study.store import Study

IsOver = Callable[[], bool]
"""Whether the recording has ended: nothing more will come."""

_LOOK_S = 0.25


class Growing:
    """Sound that grows; see ``hearing.Source``. Made by ``following``."""

    def __init__(
        self,
        study: Study,
        interview: str,
        sound: Sound,
        entered: int,
        *,
        is_over: IsOver,
        stop: Stop,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.sound = sound
        self._entered = entered  # stretches, when it was opened
        self._study = study
        self._interview = interview
        self._is_over = is_over
        self._stop = stop
        self._wait = wait
        self._has_ended = False

    def reaches(self, frames: int) -> bool:
        """Wait until there are so many frames; False where the recording ended before.

        Raises:
            Stopped: somebody asked for it while nothing came.
        """
        while frames > self.sound.frames and not self._has_ended:
            if self._stop():
                raise Stopped("Transcribing")
            is_over = self._is_over()  # asked before looking: what came until then is seen
            self._look()
            self._has_ended = is_over
            if frames > self.sound.frames and not is_over:
                self._wait(_LOOK_S)
        return frames <= self.sound.frames

    def close(self) -> None:
        """Close the files."""
        self.sound.close()

    def _look(self) -> None:
        self.sound.look_again()
        entered = stretches_entered(self._study, self._interview)
        if entered > self._entered:
            opened = open_sound(self._study, self._interview)
            if opened is not None:
                self.sound.close()
                self.sound, self._entered = opened, entered


@contextlib.contextmanager
def following(
    study: Study,
    interview: str,
    *,
    is_over: IsOver,
    stop: Stop,
    wait: Callable[[float], None] = time.sleep,
) -> Generator[Growing]:
    """Wait for the first sound of an interview, and follow it from its beginning.

    Raises:
        StepMissing: the recording ended without any.
        Stopped: somebody asked for it.
    """
    while True:
        if stop():
            raise Stopped("Transcribing")
        has_ended = is_over()
        entered = stretches_entered(study, interview)
        sound = open_sound(study, interview)
        if sound is not None and sound.frames:
            break
        if sound is not None:
            sound.close()
        if has_ended:
            raise SoundMissing
        wait(_LOOK_S)
    growing = Growing(study, interview, sound, entered, is_over=is_over, stop=stop, wait=wait)
    try:
        yield growing
    finally:
        growing.close()
