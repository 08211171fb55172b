"""A recorder keeps every frame it was given, or says how many it could not keep."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capture import recorder as recorder_module
from capture.recorder import Recorder
from study import InterviewDetails, Mark, MarkKind, SoundFormat, order_events
from study.errors import DiskFull, StudyInUse, UnknownInterview
from study.store import (
    Argon2Cost,
    SoundWriter,
    Study,
    read_trail_lines,
    rescue_recordings,
    verify_interview_sound,
    verify_study,
)
from tests.capture.fed import RATE, Clock, kept, noise, until
from tests.disk import mounted

Stuck = tuple[Recorder, threading.Event]
"""A recorder whose disk does nothing until the event is set."""


@pytest.fixture
def interview(study: Study) -> str:
    with study.change("added") as change:
        return change.add_interview(InterviewDetails("P01"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def recorder(study: Study, interview: str, clock: Clock) -> Recorder:
    """A recorder that has begun: one channel, 8 kHz."""
    made = Recorder(study.interview(interview), SoundFormat(RATE, 1), clock)
    made.begin()
    return made


def standing_still(is_free: threading.Event) -> Callable[[int], None]:
    """Return an ``fdatasync`` for a disk that does nothing until it is free."""
    real = os.fdatasync

    def slow(descriptor: int) -> None:
        is_free.wait(10)
        real(descriptor)

    return slow


@pytest.mark.parametrize(("channels", "block"), [(1, 80), (2, 333), (8, 20_000)])
def test_every_frame_is_kept_in_order(
    study: Study, interview: str, clock: Clock, channels: int, block: int
) -> None:
    recorder = Recorder(study.interview(interview), SoundFormat(RATE, channels), clock)
    pcm, size = noise(40_000, channels), block * 2 * channels

    recorder.begin()
    push = recorder.intake.open_push()
    for first in range(0, len(pcm), size):
        push(pcm[first : first + size])
    recorder.end(clock())

    tally = recorder.read_tally()
    assert kept(study, interview) == (pcm, [])
    assert (tally.sealed, tally.heard, tally.queued, tally.failure) == (40_000, 40_000, 0, None)
    assert verify_interview_sound(study.interview(interview)) == []


def test_sound_is_on_disk_within_a_second_of_having_come(
    study: Study, interview: str, recorder: Recorder
) -> None:
    push = recorder.intake.open_push()

    for _ in range(20):
        push(noise(400))

    until(lambda: recorder.read_tally().sealed >= 8_000 - 4_000)
    assert kept(study, interview)[0][:800] == noise(400)
    recorder.end(0.0)


def test_the_level_is_of_the_newest_sound_of_each_channel(
    study: Study, interview: str, clock: Clock
) -> None:
    recorder = Recorder(study.interview(interview), SoundFormat(RATE, 2), clock)
    recorder.begin()
    assert recorder.meter.level_dbfs == ()

    recorder.intake.open_push()(np.tile(np.array([3277, 0], "<i2"), 100).tobytes())

    until(lambda: recorder.meter.level_dbfs != ())
    assert recorder.meter.level_dbfs == (pytest.approx(-20.0, abs=0.1), -96.0)
    recorder.end(0.0)


def test_what_does_not_fit_in_the_queue_is_counted_and_marked_at_its_place(
    study: Study, interview: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_free = threading.Event()
    recorder = Recorder(study.interview(interview), SoundFormat(RATE, 1), clock, queue_s=2.0)
    recorder.begin()
    monkeypatch.setattr(os, "fdatasync", standing_still(is_free))
    push = recorder.intake.open_push()

    push(noise(RATE, seed=0))
    until(
        lambda: recorder.intake.queued_frames == 0
    )  # it is the writer that stands still, with this one
    for number in range(1, 4):
        push(noise(RATE, seed=number))
    dropped = recorder.intake.dropped
    is_free.set()
    until(lambda: recorder.intake.queued_frames == 0)
    push(noise(RATE, seed=4))
    recorder.end(clock())

    whole = b"".join(noise(RATE, seed=number) for number in (0, 1, 2, 4))
    assert (dropped, recorder.intake.dropped) == (RATE, RATE)
    assert kept(study, interview) == (whole, [Mark(3.0, MarkKind.LOST, length_s=1.0)])


def test_the_source_never_waits_for_the_disk(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_free = threading.Event()
    monkeypatch.setattr(os, "fdatasync", standing_still(is_free))
    push = recorder.intake.open_push()

    began = time.monotonic()
    for _ in range(30):
        push(noise(RATE))
    recorder.intake.mark(MarkKind.MARKER)
    recorder.intake.set_aside(MarkKind.PAUSED)
    took_s = time.monotonic() - began
    is_free.set()
    recorder.end(200.0)

    assert took_s < 9.0  # the disk stands still for ten at a time
    assert recorder.read_tally().sealed == 30 * RATE


def test_a_mark_stands_between_the_blocks_between_which_it_was_made(
    study: Study, interview: str, recorder: Recorder
) -> None:
    push = recorder.intake.open_push()

    push(noise(300))
    recorder.intake.mark(MarkKind.MARKER, "here")
    push(noise(500))
    recorder.intake.mark(MarkKind.TOPIC, "Daily life")
    recorder.end(0.0)

    assert kept(study, interview)[1] == [
        Mark(300 / RATE, MarkKind.MARKER, "here"),
        Mark(800 / RATE, MarkKind.TOPIC, "Daily life"),
    ]


def test_a_mark_of_a_fault_stands_where_the_fault_began(
    study: Study, interview: str, recorder: Recorder
) -> None:
    recorder.intake.open_push()(noise(2 * RATE))

    recorder.intake.mark(MarkKind.MUTED, length_s=1.5, place=RATE // 2)
    recorder.end(0.0)

    assert kept(study, interview)[1] == [Mark(0.5, MarkKind.MUTED, length_s=1.5)]


def test_nothing_of_a_pause_is_kept_but_that_it_was_and_for_how_long(
    study: Study, interview: str, recorder: Recorder, clock: Clock
) -> None:
    push = recorder.intake.open_push()

    push(noise(400, seed=1))
    recorder.intake.set_aside(MarkKind.PAUSED)
    push(noise(400, seed=2))
    clock.now_s += 12.5
    recorder.intake.resume()
    push(noise(400, seed=3))
    recorder.end(clock())

    pcm, marks = kept(study, interview)
    assert pcm == noise(400, seed=1) + noise(400, seed=3)
    assert order_events(marks) == (Mark(400 / RATE, MarkKind.PAUSED, length_s=12.5),)
    assert recorder.read_tally().passed == 400


def test_what_is_said_off_the_record_never_reaches_what_writes_to_the_disk(
    recorder: Recorder, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[bytes] = []
    real = SoundWriter.write

    def seen(self: SoundWriter, pcm: bytes) -> None:
        written.append(pcm)
        real(self, pcm)

    monkeypatch.setattr(SoundWriter, "write", seen)
    push, secret = recorder.intake.open_push(), b"\x37\x13" * 4000

    push(noise(400))
    recorder.intake.set_aside(MarkKind.OFF_RECORD)
    push(secret)
    assert all(secret[:2] not in getattr(item, "pcm", b"") for item in [*recorder.intake.items])
    recorder.intake.resume(skip_s=0.2)
    clock.now_s += 0.1
    push(secret[:800])  # 0.05 s that were still on their way
    clock.now_s += 0.2
    push(noise(400))
    recorder.end(clock())

    assert b"".join(written) == noise(400) * 2


def test_a_pause_that_is_not_over_when_the_recording_ends_has_its_length_until_then(
    study: Study, interview: str, recorder: Recorder, clock: Clock
) -> None:
    recorder.intake.set_aside(MarkKind.DISTRESS, "wishes to stop")
    clock.now_s += 3.0
    recorder.end(clock())

    marks = order_events(kept(study, interview)[1])
    assert marks == (Mark(0.0, MarkKind.DISTRESS, "wishes to stop", 3.0),)


def test_after_a_cut_the_next_sound_begins_a_stretch_with_the_gap_in_its_true_length(
    study: Study, interview: str, recorder: Recorder, clock: Clock
) -> None:
    clock.now_s = 200.0
    recorder.intake.open_push()(noise(800, seed=1))
    recorder.intake.cut_source(200.0, "unplugged")
    recorder.intake.mark(MarkKind.MARKER, "meanwhile")
    push = recorder.intake.open_push()
    clock.now_s = 207.625
    push(noise(1000, seed=2))
    recorder.end(clock())

    pcm, marks = kept(study, interview)
    assert pcm == noise(800, seed=1) + noise(1000, seed=2)
    assert marks == [
        Mark(0.1, MarkKind.MARKER, "meanwhile"),
        Mark(0.1, MarkKind.GAP, "unplugged", 7.5),
    ]
    assert study.db.execute("SELECT count(*), sum(frames) FROM stretch").fetchone() == (2, 1800)
    tally = recorder.read_tally()
    assert (tally.missing_s, tally.missing_why) == (7.5, {"unplugged": 7.5})
    assert verify_study(study) == []


def test_a_source_that_was_given_up_is_not_heard_any_more(
    study: Study, interview: str, recorder: Recorder, clock: Clock
) -> None:
    old = recorder.intake.open_push()
    recorder.intake.cut_source(clock(), "frozen")
    old(noise(800))
    recorder.end(clock())

    assert kept(study, interview)[0] == b""


def test_a_gap_and_a_pause_never_count_the_same_time(
    study: Study, interview: str, recorder: Recorder, clock: Clock
) -> None:
    recorder.intake.open_push()(noise(800))
    recorder.intake.cut_source(clock(), "unplugged")
    clock.now_s += 2  # gap
    recorder.intake.set_aside(MarkKind.PAUSED)
    clock.now_s += 4  # pause
    recorder.intake.resume()
    clock.now_s += 8  # gap
    recorder.end(clock())

    assert [(mark.kind, mark.length_s) for mark in order_events(kept(study, interview)[1])] == [
        (MarkKind.GAP, 2.0),
        (MarkKind.PAUSED, 4.0),
        (MarkKind.GAP, 8.0),
    ]


def test_the_trail_does_not_tell_that_anybody_paused_or_why(
    study: Study, recorder: Recorder, clock: Clock
) -> None:
    recorder.intake.mark(MarkKind.MARKER, "Margaret")
    for _ in range(2):
        recorder.intake.set_aside(MarkKind.OFF_RECORD, "Margaret")
        clock.now_s += 1.5
        recorder.intake.resume()
    recorder.end(clock())

    line = [*read_trail_lines(study.db)][-1]
    assert line.verb == "recording ended"
    assert set(line.facts) == {"stretch", "frames", "records", "bytes"}


@pytest.fixture
def stuck(
    study: Study, interview: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stuck]:
    """A recorder with room for two seconds whose disk does nothing, and a second in it."""
    is_free = threading.Event()
    made = Recorder(study.interview(interview), SoundFormat(RATE, 1), clock, queue_s=2.0)
    made.begin()
    monkeypatch.setattr(os, "fdatasync", standing_still(is_free))
    made.intake.open_push()(noise(RATE, seed=0))
    until(
        lambda: made.intake.queued_frames == 0
    )  # it is the writer that stands still, with this one
    yield made, is_free
    is_free.set()


def test_what_was_lost_at_the_end_is_marked_at_the_end(
    study: Study, interview: str, stuck: Stuck
) -> None:
    recorder, is_free = stuck
    push = recorder.intake.open_push()
    for number in range(1, 5):
        push(noise(RATE, seed=number))
    is_free.set()
    recorder.end(200.0)

    whole = b"".join(noise(RATE, seed=number) for number in range(3))
    assert kept(study, interview) == (whole, [Mark(3.0, MarkKind.LOST, length_s=2.0)])
    assert recorder.read_tally().last_mark == Mark(3.0, MarkKind.LOST, length_s=2.0)
    assert recorder.read_tally().missing_s == 0.0  # that is counted where it was dropped
    assert recorder.intake.dropped == 2 * RATE


def test_what_was_lost_right_after_a_cut_ends_the_gap_and_is_a_loss(
    study: Study, interview: str, stuck: Stuck, clock: Clock
) -> None:
    recorder, is_free = stuck
    recorder.intake.open_push()(noise(2 * RATE, seed=1))
    recorder.intake.cut_source(clock(), "unplugged")
    push = recorder.intake.open_push()
    clock.now_s += 5.0
    push(noise(RATE, seed=2))  # spoken from 4 s to 5 s after the cut, and lost
    is_free.set()
    until(lambda: recorder.intake.queued_frames == 0)
    clock.now_s += 1.0
    push(noise(RATE, seed=3))
    recorder.end(clock())

    pcm, marks = kept(study, interview)
    assert pcm == noise(RATE, seed=0) + noise(2 * RATE, seed=1) + noise(RATE, seed=3)
    assert marks == [
        Mark(3.0, MarkKind.LOST, length_s=1.0),
        Mark(3.0, MarkKind.GAP, "unplugged", 4.0),
    ]
    assert recorder.read_tally().missing_s == 4.0
    assert study.db.execute("SELECT count(*) FROM stretch").fetchone() == (2,)


def test_two_gaps_with_nothing_but_loss_between_them_are_one_as_long_as_both(
    study: Study, interview: str, stuck: Stuck, clock: Clock
) -> None:
    recorder, is_free = stuck
    recorder.intake.open_push()(noise(2 * RATE, seed=1))
    recorder.intake.cut_source(clock(), "unplugged")
    push = recorder.intake.open_push()
    clock.now_s += 5.0
    push(noise(RATE, seed=2))  # the gap before was 4 s
    recorder.intake.cut_source(clock(), "frozen")
    push = recorder.intake.open_push()
    is_free.set()
    until(lambda: recorder.intake.queued_frames == 0)
    clock.now_s += 3.0
    push(noise(RATE, seed=3))  # the gap before was 2 s
    recorder.end(clock())

    assert kept(study, interview)[1] == [
        Mark(3.0, MarkKind.LOST, length_s=1.0),
        Mark(3.0, MarkKind.GAP, "frozen", 6.0),
    ]


def test_a_gap_after_which_all_was_lost_is_marked_at_the_end(
    study: Study, interview: str, stuck: Stuck, clock: Clock
) -> None:
    recorder, is_free = stuck
    recorder.intake.open_push()(noise(2 * RATE, seed=1))
    recorder.intake.cut_source(clock(), "unplugged")
    push = recorder.intake.open_push()
    clock.now_s += 5.0
    push(noise(RATE, seed=2))
    is_free.set()
    recorder.end(clock())

    marks = kept(study, interview)[1]
    assert sorted(marks, key=lambda mark: mark.length_s) == [
        Mark(3.0, MarkKind.LOST, length_s=1.0),
        Mark(3.0, MarkKind.GAP, "unplugged", 4.0),
    ]


def test_a_mark_in_a_second_stretch_stands_at_its_place_of_the_whole_recording(
    study: Study, interview: str, recorder: Recorder, clock: Clock
) -> None:
    recorder.intake.open_push()(noise(800))
    recorder.intake.cut_source(clock(), "unplugged")
    clock.now_s += 1.0
    recorder.intake.open_push()(noise(1600))
    until(lambda: recorder.intake.queued_frames == 0)
    recorder.intake.mark(MarkKind.MUTED, place=800 + 400, length_s=0.1)
    recorder.intake.mark(MarkKind.CLIPPED, place=400, length_s=0.1)  # before it began
    recorder.intake.mark(MarkKind.CLIPPED, place=99_999, length_s=0.2)  # after all that came
    recorder.intake.mark(MarkKind.MARKER, "here")
    until(lambda: recorder.read_tally().marks == 5)
    last = recorder.read_tally().last_mark
    recorder.end(clock())

    assert last is not None
    assert (last.at_s, last.note) == (pytest.approx(0.3), "here")
    assert sorted((round(mark.at_s, 5), mark.kind) for mark in kept(study, interview)[1]) == sorted(
        [
            (0.1, MarkKind.GAP),
            (0.15, MarkKind.MUTED),
            (0.1, MarkKind.CLIPPED),
            (0.3, MarkKind.CLIPPED),
            (0.3, MarkKind.MARKER),
        ]
    )


def test_only_what_a_gap_cost_counts_as_missing(recorder: Recorder, clock: Clock) -> None:
    recorder.intake.mark(MarkKind.MUTED, length_s=5.0)
    recorder.intake.set_aside(MarkKind.PAUSED)
    clock.now_s += 7.0
    recorder.intake.resume()
    recorder.intake.mark(MarkKind.GAP, "frozen", length_s=0.5)
    recorder.intake.mark(MarkKind.GAP, "slept", length_s=0.25)
    recorder.end(clock())

    tally = recorder.read_tally()
    assert (tally.missing_s, tally.marks) == (0.75, 5)


def test_half_a_second_is_sealed_at_once_and_less_waits_for_more(recorder: Recorder) -> None:
    push = recorder.intake.open_push()

    push(noise(RATE // 2 - 1))
    until(lambda: recorder.intake.queued_frames == 0)
    time.sleep(0.25)  # some more looks at the queue
    waiting = recorder.read_tally()
    push(noise(1))
    until(lambda: recorder.read_tally().sealed == RATE // 2)
    recorder.end(0.0)

    assert (waiting.sealed, waiting.queued) == (0, RATE // 2 - 1)


def test_what_waits_is_sealed_before_a_mark_is_told_of(recorder: Recorder) -> None:
    recorder.intake.open_push()(noise(1))
    recorder.intake.mark(MarkKind.MARKER)
    until(lambda: recorder.read_tally().marks == 1)

    assert recorder.read_tally().sealed == 1
    recorder.end(0.0)


def test_a_gap_right_after_the_clock_began_is_no_shorter(
    study: Study, interview: str, recorder: Recorder
) -> None:
    recorder.intake.cut_source(0.25, "unplugged")
    recorder.end(2.0)

    assert kept(study, interview)[1] == [Mark(0.0, MarkKind.GAP, "unplugged", 1.75)]


def test_sound_is_written_in_records_of_at_most_a_second(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    real = SoundWriter.write

    def seen(self: SoundWriter, pcm: bytes) -> None:
        written.append(len(pcm) // 2)
        real(self, pcm)

    monkeypatch.setattr(SoundWriter, "write", seen)
    recorder.intake.open_push()(noise(2 * RATE + RATE // 4))
    recorder.end(0.0)

    assert written == [RATE, RATE, RATE // 4]


def test_a_minute_of_sound_finds_room_before_any_is_lost(
    study: Study, interview: str, clock: Clock
) -> None:
    assert (
        Recorder(study.interview(interview), SoundFormat(RATE, 2), clock).intake.room == 60 * RATE
    )


def test_a_pause_without_a_length_is_still_one_that_ended(
    study: Study, interview: str, recorder: Recorder
) -> None:
    recorder.intake.set_aside(MarkKind.PAUSED)
    recorder.intake.resume()
    recorder.end(200.0)

    assert order_events(kept(study, interview)[1]) == (Mark(0.0, MarkKind.PAUSED, length_s=0.001),)


def test_a_cut_within_a_pause_is_a_gap_from_the_end_of_the_pause_on(
    study: Study, interview: str, recorder: Recorder, clock: Clock
) -> None:
    recorder.intake.open_push()(noise(800))
    recorder.intake.set_aside(MarkKind.PAUSED)
    clock.now_s += 4.0
    recorder.intake.cut_source(clock(), "unplugged")
    clock.now_s += 2.0
    recorder.intake.resume()
    clock.now_s += 3.5
    recorder.intake.open_push()(noise(RATE // 2))
    recorder.end(clock())

    assert [(mark.kind, mark.length_s) for mark in order_events(kept(study, interview)[1])] == [
        (MarkKind.PAUSED, 6.0),
        (MarkKind.GAP, 3.0),
    ]


def test_a_source_that_comes_back_within_a_pause_leaves_no_gap(
    study: Study, interview: str, recorder: Recorder, clock: Clock
) -> None:
    recorder.intake.open_push()(noise(800, seed=1))
    recorder.intake.set_aside(MarkKind.PAUSED)
    clock.now_s += 4.0
    recorder.intake.cut_source(clock(), "unplugged")
    push = recorder.intake.open_push()
    push(noise(800, seed=2))
    clock.now_s += 2.0
    recorder.intake.resume()
    push(noise(800, seed=3))
    recorder.end(clock())

    pcm, marks = kept(study, interview)
    assert pcm == noise(800, seed=1) + noise(800, seed=3)
    assert sum(mark.length_s for mark in order_events(marks)) == 6.0
    assert recorder.read_tally().missing_s == 0.0


def test_a_gap_is_told_once_when_sound_is_set_aside_twice_after_it(
    study: Study, interview: str, recorder: Recorder, clock: Clock
) -> None:
    recorder.intake.cut_source(clock(), "unplugged")
    clock.now_s += 2.0
    recorder.intake.set_aside(MarkKind.PAUSED)
    clock.now_s += 1.0
    recorder.intake.set_aside(MarkKind.OFF_RECORD)
    clock.now_s += 3.0
    recorder.intake.resume()
    clock.now_s += 4.0
    recorder.end(clock())

    gaps = [mark.length_s for mark in kept(study, interview)[1] if mark.kind == MarkKind.GAP]
    assert gaps == [2.0, 4.0]


def test_a_gap_never_begins_before_the_pause_that_it_was_found_after(
    study: Study, interview: str, recorder: Recorder, clock: Clock
) -> None:
    recorder.intake.set_aside(MarkKind.PAUSED)
    clock.now_s += 4.0
    recorder.intake.resume()
    clock.now_s += 1.0
    recorder.intake.cut_source(clock() - 3.0, "frozen")  # it had given nothing for 3 s
    clock.now_s += 2.0
    recorder.end(clock())

    assert [(mark.kind, mark.length_s) for mark in order_events(kept(study, interview)[1])] == [
        (MarkKind.PAUSED, 4.0),
        (MarkKind.GAP, 3.0),
    ]


def test_a_source_that_is_cut_twice_before_it_gives_is_one_gap_from_the_first_cut_on(
    study: Study, interview: str, recorder: Recorder, clock: Clock
) -> None:
    recorder.intake.open_push()(noise(800))
    recorder.intake.cut_source(clock(), "unplugged")
    clock.now_s += 2.0
    recorder.intake.cut_source(clock(), "frozen")
    clock.now_s += 3.0
    recorder.intake.open_push()(noise(RATE))
    recorder.end(clock())

    assert kept(study, interview)[1] == [Mark(0.1, MarkKind.GAP, "frozen", 4.0)]


def test_a_recording_that_ends_while_the_source_is_gone_tells_the_gap_until_then(
    study: Study, interview: str, recorder: Recorder, clock: Clock
) -> None:
    recorder.intake.open_push()(noise(800))
    recorder.intake.cut_source(clock(), "unplugged")
    clock.now_s += 2.5
    recorder.end(clock())

    assert kept(study, interview)[1] == [Mark(0.1, MarkKind.GAP, "unplugged", 2.5)]
    assert recorder.read_tally().missing_s == 2.5


def test_sound_that_was_on_its_way_when_the_source_was_cut_is_kept_before_the_gap(
    study: Study, interview: str, stuck: Stuck, clock: Clock
) -> None:
    recorder, is_free = stuck
    push = recorder.intake.open_push()
    push(noise(400, seed=1))
    recorder.intake.cut_source(clock(), "unplugged")
    is_free.set()
    recorder.end(clock() + 1.0)

    assert kept(study, interview) == (
        noise(RATE, seed=0) + noise(400, seed=1),
        [Mark(1.05, MarkKind.GAP, "unplugged", 1.0)],
    )


@pytest.mark.parametrize("what", ["pause", "cut"])
def test_no_level_is_shown_of_what_is_over(recorder: Recorder, clock: Clock, what: str) -> None:
    recorder.intake.open_push()(noise(RATE))
    until(lambda: recorder.meter.level_dbfs != ())

    if what == "pause":
        recorder.intake.set_aside(MarkKind.PAUSED)
    else:
        recorder.intake.cut_source(clock(), "unplugged")

    until(lambda: recorder.meter.level_dbfs == ())
    recorder.end(clock())


def test_a_study_that_is_in_use_between_two_stretches_is_asked_again(
    study: Study,
    interview: str,
    recorder: Recorder,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, asked = recorder_module.record_stretch, list[object]()

    def busy_once(*given: Any) -> Any:  # noqa: ANN401 - whatever the real one takes and gives
        asked.append(given)
        if len(asked) == 1:
            raise StudyInUse
        return real(*given)

    monkeypatch.setattr(recorder_module, "record_stretch", busy_once)
    recorder.intake.open_push()(noise(800, seed=1))
    recorder.intake.cut_source(clock(), "unplugged")
    recorder.intake.open_push()(noise(800, seed=2))
    recorder.end(clock())

    assert len(asked) == 2
    assert kept(study, interview)[0] == noise(800, seed=1) + noise(800, seed=2)


def test_a_study_that_is_in_use_at_the_beginning_is_told_at_once(
    study: Study, interview: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise StudyInUse

    monkeypatch.setattr(recorder_module, "record_stretch", busy)

    with pytest.raises(StudyInUse):
        Recorder(study.interview(interview), SoundFormat(RATE, 1), clock).begin()


def test_a_recorder_that_never_began_has_nothing_to_tell(
    study: Study, interview: str, clock: Clock
) -> None:
    made = Recorder(study.interview(interview), SoundFormat(RATE, 1), clock)
    made.end(clock())

    tally = made.read_tally()
    assert (tally.sealed, tally.heard, tally.queued, tally.passed) == (0, 0, 0, 0)
    assert (tally.missing_s, tally.last_mark, tally.marks, tally.failure) == (0.0, None, 0, None)


def test_nothing_is_heard_any_more_once_the_recording_ended(
    study: Study, interview: str, recorder: Recorder
) -> None:
    push = recorder.intake.open_push()
    push(noise(400))
    recorder.end(0.0)
    push(noise(400))

    assert kept(study, interview)[0] == noise(400)
    assert (recorder.read_tally().heard, recorder.read_tally().queued) == (400, 0)


def full_after(writes: int) -> Callable[[int, bytes], int]:
    """Return an ``os.write`` for a disk on which so many more find room."""
    real = os.write
    left = [writes]

    def full(descriptor: int, raw: bytes) -> int:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, raw)

    return full


def test_a_full_disk_ends_the_stretch_and_keeps_what_came_before(
    study: Study, interview: str, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    push = recorder.intake.open_push()
    monkeypatch.setattr(os, "write", full_after(2))

    for number in range(4):
        push(noise(RATE, seed=number))
    until(lambda: recorder.read_tally().failure is not None)
    with pytest.raises(DiskFull):
        recorder.end(0.0)
    monkeypatch.undo()

    assert kept(study, interview)[0] == noise(RATE, seed=0) + noise(RATE, seed=1)
    assert verify_study(study) == []


def test_a_disk_that_is_really_full_still_has_room_for_the_end(
    tmp_path: Path, clock: Clock, cheap: Argon2Cost
) -> None:
    with (
        mounted(tmp_path, mib=8) as disk,
        Study.create(disk.place / "s", "a long passphrase", cost=cheap)[0] as study,
    ):
        with study.change("added") as change:
            interview = change.add_interview(InterviewDetails("P01"))
        recorder = Recorder(study.interview(interview), SoundFormat(RATE, 8), clock)
        recorder.begin()
        free = os.statvfs(disk.place).f_bavail * os.statvfs(disk.place).f_frsize
        (disk.place / "ballast").write_bytes(bytes(free - 2_000_000))
        push, fed = recorder.intake.open_push(), b""
        for number in range(30):
            fed += noise(RATE, 8, seed=number)
            push(noise(RATE, 8, seed=number))
        until(lambda: recorder.read_tally().failure is not None)

        with pytest.raises(DiskFull):
            recorder.end(clock())

        pcm, _ = kept(study, interview)
        assert len(pcm) > 10 * RATE * 16
        assert fed.startswith(pcm)
        assert not study.summaries()[0].is_recording
        assert verify_study(study) == []


def test_an_interview_that_is_not_there_is_told_at_once(study: Study, clock: Clock) -> None:
    with pytest.raises(UnknownInterview):
        Recorder(study.interview("nowhere"), SoundFormat(RATE, 1), clock).begin()


_RECORDER = """
import sys, time
from pathlib import Path
from capture import recorder as recorder_module
from capture.recorder import Recorder
from study import InterviewDetails, MarkKind, SoundFormat
from study.store import Study

