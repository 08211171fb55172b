"""The computer is kept awake where the desktop can do that, and elsewhere reported as not.

The desktop is a stand-in on a D-Bus of the test's own, which is the real one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from capture.wake_lock import hold_awake

_DAEMON = shutil.which("dbus-daemon")

_DESKTOP = """
import sys
from jeepney import HeaderFields, MessageType, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

bus = open_dbus_connection()
bus.send_and_get_reply(message_bus.RequestName("org.gnome.SessionManager"))
print("here", flush=True)
while True:
    asked = bus.receive()
    if asked.header.message_type is not MessageType.method_call:
        continue
    print(asked.header.fields[HeaderFields.member], flush=True)
    bus.send(new_method_return(asked, "u", (7,)))
"""

_KEPT = """
import sys, time
from capture.wake_lock import hold_awake
with hold_awake() as is_kept:
    until = time.monotonic() + 20
    while not is_kept() and time.monotonic() < until:
        time.sleep(0.01)
    print(is_kept())
print(is_kept())
"""


def test_without_a_desktop_it_says_no_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    began_s = time.monotonic()

    with hold_awake() as is_kept:
        pass

    assert not is_kept()
    assert time.monotonic() - began_s < 60.0


def test_without_the_library_it_says_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wakepy", None)

    with hold_awake() as is_kept:
        pass

    assert not is_kept()


def test_what_goes_wrong_inside_comes_out() -> None:
    with pytest.raises(KeyError), hold_awake():
        raise KeyError


@pytest.mark.skipif(_DAEMON is None, reason="dbus-daemon is not installed")
def test_a_desktop_is_asked_and_released(tmp_path: Path) -> None:
    assert _DAEMON is not None
    address = f"unix:path={tmp_path}/bus"
    around = os.environ | {"DBUS_SESSION_BUS_ADDRESS": address}
    with subprocess.Popen(
        [_DAEMON, "--session", "--nofork", "--print-address", f"--address={address}"],
        stdout=subprocess.PIPE,
    ) as bus:
        assert bus.stdout is not None
        assert bus.stdout.readline()
        with subprocess.Popen(
            [sys.executable, "-c", _DESKTOP], env=around, stdout=subprocess.PIPE, text=True
        ) as desktop:
            assert desktop.stdout is not None
            assert desktop.stdout.readline() == "here\n"
            kept = subprocess.run(
                [sys.executable, "-c", _KEPT],
                env=around,
                capture_output=True,
                text=True,
                check=True,
            )
            desktop.terminate()
            asked = desktop.stdout.read().split()
        bus.terminate()

    assert kept.stdout.split() == ["True", "False"]
    assert asked == ["Inhibit", "Uninhibit"]
