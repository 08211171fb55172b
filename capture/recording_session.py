"""One recording of an interview, from the key that starts it to the one that stops it.

A session joins the connection to the microphone, the recorder, the guard over both, and the
interviewer's commands. Its own thread checks everything ten times a second: a microphone that was
lost is opened again, in a new stretch; a disk that fails ends the recording with a sentence. Of the
methods for callers only ``start`` and ``stop`` wait for a device or the disk.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Self

from capture.audio_source import OpenSource
from capture.clocks import RecordingClocks
from capture.device_connection import DeviceConnection
from capture.recorder import QUEUE_S, Recorder
from capture.recording_guard import RecordingGuard
from capture.recording_status import RecordingPhase, RecordingStatus
from capture.wake_lock import hold_awake
from study import (
    GatedAction,
    MarkKind,
    SoundFormat,
    TopicGuide,
    is_short,
    require_short,
)
from study.errors import EarshotError, SoundDiffers
from study.store import Interview, require_interview_consent

KeepAwake = Callable[[], AbstractContextManager[Callable[[], bool]]]

_LOOK_S = 0.1
# After "off the record" only sound is kept that begins this long after the key, because a driver
# delivers sound 0.05 to 0.2 s late: what comes earlier was spoken before the key.
_DELIVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class _Aside:
    """A pause of some kind, and since when it lasts."""

    kind: MarkKind
    began_s: float


class RecordingSession:
    """A recording: ``start`` it, call ``read_status`` at any time, ``stop`` it. It is used once.

    All methods but ``start`` and ``stop`` may be called from any thread at any time and never wait;
    after the end they do nothing.
    """

    def __init__(
        self,
        interview: Interview,
        opener: OpenSource,
        *,
        guide: TopicGuide | None = None,
        planned_s: float | None = None,
        clocks: RecordingClocks | None = None,
        queue_s: float = QUEUE_S,
        look_s: float = _LOOK_S,
        keep_awake: KeepAwake = hold_awake,
    ) -> None:
        """Prepare; nothing is opened yet.

        planned_s: the planned length, compared with the room on the disk. queue_s: how much sound
        may wait for a slow disk. look_s: seconds between checks. keep_awake: see ``hold_awake``.
        """
        self._interview = interview
        self._guide = guide
        self._planned_s = planned_s
        self._clocks = clocks or RecordingClocks()
        self._queue_s = queue_s
        self._look_s = look_s
        self._keep_awake = keep_awake
        self._wake_lock = contextlib.ExitStack()
        self._is_awake: Callable[[], bool] = lambda: False
        self._connection = DeviceConnection(opener, self._clocks.now)
        self._form = SoundFormat(1, 1)
        self._writing: tuple[Recorder, RecordingGuard] | None = None
        self._turn = threading.RLock()  # held for moments only, never while waiting
        self._is_over, self._is_sealed = threading.Event(), threading.Event()
        self._began_s = self._before_s = 0.0
        self._ended_s: float | None = None
        self._aside: _Aside | None = None
        self._set_aside_s = 0.0
        self._topic: int | None = None
        self._asked: tuple[int, ...] = ()
        self._speaker = ""

    def start(self) -> None:
        """Open the microphone and the interview, and return once sound is being written.

        Raises:
            ConsentError: the consent of who is present does not cover it.
            NoMicrophone, MicrophoneFailed, NoSoundLibrary, UnknownInterview, SoundDiffers,
                DiskFull, StudyUnwritable, StudyInUse: nothing was written to the study.
        """
        require_interview_consent(self._interview, GatedAction.RECORD)
        known = self._read_earlier_sound()
        self._form = self._connection.open()
        try:
            if known is not None and known != self._form:
                raise SoundDiffers
            self._start_writing()
        except BaseException:
            self._connection.close()
            raise
        self._is_awake = self._wake_lock.enter_context(self._keep_awake())
        threading.Thread(target=self._look_repeatedly, name="session", daemon=True).start()

    def read_status(self) -> RecordingStatus:
        """Return the status of this moment; after the end, the final one."""
        with self._turn:
            if self._writing is None:
                return RecordingStatus(RecordingPhase.STARTING)
            return self._make_status(*self._writing)

    def pause(self) -> None:
        """Keep no sound until ``resume``; a mark records for how long."""
        self._set_aside(MarkKind.PAUSED)

    def go_off_record(self) -> None:
        """Keep no sound until ``resume``, off the record; a mark records for how long."""
        self._set_aside(MarkKind.OFF_RECORD)

    def mark_consent(self, kind: MarkKind, code: str = "", *, place: int | None = None) -> None:
        """Mark what somebody said or showed when they were asked whether they want to go on.

        kind: one of ``study.CONSENT_KINDS``. code: who, "" for everybody who is here. The caller
        stops the recording after a dissent. place: frames into this recording, 0 for what was asked
        before it; here where none is given.
        """
        self._mark(kind, code, place)

    def mark_distress(self, note: str = "") -> None:
        """Mark distress, and pause at once.

        Raises:
            TextTooLong: the note is longer than a few sentences; it is marked without it.
        """
        self._set_aside(MarkKind.DISTRESS, note * is_short(note))
        require_short(note)

    def resume(self) -> None:
        """Keep sound again, after any kind of pause."""
        with self._turn:
            recorder = self._find_recorder()
            if recorder is not None and self._aside is not None:
                skip_s = _DELIVERY_S if self._aside.kind is MarkKind.OFF_RECORD else 0.0
                recorder.intake.resume(skip_s=skip_s)
                self._set_aside_s += self._clocks.now() + skip_s - self._aside.began_s
                self._aside = None

    def set_marker(self, note: str = "", *, place: int | None = None) -> int:
        """Set a marker here and return its place, in frames; with ``place``, add a note to it.

        So the marker is written at once, though its note may take a while to type.

        Raises:
            TextTooLong: the note is longer than a few sentences; the marker is set without it.
        """
        with self._turn:
            recorder = self._find_recorder()
            if recorder is None:
                return 0
            here = recorder.intake.came.frames_kept if place is None else place
            if is_short(note) or place is None:
                recorder.intake.mark(MarkKind.MARKER, note * is_short(note), place=here)
        require_short(note)
        return here

    def begin_topic(self, number: int) -> None:
        """Mark that topic ``number`` of the guide, from 0, begins here."""
        assert self._guide is not None, "topics come from a guide"
        with self._turn:
            if self._mark(MarkKind.TOPIC, self._guide.topics[number].heading):
                self._topic = number
                self._asked = (*dict.fromkeys((*self._asked, number)),)

    def note_speaker(self, code: str) -> None:
        """Mark that the speaker with this code speaks from here on."""
        with self._turn:
            if self._mark(MarkKind.SPEAKER, code):
                self._speaker = code

    def stop(self) -> RecordingStatus:
        """Stop, seal all sound that arrived, and return the final status. May be called again.

        Raises:
            DiskFull, StudyUnwritable, DiskFailed, StudyInUse: it had ended before; all sound until
                then is kept.
        """
        self._end()
        assert self._writing is not None, "a session is started before it is stopped"
        failure = self._writing[0].read_tally().failure
        if failure is not None:
            raise failure
        return self.read_status()

    def wait(self, limit_s: float) -> None:
        """Wait ``limit_s`` seconds, or until the recording has ended."""
        self._is_sealed.wait(limit_s)

    def look(self) -> None:
        """Check everything once, as its own thread does ten times a second."""
        with self._turn:
            if self._writing is None or self._is_over.is_set():
                return
            recorder, guard = self._writing
            has_failed = recorder.read_tally().failure is not None
            if not has_failed:
                guard.inspect(is_aside=self._aside is not None)
        if has_failed:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _read_earlier_sound(self) -> SoundFormat | None:
        """Read the interview's earlier sound: its length and topics; return its format, or None."""
        self._before_s = self._interview.summary.sound_s
        sound = self._interview.open_sound()
        if sound is None:
            return None
        with sound:
            begun = [mark.note for mark in sound.marks() if mark.kind == MarkKind.TOPIC]
            topics = self._guide.topics if self._guide else ()
            numbers = {topic.heading: number for number, topic in enumerate(topics)}
            self._asked = (*dict.fromkeys(numbers[note] for note in begun if note in numbers),)
            return sound.form if sound.frames else None

    def _start_writing(self) -> None:
        form, clocks = self._form, self._clocks
        self._began_s = clocks.now()
        recorder = Recorder(self._interview, form, clocks.now, queue_s=self._queue_s)
        guard = RecordingGuard(
            self._interview.study,
            recorder,
            self._connection,
            form,
            clocks,
            planned_s=self._planned_s,
        )
        self._connection.start_flow(recorder.intake.open_push())
        recorder.begin()
        with self._turn:
            self._writing = recorder, guard

    def _look_repeatedly(self) -> None:
        while not self._is_over.wait(self._look_s):
            self.look()

    def _find_recorder(self) -> Recorder | None:
        """Return the recorder while the recording goes on, else None."""
        return None if self._writing is None or self._is_over.is_set() else self._writing[0]

    def _mark(self, kind: MarkKind, note: str, place: int | None = None) -> bool:
        with self._turn:
            recorder = self._find_recorder()
            if recorder is not None:
                recorder.intake.mark(kind, note, place=place)
            return recorder is not None

    def _set_aside(self, kind: MarkKind, note: str = "") -> None:
        with self._turn:
            recorder = self._find_recorder()
            if recorder is None or (self._aside is not None and self._aside.kind is kind):
                return
            self.resume()  # one kind of pause may follow another directly
            recorder.intake.set_aside(kind, note)
            self._aside = _Aside(kind, self._clocks.now())

    def _end(self) -> None:
        """Close the connection and seal all sound; a second caller waits for the first."""
        with self._turn:
            if self._writing is None:
                return
            recorder, guard = self._writing
            ended_s, is_first = self._clocks.now(), self._ended_s is None
            if is_first:
                self._ended_s = ended_s
                self._is_over.set()
                guard.close(is_aside=self._aside is not None)
        if is_first:
            self._connection.close()
            with contextlib.suppress(EarshotError, OSError):  # ``stop`` raises it
                recorder.end(ended_s)
            self._wake_lock.close()
            self._is_sealed.set()
        self._is_sealed.wait()

    def _make_status(self, recorder: Recorder, guard: RecordingGuard) -> RecordingStatus:
        tally, rate, meter = recorder.read_tally(), self._form.rate, recorder.meter
        now_s = self._clocks.now() if self._ended_s is None else self._ended_s
        lasting_s = now_s - self._aside.began_s if self._aside else 0.0
        going = RecordingStatus(
            doing=self._find_phase(guard),
            sound_s=tally.sealed / rate,
            before_s=self._before_s,
            elapsed_s=now_s - self._began_s,
            away_s=lasting_s or (now_s - guard.cut_s if guard.is_cut else 0.0),
            level_dbfs=meter.level_dbfs,
            peak_dbfs=meter.peak_dbfs,
            queued_s=tally.queued / rate,
            queue_s=self._queue_s,
            disk_left_s=guard.disk_left_s,
            dropped_s=recorder.intake.dropped / rate,
            missing_s=tally.missing_s,
            missing_why=tally.missing_why,
            paused_s=self._set_aside_s + lasting_s,
            topic=self._topic,
            asked=self._asked,
            speaker=self._speaker,
            faults=guard.faults,
            last_mark=tally.last_mark
            and replace(tally.last_mark, at_s=tally.last_mark.at_s + self._before_s),
            marks=tally.marks,
            keeps_awake=self._is_awake(),
            failure=str(tally.failure or ""),
        )
        if self._ended_s is None:
            return going
        return replace(going, away_s=0.0, level_dbfs=(), peak_dbfs=(), faults=())

    def _find_phase(self, guard: RecordingGuard) -> RecordingPhase:
        if self._ended_s is not None:
            return RecordingPhase.ENDED
        if self._aside is not None:
            is_off = self._aside.kind is MarkKind.OFF_RECORD
            return RecordingPhase.OFF_RECORD if is_off else RecordingPhase.PAUSED
        return RecordingPhase.RECONNECTING if guard.is_cut else RecordingPhase.RECORDING
