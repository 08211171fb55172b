"""Which microphones there are, told in words when there are none."""

from __future__ import annotations

import importlib
import subprocess
import sys
import threading
import time
from types import SimpleNamespace
from typing import cast

import pytest

from capture import devices
from capture.blocking_calls import call_portaudio
from capture.devices import Device, find_device, list_devices, pick_device
from capture.portaudio import PortaudioStream, register_stream, unregister_stream
from capture.sound_server import ServerSource
from study.errors import MicrophoneFailed, NoMicrophone, NoSoundLibrary


def served(name: str, description: str, *, monitor: bool = False) -> Device:
    """Return a device of a sound server."""
    source = ServerSource(
        name, description, 48_000, ("mono",), is_monitor=monitor, is_default=name == "built-in"
    )
    return Device(0, description, 1, 48_000, source.is_default, source)


DESK = served("usb-desk", "USB Desk Microphone")
BUILT_IN = served("built-in", "Built-in Microphone")
HEARS_ITSELF = served("speaker.monitor", "Monitor of Speaker", monitor=True)


def fake(*lists: list[dict[str, str | int | float]]) -> SimpleNamespace:
    """Return a library that sees the next list each time it looks for devices anew."""
    seen = list(lists)
    return SimpleNamespace(
        PortAudioError=RuntimeError,
        default=SimpleNamespace(device=(0, -1)),
        query_devices=lambda: seen[0],
        _terminate=lambda: seen.pop(0) if len(seen) > 1 else None,
        _initialize=lambda: None,
    )


def entry(name: str, channels: int = 1) -> dict[str, str | int | float]:
    return {"name": name, "max_input_channels": channels, "default_samplerate": 44_100.0}


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch) -> list[ServerSource]:
    """Replace the sound server; there is none until a test adds a source here."""
    there: list[ServerSource] = []
    monkeypatch.setattr(devices, "list_server_sources", lambda: there or None)
    return there


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr(devices, "load_portaudio", lambda: request.param)


def test_without_portaudio_there_is_a_sentence_and_not_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(_: str) -> None:
        raise OSError("PortAudio library not found")

    monkeypatch.setattr(importlib, "import_module", missing)

    with pytest.raises(NoSoundLibrary):
        list_devices()
    with pytest.raises(NoSoundLibrary):
        find_device("anything")


@pytest.mark.parametrize("library", [fake([], [])], indirect=True)
@pytest.mark.usefixtures("library")
def test_without_a_microphone_the_list_is_empty() -> None:
    assert list_devices() == []


@pytest.mark.parametrize(
    "library",
    [fake([], [entry("Desk: USB (hw:1,0)")]), fake([entry("old")], [entry("Desk: USB")])],
    indirect=True,
)
@pytest.mark.usefixtures("library")
def test_a_microphone_that_was_plugged_in_later_is_seen() -> None:
    assert [device.name for device in list_devices()] == ["Desk: USB"]


@pytest.mark.parametrize("library", [fake([entry("old")], [entry("new")])], indirect=True)
@pytest.mark.usefixtures("library")
def test_a_stream_that_is_open_is_not_broken_by_looking_for_devices() -> None:
    stream = cast("PortaudioStream", object())
    register_stream(stream)
    during = [device.name for device in list_devices()]
    unregister_stream(stream)

    assert during == ["old"]
    assert [device.name for device in list_devices()] == ["new"]


@pytest.mark.parametrize("library", [fake([], [entry("pulse", 32)])], indirect=True)
@pytest.mark.usefixtures("library")
def test_with_a_sound_server_there_is_what_the_server_has(server: list[ServerSource]) -> None:
    server += [d.source for d in (DESK, HEARS_ITSELF, BUILT_IN) if d.source]

    assert list_devices() == [DESK, BUILT_IN]
    assert find_device() == BUILT_IN
    assert find_device("usb-desk") == DESK
    assert find_device("Monitor of Speaker") == HEARS_ITSELF


@pytest.mark.parametrize("library", [fake([entry("built-in", 2)])], indirect=True)
@pytest.mark.usefixtures("library")
def test_a_server_that_portaudio_does_not_reach_leaves_what_it_does(
    server: list[ServerSource],
) -> None:
    server += [DESK.source] if DESK.source else []

    assert [device.name for device in list_devices()] == ["built-in"]


