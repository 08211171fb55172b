"""Run the program that lays out PDF, and end all that it started when Earshot ends.

LibreOffice's command is a script that starts a launcher that starts the program; none of them ends
with Earshot. So this process stands between. Its input is a pipe that Earshot holds: when that is
closed, because Earshot wants it or is gone, it ends them all, so that nothing writes in a folder
that has been tidied up.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading

_EVERY_S = 0.1


def main() -> int:
    """Run the command that is given until it ends or the input does; return its exit code."""
    is_over = threading.Event()
    threading.Thread(target=_wait_for_end, args=(is_over,), daemon=True).start()
    child = subprocess.Popen(
        sys.argv[1:],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # its complaints could hold words
        start_new_session=True,
    )
    try:
        while child.poll() is None and not is_over.wait(_EVERY_S):
            pass
    finally:
        _end(child)
    return child.wait()


def _wait_for_end(is_over: threading.Event) -> None:
    os.read(sys.stdin.fileno(), 1)  # nothing is ever written
    is_over.set()


def _end(child: subprocess.Popen[bytes]) -> None:
    import psutil

    running = psutil.Process().children(recursive=True)
    with contextlib.suppress(AttributeError, OSError):  # also whatever has lost its own parent
        os.killpg(child.pid, signal.SIGKILL)
    for one in running:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()


if __name__ == "__main__":
    sys.exit(main())
