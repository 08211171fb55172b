"""The sound server is asked for what only it knows, and never waited for long."""

from __future__ import annotations

import time
from collections.abc import Generator

import pytest

from capture import soundserver
from study.errors import MicrophoneFailed
from tests.microphone import NAME, Microphone, virtual_microphone

pytestmark = pytest.mark.slow


@pytest.fixture
def microphone(monkeypatch: pytest.MonkeyPatch) -> Generator[Microphone]:
    with virtual_microphone() as made:
        monkeypatch.setenv("PULSE_SERVER", made.around["PULSE_SERVER"])
        yield made


def test_its_sources_have_names_for_people_and_names_that_stay(microphone: Microphone) -> None:
    before = soundserver.sources()
    microphone.unplug()
    between = soundserver.sources()
    microphone.plug()
    after = soundserver.sources()

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

    assert soundserver.sources() is None
    assert soundserver.heard() == ""


def test_a_process_without_a_stream_hears_nothing(microphone: Microphone) -> None:
    assert "vmic" in microphone.tell("list", "short", "sources")
    assert soundserver.heard() == ""


def test_a_server_that_hangs_is_given_up_and_asked_again_when_it_goes_on(
    microphone: Microphone,
) -> None:
    assert soundserver.sources()
    microphone.freeze()
    began_s = time.monotonic()
    for ask in (soundserver.sources, soundserver.heard):
        with pytest.raises(MicrophoneFailed):
            ask()
    waited_s = time.monotonic() - began_s
    microphone.thaw()

    assert waited_s < 15.0
    assert soundserver.sources()


def test_a_server_that_is_killed_while_it_is_asked_is_no_server(microphone: Microphone) -> None:
    microphone.freeze()
    with pytest.raises(MicrophoneFailed):
        soundserver.sources()
    microphone.kill()

    assert soundserver.sources() is None


def test_what_was_made_for_an_interface_is_taken_away_and_nothing_else(
    microphone: Microphone,
) -> None:
    microphone.tell(
        "load-module", "module-null-sink", "sink_name=four", "channels=4",
        "channel_map=aux0,aux1,aux2,aux3",
    )  # fmt: skip
    before = soundserver.sources()
    assert before is not None
    (four,) = [source for source in before if source.name == "four.monitor"]

    made = soundserver.straight(four, 3)
    assert soundserver.straight(four, 3) == made
    listed = microphone.tell("list", "short", "sources")
    during = soundserver.sources()
    soundserver.forget(made)
    soundserver.forget("vmic")

    assert listed.count(made) == 1
    assert during == before
    assert soundserver.straight(four, 1) == "four.monitor"
    assert soundserver.sources() == before
    assert made not in microphone.tell("list", "short", "sources")
