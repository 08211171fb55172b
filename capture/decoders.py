"""Two decoders from sound files to 16-bit PCM: libsndfile, and PyAV for what that cannot read.

They run only in the child process of ``capture.decoder_process``: the libraries behind them are
large, written in C, and read files from anywhere. Both yield blocks of at most one second, at the
file's own rate and channels, and say at the end whether sound is missing.
"""

from __future__ import annotations

import contextlib
import importlib
import os
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Protocol, cast

from capture.container_length import ContainerClaim, read_claim
from capture.limits import check_reasonable
from study.errors import NotSound, SoundEmpty, SoundTruncated

if TYPE_CHECKING:
    from av import AudioFrame
    from av.audio.codeccontext import AudioCodecContext
    from av.audio.resampler import AudioResampler
    from av.audio.stream import AudioStream
    from av.container import InputContainer

# The only demuxers PyAV may choose from: sound files, and none that opens a link in a file.
_DEMUXERS = "aac,amr,asf,flac,matroska,mov,mp3,ogg,wav"
# Of the two dozen formats of libsndfile, those that people have. Not MP3, which it cuts short.
_BY_LIBSNDFILE = {"WAV", "AIFF", "FLAC", "OGG"}
_UNKNOWN = (1 << 63) - 1  # libsndfile's frames where a FLAC was never finished
_INTEGER = ("PCM_", "ULAW", "ALAW", "ALAC", "IMA_ADPCM", "MS_ADPCM", "GSM", "G721", "DPCM")


class SoundDecoder(Protocol):
    """An open sound file: its format, its sound block by block, and whether its end is missing.

    ``claimed`` is the number of frames the file says it has, None if it does not say.
    """

    container: str
    codec: str
    rate: int
    channels: int
    claimed: int | None

    def blocks(self) -> Iterator[bytes | memoryview]:
        """Yield interleaved little-endian 16-bit PCM; a block is valid until the next."""
        ...

    def is_cut(self, frames: int) -> bool:
        """Whether ``frames``, all that could be decoded, are fewer than the file should have."""
        ...


@contextlib.contextmanager
def open_decoder(descriptor: int) -> Generator[SoundDecoder]:
    """Open the sound in a regular file; the descriptor stays open, its position moves.

    Raises:
        NotSound, SoundEmpty, SoundUnreasonable: see their docstrings.
        SoundTruncated: a part is missing without which nothing can be decoded.
    """
    said = read_claim(descriptor)
    if not said.is_readable:
        raise SoundTruncated
    with contextlib.ExitStack() as held:
        found: SoundDecoder | None = None
        if said.container in _BY_LIBSNDFILE:
            found = _by_libsndfile(descriptor, said, held)
        if found is None:
            # PyAV also reads a WAV whose recorder was killed before it could note any length.
            os.lseek(descriptor, 0, os.SEEK_SET)
            found = _by_pyav(descriptor, said, held)
        check_reasonable(found.rate, found.channels, found.claimed)
        yield found


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

    def SoundFile(self, file: int, *, closefd: bool) -> _SoundFile: ...  # noqa: N802 - its name


def _by_libsndfile(
    descriptor: int, said: ContainerClaim, held: contextlib.ExitStack
) -> SoundDecoder | None:
    library = cast("_Soundfile", cast("object", importlib.import_module("soundfile")))
    try:
        file = library.SoundFile(descriptor, closefd=False)
    except library.SoundFileError:
        return None
    held.callback(file.close)
    if not file.frames:
        return None
    # Left to itself soundfile seeks to where it already is after each read, and an Opus or
    # Vorbis decoder that is made to seek gives slightly different sound.
    file.seekable = lambda: False
    return _Libsndfile(file, library.SoundFileError, said)


class _Libsndfile:
    """Decodes WAV, FLAC, OGG, Opus and AIFF."""

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

    def blocks(self) -> Iterator[bytes | memoryview]:
        read = self._integers if self.codec.startswith(_INTEGER) else self._floats
        try:
            yield from read()
        except self._failure:
            self._is_damaged = True

    def is_cut(self, frames: int) -> bool:
        # Ogg counts its frames from the last page, which may include a little that is skipped.
        slack = self.rate // 10 if self.container == "OGG" else 0
        short = self.claimed is not None and frames < self.claimed - slack
        return self._said.is_cut or self._is_damaged or short

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


