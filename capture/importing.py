"""Bring a sound file into a study: decoded by a child process, sealed here, block by block.

The file is opened here and handed down as a descriptor; the child (``capture.decoding``) sends
PCM through a pipe, at most a second at a time, and this side seals each block as it comes. So
nothing plain touches the disk, length costs no memory, and whatever a hostile file does to a
codec is one sentence here. No message names the file: its name may be a person's.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import select
import stat
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from capture.decoding import ERROR, HEAD, MESSAGE, PCM, READY, TAIL, Head, Refusal, Tail
from capture.limits import LONGEST_H, check_reasonable, most_frames
from study.change import check
from study.errors import (
    EarshotError,
    NotSound,
    SoundEmpty,
    SoundNotFound,
    SoundTruncated,
    SoundUnreasonable,
    Stopped,
)
from study.recordings import Incoming
from study.steps import Progress, Report, Stop, never, quietly
from study.store import Study
from study.terms import About, SoundFormat

_STALLED_S = 60.0  # a decoder that is silent for so long is stuck; the slowest disks take seconds
_LOOK_S = 0.25  # how long a stop may go unseen
_PIPE_BYTES = 1 << 20  # more than Linux's 64 KiB, so that the two processes wait less often
_LONGEST_MESSAGE = 4 << 20  # a second at 192 kHz and 8 channels is 3 MB


def import_sound(
    study: Study,
    path: Path,
    about: About,
    *,
    partial: bool = False,
    stop: Stop = never,
    report: Report = quietly,
) -> str:
    """Seal the sound of a file into the study and return the new interview's id.

    Rate and channels stay as they are; samples become 16-bit. With ``partial``, a file that was
    cut short is taken as far as it goes. Progress is told in seconds of sound, with a total of
    0 where the file does not say how long it is. On any error the study is as it was.

    Raises:
        SoundNotFound, SoundEmpty, NotSound, SoundUnreasonable: as their texts say.
        SoundTruncated: it ends before it should, or breaks off in the middle.
        BadName: the label is taken or not one.
        Stopped: ``stop`` said so.
        DiskFull, StudyUnwritable, StudyInUse: nothing was kept.
    """
    check(study, about)
    with _opened(path) as source, _Decoding(source, stop) as decoding:
        head = decoding.head()
        with Incoming(study, SoundFormat(head.rate, head.channels)) as incoming:
            tail = _take_in(decoding, incoming, head, report)
            frames = incoming.frames
            if tail.is_cut and not partial:
                raise SoundTruncated(frames / head.rate)
            if not frames:
                raise SoundEmpty
            origin: dict[str, str | int | float | bool] = {
                "container": head.container,
                "codec": head.codec,
                "rate": head.rate,
                "channels": head.channels,
                "frames": frames,
                "duration_s": frames / head.rate,
                "bytes": os.fstat(source).st_size,
                "sha256": tail.sha256 or _digest(source),
                "is_cut": tail.is_cut,
            }
            return incoming.keep(about, origin)


@contextlib.contextmanager
def _opened(path: Path) -> Generator[int]:
    """Open a regular file with something in it, and nothing else."""
    descriptor = -1
    # Not `raise ... from`: the system's own error carries the file's name into every traceback.
    with contextlib.suppress(OSError, ValueError):
        # Without waiting: a pipe with no writer would block here for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if descriptor < 0:
        raise SoundNotFound
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise NotSound
        if found.st_size == 0:
            raise SoundEmpty
        yield descriptor
    finally:
        os.close(descriptor)


def _take_in(decoding: _Decoding, incoming: Incoming, head: Head, report: Report) -> Tail:
    total_s = (head.claimed or 0) / head.rate
    frame_bytes = 2 * head.channels
    for pcm in decoding.blocks():
        if len(pcm) % frame_bytes or len(pcm) > head.rate * frame_bytes:
            raise NotSound  # the child is not itself any more
        incoming.write(pcm)
        if incoming.frames > most_frames(head.rate):  # whatever its header claimed
            raise SoundUnreasonable(f"more than {LONGEST_H} hours")
        report(Progress(incoming.frames / head.rate, total_s, "importing"))
    return decoding.tail


def _digest(descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(os.dup(descriptor), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Decoding:
    """The child at work, seen from here. It is gone when the block is left."""

    def __init__(self, source: int, stop: Stop) -> None:
        self._stop = stop
        self.tail = Tail(is_cut=True, sha256="")  # until it says otherwise: it may die
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-B", "-m", "capture.decoding", str(os.getpid())],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a codec's complaints could hold a title or a name
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # 64 of them reserve gigabytes
            process_group=0,  # Ctrl-C is for this side, which then ends the child
        )
        assert self._child.stdout is not None
        self._pipe = self._child.stdout.fileno()
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            with contextlib.suppress(OSError):
                fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)

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
        if self._child.stdout is not None:
            self._child.stdout.close()

    def head(self) -> Head:
        """Wait until the child knows what the file is, and do not take its word for the limits."""
        kind, _ = self._message()
        if kind != READY:
            raise RuntimeError("the decoding process did not start")
        kind, content = self._message()
        if kind == ERROR:
            raise _refusal(content)
        if kind != HEAD:
            raise NotSound  # it died of this file
        head = msgspec.json.decode(content, type=Head)
        check_reasonable(head.rate, head.channels, head.claimed)
        return head

    def blocks(self) -> Generator[bytes]:
        """Yield the PCM; afterwards ``tail`` tells how the file ended."""
        while True:
            kind, content = self._message()
            if kind == TAIL:
                self.tail = msgspec.json.decode(content, type=Tail)
            if kind != PCM:
                return
            yield content

    def _message(self) -> tuple[bytes, bytes]:
        """Read one message; an empty kind means that there will be no more."""
        lead = self._exactly(MESSAGE.size)
        if len(lead) < MESSAGE.size:
            return b"", b""
        kind, length = MESSAGE.unpack(lead)
        if length > _LONGEST_MESSAGE:
            return b"", b""
        content = self._exactly(length)
        return (kind, content) if len(content) == length else (b"", b"")

    def _exactly(self, length: int) -> bytes:
        """Read ``length`` bytes, fewer when the child ended or has been silent for too long."""
        buffer = bytearray(length)
        view = memoryview(buffer)
        while view:
            if not self._has_more():
                break
            got = os.readv(self._pipe, [view])
            if not got:
                break
            view = view[got:]
        return bytes(memoryview(buffer)[: length - len(view)])

    def _has_more(self) -> bool:
        deadline = time.monotonic() + _STALLED_S
        while not self._stop():
            if select.select([self._pipe], [], [], _LOOK_S)[0]:
                return True
            if time.monotonic() > deadline:
                return False
        raise Stopped("The import")


def _refusal(content: bytes) -> EarshotError:
    refused = msgspec.json.decode(content, type=Refusal)
    if refused.error == "SoundUnreasonable":
        return SoundUnreasonable(refused.what)
    plain = {"SoundTruncated": SoundTruncated, "SoundEmpty": SoundEmpty}
    return plain.get(refused.error, NotSound)()
