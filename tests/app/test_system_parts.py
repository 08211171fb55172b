"""What the system has to bring is named with the one command that installs it there."""

from __future__ import annotations

import platform
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from app import HealthVerdict, run_health_checks, system_parts
from app.system_parts import (
    PARTS,
    SystemKind,
    find_missing_parts,
    find_system_kind,
    name_install_command,
)


def find_nothing(_: str) -> None:
    """No program is there."""


@pytest.mark.parametrize(
    ("about", "kind"),
    [
        ({"ID": "debian"}, SystemKind.DEBIAN),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, SystemKind.DEBIAN),
        ({"ID": "fedora"}, SystemKind.FEDORA),
        ({"ID": "rocky", "ID_LIKE": "rhel centos fedora"}, SystemKind.FEDORA),
        ({"ID": "opensuse-tumbleweed", "ID_LIKE": "opensuse suse"}, SystemKind.SUSE),
        ({"ID": "arch"}, SystemKind.ARCH),
        ({"ID": "nixos"}, SystemKind.OTHER),
        ({}, SystemKind.OTHER),
    ],
)
def test_a_linux_is_told_by_what_it_says_of_itself(
    monkeypatch: pytest.MonkeyPatch, about: dict[str, str], kind: SystemKind
) -> None:
    monkeypatch.setattr(system_parts, "sys", SimpleNamespace(platform="linux"))
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: about)

    assert find_system_kind() is kind


def test_a_linux_that_says_nothing_of_itself_is_another_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse() -> dict[str, str]:
        raise OSError

    monkeypatch.setattr(system_parts, "sys", SimpleNamespace(platform="linux"))
    monkeypatch.setattr(platform, "freedesktop_os_release", refuse)

    assert find_system_kind() is SystemKind.OTHER


@pytest.mark.parametrize(
    ("name", "kind"), [("darwin", SystemKind.MACOS), ("win32", SystemKind.WINDOWS)]
)
def test_macos_and_windows_are_told_by_their_names(
    monkeypatch: pytest.MonkeyPatch, name: str, kind: SystemKind
) -> None:
    monkeypatch.setattr(system_parts, "sys", SimpleNamespace(platform=name))

    assert find_system_kind() is kind


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        (SystemKind.DEBIAN, "sudo apt install libportaudio2 man-db bash-completion"),
        (SystemKind.FEDORA, "sudo dnf install portaudio man-db bash-completion"),
        (SystemKind.SUSE, "sudo zypper install libportaudio2 man bash-completion"),
        (SystemKind.ARCH, "sudo pacman -S portaudio man-db bash-completion"),
        (SystemKind.WINDOWS, "winget install Microsoft.VCRedist.2015+.x64"),
    ],
)
def test_one_command_brings_all_that_is_missing(
    monkeypatch: pytest.MonkeyPatch, kind: SystemKind, command: str
) -> None:
    missing = [part for part in PARTS if kind in part.packages]
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType] - any name
    assert name_install_command(kind, missing) == command

    monkeypatch.setattr(shutil, "which", find_nothing)  # no sudo, as in a container

    assert name_install_command(kind, missing) == command.removeprefix("sudo ")


def test_macos_has_to_bring_nothing() -> None:
    assert find_missing_parts(SystemKind.MACOS) == []


def test_on_another_system_the_packages_of_debian_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "which", find_nothing)
    monkeypatch.setenv("SHELL", "/bin/bash")
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path))

    told = name_install_command(SystemKind.OTHER, find_missing_parts(SystemKind.OTHER))

    assert "man-db" in told
    assert "bash-completion" in told


def test_completion_is_missed_by_those_alone_whose_shell_is_bash(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path))
    monkeypatch.setenv("SHELL", "/usr/bin/zsh")
    assert "bash" not in str([part.what for part in find_missing_parts(SystemKind.DEBIAN)])

    monkeypatch.setenv("SHELL", "/bin/bash")

    assert "bash-completion" in str([p.what for p in find_missing_parts(SystemKind.DEBIAN)])


def test_the_doctor_names_what_is_missing_and_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", find_nothing)
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: {"ID": "fedora", "ID_LIKE": ""})
    monkeypatch.setenv("SHELL", "/bin/sh")

    check = next(one for one in run_health_checks(str) if one.name == "system")

    assert check.verdict is HealthVerdict.LOOK
    assert "manual page" in check.found
    assert check.advice.startswith("dnf install ")
    assert "man-db" in check.advice.split()


@pytest.mark.skipif(shutil.which("apt-cache") is None, reason="asks Debian's own list")
def test_debian_knows_the_packages_that_are_named() -> None:
    names = [
        part.packages[SystemKind.DEBIAN] for part in PARTS if SystemKind.DEBIAN in part.packages
    ]
    done = subprocess.run(
        ["apt-cache", "policy", *names], capture_output=True, text=True, check=True
    )
    if "Candidate" not in done.stdout:
        pytest.skip("its list was never fetched")

    assert all(f"{name}:" in done.stdout for name in names)
