"""Each fault has a beginning and an end, a sentence while it lasts, and one mark."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from capture.clock_lag import NewestBlock
from capture.watchdog import (
    COMPUTER_SLEPT,
    DRIVER_LOST_SOUND,
    MICROPHONE_CAUGHT_UP,
    MICROPHONE_FROZE,
    MarkToMake,
    RecordingSnapshot,
    Watchdog,
)
from study import MarkKind

RATE = 1_000
WELL = RecordingSnapshot(
    now_s=1_000.0, awake_s=5.0, wall_s=1e9, newest_block=NewestBlock(1_000.0), still_s=0.0,
    heard=0, zeros=0, clipped=0.0, overflows=0, queued_s=0.1, queue_s=60.0, dropped_s=0.0,
    source="Desk", disk_left_s=1e6, is_aside=False, is_cut=False,
)  # fmt: skip


@dataclass
class Watch:
    """A recording that goes on by itself, ten looks a second, with what the test does to it."""

    dog: Watchdog = field(default_factory=lambda: Watchdog(RATE))
    seen: RecordingSnapshot = WELL
    found: list[MarkToMake] = field(default_factory=list[MarkToMake])

    def on(self, seconds: float, *, gives: bool = True, **facts: float | str | bool) -> list[str]:
        """Go on, with sound or without; return the sentences that were shown."""
        told: list[str] = []
        self.seen = replace(self.seen, **facts)
        for _ in range(round(seconds * 10)):
            self.step(0.1, gives=gives)
            told += [fault.sentence for fault in self.dog.faults]
        return list(dict.fromkeys(told))

    def step(self, seconds: float, *, gives: bool = True, asleep: bool = False) -> None:
        old = self.seen
        now_s = old.now_s + seconds
        came = old.newest_block
        if gives:
            frames = came.frames_received + round(seconds * RATE)
            came = NewestBlock(now_s, frames, frames)
        self.seen = replace(
            old, now_s=now_s, awake_s=old.awake_s + (0 if asleep else seconds),
            wall_s=old.wall_s + seconds, newest_block=came, still_s=now_s - came.at_s,
            heard=came.frames_kept,
        )  # fmt: skip
        self.found += self.dog.judge(self.seen)

    @property
    def marks(self) -> list[tuple[str, int, float]]:
        return [(one.kind, one.place, round(one.length_s, 3)) for one in self.found]

    @property
    def loud(self) -> list[str]:
        return [fault.kind for fault in self.dog.faults if fault.is_loud]


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_all_is_well_for_an_hour(watch: Watch) -> None:
    assert watch.on(3600) == []
    assert watch.found == []


def test_a_source_that_gives_nothing_is_told_and_after_three_seconds_loudly(watch: Watch) -> None:
    watch.on(10)

    assert watch.on(0.9, gives=False) == []
    watch.on(0.6, gives=False)
    assert watch.dog.faults[0].sentence == "Nothing has come from the microphone for 2 s."
    assert watch.loud == []
    watch.on(2, gives=False)
    assert watch.dog.faults[0].sentence.startswith("Recording has stopped. Nothing has come")
    assert watch.loud == [MarkKind.GAP]


def test_what_a_source_did_not_give_while_it_was_still_is_one_gap_of_its_length(
    watch: Watch,
) -> None:
    watch.on(10)
    watch.on(5, gives=False)
    watch.on(10)

    (gap,) = watch.found
    assert (gap.kind, gap.place, gap.note) == (MarkKind.GAP, 10 * RATE, MICROPHONE_FROZE)
    assert gap.length_s == pytest.approx(5.0, abs=0.2)


def test_a_source_that_was_still_and_then_gave_all_of_it_has_lost_nothing(watch: Watch) -> None:
    watch.on(10)
    watch.on(5, gives=False)
    late = replace(watch.seen.newest_block, frames_received=15 * RATE, frames_kept=15 * RATE)
    watch.seen = replace(watch.seen, newest_block=late)
    watch.on(10)

    assert watch.found == [MarkToMake(MarkKind.GAP, 10 * RATE, MICROPHONE_CAUGHT_UP)]
    assert watch.dog.faults == ()


def test_sound_that_is_missing_though_it_never_stopped_is_a_gap(watch: Watch) -> None:
    watch.on(10)
    watch.step(0.9, gives=False)
    watch.on(10)

    (gap,) = watch.found
    assert (gap.kind, gap.place) == (MarkKind.GAP, 10 * RATE)
    assert gap.length_s == pytest.approx(0.9, abs=0.01)


def test_a_gap_in_what_is_not_kept_is_none(watch: Watch) -> None:
    watch.on(10)
    watch.on(5, is_aside=True)
    watch.on(2, gives=False)
    watch.on(10)

    assert watch.found == []


def test_a_source_is_given_up_after_ten_seconds_awake(watch: Watch) -> None:
    watch.on(10)
    watch.on(9.5, gives=False)
    assert not watch.dog.has_given_up(watch.seen)
    watch.on(1.0, gives=False)
    assert watch.dog.has_given_up(watch.seen)


def test_a_computer_that_slept_tells_so_and_gives_the_source_time_to_wake(watch: Watch) -> None:
    watch.on(10)
    watch.step(600, gives=False, asleep=True)
    told = watch.on(0.5, gives=False)
    assert "The computer slept for 10 min: nothing was recorded meanwhile." in told
    assert not watch.dog.has_given_up(watch.seen)
    watch.on(10)

    (gap,) = watch.found
    assert (gap.kind, gap.place, gap.note) == (MarkKind.GAP, 10 * RATE, COMPUTER_SLEPT)
    assert gap.length_s == pytest.approx(600.5, abs=0.2)


@pytest.mark.parametrize(
    ("turned_s", "note"), [(3600.0, "forward by 1 h"), (-3600.0, "back by 1 h")]
)
def test_a_clock_that_is_set_is_told_and_changes_no_length(
    watch: Watch, turned_s: float, note: str
) -> None:
    watch.on(10)
    told = watch.on(60, wall_s=watch.seen.wall_s + turned_s)

    assert told == [f"The computer's clock went {note}. The recording's own times stay true."]
    assert watch.found == [MarkToMake(MarkKind.CLOCK, 10 * RATE + RATE // 10, note)]
    assert watch.dog.faults == ()


def test_exact_silence_is_told_after_two_seconds_and_marked_from_its_first_frame(
    watch: Watch,
) -> None:
    watch.on(10)
    assert watch.on(1.0, zeros=RATE) == []
    told = watch.on(3.0, zeros=3 * RATE)
    watch.on(1.0, zeros=0)

    assert told == ["The microphone is muted or off: it gives exact silence."]
    (mark,) = watch.found
    assert (mark.kind, mark.place) == (MarkKind.MUTED, 11_100 - 3_000)
    assert mark.length_s == pytest.approx(6.0)


def test_another_microphone_is_told_for_as_long_as_it_is_another(watch: Watch) -> None:
    watch.on(5)
    told = watch.on(60, source="Loudspeaker")
    assert told == ["Another microphone is being recorded: Loudspeaker."]
    watch.on(1, source="")
    assert watch.loud == [MarkKind.SOURCE]
    watch.on(1, source="Desk")

    assert watch.dog.faults == ()
    assert [(one.kind, one.note) for one in watch.found] == [
        (MarkKind.SOURCE, "Loudspeaker"),
        (MarkKind.SOURCE, "Desk"),
    ]


def test_clipping_is_one_mark_for_as_long_as_it_lasts(watch: Watch) -> None:
    watch.on(5, clipped=0.0005)
    told = watch.on(7, clipped=0.01)
    watch.on(5, clipped=0.0)

    assert told == ["Too loud, the sound is clipped: turn the microphone down or move it away."]
    assert watch.marks == [(MarkKind.CLIPPED, 5_100, 7.0)]


def test_a_driver_that_lost_sound_is_one_mark_with_what_the_clock_says(watch: Watch) -> None:
    watch.on(10)
    watch.step(0.5, gives=False)
    for number in range(1, 5):
        watch.on(0.1, overflows=number)
    watch.on(20)

    (gap,) = watch.found
    assert (gap.kind, gap.note) == (MarkKind.GAP, DRIVER_LOST_SOUND)
    assert gap.length_s == pytest.approx(0.5, abs=0.01)


def test_a_driver_that_says_so_and_lost_nothing_that_counts_is_one_mark(watch: Watch) -> None:
    watch.on(10)
    for number in range(1, 50):
        watch.on(0.1, overflows=number)
    watch.on(20)

    assert watch.found == [MarkToMake(MarkKind.GAP, 10_100, DRIVER_LOST_SOUND)]


def test_a_slow_disk_is_told_and_sound_that_it_lost_is_loud(watch: Watch) -> None:
    watch.on(5, queued_s=31.0)
    assert [fault.sentence for fault in watch.dog.faults] == [
        "The disk is slow: 31 s of sound wait for it."
    ]
    watch.on(1, queued_s=60.0, dropped_s=2.5)
    assert watch.loud == [MarkKind.LOST]
    assert watch.dog.faults[0].sentence == "2.5 s of sound were lost: the disk is too slow."
    watch.on(31, queued_s=0.0)

    assert watch.dog.faults == ()
    assert watch.marks == [(MarkKind.SLOW_DISK, 100, 6.0)]


@pytest.mark.parametrize(
    ("left_s", "sentence", "is_loud"),
    [
        (29.5 * 60, "Only 29 min of sound fits on the disk.", False),
        (9.5 * 60, "Only 9 min of sound fits on the disk.", True),
        (30.0, "Only a minute of sound fits on the disk.", True),
    ],
)
def test_a_disk_that_fills_is_told_in_time(
    watch: Watch, left_s: float, sentence: str, *, is_loud: bool
) -> None:
    assert watch.on(1, disk_left_s=left_s) == [sentence]
    assert watch.dog.faults[0].is_loud is is_loud


def test_a_disk_too_small_for_what_was_planned_is_told() -> None:
    watch = Watch(Watchdog(RATE, planned_s=3600))

    told = watch.on(1, disk_left_s=3000.0)

    assert told == ["Only 50 min of sound fits on the disk. That is less than was planned."]


def test_the_worst_stands_first(watch: Watch) -> None:
    watch.on(5, disk_left_s=29 * 60.0, clipped=0.5)
    watch.on(4, zeros=4 * RATE)

    assert watch.dog.faults[0].kind == MarkKind.MUTED


def test_what_lasts_until_the_end_is_marked_at_the_end(watch: Watch) -> None:
    watch.on(10, clipped=0.5)

    watch.found += watch.dog.close(watch.seen)
    assert watch.marks == [(MarkKind.CLIPPED, 100, 9.9)]
    assert watch.dog.close(watch.seen) == []


def seen_at_once(planned_s: float | None = None, **facts: float | str | bool) -> Watchdog:
    """What the first look at a moment with these facts shows."""
    dog = Watchdog(RATE, planned_s=planned_s)
    assert dog.judge(replace(WELL, **facts)) == []
    return dog


@pytest.mark.parametrize(
    ("facts", "shown", "is_loud"),
    [
        ({"still_s": 1.0}, "", False),
        ({"still_s": 1.01}, "Nothing has come from the microphone for 1 s.", False),
        ({"still_s": 3.0}, "Nothing has come from the microphone for 3 s.", False),
        ({"still_s": 3.01}, "Recording has stopped. Nothing has come from the", True),
        ({"still_s": 9.0, "is_cut": True}, "", False),
        ({"zeros": 2 * RATE}, "", False),
        ({"zeros": 2 * RATE + 1}, "The microphone is muted or off", True),
        ({"zeros": 9 * RATE, "is_aside": True}, "", False),
        ({"zeros": 9 * RATE, "is_cut": True}, "", False),
        ({"clipped": 0.001}, "", False),
        ({"clipped": 0.0011}, "Too loud, the sound is clipped", False),
        ({"clipped": 0.5, "is_aside": True}, "", False),
        ({"clipped": 0.5, "is_cut": True}, "", False),
        ({"queued_s": 30.0}, "", False),
        ({"queued_s": 30.1}, "The disk is slow: 30 s of sound wait for it.", False),
        ({"disk_left_s": 1800.0}, "", False),
        ({"disk_left_s": 1799.0}, "Only 29 min of sound fits on the disk.", False),
        ({"disk_left_s": 600.0}, "Only 10 min of sound fits on the disk.", False),
        ({"disk_left_s": 599.0}, "Only 9 min of sound fits on the disk.", True),
        ({"disk_left_s": 60.0}, "Only 1 min of sound fits on the disk.", True),
        ({"planned_s": 3600.0, "disk_left_s": 3600.0}, "", False),
        ({"planned_s": 3600.0, "disk_left_s": 3599.0}, "That is less than was planned.", False),
        ({"planned_s": 9000.0, "heard": 2000 * RATE, "disk_left_s": 7000.0}, "", False),
        ({"planned_s": 9000.0, "heard": 2000 * RATE, "disk_left_s": 6999.0}, "planned", False),
    ],
)
def test_each_rule_has_a_limit_up_to_which_all_is_well(
    facts: dict[str, float], shown: str, *, is_loud: bool
) -> None:
    faults = seen_at_once(**facts).faults

    assert len(faults) == bool(shown)
    assert all(shown in fault.sentence for fault in faults)
    assert any(fault.is_loud for fault in faults) is is_loud


def test_a_source_is_given_up_after_ten_seconds_and_not_before() -> None:
    assert not seen_at_once(still_s=10.0).has_given_up(replace(WELL, still_s=10.0))
    assert seen_at_once(still_s=10.1).has_given_up(replace(WELL, still_s=10.1))


@pytest.mark.parametrize(("slept_s", "is_so"), [(1.0, False), (1.5, True)])
def test_a_second_of_sleep_is_none(watch: Watch, slept_s: float, *, is_so: bool) -> None:
    watch.step(1.0)
    watch.step(slept_s, asleep=True)

    assert watch.dog.has_slept is is_so
    assert watch.dog.missing_reason == (COMPUTER_SLEPT if is_so else MICROPHONE_FROZE)
    assert [fault.kind for fault in watch.dog.faults] == [MarkKind.GAP] * is_so


@pytest.mark.parametrize("turned_s", [2.0, -2.0])
def test_a_clock_that_is_set_right_by_two_seconds_is_not_told(
    watch: Watch, turned_s: float
) -> None:
    watch.step(1.0)
    watch.seen = replace(watch.seen, wall_s=watch.seen.wall_s + turned_s)
    watch.step(1.0)

    assert (watch.found, watch.dog.faults) == ([], ())


def test_what_is_over_is_shown_for_half_a_minute(watch: Watch) -> None:
    watch.step(1.0)
    watch.step(600.0, asleep=True)
    shown: list[bool] = []
    for _ in range(31):
        shown.append(watch.dog.faults != ())
        watch.step(1.0)

    assert shown == [True] * 30 + [False]


def test_after_a_sleep_the_source_has_its_ten_seconds_again(watch: Watch) -> None:
    watch.on(10)
    watch.step(300, gives=False, asleep=True)
    watch.step(300, gives=False, asleep=True)
    watch.on(9.0, gives=False)
    assert not watch.dog.has_given_up(watch.seen)
    watch.on(1.0)
    watch.on(10.5, gives=False)
    assert watch.dog.has_given_up(watch.seen)


def test_whether_sound_is_missing_is_told_after_four_seconds(watch: Watch) -> None:
    watch.on(10)
    watch.seen = replace(watch.seen, overflows=1)
    watch.step(0.5)
    for _ in range(8):
        watch.step(0.5)
    before = [*watch.found]
    watch.step(0.5)

    assert before == []
    assert [(one.kind, one.note, one.length_s) for one in watch.found] == [
        (MarkKind.GAP, DRIVER_LOST_SOUND, 0.0)
    ]


def test_a_driver_that_lost_sound_is_told_and_not_loudly(watch: Watch) -> None:
    watch.on(5)

    told = watch.on(1, overflows=1)

    assert told == ["The sound driver says that it lost sound."]
    assert watch.loud == []


def test_a_driver_that_lost_sound_before_a_cut_is_one_mark_when_the_source_is_closed(
    watch: Watch,
) -> None:
    watch.on(10)
    watch.on(0.5, overflows=1)
    watch.on(6, gives=False, is_cut=True)
    assert watch.found == []

    watch.found += watch.dog.close(watch.seen)
    watch.on(10, is_cut=False)
    assert watch.found == [MarkToMake(MarkKind.GAP, 10_100, DRIVER_LOST_SOUND)]


def test_what_is_missing_when_the_source_is_lost_is_told_by_what_there_is(watch: Watch) -> None:
    watch.on(10)
    watch.step(0.9, gives=False)
    watch.on(1.0)

    (gap,) = watch.dog.close(watch.seen)

    assert (gap.kind, gap.place, gap.note) == (MarkKind.GAP, 10 * RATE, "the reason is not known")
    assert gap.length_s == pytest.approx(0.9, abs=0.01)
    assert watch.dog.faults == ()


def test_sound_that_is_missing_is_told_with_its_length_and_why(watch: Watch) -> None:
    watch.on(10)
    watch.step(0.9, gives=False)

    told = watch.on(10)

    assert told == ["0.9 s of sound are missing: the reason is not known."]
    assert [fault.kind for fault in watch.dog.faults] == [MarkKind.GAP]


def test_a_clock_that_was_set_is_a_mark_without_a_length(watch: Watch) -> None:
    watch.on(10)
    watch.on(1, wall_s=watch.seen.wall_s + 60.0)
    watch.on(1, source="Loudspeaker")

    assert watch.marks == [
        (MarkKind.CLOCK, 10 * RATE + RATE // 10, 0.0),
        (MarkKind.SOURCE, 11 * RATE + RATE // 10, 0.0),
    ]


def test_a_microphone_whose_name_is_known_late_is_no_other(watch: Watch) -> None:
    watch.on(2, source="")
    watch.on(2, source="Desk")
    watch.on(2, source="")

    assert (watch.found, watch.dog.faults) == ([], ())


def test_two_faults_are_two_spells_and_each_ends_by_itself(watch: Watch) -> None:
    watch.on(2, clipped=0.5)
    watch.on(2, clipped=0.5, queued_s=40.0)
    watch.on(2, clipped=0.0)
    watch.on(2, queued_s=0.0)

    assert watch.marks == [
        (MarkKind.CLIPPED, 100, 4.0),
        (MarkKind.SLOW_DISK, 2_100, 4.0),
    ]


def test_a_late_block_that_is_no_stop_leaves_no_mark(watch: Watch) -> None:
    watch.on(10)
    watch.on(2.0, gives=False)
    late = replace(watch.seen.newest_block, frames_received=12 * RATE, frames_kept=12 * RATE)
    watch.seen = replace(watch.seen, newest_block=late)
    watch.on(10)

    assert (watch.found, watch.dog.faults) == ([], ())


def test_a_source_that_had_stopped_when_it_was_cut_is_not_waited_for(watch: Watch) -> None:
    watch.on(10)
    watch.on(5, gives=False)
    watch.on(1, gives=False, is_cut=True)
    watch.found += watch.dog.close(watch.seen)
    watch.on(10, is_cut=False)

    assert watch.found == []


def test_a_gap_that_ends_with_a_pause_is_none(watch: Watch) -> None:
    watch.on(10)
    watch.on(5, is_aside=True)
    watch.step(0.9, gives=False)
    watch.on(3.0)
    watch.on(10, is_aside=False)

    assert watch.found == []
