"""Play an interview's sound: from any time, at half to double speed, without changing its pitch.

    any thread           ``play``, ``pause``, ``seek`` and the rest set the wanted run; no wait
    the player's own     reads, mixes, stretches 0.2 s ahead; opens and closes the device
    the sound card's     copies the sound that is ready (``capture.playback_queue``)

Sound is read, and so decrypted, block by block in memory; it is never written anywhere.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Protocol

from capture.levels import decode_samples
from capture.loudspeaker import FillOutput, Loudspeaker
from capture.playback_queue import PlaybackRun
from capture.playback_supply import PlaybackSupply, mix_channels
from capture.time_stretch import FASTEST_SPEED, SLOWEST_SPEED, Samples
from study import SoundFormat
from study.errors import EarshotError, NoLoudspeaker

# For how long a busy computer may hold up the player's thread. The device buffers another 0.2 s, so
# a new speed is heard 0.4 s later.
_AHEAD_S = 0.2
_LOOK_S = 0.02
_IDLE_S = 5.0  # our choice: after a pause this long the device is freed for others
_STILL_S = 2.0  # a device that asks for nothing this long is gone; it should ask every 50 ms
_SHORTEST_LOOP_S = 0.2

PlaybackClock = Callable[[], float]


class PlayableSound(Protocol):
    """Sound to be played, such as an ``InterviewSound`` or a sound check's ``SoundClip``."""

    @property
    def form(self) -> SoundFormat:
        """The sound's rate and channels."""
        ...

    @property
    def frames(self) -> int:
        """How many frames it has."""
        ...

    def read(self, first: int, frames: int, /) -> bytes:
        """Return interleaved 16-bit PCM, fewer frames at the end.

        Called on the player's thread; no other thread may read an ``InterviewSound`` meanwhile.
        """
        ...


