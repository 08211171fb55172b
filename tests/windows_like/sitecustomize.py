"""Make this process look like Windows to Earshot's packages, as far as that is possible here.

Python imports this by itself where this folder is on PYTHONPATH, in child processes as well. Only
the packages of the product are deceived: they find no POSIX module, none of the calls that Windows
lacks, and a kernel32 and msvcrt made of what is here. All code meets Windows's rules for files:
one that is open otherwise than by CreateFileW with FILE_SHARE_DELETE can be neither renamed nor
removed, a folder cannot be opened, and a name with a colon or a question mark is refused.
"""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import errno
import fcntl
import importlib
import io
import os
import re
import shutil
import stat
import subprocess
import sys
import types
from typing import Any

import psutil

sys.path.insert(0, os.path.dirname(__file__))  # noqa: PTH120 - where the next one lies
from hidden import HIDDEN_MODULES, HIDDEN_NAMES

sys.path.pop(0)

PACKAGES = frozenset({
    "anonymise", "app", "capture", "cli", "handoff", "models", "study", "transcribe", "tui",
})  # fmt: skip
BAD_NAME = re.compile(
    r'[<>:"|?*\x00-\x1f]|[^.][ .]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE
)
WRITTEN = os.O_WRONLY | os.O_RDWR

shared: dict[int, tuple[int, int]] = {}  # descriptors whose files may be renamed and removed
locked: dict[int, tuple[int, int]] = {}
last_error = [0]
job: list[bytes] = []  # what a job of the kernel's was told

real = types.SimpleNamespace(
    open=os.open, fsync=os.fsync, rename=os.rename, replace=os.replace, unlink=os.unlink,
    mkdir=os.mkdir, link=os.link, io_open=io.open, popen=subprocess.Popen.__init__,
    importer=builtins.__import__,
)  # fmt: skip


class Seen:
    """A module as the product sees it: what Windows lacks is missing, some of it is another."""

    __slots__ = ("_hidden", "_kept", "_module", "_other")

    def __init__(self, name: str, hidden: tuple[str, ...], other: dict[str, Any]) -> None:
        for attribute, value in (
            ("_module", importlib.import_module(name)),
            ("_hidden", frozenset(hidden)),
            ("_other", other),
            ("_kept", {one: getattr(importlib.import_module(name), one, None) for one in other}),
        ):
            object.__setattr__(self, attribute, value)

    @property
    def __dict__(self) -> dict[str, Any]:  # what pytest's monkeypatch looks into
        return self._module.__dict__

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        is_real = getattr(self._module, name, None) is self._kept.get(name)  # no test put another
        if name in self._other and is_real:
            return self._other[name]
        if name in self._hidden:
            raise AttributeError(f"Windows has no {self._module.__name__}.{name}")
        return getattr(self._module, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._module, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._module, name)


def refused(code: int, path: object, why: str) -> OSError:
    return OSError(code, f"Windows: {why}", str(path))


def identify(descriptor: int) -> tuple[int, int]:
    about = os.fstat(descriptor)
    return about.st_dev, about.st_ino


def check_name(path: object) -> None:
    if isinstance(path, str | os.PathLike) and BAD_NAME.search(os.path.basename(os.fspath(path))):  # noqa: PTH119
        raise refused(errno.EINVAL, path, "no such name")


def check_closed(path: Any) -> None:  # noqa: ANN401
    """Refuse what is done to a file, or to a folder with a file, that this process has open."""
    wanted = os.path.realpath(os.path.dirname(os.fspath(path)))  # noqa: PTH120
    wanted = os.path.join(wanted, os.path.basename(os.fspath(path)))  # noqa: PTH118, PTH119
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        number = int(name)
        with contextlib.suppress(OSError):
            there = os.readlink(f"/proc/self/fd/{name}")  # noqa: PTH115
            is_inside = there.startswith(wanted + "/")
            if there != wanted and not is_inside:
                continue
            if not is_inside and shared.get(number) == identify(number):
                continue
            if not stat.S_ISREG(os.fstat(number).st_mode):
                continue
            raise refused(errno.EACCES, path, f"{there} is open")


