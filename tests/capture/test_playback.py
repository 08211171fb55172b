"""Playing sound: what is heard, where we are, and that nobody waits for a device."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator

import numpy as np
import pytest
from numpy.typing import NDArray

from capture.loudspeaker import FillOutput
from capture.playback import OpenOutput, SoundPlayer
from capture.sound_check import SoundClip
from study import SoundFormat
from study.errors import NoLoudspeaker, StudyDamaged
from tests.capture.fed import RATE, Clock, noise, until

Samples = NDArray[np.int16]
BLOCK = RATE // 100
FADE = RATE // 200  # 5 ms
SECONDS = 3


class Deck:
    """A loudspeaker that takes sound when the test says so, and is heard ``delay_s`` later."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.opened = self.closed = self.starts = 0
        self.channels = 0
        self.is_alive = True
        self.still_s = 0.0
        self.delay_s = 0.0
        self.is_on = False
        self.fill: FillOutput = lambda _out, _when: None

    def open(self, form: SoundFormat, fill: FillOutput) -> Deck:
        self.opened += 1
        self.channels, self.fill = min(form.channels, 2), fill
        return self

    def start(self) -> None:
        self.is_on = True
        self.starts += 1

    def halt(self) -> None:
        self.is_on = False

    def close(self) -> None:
        self.is_on = False
        self.closed += 1

    def take(self, seconds: float) -> Samples:
        """Take so much sound, and let the time pass in which it is taken."""
        blocks: list[Samples] = []
        for _ in range(round(seconds * RATE / BLOCK)):
            block = np.zeros((BLOCK, self.channels), np.int16)
            self.fill(block, self.clock.now_s + self.delay_s)
            self.clock.now_s += BLOCK / RATE
            blocks.append(block)
        return np.concatenate(blocks)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def deck(clock: Clock) -> Deck:
    return Deck(clock)


@pytest.fixture
def sound() -> Samples:
    pcm = noise(SECONDS * RATE)
    return np.frombuffer(pcm, "<i2").reshape(-1, 1)


Make = Callable[..., SoundPlayer]


@pytest.fixture
def make(deck: Deck, clock: Clock, sound: Samples) -> Generator[Make]:
    """Make a player; all of them are closed at the end."""
    made: list[SoundPlayer] = []

    def player(played: Samples = sound, opened: OpenOutput = deck.open, **how: int) -> SoundPlayer:
        clip = SoundClip(SoundFormat(RATE, played.shape[1]), played.tobytes())
        made.append(SoundPlayer(clip, opened=opened, clock=clock, **how))
        return made[-1]

    yield player
    for one in made:
        one.close(10.0)


def started(deck: Deck, times: int = 1) -> None:
    until(lambda: deck.starts == times and deck.is_on)


def test_sound_is_played_bit_for_bit(make: Make, deck: Deck, sound: Samples) -> None:
    make().play(0.0)
    started(deck)

    assert np.array_equal(deck.take(0.3), sound[: round(0.3 * RATE)])


def test_it_begins_at_the_time_asked_for_and_rises_within_5_ms(
    make: Make, deck: Deck, sound: Samples
) -> None:
    make().play(1.0)
    started(deck)

    heard = deck.take(0.2)

    assert heard[0, 0] == 0
    assert np.array_equal(heard[FADE:], sound[RATE : RATE + len(heard)][FADE:])


@pytest.mark.parametrize("speed", [0.5, 1.0, 1.6, 2.0])
def test_the_position_is_what_is_heard_not_what_the_device_has_taken(
    make: Make, deck: Deck, clock: Clock, speed: float
) -> None:
    player = make()
    deck.delay_s = 0.1
    player.set_speed(speed)
    player.play(1.0)
    started(deck)

    deck.take(0.08)
    assert player.position_s == 1.0
    deck.take(0.12)
    assert player.position_s == pytest.approx(1.0 + 0.1 * speed, abs=1 / RATE)
    clock.now_s += 60
    assert player.position_s == pytest.approx(1.0 + 0.2 * speed, abs=1 / RATE)


def test_a_pause_throws_away_what_was_not_heard_and_play_goes_on_there(
    make: Make, deck: Deck, sound: Samples
) -> None:
    player = make()
    deck.delay_s = 0.1
    player.play(0.0)
    started(deck)
    deck.take(0.3)

    player.pause()
    until(lambda: not deck.is_on)
    assert not player.is_playing
    assert player.position_s == pytest.approx(0.2, abs=1 / RATE)

    player.play()
    started(deck, times=2)
    heard, first = deck.take(0.1), round(0.2 * RATE)
    assert np.array_equal(heard[FADE:], sound[first : first + len(heard)][FADE:])


