"""What reads keys ends with the interface, also where Textual has lost sight of it."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from study.store import Study
from tui.app import Earshot
from tui.hardening import end_driver

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


async def test_a_thread_that_reads_from_a_terminal_that_is_gone_ends(study: Study) -> None:
    from textual.drivers.linux_driver import LinuxDriver

    app = Earshot(study)
    ours, theirs = os.openpty()
    driver = LinuxDriver(app)
    driver.fileno = theirs
    app._driver = driver  # pyright: ignore[reportPrivateUsage]
    lost = threading.Thread(target=driver.run_input_thread, daemon=True)
    lost.start()
    os.close(ours)
    lost.join(0.3)
    went_on = lost.is_alive()
    end_driver(app)
    lost.join(20.0)
    os.close(theirs)

    assert went_on  # without end, and at full speed
    assert not lost.is_alive()
