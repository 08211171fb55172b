"""Keep messages of C libraries off the screen.

PortAudio, ALSA and FFmpeg print to file descriptor 2 from their own threads, which would write
across a full-screen interface on the same terminal. So descriptor 2 is redirected to a log, and
Python's own ``sys.stderr`` keeps the terminal for the interface.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from study import is_own_plain_file, open_descriptor
from study.errors import StudyUnwritable
from study.store import PRIVATE_FILE, map_os_errors

_APPEND = os.O_CREAT | os.O_WRONLY | os.O_APPEND
_NOTHING = Path(os.devnull)


def redirect_stderr(log: Path) -> None:
    """Send descriptor 2 to ``log`` for the rest of this process; call it before a screen opens.

    The log is appended to and readable by its owner alone. Afterwards ``sys.stderr`` and
    ``sys.__stderr__`` (which Textual takes) write to the terminal by a descriptor of their own.
    Plain commands do not need this: a library's messages may appear there.

    Raises:
        DiskFull, StudyUnwritable: nothing was changed.
    """
    with map_os_errors():
        noise = open_descriptor(log, _APPEND, PRIVATE_FILE, follows=False)
        # Another's file, a pipe or a terminal is not ours to write to; os.devnull is a device.
        if not is_own_plain_file(noise) and log != _NOTHING:
            os.close(noise)
            raise StudyUnwritable
    terminal = os.dup(2)
    sys.stderr.flush()
    os.dup2(noise, 2)
    os.close(noise)
    screen = os.fdopen(terminal, "w", encoding="utf-8", errors="replace", buffering=1)
    sys.stderr = screen
    setattr(sys, "__stderr__", screen)  # noqa: B010 - declared final, and what Textual draws on
