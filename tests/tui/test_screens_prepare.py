"""Before a recording: what is settled, what is kept of it, and that two keys are enough."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from app import MicrophoneChoice
from study import (
    ArtefactKind,
    Category,
    InterviewDetails,
    Participant,
    RecordingSetup,
    RegisterEntry,
    Role,
    SoundFormat,
    StudySettings,
)
from study.errors import MicrophoneFailed, NoSoundLibrary
from study.store import WHOLE_STUDY, Study, read_settings, read_topic_guide, save_topic_guide
from study.store import record_stretch as stretch
from tests.keys import key_of
from tests.recordings import GOOD, FakeSound
from tui.app import Earshot
from tui.screens.dialogs import MessageDialog, QuestionDialog
from tui.screens.home_screen import HomeScreen
from tui.screens.preparation_screen import PreparationScreen
from tui.screens.recording_screen import RecordingScreen

Shown = Callable[[Earshot], str]
_PEOPLE = (Participant("P07", names=("Margaret",)), Participant("INT01", Role.INTERVIEWER))
_GUIDE = "## How it began\n- Who told you?\n\n## A day\n"


@pytest.fixture
def visited(study: Study) -> Study:
    """A study with a guide and one interview, whose recording was only entered."""
    save_topic_guide(study, _GUIDE)
    with study.change("made") as change:
        change.add_interview(InterviewDetails("P07_i1", _PEOPLE))
    return study


@asynccontextmanager
async def preparing(
    study: Study, sound: FakeSound, key: str = key_of("home.go_on")
) -> AsyncGenerator[tuple[Earshot, Pilot[None]]]:
    """The screen that prepares a recording, once it knows the microphones."""
    app = Earshot(study, sound=sound)
    async with app.run_test() as pilot:
        await pilot.press(key)
        await settle(app, pilot)
        yield app, pilot


async def settle(app: Earshot, pilot: Pilot[None]) -> None:
    """Wait for what runs beside the screen."""
    await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
    await pilot.pause()


async def test_two_keys_record_with_what_was_settled_before(visited: Study, shown: Shown) -> None:
    sound = FakeSound()
    async with preparing(visited, sound) as (app, pilot):
        await pilot.press("r")
        await pilot.pause()
        asked = shown(app)
        await pilot.press("y")
        await settle(app, pilot)

        assert isinstance(app.screen, RecordingScreen)
        assert app.recording is not None
        assert app.recording.speakers == ("P07", "INT01")
    interview = visited.summaries()[0].id
    setting = visited.interview(interview).read_artefact(ArtefactKind.SETTING, RecordingSetup)
    assert "can they decide now, and do they want to be recorded now?" in asked
    assert "P07\n" in asked
    assert "INT01" not in asked  # who asks is not asked
    assert "No sound check was made." in asked
    assert setting == RecordingSetup(("P07", "INT01"), "Laptop", 1, consent=True)
    assert visited.whole.read_artefact(ArtefactKind.SETTINGS, StudySettings) == StudySettings(
        "Laptop"
    )
    assert sound.made.told == ["start", "consent agreed again at 0"]


async def test_without_agreement_nothing_is_recorded(visited: Study, shown: Shown) -> None:
    sound = FakeSound()
    async with preparing(visited, sound) as (app, pilot):
        await pilot.press("r", "enter", "space", "r", "escape")
        await pilot.pause()
        unanswered = isinstance(app.screen, PreparationScreen)
        await pilot.press("r", key_of("willing.dissent"))
        await pilot.pause()
        why = shown(app)
        await pilot.press("escape")
        await pilot.pause()

        assert unanswered
        assert "Somebody does not want to be recorded now." in why
        assert "! not everybody agreed, so nothing is recorded" in shown(app)
    assert sound.made.told == []
    assert (
        visited.interview(visited.summaries()[0].id).find_newest_version(ArtefactKind.SETTING) == 0
    )


async def test_a_new_interview_is_named_first_and_entered_when_it_is_recorded(
    visited: Study, shown: Shown
) -> None:
    sound = FakeSound()
    async with preparing(visited, sound, key_of("home.new")) as (app, pilot):
        suggested = shown(app)
        await pilot.press(*"P09_i1", "enter")
        await pilot.pause()
        settled = shown(app)
        before = len(visited.summaries())
        await pilot.press("r", "y")
        await settle(app, pilot)

    assert "P08_i1" in suggested
    assert "P09, INT01:interviewer" in settled
    assert before == 1
    entered = visited.find_interview("P09_i1").about
    assert entered is not None
    assert [(p.code, p.role) for p in entered.participants] == [
        ("P09", Role.PARTICIPANT), ("INT01", Role.INTERVIEWER),
    ]  # fmt: skip


async def test_a_label_that_is_none_or_is_taken_is_refused_in_words(
    visited: Study, shown: Shown
) -> None:
    with stretch(visited.interview(visited.summaries()[0].id), SoundFormat(8_000, 1)) as writer:
        writer.write(bytes(16_000))
    async with preparing(visited, FakeSound(), key_of("home.new")) as (app, pilot):
        await pilot.press(*"Mrs Margaret", "enter")
        await pilot.pause()
        named = shown(app)
        await pilot.press(*(["backspace"] * 20), *"P07_i1", "enter")
        await pilot.pause()

        assert "! That is not a usable label." in named
        assert "! Another interview has that label already." in shown(app)


async def test_a_name_in_a_label_is_asked_about_before_it_is_kept(
    visited: Study, shown: Shown
) -> None:
    """Only the gate refused it, once everything had been decided."""
    async with preparing(visited, FakeSound(), key_of("home.new")) as (app, pilot):
        await pilot.press(*"Maureen_i1", "enter")
        await pilot.pause()
        doubted = " ".join(shown(app).split())
        await pilot.press("enter")
        await pilot.pause()
        kept = shown(app)

    assert "Maureen is a name, and a label goes into files that leave the study." in doubted
    assert "What is the new interview called?" in doubted
    assert "Label           Maureen_i1" in kept


async def test_participants_are_typed_with_roles_and_their_names_stay(
    visited: Study, shown: Shown
) -> None:
    async with preparing(visited, FakeSound()) as (app, pilot):
        await pilot.press(key_of("prepare.who"), *", S1:sup", "enter")
        await pilot.pause()
        typed = shown(app)
        await pilot.press(key_of("prepare.who"), *":", "enter")
        await pilot.pause()
        wrong = shown(app)
        await pilot.press("escape", "2", "r", "y")
        await settle(app, pilot)

    about = visited.summaries()[0].about
    assert "P07, INT01:interviewer, S1:supporter" in typed
    assert "! That is not a usable role." in wrong
    assert about is not None
    assert about.participants[0].names == ("Margaret",)
    setting = visited.interview(visited.summaries()[0].id).read_artefact(
        ArtefactKind.SETTING, RecordingSetup
    )
    assert setting is not None
    assert setting.present == ("P07", "S1")


async def test_names_that_may_be_said_are_entered_sealed_and_stand_on_no_screen(
    visited: Study, shown: Shown
) -> None:
    async with preparing(visited, FakeSound()) as (app, pilot):
        await pilot.press(key_of("prepare.names"), "1", *", Maggie Wilson", "enter")
        await pilot.press(key_of("prepare.names"), "3", *"person=Tom:brother; plaice=Hull", "enter")
        await pilot.pause()
        wrong = shown(app)
        await pilot.press(*["backspace"] * 11, *"place=Hull", "enter")
        await pilot.pause()
        settled = shown(app)
        await pilot.press(key_of("prepare.start"), key_of("willing.affirmed"))
        await settle(app, pilot)

    about = visited.summaries()[0].about
    assert "! That is not a usable kind of name." in wrong
    assert "P07: 2  others: 2;" in settled
    assert not [name for name in ("Maggie", "Tom", "Hull") if name in settled]
    assert about is not None
    assert about.participants[0].names == ("Margaret", "Maggie Wilson")
    assert about.register == (
        RegisterEntry(Category.PERSON, ("Tom",), "brother"),
        RegisterEntry(Category.PLACE, ("Hull",)),
    )


async def test_who_is_here_is_ticked_by_number_or_from_a_list(visited: Study, shown: Shown) -> None:
    async with preparing(visited, FakeSound()) as (app, pilot):
        await pilot.press("1")
        await pilot.pause()
        by_number = shown(app)
        await pilot.press("home", *["down"] * 3, "enter", "2")
        await pilot.pause()
        by_list = shown(app)
        await pilot.press("9")

    assert "1 ✗ P07 participant   2 ✓ INT01 interviewer" in by_number
    assert "1 ✗ P07 participant   2 ✗ INT01 interviewer" in by_list


async def test_the_microphone_is_chosen_by_name_and_remembered(
    visited: Study, shown: Shown
) -> None:
    sound = FakeSound()
    async with preparing(visited, sound) as (app, pilot):
        await pilot.press(key_of("prepare.microphone"))
        await settle(app, pilot)
        listed = shown(app)
        await pilot.press("2")
        await pilot.pause()
        await pilot.press("r", "y")
        await settle(app, pilot)

    assert "1  Laptop   (the usual one)" in listed
    assert "2  USB microphone" in listed
    assert sound.opened == [("USB microphone", 1)]
    assert read_settings(visited).device == "USB microphone"


async def test_a_microphone_that_is_not_here_this_time_is_told(
    visited: Study, shown: Shown
) -> None:
    with visited.change("remembered") as change:
        change.write_artefact(
            ArtefactKind.SETTINGS, StudySettings("Table microphone"), owner=WHOLE_STUDY
        )
    sound = FakeSound()
    async with preparing(visited, sound) as (app, pilot):
        missing = shown(app)
        sound.found = [MicrophoneChoice("Table microphone", 1, is_default=False)]
        await pilot.press(key_of("prepare.microphone"))
        await settle(app, pilot)
        await pilot.press("enter")
        await pilot.pause()

        assert "The microphone used last time is not here" in missing
        assert "Microphone      Laptop" in missing
        assert "Microphone      Table microphone" in shown(app)


async def test_no_microphone_and_no_sound_library_are_told_in_words(
    visited: Study, shown: Shown
) -> None:
    sound = FakeSound()
    sound.found = []
    async with preparing(visited, sound) as (app, pilot):
        none = shown(app)
        sound.error = NoSoundLibrary()
        await pilot.press(key_of("prepare.microphone"))
        await settle(app, pilot)

        assert "! none was found: plug one in, and press S" in none
        assert "That microphone was not found." in none
        assert "PortAudio is not installed" in shown(app)


async def test_the_sound_check_shows_the_level_tells_its_verdict_and_is_kept(
    visited: Study, shown: Shown
) -> None:
    sound = FakeSound()
    sound.may_finish.clear()
    async with preparing(visited, sound) as (app, pilot):
        await pilot.press(key_of("prepare.check"))
        await pilot.pause()
        await pilot.press(
            "r", key_of("prepare.microphone"), key_of("prepare.hear")
        )  # none of them while it listens
        listening = shown(app)
        sound.may_finish.set()
        await settle(app, pilot)
        verdict = shown(app)
        await pilot.press("r", "y")
        await settle(app, pilot)

    assert "listening: speak as you would in the interview" in listening
    assert "█" in listening
    assert "✓ Good." in verdict
    assert "speech -24 dBFS, the room -58, loudest -9; 34 dB apart" in verdict
    setting = visited.interview(visited.summaries()[0].id).read_artefact(
        ArtefactKind.SETTING, RecordingSetup
    )
    assert setting is not None
    assert setting.check == GOOD


async def test_a_sound_check_is_stopped_by_its_own_key_and_by_leaving(visited: Study) -> None:
    sound = FakeSound()
    sound.may_finish.clear()
    async with preparing(visited, sound) as (app, pilot):
        await pilot.press(key_of("prepare.check"), key_of("prepare.check"))
        await settle(app, pilot)
        stopped = isinstance(app.screen, PreparationScreen)
        await pilot.press(key_of("prepare.check"), "escape")
        await settle(app, pilot)

        assert stopped
        assert isinstance(app.screen, HomeScreen)


async def test_a_bad_verdict_and_a_failure_are_told(visited: Study, shown: Shown) -> None:
    sound = FakeSound()
    verdict = "Too quiet: move the microphone closer."
    sound.verdict = replace(GOOD, is_good=False, verdict=verdict)
    async with preparing(visited, sound) as (app, pilot):
        await pilot.press(key_of("prepare.check"))
        await settle(app, pilot)
        quiet = shown(app)
        sound.error = MicrophoneFailed()
        await pilot.press(key_of("prepare.check"))
        await settle(app, pilot)

        assert f"! {verdict}" in quiet
        assert "it is busy or was disconnected" in shown(app)


async def test_what_the_check_heard_is_played_back_and_silenced(visited: Study) -> None:
    sound = FakeSound()
    async with preparing(visited, sound) as (app, pilot):
        await pilot.press(key_of("prepare.hear"))
        nothing_yet = list(sound.players)
        await pilot.press(key_of("prepare.check"))
        await settle(app, pilot)
        await pilot.press(
            key_of("prepare.hear"), key_of("prepare.hear"), key_of("prepare.hear"), "r", "y"
        )
        await settle(app, pilot)

    assert nothing_yet == []
    assert [player.told for player in sound.players] == [["play", "close"], ["play", "close"]]


async def test_another_microphone_has_not_been_checked(visited: Study, shown: Shown) -> None:
    sound = FakeSound()
    async with preparing(visited, sound) as (app, pilot):
        await pilot.press(key_of("prepare.check"))
        await settle(app, pilot)
        await pilot.press(key_of("prepare.microphone"))
        await settle(app, pilot)
        await pilot.press("2", key_of("prepare.hear"))
        await pilot.pause()

        assert "not made yet" in shown(app)
        assert sound.players == []


async def test_a_microphone_that_fails_leaves_the_screen_where_it_was(
    visited: Study, shown: Shown
) -> None:
    sound = FakeSound()
    sound.made.failure = MicrophoneFailed()
    async with preparing(visited, sound) as (app, pilot):
        await pilot.press("r", "y")
        await settle(app, pilot)
        told = shown(app)
        await pilot.press("escape")
        sound.made.failure = None
        await pilot.press("r", "y")
        await settle(app, pilot)

        assert "it is busy or was disconnected" in told
        assert isinstance(app.screen, RecordingScreen)
    assert len(visited.summaries()) == 1


async def test_the_guide_is_changed_and_kept_as_a_new_version(visited: Study, shown: Shown) -> None:
    async with preparing(visited, FakeSound()) as (app, pilot):
        await pilot.press(key_of("prepare.guide"))
        await pilot.pause()
        opened = shown(app)
        await pilot.press(*(["down"] * 6), *"### Afterwards", "ctrl+s")
        await settle(app, pilot)

        assert "## How it began" in opened
        assert "version 2, 3 topics" in shown(app)


async def test_an_example_of_a_guide_is_no_part_of_what_is_typed(
    study: Study, shown: Shown
) -> None:
    """The example was text of its own, and was kept behind the topics that were typed."""
    async with preparing(study, FakeSound(), key_of("home.new")) as (app, pilot):
        await pilot.press("enter", key_of("prepare.guide"))
        await pilot.pause()
        example = shown(app)
        await pilot.press(*"## How it began", "ctrl+s")
        await settle(app, pilot)
        kept = shown(app)

    assert "## The first topic" in example
    assert "version 1, 1 topic" in kept
    found = read_topic_guide(study)
    assert found is not None
    assert "first topic" not in found[0].text


async def test_a_guide_that_is_none_is_not_kept_and_leaving_asks_first(
    visited: Study, shown: Shown
) -> None:
    async with preparing(visited, FakeSound()) as (app, pilot):
        await pilot.press(key_of("prepare.guide"), "f7", "delete", "ctrl+s")
        await pilot.pause()
        refused = shown(app)
        await pilot.press("escape")
        await pilot.pause()
        asked = isinstance(app.screen, QuestionDialog)
        await pilot.press("escape", "escape", "y")
        await pilot.pause()

        assert "! That topic guide is empty." in refused
        assert asked
        assert isinstance(app.screen, PreparationScreen)
    assert visited.whole.find_newest_version(ArtefactKind.GUIDE) == 1


async def test_hostile_names_of_devices_are_shown_and_not_obeyed(
    visited: Study, shown: Shown
) -> None:
    nasty = "[/red]\x1b[2J \u202eeciov [@click=app.quit]x[/]"
    sound = FakeSound()
    sound.found = [MicrophoneChoice(nasty, 1, is_default=True)]
    async with preparing(visited, sound) as (app, pilot):
        await pilot.press(key_of("prepare.microphone"))
        await settle(app, pilot)
        text = shown(app)

        assert app.is_running
    assert text.count("[/red]␛[2J eciov") == 2
    assert "\x1b" not in text


async def test_a_damaged_study_is_told_before_anything_is_recorded(
    visited: Study, shown: Shown
) -> None:
    visited.db.execute("UPDATE artefact SET sealed = zeroblob(60) WHERE kind = 'guide'")
    async with preparing(visited, FakeSound()) as (app, _):
        assert "was damaged or changed" in shown(app)


async def test_escape_goes_back_and_nothing_was_entered(visited: Study) -> None:
    async with preparing(visited, FakeSound(), key_of("home.new")) as (app, pilot):
        await pilot.press("escape", "escape")
        await pilot.pause()

        assert isinstance(app.screen, HomeScreen)
        assert not isinstance(app.screen, MessageDialog)
    assert len(visited.summaries()) == 1


async def test_the_list_has_its_cursor_on_what_was_just_recorded(visited: Study) -> None:
    """It stayed where it was before N, and the next key acted on another interview."""
    async with preparing(visited, FakeSound(), key_of("home.new")) as (app, pilot):
        await pilot.press(*"P09_i1", "enter")
        await pilot.press("r", "y")
        await settle(app, pilot)
        await pilot.press(key_of("record.stop"), "S")
        await settle(app, pilot)
        await pilot.press("escape")
        await pilot.pause()
        chosen = app.screen.find_chosen() if isinstance(app.screen, HomeScreen) else None

    assert chosen is not None
    assert chosen.label == "P09_i1"
