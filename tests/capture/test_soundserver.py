"""The sound server is asked for what only it knows, and never waited for long."""

from __future__ import annotations

import time
from collections.abc import Generator

import pytest

from capture.sound_server import (
    find_heard_source,
    list_server_sources,
    remap_source,
    remove_remapped_source,
)
from study.errors import MicrophoneFailed
from tests.microphone import NAME, Microphone, virtual_microphone

pytestmark = pytest.mark.slow


@pytest.fixture
def microphone(monkeypatch: pytest.MonkeyPatch) -> Generator[Microphone]:
    with virtual_microphone() as made:
        monkeypatch.setenv("PULSE_SERVER", made.around["PULSE_SERVER"])
        yield made


def test_its_sources_have_names_for_people_and_names_that_stay(microphone: Microphone) -> None:
    before = list_server_sources()
    microphone.unplug()
    between = list_server_sources()
    microphone.plug()
    after = list_server_sources()

    assert before is not None
    assert between is not None
    (ours,) = [source for source in before if not source.is_monitor]
    assert (ours.name, ours.description, ours.rate) == ("vmic", NAME, 48_000)
    assert ours.is_default
    assert ours.positions == ("mono",)
    assert [source.name for source in between] == ["vspk.monitor"]
    assert after == before


def test_without_a_server_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere/native")

    assert list_server_sources() is None
    assert find_heard_source() == ""


def test_a_process_without_a_stream_hears_nothing(microphone: Microphone) -> None:
    assert "vmic" in microphone.tell("list", "short", "sources")
    assert find_heard_source() == ""


def test_a_server_that_hangs_is_given_up_and_asked_again_when_it_goes_on(
    microphone: Microphone,
) -> None:
    assert list_server_sources()
    microphone.freeze()
    began_s = time.monotonic()
    for ask in (list_server_sources, find_heard_source):
        with pytest.raises(MicrophoneFailed):
            ask()
    waited_s = time.monotonic() - began_s
    microphone.thaw()

    assert waited_s < 15.0
    assert list_server_sources()


def test_a_server_that_is_killed_while_it_is_asked_is_no_server(microphone: Microphone) -> None:
    microphone.freeze()
    with pytest.raises(MicrophoneFailed):
        list_server_sources()
    microphone.kill()

    assert list_server_sources() is None


def test_what_was_made_for_an_interface_is_taken_away_and_nothing_else(
    microphone: Microphone,
) -> None:
    microphone.tell(
        "load-module", "module-null-sink", "sink_name=four", "channels=4",
        "channel_map=aux0,aux1,aux2,aux3",
    )  # fmt: skip
    before = list_server_sources()
    assert before is not None
    (four,) = [source for source in before if source.name == "four.monitor"]

    made = remap_source(four, 3)
    assert remap_source(four, 3) == made
    listed = microphone.tell("list", "short", "sources")
    during = list_server_sources()
    remove_remapped_source(made)
    remove_remapped_source("vmic")

    assert listed.count(made) == 1
    assert during == before
    assert remap_source(four, 1) == "four.monitor"
    assert list_server_sources() == before
    assert made not in microphone.tell("list", "short", "sources")
