"""Encode sound to a file that other programs play: FLAC by libsndfile, Opus by FFmpeg.

Sound is encoded block by block, so memory does not grow with its length. No time, no random
number and no name of a program goes into the file: the same sound gives the same bytes.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# PyAV does not declare the types of its packets.

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from study import SoundFormat, open_descriptor, sync_file
from study.errors import DiskFull, TargetUnwritable
from study.store import PRIVATE_FILE, map_os_errors

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

FLAC_KIND, OPUS_KIND = "flac", "opus"
_OPUS_RATE = 48_000  # the rate of Opus; FFmpeg resamples to it
_OPUS_BITS = 32_000  # bits per second and channel: enough for clear speech
_LAYOUTS = ("mono", "stereo", "3.0", "quad", "5.0", "5.1", "6.1", "7.1")  # as Opus numbers them
_ROOM = 1 << 20  # bytes: if less is left on the disk, a failed write means that it is full


class _Writing(Protocol):
    def buffer_write(self, data: bytes, dtype: str) -> None: ...
    def close(self) -> None: ...


class _Soundfile(Protocol):
    """The part of ``soundfile`` that is used here."""

    SoundFileError: type[Exception]

    def SoundFile(  # noqa: N802 - its name
        self, file: str, mode: str, samplerate: int, channels: int, *, subtype: str, **more: str
    ) -> _Writing: ...


def encode_sound(blocks: Iterable[bytes], sound_format: SoundFormat, path: Path, kind: str) -> None:
    """Write 16-bit PCM as ``kind`` ("flac" or "opus") to a new file, durably.

    Raises:
        DiskFull, TargetUnwritable: what was written so far is still there.
    """
    library = cast("_Soundfile", cast("object", importlib.import_module("soundfile")))
    from av.error import FFmpegError

    with map_os_errors():
        os.close(open_descriptor(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))
    try:
        if kind == FLAC_KIND:
            _flac(library, blocks, sound_format, path)
        else:
            _opus(blocks, sound_format, path)
    except (library.SoundFileError, FFmpegError, OSError) as failed:
        if shutil.disk_usage(path.parent).free < _ROOM:
            raise DiskFull from failed
        raise TargetUnwritable from failed
    with map_os_errors():
        sync_file(path)


def _flac(library: _Soundfile, blocks: Iterable[bytes], form: SoundFormat, path: Path) -> None:
    file = library.SoundFile(
        str(path), "w", form.rate, form.channels, subtype="PCM_16", format="FLAC"
    )  # fmt: skip
    try:
        for block in blocks:
            file.buffer_write(block, dtype="int16")
    finally:
        file.close()


def _opus(blocks: Iterable[bytes], form: SoundFormat, path: Path) -> None:
    import av

    layout = _LAYOUTS[form.channels - 1]
    # bitexact: else the stream has a random number and the library's version in it
    with av.open(str(path), "w", format="ogg", container_options={"fflags": "+bitexact"}) as out:
        stream = out.add_stream("libopus", rate=_OPUS_RATE, options={"flags": "+bitexact"})
        stream.bit_rate = _OPUS_BITS * form.channels
        stream.layout = layout
        resampler = av.AudioResampler(format="s16", layout=layout, rate=_OPUS_RATE)
        for frame in _frames(blocks, form, layout):
            for ready in resampler.resample(frame):
                out.mux(stream.encode(ready))
        for ready in resampler.resample(None):
            out.mux(stream.encode(ready))
        out.mux(stream.encode(None))


def _frames(blocks: Iterable[bytes], form: SoundFormat, layout: str) -> Iterator[AudioFrame]:
    import av

    done = 0
    for block in blocks:
        samples = np.frombuffer(block, dtype="<i2").reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout=layout)
        frame.sample_rate, frame.pts = form.rate, done
        done += samples.shape[1] // form.channels
        yield frame
