"""Who opened a study last on this computer, so that their slot is the first that is tried.

One small file holds the name, under a hash of the study's folder. It only saves time: where it is
wrong or missing, every slot is tried.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

import platformdirs

from study import read_plain_file
from study.errors import EarshotError
from study.store import clear_staged_files, make_folder, write_file_atomically

_LONGEST = 200  # bytes


def read_last_person(folder: Path) -> str:
    """Return the name of who opened this study last here, "" where nobody knows."""
    with contextlib.suppress(OSError, ValueError):
        return read_plain_file(_file(folder), _LONGEST).decode()
    return ""


def save_last_person(folder: Path, name: str) -> None:
    """Remember who opened this study; where that cannot be written, nothing is remembered."""
    with contextlib.suppress(OSError, EarshotError):
        make_folder(_file(folder).parent)
        clear_staged_files(_file(folder).parent)
        write_file_atomically(_file(folder), name.encode())


def _file(folder: Path) -> Path:
    digest = hashlib.sha256(str(folder.resolve()).encode(errors="surrogateescape")).hexdigest()
    return Path(platformdirs.user_state_dir("earshot")) / "people" / digest[:16]
