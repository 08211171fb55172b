"""A small real disk for tests, which can be filled, and whose power can be cut."""

from __future__ import annotations

import fcntl
import os
import shutil
import struct
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

_SHUTDOWN, _WITHOUT_FLUSHING = 0x8004587D, 2  # EXT4_IOC_SHUTDOWN, EXT4_GOING_FLAGS_NOLOGFLUSH


class Disk:
    """An ext4 whose power can be cut."""

    def __init__(self, image: Path, place: Path) -> None:
        self.image = image
        self.place = place

    def on(self) -> None:
        subprocess.run(["/bin/mount", "-o", "loop", self.image, self.place], check=True)

    def off(self) -> None:
        subprocess.run(["/bin/umount", "-l", self.place], check=True)

    def cut(self) -> None:
        """Lose all data that is not durable, and stay away until ``again``."""
        descriptor = os.open(self.place, os.O_RDONLY)
        fcntl.ioctl(descriptor, _SHUTDOWN, struct.pack("I", _WITHOUT_FLUSHING))
        os.close(descriptor)

    def again(self) -> None:
        """Mount it again; no process may still hold a file on it."""
        subprocess.run(["/bin/umount", self.place], check=True)
        self.on()


@contextmanager
def mounted(folder: Path, *, mib: int = 32) -> Generator[Disk]:
    """Mount such a disk in ``folder``, or skip the test with the reason why that is impossible."""
    make = shutil.which("mkfs.ext4", path="/sbin:/usr/sbin")
    if os.geteuid() != 0 or make is None:
        pytest.skip("a disk of our own needs root and mkfs.ext4")
    image, place = folder / "disk.img", folder / "disk"
    place.mkdir(parents=True)
    with image.open("wb") as file:
        file.truncate(mib * 1024 * 1024)
    subprocess.run([make, "-q", "-F", "-m", "0", image], check=True)
    disk = Disk(image, place)
    try:
        disk.on()
    except subprocess.CalledProcessError:
        pytest.skip("no loop device can be mounted here")
    try:
        yield disk
    finally:
        disk.off()
