"""The screens of a recording, as a person reads them (see ``gallery.py``)."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

import pytest
from textual.command import CommandPalette
from textual.screen import Screen
from textual.widget import Widget

import tui
from capture.moment import Doing, Fault
from study import guide
from study.store import Study
from study.terms import About, Mark, MarkKind, Participant, Role
from tests.tui import test_screens_golden as others
from tests.tui.gallery import GOLDEN, Picture, walk
from tests.tui.recordings import GUIDE, STILL, FakeSession, FakeSound
from tui.app import Earshot
from tui.recording import Recording
from tui.screens.asking import Chosen, Typed
from tui.screens.dialog import Asked, Told
from tui.screens.guide import GuideScreen
from tui.screens.help import Help
from tui.screens.prepare import PrepareScreen
from tui.screens.record import RecordScreen

Shown = Callable[[Earshot], str]
_GONE = Fault(
    MarkKind.GAP, "The microphone is gone. Earshot keeps trying to open it again.", is_loud=True
)
_TALKING = replace(
    STILL, topic=1, asked=(0, 1), speaker="P07", last_mark=Mark(751.2, MarkKind.MARKER, "laughs")
)
_SILENT = replace(_TALKING, away_s=41.0, level_dbfs=(), peak_dbfs=())
_MOMENTS = {
    "recording": _TALKING,
    "paused": replace(_SILENT, doing=Doing.PAUSED),
    "off-the-record": replace(_SILENT, doing=Doing.OFF_RECORD),
    "reconnecting": replace(_SILENT, doing=Doing.RECONNECTING, missing_s=41.0, faults=(_GONE,)),
    "ended": replace(_SILENT, doing=Doing.ENDED, failure="The disk is full."),
    "little-disk": replace(_TALKING, disk_left_s=500.0, keeps_awake=False, dropped_s=2.0),
}


def _moment(name: str) -> Callable[[Earshot], object]:
    def be(app: Earshot) -> None:
        assert app.recording is not None
        assert isinstance(app.recording.session, FakeSession)
        app.recording.session.now = _MOMENTS[name]
        next(s for s in app.screen_stack if isinstance(s, RecordScreen)).look()

    return be


def _record(app: Earshot) -> None:
    session = FakeSession(_TALKING)
    app.recording = Recording(session, "x", "P07_i1", "Laptop", ("P07", "INT01"), (), GUIDE)
    app.push_screen(RecordScreen(app.recording, clock=lambda: 0.0))


_RECORDING = (
    Picture("record-recording", RecordScreen, [_record, _moment("recording")]),
    *(Picture(f"record-{n}", RecordScreen, [_moment(n)]) for n in list(_MOMENTS)[1:]),
    Picture("record-note", Typed, [_moment("recording"), "n"]),
    Picture("record-topics", Chosen, ["escape", "t"]),
    Picture("record-distress", RecordScreen, ["escape", "d"]),
    Picture("help-record", Help, ["question_mark"]),
    Picture("record-leave", Asked, ["escape", _moment("recording"), "ctrl+q"]),
    Picture("record-stop", Asked, ["n", "s"]),
    Picture("record-sealed", Told, ["y"]),
)
_SIZES: dict[tuple[int, int], Sequence[Picture]] = {
    (80, 24): _RECORDING,
    (120, 40): (
        Picture("record-recording", RecordScreen, [_record, _moment("recording")]),
        Picture("record-reconnecting", RecordScreen, [_moment("reconnecting")]),
    ),
    (60, 20): (Picture("record-recording", RecordScreen, [_record, _moment("recording")]),),
    (30, 6): (Picture("record-paused", RecordScreen, [_record, _moment("paused")]),),
}
_PREPARING = (
    Picture("prepare", PrepareScreen, ["g"]),
    Picture("prepare-participants", Typed, ["p"]),
    Picture("prepare-here", Chosen, ["escape", "home", "down", "down", "enter"]),
    Picture("prepare-microphone", Chosen, ["escape", "m"]),
    Picture("prepare-consent", Asked, ["escape", "r"]),
    Picture("prepare-refused", PrepareScreen, ["n"]),
    Picture("prepare-checked", PrepareScreen, ["c"]),
    Picture("prepare-guide", GuideScreen, ["g"]),
    Picture("prepare-guide-wrong", GuideScreen, ["f7", "delete", "ctrl+s"]),
    Picture("prepare-guide-leave", Asked, ["escape"]),
    Picture("help-prepare", Help, ["y", "question_mark"]),
    Picture("prepare-label", Typed, ["escape", "escape", "n"]),
    Picture("prepare-label-wrong", Typed, [*"Mrs M", "enter"]),
)


@pytest.mark.parametrize("size", _SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_record_screen_reads_as_it_should(
    size: tuple[int, int], study: Study, shown: Shown
) -> None:
    await walk(Earshot(study), _SIZES[size], shown, size)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_the_screen_before_it_reads_as_it_should(
    size: tuple[int, int], study: Study, shown: Shown
) -> None:
    guide.keep(study, "# Guide\n\n## How it began\n- Who told you?\n\n## A day on the course\n")
    people = (Participant("P07"), Participant("INT01", Role.INTERVIEWER))
    with study.change("made") as change:
        change.add_interview(About("P07_i1", people))
    pictures = _PREPARING if size == (80, 24) else (Picture("prepare", PrepareScreen, ["g", "c"]),)
    await walk(Earshot(study, sound=FakeSound()), pictures, shown, size)


def test_every_state_has_a_screen_here() -> None:
    shown = {moment.doing for moment in _MOMENTS.values()}

    assert shown == set(Doing) - {Doing.STARTING}


def _pictures() -> list[Picture]:
    return [*others.LIST, *others.REVIEW, *others.CHECK, *_RECORDING, *_PREPARING]


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
    assert pictured - made == {CommandPalette, Told}  # Textual's own; Help is a Told
    assert [p.name for p in _pictures() if not (GOLDEN / f"{p.name}-80x24.txt").is_file()] == []
