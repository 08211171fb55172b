"""Hearing an interview in the review screen: the word that is heard, and playing that goes on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from textual.pilot import Pilot

from app import AudioDevices
from capture import FillOutput, PlayableSound, SoundPlayer, import_sound
from study import ArtefactKind, InterviewDetails, Provenance, SoundFormat, Transcript, Turn, Word
from study.errors import NoLoudspeaker
from study.store import Study, read_newest_transcript
from tests.capture.fed import Clock
from tui.app import Earshot
from tui.hardening import read_screen_lines
from tui.key_advice import describe_error
from tui.screens.review_screen import ReviewScreen

Shown = Callable[[Earshot], str]
_RATE = 8_000


class Deck:
    """A loudspeaker that takes sound when the test says so."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.channels, self.still_s, self.is_alive = 1, 0.0, True
        self.is_on = False
        self.fill: FillOutput = lambda _out, _when: None

    def open(self, form: SoundFormat, fill: FillOutput) -> Deck:
        self.channels, self.fill = form.channels, fill
        return self

    def start(self) -> None:
        self.is_on = True

    def halt(self) -> None:
        self.is_on = False

    def close(self) -> None:
        self.is_on = False

    def take(self, seconds: float) -> None:
        for _ in range(round(seconds * 100)):
            self.fill(np.zeros((_RATE // 100, self.channels), np.int16), self.clock.now_s)
            self.clock.now_s += 0.01
            time.sleep(0.002)  # the player's thread makes more ready meanwhile


class Doors(AudioDevices):
    """A loudspeaker of the test's own, or none at all."""

    def __init__(self, deck: Deck | None) -> None:
        self.deck = deck

    def make_player(self, sound: PlayableSound) -> SoundPlayer:
        if self.deck is None:

            def refused(_form: SoundFormat, _fill: FillOutput) -> Deck:
                raise NoLoudspeaker

            return SoundPlayer(sound, opened=refused)
        return SoundPlayer(sound, opened=self.deck.open, clock=self.deck.clock)


def _turn(key: int, start_s: float, *said: str) -> Turn:
    words = tuple(
        Word(f" {w}", start_s + n * 0.5, start_s + n * 0.5 + 0.4, 0.9) for n, w in enumerate(said)
    )
    return Turn(key, "P07", start_s, start_s + len(said) * 0.5, " ".join(said), words)


@pytest.fixture
def spoken(study: Study, tmp_path: Path) -> Study:
    """A study with 6 s of sound and three turns of two seconds."""
    file = tmp_path / "talk.wav"
    soundfile.write(file, np.sin(np.arange(6 * _RATE) / 5.0) * 0.2, _RATE)
    interview = import_sound(study, file, InterviewDetails("P07_i1"))
    turns = (
        _turn(1, 0.0, "one", "two", "three", "four"),
        _turn(2, 2.0, "five", "six", "seven", "eight"),
        _turn(3, 4.0, "nine", "ten", "eleven", "twelve"),
    )
    with study.interview(interview).change("transcribed") as change:
        change.write_artefact(
            ArtefactKind.RAW, Transcript(turns, Provenance("test", "earshot tests"))
        )
    return study


def _screen(app: Earshot) -> ReviewScreen:
    screen = app.screen
    assert isinstance(screen, ReviewScreen)
    return screen


def _heard(app: Earshot) -> str:
    """The words that are underlined as heard."""
    return "".join(
        segment.text
        for strip in read_screen_lines(app)
        for segment in strip
        if segment.style and segment.style.underline and segment.style.bold
    )


async def _until(pilot: Pilot[None], is_so: Callable[[], bool]) -> None:
    for _ in range(200):
        if is_so():
            return
        await pilot.pause(0.02)
    raise AssertionError("it did not come about")


async def test_the_word_that_is_heard_stands_out_and_the_cursor_follows(spoken: Study) -> None:
    deck = Deck()
    app = Earshot(spoken, sound=Doors(deck))
    async with app.run_test() as pilot:
        await pilot.press("enter", "space")
        await _until(pilot, lambda: deck.is_on)
        deck.take(0.6)
        await _until(pilot, lambda: _heard(app) == "two")
        deck.take(2.0)
        await _until(pilot, lambda: _heard(app) == "six")

        assert _screen(app).widgets.view.turn == 2
        assert _screen(app).cursor.looked_at == {1}


async def test_sound_that_was_cut_short_is_marked_as_long_as_what_is_left_is_played(
    spoken: Study, shown: Shown
) -> None:
    (path,) = (spoken.folder / "audio").glob("*/001.sealed")
    os.truncate(path, path.stat().st_size // 2)
    deck = Deck()
    app = Earshot(spoken, sound=Doors(deck))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "space")
        await _until(pilot, lambda: deck.is_on)
        await _until(pilot, lambda: "part of the recording is missing on the disk" in shown(app))
        deck.take(0.6)
        await pilot.press("space")
        await pilot.pause()

        assert "! part of the recording is missing on the disk" in shown(app)


async def test_playing_goes_on_while_a_word_is_corrected(spoken: Study) -> None:
    deck = Deck()
    app = Earshot(spoken, sound=Doors(deck))
    async with app.run_test() as pilot:
        await pilot.press("enter", "space")
        await _until(pilot, lambda: deck.is_on)
        deck.take(0.2)
        await pilot.press("enter", *"So ")
        deck.take(2.5)
        await _until(pilot, lambda: _heard(app) == "six")
        await pilot.press(*"it is ", "escape")
        await pilot.pause()
        source = read_newest_transcript(spoken.interview("P07_i1"))

        assert _screen(app).playback.is_playing
        assert source is not None
        assert source.transcript.turns[0].text == "So it is one two three four"


async def test_keys_seek_pause_and_change_the_speed(spoken: Study, shown: Shown) -> None:
    deck = Deck()
    app = Earshot(spoken, sound=Doors(deck))
    async with app.run_test() as pilot:
        await pilot.press("enter", "space")
        await _until(pilot, lambda: deck.is_on)
        await pilot.press("full_stop")
        await _until(pilot, lambda: deck.is_on)
        deck.take(0.1)
        await _until(pilot, lambda: _heard(app) == "five")
        await pilot.press("comma", "plus", "minus", "minus", "f")
        await pilot.pause(0.2)
        text = shown(app)
        await pilot.press("space")
        await pilot.pause()

        assert "\N{MULTIPLICATION SIGN}0.9" in text
        assert "not following" in text
        assert not _screen(app).playback.is_playing
        assert "‖ 00:00:0" in shown(app)


async def test_a_turn_is_played_to_its_end_or_over_and_over(spoken: Study) -> None:
    deck = Deck()
    app = Earshot(spoken, sound=Doors(deck))
    async with app.run_test() as pilot:
        await pilot.press("enter", "down", "o")
        await _until(pilot, lambda: deck.is_on)
        deck.take(2.2)
        await _until(pilot, lambda: not _screen(app).playback.is_playing)
        await pilot.press("O")
        await _until(pilot, lambda: deck.is_on)
        deck.take(2.5)
        await pilot.pause(0.3)

        assert _screen(app).playback.is_playing
        await _until(pilot, lambda: _heard(app) in {"five", "six"})


async def test_without_a_loudspeaker_it_is_said_in_words(spoken: Study, shown: Shown) -> None:
    app = Earshot(spoken, sound=Doors(None))
    async with app.run_test() as pilot:
        await pilot.press("enter", "space")
        await _until(pilot, lambda: "! No sound" in shown(app))
        text = shown(app)
        await pilot.press("enter", *"So ", "escape")
        await pilot.pause()
        source = read_newest_transcript(spoken.interview("P07_i1"))

    assert describe_error(NoLoudspeaker(), {}) in " ".join(text.split())  # nothing is cut off
    assert source is not None
    assert source.transcript.turns[0].text.startswith("So one")


async def test_covering_the_screen_silences_the_sound(spoken: Study) -> None:
    deck = Deck()
    app = Earshot(spoken, sound=Doors(deck))
    async with app.run_test() as pilot:
        await pilot.press("enter", "space")
        await _until(pilot, lambda: deck.is_on)
        screen = _screen(app)
        await pilot.press("ctrl+l")
        await _until(pilot, lambda: not deck.is_on)

        assert not screen.playback.is_playing


async def test_the_trail_tells_once_a_sitting_who_opened_the_sound(spoken: Study) -> None:
    deck = Deck()
    app = Earshot(spoken, sound=Doors(deck))
    async with app.run_test() as pilot:
        await pilot.press("enter", "o")
        await _until(pilot, lambda: deck.is_on)
        await pilot.press("space", "space", "o")
        await pilot.pause()

    told = [line for line in spoken.read_trail()[0] if line.verb == "sound opened to hear"]
    assert [(line.slot, line.interview) for line in told] == [
        (1, spoken.find_interview("P07_i1").id)
    ]
