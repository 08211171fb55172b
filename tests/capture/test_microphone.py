"""A microphone opens as its device is, gives up in time, and says what it hears."""

from __future__ import annotations

import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest

from capture import devices, microphone
from capture.blocking_calls import call_portaudio
from capture.devices import Device
from capture.microphone import MicrophoneStream, make_opener
from capture.sound_server import ServerSource
from study import SoundFormat
from study.errors import MicrophoneFailed, NoMicrophone, SoundDiffers

LAPEL = ServerSource(
    "usb-lapel", "Lapel", 44_100, ("front-left", "front-right"), is_monitor=False, is_default=True
)
SPEAKER = ServerSource(
    "spk.monitor", "Monitor of Speaker", 48_000, ("mono",), is_monitor=True, is_default=False
)
OTHER = ServerSource("built-in", "Built-in", 48_000, ("mono",), is_monitor=False, is_default=False)


class Stream:
    """A stream that keeps a list of what is done with it."""

    latency = 0.0

    def __init__(self, **how: object) -> None:
        self.how = how
        self.done: list[str] = []

    def start(self) -> None:
        self.done.append("start")

    def stop(self) -> None:
        self.done.append("stop")

    def close(self) -> None:
        self.done.append("close")


class Server:
    """A sound server with these sources; the present stream records from ``heard``."""

    def __init__(self) -> None:
        self.there = [LAPEL, OTHER]
        self.heard = LAPEL.name


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server()
    for module in (devices, microphone):
        monkeypatch.setattr(module, "list_server_sources", lambda: made.there)
    monkeypatch.setattr(microphone, "find_heard_source", lambda: made.heard)

    def straight(source: ServerSource, _channels: int) -> str:
        return source.name

    monkeypatch.setattr(microphone, "remap_source", straight)
    monkeypatch.setattr(microphone, "remove_remapped_source", str)
    return made


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, server: Server) -> list[Stream]:
    """The streams that were opened, last one last."""
    assert server
    streams: list[Stream] = []
    monkeypatch.setenv("PULSE_SOURCE", "")

    def made(**how: object) -> Stream:
        streams.append(Stream(**how))
        return streams[-1]

    listed = [{"name": "pulse", "max_input_channels": 32, "default_samplerate": 44_100.0}]
    library = SimpleNamespace(
        PortAudioError=RuntimeError,
        RawInputStream=made,
        default=SimpleNamespace(device=(0, 0)),
        query_devices=lambda: listed,
    )
    monkeypatch.setattr(devices, "load_portaudio", lambda: library)
    monkeypatch.setattr(microphone, "load_portaudio", lambda: library)
    return streams


def test_it_opens_at_the_rate_that_the_server_has_it_at(opened: list[Stream]) -> None:
    found = make_opener("lapel", 2)()

    assert found.form == SoundFormat(44_100, 2)
    assert opened[0].how["samplerate"] == 44_100
    found.stop()
    assert opened[0].done == ["stop", "close"]


def test_a_recording_has_one_rate_whatever_the_microphone_has_later(
    opened: list[Stream], server: Server
) -> None:
    find = make_opener()
    find().stop()
    server.there = [OTHER]
    find().stop()

    assert [stream.how["samplerate"] for stream in opened] == [44_100, 44_100]


def test_a_microphone_that_is_away_is_not_replaced(opened: list[Stream], server: Server) -> None:
    find = make_opener("Lapel")
    server.there = [OTHER]

    with pytest.raises(NoMicrophone):
        find()
    assert opened == []


def test_a_stream_that_hears_something_else_from_the_first_is_closed(
    opened: list[Stream], server: Server
) -> None:
    found = make_opener("Lapel")()
    server.heard = OTHER.name

    with pytest.raises(NoMicrophone):
        found.start(lambda _: None)
    assert opened[0].done == ["start", "stop", "close"]


