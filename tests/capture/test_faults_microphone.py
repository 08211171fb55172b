"""Whatever happens to a microphone: no hang, no sealed second lost, a sentence, and a mark.

Through the real PortAudio and a microphone of software. The most important run in the suite; all
of them with EARSHOT_THOROUGH=1.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from capture.levels import SILENCE_DBFS
from study.store import Study
from tests.capture.apart import Recording, Told, enter, kept
from tests.microphone import NAME, Microphone, noise, place, virtual_microphone, write

pytestmark = pytest.mark.slow
thorough = pytest.mark.skipif(
    not os.environ.get("EARSHOT_THOROUGH"), reason="with EARSHOT_THOROUGH=1"
)
_NEAR_S = 0.5
_TAIL_S = 0.5  # what a device still hands over after the stop was asked for


@pytest.fixture
def microphone() -> Generator[Microphone]:
    with virtual_microphone() as made:
        yield made


@pytest.fixture
def recording(study: Study, microphone: Microphone) -> Generator[Recording]:
    enter(study)
    with Recording(study.folder, microphone.around) as made:
        yield made


def hears_another(told: Told) -> bool:
    return any(fault["kind"] == "another microphone" for fault in told["faults"])


def test_a_microphone_that_vanishes_and_returns_leaves_a_gap_of_its_true_length(
    study: Study, microphone: Microphone, recording: Recording
) -> None:
    recording.begin()
    microphone.unplug_all()
    gone_s = time.monotonic()
    sentence = recording.fault("gap")
    gone = recording.until(lambda told: told["doing"] == "reconnecting")
    assert gone["now_s"] - gone_s < 2.0
    recording.until(lambda told: told["away_s"] > 2.0)
    microphone.plug_all()
    back_s = time.monotonic()
    recording.until(lambda told: told["doing"] == "recording")
    recording.more(0.5)
    last = recording.stop()

    found = kept(study, last)
    assert sentence.endswith("keeps trying to open it.")
    assert len(found.of("gap")) == 1
    assert back_s - gone_s - _NEAR_S < found.gap_s < back_s - gone_s + 5.0 + _NEAR_S
    assert found.gap_s == pytest.approx(last["missing_s"], abs=0.01)
    assert -_NEAR_S < last["sound_s"] + found.gap_s - last["elapsed_s"] < _NEAR_S + _TAIL_S


def test_a_server_that_is_killed_and_started_again_is_found_again(
    study: Study, microphone: Microphone, recording: Recording
) -> None:
    recording.begin()
    microphone.kill()
    recording.until(lambda told: told["doing"] == "reconnecting")
    microphone.start()
    recording.until(lambda told: told["doing"] == "recording")
    recording.more(0.5)
    last = recording.stop()

    found = kept(study, last)
    assert len(found.of("gap")) == 1
    assert -_NEAR_S < last["sound_s"] + found.gap_s - last["elapsed_s"] < _NEAR_S + _TAIL_S


def test_a_server_that_hangs_for_five_seconds_is_told_of_and_loses_nothing_it_gives_later(
    study: Study, microphone: Microphone, recording: Recording
) -> None:
    recording.begin()
    microphone.freeze()
    sentence = recording.fault("gap")
    recording.until(lambda told: told["elapsed_s"] - told["sound_s"] > 5.0)
    microphone.thaw()
    recording.until(lambda told: told["elapsed_s"] - told["sound_s"] - told["missing_s"] < 1.5)
    recording.more(4.0)
    last = recording.stop()

    found = kept(study, last)
    assert sentence
    assert found.marks
    assert -_NEAR_S < last["sound_s"] + found.gap_s - last["elapsed_s"] < _NEAR_S + _TAIL_S


def test_a_recording_is_stopped_while_the_server_hangs(
    study: Study, microphone: Microphone, recording: Recording
) -> None:
    recording.begin(1.0)
    microphone.freeze()
    recording.fault("gap")
    asked_s = time.monotonic()
    last = recording.stop()

    assert time.monotonic() - asked_s < 15.0
    assert kept(study, last).sound.size >= 48_000


def test_a_loudspeaker_in_its_place_is_told_of_and_marked_and_left_when_it_is_back(
    study: Study, microphone: Microphone, recording: Recording
) -> None:
    recording.begin()
    microphone.unplug()
    began_s = time.monotonic()
    sentence = recording.fault("another microphone")
    assert time.monotonic() - began_s < 10.0
    recording.until(lambda told: told["doing"] == "reconnecting")
    microphone.plug()
    recording.until(lambda told: told["doing"] == "recording")
    recording.more(0.5)
    last = recording.stop()

    found = kept(study, last)
    assert "Monitor" in sentence
    assert "Monitor" in found.of("another microphone")[0].note
    assert len(found.of("gap")) == 1


@thorough
def test_another_microphone_in_its_place_is_recorded_until_its_own_is_back(
    study: Study, microphone: Microphone
) -> None:
    enter(study)
    microphone.tell(
        "load-module", "module-remap-source", "source_name=desk", "master=vspk.monitor",
        "source_properties=device.description=Desk",
    )  # fmt: skip
    microphone.tell("set-default-source", "desk")
    with Recording(study.folder, microphone.around, name=NAME) as recording:
        recording.begin()
        microphone.unplug()
        sentence = recording.fault("another microphone")
        recording.more(1.0)
        microphone.plug()
        recording.until(lambda told: not hears_another(told))
        recording.more(0.5)
        last = recording.stop()

    found = kept(study, last)
    assert "Desk" in sentence
    assert [mark.note for mark in found.of("another microphone")] == ["Desk", NAME]


@thorough
def test_a_source_that_is_suspended_leaves_a_gap(
    study: Study, microphone: Microphone, recording: Recording
) -> None:
    recording.begin(3.5)
    asked_s = time.monotonic()
    microphone.tell("suspend-source", "vmic", "1")
    began_s = time.monotonic()
    sentence = recording.fault("gap")
    recording.until(lambda told: told["now_s"] - began_s > 3.0)
    least_s = time.monotonic() - began_s
    microphone.tell("suspend-source", "vmic", "0")
    most_s = time.monotonic() - asked_s
    recording.more(5.0)
    last = recording.stop()

    found = kept(study, last)
    assert sentence
    assert len(found.of("gap")) == 1
    assert least_s - _NEAR_S < found.gap_s < most_s + _NEAR_S


@thorough
def test_a_muted_microphone_is_told_of_and_marked(
    study: Study, microphone: Microphone, recording: Recording, tmp_path: Path
) -> None:
    sounding = microphone.play(write(tmp_path / "talk.wav", noise(20.0)))
    recording.say("start")
    recording.until(lambda told: max(told["level_dbfs"], default=SILENCE_DBFS) > -60.0)
    microphone.tell("set-source-mute", "vmic", "1")
    began_s = time.monotonic()
    sentence = recording.fault("digital silence")
    microphone.tell("set-source-mute", "vmic", "0")
    length_s = time.monotonic() - began_s
    recording.until(lambda told: max(told["level_dbfs"], default=SILENCE_DBFS) > -60.0)
    recording.more(0.5)
    last = recording.stop()
    sounding.kill()
    sounding.wait()

    assert "muted" in sentence
    (mark,) = kept(study, last).of("digital silence")
    assert mark.length_s == pytest.approx(length_s, abs=_NEAR_S + 0.5)


@thorough
def test_what_is_heard_around_a_gap_is_what_was_played_there(
    study: Study, microphone: Microphone, recording: Recording, tmp_path: Path
) -> None:
    played = noise(20.0)
    sounding = microphone.play(write(tmp_path / "talk.wav", played))
    recording.say("start")
    recording.until(lambda told: max(told["level_dbfs"], default=SILENCE_DBFS) > -60.0)
    recording.more(1.0)
    microphone.tell("suspend-source", "vmic", "1")
    recording.until(lambda told: told["elapsed_s"] - told["sound_s"] - told["queued_s"] > 3.0)
    microphone.tell("suspend-source", "vmic", "0")
    recording.more(5.0)
    last = recording.stop()
    sounding.kill()
    sounding.wait()

    found = kept(study, last)
    (gap,) = found.of("gap")
    middle = round(gap.at_s * 48_000)
    before = place(played, found.sound[middle - 14_400 : middle - 9_600])
    after = place(played, found.sound[middle + 14_400 : middle + 19_200])
    assert before is not None
    assert after is not None
    assert (after - before - 28_800) / 48_000 == pytest.approx(gap.length_s, abs=_NEAR_S)


def test_without_any_device_nothing_is_recorded(study: Study) -> None:
    enter(study)
    with virtual_microphone(is_up=False) as nowhere:  # noqa: SIM117 - the order is the story
        with Recording(study.folder, nowhere.around) as recording:
            recording.say("start")
            told = recording.until(lambda told: "error" in told)

    assert told["error"] == "NoMicrophone"
    assert study.find_interview("P01").sound_s == 0.0


@thorough
def test_a_server_that_is_started_after_the_program_is_found(study: Study) -> None:
    enter(study)
    with virtual_microphone(is_up=False) as later:  # noqa: SIM117 - the order is the story
        with Recording(study.folder, later.around) as recording:
            recording.say("start")
            assert recording.until(lambda told: "error" in told)["error"] == "NoMicrophone"
            later.start()
            recording.begin()
            last = recording.stop()

    assert kept(study, last).sound.size > 24_000


def test_the_microphone_that_was_chosen_is_waited_for_and_no_other_taken(
    study: Study, microphone: Microphone
) -> None:
    enter(study)
    microphone.unplug()
    with Recording(study.folder, microphone.around, name=NAME) as recording:
        recording.say("start")
        told = recording.until(lambda told: "error" in told)
        microphone.plug()
        recording.begin()
        last = recording.stop()

    assert told["error"] == "NoMicrophone"
    assert kept(study, last).marks == []


@thorough
def test_a_microphone_that_is_busy_is_said_to_be_and_opens_once_it_is_not(
    study: Study, microphone: Microphone
) -> None:
    enter(study)
    leave = microphone.crowd()
    with Recording(study.folder, microphone.around, name=NAME) as recording:
        recording.say("start")
        told = recording.until(lambda told: "error" in told)
        leave()
        recording.begin()
        recording.stop()

    assert told["error"] == "MicrophoneFailed"
    assert "busy" in told["sentence"]


@thorough
def test_a_clock_that_jumps_an_hour_is_marked_and_changes_no_length(
    study: Study, recording: Recording
) -> None:
    recording.begin()
    recording.say("clock 3600")
    forward = recording.fault("clock changed")
    recording.say("clock -7200")
    recording.until(lambda told: told["marks"] >= 2)
    recording.more(0.5)
    last = recording.stop()

    found = kept(study, last)
    assert forward
    assert [mark.kind for mark in found.marks] == ["clock changed"] * 2
    assert last["elapsed_s"] == pytest.approx(last["sound_s"], abs=_NEAR_S)
