"""Import a sound file into a study: a child process decodes it, this one seals it.

This process opens the file and passes it on as a descriptor. The child
(``capture.decoder_process``) sends PCM through a pipe, at most a second at a time, and this process
seals each block at once. So no unencrypted sound is written to disk, memory does not grow with the
length, and whatever a hostile file does to a codec ends as one sentence. No message names the
file, whose name may be a person's.
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

from capture.decoder_process import (
    ERROR,
    HEAD,
    MESSAGE,
    PCM,
    READY,
    TAIL,
    DecodingRefusal,
    SoundFileHead,
    SoundFileTail,
)
from capture.limits import LONGEST_HOURS, check_reasonable, compute_most_frames
from study import (
    GatedAction,
    InterviewDetails,
    ReportProgress,
    ShouldStop,
    SoundFormat,
    TaskProgress,
    no_report,
    no_stop,
)
from study.errors import (
    ChannelsDiffer,
    EarshotError,
    NotSound,
    SoundEmpty,
    SoundNotFound,
    SoundTruncated,
    SoundUnreasonable,
    Stopped,
)
from study.store import (
    IncomingSound,
    Study,
    build_worker_environment,
    check_new_interview,
    require_consent,
)

_STALLED_S = (
    60.0  # a decoder that sends nothing for so long is stuck; the slowest disks take seconds
)
_LOOK_S = 0.25  # how long a stop may go unnoticed
_PIPE_BYTES = 1 << 20  # more than Linux's 64 KiB, so that the processes wait for each other less
_LONGEST_MESSAGE = 4 << 20  # a second at 192 kHz and 8 channels is 3 MB


def import_sound(
    study: Study,
    path: Path,
    about: InterviewDetails,
    *,
    partial: bool = False,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
) -> str:
    """Seal the sound of a file into the study and return the new interview's id.

    Rate and channels stay as they are; samples become 16-bit. With ``partial``, a file that was
    cut short is imported as far as it goes. Progress is reported in seconds of sound, with a total
    of 0 if the file does not state its length. On any error the study stays as it was.

    Raises:
        SoundNotFound, SoundEmpty, NotSound, SoundUnreasonable: see their docstrings.
        ChannelsDiffer: ``about`` names more speakers for channels than it has channels.
        SoundTruncated: it ends before it should, or breaks off in the middle.
        BadName: the label is taken, or not valid.
        ConsentError: the consent of who is entered does not cover it.
        Stopped: ``stop`` returned True.
        DiskFull, StudyUnwritable, StudyInUse: nothing was kept.
    """
    check_new_interview(study, about)
    require_consent(study, GatedAction.IMPORT_SOUND, about)
    with _open_file(path) as source, _Decoding(source, stop) as decoding:
        head = decoding.read_head()
        if len(about.channels) > head.channels:
            raise ChannelsDiffer(len(about.channels), head.channels)
        with IncomingSound(study, SoundFormat(head.rate, head.channels)) as incoming:
            tail = _seal_blocks(decoding, incoming, head, report)
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
                "sha256": tail.sha256 or _compute_digest(source),
                "is_cut": tail.is_cut,
            }
            return incoming.keep(about, origin)


@contextlib.contextmanager
def _open_file(path: Path) -> Generator[int]:
    """Open a file, which must be a regular one and not empty."""
    descriptor = -1
    # Not `raise ... from`: the system's own error carries the file's name into every traceback.
    with contextlib.suppress(OSError, ValueError):
        # Non-blocking: a pipe without a writer would block here for ever.
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


def _seal_blocks(
    decoding: _Decoding, incoming: IncomingSound, head: SoundFileHead, report: ReportProgress
) -> SoundFileTail:
    total_s = (head.claimed or 0) / head.rate
    frame_bytes = 2 * head.channels
    for pcm in decoding.blocks():
        if len(pcm) % frame_bytes or len(pcm) > head.rate * frame_bytes:
            raise NotSound  # a hostile file may have taken the child over
        incoming.write(pcm)
        if incoming.frames > compute_most_frames(head.rate):  # whatever its header claimed
            raise SoundUnreasonable(f"more than {LONGEST_HOURS} hours")
        report(TaskProgress(incoming.frames / head.rate, total_s, "importing"))
    return decoding.tail


def _compute_digest(descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(os.dup(descriptor), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Decoding:
    """The child process, as a context manager that kills it at the end."""

    def __init__(self, source: int, stop: ShouldStop) -> None:
        self._stop = stop
        self.tail = SoundFileTail(
            is_cut=True, sha256=""
        )  # until the child says otherwise: it may die
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-B", "-m", "capture.decoder_process", str(os.getpid())],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a codec's complaints could hold a title or a name
            env=build_worker_environment()
            | {"OPENBLAS_NUM_THREADS": "1"},  # 64 of them reserve gigabytes
            process_group=0,  # Ctrl-C goes to this process alone, which then kills the child
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

    def blocks(self) -> Generator[bytes]:
        """Yield the PCM; afterwards ``tail`` says how the file ended."""
        while True:
            kind, content = self._read_message()
            if kind == TAIL:
                self.tail = msgspec.json.decode(content, type=SoundFileTail)
            if kind != PCM:
                return
            yield content

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
        while view:
            if not self._wait_for_data():
                break
            got = os.readv(self._pipe, [view])
            if not got:
                break
            view = view[got:]
        return bytes(memoryview(buffer)[: length - len(view)])

    def _wait_for_data(self) -> bool:
        deadline = time.monotonic() + _STALLED_S
        while not self._stop():
            if select.select([self._pipe], [], [], _LOOK_S)[0]:
                return True
            if time.monotonic() > deadline:
                return False
        raise Stopped("The import")


def _make_error(content: bytes) -> EarshotError:
    refused = msgspec.json.decode(content, type=DecodingRefusal)
    if refused.error == "SoundUnreasonable":
        return SoundUnreasonable(refused.what)
    plain = {"SoundTruncated": SoundTruncated, "SoundEmpty": SoundEmpty}
    return plain.get(refused.error, NotSound)()
