"""Opening a file that somebody else may have put there, or something else in its place.

A pipe would be waited for without end, and a device read without end: neither is opened.
"""

from __future__ import annotations

import os
import stat
from io import BufferedReader
from pathlib import Path

from study.descriptors import open_descriptor


class NoPlainFileError(OSError):
    """A path leads to a folder, a pipe or a device."""


def open_plain_file(path: Path) -> BufferedReader:
    """Open a plain file to read it.

    Raises:
        OSError: it is not there, may not be read, or (``NoPlainFileError``) is no plain file.
    """
    try:
        descriptor = open_descriptor(path, os.O_RDONLY)
    except PermissionError:
        if path.is_dir():  # Windows opens none
            raise NoPlainFileError from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NoPlainFileError
    return os.fdopen(descriptor, "rb")


def read_plain_file(path: Path, most_bytes: int) -> bytes:
    """Return the content of a plain file, of one that is too long no more than one byte too much.

    Raises:
        OSError: as ``open_plain_file``.
    """
    with open_plain_file(path) as file:
        return file.read(most_bytes + 1)