def open_file(path: Any, flags: int, mode: int = 0o777, **more: Any) -> int:  # noqa: ANN401
    if os.path.isdir(path):  # noqa: PTH112
        raise refused(errno.EACCES, path, "a folder")
    if flags & os.O_CREAT:
        check_name(path)
    return real.open(path, flags, mode, **more)


def sync(descriptor: int) -> None:
    if not fcntl.fcntl(descriptor, fcntl.F_GETFL) & WRITTEN:
        raise refused(errno.EBADF, descriptor, "open for reading alone")
    real.fsync(descriptor)


def link(source: Any, target: Any, **more: Any) -> None:  # noqa: ANN401
    if more:
        raise NotImplementedError("os.link knows no follow_symlinks on Windows")
    real.link(source, target)


def rename(source: Any, target: Any, **more: Any) -> None:  # noqa: ANN401
    check_name(target)
    check_closed(source)
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, "Windows: it is there", str(target))
    real.rename(source, target, **more)


def replace(source: Any, target: Any, **more: Any) -> None:  # noqa: ANN401
    check_name(target)
    check_closed(source)
    check_closed(target)
    real.replace(source, target, **more)


def remove(path: Any, **more: Any) -> None:  # noqa: ANN401
    if "dir_fd" not in more:
        check_closed(path)
    real.unlink(path, **more)


def make_folder(path: Any, *rest: Any, **more: Any) -> None:  # noqa: ANN401
    check_name(path)
    real.mkdir(path, *rest, **more)


def open_stream(file: Any, mode: str = "r", *rest: Any, **more: Any) -> Any:  # noqa: ANN401
    if set(mode) & set("wax+"):
        check_name(file)
    return real.io_open(file, mode, *rest, **more)


def start(self: Any, *rest: Any, **more: Any) -> None:  # noqa: ANN401
    if more.pop("pass_fds", ()):
        raise ValueError("pass_fds not supported on Windows.")
    if more.pop("preexec_fn", None):
        raise ValueError("preexec_fn is not supported on Windows platforms")
    more.pop("creationflags", 0)
    real.popen(self, *rest, **more)


def value_of(one: Any) -> Any:  # noqa: ANN401
    return getattr(one, "value", one)


def create_file(path: Any, access: Any, share: Any, _: Any, when: Any, how: Any, __: Any) -> int:  # noqa: ANN401
    path, access, share, when, how = map(value_of, (path, access, share, when, how))
    assert share == 7, "shared to read, write and delete"
    flags = {0x80000000: os.O_RDONLY, 0x40000000: os.O_WRONLY, 0xC0000000: os.O_RDWR}[access]
    flags |= {1: os.O_CREAT | os.O_EXCL, 3: 0, 4: os.O_CREAT}[when]
    if when == 1 and os.path.lexists(path):  # CREATE_NEW: a link has the name as well as a file
        last_error[0] = errno.EEXIST
        return ctypes.c_void_p(-1).value or 0
    try:
        if os.path.islink(path) and how & 0x00200000:  # noqa: PTH114
            return real.open("/dev/null", flags & WRITTEN)  # the link itself
        descriptor = open_file(path, flags | os.O_NONBLOCK, 0o600)  # a pipe is not waited for
    except OSError as failed:
        last_error[0] = failed.errno or 0
        return ctypes.c_void_p(-1).value or 0
    shared[descriptor] = identify(descriptor)
    return descriptor


def lock_file(handle: Any, how: Any, *_: Any) -> int:  # noqa: ANN401
    descriptor, flags = value_of(handle), value_of(how)
    if locked.get(descriptor) == identify(descriptor):
        last_error[0] = 33  # a second lock of one handle fights with its first
        return 0
    kind = fcntl.LOCK_EX if flags & 2 else fcntl.LOCK_SH
    try:
        fcntl.flock(descriptor, kind | (fcntl.LOCK_NB if flags & 1 else 0))
    except BlockingIOError:
        last_error[0] = 33
        return 0
    locked[descriptor] = identify(descriptor)
    return 1


def unlock_file(handle: Any, *_: Any) -> int:  # noqa: ANN401
    descriptor = value_of(handle)
    if locked.pop(descriptor, None) != identify(descriptor):
        return 0
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return 1


