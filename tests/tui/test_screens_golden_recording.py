"""The screens of a recording, as a person reads them (see ``gallery.py``)."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

import pytest
from textual.command import CommandPalette
from textual.screen import Screen
from textual.widget import Widget

import tui
from app import OngoingRecording
from capture import RecordingFault, RecordingPhase
from study import (
    CapacityState,
    ConsentPurpose,
    InterviewDetails,
    Mark,
    MarkKind,
    Participant,
    Role,
)
from study.store import Study, keep_consent, save_topic_guide
from tests.consents import agreed, keep_agreed
from tests.recordings import GUIDE, STILL, FakeSession, FakeSound
from tests.tui import test_screens_golden as others
from tests.tui import test_screens_people as people
from tests.tui import test_screens_travel as travel
from tests.tui import test_screens_withdrawal as withdrawal
from tests.tui.gallery import GOLDEN, Picture, walk
from tui.app import Earshot
from tui.screens.consent_form import ConsentFormScreen, ConsentReadingScreen
from tui.screens.consent_screen import ConsentScreen
from tui.screens.dialogs import MessageDialog, PausedDialog, QuestionDialog, StopDialog
from tui.screens.guide_editor import GuideEditor
from tui.screens.help_screen import HelpScreen
from tui.screens.preparation_screen import PreparationScreen
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.screens.recording_screen import RecordingScreen
from tui.screens.willingness_screen import DissentScreen, WillingnessScreen

Shown = Callable[[Earshot], str]
_GONE = RecordingFault(
    MarkKind.GAP, "The microphone is gone. Earshot keeps trying to open it again.", is_loud=True
)
_TALKING = replace(
    STILL, topic=1, asked=(0, 1), speaker="P07", last_mark=Mark(751.2, MarkKind.MARKER, "laughs")
)
_SILENT = replace(_TALKING, away_s=41.0, level_dbfs=(), peak_dbfs=())
_MOMENTS = {
    "recording": _TALKING,
    "paused": replace(_SILENT, doing=RecordingPhase.PAUSED),
    "off-the-record": replace(_SILENT, doing=RecordingPhase.OFF_RECORD),
    "reconnecting": replace(
        _SILENT, doing=RecordingPhase.RECONNECTING, missing_s=41.0, faults=(_GONE,)
    ),
    "ended": replace(_SILENT, doing=RecordingPhase.ENDED, failure="The disk is full."),
    "little-disk": replace(_TALKING, disk_left_s=500.0, keeps_awake=False, dropped_s=2.0),
}


def _moment(name: str) -> Callable[[Earshot], object]:
    def be(app: Earshot) -> None:
        assert app.recording is not None
        assert isinstance(app.recording.controls, FakeSession)
        app.recording.controls.now = _MOMENTS[name]
        next(s for s in app.screen_stack if isinstance(s, RecordingScreen)).show_status()

    return be


def _record(app: Earshot) -> None:
    session = FakeSession(_TALKING)
    app.recording = OngoingRecording(session, "x", "P07_i1", "Laptop", ("P07", "INT01"), (), GUIDE)
    app.push_screen(RecordingScreen(app.recording, clock=lambda: 0.0))


_RECORDING = (
    Picture("record-recording", RecordingScreen, [_record, _moment("recording")]),
    *(Picture(f"record-{n}", RecordingScreen, [_moment(n)]) for n in list(_MOMENTS)[1:]),
    Picture("record-note", TextPrompt, [_moment("recording"), "@record.note"]),
    Picture("record-topics", ChoicePrompt, ["escape", "@record.topics"]),
    Picture("record-distress", PausedDialog, ["escape", "@record.distress"]),
    Picture("record-go-on", WillingnessScreen, ["n", "space"]),
    Picture("help-record", HelpScreen, ["escape", "question_mark"]),
    Picture("record-leave", StopDialog, ["escape", _moment("recording"), "ctrl+q"]),
    Picture("record-stop", StopDialog, ["n", "s"]),
    Picture("record-sealed", MessageDialog, ["S"]),
    Picture("record-dissent", DissentScreen, ["escape", _record, "@record.dissent"]),
)
_SIZES: dict[tuple[int, int], Sequence[Picture]] = {
    (80, 24): _RECORDING,
    (120, 40): (
        Picture("record-recording", RecordingScreen, [_record, _moment("recording")]),
        Picture("record-reconnecting", RecordingScreen, [_moment("reconnecting")]),
        Picture("record-go-on", WillingnessScreen, [_moment("paused"), "space"]),
        Picture("record-dissent", DissentScreen, ["@willing.dissent"]),
    ),
    (60, 20): (Picture("record-recording", RecordingScreen, [_record, _moment("recording")]),),
    (30, 6): (Picture("record-paused", RecordingScreen, [_record, _moment("paused")]),),
}
_PREPARING = (
    Picture("prepare", PreparationScreen, ["@home.go_on"]),
    Picture("prepare-participants", TextPrompt, ["@prepare.who"]),
    Picture("prepare-here", ChoicePrompt, ["escape", "home", "down", "down", "enter"]),
    Picture("prepare-microphone", ChoicePrompt, ["escape", "@prepare.microphone"]),
    Picture("prepare-willing", WillingnessScreen, ["escape", "r"]),
    Picture("prepare-unwilling", MessageDialog, ["@willing.distress"]),
    Picture("prepare-refused", PreparationScreen, ["escape"]),
    Picture("prepare-checked", PreparationScreen, ["@prepare.check"]),
    Picture("prepare-guide", GuideEditor, ["@prepare.guide"]),
    Picture("prepare-guide-wrong", GuideEditor, ["f7", "delete", "ctrl+s"]),
    Picture("prepare-guide-leave", QuestionDialog, ["escape"]),
    Picture("help-prepare", HelpScreen, ["y", "question_mark"]),
    Picture("prepare-label", TextPrompt, ["escape", "escape", "@home.new"]),
    Picture("prepare-label-wrong", TextPrompt, [*"Mrs M", "enter"]),
)


_CONSENT = (
    Picture("consent", ConsentScreen, ["C"]),
    Picture("consent-lost", QuestionDialog, ["@consent.lost"]),
    Picture("consent-form", ConsentFormScreen, ["n", "enter"]),
    Picture("consent-form-end", ConsentFormScreen, ["end", "up", "y", "up"]),
    Picture("consent-read", ConsentReadingScreen, ["@consent_form.read"]),
    Picture("consent-leave", QuestionDialog, ["n", "escape", "escape"]),
    Picture("consent-none", ConsentScreen, ["y", "end"]),
    Picture("help-consent", HelpScreen, ["question_mark"]),
)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_consent_screens_read_as_they_should(
    size: tuple[int, int], study: Study, shown: Shown
) -> None:
    keep_agreed(study, "P07", but=ConsentPurpose.QUOTES)
    keep_consent(study, agreed("P08", capacity=CapacityState.LOST))
    with study.change("made") as change:
        change.add_interview(InterviewDetails("P09_i1", (Participant("P09"),)))
    study.clock = lambda: datetime(2026, 11, 29, 12, tzinfo=UTC)

    await walk(Earshot(study), _CONSENT, shown, size)


@pytest.mark.parametrize("size", _SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_record_screen_reads_as_it_should(
    size: tuple[int, int], study: Study, shown: Shown
) -> None:
    await walk(Earshot(study), _SIZES[size], shown, size)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_the_screen_before_it_reads_as_it_should(
    size: tuple[int, int], study: Study, shown: Shown
) -> None:
    save_topic_guide(
        study, "# Guide\n\n## How it began\n- Who told you?\n\n## A day on the course\n"
    )
    people = (Participant("P07"), Participant("INT01", Role.INTERVIEWER))
    with study.change("made") as change:
        change.add_interview(InterviewDetails("P07_i1", people))
    pictures = (
        _PREPARING
        if size == (80, 24)
        else (Picture("prepare", PreparationScreen, ["@home.go_on", "@prepare.check"]),)
    )
    await walk(Earshot(study, sound=FakeSound()), pictures, shown, size)


def test_every_state_has_a_screen_here() -> None:
    shown = {moment.doing for moment in _MOMENTS.values()}

    assert shown == set(RecordingPhase) - {RecordingPhase.STARTING}


def _pictures() -> list[Picture]:
    return [
        *others.LIST,
        *others.REVIEW,
        *others.CHECK,
        *others.REFUSAL,
        *_RECORDING,
        *_PREPARING,
        *_CONSENT,
        *people.SMALL,
        *withdrawal.SMALL,
        *travel.PICTURES,
    ]


def _below(kind: type[Widget]) -> set[type[Widget]]:
    return {kind}.union(*(_below(one) for one in kind.__subclasses__()))


def test_every_screen_and_every_message_has_a_picture_at_80_by_24() -> None:
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        if ".verbs" not in module.name:
            importlib.import_module(module.name)
    screens = cast("type[Widget]", Screen)
    made = {one for one in _below(screens) if one.__module__.startswith("tui.")}
    made = {one for one in made if not one.__subclasses__()}  # what others are made from is none
    pictured = {picture.shows for picture in _pictures()}

    assert made - pictured == set()
    assert pictured - made == {CommandPalette, MessageDialog}  # Textual's own; Help is a Told
    assert [p.name for p in _pictures() if not (GOLDEN / f"{p.name}-80x24.txt").is_file()] == []
