"""Consent by keys: recorded, read aloud, lost, advised; and the keys that are held to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from app import COMMANDS, CommandPlace, list_asked, list_commands, note_capacity_lost
from capture import RecordingPhase
from study import (
    CONSENT_KINDS,
    ArtefactKind,
    CapacityState,
    ConsentAnswer,
    ConsentBasis,
    ConsentPurpose,
    ConsentRule,
    InterviewDetails,
    MarkKind,
    Participant,
    Provenance,
    QueuedInterview,
    Role,
    Transcript,
    TranscriptFacts,
    Turn,
)
from study.store import (
    Study,
    change_study_policy,
    keep_consent,
    read_consent,
    read_consent_versions,
    read_contact_details,
    read_study_policy,
)
from tests.consents import agreed, ask_for, keep_agreed
from tests.keys import key_of
from tests.recordings import FakeSession, FakeSound, HummingSound
from tests.tui.gallery import settle
from tui.app import Earshot
from tui.screens.consent_form import ConsentFormScreen
from tui.screens.consent_screen import ConsentScreen
from tui.screens.dialogs import MessageDialog, QuestionDialog
from tui.screens.home_screen import HomeScreen
from tui.screens.prompts import TextPrompt
from tui.screens.recording_screen import RecordingScreen
from tui.screens.willingness_screen import WillingnessScreen
from tui.widgets.consent_rows import CONSENT_ROWS
from tui.widgets.safe_text import SafeText

Shown = Callable[[Earshot], str]
SIZES = pytest.mark.parametrize(
    "size",
    [
        pytest.param((80, 24), id="80x24"),
        pytest.param((120, 40), id="120x40", marks=pytest.mark.thorough),
    ],
)
PAPERS = [
    "enter", *"2.1", "enter", "down", "enter", *"2026-03-01", "enter", "down", "enter", *"1.0",
    "enter", "down", "enter", *"2026-03-01", "enter",
]  # fmt: skip
PEOPLE = (Participant("INT01", Role.INTERVIEWER), Participant("P07"))


@pytest.fixture
def heard(study: Study) -> Study:
    """A study with an interview that was recorded and transcribed, which asks for consent."""
    ask_for(study, ConsentRule.RECORDED)
    with study.change("made") as change:
        change.add_interview(InterviewDetails("P07_i1", PEOPLE))
        heard = Transcript((Turn(1, "P07", 0.0, 2.0, "Yes."),), Provenance("test", "earshot"))
        change.write_artefact(ArtefactKind.RAW, heard, TranscriptFacts(1))
    return study


# Every command that is held to consent: its id, what leads there, and the answer that it needs.
KEYS: list[tuple[str, list[str], ConsentPurpose | None]] = [
    ("home.new", [key_of("home.new"), *"P07_i2", "enter", "r"], ConsentPurpose.SOUND),
    ("home.go_on", [key_of("home.go_on"), "r"], ConsentPurpose.SOUND),
    ("prepare.start", [key_of("home.go_on"), "r"], ConsentPurpose.SOUND),
    ("prepare.act", [key_of("home.go_on"), "enter"], ConsentPurpose.SOUND),
    ("home.transcribe", ["t"], ConsentPurpose.TRANSCRIPTION),
    ("interview.transcribe", ["enter", "t"], ConsentPurpose.TRANSCRIPTION),
    ("home.export", ["e"], None),
    ("interview.export", ["enter", "e"], None),
    ("check.export", [key_of("home.check"), "e"], None),
]
# Work that a review begins, and the commands that do so after a question or two.
BEGUN = {
    "hear_again": {"interview.hear_again"},
    "tell_voices_apart": {"interview.voices", "voices.again"},
}  # fmt: skip
HELD_IN_TRAVELLING = {"travel.send"}  # to a study that is trusted, in test_screens_travel.py
# The commands of which none records, has a machine listen, or hands over. Somebody who is recorded
# was asked before it began; a spoken consent is the consent.
HELD_TO_NO_CONSENT = {
    CommandPlace.EVERYWHERE: "help theme cover palette leave",
    CommandPlace.HOME: "open language names anonymise check consent withdraw stop filter refresh"
    " unfilter quit people travel",
    CommandPlace.INTERVIEW: "edit play back_2 on_2 back_5 on_5 slower faster play_turn loop_turn"
    " follow next previous next_undecided previous_undecided accept accept_alike reject"
    " reject_alike sure_of none_of change undo left right select mention split join remove"
    " speaker_1 speaker_2 speaker_3 speaker_4 speaker_5 speaker_6 speaker_7 speaker_8 speaker_9"
    " speaker whole_voice give_rest next_unsure undo_edit redo_edit headings next_doubt"
    " previous_doubt settle next_pause previous_pause find next_find previous_find replace list"
    " names timeline ready check anonymise stop refresh back returned link same next_phrase"
    " previous_phrase next_voice previous_voice",
    CommandPlace.CHECK: "read log risk trail outsider right object take_back original review filter"
    " sample changes whole previous_place next_place verify sign send_back"
    " stop refresh back",
    CommandPlace.TYPING: "done play back_2 on_2 back_5 on_5 play_turn loop_turn split",
    CommandPlace.REPLACING: "tick replace everywhere fields leave",
    CommandPlace.HEARING: "take keep all play_turn leave",
    CommandPlace.RETURNED: "take say nothing enter leave",
    CommandPlace.VOICES: "play name_1 name_2 name_3 name_4 name_5 name_6 name_7 name_8 name_9"
    " unname take leave",
    CommandPlace.TRAVEL: "mark keys stop refresh back take_in",
    CommandPlace.PEOPLE: "switch add passphrase remove check_code renew_code key stop back",
    CommandPlace.WITHDRAW: "scope_1 scope_2 scope_3 scope_4 ask confirm refuse settle papers"
    " scroll_down scroll_up leave",
    CommandPlace.PREPARE: "microphone check hear guide consent present_1 present_2 present_3"
    " present_4 present_5 present_6 present_7 present_8 present_9 label who names"
    " language stop back",
    CommandPlace.RECORD: "pause marker note next topics off affirmed assent dissent distress"
    " speaker_1 speaker_2 speaker_3 speaker_4 speaker_5 speaker_6 speaker_7 speaker_8 speaker_9"
    " stop close",
    CommandPlace.WILLING: "affirmed assent dissent distress later",
    CommandPlace.DISSENT: "close",
    CommandPlace.CONSENT: "record new lost spoken page back",
    CommandPlace.CONSENT_FORM: "act yes no not_asked read keep back",
    CommandPlace.CONSENT_READ: "yes no not_asked before back",
    CommandPlace.DIALOG: "close",
    CommandPlace.COVER: "uncover",
}


def test_every_command_is_either_held_to_consent_here_or_said_to_be_held_to_none() -> None:
    held = {command for command, _, _ in KEYS}.union(*BEGUN.values(), HELD_IN_TRAVELLING)
    free = {
        command.id
        for place, names in HELD_TO_NO_CONSENT.items()
        for command in list_commands(place)
        if command.id.rpartition(".")[2] in names.split() or command.action.startswith("move(")
    }

    assert free | held == {command.id for command in COMMANDS}
    assert free & held == set()


@pytest.mark.parametrize(("what", "keys", "purpose"), KEYS, ids=[k[0] for k in KEYS])
async def test_every_key_is_held_to_its_answer(
    heard: Study, shown: Shown, what: str, keys: list[str], purpose: ConsentPurpose | None
) -> None:
    del what
    study, sound = heard, FakeSound()
    app = Earshot(study, sound=sound, program=("false",))

    async def press() -> str:
        await pilot.press(*keys)
        await settle(app, pilot)
        assert isinstance(app.screen, MessageDialog)
        said = shown(app)
        while not isinstance(app.screen, HomeScreen):
            await pilot.press("escape")
            await pilot.pause()
        return " ".join(said.split())

    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        missing = await press()
        keep_agreed(study, "P07", but=purpose)
        withheld = await press() if purpose else ""
        _lose(study)
        lost = await press()

        assert app.work is None
    assert "No consent is recorded for P07" in missing
    assert not purpose or f"said no to this use, {purpose}" in withheld
    assert "has lost capacity, and nobody has advised" in lost
    assert sound.made.told == []
    refused = [x for x in study.read_trail()[0] if x.verb == "refused for want of consent"]
    assert len(refused) == (3 if purpose else 2)


@pytest.mark.parametrize("begin", list(BEGUN))
async def test_work_that_a_review_begins_is_held_to_it_as_well(heard: Study, begin: str) -> None:
    keep_agreed(heard, "P07", but=ConsentPurpose.TRANSCRIPTION)
    app = Earshot(heard, program=("false",))
    interview = heard.summaries()[0].id
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        if begin == "hear_again":
            app.call_later(app.hear_again, QueuedInterview(interview), (0.0, None))
        else:
            app.call_later(app.tell_voices_apart, interview, None)
        await settle(app, pilot)

        assert app.work is None
        assert isinstance(app.screen, MessageDialog)
        assert "Type it by hand" in app.screen.query_one(".words", SafeText).said


async def test_nothing_follows_a_recording_that_no_machine_may_transcribe(heard: Study) -> None:
    keep_agreed(heard, "P07", but=ConsentPurpose.TRANSCRIPTION)
    app = Earshot(heard, sound=FakeSound(), program=("false",))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        await pilot.press(key_of("home.go_on"), "r", "y")
        await settle(app, pilot)

        assert app.recording is not None
        assert app.work is None


async def test_the_form_says_what_is_missing_and_keeps_what_was_typed(
    study: Study, shown: Shown
) -> None:
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("C", key_of("consent.new"), *"P07", "enter", key_of("consent_form.keep"))
        await settle(app, pilot)
        missing = shown(app)
        await pilot.press("escape", *PAPERS, "enter", *"3.", "escape", "escape")
        await settle(app, pilot)
        asks = isinstance(app.screen, QuestionDialog)
        await pilot.press("n")
        await settle(app, pilot)

        assert "A consent must name the versions and dates" in missing
        assert asks
        assert isinstance(app.screen, ConsentFormScreen)
        assert "2026-03-01" in shown(app)
    assert read_consent(study, "P07") is None


async def test_the_page_is_written_where_somebody_says(study: Study, tmp_path: Path) -> None:
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("C", "p", *str(tmp_path / "page.html"), "enter")
        await settle(app, pilot)

        assert isinstance(app.screen, MessageDialog)
    assert "May we record your voice?" in (tmp_path / "page.html").read_text(encoding="utf-8")


async def test_enter_at_a_question_asks_and_answers_nothing_by_itself(
    study: Study, shown: Shown
) -> None:
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("C", key_of("consent.new"), *"P07", "enter")
        screen = app.screen
        assert isinstance(screen, ConsentFormScreen)
        question = CONSENT_ROWS.index(ConsentPurpose.SOUND)
        await pilot.press(*["down"] * question, "enter")
        await pilot.pause()
        asked = shown(app)
        await pilot.press("enter")  # as it stands
        await pilot.pause()
        left = shown(app)
        await pilot.press("up", "enter", "2")
        await pilot.pause()
        answered = shown(app)

    assert "May we record your voice?" in asked
    assert "✓ yes" not in left
    assert "✗ no    May we record your voice?" in answered


async def test_a_spoken_consent_is_recorded_from_the_list(study: Study) -> None:
    keep_agreed(study, "P07")
    app = Earshot(study, sound=FakeSound())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("C", key_of("consent.spoken"))
        await settle(app, pilot)
        await pilot.press("r", "y")
        await settle(app, pilot)

        assert app.recording is not None
    (summary,) = study.summaries()
    assert summary.label == "P07_consent"
    assert summary.about is not None
    assert summary.about.is_spoken_consent
    record = read_consent(study, "P07")
    assert record is not None
    assert record.spoken == summary.id


async def _record(app: Earshot, pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    async with asyncio.timeout(30):
        while app.recording is None or not app.recording.controls.read_status().sound_s:
            await pilot.pause(0.02)


async def _paused(app: Earshot, pilot: Pilot[None]) -> None:
    async with asyncio.timeout(30):
        while app.recording is None or (
            app.recording.controls.read_status().doing is not RecordingPhase.PAUSED
        ):
            await pilot.pause(0.02)


def _lose(study: Study) -> None:
    note_capacity_lost(study, "P07")


@SIZES
async def test_somebody_agrees_loses_capacity_gets_a_consultee_and_is_withdrawn_in_part(
    study: Study, shown: Shown, size: tuple[int, int]
) -> None:
    ask_for(study, ConsentRule.RECORDED)
    app = Earshot(study, sound=HummingSound(), program=("false",))
    async with app.run_test(size=size) as pilot:
        await settle(app, pilot)
        # She agrees: the papers, then the questions read aloud, no to the fourth.
        await pilot.press(
            "C",
            key_of("consent.new"),
            *"P07",
            "enter",
            *PAPERS,
            key_of("consent_form.read"),
            *"yyynyyy",
            key_of("consent_form.keep"),
        )
        await settle(app, pilot)
        assert isinstance(app.screen, ConsentScreen)
        assert "✗ no" in shown(app)
        await pilot.press("escape")
        # Twice recorded: asked before each and after a pause.
        await _record(app, pilot, key_of("home.new"), *"P07_i1", "enter", "r", "y")
        await pilot.press("space")
        await _paused(app, pilot)
        await pilot.press("space", "y", "s", "S")
        await settle(app, pilot)
        await pilot.press("escape")
        await _record(app, pilot, key_of("home.new"), *"P07_i2", "enter", "r", "y")
        await pilot.press(key_of("record.dissent"))  # she does not want to go on
        await settle(app, pilot)
        assert "Somebody does not want to go on" in shown(app)
        await pilot.press(key_of("dissent.close"))
        # She loses capacity: what follows is shown, and no third interview begins.
        await pilot.press("C", key_of("consent.lost"))
        await settle(app, pilot)
        told = " ".join(shown(app).replace("│", " ").split())
        await pilot.press("y", "escape", key_of("home.new"), *"P07_i3", "enter", "r")
        await settle(app, pilot)
        locked = shown(app)
        assert isinstance(app.screen, MessageDialog)
        # A consultee advises: their name, and the third interview begins with her assent.
        await pilot.press("escape", "C", "enter", *(["down"] * 7), "enter", "2", *(["down"] * 2))
        await pilot.press("enter", *"Jean Hollis", "enter", key_of("consent_form.keep"))
        await settle(app, pilot)
        assert isinstance(app.screen, ConsentScreen)
        await pilot.press("escape", "r")
        await settle(app, pilot)
        assert isinstance(app.screen, WillingnessScreen)
        await _record(app, pilot, key_of("willing.assent"))
        await pilot.press("s", "S")
        await settle(app, pilot)
        asked = {label: _asked(study, label) for label in ("P07_i1", "P07_i2", "P07_i3")}
        await _take_the_sound_back(app, pilot, shown)

    assert "No further interview with them is recorded" in told
    assert "does not say what becomes of earlier interviews" in told
    assert "P07 has lost capacity" in locked
    versions = read_consent_versions(study, "P07")
    assert [one.capacity for one in versions] == [
        CapacityState.HAS_CAPACITY, CapacityState.LOST, CapacityState.ADVISED,
    ]  # fmt: skip
    assert versions[-1].basis is ConsentBasis.PERSONAL_CONSULTEE
    assert versions[-1].read_answer(ConsentPurpose.ARCHIVE) is ConsentAnswer.NO
    contacts = read_contact_details(study, "P07")
    assert contacts is not None
    assert contacts.deputy.name == "Jean Hollis"
    assert asked == {
        "P07_i1": [MarkKind.AFFIRMED, MarkKind.AFFIRMED],
        "P07_i2": [MarkKind.AFFIRMED, MarkKind.DISSENT],
        "P07_i3": [MarkKind.ASSENT],
    }


async def _take_the_sound_back(app: Earshot, pilot: Pilot[None], shown: Shown) -> None:
    """She is withdrawn in part: the sound goes, what was agreed to stays."""
    await pilot.press("escape", key_of("home.withdraw"), "2", "enter", *"P07", "enter")
    await settle(app, pilot)
    assert "done" in shown(app)
    assert [one.sound_s for one in app.study.summaries()] == [0.0] * 3


def _asked(study: Study, label: str) -> list[str]:
    sound = study.interview(label).open_sound()
    assert sound is not None
    with sound:
        return [mark.kind for mark in sound.marks() if mark.kind in CONSENT_KINDS]


async def test_the_policy_on_paper_is_said_and_refuses_nobody(study: Study, shown: Shown) -> None:
    paper = replace(
        read_study_policy(study), consent=ConsentRule.PAPER, consent_seen_by="Dr Okafor"
    )
    change_study_policy(study, paper)
    app = Earshot(study, sound=FakeSound())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("C")
        await settle(app, pilot)
        said = shown(app)
        await pilot.press("escape", key_of("home.new"), *"P07_i1", "enter", "r")
        await settle(app, pilot)

        assert "Consent is on paper, seen by Dr Okafor." in said
        assert isinstance(app.screen, WillingnessScreen)


async def test_no_word_on_a_screen_of_a_recording_says_what_somebody_cannot_do(
    study: Study, shown: Shown
) -> None:
    """Who is asked reads it with them: their spouse, and somebody with dementia."""
    with study.change("made") as change:
        change.add_interview(InterviewDetails("P01_i1", (Participant("P01"),)))
    keep_consent(study, replace(agreed("P01"), capacity=CapacityState.LOST))
    (lost,) = list_asked(study, ["P01"])
    app = Earshot(study, sound=FakeSound())
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(WillingnessScreen([lost], goes_on=True, is_alone=True))
        await settle(app, pilot)
        seen = shown(app)
    places = (CommandPlace.RECORD, CommandPlace.WILLING, CommandPlace.DISSENT)
    told = [command.help for place in places for command in list_commands(place)]

    hurtful = ("cannot", "capacity", "distress")
    assert not [word for word in hurtful if word in " ".join([seen, *told]).lower()]
    assert "They show that they are willing (assent)." in seen
    assert "They agree (they decide for themselves today)." in seen


async def test_a_couple_who_decide_in_different_ways_are_asked_one_by_one(
    study: Study, shown: Shown
) -> None:
    """She has a consultee, he has capacity: Y of both would say of him that he cannot decide."""
    keep_agreed(study, "FAM01")
    keep_consent(study, replace(agreed("P01"), basis=ConsentBasis.PERSONAL_CONSULTEE))
    couple = (Participant("P01"), Participant("FAM01", Role.SUPPORTER))
    with study.change("made") as change:
        change.add_interview(InterviewDetails("P01_i1", couple))
    session = FakeSession()
    app = Earshot(study, sound=FakeSound(session))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(key_of("home.go_on"), "r")
        await settle(app, pilot)
        first = shown(app)
        await pilot.press(key_of("willing.assent"))
        await settle(app, pilot)
        second = shown(app)
        await pilot.press(key_of("willing.affirmed"))
        await settle(app, pilot)
        assert isinstance(app.screen, RecordingScreen)
        # Asked again while it goes on: of whom?
        await pilot.press(key_of("record.affirmed"))
        await settle(app, pilot)
        whom = shown(app)
        await pilot.press("2")
        # After a pause, each again; he does not want to go on.
        await pilot.press("space", "space", key_of("willing.assent"), key_of("willing.dissent"))
        await settle(app, pilot)
        told = list(session.told)

    assert "Ask P01 alone" in first, first
    assert "a personal consultee has advised" in first
    assert "Ask FAM01 alone" in second
    assert "own consent" in second
    assert "2  FAM01: own consent" in whom
    consents = [one for one in told if one.startswith("consent")]
    assert consents == [
        "consent assent of P01 at 0", "consent agreed again of FAM01 at 0",
        "consent agreed again of FAM01", "consent dissent of FAM01",
    ]  # fmt: skip


async def test_a_first_name_as_a_code_is_doubted_once_and_kept_where_it_is_meant(
    study: Study, shown: Shown
) -> None:
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("C", key_of("consent.new"), *"Maureen", "enter")
        await settle(app, pilot)
        doubted = " ".join(shown(app).replace("│", " ").split())
        still_asks = isinstance(app.screen, TextPrompt)
        await pilot.press("enter")
        await settle(app, pilot)
        kept = isinstance(app.screen, ConsentFormScreen)
        await pilot.press("escape", key_of("consent.new"), *"P01", "enter")
        await settle(app, pilot)
        at_once = isinstance(app.screen, ConsentFormScreen)

    assert still_asks
    assert "Maureen is a common first name" in doubted
    assert "Type another, or keep it with Enter." in doubted
    assert kept
    assert at_once
