"""The scenes before and during a recording, for ``test_every_key.py``."""

from __future__ import annotations

from study import guide
from study.store import Study
from study.terms import About, Participant
from tests.tui.pressing import Scene, Step, along, moves, opens, shows
from tests.tui.recordings import GUIDE, FakeSession, FakeSound
from tui.app import Earshot
from tui.commands import Place
from tui.recording import Recording
from tui.screens.asking import Chosen, Typed
from tui.screens.dialog import Asked, Told
from tui.screens.guide import GuideScreen
from tui.screens.home import Home
from tui.screens.record import RecordScreen
from tui.widgets.rows import Rows

PEOPLE = tuple(Participant(f"P{n:02}") for n in range(1, 10))


def visited(study: Study) -> None:
    """Enter an interview with nine people, and a guide."""
    guide.keep(study, "## How it began\n- Who told you?\n\n## A day\n")
    with study.change("made") as change:
        change.add_interview(About("P07_i1", PEOPLE))


def recorded(app: Earshot) -> None:
    """Begin a recording that does as it is told."""
    codes = tuple(person.code for person in PEOPLE)
    app.recording = Recording(FakeSession(), "x", "P07_i1", "Laptop", codes, (), GUIDE)
    app.push_screen(RecordScreen(app.recording, clock=lambda: 0.0))


def _row(app: Earshot) -> object:
    rows = app.screen.query(Rows)
    return rows.first().cursor if rows else None


def _players(app: Earshot) -> list[str]:
    assert isinstance(app.sound, FakeSound)
    return [told for player in app.sound.players for told in player.told]


def _told(app: Earshot) -> object:
    session = app.recording.session if app.recording else None
    return tuple(session.told) if isinstance(session, FakeSession) else None


def _ends(app: Earshot) -> None:
    screen = app.screen
    assert isinstance(screen, RecordScreen)
    assert app.recording is not None
    app.recording.session.stop()
    screen.look()


PREPARE = Scene(
    where=_row,
    opening=["@home.go_on"],
    steps=[
        *along(Place.PREPARE)[1:],
        Step("prepare.end", moves),
        Step("prepare.act", opens(Asked), then=["n"]),
        Step("prepare.check", shows("✓ Good.")),
        Step("prepare.hear", lambda look: _players(look.app) == ["play"]),
        Step("prepare.microphone", shows("Which microphone?"), then=["escape"]),
        Step("prepare.guide", opens(GuideScreen), then=["escape"]),
        *(Step(f"prepare.present_{n}", shows(f"{n}✗{p.code}")) for n, p in enumerate(PEOPLE, 1)),
        Step("prepare.who", shows("Who takes part?"), then=["escape"]),
        Step("prepare.stop", lambda look: look.app.work is None, first=[
            lambda app: app.begin_work("export", app.study.summaries()[0])
        ]),
        Step("prepare.back", opens(Home)),
        Step("prepare.label", opens(Typed), first=["@home.new", "escape"], then=["escape"]),
        Step("prepare.start", opens(Asked), then=["n"]),
    ],
)  # fmt: skip
RECORD = Scene(
    where=_told,
    opening=[recorded],
    steps=[
        Step("record.pause", shows("Space goes on.")),
        Step("record.pause", moves),
        Step("record.marker", moves),
        Step("record.note", opens(Typed), then=["escape"]),
        Step("record.next", shows("1 of 4 begun")),
        Step("record.topics", opens(Chosen), then=["escape"]),
        Step("record.off", moves),
        Step("record.off", moves),
        Step("record.distress", shows("Distress or dissent marked.")),
        *(
            Step(f"record.speaker_{n}", shows(f"▸{n} {p.code}◂")) for n, p in enumerate(PEOPLE, 1)
        ),
        Step("record.stop", opens(Asked), then=["n"]),
        Step("record.close", opens(Told), first=[_ends]),
    ],
)  # fmt: skip
