"""One recording of an interview, from the key that starts it to the one that stops it.

It holds together the line to the microphone, the writing, the guard over both, and what the
interviewer does. Its own thread looks around ten times a second: a microphone that goes is opened
again, in a new stretch; a disk that refuses ends the recording in words. Nothing a person calls
waits for a device or for the disk but ``start`` and ``stop``.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Self

from capture.clocks import Clocks
from capture.guard import Guard
from capture.line import Line
from capture.moment import Doing, Moment
from capture.recorder import QUEUE_S, Recorder
from capture.source import Opener
from capture.wakefulness import awake
from study.errors import EarshotError, SoundDiffers
from study.guide import Guide
from study.recordings import open_sound
from study.store import Study
from study.terms import MarkKind, SoundFormat

KeepAwake = Callable[[], AbstractContextManager[Callable[[], bool]]]

_LOOK_S = 0.1
# Off the record ends for what is said this long after the key: what comes before then was spoken
# before it. A driver gives sound 0.05 to 0.2 s late.
_ON_ITS_WAY_S = 0.2


@dataclass(frozen=True, slots=True)
class _Aside:
    """What a person set aside, and since when."""

    kind: MarkKind
    began_s: float


class Session:
    """A recording: ``start`` it, look at ``moment`` whenever you like, ``stop`` it. Used once.

    All but ``start`` and ``stop`` may be called from any thread at any time and never wait; what
    comes too late, after the end, does nothing.
    """

    def __init__(
        self,
        study: Study,
        interview: str,
        opener: Opener,
        *,
        guide: Guide | None = None,
        planned_s: float | None = None,
        clocks: Clocks | None = None,
        queue_s: float = QUEUE_S,
        look_s: float = _LOOK_S,
        keep_awake: KeepAwake = awake,
    ) -> None:
        """Prepare; nothing is opened yet.

        interview: its id. planned_s: how long it is to be, against the room on the disk.
        queue_s: how much sound may wait for a slow disk. look_s: how often to look around.
        keep_awake: see ``wakefulness.awake``.
        """
        self._study = study
        self._interview = interview
        self._guide = guide
        self._planned_s = planned_s
        self._clocks = clocks or Clocks()
        self._queue_s = queue_s
        self._look_s = look_s
        self._keep_awake = keep_awake
        self._asleep_again = contextlib.ExitStack()
        self._is_awake: Callable[[], bool] = lambda: False
        self._line = Line(opener, self._clocks.now)
        self._form = SoundFormat(1, 1)
        self._writing: tuple[Recorder, Guard] | None = None
        self._turn = threading.RLock()  # held for moments only, never while anything is waited for
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
            NoMicrophone, MicrophoneFailed, NoSoundLibrary: nothing was entered in the study.
            UnknownInterview, SoundDiffers, DiskFull, StudyUnwritable, StudyInUse: the same.
        """
        known = self._take_up()
        self._form = self._line.open()
        try:
            if known is not None and known != self._form:
                raise SoundDiffers
            self._start_writing()
        except BaseException:
            self._line.close()
            raise
        self._is_awake = self._asleep_again.enter_context(self._keep_awake())
        threading.Thread(target=self._keep_looking, name="session", daemon=True).start()

    def moment(self) -> Moment:
        """Tell how it is going; the last one, after the end, tells how it went."""
        with self._turn:
            return self._moment(*self._writing) if self._writing else Moment(Doing.STARTING)

    def pause(self) -> None:
        """Keep nothing from here on; the recording tells for how long."""
        self._set_aside(MarkKind.PAUSED)

    def off_record(self) -> None:
        """Keep nothing of what is said until ``resume``, but that it was so and for how long."""
        self._set_aside(MarkKind.OFF_RECORD)

    def distress(self, note: str = "") -> None:
        """Note distress or dissent, and pause at once."""
        self._set_aside(MarkKind.DISTRESS, note)

    def resume(self) -> None:
        """Keep sound again, after any of these."""
        with self._turn:
            recorder = self._open()
            if recorder is not None and self._aside is not None:
                but_s = _ON_ITS_WAY_S if self._aside.kind is MarkKind.OFF_RECORD else 0.0
                recorder.intake.resume(but_s=but_s)
                self._set_aside_s += self._clocks.now() + but_s - self._aside.began_s
                self._aside = None

    def marker(self, note: str = "", *, place: int | None = None) -> int:
        """Mark this place, and return it; with the ``place`` of an earlier one, add a note to it.

        The marker is kept at once, and what is noted may take a while to type.
        """
        with self._turn:
            recorder = self._open()
            if recorder is None:
                return 0
            here = recorder.intake.came.kept if place is None else place
            recorder.intake.mark(MarkKind.MARKER, note, place=here)
            return here

    def topic(self, number: int) -> None:
        """Mark that a topic of the guide begins here; they are counted from 0."""
        assert self._guide is not None, "topics come from a guide"
        with self._turn:
            if self._mark(MarkKind.TOPIC, self._guide.topics[number].heading):
                self._topic = number
                self._asked = (*dict.fromkeys((*self._asked, number)),)

    def speaker(self, code: str) -> None:
        """Mark who speaks from here on."""
        with self._turn:
            if self._mark(MarkKind.SPEAKER, code):
                self._speaker = code

    def stop(self) -> Moment:
        """Take no more, seal all that has come, and tell how it went. May be called again.

        Raises:
            DiskFull, StudyUnwritable, DiskFailed, StudyInUse: it ended before; all until then is
                kept.
        """
        self._end()
        assert self._writing is not None, "a session is started before it is stopped"
        failure = self._writing[0].tally().failure
        if failure is not None:
            raise failure
        return self.moment()

    def wait(self, limit_s: float) -> None:
        """Wait for so long, or until the recording has ended."""
        self._is_sealed.wait(limit_s)

    def look(self) -> None:
        """Look around once: what its own thread does ten times a second."""
        with self._turn:
            if self._writing is None or self._is_over.is_set():
                return
            recorder, guard = self._writing
            has_failed = recorder.tally().failure is not None
            if not has_failed:
                guard.look(is_aside=self._aside is not None)
        if has_failed:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _take_up(self) -> SoundFormat | None:
        """Look at what the interview has: its sound's format, and the topics that were begun."""
        self._before_s = self._study.find(self._interview).sound_s
        sound = open_sound(self._study, self._interview)
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
        recorder = Recorder(self._study, self._interview, form, clocks.now, queue_s=self._queue_s)
        guard = Guard(self._study, recorder, self._line, form, clocks, planned_s=self._planned_s)
        self._line.flow(recorder.intake.mouth())
        recorder.begin()
        with self._turn:
            self._writing = recorder, guard

    def _keep_looking(self) -> None:
        while not self._is_over.wait(self._look_s):
            self.look()

    def _open(self) -> Recorder | None:
        """Return the recorder while it takes anything."""
        return None if self._writing is None or self._is_over.is_set() else self._writing[0]

    def _mark(self, kind: MarkKind, note: str) -> bool:
        with self._turn:
            recorder = self._open()
            if recorder is not None:
                recorder.intake.mark(kind, note)
            return recorder is not None

    def _set_aside(self, kind: MarkKind, note: str = "") -> None:
        with self._turn:
            recorder = self._open()
            if recorder is None or (self._aside is not None and self._aside.kind is kind):
                return
            self.resume()  # one kind of pause may follow on another
            recorder.intake.set_aside(kind, note)
            self._aside = _Aside(kind, self._clocks.now())

    def _end(self) -> None:
        """Close the line and seal what has come; whoever comes second waits for the first."""
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
            self._line.close()
            with contextlib.suppress(EarshotError, OSError):  # ``stop`` raises it
                recorder.end(ended_s)
            self._asleep_again.close()
            self._is_sealed.set()
        self._is_sealed.wait()

    def _moment(self, recorder: Recorder, guard: Guard) -> Moment:
        tally, rate, meter = recorder.tally(), self._form.rate, recorder.meter
        now_s = self._clocks.now() if self._ended_s is None else self._ended_s
        lasting_s = now_s - self._aside.began_s if self._aside else 0.0
        going = Moment(
            doing=self._doing(guard),
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

    def _doing(self, guard: Guard) -> Doing:
        if self._ended_s is not None:
            return Doing.ENDED
        if self._aside is not None:
            is_off = self._aside.kind is MarkKind.OFF_RECORD
            return Doing.OFF_RECORD if is_off else Doing.PAUSED
        return Doing.RECONNECTING if guard.is_cut else Doing.RECORDING
