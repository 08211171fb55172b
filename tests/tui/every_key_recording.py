"""The scenes before and during a recording, for ``test_every_key.py``."""

from __future__ import annotations

from app import CommandPlace, OngoingRecording
from study import InterviewDetails, Participant
from study.store import Study, save_topic_guide
from tests.recordings import GUIDE, FakeSession, FakeSound
from tests.tui.pressing import Scene, Step, along, moves, opens, shows
from tui.app import Earshot
from tui.screens.dialogs import MessageDialog, QuestionDialog
from tui.screens.guide_editor import GuideEditor
from tui.screens.home_screen import HomeScreen
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.screens.recording_screen import RecordingScreen
from tui.widgets.row_list import RowList

PEOPLE = tuple(Participant(f"P{n:02}") for n in range(1, 10))


def visited(study: Study) -> None:
    """Enter an interview with nine people, and a guide."""
    save_topic_guide(study, "## How it began\n- Who told you?\n\n## A day\n")
    with study.change("made") as change:
        change.add_interview(InterviewDetails("P07_i1", PEOPLE))


def recorded(app: Earshot) -> None:
    """Begin a recording that does as it is told."""
    codes = tuple(person.code for person in PEOPLE)
    app.recording = OngoingRecording(FakeSession(), "x", "P07_i1", "Laptop", codes, (), GUIDE)
    app.push_screen(RecordingScreen(app.recording, clock=lambda: 0.0))


def _row(app: Earshot) -> object:
    rows = app.screen.query(RowList)
    return rows.first().cursor if rows else None


def _players(app: Earshot) -> list[str]:
    assert isinstance(app.audio_devices, FakeSound)
    return [told for player in app.audio_devices.players for told in player.told]


def _told(app: Earshot) -> object:
    session = app.recording.controls if app.recording else None
    return tuple(session.told) if isinstance(session, FakeSession) else None


def _ends(app: Earshot) -> None:
    screen = app.screen
    assert isinstance(screen, RecordingScreen)
    assert app.recording is not None
    app.recording.controls.stop()
    screen.show_status()


PREPARE = Scene(
    where=_row,
    opening=["@home.go_on"],
    steps=[
        *along(CommandPlace.PREPARE)[1:],
        Step("prepare.end", moves),
        Step("prepare.act", opens(QuestionDialog), then=["n"]),
        Step("prepare.check", shows("✓ Good.")),
        Step("prepare.hear", lambda look: _players(look.app) == ["play"]),
        Step("prepare.microphone", shows("Which microphone?"), then=["escape"]),
        Step("prepare.guide", opens(GuideEditor), then=["escape"]),
        Step("prepare.language", shows("Which language is spoken?"), then=["escape"]),
        *(Step(f"prepare.present_{n}", shows(f"{n}✗{p.code}")) for n, p in enumerate(PEOPLE, 1)),
        Step("prepare.who", shows("Who takes part?"), then=["escape"]),
        Step("prepare.stop", lambda look: look.app.work is None, first=[
            lambda app: app.begin_work("export", app.study.summaries()[0])
        ]),
        Step("prepare.back", opens(HomeScreen)),
        Step("prepare.label", opens(TextPrompt), first=["@home.new", "escape"], then=["escape"]),
        Step("prepare.start", opens(QuestionDialog), then=["n"]),
    ],
)  # fmt: skip
RECORD = Scene(
    where=_told,
    opening=[recorded],
    steps=[
        Step("record.pause", shows("Space goes on.")),
        Step("record.pause", moves),
        Step("record.marker", moves),
        Step("record.note", opens(TextPrompt), then=["escape"]),
        Step("record.next", shows("1 of 4 begun")),
        Step("record.topics", opens(ChoicePrompt), then=["escape"]),
        Step("record.off", moves),
        Step("record.off", moves),
        Step("record.distress", shows("Distress or dissent marked.")),
        *(
            Step(f"record.speaker_{n}", shows(f"▸{n} {p.code}◂")) for n, p in enumerate(PEOPLE, 1)
        ),
        Step("record.stop", opens(QuestionDialog), then=["n"]),
        Step("record.close", opens(MessageDialog), first=[_ends]),
    ],
)  # fmt: skip
