"""The child process that decodes a sound file: file on stdin, PCM in messages on stdout.

Hostile files attack codecs, so codecs run in this process: its memory and time are limited, it
cannot write a file, and it dies with its parent. The file comes as an open descriptor, so its
name is in no list of processes. The parent (``capture.sound_import``) does not trust it either.

    message   u8 kind | u32 length, big-endian | content
    kinds     R ready (empty)   H head   P at most 1 s of PCM   T tail   E error (JSON but for P)
"""

from __future__ import annotations

import hashlib
import os
import struct
import sys
import threading
from typing import BinaryIO

import msgspec

from capture.decoders import open_decoder
from capture.limits import confine_process
from study.errors import NotSound, SoundEmpty, SoundTruncated, SoundUnreasonable
from study.store import die_with_parent

MESSAGE = struct.Struct(">cI")
READY, HEAD, PCM, TAIL, ERROR = b"R", b"H", b"P", b"T", b"E"
_HASHED_AT_ONCE = 1 << 20
_LIFE_SIGN_S = 10.0


class SoundFileHead(msgspec.Struct, frozen=True):
    """The file's format; ``claimed`` is the number of frames that the file says it has."""

    container: str
    codec: str
    rate: int
    channels: int
    claimed: int | None


class SoundFileTail(msgspec.Struct, frozen=True):
    """How the file ended."""

    is_cut: bool
    sha256: str


class DecodingRefusal(msgspec.Struct, frozen=True):
    """Why the file was refused: the error's class name, and the claim that was unreasonable."""

    error: str
    what: str = ""


class _Digest(threading.Thread):
    """Hashes the file while it is decoded; reads at positions of its own."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(daemon=True)
        self._descriptor = descriptor
        self._hash = hashlib.sha256()
        self.start()

    def run(self) -> None:
        offset = 0
        while part := os.pread(self._descriptor, _HASHED_AT_ONCE, offset):
            self._hash.update(part)
            offset += len(part)

    def is_done(self, limit_s: float) -> bool:
        """Wait at most ``limit_s`` seconds; return whether the whole file has been hashed."""
        self.join(limit_s)
        return not self.is_alive()

    def value(self) -> str:
        """Return the SHA-256 in hexadecimal, once it is done."""
        return self._hash.hexdigest()


def _send(wire: BinaryIO, kind: bytes, content: bytes | memoryview = b"") -> None:
    wire.write(MESSAGE.pack(kind, len(content)))
    wire.write(content)
    wire.flush()  # sent before the next call, which may kill this process


def _decode(wire: BinaryIO, descriptor: int) -> None:
    digest = _Digest(os.dup(descriptor))
    with open_decoder(descriptor) as sound:
        head = SoundFileHead(
            sound.container, sound.codec, sound.rate, sound.channels, sound.claimed
        )
        _send(wire, HEAD, msgspec.json.encode(head))
        frames = 0
        for block in sound.blocks():
            _send(wire, PCM, block)
            frames += len(block) // (2 * sound.channels)
        is_cut = sound.is_cut(frames)
    while not digest.is_done(_LIFE_SIGN_S):
        _send(wire, PCM)  # on a slow disk the hash may take longer than the parent waits
    _send(wire, TAIL, msgspec.json.encode(SoundFileTail(is_cut, digest.value())))


def main(parent: int) -> None:
    """Decode the file on descriptor 0 to descriptor 1.

    parent: id of the process to die with.
    """
    die_with_parent(parent)
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a C library that prints must not print into the sound
    confine_process(os.fstat(0).st_size)
    _send(wire, READY)
    try:
        _decode(wire, 0)
    except SoundUnreasonable as refused:
        _send(wire, ERROR, msgspec.json.encode(DecodingRefusal("SoundUnreasonable", refused.what)))
    except (NotSound, SoundEmpty, SoundTruncated) as refused:
        _send(wire, ERROR, msgspec.json.encode(DecodingRefusal(type(refused).__name__)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
