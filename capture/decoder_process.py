"""The child process that decodes a sound file: file on stdin, PCM in messages on stdout.

Hostile files attack codecs, so codecs run in this process: its memory and time are limited, it
cannot write a file, and it dies with its parent. The file comes as an open descriptor, so its
name is in no list of processes. The parent (``capture.sound_import``) does not trust it either.

    message   u8 kind | u32 length, big-endian | content
    kinds     R ready (empty)   H head   P at most 1 s of PCM   G gap   T tail   E error
              (JSON but for P)
"""

from __future__ import annotations

import hashlib
import os
import struct
import sys
import threading
from typing import BinaryIO

import msgspec

from capture.confinement import confine_process
from capture.decoders import open_decoder
from capture.mp4_tracks import SPATIAL_CODEC
from capture.track_timeline import SoundGap
from study import SoundFormat, read_at
from study.errors import (
    NoTrack,
    NotSound,
    SoundEmpty,
    SoundFlaw,
    SoundKindRefused,
    SoundTruncated,
    SoundUnreasonable,
)
from study.store import die_with_parent

MESSAGE = struct.Struct(">cI")
READY, HEAD, PCM, GAP, TAIL, ERROR = b"R", b"H", b"P", b"G", b"T", b"E"
_HASHED_AT_ONCE = 1 << 20
_LIFE_SIGN_S = 10.0


class DecodingOrder(msgspec.Struct, frozen=True):
    """What the child is asked for: a track of the file, and the form to convert to.

    track: counted from 1; 0 takes all. rate, channels: 0 for the file's own.
    """

    track: int = 0
    rate: int = 0
    channels: int = 0


class SoundFileHead(msgspec.Struct, frozen=True):
    """The file's format; ``claimed`` is the number of frames that the file says it has.

    header_frames: what the header says where it is known to be wrong. tracks: the sound tracks
    that are taken; left_out: how many cannot be decoded; spatial: how many of these hold the sound
    of a track that is taken once more, as spatial audio. links: files joined in this one.
    container_s: the length by the container's own clock, 0.0 where it has none. estimated_s:
    the same, or what PyAV makes of the file's size.
    """

    container: str
    codec: str
    rate: int
    channels: int
    claimed: int | None
    header_frames: int | None = None
    tracks: int = 1
    left_out: int = 0
    links: int = 1
    container_s: float = 0.0
    estimated_s: float = 0.0
    spatial: int = 0


class SoundFileGap(msgspec.Struct, frozen=True):
    """A hole that was filled with silence; see ``capture.track_timeline.SoundGap``."""

    at_s: float
    length_s: float
    is_damage: bool


class SoundFileTail(msgspec.Struct, frozen=True):
    """How the file ended.

    damaged: how many places could not be decoded. unread: bytes behind the sound that are something
    else. has_failed: the disk failed. has_changed: something wrote the file meanwhile.
    """

    is_cut: bool
    sha256: str
    damaged: int = 0
    unread: int = 0
    has_failed: bool = False
    has_changed: bool = False


class DecodingRefusal(msgspec.Struct, frozen=True):
    """Why the file was refused: the error's class name, and its fact."""

    error: str
    what: str = ""


class _Digest(threading.Thread):
    """Hashes the file while it is decoded; reads at positions of its own.

    It reads every byte, so it is also the witness of a disk that fails.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__(daemon=True)
        self._descriptor = descriptor
        self._hash = hashlib.sha256()
        self._begun = os.fstat(descriptor)
        self.has_failed = False
        self.start()

    def run(self) -> None:
        offset, size = 0, self._begun.st_size  # not to the end of a file that grows for ever
        try:
            while offset < size:
                part = read_at(self._descriptor, min(_HASHED_AT_ONCE, size - offset), offset)
                if not part:
                    break
                self._hash.update(part)
                offset += len(part)
        except OSError:
            self.has_failed = True

    def is_done(self, limit_s: float) -> bool:
        """Wait at most ``limit_s`` seconds; return whether the whole file has been hashed."""
        self.join(limit_s)
        return not self.is_alive()

    def has_changed(self) -> bool:
        """Whether the file is not what it was when this began, by its size and time."""
        now = os.fstat(self._descriptor)
        return (now.st_size, now.st_mtime_ns) != (self._begun.st_size, self._begun.st_mtime_ns)

    def value(self) -> str:
        """Return the SHA-256 in hexadecimal, once it is done."""
        return self._hash.hexdigest()


def _send(wire: BinaryIO, kind: bytes, content: bytes | memoryview = b"") -> None:
    wire.write(MESSAGE.pack(kind, len(content)))
    wire.write(content)
    wire.flush()  # sent before the next call, which may kill this process


def _decode(wire: BinaryIO, descriptor: int, order: DecodingOrder) -> None:
    digest = _Digest(os.dup(descriptor))
    target = SoundFormat(order.rate, order.channels) if order.rate else None
    with open_decoder(descriptor, order.track, target) as sound:
        head = SoundFileHead(
            sound.container, sound.codec, sound.rate, sound.channels, sound.claimed,
            sound.header_frames, sound.tracks, len(sound.left_out), sound.links,
            sound.container_s, sound.estimated_s, sound.left_out.count(SPATIAL_CODEC),
        )  # fmt: skip
        _send(wire, HEAD, msgspec.json.encode(head))
        frames = 0
        for block in sound.blocks():
            _send(wire, PCM, block)
            frames += len(block) // (2 * sound.channels)
            _send_gaps(wire, sound.take_gaps())
        _send_gaps(wire, sound.take_gaps(all_of_them=True))
        is_cut, damaged, unread = (
            sound.is_cut(frames), sound.damaged_places, sound.unread_bytes
        )  # fmt: skip
    while not digest.is_done(_LIFE_SIGN_S):
        _send(wire, PCM)  # on a slow disk the hash may take longer than the parent waits
    tail = SoundFileTail(
        is_cut, digest.value(), damaged, unread, digest.has_failed, digest.has_changed()
    )  # fmt: skip
    _send(wire, TAIL, msgspec.json.encode(tail))


def _send_gaps(wire: BinaryIO, gaps: list[SoundGap]) -> None:
    for gap in gaps:
        made = SoundFileGap(gap.at_s, gap.length_s, gap.is_damage)
        _send(wire, GAP, msgspec.json.encode(made))


def main(parent: int, order: DecodingOrder) -> None:
    """Decode the file on descriptor 0 to descriptor 1.

    parent: id of the process to die with.
    """
    die_with_parent(parent)
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a C library that prints must not print into the sound
    confine_process(os.fstat(0).st_size)
    _send(wire, READY)
    try:
        _decode(wire, 0, order)
    except SoundUnreasonable as refused:
        _refuse(wire, "SoundUnreasonable", refused.what)
    except SoundKindRefused as refused:
        _refuse(wire, "SoundKindRefused", SoundFlaw(refused.flaw).name)
    except NoTrack as refused:
        _refuse(wire, "NoTrack", str(refused.count))
    except (NotSound, SoundEmpty, SoundTruncated) as refused:
        _refuse(wire, type(refused).__name__)


def _refuse(wire: BinaryIO, error: str, what: str = "") -> None:
    _send(wire, ERROR, msgspec.json.encode(DecodingRefusal(error, what)))


if __name__ == "__main__":
    main(int(sys.argv[1]), DecodingOrder(*(int(asked) for asked in sys.argv[2:])))
