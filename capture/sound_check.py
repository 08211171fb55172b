"""Record a few seconds before an interview, and judge whether speech can be transcribed.

The sound is kept in memory only, to be played back, and never written to disk.
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

from capture.audio_source import AudioSource, OpenSource
from capture.levels import (
    FULL_SCALE,
    SILENCE_DBFS,
    convert_to_dbfs,
    decode_samples,
    measure_channel_levels,
    measure_peak,
)
from study import ChannelCheck, ShouldStop, SoundCheck, SoundFormat, no_stop
from study.errors import MicrophoneFailed

_WINDOW_S = 0.05  # shorter than most syllables, longer than a period of the deepest voice
_LOOK_S = 0.1
_PATIENCE_S = 3.0  # as the recorder's: a healthy device calls back many times a second

_NOISE_SHARE = 0.1  # the quietest tenth: even fast talk leaves that much between words
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

ReportLevels = Callable[[float, tuple[float, ...]], None]


def _ignore_levels(_seconds: float, _levels: tuple[float, ...]) -> None:
    """Default for ``report``: ignores the levels."""


@dataclass(frozen=True, slots=True)
class SoundClip:
    """The sound of a check, in memory, for ``SoundPlayer``."""

    form: SoundFormat
    pcm: bytes

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return len(self.pcm) // self.form.frame_bytes

    def read(self, first: int, frames: int) -> bytes:
        """Return interleaved 16-bit PCM from frame ``first`` on, fewer frames at the end."""
        size = self.form.frame_bytes
        return self.pcm[first * size : (first + frames) * size]


class _Fault(StrEnum):
    """The faults of a channel, worst first, as sentences; {} is replaced with the channels."""

    SILENT = "Exact silence{}: is the microphone switched on?"
    UNHEARD = "Nobody was heard{}: say a sentence or two."
    QUIET = "Too quiet{}: move the microphone closer."
    LOUD = "Too loud{}: move the microphone away, or turn it down."
    NOISY = "Noisy room{}: close the window, switch off what hums, or move closer."


def run_sound_check(
    opener: OpenSource,
    *,
    seconds: float = 5.0,
    stop: ShouldStop = no_stop,
    report: ReportLevels = _ignore_levels,
) -> tuple[SoundCheck, SoundClip]:
    """Record for some seconds, or until ``stop``; return the verdict and the sound.

    report: called ten times a second with the seconds recorded so far and each channel's newest
    level, in dBFS.

    Raises:
        NoSoundLibrary, NoMicrophone: see ``opener``.
        MicrophoneFailed: it does not open, gives nothing for 3 s, or goes away.
    """
    source = opener()
    pcm = _record(source, seconds, stop, report)
    return measure_sound(pcm, source.form), SoundClip(source.form, pcm)


def measure_sound(pcm: bytes, sound_format: SoundFormat) -> SoundCheck:
    """Measure interleaved 16-bit PCM; the verdict names its faults, worst first."""
    block = decode_samples(pcm, sound_format.channels)
    measured = [
        _measure_channel(block[:, n], sound_format.rate) for n in range(sound_format.channels)
    ]
    faults = [_find_faults(found, speech_s) for found, speech_s in measured]
    sentences = [
        fault.format(
            _name_channels([n for n, ours in enumerate(faults, 1) if fault in ours], len(faults))
        )
        for fault in _Fault
        if any(fault in ours for ours in faults)
    ]
    return SoundCheck(
        seconds=len(block) / sound_format.rate,
        channels=tuple(found for found, _ in measured),
        is_good=not sentences,
        verdict=" ".join(sentences) or "Good.",
    )


def _name_channels(numbers: list[int], count: int) -> str:
    if count == 1:
        return ""
    shown = " and ".join(str(number) for number in numbers)
    return f" on channel {shown}" if len(numbers) == 1 else f" on channels {shown}"


def _find_faults(found: ChannelCheck, speech_s: float) -> list[_Fault]:
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


def _measure_channel(block: NDArray[np.int16], rate: int) -> tuple[ChannelCheck, float]:
    """Measure one channel, shape (frames,); also return for how many seconds there was speech.

    The noise floor is the level that the quietest tenth of windows of 0.05 s stays below, speech
    the mean power of all windows 6 dB or more above it.
    """
    size = round(_WINDOW_S * rate)
    windows = block[: len(block) // size * size].reshape(-1, size).astype(np.float64)
    power = np.mean(np.square(windows), axis=1) if len(windows) else np.zeros(1)
    noise = float(np.quantile(power, _NOISE_SHARE))
    speech = power[power > noise * 10 ** (_STANDS_OUT_DB / 10)]
    clipped = np.abs(block.astype(np.int32)) >= FULL_SCALE - 1
    found = ChannelCheck(
        speech_dbfs=convert_to_dbfs(float(np.mean(speech)) ** 0.5)
        if len(speech)
        else convert_to_dbfs(noise**0.5),
        noise_dbfs=convert_to_dbfs(noise**0.5),
        peak_dbfs=measure_peak(block),
        clipped=float(clipped.mean()) if len(block) else 0.0,
    )
    return found, len(speech) * _WINDOW_S


class _SoundCollector:
    """Collects the sound of a source until there is enough."""

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
        """How many seconds have been collected."""
        return len(self._pcm) / self._form.frame_bytes / self._form.rate

    def pcm(self) -> bytes:
        """Return the collected sound, ``seconds`` of it at most."""
        return bytes(self._pcm[: self._wanted])


def _record(source: AudioSource, seconds: float, stop: ShouldStop, report: ReportLevels) -> bytes:
    """Record at most ``seconds`` from a source, whole frames."""
    collector = _SoundCollector(source.form, seconds)
    source.start(collector.take)
    try:
        before_s, came_at = 0.0, time.monotonic()
        while not stop() and not collector.has_enough.wait(_LOOK_S):
            if collector.seconds > before_s:
                before_s, came_at = collector.seconds, time.monotonic()
                report(before_s, measure_channel_levels(collector.newest, source.form.channels))
            elif not source.is_alive or time.monotonic() - came_at > _PATIENCE_S:
                raise MicrophoneFailed
    finally:
        with contextlib.suppress(MicrophoneFailed):
            source.stop()
    return collector.pcm()
