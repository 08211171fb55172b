"""The record screen: what it tells at a glance, and what each of its keys does."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from app import CommandPlace, OngoingRecording, list_commands, name_keys
from capture import RecordingFault, RecordingPhase
from study import InterviewDetails, Mark, MarkKind
from study.errors import DiskFull
from study.store import Study
from tests.following import key_told
from tests.keys import key_of
from tests.recordings import GUIDE, STILL, FakeSession
from tests.tui.gallery import settle
from tui.app import Earshot
from tui.screens.dialogs import MessageDialog, PausedDialog, StopDialog
from tui.screens.home_screen import HomeScreen
from tui.screens.privacy_screens import CoverScreen
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.screens.recording_screen import RecordingScreen
from tui.screens.willingness_screen import DissentScreen
from tui.widgets.block_letters import BlockLetters

Shown = Callable[[Earshot], str]


def recording(session: FakeSession, **more: object) -> OngoingRecording:
    known = OngoingRecording(session, "x", "P07_i1", "Laptop", ("P07", "INT01"), (), session.guide)
    return replace(known, **more)


@asynccontextmanager
async def running(
    study: Study,
    session: FakeSession,
    *,
    size: tuple[int, int] = (80, 24),
    clock: Callable[[], float] = lambda: 0.0,
) -> AsyncGenerator[tuple[Earshot, Pilot[None]]]:
    """A screen on a recording that runs."""
    app = Earshot(study)
    async with app.run_test(size=size) as pilot:
        app.recording = recording(session)
        await app.push_screen(RecordingScreen(app.recording, clock=clock))
        await pilot.pause()
        yield app, pilot


def state(app: Earshot) -> str:
    """The word that is written large."""
    return app.screen_stack[-1].query_one("#state", BlockLetters).word


async def test_a_hidden_screen_still_tells_the_room_that_it_records_and_for_how_long(
    study: Study, shown: Shown
) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        await pilot.press("ctrl+l")
        await pilot.pause()
        cover = app.screen
        assert isinstance(cover, CoverScreen)
        words = [letters.word for letters in cover.query(BlockLetters)]
        covered = shown(app)
        session.pause()
        cover.show_recording()
        await pilot.pause()
        paused = [letters.word for letters in cover.query(BlockLetters)]
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, RecordingScreen)

    assert words == ["● RECORDING", "0:12:09"]
    assert "Screen hidden. Enter shows it." in covered
    assert paused == ["‖ PAUSED", "0:12:09"]
    for said in ("P07", "INT01", "Laptop", "How the course began"):
        assert said not in covered


async def look(app: Earshot, pilot: Pilot[None]) -> None:
    """Let the screen look at the recording now."""
    screen = next(s for s in app.screen_stack if isinstance(s, RecordingScreen))
    screen.show_status()
    await pilot.pause()


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("space", "pause"),
        ("m", "marker"),
        (key_of("record.next"), "topic 0"),
        (key_of("record.off"), "off_record"),
        (key_of("record.distress"), "distress"),
        ("y", "consent agreed again"),
        (key_of("record.assent"), "consent assent"),
        ("1", "speaker P07"),
        ("2", "speaker INT01"),
    ],
)
async def test_one_key_does_it_at_once(study: Study, key: str, told: str) -> None:
    session = FakeSession()
    async with running(study, session) as (_, pilot):
        await pilot.press(key)

    assert session.told == [told]


_OFF, _NO = key_of("record.off"), key_of("record.dissent")


@pytest.mark.parametrize("first", [["space", "space"], [_OFF, "space"],
                                   [key_of("record.distress"), "n", "space"],
                                   [_OFF, _OFF]])  # fmt: skip
@pytest.mark.parametrize(
    ("answer", "told"), [("y", "agreed again"), (key_of("willing.assent"), "assent")]
)
async def test_it_goes_on_after_whatever_kept_the_sound_away_once_everybody_was_asked(
    study: Study, first: list[str], answer: str, told: str
) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        await pilot.press(*first)
        await pilot.press("enter", "space")  # Enter and Space answer nothing
        away = session.read_status().doing
        await pilot.press(answer)
        await pilot.pause()

        assert isinstance(app.screen, RecordingScreen)
        assert state(app) == "● RECORDING"
    assert away is not RecordingPhase.RECORDING
    assert session.told[-2:] == ["resume", f"consent {told}"]


async def test_it_stays_paused_where_nobody_was_asked(study: Study) -> None:
    session = FakeSession()
    async with running(study, session) as (_, pilot):
        await pilot.press("space", "space", "escape")
        await pilot.pause()

    assert session.told == ["pause"]


@pytest.mark.parametrize("keys", [[_NO], ["space", "space", _NO]])
async def test_dissent_ends_the_recording_at_once_and_enter_does_not_close_it(
    study: Study, shown: Shown, keys: list[str]
) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        await pilot.press(*keys)
        await settle(app, pilot)
        told = list(session.told)
        await pilot.press("enter", "escape", "space", "q")
        await pilot.pause()
        stays = isinstance(app.screen, DissentScreen)
        said = shown(app)
        await pilot.press(key_of("dissent.close"))
        await pilot.pause()

        assert told[-2:] == ["consent dissent", "stop"]
        assert "resume" not in told
        assert stays
        assert "Somebody does not want to go on." in said
        assert isinstance(app.screen, HomeScreen)
        assert app.recording is None


async def test_distress_offers_to_stop_and_the_key_to_agree_ends_nothing_there(
    study: Study,
) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        await pilot.press(key_of("record.distress"))
        await pilot.pause()
        offered = isinstance(app.screen, PausedDialog)
        await pilot.press("enter", "y", "s", key_of("record.assent"))  # they answer nothing
        await settle(app, pilot)
        still = isinstance(app.screen, PausedDialog)
        await pilot.press("S")
        await settle(app, pilot)

    assert offered
    assert still
    assert session.told == ["distress", "stop"]


async def test_after_a_pause_for_the_participant_it_goes_on_by_the_keys_that_are_told(
    study: Study, shown: Shown
) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        await pilot.press(key_of("record.distress"))
        await pilot.pause()
        offered = shown(app)
        await pilot.press("space", "y")
        await settle(app, pilot)

    assert "Space ask whether to go on" in offered
    assert session.told[:2] == ["distress", "resume"]
    assert "stop" not in session.told


async def test_a_speaker_that_nobody_is_does_nothing(study: Study) -> None:
    session = FakeSession()
    async with running(study, session) as (_, pilot):
        await pilot.press("3", "9")

    assert session.told == []


async def test_a_note_marks_the_moment_of_its_key_and_not_of_its_last_letter(
    study: Study, shown: Shown
) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        await pilot.press(key_of("record.note"))
        before_a_letter = list(session.told)
        await pilot.press(*"o d[/]", "enter")
        await pilot.pause()

        assert before_a_letter == ["marker"]
        assert session.told == ["marker", "marker o d[/] at 7"]
        assert "Marker at 00:12:31: o d[/]" in shown(app)


async def test_a_note_that_is_given_up_leaves_its_marker(study: Study) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        await pilot.press(key_of("record.note"), *"so", "escape")
        await pilot.pause()

        assert isinstance(app.screen, RecordingScreen)
    assert session.told == ["marker"]


async def test_next_topics_follow_the_guide_and_then_say_that_all_were_begun(
    study: Study, shown: Shown
) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        await pilot.press(
            key_of("record.topics"),
            "3",
            key_of("record.next"),
            key_of("record.next"),
            key_of("record.next"),
            key_of("record.next"),
        )
        await pilot.pause()

        assert "✓ Every topic was begun." in shown(app)
    assert session.told == ["topic 2", "topic 3", "topic 0", "topic 1"]


async def test_t_shows_every_topic_and_the_cursor_or_a_number_takes_one(
    study: Study, shown: Shown
) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        await pilot.press(key_of("record.topics"))
        await pilot.pause()
        listed = shown(app)
        await pilot.press(
            "down",
            "down",
            "up",
            "enter",
            key_of("record.topics"),
            "4",
            key_of("record.topics"),
            "escape",
        )
        await pilot.pause()

        assert isinstance(app.screen, RecordingScreen)
    assert [topic.heading in listed for topic in GUIDE.topics] == [True] * 4
    assert session.told == ["topic 1", "topic 3"]


async def test_a_number_of_two_digits_is_taken_when_it_cannot_grow(study: Study) -> None:
    app = Earshot(study)
    async with app.run_test() as pilot:
        answers: list[int | None] = []
        for keys in (("1", "2"), ("2",), ("1", "enter"), ("9", "9"), ("0", "escape")):
            app.push_screen(ChoicePrompt("?", [f"topic {n}" for n in range(1, 21)]), answers.append)
            await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause()
            if isinstance(app.screen, ChoicePrompt):
                await pilot.press("enter")
                await pilot.pause()

    assert answers == [11, 1, 0, 8, None]


async def test_the_topic_of_now_stands_with_its_probes_above_what_is_unasked(
    study: Study, shown: Shown
) -> None:
    session = FakeSession(replace(STILL, topic=1, asked=(0, 1)))
    async with running(study, session) as (app, _):
        text = shown(app)

    assert "Topics: 2 of 4 begun" in text
    assert "▸2 A day on the course" in text
    assert "- What was hard?" in text
    assert text.index("Who helped?") < text.index("Not asked yet") < text.index("3 What has")
    assert "Who told you" not in text


async def test_without_a_guide_its_keys_do_nothing(study: Study, shown: Shown) -> None:
    session = FakeSession(guide=None)
    async with running(study, session) as (app, pilot):
        await pilot.press(key_of("record.next"), key_of("record.topics"))
        await pilot.pause()

        assert isinstance(app.screen, RecordingScreen)
        assert "No topic guide." in shown(app)
    assert session.told == []


async def test_stop_asks_once_and_neither_a_held_key_nor_an_agreement_stops(
    study: Study, shown: Shown
) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        for key in ("escape", "n"):
            await pilot.press("s")
            await pilot.pause()
            asked = shown(app)
            await pilot.press("enter", "space", *"ssss", "y", "Y", "d", "m", "q", key)
            await pilot.pause()
            assert isinstance(app.screen, RecordingScreen)
        still = list(session.told)
        await pilot.press("s", "S")
        await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
        await pilot.pause()

        assert "Stop recording?" in asked
        assert asked.index("All sound is being saved") < asked.index("Stop recording?")  # below
        assert still == []
        assert session.told == ["stop"]
        assert "P07_i1: 00:12:09 recorded and sealed." in shown(app)
        assert app.recording is None
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)


async def test_keys_that_come_after_the_last_yes_do_nothing(study: Study) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        await pilot.press(
            "s", "S", "m", key_of("record.note"), key_of("record.next"), key_of("record.dissent")
        )
        await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
        await pilot.pause()

        assert not [s for s in app.screen_stack if isinstance(s, RecordingScreen | TextPrompt)]
    assert session.told == ["stop"]


async def test_escape_leaves_nothing_while_it_records(study: Study) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        await pilot.press("escape", "q", "enter")
        await pilot.pause()

        assert isinstance(app.screen, RecordingScreen)


async def test_leaving_the_app_asks_and_then_seals(study: Study, shown: Shown) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        await pilot.press("ctrl+q")
        await pilot.pause()
        asked = shown(app)
        await pilot.press("escape")
        await pilot.pause()
        stays = isinstance(app.screen, RecordingScreen)
        await pilot.press("ctrl+q", "ctrl+q", "S")
        await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]

    assert "Leave Earshot and end the recording?" in asked
    assert stays
    assert session.told == ["stop"]
    assert app.return_code == 0


async def test_what_could_not_be_sealed_is_told_with_what_is_kept(
    study: Study, shown: Shown
) -> None:
    session = FakeSession()
    session.failure = DiskFull()
    async with running(study, session, size=(80, 24)) as (app, pilot):
        await pilot.press("s", "S")
        await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
        await pilot.pause()

        assert "The disk is full." in shown(app)
        assert "00:12:09 recorded and sealed" in shown(app)


async def test_a_recording_that_ended_by_itself_says_so_loudly(study: Study, shown: Shown) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        session.now = replace(STILL, doing=RecordingPhase.ENDED, failure="The disk is full.")
        await look(app, pilot)
        text = shown(app)
        await pilot.press("m", "s", "space")
        told = list(session.told)
        loud = state(app)
        await pilot.press("escape")
        await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
        await pilot.pause()

        assert isinstance(app.screen, MessageDialog)
    assert loud == "! NOT RECORDING"
    assert "The disk is full. 0:12:09 of sound are safe in the study." in text
    assert told == []


async def test_a_recorder_that_stands_still_without_a_word_is_noticed(
    study: Study, shown: Shown
) -> None:
    now = [0.0]
    session = FakeSession()
    async with running(study, session, clock=lambda: now[0]) as (app, pilot):
        now[0] = 4.0
        await look(app, pilot)
        early = shown(app)
        now[0] = 9.0
        await look(app, pilot)
        late = shown(app)
        session.now = replace(STILL, sound_s=730.0)
        await look(app, pilot)

        assert "Nothing new" not in early
        assert "! Nothing new was kept for 9 s: stop, and start again." in late
        assert "Nothing new" not in shown(app)


async def test_a_pause_is_no_standstill(study: Study, shown: Shown) -> None:
    now = [0.0]
    session = FakeSession(replace(STILL, doing=RecordingPhase.PAUSED))
    async with running(study, session, clock=lambda: now[0]) as (app, pilot):
        now[0] = 900.0
        await look(app, pilot)

        assert "Nothing new" not in shown(app)


_WORDS = {
    RecordingPhase.STARTING: "◌ STARTING",
    RecordingPhase.RECORDING: "● RECORDING",
    RecordingPhase.PAUSED: "‖ PAUSED",
    RecordingPhase.OFF_RECORD: "◌ OFF THE RECORD",
    RecordingPhase.RECONNECTING: "! NOT RECORDING",
    RecordingPhase.ENDED: "! NOT RECORDING",
}


@pytest.mark.parametrize("doing", RecordingPhase)
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (50, 16), (30, 6), (24, 3)])
async def test_every_state_and_the_time_are_told_in_every_window(
    study: Study, doing: RecordingPhase, size: tuple[int, int], shown: Shown
) -> None:
    session = FakeSession(replace(STILL, doing=doing, away_s=41.0))
    async with running(study, session, size=size) as (app, _):
        word, text = state(app), shown(app)

    assert word.startswith(_WORDS[doing])
    if size[1] <= 6:
        assert f"{_WORDS[doing]} 0:12:09" in text
    if (
        doing in {RecordingPhase.PAUSED, RecordingPhase.OFF_RECORD, RecordingPhase.RECONNECTING}
        and size[1] > 6
    ):
        assert "0:00:41" in text


async def test_the_window_may_change_its_size_at_any_time(study: Study, shown: Shown) -> None:
    session = FakeSession(replace(STILL, topic=0, asked=(0,)))
    async with running(study, session) as (app, pilot):
        seen: list[str] = []
        for size in ((120, 40), (30, 6), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            seen.append(shown(app))
        first_row_of_the_large_word = seen[0].splitlines()[2]

    assert "██████" in first_row_of_the_large_word
    assert "● RECORDING 0:12:09" in seen[1]
    assert "▸1 How the course began" in seen[2]


async def test_a_narrow_window_keeps_the_keys_that_stop_the_sound(
    study: Study, shown: Shown
) -> None:
    async with running(study, FakeSession(), size=(60, 20)) as (app, _):
        keys = " ".join(shown(app).splitlines()[-2:])

    for name in ("pause", "stop", "distress", "dissent"):
        assert f"{key_told(f'record.{name}')} " in keys


async def test_faults_stand_in_words_below_the_state(study: Study, shown: Shown) -> None:
    gone = RecordingFault(MarkKind.GAP, "The microphone is gone.", is_loud=True)
    muted = RecordingFault(MarkKind.MUTED, "It gives exact silence.")
    moment = replace(
        STILL, doing=RecordingPhase.RECONNECTING, away_s=12.0, missing_s=12.0, faults=(gone, muted),
        disk_left_s=600.0, level_dbfs=(), peak_dbfs=(),
    )  # fmt: skip
    session = FakeSession(moment)
    async with running(study, session) as (app, pilot):
        text = shown(app)
        session.now = STILL
        await look(app, pilot)
        healed = shown(app)

    assert "! The microphone is gone." in text
    assert "! It gives exact silence." in text
    assert "Reconnecting: no microphone for 0:00:12." in text
    assert "! 10 min of disk left" in text
    assert "! Lost so far: 12 s in gaps" in text
    assert "not recording" in text
    assert "! " not in healed.replace("! Dissent", "")  # the key of a dissent


@pytest.mark.parametrize(
    ("level", "peak", "word"),
    [(-96.0, -96.0, "! silent"), (-50.0, -40.0, "quiet"), (-24.0, -9.0, "good"),
     (-10.0, 0.0, "! too loud")],
)  # fmt: skip
async def test_the_level_has_a_word(
    study: Study, level: float, peak: float, word: str, shown: Shown
) -> None:
    session = FakeSession(replace(STILL, level_dbfs=(level,), peak_dbfs=(peak,)))
    async with running(study, session) as (app, _):
        assert word in shown(app)


async def test_each_of_eight_channels_has_a_bar(study: Study, shown: Shown) -> None:
    levels = tuple(-40.0 + channel for channel in range(8))
    session = FakeSession(replace(STILL, level_dbfs=levels, peak_dbfs=levels))
    async with running(study, session) as (app, pilot):
        await look(app, pilot)

        assert shown(app).count("good") == 8


async def test_distress_is_confirmed_in_words(study: Study, shown: Shown) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        await pilot.press(key_of("record.distress"), key_of("record.note"))
        await pilot.pause()
        paused = shown(app)
        await pilot.press("space", "y", "space")
        await pilot.pause()

        assert "For the participant." in paused
        assert "For the participant." not in shown(app)


async def test_hostile_words_are_shown_and_not_obeyed(study: Study, shown: Shown) -> None:
    nasty = "[/red][@click=app.quit]x[/] \x1b[2J\x1b]0;t\x07 \u202eb\nc"
    mark = Mark(1.0, MarkKind.MARKER, nasty)
    faults = (RecordingFault("x", nasty),)
    session = FakeSession(replace(STILL, last_mark=mark, faults=faults, speaker=nasty))
    app = Earshot(study)
    async with app.run_test(size=(120, 40)) as pilot:
        hostile = recording(session, label=nasty, device=nasty, speakers=(nasty,))
        app.recording = hostile
        await app.push_screen(RecordingScreen(hostile))
        await pilot.pause()
        text = shown(app)

        assert app.is_running
    assert text.count("[/red][@click=app.quit]x[/] ␛[2J") >= 4
    assert "\x1b" not in text
    assert "\u202e" not in text


async def test_a_look_redraws_only_what_has_changed(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        await look(app, pilot)
        updated: list[str | None] = []
        was = BlockLetters.update

        def update(self: BlockLetters, *args: object, **kwargs: object) -> None:
            updated.append(self.id)
            was(self, *args, **kwargs)  # type: ignore[arg-type]

        monkeypatch.setattr("textual.widgets.Static.update", update)
        await look(app, pilot)
        nothing = list(updated)
        session.now = replace(STILL, level_dbfs=(-30.0,))
        await look(app, pilot)

    assert nothing == []
    assert set(updated) == {"meter"}


async def test_work_does_not_begin_while_a_recording_runs(study: Study) -> None:
    with study.change("made") as change:
        change.add_interview(InterviewDetails("P07_i1"))
    session = FakeSession()
    async with running(study, session) as (app, _):
        app.begin_work("transcribe", study.summaries()[0])

        assert app.work is None


async def test_a_screen_that_crashes_leaves_a_sealed_recording(study: Study) -> None:
    session = FakeSession()
    app = Earshot(study)
    app.recording = recording(session)

    app.stop_everything()

    assert session.told == ["stop"]


async def test_the_question_to_stop_is_asked_once_however_often_it_is_wanted(
    study: Study,
) -> None:
    session = FakeSession()
    async with running(study, session) as (app, pilot):
        await pilot.press("s", "ctrl+q", "ctrl+q")
        await pilot.pause()

        assert len([s for s in app.screen_stack if isinstance(s, StopDialog)]) == 1


async def test_hide_is_found_among_the_commands_and_hides_the_recording(
    study: Study, shown: Shown
) -> None:
    async with running(study, FakeSession(), size=(120, 40)) as (app, pilot):
        bottom = " ".join(shown(app).splitlines()[-2:])
        await pilot.press("ctrl+p", *"hide")
        await settle(app, pilot)
        await pilot.press("enter")
        await settle(app, pilot)
        assert isinstance(app.screen, CoverScreen)
    assert "Ctrl-L Hide" in bottom


async def test_the_palette_the_footer_and_the_help_name_every_key(
    study: Study, shown: Shown
) -> None:
    nine = tuple(f"S{number}" for number in range(1, 10))
    app = Earshot(study)
    async with app.run_test(size=(80, 110)) as pilot:
        app.recording = recording(FakeSession(), speakers=nine)
        await app.push_screen(RecordingScreen(app.recording))
        await pilot.pause()
        offered = {command.title for command in app.get_system_commands(app.screen)}
        bottom = " ".join(shown(app).splitlines()[-2:])
        await pilot.press("question_mark")
        await pilot.pause()
        told = shown(app)

    ours = [c for c in list_commands(CommandPlace.RECORD) if c.id != "record.close"]
    assert [c.label for c in ours if c.label not in offered] == []
    assert [c.label for c in ours if c.in_footer and (c.short or c.label) not in bottom] == []
    alone = [c for c in ours if not c.id.startswith("record.speaker_")]
    assert [c.id for c in alone if f"{name_keys(c):<13}{c.label}:" not in told] == []
    assert f"{'1-9':<13}Who speaks:" in told
    assert "\N{HORIZONTAL ELLIPSIS}" not in bottom


async def test_a_level_whose_peak_is_not_known_yet_is_shown(study: Study, shown: Shown) -> None:
    """The screen of the recording stopped in its first moment; the sound went on."""
    session = FakeSession(replace(STILL, level_dbfs=(-20.0,), peak_dbfs=()))
    async with running(study, session) as (app, pilot):
        await pilot.pause()
        text = shown(app)
        assert isinstance(app.screen, RecordingScreen)

    assert "good" in text
