"""Play an interview's sound: from any time, at half to double speed, without changing its pitch.

    any thread         ``play``, ``pause``, ``seek`` and the rest say what is wanted: no wait
    the player's own   reads, mixes, stretches 0.2 s ahead; opens and closes the device
    the sound card's   copies what is ready (``capture.outflow``)

Sound is read, and so decrypted, block by block in memory; nothing of it is written anywhere.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Protocol

from capture.levels import samples
from capture.loudspeaker import Fill, Loudspeaker
from capture.outflow import Run
from capture.stretching import FASTEST, SLOWEST, Samples
from capture.supply import Supply, mix
from study.errors import EarshotError, NoLoudspeaker
from study.terms import SoundFormat

# What a busy computer may make the player's thread wait. A device asks for 0.2 s at its start and
# keeps them ahead, so that a new speed is heard 0.4 s later.
_AHEAD_S = 0.2
_LOOK_S = 0.02
_IDLE_S = 5.0  # our choice: the device is let go after a pause this long, others may want it
_STILL_S = 2.0  # a device that asks for nothing this long is gone: it asks every 50 ms
_SHORTEST_LOOP_S = 0.2

Clock = Callable[[], float]


class Playable(Protocol):
    """Sound to be played: an interview's (``study.recordings.Sound``), or a sound check's."""

    @property
    def form(self) -> SoundFormat:
        """Its rate and channels."""
        ...

    @property
    def frames(self) -> int:
        """How long it is."""
        ...

    def read(self, first: int, frames: int, /) -> bytes:
        """Return interleaved 16-bit PCM, fewer frames at the end.

        It is called on the player's thread: an interview's ``Sound`` is no other thread's to read.
        """
        ...


class Output(Protocol):
    """An open output, such as ``Loudspeaker``."""

    channels: int

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended by itself."""
        ...

    @property
    def still_s(self) -> float:
        """For how long it has not asked for sound."""
        ...

    def start(self) -> None:
        """Let it ask for sound."""
        ...

    def halt(self) -> None:
        """Fall silent at once, until it is started again."""
        ...

    def close(self) -> None:
        """Let go of the device."""
        ...


OpenOutput = Callable[[SoundFormat, Fill], Output]


