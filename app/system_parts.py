"""What Earshot takes from the system rather than brings along, and the command that installs it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from capture import has_sound_library


class SystemKind(StrEnum):
    """A kind of system, by what installs software there."""

    DEBIAN = "Debian or Ubuntu"
    FEDORA = "Fedora"
    SUSE = "openSUSE"
    ARCH = "Arch Linux"
    MACOS = "macOS"
    WINDOWS = "Windows"
    OTHER = "another system"


_COMMANDS = {
    SystemKind.DEBIAN: "sudo apt install",
    SystemKind.FEDORA: "sudo dnf install",
    SystemKind.SUSE: "sudo zypper install",
    SystemKind.ARCH: "sudo pacman -S",
    SystemKind.MACOS: "brew install",
    SystemKind.WINDOWS: "winget install",
}
_KINDS = {
    "debian": SystemKind.DEBIAN, "ubuntu": SystemKind.DEBIAN, "fedora": SystemKind.FEDORA,
    "rhel": SystemKind.FEDORA, "suse": SystemKind.SUSE, "opensuse": SystemKind.SUSE,
    "arch": SystemKind.ARCH,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SystemPart:
    """Something that the system has or lacks.

    what: what it is, and what it is for, in a few words. packages: what brings it, on each kind of
    system that does not have it anyway. is_here: whether it is there.
    """

    what: str
    packages: dict[SystemKind, str]
    is_here: Callable[[], bool]


def _has_completion() -> bool:
    """Whether bash completes by scripts of programs; true where the shell is another."""
    if Path(os.environ.get("SHELL", "")).name != "bash":
        return True
    return any(
        (Path(place) / "bash-completion" / "bash_completion").is_file()
        for place in os.environ.get("XDG_DATA_DIRS", "/usr/local/share:/usr/share").split(":")
    )


def _has_runtime() -> bool:
    """Whether the C++ library is there that the wheels of speech engines are built against."""
    return (Path(os.environ.get("SYSTEMROOT", "")) / "System32" / "msvcp140.dll").is_file()


_K = SystemKind
# Wheels bring PortAudio on macOS and Windows.
PARTS = (
    SystemPart(
        "PortAudio (recording)",
        {
            _K.DEBIAN: "libportaudio2", _K.FEDORA: "portaudio", _K.SUSE: "libportaudio2",
            _K.ARCH: "portaudio",
        },
        has_sound_library,
    ),
    SystemPart(
        "man (the manual page)",
        {_K.DEBIAN: "man-db", _K.FEDORA: "man-db", _K.SUSE: "man", _K.ARCH: "man-db"},
        lambda: shutil.which("man") is not None,
    ),
    SystemPart(
        "bash-completion",
        dict.fromkeys((_K.DEBIAN, _K.FEDORA, _K.SUSE, _K.ARCH), "bash-completion"),
        _has_completion,
    ),
    SystemPart(
        "Microsoft's C++ library (transcription)",
        {_K.WINDOWS: "Microsoft.VCRedist.2015+.x64"},
        _has_runtime,
    ),
)  # fmt: skip


def find_system_kind() -> SystemKind:
    """Return which kind of system this is."""
    if sys.platform == "win32":
        return SystemKind.WINDOWS
    if sys.platform == "darwin":
        return SystemKind.MACOS
    try:
        about = platform.freedesktop_os_release()
    except OSError:
        return SystemKind.OTHER
    names = [about.get("ID", ""), *about.get("ID_LIKE", "").split()]
    return next(
        (_KINDS[name.partition("-")[0]] for name in names if name.partition("-")[0] in _KINDS),
        SystemKind.OTHER,
    )


def find_missing_parts(kind: SystemKind) -> list[SystemPart]:
    """Return what is missing of what this kind of system has to bring."""
    wanted = [part for part in PARTS if kind in part.packages or kind is SystemKind.OTHER]
    if kind is SystemKind.OTHER:
        wanted = [part for part in wanted if SystemKind.DEBIAN in part.packages]
    return [part for part in wanted if not part.is_here()]


def name_install_command(kind: SystemKind, parts: Iterable[SystemPart]) -> str:
    """Return the one command that installs these; on another system, what to look for."""
    if kind is SystemKind.OTHER:
        names = ", ".join(part.packages[SystemKind.DEBIAN] for part in parts)
        return f"Install what your system calls these packages of Debian: {names}."
    begin = _COMMANDS[kind]
    if shutil.which("sudo") is None:  # as in a container, where one is root anyway
        begin = begin.removeprefix("sudo ")
    return " ".join([begin, *(part.packages[kind] for part in parts)])