def test_a_seek_while_playing_is_heard_at_once_and_told_at_once(
    make: Make, deck: Deck, sound: Samples
) -> None:
    player = make()
    player.play(0.0)
    started(deck)
    deck.take(0.1)

    player.seek(2.0)
    assert player.position_s == 2.0
    started(deck, times=2)

    heard = deck.take(0.1)
    assert np.array_equal(heard[FADE:], sound[2 * RATE :][: len(heard)][FADE:])


def test_a_seek_while_paused_stays_paused(make: Make, deck: Deck) -> None:
    player = make()

    player.seek(2.5)

    assert (player.is_playing, player.position_s, deck.opened) == (False, 2.5, 0)


def test_times_before_the_beginning_and_behind_the_end_are_brought_there(make: Make) -> None:
    player = make()

    player.seek(-5.0)
    assert player.position_s == 0.0
    player.seek(1e9)
    assert player.position_s == SECONDS


def test_at_the_end_it_stops_and_play_starts_over(make: Make, deck: Deck, sound: Samples) -> None:
    player = make()
    player.play(SECONDS - 0.1)
    started(deck)
    assert player.is_playing
    deck.take(0.2)

    until(lambda: not deck.is_on)
    assert (player.is_playing, player.position_s) == (False, SECONDS)

    player.play(1.0)
    started(deck, times=2)
    heard = deck.take(0.1)
    assert np.array_equal(heard[FADE:], sound[RATE : RATE + len(heard)][FADE:])


def test_a_passage_ends_where_it_was_to_end_and_can_be_played_again(
    make: Make, deck: Deck, sound: Samples
) -> None:
    player = make()
    player.play(1.0, 1.2)
    started(deck)
    heard = deck.take(0.3)
    until(lambda: not deck.is_on)

    assert player.position_s == pytest.approx(1.2)
    whole, size = sound[RATE : RATE + len(heard)], round(0.2 * RATE)
    assert np.array_equal(heard[FADE : size - FADE], whole[FADE : size - FADE])
    assert abs(int(heard[size - 1, 0])) < 100
    assert not heard[size:].any()

    player.play()
    assert player.position_s == pytest.approx(1.0)


def test_a_loop_goes_round_until_something_else_is_asked_for(
    make: Make, deck: Deck, sound: Samples
) -> None:
    player = make()
    player.loop(1.0, 1.2)
    started(deck)

    heard, size = deck.take(0.4), round(0.2 * RATE)

    for turn in (heard[:size], heard[size:]):
        assert np.array_equal(
            turn[FADE : size - FADE], sound[RATE : RATE + size][FADE : size - FADE]
        )
    assert player.is_playing
    assert 1.0 <= player.position_s <= 1.2


@pytest.mark.parametrize("span", [(0.5, 0.5), (1.0, 0.5), (3.0, 3.0), (0.0, 0.0)])
def test_a_loop_too_short_to_hear_is_made_longer(
    make: Make, deck: Deck, span: tuple[float, float]
) -> None:
    player = make()
    player.loop(*span)
    started(deck)

    assert deck.take(0.3)[FADE:].any()


def test_a_new_speed_is_taken_up_without_a_click_or_a_jump(make: Make, deck: Deck) -> None:
    tone = np.rint(8000 * np.sin(2 * np.pi * 440 * np.arange(3 * RATE) / RATE)).astype(np.int16)
    player = make(tone[:, None])
    player.play(0.0)
    started(deck)

    heard = [deck.take(0.1)]
    for speed in (1.5, 0.5, 1.0, 2.0):
        before_s = player.position_s
        player.set_speed(speed)
        until(lambda: ahead(player) >= round(0.2 * RATE))
        heard.append(deck.take(0.1))
        assert 0.04 < player.position_s - before_s < 0.21

    steps = np.abs(np.diff(np.concatenate(heard)[:, 0].astype(int)))
    assert steps.max() < 1.2 * 8000 * 2 * np.pi * 440 / RATE  # the steepest of the tone itself


def ahead(player: SoundPlayer) -> int:
    """How many frames are ready: the test takes no more, as no device would."""
    run = player._run  # pyright: ignore[reportPrivateUsage] - nobody else needs to know
    return run.put - run.taken