@pytest.mark.parametrize("library", [fake([entry("pulse", 32)])], indirect=True)
@pytest.mark.usefixtures("library")
def test_twins_have_names_of_their_own_by_which_they_are_found(
    server: list[ServerSource],
) -> None:
    twins = [served("usb-1", "Lapel"), served("usb-2", "Lapel")]
    server += [d.source for d in (*twins, DESK) if d.source]

    assert [d.name for d in list_devices()] == ["Lapel (usb-1)", "Lapel (usb-2)", DESK.name]
    assert find_device("Lapel (usb-2)").source == twins[1].source
    with pytest.raises(NoMicrophone):
        find_device("Lapel")


@pytest.mark.parametrize(
    "library",
    [fake([entry("A: USB (hw:1,0)"), entry("A: USB (hw:2,0)"), entry("B (hw:0,0)")])],
    indirect=True,
)
@pytest.mark.usefixtures("library")
def test_numbers_that_change_with_the_plug_are_in_a_name_only_where_they_must_be() -> None:
    assert [d.name for d in list_devices()] == ["A: USB (hw:1,0)", "A: USB (hw:2,0)", "B"]


@pytest.mark.parametrize(
    "library",
    [fake([entry("Desk\x1b]0;owned\x07\u202e"), entry("speaker", 0), entry("[/red]", 2)])],
    indirect=True,
)
@pytest.mark.usefixtures("library")
def test_names_of_devices_hold_nothing_that_a_terminal_obeys() -> None:
    assert list_devices() == [
        Device(0, "Desk\u241b]0;owned\u2407", 1, 44_100, is_default=True),
        Device(2, "[/red]", 2, 44_100, is_default=False),
    ]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (None, BUILT_IN), ("desk", DESK), ("built-in", BUILT_IN),
        ("Built-in Microphone", BUILT_IN), ("speaker.monitor", HEARS_ITSELF),
    ],
)  # fmt: skip
def test_a_device_is_found_by_name_or_part_of_it(name: str | None, wanted: Device) -> None:
    assert pick_device([DESK, BUILT_IN, HEARS_ITSELF], name) == wanted


@pytest.mark.parametrize("name", ["microphone", "headset", "", "1", "monitor"])
def test_a_name_that_fits_none_or_several_is_refused(name: str) -> None:
    with pytest.raises(NoMicrophone):
        pick_device([DESK, BUILT_IN, HEARS_ITSELF], name)


def test_what_hears_a_loudspeaker_is_not_taken_for_want_of_a_microphone() -> None:
    with pytest.raises(NoMicrophone):
        pick_device([HEARS_ITSELF], None)


def test_without_any_device_nothing_is_found() -> None:
    with pytest.raises(NoMicrophone):
        pick_device([], None)


def test_a_call_that_does_not_come_back_is_left_to_itself() -> None:
    thawed = threading.Event()
    began = time.monotonic()

    with pytest.raises(MicrophoneFailed):
        call_portaudio(0.1, thawed.wait)
    with pytest.raises(MicrophoneFailed):
        call_portaudio(0.1, lambda: pytest.fail("two calls at a time"))
    thawed.set()

    assert call_portaudio(2.0, lambda: "again") == "again"
    assert time.monotonic() - began < 30.0  # each call would wait for ever


def test_what_comes_after_nobody_waits_any_more_is_put_away_before_the_next_turn() -> None:
    thawed, put_away = threading.Event(), list[str]()

    with pytest.raises(MicrophoneFailed):
        call_portaudio(
            0.1, lambda: thawed.wait() and "stream", late=lambda s: put_away.append(str(s))
        )
    thawed.set()

    assert call_portaudio(5.0, put_away.copy, late=lambda _: pytest.fail("in time")) == ["stream"]


def test_what_a_call_raises_reaches_its_caller() -> None:
    with pytest.raises(NoSoundLibrary):
        call_portaudio(2.0, lambda: (_ for _ in ()).throw(NoSoundLibrary()))


def test_importing_the_room_loads_none_of_its_libraries() -> None:
    rooms = (
        "devices decoders blocking_calls stderr_redirect sound_import levels microphone recorder "
        "sound_server wake_lock recording_session portaudio"
    )
    program = (
        f"import sys\nimport capture\n"
        f"for room in {rooms.split()!r}: __import__('capture.' + room)\n"
        "assert not {'sounddevice', 'soundfile', 'av', 'pulsectl', 'wakepy'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", program], check=True)