def test_who_asks_first_is_told_what_was_heard_at_the_start(
    opened: list[Stream], server: Server
) -> None:
    assert opened == []
    found = make_opener("Lapel")()
    found.start(lambda _: None)
    server.there, server.heard = [OTHER], OTHER.name

    assert [found.listens_to(), found.listens_to()] == ["Lapel", "Built-in"]
    found.stop()


def test_it_names_what_is_heard(opened: list[Stream], server: Server) -> None:
    assert opened == []
    found = make_opener("Lapel")()

    names = list[str]()
    for server.heard in (LAPEL.name, OTHER.name, "gone", ""):
        names.append(found.listens_to())
    found.stop()

    assert names == ["Lapel", "Built-in", "(gone)", ""]


def test_a_twin_in_its_place_has_another_name(opened: list[Stream], server: Server) -> None:
    assert opened == []
    twin = ServerSource("usb-2", "Lapel", 48_000, ("mono",), is_monitor=False, is_default=False)
    found = make_opener("Lapel")()
    server.there = [twin]
    server.heard = twin.name

    assert found.listens_to() not in {"Lapel", ""}
    found.stop()


def test_a_stream_in_another_microphone_goes_on_until_its_own_is_back(
    opened: list[Stream], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(microphone, "_GRACE_S", 0.0)
    found = make_opener("Lapel")()
    server.there, server.heard = [OTHER], OTHER.name
    found.listens_to()
    goes_on = found.is_alive
    server.there = [OTHER, replace(LAPEL, index=7)]
    found.listens_to()
    found.stop()

    assert goes_on
    assert not found.is_alive
    assert opened[0].done == ["close"]


def test_a_stream_that_hears_a_loudspeaker_is_given_up(
    opened: list[Stream], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert opened == []
    monkeypatch.setattr(microphone, "_GRACE_S", 0.0)
    found = make_opener("Lapel")()
    server.there, server.heard = [SPEAKER], SPEAKER.name

    assert found.listens_to() == "Monitor of Speaker"
    assert not found.is_alive
    found.stop()


def test_a_server_that_does_not_answer_names_nothing(
    opened: list[Stream], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert opened == []
    found = make_opener("Lapel")()

    def hang() -> str:
        raise MicrophoneFailed

    monkeypatch.setattr(microphone, "find_heard_source", hang)
    assert found.listens_to() == ""
    found.stop()


def test_what_the_driver_says_it_lost_is_counted(opened: list[Stream]) -> None:
    assert opened == []
    found = make_opener()()
    assert isinstance(found, MicrophoneStream)
    heard: list[bytes] = []
    found.start(heard.append)

    found.receive_block(b"ab", 1, None, False)  # noqa: FBT003 - PortAudio's flags, none set
    found.receive_block(b"cd", 1, None, True)  # noqa: FBT003 - one set
    found.stop()

    assert heard == [b"ab", b"cd"]
    assert found.overflows == 1


def test_a_device_that_opens_too_late_is_closed_again(
    opened: list[Stream], monkeypatch: pytest.MonkeyPatch
) -> None:
    thawed = threading.Event()
    device = Device(0, "Lapel", 2, 44_100, is_default=True, source=LAPEL)
    library = microphone.load_portaudio()
    really = library.RawInputStream

    def slow(**how: object) -> object:
        thawed.wait()
        return really(**how)  # pyright: ignore[reportArgumentType] - handed on as they came

    monkeypatch.setattr(library, "RawInputStream", slow)
    monkeypatch.setattr(microphone, "PATIENCE_S", 0.1)
    with pytest.raises(MicrophoneFailed):
        MicrophoneStream(device)
    thawed.set()

    call_portaudio(5.0, lambda: None)  # its turn comes when the late one is closed
    assert opened[0].done == ["close"]


def test_a_microphone_of_fewer_channels_than_the_interview_is_not_called_missing() -> None:
    with pytest.raises(SoundDiffers):
        MicrophoneStream(Device(0, "Lapel", 2, 44_100, is_default=True), 3)
