"""Writing sound to a file that other programs play: FLAC through libsndfile, Opus through FFmpeg.

Blocks come in and go out, so memory does not grow with the length. No clock, no number by chance
and no name of a program goes into the file: the same sound gives the same bytes.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# PyAV says of its packets that they are of an unknown kind.

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from study.disk import PRIVATE_FILE, told
from study.errors import DiskFull, TargetUnwritable
from study.terms import SoundFormat

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

FLAC, OPUS = "flac", "opus"
_OPUS_RATE = 48_000  # what Opus is at home in; FFmpeg resamples to it
_OPUS_BITS = 32_000  # bits a second and channel: speech, well understood
_LAYOUTS = ("mono", "stereo", "3.0", "quad", "5.0", "5.1", "6.1", "7.1")  # as Opus numbers them
_ROOM = 1 << 20  # bytes: with less left on the disk, that is why it failed


class _Writing(Protocol):
    def buffer_write(self, data: bytes, dtype: str) -> None: ...
    def close(self) -> None: ...


class _Soundfile(Protocol):
    """The part of ``soundfile`` that is used here."""

    SoundFileError: type[Exception]

    def SoundFile(  # noqa: N802 - its name
        self, file: str, mode: str, samplerate: int, channels: int, *, subtype: str, **more: str
    ) -> _Writing: ...


def encode(blocks: Iterable[bytes], form: SoundFormat, path: Path, kind: str) -> None:
    """Write 16-bit PCM as ``kind`` ("flac" or "opus") to a new file, durably.

    Raises:
        DiskFull, TargetUnwritable: what was written so far is still there.
    """
    library = cast("_Soundfile", cast("object", importlib.import_module("soundfile")))
    from av.error import FFmpegError

    with told():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))
    try:
        if kind == FLAC:
            _flac(library, blocks, form, path)
        else:
            _opus(blocks, form, path)
    except (library.SoundFileError, FFmpegError, OSError) as failed:
        left = os.statvfs(path.parent)
        if left.f_bavail * left.f_frsize < _ROOM:
            raise DiskFull from failed
        raise TargetUnwritable from failed
    with told(), path.open("rb") as file:
        os.fsync(file.fileno())


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
