"""A few seconds of trial before an interview: can what is said here be heard and transcribed?

What was said is kept in memory only, to be played back, and is gone with the clip.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from capture.levels import FULL_SCALE, SILENCE_DBFS, dbfs, levels, peak, samples
from capture.source import Opener, Source
from study.errors import MicrophoneFailed
from study.steps import Stop, never
from study.terms import ChannelCheck, SoundCheck, SoundFormat

_WINDOW_S = 0.05  # shorter than most syllables, longer than a period of the deepest voice
_LOOK_S = 0.1
_PATIENCE_S = 3.0  # as the recorder's: a healthy device calls back many times a second

_NOISE_SHARE = 0.1  # the quietest tenth: even who never pauses leaves so much between words
_STANDS_OUT_DB = 6.0
# In 6 s of pink or white noise 0.2 s stood out by chance, in a one-word answer 0.95 s.
_LEAST_SPEECH_S = 0.5
# Speech at arm's length from a laptop lies around -40 to -20 dBFS (see ``capture.levels``). Below
# this a listener's loudspeaker cannot make up for it; 16 bits still could, 35 dB further down.
_TOO_QUIET_DBFS = -45.0
# Raised voices and laughs are 10 dB and more above a sentence said for a trial (Pearsons,
# Bennett and Fidell 1977, EPA-600/1-77-025), and a peak has 13 dB or so over the speech around it.
_TOO_LOUD_DBFS = -3.0
# As measured here, read speech of 13 recordings, mixed with pink and white noise: 6 dB above the
# noise gives 10 (median), 10 dB gives 12, 15 dB never less than 12; without noise 13.5 to 52.
_NOISY_DB = 12.0

Report = Callable[[float, tuple[float, ...]], None]


def _unreported(_seconds: float, _levels: tuple[float, ...]) -> None:
    """Be the report of a check that nobody watches."""


@dataclass(frozen=True, slots=True)
class Clip:
    """The sound of a check, in memory: what ``playback.Player`` plays."""

    form: SoundFormat
    pcm: bytes

    @property
    def frames(self) -> int:
        """How long it is."""
        return len(self.pcm) // self.form.frame_bytes

    def read(self, first: int, frames: int) -> bytes:
        """Return interleaved 16-bit PCM from frame ``first`` on, fewer frames at the end."""
        size = self.form.frame_bytes
        return self.pcm[first * size : (first + frames) * size]


class _Fault(StrEnum):
    """What can be wrong with a channel, the worst first, as a sentence; {} names the channels."""

    SILENT = "Exact silence{}: is the microphone switched on?"
    UNHEARD = "Nobody was heard{}: say a sentence or two."
    QUIET = "Too quiet{}: move the microphone closer."
    LOUD = "Too loud{}: move the microphone away, or turn it down."
    NOISY = "Noisy room{}: close the window, switch off what hums, or move closer."


def check(
    opener: Opener,
    *,
    seconds: float = 5.0,
    stop: Stop = never,
    report: Report = _unreported,
) -> tuple[SoundCheck, Clip]:
    """Listen for some seconds, or until ``stop``; tell how it sounds, and return the sound.

    report: called ten times a second with the seconds heard so far and each channel's level of
    the newest moment, in dBFS.

    Raises:
        NoSoundLibrary, NoMicrophone: see ``opener``.
        MicrophoneFailed: it does not open, gives nothing for 3 s, or goes away.
    """
    source = opener()
    pcm = _heard(source, seconds, stop, report)
    return measure(pcm, source.form), Clip(source.form, pcm)


def measure(pcm: bytes, form: SoundFormat) -> SoundCheck:
    """Measure interleaved 16-bit PCM and say in words what is wrong with it, the worst first."""
    block = samples(pcm, form.channels)
    measured = [_channel(block[:, n], form.rate) for n in range(form.channels)]
    faults = [_faults(found, speech_s) for found, speech_s in measured]
    sentences = [
        fault.format(_where([n for n, ours in enumerate(faults, 1) if fault in ours], len(faults)))
        for fault in _Fault
        if any(fault in ours for ours in faults)
    ]
    return SoundCheck(
        seconds=len(block) / form.rate,
        channels=tuple(found for found, _ in measured),
        is_good=not sentences,
        verdict=" ".join(sentences) or "Good.",
    )


def _where(numbers: list[int], count: int) -> str:
    if count == 1:
        return ""
    shown = " and ".join(str(number) for number in numbers)
    return f" on channel {shown}" if len(numbers) == 1 else f" on channels {shown}"


def _faults(found: ChannelCheck, speech_s: float) -> list[_Fault]:
    if found.peak_dbfs <= SILENCE_DBFS:
        return [_Fault.SILENT]
    if speech_s < _LEAST_SPEECH_S:
        return [_Fault.UNHEARD]
    wrong = {
        _Fault.QUIET: found.speech_dbfs < _TOO_QUIET_DBFS,
        _Fault.LOUD: found.peak_dbfs > _TOO_LOUD_DBFS,
        _Fault.NOISY: found.speech_to_noise_db < _NOISY_DB,
    }
    return [fault for fault, is_so in wrong.items() if is_so]


def _channel(block: NDArray[np.int16], rate: int) -> tuple[ChannelCheck, float]:
    """Measure one channel, shape (frames,); also return for how many seconds there was speech.

    The noise floor is the level that the quietest tenth of windows of 0.05 s stays below, speech
    the mean power of all that stand 6 dB out of it.
    """
    size = round(_WINDOW_S * rate)
    windows = block[: len(block) // size * size].reshape(-1, size).astype(np.float64)
    power = np.mean(np.square(windows), axis=1) if len(windows) else np.zeros(1)
    noise = float(np.quantile(power, _NOISE_SHARE))
    speech = power[power > noise * 10 ** (_STANDS_OUT_DB / 10)]
    clipped = np.abs(block.astype(np.int32)) >= FULL_SCALE - 1
    found = ChannelCheck(
        speech_dbfs=dbfs(float(np.mean(speech)) ** 0.5) if len(speech) else dbfs(noise**0.5),
        noise_dbfs=dbfs(noise**0.5),
        peak_dbfs=peak(block),
        clipped=float(clipped.mean()) if len(block) else 0.0,
    )
    return found, len(speech) * _WINDOW_S


class _Ear:
    """Takes what a source gives until there is enough."""

    def __init__(self, form: SoundFormat, seconds: float) -> None:
        self._form = form
        self._wanted = round(seconds * form.rate) * form.frame_bytes
        self._pcm = bytearray()
        self.newest = b""
        self.has_enough = threading.Event()

    def take(self, block: bytes) -> None:
        """Take a block, on the source's thread."""
        if len(self._pcm) < self._wanted:
            self._pcm += block
            self.newest = block
        if len(self._pcm) >= self._wanted:
            self.has_enough.set()

    @property
    def seconds(self) -> float:
        """How much has come."""
        return len(self._pcm) / self._form.frame_bytes / self._form.rate

    def pcm(self) -> bytes:
        """Return what was taken, and no more than was wanted."""
        return bytes(self._pcm[: self._wanted])


def _heard(source: Source, seconds: float, stop: Stop, report: Report) -> bytes:
    """Return at most ``seconds`` of what a source gives, whole frames."""
    ear = _Ear(source.form, seconds)
    source.start(ear.take)
    try:
        before_s, came_at = 0.0, time.monotonic()
        while not stop() and not ear.has_enough.wait(_LOOK_S):
            if ear.seconds > before_s:
                before_s, came_at = ear.seconds, time.monotonic()
                report(before_s, levels(ear.newest, source.form.channels))
            elif not source.is_alive or time.monotonic() - came_at > _PATIENCE_S:
                raise MicrophoneFailed
    finally:
        with contextlib.suppress(MicrophoneFailed):
            source.stop()
    return ear.pcm()
