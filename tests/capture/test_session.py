"""A session records on whatever happens, says what is wrong, and makes nobody wait."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from capture.audio_source import OpenSource, PushSound
from capture.headless_recording import record_interview
from capture.recording_session import RecordingSession
from capture.recording_status import RecordingPhase, RecordingStatus
from capture.watchdog import MICROPHONE_FROZE
from study import LONGEST_TYPED, InterviewDetails, MarkKind, order_events, parse_topic_guide
from study.errors import (
    DiskFailed,
    DiskFull,
    EarshotError,
    MicrophoneFailed,
    NoMicrophone,
    SoundDiffers,
    TextTooLong,
    UnknownInterview,
)
from study.store import (
    Argon2Cost,
    Study,
    rescue_recordings,
    verify_interview_sound,
    verify_study,
)
from tests.capture.fed import RATE, Clock, Fed, Socket, asleep, kept, noise, until
from tests.disk import mounted

GUIDE = parse_topic_guide("# Memory\n- first signs\n# Family\n# Help\n")


@pytest.fixture
def interview(study: Study) -> str:
    with study.change("added") as change:
        return change.add_interview(InterviewDetails("P01"))


@dataclass
class Room:
    """A session in the hands of a test: it looks around when it is told to, and time stands."""

    study: Study
    interview: str
    clock: Clock = field(default_factory=Clock)
    given: bytes = b""

    def __post_init__(self) -> None:
        self.socket = Socket(self.clock)
        self.session = self.another(self.socket)

    def another(self, opener: OpenSource) -> RecordingSession:
        return RecordingSession(
            self.study.interview(self.interview), opener, guide=GUIDE, clocks=self.clock.clocks(),
            look_s=3600, keep_awake=asleep,
        )  # fmt: skip

    def talk(self, seconds: float, *, kept: bool = True) -> None:
        """Give sound in blocks of 50 ms, and let the session look around every second one."""
        for number in range(round(seconds * 20)):
            block = self.socket.fed.give(noise(RATE // 20, seed=number))
            self.given += block if kept else b""
            if number % 2:
                self.session.look()

    def wait(self, seconds: float) -> None:
        """Let time pass in which nothing comes."""
        for _ in range(round(seconds * 10)):
            self.clock.now_s += 0.1
            self.session.look()

    def until(self, claim: Callable[[RecordingStatus], bool]) -> RecordingStatus:
        """Look around until it is so, and time stands still."""

        def is_so() -> bool:
            self.session.look()
            return claim(self.session.read_status())

        until(is_so)
        return self.session.read_status()

    def again(self) -> None:
        """Plug the microphone in, and let time pass until it gives sound again."""
        gone = self.socket.fed
        self.socket.is_empty = False

        def is_back() -> bool:
            self.wait(0.1)
            return self.socket.fed is not gone and self.socket.fed.starts == 1

        until(is_back)

    @property
    def happened(self) -> list[tuple[str, float, float]]:
        """What was marked: kind, place and length, rounded to a hundredth of a second."""
        marks = order_events(kept(self.study, self.interview)[1])
        return [(mark.kind, round(mark.at_s, 2), round(mark.length_s, 2)) for mark in marks]


@pytest.fixture
def room(study: Study, interview: str) -> Generator[Room]:
    made = Room(study, interview)
    made.session.start()
    with made.session:
        yield made


def well(moment: RecordingStatus) -> None:
    """Check that every second is accounted for."""
    there = moment.sound_s + moment.dropped_s + moment.missing_s + moment.paused_s
    assert there == pytest.approx(moment.elapsed_s, abs=0.06)


def test_a_quiet_interview_is_kept_and_told(room: Room) -> None:
    room.talk(3)
    during = room.until(lambda moment: moment.sound_s > 2 and bool(moment.level_dbfs))
    last = room.session.stop()

    assert (during.doing, during.faults, during.before_s) == (RecordingPhase.RECORDING, (), 0.0)
    assert during.level_dbfs[0] == pytest.approx(-16, abs=1)
    assert during.disk_left_s > 0
    assert (last.doing, last.sound_s, last.failure) == (RecordingPhase.ENDED, 3.0, "")
    assert kept(room.study, room.interview) == (room.given, [])
    well(last)


def test_the_last_block_is_kept_though_it_came_just_before_the_stop(room: Room) -> None:
    class Last(Fed):
        def stop(self) -> None:
            self.push(b"\x01\x02" * 40)  # what it had heard when it was told to stop
            super().stop()

    session = room.another(Last)
    session.start()
    session.stop()

    assert kept(room.study, room.interview)[0] == b"\x01\x02" * 40


def test_what_was_shown_before_it_began_is_marked_at_its_first_moment(room: Room) -> None:
    room.talk(1)
    room.session.mark_consent(MarkKind.ASSENT, place=0)
    room.session.mark_consent(MarkKind.AFFIRMED)
    room.until(lambda moment: moment.marks == 2)
    room.session.stop()

    marks = kept(room.study, room.interview)[1]
    assert [(mark.at_s, mark.kind) for mark in marks] == [
        (0.0, MarkKind.ASSENT), (1.0, MarkKind.AFFIRMED),
    ]  # fmt: skip


def test_before_it_has_started_it_says_so(study: Study, interview: str) -> None:
    assert RecordingSession(study.interview(interview), Fed).read_status() == RecordingStatus(
        RecordingPhase.STARTING
    )


def test_topics_speakers_and_markers_are_in_the_recording_and_on_the_screen(room: Room) -> None:
    room.talk(1)
    room.session.begin_topic(2)
    room.session.begin_topic(0)
    room.talk(1)
    room.session.begin_topic(2)
    room.session.note_speaker("P01")
    room.session.set_marker("laughs")
    seen = room.until(lambda moment: moment.marks == 5)
    room.session.stop()

    assert (seen.topic, seen.asked, seen.speaker) == (2, (2, 0), "P01")
    assert seen.last_mark is not None
    assert (seen.last_mark.at_s, seen.last_mark.note) == (2.0, "laughs")
    marks = kept(room.study, room.interview)[1]
    assert [(mark.at_s, mark.kind, mark.note) for mark in marks] == [
        (1.0, "topic", "Help"),
        (1.0, "topic", "Memory"),
        (2.0, "topic", "Help"),
        (2.0, "speaker", "P01"),
        (2.0, "marker", "laughs"),
    ]


def test_a_second_recording_of_the_interview_knows_what_was_asked_in_the_first(room: Room) -> None:
    room.talk(1)
    room.session.begin_topic(1)
    room.session.stop()

    session = room.another(room.socket)
    session.start()
    moment = session.read_status()
    session.stop()

    assert (moment.before_s, moment.asked, moment.topic) == (1.0, (1,), None)


@pytest.mark.parametrize(
    ("set_aside", "kind", "doing"),
    [
        (RecordingSession.pause, MarkKind.PAUSED, RecordingPhase.PAUSED),
        (RecordingSession.go_off_record, MarkKind.OFF_RECORD, RecordingPhase.OFF_RECORD),
        (RecordingSession.mark_distress, MarkKind.DISTRESS, RecordingPhase.PAUSED),
    ],
)
def test_what_is_set_aside_is_not_kept(
    room: Room, set_aside: Callable[[RecordingSession], None], kind: MarkKind, doing: RecordingPhase
) -> None:
    room.talk(1)
    set_aside(room.session)
    room.talk(2, kept=False)
    during = room.session.read_status()
    room.session.resume()
    room.talk(0.25, kept=kind is not MarkKind.OFF_RECORD)  # what was still on its way
    room.talk(1)
    last = room.session.stop()

    assert (during.doing, during.level_dbfs) == (doing, ())
    assert during.away_s == pytest.approx(2.0)
    assert kept(room.study, room.interview)[0] == room.given
    ((found, at_s, length_s),) = room.happened
    assert (found, at_s) == (kind, 1.0)
    assert length_s == pytest.approx(2.0, abs=0.21)
    well(last)


def test_one_pause_may_become_another(room: Room) -> None:
    room.talk(1)
    room.session.pause()
    room.talk(1, kept=False)
    room.session.mark_distress()
    room.session.mark_distress()
    room.talk(2, kept=False)
    room.session.resume()
    room.session.resume()
    room.talk(1)
    room.session.stop()

    assert room.happened == [("paused", 1.0, 1.0), ("distress", 1.0, 2.0)]
    assert kept(room.study, room.interview)[0] == room.given


def test_a_microphone_that_is_gone_is_opened_again_in_a_new_stretch(room: Room) -> None:
    room.talk(2)
    gone_s = room.clock()
    room.socket.unplug()
    gone = room.until(lambda moment: moment.doing is RecordingPhase.RECONNECTING)
    room.wait(3.0)
    room.session.set_marker("still talking")
    away = room.session.read_status()
    room.again()
    back_s = room.clock()
    room.talk(2)
    back = room.session.read_status()
    last = room.session.stop()

    assert gone.faults[0].is_loud
    assert gone.faults[0].sentence.endswith("Earshot keeps trying to open it.")
    assert away.away_s == pytest.approx(3.0)
    assert (back.doing, back.faults) == (RecordingPhase.RECORDING, ())
    assert kept(room.study, room.interview)[0] == room.given
    gap_s = round(back_s - gone_s, 2)
    assert gap_s > 3.0
    assert room.happened == [("marker", 2.0, 0.0), ("gap", 2.0, gap_s)]
    stretches = room.study.db.execute("SELECT frames FROM stretch ORDER BY number").fetchall()
    assert stretches == [(2 * RATE,), (2 * RATE,)]
    well(last)


def test_a_microphone_that_comes_back_another_way_is_not_mixed_in(room: Room) -> None:
    room.talk(1)
    room.socket.rate = 2 * RATE
    room.socket.unplug()
    room.socket.is_empty = False
    told = room.until(lambda moment: "rate" in str(moment.faults))
    assert room.socket.fed.stops == 1
    room.socket.rate = RATE
    room.again()
    room.talk(1)
    room.session.stop()

    assert told.faults[0].sentence.startswith(str(SoundDiffers()))
    assert kept(room.study, room.interview)[0] == room.given


def test_a_stop_while_it_is_reconnecting_keeps_all_and_tells_the_gap(room: Room) -> None:
    room.talk(1)
    room.socket.unplug()
    room.until(lambda moment: moment.doing is RecordingPhase.RECONNECTING)
    room.wait(4)
    last = room.session.stop()

    assert (last.doing, last.sound_s, last.failure) == (RecordingPhase.ENDED, 1.0, "")
    assert room.happened == [("gap", 1.0, 4.0)]
    assert verify_study(room.study) == []
    well(last)


def test_nobody_waits_for_a_microphone_that_hangs_and_it_is_closed_when_it_opens(
    room: Room,
) -> None:
    thaws, late = threading.Event(), Fed()

    def opener() -> Fed:
        if not room.socket.is_empty:
            return room.socket()
        thaws.wait(10)
        return late

    session = room.session = room.another(opener)
    session.start()
    room.talk(1)
    room.socket.unplug()
    began = time.monotonic()
    room.until(lambda moment: moment.doing is RecordingPhase.RECONNECTING)
    session.pause()
    session.read_status()
    session.stop()
    took_s = time.monotonic() - began
    thaws.set()

    assert took_s < 9  # the opener hangs for ten
    until(lambda: late.stops == 1)


def test_a_stop_may_be_given_twice_and_from_two_threads(room: Room) -> None:
    room.talk(1)
    moments: list[RecordingStatus] = []
    threads = [
        threading.Thread(target=lambda: moments.append(room.session.stop())) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert moments == [room.session.stop()] * 4


def test_a_note_stands_where_its_marker_was_made(room: Room) -> None:
    room.talk(1)
    place = room.session.set_marker()
    room.talk(2)
    room.session.set_marker("laughs", place=place)
    room.session.stop()

    marks = kept(room.study, room.interview)[1]
    assert [(mark.at_s, mark.note) for mark in marks] == [(1.0, ""), (1.0, "laughs")]


def test_a_note_that_is_too_long_loses_no_mark(room: Room) -> None:
    long = "x" * (LONGEST_TYPED + 1)
    room.talk(1)
    for mark in (room.session.set_marker, room.session.mark_distress):
        with pytest.raises(TextTooLong):
            mark(long)
    room.session.resume()
    place = room.session.set_marker("x" * LONGEST_TYPED)
    with pytest.raises(TextTooLong):
        room.session.set_marker(long, place=place)
    room.session.stop()

    marks = {(mark.kind, len(mark.note)) for mark in kept(room.study, room.interview)[1]}
    assert marks == {
        (MarkKind.MARKER, 0), (MarkKind.DISTRESS, 0), (MarkKind.MARKER, LONGEST_TYPED),
    }  # fmt: skip


def test_after_the_end_no_key_does_anything(room: Room) -> None:
    room.talk(1)
    last = room.session.stop()

    room.session.pause()
    room.session.resume()
    room.session.set_marker()
    room.session.begin_topic(1)
    room.session.note_speaker("P01")
    room.socket.fed.push(noise(400))
    room.session.look()

    assert room.session.read_status() == last
    assert kept(room.study, room.interview) == (room.given, [])


def test_a_pause_while_it_is_reconnecting_is_no_gap(room: Room) -> None:
    room.talk(1)
    room.socket.unplug()
    room.until(lambda moment: moment.doing is RecordingPhase.RECONNECTING)
    room.wait(2)
    room.session.pause()
    during = room.session.read_status()
    paused_s = room.clock()
    room.wait(3)
    room.again()
    room.talk(1, kept=False)
    room.session.resume()
    paused_s = round(room.clock() - paused_s, 2)
    room.talk(1)
    last = room.session.stop()

    assert during.doing is RecordingPhase.PAUSED
    assert during.faults[0].is_loud
    assert room.happened == [("gap", 1.0, 2.0), ("paused", 1.0, paused_s)]
    assert kept(room.study, room.interview)[0] == room.given
    well(last)


def test_what_is_off_the_record_stays_so_across_a_microphone_that_comes_back(room: Room) -> None:
    room.talk(1)
    room.session.go_off_record()
    began_s = room.clock()
    room.talk(1, kept=False)
    room.socket.unplug()
    room.wait(2)
    room.again()
    room.talk(1, kept=False)
    assert room.session.read_status().doing is RecordingPhase.OFF_RECORD
    room.session.resume()
    ended_s = room.clock() + 0.2
    room.talk(0.25, kept=False)
    room.talk(1)
    last = room.session.stop()

    assert kept(room.study, room.interview)[0] == room.given
    ((kind, at_s, length_s),) = room.happened
    assert (kind, at_s) == ("off the record", 1.0)
    assert length_s == pytest.approx(ended_s - began_s, abs=0.01)
    well(last)


def test_a_microphone_frozen_for_five_seconds_is_told_and_not_given_up(room: Room) -> None:
    room.talk(5)
    room.wait(5)
    frozen = room.session.read_status()
    room.talk(5)
    last = room.session.stop()

    assert frozen.doing is RecordingPhase.RECORDING
    assert frozen.faults[0].sentence.startswith("Recording has stopped. Nothing has come")
    assert room.socket.opened == 1
    assert room.happened == [("gap", 5.0, 5.0)]
    well(last)


def test_a_microphone_frozen_for_longer_is_opened_again(room: Room) -> None:
    room.talk(5)
    frozen = room.socket.fed
    room.wait(11)
    until(lambda: room.socket.opened == 2)
    room.session.stop()

    assert frozen.stops == 1
    assert room.happened == [("gap", 5.0, 11.0)]
    assert kept(room.study, room.interview)[1][0].note == MICROPHONE_FROZE


def test_a_microphone_that_is_frozen_when_it_is_stopped_has_a_gap_until_then(room: Room) -> None:
    room.talk(1)
    room.wait(2.5)
    last = room.session.stop()

    assert room.happened == [("gap", 1.0, 2.5)]
    well(last)


def test_a_computer_that_slept_goes_on_with_a_gap_of_its_true_length(room: Room) -> None:
    room.talk(5)
    room.clock.sleep(3600)
    room.session.look()
    told = room.session.read_status()
    room.talk(5)
    last = room.session.stop()

    assert "The computer slept for 1 h" in told.faults[0].sentence + told.faults[-1].sentence
    assert room.happened == [("gap", 5.0, 3600.0)]
    assert room.socket.opened == 1
    well(last)


@pytest.mark.parametrize("turned_s", [3600.0, -3600.0])
def test_a_clock_that_jumps_an_hour_changes_no_length(room: Room, turned_s: float) -> None:
    room.talk(3)
    room.clock.turned_s += turned_s
    room.talk(3)
    last = room.session.stop()

    assert last.elapsed_s == pytest.approx(6.0)
    assert [kind for kind, _, _ in room.happened] == ["clock changed"]
    assert kept(room.study, room.interview)[0] == room.given


def test_a_source_that_became_another_is_told_and_marked(room: Room) -> None:
    room.talk(1)
    until(lambda: room.socket.fed.asked == 1)
    room.socket.fed.name = "Loudspeaker"
    room.talk(6)
    told = room.until(lambda moment: bool(moment.faults))
    room.session.stop()

    assert told.faults[0].sentence == "Another microphone is being recorded: Loudspeaker."
    assert "another microphone" in [kind for kind, _, _ in room.happened]


def test_a_muted_microphone_is_told_and_marked_where_its_silence_began(room: Room) -> None:
    room.talk(2)
    for _ in range(100):
        room.socket.fed.give(bytes(RATE // 10))
        room.session.look()
    told = room.until(lambda moment: bool(moment.faults))
    last = room.session.stop()

    assert "muted" in told.faults[0].sentence
    ((kind, at_s, _),) = room.happened
    assert (kind, at_s) == ("digital silence", 2.0)
    assert last.sound_s == 7.0  # silence is kept as it is


def failing(number: int, after: int) -> Callable[[int, bytes], int]:
    """Return an ``os.write`` that fails with this error after so many calls."""
    real, left = os.write, [after]

    def write(descriptor: int, raw: bytes) -> int:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(number, "refused")
        return real(descriptor, raw)

    return write


@pytest.mark.parametrize(("number", "error"), [(errno.ENOSPC, DiskFull), (errno.EIO, DiskFailed)])
def test_a_disk_that_refuses_ends_the_recording_in_words_and_all_before_is_kept(
    room: Room, monkeypatch: pytest.MonkeyPatch, number: int, error: type[EarshotError]
) -> None:
    room.talk(2)
    room.until(lambda moment: moment.sound_s == 2.0)
    monkeypatch.setattr(os, "write", failing(number, after=2))
    room.talk(3)
    last = room.until(lambda moment: moment.doing is RecordingPhase.ENDED and bool(moment.failure))
    room.session.set_marker("too late")
    monkeypatch.undo()

    with pytest.raises(error):
        room.session.stop()
    assert last.failure == str(error())
    assert room.socket.fed.stops == 1
    pcm, _ = kept(room.study, room.interview)
    assert room.given.startswith(pcm)
    assert len(pcm) / 2 / RATE == last.sound_s
    assert last.sound_s >= 2.0
    assert verify_study(room.study) == []


def test_a_disk_that_is_pulled_out_ends_the_recording_in_words(
    tmp_path: Path, cheap: Argon2Cost
) -> None:
    with mounted(tmp_path) as disk:
        folder = disk.place / "s"
        study = Study.create(folder, "a long passphrase", cost=cheap)[0]
        with study.change("added") as change:
            interview = change.add_interview(InterviewDetails("P01"))
        room = Room(study, interview)
        room.session.start()
        room.talk(2)
        room.until(lambda moment: moment.sound_s == 2.0)
        disk.cut()
        room.talk(2)
        last = room.until(
            lambda moment: moment.doing is RecordingPhase.ENDED and bool(moment.failure)
        )
        with pytest.raises(EarshotError):
            room.session.stop()
        study.close()
        disk.again()

        with Study.open(folder, "a long passphrase") as again:
            rescue_recordings(again)
            pcm, _ = kept(again, interview)
            assert last.failure
            assert pcm == room.given[: 2 * 2 * RATE]
            assert verify_study(again) == []


def test_a_disk_slower_than_the_sound_never_stops_the_screen(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_free, real = threading.Event(), os.fdatasync

    def slow(descriptor: int) -> None:
        is_free.wait(10)
        real(descriptor)

    monkeypatch.setattr(os, "fdatasync", slow)
    began = time.monotonic()
    room.talk(32)
    told = room.session.read_status()
    room.session.set_marker("kept nonetheless")
    took_s = time.monotonic() - began
    is_free.set()
    last = room.session.stop()

    assert took_s < 9.5  # the disk stands still for ten
    assert [fault.kind for fault in told.faults] == [MarkKind.SLOW_DISK]
    assert (last.sound_s, last.dropped_s) == (32.0, 0.0)
    assert {kind for kind, _, _ in room.happened} == {"disk is slow", "marker"}


def test_a_microphone_that_does_not_start_leaves_nothing(study: Study, interview: str) -> None:
    class Dead(Fed):
        def start(self, push: PushSound) -> None:
            del push
            raise MicrophoneFailed

    with pytest.raises(MicrophoneFailed):
        RecordingSession(study.interview(interview), Dead).start()

    assert study.interview(interview).open_sound() is None


def test_no_microphone_leaves_nothing(study: Study, interview: str) -> None:
    socket = Socket(Clock())
    socket.is_empty = True

    with pytest.raises(NoMicrophone):
        RecordingSession(study.interview(interview), socket).start()

    assert study.interview(interview).open_sound() is None


def test_an_interview_that_is_not_there_opens_no_microphone(study: Study) -> None:
    socket = Socket(Clock())

    with pytest.raises(UnknownInterview):
        RecordingSession(study.interview("nowhere"), socket).start()

    assert socket.opened == 0


def test_a_microphone_of_another_rate_than_the_interview_has_is_refused(room: Room) -> None:
    room.talk(1)
    room.session.stop()
    room.socket.rate = 2 * RATE
    session = room.another(room.socket)

    with pytest.raises(SoundDiffers):
        session.start()

    assert room.socket.fed.stops == 1


class Flowing(Fed):
    """A source that gives 50 ms of sound twenty times a second, on a thread of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._over = threading.Event()
        self.given = b""

    def start(self, push: PushSound) -> None:
        super().start(push)
        self._thread = threading.Thread(target=self._flow)
        self._thread.start()

    def stop(self) -> None:
        super().stop()
        self._over.set()
        self._thread.join()

    def _flow(self) -> None:
        began, number = time.monotonic(), 0
        while not self._over.wait(max(0.0, began + number / 20 - time.monotonic())):
            block = noise(RATE // 20, seed=number)
            self.given += block
            self.push(block)
            number += 1


def test_recording_for_some_seconds_without_a_screen(study: Study, interview: str) -> None:
    source, seen = Flowing(), list[RecordingStatus]()

    last = record_interview(
        study.interview("P01"), seconds=1.2, opener=lambda: source, report_status=seen.append
    )

    assert kept(study, interview) == (source.given, [])
    assert last.sound_s == pytest.approx(1.2, abs=0.3)
    assert len(seen) > 5
    assert study.find_interview("P01").sound_s == last.sound_s
    assert verify_interview_sound(study.interview(interview)) == []


def test_recording_for_some_seconds_keeps_so_many_where_the_microphone_begins_late(
    study: Study, interview: str
) -> None:
    class Late(Flowing):
        def start(self, push: PushSound) -> None:
            threading.Timer(0.6, super().start, [push]).start()

    source = Late()

    last = record_interview(study.interview(interview), seconds=1.0, opener=lambda: source)

    assert 1.0 <= last.sound_s < 1.5
    assert last.missing_s == 0


def test_recording_until_a_person_stops_it(study: Study, interview: str) -> None:
    source = Flowing()

    record_interview(
        study.interview(interview), opener=lambda: source, stop=lambda: len(source.given) > RATE
    )

    assert kept(study, interview)[0] == source.given


def test_a_pause_without_a_screen_does_not_count_as_recording(study: Study, interview: str) -> None:
    source = Flowing()

    def pause() -> bool:
        return 0.3 * RATE < len(source.given) / 2 < 1.0 * RATE

    last = record_interview(
        study.interview(interview), opener=lambda: source, pause=pause, seconds=0.8
    )

    assert last.sound_s == pytest.approx(0.8, abs=0.4)
    assert last.paused_s == pytest.approx(0.7, abs=0.3)
    assert [mark.kind for mark in order_events(kept(study, interview)[1])] == [MarkKind.PAUSED]


_LEAVING = """
import os, sys, time
from pathlib import Path
from capture.recording_session import RecordingSession
from study.store import Study
from tests.capture.test_session import Flowing, asleep

study = Study.open(Path(sys.argv[1]), "a long passphrase")
session = RecordingSession(study.interview(sys.argv[2]), Flowing, keep_awake=asleep)
session.start()
while session.read_status().sound_s < 1.0:
    time.sleep(0.05)
print(session.read_status().sound_s, flush=True)
os._exit(0)
"""


def test_a_process_that_leaves_without_a_stop_has_lost_nothing_that_was_told(
    study: Study, interview: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LEAVING, str(study.folder), interview],
        check=True, capture_output=True, text=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip

    (rescued,) = rescue_recordings(study)

    assert rescued.kept_s >= float(done.stdout)
