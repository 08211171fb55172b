"""The scenes before and during a recording, for ``test_every_key.py``."""

from __future__ import annotations

from app import CommandPlace, ConsentDraft, OngoingRecording, record_consent
from study import ConsentAnswer, ConsentPurpose, InterviewDetails, Participant
from study.store import Study, save_topic_guide
from tests.recordings import GUIDE, FakeSession, FakeSound
from tests.tui.pressing import Scene, Step, along, moves, opens, shows
from tui.app import Earshot
from tui.screens.consent_form import ConsentFormScreen, ConsentReadingScreen
from tui.screens.consent_screen import ConsentScreen
from tui.screens.dialogs import MessageDialog, PausedDialog, QuestionDialog, StopDialog
from tui.screens.guide_editor import GuideEditor
from tui.screens.home_screen import HomeScreen
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.screens.recording_screen import RecordingScreen
from tui.screens.willingness_screen import DissentScreen, WillingnessScreen
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
        Step("prepare.act", opens(WillingnessScreen), then=["@willing.later"]),
        Step("prepare.consent", opens(ConsentScreen), then=["@consent.back"]),
        Step("prepare.check", shows("✓ Good.")),
        Step("prepare.hear", lambda look: _players(look.app) == ["play"]),
        Step("prepare.hear", lambda look: len(_players(look.app)) > 1, "f7"),
        Step("prepare.microphone", shows("Which microphone?"), then=["escape"]),
        Step("prepare.guide", opens(GuideEditor), then=["escape"]),
        Step("prepare.language", shows("Which language is spoken?"), then=["escape"]),
        *(Step(f"prepare.present_{n}", shows(f"{n}✗{p.code}")) for n, p in enumerate(PEOPLE, 1)),
        Step("prepare.names", shows("Whose names?"), then=["escape"]),
        Step("prepare.who", shows("Who takes part?"), then=["escape"]),
        Step("prepare.stop", lambda look: look.app.work is None, first=[
            lambda app: app.begin_work("export", app.study.summaries()[0])
        ]),
        Step("prepare.back", opens(HomeScreen)),
        Step("prepare.label", opens(TextPrompt), first=["@home.new", "escape"], then=["escape"]),
        Step("prepare.start", opens(WillingnessScreen), then=["@willing.later"]),
    ],
)  # fmt: skip
RECORD = Scene(
    where=_told,
    opening=[recorded],
    steps=[
        Step("record.pause", shows("Space asks to go on.")),
        Step("record.pause", opens(WillingnessScreen)),
        Step("willing.later", opens(RecordingScreen)),
        Step("willing.affirmed", moves, first=["@record.pause"]),
        Step("record.affirmed", moves),
        Step("record.assent", moves),
        Step("record.marker", moves),
        Step("record.note", opens(TextPrompt), then=["escape"]),
        Step("record.next", shows("1 of 4 begun")),
        Step("record.topics", opens(ChoicePrompt), then=["escape"]),
        Step("record.off", moves),
        Step("willing.assent", moves, first=["@record.off"]),
        Step("record.distress", opens(PausedDialog), then=["n"]),
        Step("willing.distress", opens(PausedDialog), first=["@record.pause"], then=["n"]),
        *(
            Step(f"record.speaker_{n}", shows(f"▸{n} {p.code}◂")) for n, p in enumerate(PEOPLE, 1)
        ),
        Step("record.stop", opens(StopDialog), then=["n"]),
        Step("record.close", opens(MessageDialog), first=[_ends], then=["@dialog.close"]),
        Step("record.dissent", opens(DissentScreen), first=[recorded]),
        Step("dissent.close", opens(HomeScreen)),
        Step("willing.dissent", opens(DissentScreen), first=[
            recorded, "@record.pause", "@record.pause",
        ]),
    ],
)  # fmt: skip


def _agree(app: Earshot) -> None:
    day = "2026-03-01"
    draft = ConsentDraft(
        "P01", sheet="1", sheet_date=day, form="1", form_date=day, taken_by="INT01", taken_on=day
    )
    record_consent(app.study, draft.set_answer(ConsentPurpose.SOUND, ConsentAnswer.YES))
    screen = app.screen
    assert isinstance(screen, ConsentScreen)
    screen.refresh_study()


CONSENT = Scene(
    where=_row,
    opening=["@home.consent"],
    steps=[
        *along(CommandPlace.CONSENT),
        Step("consent.new", opens(TextPrompt), first=["@consent.home"], then=["escape"]),
        Step("consent.page", opens(TextPrompt), then=["escape"]),
        Step("consent.spoken", opens(MessageDialog), then=["@dialog.close"]),
        Step("consent.lost", opens(QuestionDialog), first=[_agree, "@consent.home"], then=["n"]),
        Step("consent.record", opens(ConsentFormScreen), first=["@consent.end"]),
        *along(CommandPlace.CONSENT_FORM),
        Step("consent_form.act", opens(TextPrompt), first=["@consent_form.home"], then=["escape"]),
        Step("consent_form.yes", shows("✓ yes"), first=["@consent_form.end", "@consent_form.up"]),
        Step("consent_form.no", shows("✗ no"), first=["@consent_form.up"]),
        Step("consent_form.not_asked", moves, first=["@consent_form.up"]),
        Step("consent_form.read", opens(ConsentReadingScreen)),
        Step("consent_read.yes", shows("Question 2 of 7")),
        Step("consent_read.no", shows("Question 3 of 7")),
        Step("consent_read.not_asked", shows("Question 4 of 7")),
        Step("consent_read.before", shows("Question 3 of 7")),
        Step("consent_read.before", shows("Question 2 of 7"), "h"),
        Step("consent_read.back", opens(ConsentFormScreen)),
        Step("consent_form.keep", opens(ConsentScreen)),
        Step("consent_form.back", opens(ConsentScreen), first=["@consent.record"]),
        Step("consent.back", opens(HomeScreen)),
    ],
)  # fmt: skip