class Player:
    """Plays one sound. No call waits for the device; any thread may make them. Close it."""

    def __init__(
        self,
        sound: Playable,
        *,
        device: int | None = None,
        channel: int | None = None,
        opened: OpenOutput | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        """Make a player of ``sound``; the device is opened when there is something to play.

        device: PortAudio's number of an output, None for the system's own. channel: the only
        one to be heard, from 0; None mixes all to what the output has. opened: instead of a
        loudspeaker.
        """
        self._sound = sound
        self._channel = channel
        self._form = sound.form if channel is None else SoundFormat(sound.form.rate, 1)
        self._rate = sound.form.rate
        self._opened = opened or partial(Loudspeaker, device=device)
        self._clock = clock
        self._run = Run(0, 0, sound.frames)  # what is wanted, or where we are
        self._is_on = False
        self._speed = 1.0
        self._failure: EarshotError | None = None
        self._is_closed = False
        self._output: Output | None = None
        self._sounding: Run | None = None  # whose sound the device takes
        self._supply: Supply | None = None
        self._played_s = clock()
        self._lock = threading.Lock()  # held for a moment only, never while reading or opening
        self._reading = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def position_s(self) -> float:
        """Where in the sound we are: what is heard now, or would be heard next."""
        return self._run.frame_at(self._clock(), self._rate) / self._rate

    @property
    def is_playing(self) -> bool:
        """Whether sound is heard, or will be in a moment."""
        return self._is_on and not self._run.is_over(self._clock())

    @property
    def failure(self) -> EarshotError | None:
        """Why it stopped by itself (NoLoudspeaker, NoSoundLibrary, StudyDamaged ...), or None."""
        return self._failure

    def play(self, from_s: float | None = None, until_s: float | None = None) -> None:
        """Play from a time on, up to ``until_s`` or the end.

        Without ``from_s`` it goes on where it was paused, or starts over if it was at the end.
        """
        with self._lock:
            run = self._run
            if from_s is not None:
                end = self._sound.frames if until_s is None else self._frame(until_s)
                run = Run(self._frame(from_s), self._frame(from_s), end)
            elif run.frame_at(self._clock(), self._rate) >= run.end:
                run = run.from_frame(run.first)
            self._order(run, is_on=True)

    def loop(self, start_s: float, end_s: float) -> None:
        """Play a passage over and over, until something else is asked for; 0.2 s at least."""
        with self._lock:
            shortest = round(_SHORTEST_LOOP_S * self._rate)
            end = max(self._frame(end_s), min(shortest, self._sound.frames))
            start = max(0, min(self._frame(start_s), end - shortest))
            self._order(Run(start, start, end, repeats=True), is_on=True)

    def pause(self) -> None:
        """Fall silent within 0.1 s, and stay where it is."""
        self._is_on = False
        self._wake.set()

    def seek(self, to_s: float) -> None:
        """Go to a time and play on from there, or stay paused there; ends a loop."""
        with self._lock:
            run = Run(self._frame(to_s), 0, self._sound.frames)
            self._order(run, is_on=self.is_playing)

    def speed(self, times: float) -> None:
        """Play this many times as fast from now on, 0.5 to 2; what is beyond is brought there."""
        self._speed = min(max(times, SLOWEST), FASTEST)

    def close(self, limit_s: float = 0.0) -> None:
        """Fall silent, and read no more: afterwards the sound may be closed.

        limit_s: how long to wait for the device to be let go; else that is done in passing.
        """
        self.pause()
        with self._reading:
            self._is_closed = True
        self._wake.set()
        if self._thread is not None and limit_s > 0:
            self._thread.join(limit_s)

    def _frame(self, at_s: float) -> int:
        return min(max(0, round(at_s * self._rate)), self._sound.frames)

    def _order(self, run: Run, *, is_on: bool) -> None:
        """Let ``run`` be what is wanted, within the lock."""
        self._run = run
        self._is_on = is_on and not self._is_closed
        if self._is_on:
            self._failure = None
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="playback", daemon=True)
                self._thread.start()
        self._wake.set()

    def _work(self) -> None:
        """Do what is wanted until closed, on the player's own thread."""
        try:
            while not self._is_closed:
                try:
                    self._look()
                except EarshotError as failure:
                    self._fail(failure)
                self._wake.wait(_LOOK_S if self._output is not None else None)
                self._wake.clear()
        finally:
            self._is_on = False
            self._let_go()

    def _look(self) -> None:
        run = self._run if self.is_playing else None
        if run is not self._sounding:
            self._halt()
        if run is None:
            if self._clock() - self._played_s > _IDLE_S:
                self._let_go()
            return
        self._played_s = self._clock()
        if self._output is None:
            self._output = self._opened(self._form, self._hand_out)
        self._make_ready(run, self._output.channels)
        if self._sounding is None:
            self._sounding = run
            self._output.start()
            self._wake.set()  # it has taken 0.2 s at once
        elif not self._output.is_alive or self._output.still_s > _STILL_S:
            raise NoLoudspeaker

    def _hand_out(self, out: Samples, when_s: float) -> None:
        """Fill a block, on the sound card's thread."""
        out[:] = 0
        run = self._sounding
        if run is not None:
            run.hand_out(out, when_s, self._rate)

    def _halt(self) -> None:
        """Fall silent at once; what was not heard is made ready anew when it is wanted."""
        run, self._sounding = self._sounding, None
        if run is None or self._output is None:
            return
        self._output.halt()
        self._rewind(run)

    def _rewind(self, run: Run) -> None:
        now = self._clock()
        with self._lock:
            if self._run is run:
                self._is_on = self._is_on and not run.is_over(now)
                self._run = run.from_frame(run.frame_at(now, self._rate))

    def _fail(self, failure: EarshotError) -> None:
        """Stop where we are, say why, and try anew when asked to play again."""
        self._failure = failure
        self._is_on = False
        run, self._sounding = self._sounding, None
        if run is not None:
            self._rewind(run)
        self._let_go()

    def _let_go(self) -> None:
        output, self._output = self._output, None
        self._sounding = self._supply = None
        if output is not None:
            output.close()

    def _make_ready(self, run: Run, channels: int) -> None:
        """Make sound ready until there is enough, twice that for a start."""
        if self._supply is None or self._supply.run is not run:
            self._supply = Supply(
                run,
                lambda first, frames: self._read(first, frames, channels),
                rate=self._rate,
                channels=channels,
                frames=self._sound.frames,
                speed=self._speed,
            )
        enough = _AHEAD_S * self._rate * (1 if self._sounding is run else 2)
        while run.put - run.taken < enough and not run.is_all_put and self._run is run:
            run.add(self._supply.next(self._speed))

    def _read(self, first: int, frames: int, channels: int) -> Samples:
        with self._reading:
            pcm = b"" if self._is_closed else self._sound.read(first, frames)
        block = samples(pcm, self._sound.form.channels)
        return mix(block if self._channel is None else block[:, [self._channel]], channels)