def tell_job(_: Any, kind: Any, limits: Any, size: Any) -> int:  # noqa: ANN401
    assert (value_of(kind), value_of(size)) == (9, 144), "of 64-bit Windows"
    job.append(bytes(limits._obj))
    return 1


class Call:
    """A call of kernel32."""

    def __init__(self, does: Any) -> None:  # noqa: ANN401
        self.does, self.restype = does, None

    def __call__(self, *arguments: Any) -> Any:  # noqa: ANN401
        return self.does(*arguments)


KERNEL = types.SimpleNamespace(
    CreateFileW=Call(create_file), LockFileEx=Call(lock_file), UnlockFileEx=Call(unlock_file),
    WerSetFlags=Call(lambda _: 0), SetErrorMode=Call(lambda _: 0),
    CreateJobObjectW=Call(lambda *_: 4), GetCurrentProcess=Call(lambda: -1),
    SetInformationJobObject=Call(tell_job), AssignProcessToJobObject=Call(lambda *_: 1),
)  # fmt: skip


def adopt(handle: int, flags: int) -> int:
    if flags & os.O_APPEND:
        fcntl.fcntl(handle, fcntl.F_SETFL, fcntl.fcntl(handle, fcntl.F_GETFL) | os.O_APPEND)
    return handle


def make_c_library() -> types.ModuleType:
    library = types.ModuleType("msvcrt")
    pressed = list(os.environ.get("EARSHOT_TEST_KEYS", ""))
    library.__dict__.update(
        open_osfhandle=adopt,
        get_osfhandle=lambda descriptor: descriptor,
        kbhit=lambda: bool(pressed),
        getwch=lambda: pressed.pop(0),
    )
    return library


def load_none(name: object, *_: object) -> None:
    raise TypeError(f"Windows loads no {name}")


def select_sockets_alone(*_: object) -> None:
    raise OSError(10038, "Windows: no socket")


def disk_usage(path: Any, usage: Any = shutil.disk_usage) -> Any:  # noqa: ANN401
    return usage(path)


OTHER: dict[str, dict[str, Any]] = {
    "os": {"open": open_file, "fsync": sync, "link": link, "O_BINARY": 0, "O_NOINHERIT": 0,
           "name": "nt", "supports_follow_symlinks": frozenset()},
    "sys": {"platform": "win32"},
    "select": {"select": select_sockets_alone},
    "ctypes": {"WinDLL": lambda *_, **__: KERNEL, "get_last_error": lambda: last_error[0],
               "WinError": lambda code: OSError(code, os.strerror(code)),
               "CDLL": load_none},
}  # fmt: skip


def import_as_on_windows(
    name: str,
    globals: Any = None,  # noqa: A002, ANN401 - Python's own names
    locals: Any = None,  # noqa: A002, ANN401
    fromlist: Any = (),  # noqa: ANN401
    level: int = 0,
) -> Any:  # noqa: ANN401
    """Import as Python does; a package of the product finds what Windows has."""
    asks = (globals or {}).get("__name__", "").split(".")[0]
    main = getattr((globals or {}).get("__spec__"), "name", "") if asks == "__main__" else ""
    if not level and ({asks, main.split(".")[0]} & PACKAGES):
        top = name.split(".", maxsplit=1)[0]
        if top in HIDDEN_MODULES:
            raise ModuleNotFoundError(f"Windows has no {top}", name=top)
        if name in seen:
            return seen[name]
    return real.importer(name, globals, locals, fromlist, level)


def become_like_windows() -> None:
    os.rename, os.replace = rename, replace
    os.unlink = os.remove = remove
    os.mkdir = make_folder
    io.open = builtins.open = open_stream
    subprocess.Popen.__init__ = start
    shutil._use_fd_functions = False
    sys.modules["msvcrt"] = make_c_library()
    psutil.Process.nice = lambda *_: None  # a class of Windows's, which is no number of nice(1)
    builtins.__import__ = import_as_on_windows


seen = {
    name: Seen(name, HIDDEN_NAMES.get(name, ()), OTHER.get(name, {}))
    for name in sorted({*HIDDEN_NAMES, *OTHER})
}
become_like_windows()
