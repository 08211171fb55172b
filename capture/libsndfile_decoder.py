"""Decoding through libsndfile: uncompressed files and their kin, to the very sample.

It reads a view of an open file (``capture.file_view``), so that one link of a chained Ogg file, or
the sound behind a header with a wrong length, is a file of its own.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Iterator
from typing import Protocol, cast

from capture.container_length import ContainerClaim
from capture.file_view import FileView
from capture.track_timeline import SoundGap

_UNKNOWN = (1 << 63) - 1  # libsndfile's frames where a FLAC was never finished
_INTEGER = ("PCM_", "ULAW", "ALAW", "ALAC", "IMA_ADPCM", "MS_ADPCM", "GSM", "G721", "DPCM")
# What can be read from any byte on, without the header.
_WITHOUT_HEADER = frozenset({
    "PCM_S8", "PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW",
})  # fmt: skip


class _SoundFile(Protocol):
    """The part of ``soundfile.SoundFile`` that is used here."""

    subtype: str
    samplerate: int
    channels: int
    frames: int
    seekable: Callable[[], bool]

    def buffer_read_into(self, buffer: bytearray, dtype: str) -> int: ...
    def close(self) -> None: ...


class _Soundfile(Protocol):
    """The part of the module ``soundfile`` that is used here."""

    SoundFileError: type[Exception]

    def SoundFile(self, file: FileView, **how: object) -> _SoundFile: ...  # noqa: N802 - its name


def open_libsndfile(
    view: FileView, said: ContainerClaim, held: contextlib.ExitStack
) -> LibsndfileDecoder | None:
    """Open what libsndfile reads; None where it cannot, or finds no sound."""
    library = cast("_Soundfile", cast("object", importlib.import_module("soundfile")))
    view.seek(0)
    try:
        file = library.SoundFile(view)
        # MPEG in a WAV: libsndfile miscounts its frames, and would call it cut.
        is_other = said.sound is not None and file.subtype not in _WITHOUT_HEADER
        if is_other or file.subtype.startswith("MPEG"):
            file.close()
            return None
        if said.sound is not None:
            bare = view.part(said.sound.offset, said.sound.offset + said.sound.length)
            form = {"samplerate": file.samplerate, "channels": file.channels}
            order = "LITTLE" if said.sound.order == "<" else "BIG"
            subtype = file.subtype
            file.close()
            file = library.SoundFile(bare, format="RAW", subtype=subtype, endian=order, **form)
    except (library.SoundFileError, TypeError, OSError):
        return None
    held.callback(file.close)
    if not file.frames:
        return None
    # Left to itself soundfile seeks to where it already is after each read, and an Opus or
    # Vorbis decoder that is made to seek gives slightly different sound.
    file.seekable = lambda: False
    return LibsndfileDecoder(file, library.SoundFileError, said)


class LibsndfileDecoder:
    """Decodes WAV, AIFF, AU, W64, CAF, FLAC, and Ogg files of one stream."""

    def __init__(self, file: _SoundFile, failure: type[Exception], said: ContainerClaim) -> None:
        self._file = file
        self._failure = failure
        self._said = said
        self._is_damaged = False
        self.container = said.container
        self.codec = file.subtype
        self.rate = file.samplerate
        self.channels = file.channels
        self.claimed = said.frames or (file.frames if file.frames < _UNKNOWN else None)
        self.header_frames = said.header_frames
        self.tracks = self.links = 1
        self.left_out: tuple[str, ...] = ()
        self.damaged_places = self.unread_bytes = 0
        self.container_s = self.estimated_s = 0.0

    def blocks(self) -> Iterator[bytes | memoryview]:
        """Yield interleaved 16-bit PCM, at most a second at a time."""
        read = self._integers if self.codec.startswith(_INTEGER) else self._floats
        try:
            yield from read()
        except self._failure:
            self._is_damaged = True

    def is_cut(self, frames: int) -> bool:
        """Whether the end is missing."""
        # Ogg counts its frames from the last page, which may include a little that is skipped.
        slack = self.rate // 10 if self.container == "OGG" else 0
        short = self.claimed is not None and frames < self.claimed - slack
        return self._said.is_cut or self._is_damaged or short

    def take_gaps(self, *, all_of_them: bool = False) -> list[SoundGap]:
        """Return no gaps: what has holes is decoded by PyAV."""
        del all_of_them
        return []

    def _integers(self) -> Iterator[bytes | memoryview]:
        size = 2 * self.channels
        buffer = bytearray(self.rate * size)
        while frames := self._file.buffer_read_into(buffer, "int16"):
            yield memoryview(buffer)[: frames * size]

    def _floats(self) -> Iterator[bytes | memoryview]:
        """Read float32: libsndfile neither scales nor clips floats when it converts to integers."""
        import numpy as np

        buffer = bytearray(self.rate * self.channels * 4)
        loud = np.frombuffer(buffer, np.float32)
        while frames := self._file.buffer_read_into(buffer, "float32"):
            part = np.nan_to_num(loud[: frames * self.channels] * np.float32(32768.0))
            yield np.clip(np.rint(part), -32768, 32767).astype("<i2").tobytes()
