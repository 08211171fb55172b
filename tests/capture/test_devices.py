"""Which microphones there are, told in words when there are none."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest

from capture import devices as found_devices
from capture import errands, portaudio
from capture.devices import Device, choose, devices, find
from capture.microphone import Microphone
from study.errors import MicrophoneFailed, NoMicrophone, NoSoundLibrary

DESK = Device(0, "USB Desk Microphone", 2, 48_000, is_default=False)
BUILT_IN = Device(3, "Built-in Microphone", 2, 44_100, is_default=True)


def fake(*lists: list[dict[str, str | int | float]]) -> SimpleNamespace:
    """Return a library that sees the next list each time it looks for devices anew."""
    seen = list(lists)
    return SimpleNamespace(
        PortAudioError=RuntimeError,
        default=SimpleNamespace(device=(0, -1)),
        query_devices=lambda: seen[0],
        _terminate=lambda: seen.pop(0),
        _initialize=lambda: None,
    )


def entry(name: str, channels: int = 1) -> dict[str, str | int | float]:
    return {"name": name, "max_input_channels": channels, "default_samplerate": 44_100.0}


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr(found_devices, "portaudio", lambda: request.param)


def test_without_portaudio_there_is_a_sentence_and_not_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(_: str) -> None:
        raise OSError("PortAudio library not found")

    monkeypatch.setattr(portaudio.importlib, "import_module", missing)

    with pytest.raises(NoSoundLibrary):
        devices()
    with pytest.raises(NoSoundLibrary):
        find("anything")


@pytest.mark.parametrize("library", [fake([], [])], indirect=True)
@pytest.mark.usefixtures("library")
def test_without_a_microphone_the_list_is_empty() -> None:
    assert devices() == []


@pytest.mark.parametrize("library", [fake([], [entry("pulse", 32)])], indirect=True)
@pytest.mark.usefixtures("library")
def test_a_sound_server_that_was_started_later_is_seen() -> None:
    assert [device.name for device in devices()] == ["pulse"]


@pytest.mark.parametrize(
    "library",
    [fake([entry("Desk\x1b]0;owned\x07\u202e"), entry("speaker", 0), entry("[/red]", 2)])],
    indirect=True,
)
@pytest.mark.usefixtures("library")
def test_names_of_devices_hold_nothing_that_a_terminal_obeys() -> None:
    assert devices() == [
        Device(0, "Desk\u241b]0;owned\u2407", 1, 44_100, is_default=True),
        Device(2, "[/red]", 2, 44_100, is_default=False),
    ]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [(None, BUILT_IN), ("desk", DESK), ("3", BUILT_IN), ("Built-in Microphone", BUILT_IN)],
)
def test_a_device_is_found_by_name_part_of_it_or_number(name: str | None, wanted: Device) -> None:
    assert choose([DESK, BUILT_IN], name) == wanted


@pytest.mark.parametrize("name", ["microphone", "headset", "", "1"])
def test_a_name_that_fits_none_or_several_is_refused(name: str) -> None:
    with pytest.raises(NoMicrophone):
        choose([DESK, BUILT_IN], name)


def test_without_any_device_nothing_is_found() -> None:
    with pytest.raises(NoMicrophone):
        choose([], None)


def test_more_channels_than_the_device_has_are_refused() -> None:
    with pytest.raises(NoMicrophone):
        Microphone(DESK, 3)


def test_a_call_that_does_not_come_back_is_left_to_itself() -> None:
    thawed = threading.Event()
    began = time.monotonic()

    with pytest.raises(MicrophoneFailed):
        errands.within(0.1, thawed.wait)
    with pytest.raises(MicrophoneFailed):
        errands.within(0.1, lambda: pytest.fail("two calls at a time"))
    thawed.set()

    assert errands.within(2.0, lambda: "again") == "again"
    assert time.monotonic() - began < 2.0


def test_what_a_call_raises_reaches_its_caller() -> None:
    with pytest.raises(NoSoundLibrary):
        errands.within(2.0, lambda: (_ for _ in ()).throw(NoSoundLibrary()))


def test_importing_the_room_loads_none_of_its_libraries() -> None:
    rooms = "devices decoding errands hushing importing levels microphone recorder status"
    program = (
        f"import sys\nimport capture\n"
        f"for room in {rooms.split()!r}: __import__('capture.' + room)\n"
        "assert not {'sounddevice', 'soundfile', 'av'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", program], check=True)