class SoundOutput(Protocol):
    """An open output, such as ``Loudspeaker``."""

    channels: int

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended by itself."""
        ...

    @property
    def still_s(self) -> float:
        """For how long it has not asked for sound, in seconds."""
        ...

    def start(self) -> None:
        """Let it ask for sound."""
        ...

    def halt(self) -> None:
        """Fall silent at once, until it is started again."""
        ...

    def close(self) -> None:
        """Close the device."""
        ...


OpenOutput = Callable[[SoundFormat, FillOutput], SoundOutput]


class SoundPlayer:
    """Plays one sound; call ``close`` at the end. Any thread may call it, and no call blocks."""

    def __init__(
        self,
        sound: PlayableSound,
        *,
        device: int | None = None,
        channel: int | None = None,
        opened: OpenOutput | None = None,
        clock: PlaybackClock = time.monotonic,
    ) -> None:
        """Make a player of ``sound``; the device is opened when there is something to play.

        device: PortAudio's number of an output, None for the system's own. channel: play only
        this one, from 0; None mixes all to the channels that the output has. opened: opens the
        output, in place of ``Loudspeaker``.
        """
        self._sound = sound
        self._channel = channel
        self._form = sound.form if channel is None else SoundFormat(sound.form.rate, 1)
        self._rate = sound.form.rate
        self._opened = opened or partial(Loudspeaker, device=device)
        self._clock = clock
        self._run = PlaybackRun(
            0, 0, sound.frames
        )  # the wanted run; paused, it starts at the position
        self._is_on = False
        self._speed = 1.0
        self._failure: EarshotError | None = None
        self._is_closed = False
        self._output: SoundOutput | None = None
        self._sounding: PlaybackRun | None = None  # the run that the device is playing
        self._supply: PlaybackSupply | None = None
        self._played_s = clock()
        self._lock = threading.Lock()  # held for a moment only, never while reading or opening
        self._reading = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def position_s(self) -> float:
        """The position that is heard now, or would be heard next."""
        return self._run.find_frame(self._clock(), self._rate) / self._rate

    @property
    def is_playing(self) -> bool:
        """Whether it plays, or is about to."""
        return self._is_on and not self._run.is_over(self._clock())

    @property
    def failure(self) -> EarshotError | None:
        """Why it stopped by itself (NoLoudspeaker, NoSoundLibrary, StudyDamaged ...), or None."""
        return self._failure

    def play(self, from_s: float | None = None, until_s: float | None = None) -> None:
        """Play from ``from_s`` up to ``until_s`` or the end.

        Without ``from_s`` it continues where it was paused, or starts again if it was at the end.
        """
        with self._lock:
            run = self._run
            if from_s is not None:
                end = self._sound.frames if until_s is None else self._frame(until_s)
                run = PlaybackRun(self._frame(from_s), self._frame(from_s), end)
            elif run.find_frame(self._clock(), self._rate) >= run.end:
                run = run.restart_at(run.first)
            self._set_run(run, is_on=True)

    def loop(self, start_s: float, end_s: float) -> None:
        """Repeat a passage, 0.2 s at least, until another call ends it."""
        with self._lock:
            shortest = round(_SHORTEST_LOOP_S * self._rate)
            end = max(self._frame(end_s), min(shortest, self._sound.frames))
            start = max(0, min(self._frame(start_s), end - shortest))
            self._set_run(PlaybackRun(start, start, end, repeats=True), is_on=True)

    def pause(self) -> None:
        """Fall silent within 0.1 s, and keep the position."""
        self._is_on = False
        self._wake.set()

    def seek(self, to_s: float) -> None:
        """Go to a time, and stay playing or paused; ends a loop."""
        with self._lock:
            run = PlaybackRun(self._frame(to_s), 0, self._sound.frames)
            self._set_run(run, is_on=self.is_playing)

    def set_speed(self, factor: float) -> None:
        """Set the speed: ``factor`` times as fast, clamped to 0.5 to 2."""
        self._speed = min(max(factor, SLOWEST_SPEED), FASTEST_SPEED)

    def close(self, limit_s: float = 0.0) -> None:
        """Fall silent and stop reading: afterwards the sound may be closed.

        limit_s: how long to wait until the device is closed, which happens on the player's thread.
        """
        self.pause()
        with self._reading:
            self._is_closed = True
        self._wake.set()
        if self._thread is not None and limit_s > 0:
            self._thread.join(limit_s)

    def _frame(self, at_s: float) -> int:
        return min(max(0, round(at_s * self._rate)), self._sound.frames)

    def _set_run(self, run: PlaybackRun, *, is_on: bool) -> None:
        """Set the wanted run; call with the lock held."""
        self._run = run
        self._is_on = is_on and not self._is_closed
        if self._is_on:
            self._failure = None
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="playback", daemon=True)
                self._thread.start()
        self._wake.set()

    def _work(self) -> None:
        """Play the wanted run until closed, on the player's own thread."""
        try:
            while not self._is_closed:
                try:
                    self._update()
                except EarshotError as failure:
                    self._fail(failure)
                self._wake.wait(_LOOK_S if self._output is not None else None)
                self._wake.clear()
        finally:
            self._is_on = False
            self._close_output()

    def _update(self) -> None:
        run = self._run if self.is_playing else None
        if run is not self._sounding:
            self._halt()
        if run is None:
            if self._clock() - self._played_s > _IDLE_S:
                self._close_output()
            return
        self._played_s = self._clock()
        if self._output is None:
            self._output = self._opened(self._form, self._fill_block)
        self._prepare(run, self._output.channels)
        if self._sounding is None:
            self._sounding = run
            self._output.start()
            self._wake.set()  # the device has taken 0.2 s at once
        elif not self._output.is_alive or self._output.still_s > _STILL_S:
            raise NoLoudspeaker

    def _fill_block(self, out: Samples, when_s: float) -> None:
        """Fill a block, on the sound card's thread."""
        out[:] = 0
        run = self._sounding
        if run is not None:
            run.fill_output(out, when_s, self._rate)

    def _halt(self) -> None:
        """Fall silent at once; sound that was not heard is prepared again when it is wanted."""
        run, self._sounding = self._sounding, None
        if run is None or self._output is None:
            return
        self._output.halt()
        self._rewind(run)

    def _rewind(self, run: PlaybackRun) -> None:
        now = self._clock()
        with self._lock:
            if self._run is run:
                self._is_on = self._is_on and not run.is_over(now)
                self._run = run.restart_at(run.find_frame(now, self._rate))

    def _fail(self, failure: EarshotError) -> None:
        """Stop here and keep the error; the next ``play`` tries again."""
        self._failure = failure
        self._is_on = False
        run, self._sounding = self._sounding, None
        if run is not None:
            self._rewind(run)
        self._close_output()

    def _close_output(self) -> None:
        output, self._output = self._output, None
        self._sounding = self._supply = None
        if output is not None:
            output.close()

    def _prepare(self, run: PlaybackRun, channels: int) -> None:
        """Prepare sound until 0.2 s are ahead, twice that for a start."""
        if self._supply is None or self._supply.run is not run:
            self._supply = PlaybackSupply(
                run,
                lambda first, frames: self._read(first, frames, channels),
                rate=self._rate,
                channels=channels,
                frames=self._sound.frames,
                speed=self._speed,
            )
        enough = _AHEAD_S * self._rate * (1 if self._sounding is run else 2)
        while run.put - run.taken < enough and not run.is_all_put and self._run is run:
            run.add_chunk(self._supply.next_chunk(self._speed))

    def _read(self, first: int, frames: int, channels: int) -> Samples:
        with self._reading:
            pcm = b"" if self._is_closed else self._sound.read(first, frames)
        block = decode_samples(pcm, self._sound.form.channels)
        return mix_channels(block if self._channel is None else block[:, [self._channel]], channels)