with Study.open(Path(sys.argv[1]), "a long passphrase") as study:
    with study.change("added") as change:
        interview = study.interview(change.add_interview(InterviewDetails("P09")))
    recorder = Recorder(interview, SoundFormat(8000, 1), time.monotonic)
    recorder.begin()
    push = recorder.intake.open_push()
    for number in range(1000):
        push(number.to_bytes(2, "little") * 800)
        if number == 12:
            recorder.intake.mark(MarkKind.MARKER, "twelve")
        if number == 24:
            recorder.intake.set_aside(MarkKind.OFF_RECORD)
            while recorder.read_tally().marks < 2:
                time.sleep(0.01)
        print(number, flush=True)
        time.sleep(0.1)
"""


def test_a_recorder_killed_within_its_first_second_has_kept_what_it_called_kept(
    study: Study,
) -> None:
    """From its first line on; the line is the sound that it calls sealed."""
    script = _RECORDER.replace("print(number,", "print(recorder.read_tally().sealed,")
    told: list[int] = []
    for label, said in (("P09", 1), ("P10", 4), ("P11", 8)):
        command = [sys.executable, "-c", script.replace("P09", label), str(study.folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as recorder:
            assert recorder.stdout is not None
            told += [[int(recorder.stdout.readline()) for _ in range(said)][-1]]
            recorder.kill()

        (rescued,) = rescue_recordings(study)

        assert rescued.kept_s * RATE >= told[-1]
        assert len(kept(study, rescued.interview)[0]) // 2 == rescued.kept_s * RATE
        assert verify_interview_sound(study.interview(rescued.interview)) == []
    assert told[0] == 0 < told[-1] < RATE


def test_kill_9_costs_less_than_a_second_and_no_mark_that_was_told_of(study: Study) -> None:
    command = [sys.executable, "-c", _RECORDER, str(study.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as recorder:
        assert recorder.stdout is not None
        while recorder.stdout.readline() != "25\n":
            assert recorder.poll() is None
        recorder.kill()

    (rescued,) = rescue_recordings(study)

    pcm, marks = kept(study, rescued.interview)
    assert rescued.kept_s == 2.5  # off the record from there on, and all before was sealed then
    assert np.array_equal(np.frombuffer(pcm, "<i2"), np.arange(len(pcm) // 2) // 800)
    assert marks == [
        Mark(1.3, MarkKind.MARKER, "twelve"),
        Mark(2.5, MarkKind.OFF_RECORD),
    ]
