"""What Windows offers in place of POSIX calls, asked of its kernel and of its C library.

Nothing here was run on Windows yet (see ``docs/platforms.md``): the tests run it against stand-ins
for both libraries. Only the modules that ``tests/test_platforms.py`` lists enter here.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import importlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol, cast

IS_WINDOWS: Final = not hasattr(os, "fork")

# Asked of the system by these names; winnt.h and fileapi.h have the numbers.
_READ, _WRITE = 0x80000000, 0x40000000
_SHARE_ALL = 1 | 2 | 4  # to read, to write, to rename and remove
_CREATE_NEW, _OPEN_EXISTING, _OPEN_ALWAYS = 1, 3, 4
_NORMAL, _THE_LINK_ITSELF = 0x80, 0x00200000
_NO_HANDLE: Final = ctypes.c_void_p(-1).value
_AT_ONCE, _EXCLUSIVE = 1, 2
_LOCKED_BYTE = 1 << 62  # far behind the end: what is locked there can be read and written
_TAKEN = 33  # ERROR_LOCK_VIOLATION
_NO_HEAP, _NO_BOX = 1, 2  # WER_FAULT_REPORTING_FLAG_NOHEAP, SEM_NOGPFAULTERRORBOX
_EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation
_LIMIT_TIME, _LIMIT_MEMORY, _LIMIT_PROCESSES = 0x2, 0x100, 0x8
_ACCESS: Final = os.O_WRONLY | os.O_RDWR

_Call = Callable[..., int | None]


class _CLibrary(Protocol):
    """The module ``msvcrt``."""

    def open_osfhandle(self, handle: int, flags: int, /) -> int: ...
    def get_osfhandle(self, descriptor: int, /) -> int: ...
    def kbhit(self) -> bool: ...
    def getwch(self) -> str: ...


class _Overlapped(ctypes.Structure):
    """``OVERLAPPED``, of which the offset is used."""

    _fields_ = (
        ("internal", ctypes.c_void_p),
        ("internal_high", ctypes.c_void_p),
        ("offset", ctypes.c_uint32),
        ("offset_high", ctypes.c_uint32),
        ("event", ctypes.c_void_p),
    )


class _JobLimits(ctypes.Structure):
    """``JOBOBJECT_EXTENDED_LIMIT_INFORMATION``."""

    _fields_ = (
        ("process_time", ctypes.c_int64),  # of 100 ns
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_set", ctypes.c_size_t),
        ("most_set", ctypes.c_size_t),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
        ("counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


def open_shared(path: Path, flags: int, *, follows: bool) -> int:
    """Open a file as ``os.open`` does, so that it may be renamed and removed meanwhile.

    ``os.open`` does not ask for that. Line ends are not translated, and no child inherits the
    descriptor. follows: whether a link is followed; else it is refused.

    Raises:
        OSError: it cannot be opened.
    """
    access = {os.O_RDONLY: _READ, os.O_WRONLY: _WRITE}.get(flags & _ACCESS, _READ | _WRITE)
    when = _OPEN_EXISTING
    if flags & os.O_CREAT:
        when = _CREATE_NEW if flags & os.O_EXCL else _OPEN_ALWAYS
    how = _NORMAL if follows else _NORMAL | _THE_LINK_ITSELF
    handle = _find_call("CreateFileW", ctypes.c_void_p)(
        ctypes.c_wchar_p(str(path)), ctypes.c_uint32(access), ctypes.c_uint32(_SHARE_ALL), None,
        ctypes.c_uint32(when), ctypes.c_uint32(how), None,
    )  # fmt: skip
    if handle in {None, _NO_HANDLE}:
        raise _make_error(path)
    kept = flags & (os.O_APPEND | _ACCESS)
    kept |= cast("int", getattr(os, "O_BINARY", 0)) | cast("int", getattr(os, "O_NOINHERIT", 0))
    descriptor = _load_c_library().open_osfhandle(cast("int", handle), kept)
    if not follows and path.is_symlink():  # it was the link itself that was opened
        os.close(descriptor)
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return descriptor


def lock_descriptor(descriptor: int, *, is_shared: bool, waits: bool) -> bool:
    """Lock an open file, in place of a lock that this descriptor has; whether that worked.

    The kernel releases the lock when the descriptor is closed, and when its process dies.

    Raises:
        OSError: the file system has no locks.
    """
    handle = ctypes.c_void_p(_load_c_library().get_osfhandle(descriptor))
    place = _Overlapped(offset=_LOCKED_BYTE & 0xFFFFFFFF, offset_high=_LOCKED_BYTE >> 32)
    byte = (ctypes.c_uint32(1), ctypes.c_uint32(0), ctypes.byref(place))
    none = ctypes.c_uint32(0)
    _find_call("UnlockFileEx")(handle, none, *byte)  # fails where it has none
    how = (0 if is_shared else _EXCLUSIVE) | (0 if waits else _AT_ONCE)
    if _find_call("LockFileEx")(handle, ctypes.c_uint32(how), none, *byte):
        return True
    if _read_error() == _TAKEN:
        return False
    raise _make_error(None)


def keep_out_of_error_reports() -> None:
    """Keep this process's memory out of the reports that Windows makes of a crash."""
    with contextlib.suppress(OSError, AttributeError):
        _find_call("WerSetFlags")(ctypes.c_uint32(_NO_HEAP))
        _find_call("SetErrorMode")(ctypes.c_uint32(_NO_BOX))