@pytest.mark.parametrize("channel", [0, 2])
def test_one_channel_is_heard_alone(make: Make, deck: Deck, channel: int) -> None:
    three = np.frombuffer(noise(RATE, channels=3), "<i2").reshape(-1, 3)
    make(three, channel=channel).play(0.0)
    started(deck)

    assert np.array_equal(deck.take(0.1), three[: round(0.1 * RATE), [channel]])


def test_one_voice_among_many_microphones_is_heard_on_both_sides(make: Make, deck: Deck) -> None:
    eight = np.zeros((RATE, 8), np.int16)
    eight[:, 5] = 8000
    make(eight).play(0.0)
    started(deck)

    assert np.array_equal(np.unique(deck.take(0.1)), [round(8000 / 8**0.5)])


def test_without_a_loudspeaker_it_says_so_and_the_next_play_tries_again(
    make: Make, deck: Deck
) -> None:
    is_there = False

    def opened(form: SoundFormat, fill: FillOutput) -> Deck:
        if not is_there:
            raise NoLoudspeaker
        return deck.open(form, fill)

    player = make(opened=opened)
    player.play(1.0)
    until(lambda: player.failure is not None)
    assert isinstance(player.failure, NoLoudspeaker)
    assert (player.is_playing, player.position_s) == (False, 1.0)

    is_there = True
    player.play()
    started(deck)
    assert player.failure is None


@pytest.mark.parametrize(("is_alive", "still_s"), [(False, 0.0), (True, 9.0)])
def test_a_loudspeaker_that_vanishes_or_freezes_stops_it_where_it_is(
    make: Make, deck: Deck, *, is_alive: bool, still_s: float
) -> None:
    player = make()
    player.play(0.0)
    started(deck)
    deck.take(0.1)

    deck.is_alive, deck.still_s = is_alive, still_s

    until(lambda: deck.closed == 1)
    assert isinstance(player.failure, NoLoudspeaker)
    assert not player.is_playing
    assert player.position_s == pytest.approx(0.1, abs=0.001)


def test_sound_that_is_damaged_stops_it_with_a_sentence(deck: Deck, clock: Clock) -> None:
    class Damaged:
        form = SoundFormat(RATE, 1)
        frames = RATE

        def read(self, _first: int, _frames: int) -> bytes:
            raise StudyDamaged("audio")

    player = SoundPlayer(Damaged(), opened=deck.open, clock=clock)
    player.play(0.0)

    until(lambda: player.failure is not None)
    assert isinstance(player.failure, StudyDamaged)
    player.close(10.0)


def test_nobody_waits_for_a_loudspeaker_that_hangs(make: Make, deck: Deck) -> None:
    hangs, may_go_on = threading.Event(), threading.Event()

    def opened(form: SoundFormat, fill: FillOutput) -> Deck:
        hangs.set()
        assert may_go_on.wait(10)
        return deck.open(form, fill)

    player = make(opened=opened)
    player.play(0.0)
    assert hangs.wait(10)

    player.seek(1.0)
    player.set_speed(2.0)
    player.pause()
    player.play()
    player.loop(0.5, 1.0)
    assert (player.is_playing, player.position_s) == (True, 0.5)
    player.close()

    may_go_on.set()


def test_after_a_long_pause_the_device_is_let_go(make: Make, deck: Deck, clock: Clock) -> None:
    player = make()
    player.play(0.0)
    started(deck)
    deck.take(0.1)
    player.pause()
    until(lambda: not deck.is_on)
    assert deck.closed == 0

    clock.now_s += 6
    until(lambda: deck.closed == 1)

    player.play()
    started(deck, times=2)
    assert deck.opened == 2
    assert player.position_s == pytest.approx(0.1, abs=0.001)


def test_once_closed_it_reads_no_more(deck: Deck, clock: Clock) -> None:
    class Closing(SoundClip):
        is_closed = False

        def read(self, first: int, frames: int) -> bytes:
            assert not type(self).is_closed
            return super().read(first, frames)

    player = SoundPlayer(Closing(SoundFormat(RATE, 1), noise(RATE)), opened=deck.open, clock=clock)
    player.play(0.0)
    started(deck)

    player.close(10.0)
    Closing.is_closed = True
    player.play(0.5)

    assert (deck.closed, player.is_playing) == (1, False)