def _by_pyav(descriptor: int, said: ContainerClaim, held: contextlib.ExitStack) -> SoundDecoder:
    import av
    from av.logging import PANIC, set_level

    set_level(PANIC)
    file = held.enter_context(os.fdopen(os.dup(descriptor), "rb"))
    how = {"format_whitelist": _DEMUXERS}
    try:
        container = held.enter_context(av.open(file, "r", options=how, metadata_errors="ignore"))
        streams = container.streams.audio
    except _pyav_failures():
        raise NotSound from None
    # A stream of an unknown kind has no decoder, whatever the types of PyAV say.
    context = cast("AudioCodecContext | None", streams[0].codec_context) if streams else None
    if context is None or not context.sample_rate or not context.channels:
        raise NotSound
    check_reasonable(context.sample_rate, context.channels, None)  # before a frame is decoded
    try:
        return _Pyav(container, streams[0], said)
    except _pyav_failures():
        raise NotSound from None


def _pyav_failures() -> tuple[type[Exception], ...]:
    """Return all that broken files were seen to raise; OSError comes from a negative seek."""
    from av.error import FFmpegError

    return FFmpegError, ValueError, OSError


class _Pyav:
    """Decodes MP3, M4A and AAC, and the rarer formats that phones and recorders write."""

    def __init__(
        self, container: InputContainer, stream: AudioStream, said: ContainerClaim
    ) -> None:
        self._said = said
        self._damaged = 0
        self._frames = self._decoded(container, stream)
        self._broken = 0
        first = next(self._frames, None)
        if first is None:
            raise NotSound if self._broken else SoundEmpty
        self._first: AudioFrame = first
        self.container = said.container or container.format.name.split(",")[0].upper()
        self.codec = stream.codec_context.name
        self.rate = first.sample_rate  # of a frame: headers halve the rate of HE-AAC
        self.channels = first.layout.nb_channels
        self.claimed = said.frames
        # Elsewhere PyAV may only estimate the length, from the file's size and its first bit rate.
        if said.container == "MP4" and stream.duration and stream.time_base:
            self.claimed = int(stream.duration * stream.time_base * self.rate)

    def blocks(self) -> Iterator[bytes | memoryview]:
        second = self.rate * self.channels * 2
        held = bytearray()
        try:
            for pcm in self._resampled():
                held += pcm
                while len(held) >= second:
                    yield bytes(held[:second])
                    del held[:second]
        except _pyav_failures():
            self._damaged += 1
        yield bytes(held)

    def is_cut(self, frames: int) -> bool:
        # Encoders add up to 0.1 s or four of their own frames, which decoders take away again.
        slack = self.rate // 10 + 4096
        short = self.claimed is not None and frames < self.claimed - slack
        return self._said.is_cut or self._damaged > 0 or short

    def _decoded(self, container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
        """Decode all packets, skipping broken ones: what follows them is still somebody's words."""
        any_sound = False
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except _pyav_failures():
                self._broken += 1
                continue
            if frames:
                # Junk before the first sound (tags, pictures) or after the last is no damage.
                self._damaged += self._broken if any_sound else 0
                self._broken, any_sound = 0, True
            yield from frames

    def _resampled(self) -> Iterator[bytes]:
        """Convert every frame to interleaved 16 bit, at the first frame's rate and layout."""
        resampler, form = self._resampler(), _form(self._first)
        yield from self._pcm(resampler, self._first)
        for frame in self._frames:
            if _form(frame) != form:
                yield from self._pcm(resampler, None)
                resampler, form = self._resampler(), _form(frame)
            yield from self._pcm(resampler, frame)
        yield from self._pcm(resampler, None)

    def _resampler(self) -> AudioResampler:
        import av

        return av.AudioResampler("s16", self._first.layout.name, self.rate)

    def _pcm(self, resampler: AudioResampler, frame: AudioFrame | None) -> Iterator[bytes]:
        for done in resampler.resample(frame):
            # A plane is padded for the processor's sake: take what belongs to the samples.
            yield bytes(done.planes[0])[: done.samples * self.channels * 2]


def _form(frame: AudioFrame) -> tuple[int, str, str]:
    return frame.sample_rate, frame.layout.name, frame.format.name
