"""Files that a verb writes where a person says; none is overwritten."""

from __future__ import annotations

from pathlib import Path

from study.errors import TargetExists


def write_new_file(path: Path, content: bytes) -> None:
    """Write a file that does not exist yet.

    Raises:
        TargetExists: something is there already.
        StudyUnwritable, DiskFull: the file cannot be written.
    """
    from study.store import write_file_atomically

    try:
        write_file_atomically(path, content, replaces=False)
    except FileExistsError as there:
        raise TargetExists from there
