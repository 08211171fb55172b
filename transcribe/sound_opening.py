"""Get hold of an interview's sound: whole or still growing, for one process at a time."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator

from study import ShouldStop, no_stop
from study.errors import StillRecording, Stopped, StudyInUse
from study.store import (
    AUDIO_FOLDER,
    Interview,
    PresenceLock,
    explain_missing_sound,
    is_being_recorded,
    require_whole,
)
from transcribe.audio_tracks import CompleteSound, SoundFeed
from transcribe.live_sound import IsRecordingOver, follow_recording

_LOCK_POLL_S = 0.25


@contextlib.contextmanager
def open_feed(
    interview: Interview, is_over: IsRecordingOver | None, stop: ShouldStop
) -> Generator[SoundFeed]:
    """Open the sound of an interview; one that is being recorded is followed until ``is_over``.

    Raises:
        SoundMissing, DataDestroyed, HasWithdrawn: the interview has no sound, yet or any more.
        SoundIncomplete: part of the recording is missing on the disk.
        StillRecording: it is being recorded, and ``is_over`` is None.
        Stopped: ``stop`` returned True before there was any sound.
    """
    if is_over is not None:
        with follow_recording(interview, is_over=is_over, stop=stop) as growing:
            yield growing
        return
    if is_being_recorded(interview):
        raise StillRecording
    require_whole(interview)
    interview.study.require_unchanged()
    sound = interview.open_sound()
    if sound is None or not sound.frames:
        raise explain_missing_sound(interview)
    with sound:
        yield CompleteSound(sound)


@contextlib.contextmanager
def lock_interview(
    interview: Interview, is_over: IsRecordingOver | None = None, stop: ShouldStop = no_stop
) -> Generator[None]:
    """Keep other processes from transcribing the interview until the block ends.

    While the interview is recorded (``is_over``) the lock is waited for: where a recorder died, the
    process that followed it works on for a while.
    """
    lock = PresenceLock(interview.study.folder / AUDIO_FOLDER / interview.id)
    try:
        while not lock.try_exclusive():
            if is_over is None or is_over():
                raise StudyInUse("This interview")
            if stop():
                raise Stopped("Transcribing")
            time.sleep(_LOCK_POLL_S)
        yield
    finally:
        lock.release()
