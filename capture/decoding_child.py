"""The child process that decodes a file, seen from the process that started it.

The child (``capture.decoder_process``) is not trusted: a hostile file may have taken it over. What
it sends is limited here in size and time, and checked against the limits of an interview.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from capture.child_pipe import open_child_pipe
from capture.decoder_process import (
    ERROR,
    GAP,
    HEAD,
    MESSAGE,
    PCM,
    READY,
    TAIL,
    DecodingOrder,
    DecodingRefusal,
    SoundFileGap,
    SoundFileHead,
    SoundFileTail,
)
from capture.limits import check_reasonable
from study import ShouldStop, open_descriptor, read_at
from study.errors import (
    EarshotError,
    NoTrack,
    NotSound,
    SoundEmpty,
    SoundFlaw,
    SoundKindRefused,
    SoundNotFound,
    SoundTruncated,
    SoundUnreachable,
    SoundUnreasonable,
    Stopped,
)
from study.store import OWN_GROUP, build_worker_environment

_STALLED_S = (
    60.0  # a decoder that sends nothing for so long is stuck; the slowest disks take seconds
)
_LOOK_S = 0.25  # how long a stop may go unnoticed
_LONGEST_MESSAGE = 4 << 20  # a second at 192 kHz and 8 channels is 3 MB


@contextlib.contextmanager
def open_sound_file(path: Path) -> Generator[int]:
    """Open a file and yield its descriptor.

    Raises:
        SoundNotFound: it is not there, or may not be read.
        SoundKindRefused: it is a folder, a pipe, a socket or a device.
        SoundEmpty: it has no bytes.
    """
    descriptor, kind = -1, stat.S_IFREG
    # Not `raise ... from`: the system's own error carries the file's name into every traceback.
    with contextlib.suppress(OSError, ValueError):
        kind = path.stat().st_mode  # a socket cannot even be opened
        descriptor = open_descriptor(path, os.O_RDONLY)  # waits for no pipe
    if descriptor < 0:
        _require_file(kind)
        raise SoundNotFound
    try:
        found = os.fstat(descriptor)
        _require_file(found.st_mode)
        if found.st_size == 0:
            raise SoundEmpty
        yield descriptor
    finally:
        os.close(descriptor)


def _require_file(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise SoundKindRefused(SoundFlaw.FOLDER)
    if not stat.S_ISREG(mode):
        raise SoundKindRefused(SoundFlaw.DEVICE)


def hash_file(descriptor: int) -> str:
    """Return the SHA-256 of an open file in hexadecimal.

    Raises:
        SoundUnreachable: its disk failed.
    """
    digest, offset = hashlib.sha256(), 0
    try:
        while part := read_at(descriptor, 1 << 20, offset):
            digest.update(part)
            offset += len(part)
    except OSError:
        raise SoundUnreachable from None
    return digest.hexdigest()


class DecodingChild:
    """The child process, as a context manager that kills it at the end."""

    def __init__(self, source: int, stop: ShouldStop, order: DecodingOrder) -> None:
        self._stop = stop
        # Until the child says otherwise: it may die.
        self.tail = SoundFileTail(is_cut=True, sha256="")
        asked = [str(number) for number in msgspec.structs.astuple(order)]
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-B", "-m", "capture.decoder_process", str(os.getpid()), *asked],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a codec's complaints could hold a title or a name
            env=build_worker_environment()
            | {"OPENBLAS_NUM_THREADS": "1"},  # 64 of them reserve gigabytes
            creationflags=OWN_GROUP,
            process_group=0,  # Ctrl-C goes to this process alone, which then kills the child
        )
        assert self._child.stdout is not None
        self._pipe = open_child_pipe(self._child.stdout.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._child.kill()
        self._child.wait()
        self._pipe.close()
        if self._child.stdout is not None:
            self._child.stdout.close()

    def read_head(self) -> SoundFileHead:
        """Wait for the child's description of the file, and check it against the limits."""
        kind, _ = self._read_message()
        if kind != READY:
            raise RuntimeError("the decoding process did not start")
        kind, content = self._read_message()
        if kind == ERROR:
            raise _make_error(content)
        if kind != HEAD:
            raise NotSound  # it died of this file
        head = msgspec.json.decode(content, type=SoundFileHead)
        check_reasonable(head.rate, head.channels, head.claimed)
        return head

    def parts(self) -> Generator[bytes | SoundFileGap]:
        """Yield the PCM and the gaps in it; afterwards ``tail`` says how the file ended.

        Raises:
            NotSound: a gap makes no sense.
        """
        while True:
            kind, content = self._read_message()
            if kind == TAIL:
                self.tail = msgspec.json.decode(content, type=SoundFileTail)
            if kind == GAP:
                gap = msgspec.json.decode(content, type=SoundFileGap)
                if not (gap.at_s >= 0.0 and gap.length_s >= 0.0):
                    raise NotSound
                yield gap
            elif kind == PCM:
                yield content
            else:
                return

    def _read_message(self) -> tuple[bytes, bytes]:
        """Read one message; an empty kind means that there will be no more."""
        lead = self._read_exactly(MESSAGE.size)
        if len(lead) < MESSAGE.size:
            return b"", b""
        kind, length = MESSAGE.unpack(lead)
        if length > _LONGEST_MESSAGE:
            return b"", b""
        content = self._read_exactly(length)
        return (kind, content) if len(content) == length else (b"", b"")

    def _read_exactly(self, length: int) -> bytes:
        """Read ``length`` bytes, fewer if the child ended or sent nothing for too long."""
        buffer = bytearray(length)
        view = memoryview(buffer)
        while view and (got := self._read_some(view)):
            view = view[got:]
        return bytes(memoryview(buffer)[: length - len(view)])

    def _read_some(self, view: memoryview) -> int:
        deadline = time.monotonic() + _STALLED_S
        while not self._stop():
            got = self._pipe.read_into(view, _LOOK_S)
            if got is not None:
                return got
            if time.monotonic() > deadline:
                return 0
        raise Stopped("The import")


def _make_error(content: bytes) -> EarshotError:
    refused = msgspec.json.decode(content, type=DecodingRefusal)
    if refused.error == "SoundUnreasonable":
        return SoundUnreasonable(refused.what)
    if refused.error == "SoundKindRefused" and refused.what in SoundFlaw.__members__:
        return SoundKindRefused(SoundFlaw[refused.what])
    if refused.error == "NoTrack" and refused.what.isdecimal():
        return NoTrack(int(refused.what))
    plain = {"SoundTruncated": SoundTruncated, "SoundEmpty": SoundEmpty}
    return plain.get(refused.error, NotSound)()