def confine_to_job(memory_bytes: int, cpu_s: int) -> bool:
    """Limit this process's memory and processor time, and let it start no other; whether it worked.

    The limits hold for good: nobody keeps the job's handle.
    """
    limits = _JobLimits(
        process_time=cpu_s * 10_000_000,
        flags=_LIMIT_TIME | _LIMIT_MEMORY | _LIMIT_PROCESSES,
        processes=1,
        process_memory=memory_bytes,
    )
    with contextlib.suppress(OSError, AttributeError):
        job = ctypes.c_void_p(_find_call("CreateJobObjectW", ctypes.c_void_p)(None, None))
        this = ctypes.c_void_p(_find_call("GetCurrentProcess", ctypes.c_void_p)())
        size = ctypes.c_uint32(ctypes.sizeof(limits))
        asked = ctypes.byref(limits)
        is_set = _find_call("SetInformationJobObject")(job, _EXTENDED_LIMITS, asked, size)
        return bool(is_set and _find_call("AssignProcessToJobObject")(job, this))
    return False


def read_console_keys(most: int) -> str:
    """Return the keys that were pressed in the console since the last call, without waiting."""
    keys, library = "", _load_c_library()
    while len(keys) < most and library.kbhit():
        keys += library.getwch()
    return keys


def wait_for_console_key() -> str:
    """Wait for one key in the console, and return it.

    Raises:
        KeyboardInterrupt: it was Ctrl+C, which the console hands over like any other.
    """
    key = _load_c_library().getwch()
    if key == "\x03":
        raise KeyboardInterrupt
    return key


def _load_c_library() -> _CLibrary:
    return cast("_CLibrary", cast("object", importlib.import_module("msvcrt")))


def _find_call(name: str, returns: object = ctypes.c_int) -> _Call:
    load = cast("Callable[..., object]", getattr(ctypes, "WinDLL"))  # noqa: B009 - of Windows alone
    call = cast("_Call", getattr(load("kernel32", use_last_error=True), name))
    setattr(call, "restype", returns)  # noqa: B010 - as it is loaded anew each time
    return call


def _read_error() -> int:
    ask = cast("Callable[[], int]", getattr(ctypes, "get_last_error"))  # noqa: B009 - as above
    return ask()


def _make_error(path: Path | None) -> OSError:
    """Return what the last call that failed means, as the error of Python's own calls."""
    make = cast("Callable[[int], OSError]", getattr(ctypes, "WinError"))  # noqa: B009 - as above
    error = make(_read_error())
    if path is not None:
        error.filename = str(path)
    return error
