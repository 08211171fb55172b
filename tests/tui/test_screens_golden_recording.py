"""The screens of a recording, as a person reads them (see ``test_screens_golden.py``)."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from capture.moment import Doing, Fault
from study import guide
from study.store import Study
from study.terms import About, Mark, MarkKind, Participant, Role
from tests.tui.recordings import GUIDE, STILL, FakeSession, FakeSound
from tui.app import Earshot
from tui.recording import Recording
from tui.screens.record import RecordScreen

_GOLDEN = Path(__file__).parent / "golden"
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
_SCREENS: dict[str, tuple[str, tuple[int, int], list[str]]] = {
    **{f"record-{name}-80x24": (name, (80, 24), []) for name in _MOMENTS},
    "record-recording-120x40": ("recording", (120, 40), []),
    "record-reconnecting-120x40": ("reconnecting", (120, 40), []),
    "record-recording-60x20": ("recording", (60, 20), []),
    "record-paused-30x6": ("paused", (30, 6), []),
    "record-stop-80x24": ("recording", (80, 24), ["s"]),
    "record-note-80x24": ("recording", (80, 24), ["n"]),
    "record-topics-80x24": ("recording", (80, 24), ["t"]),
}
_PREPARING: dict[str, tuple[tuple[int, int], list[str]]] = {
    "prepare-80x24": ((80, 24), ["g"]),
    "prepare-120x40": ((120, 40), ["g", "c"]),
    "prepare-label-80x24": ((80, 24), ["n"]),
    "prepare-consent-80x24": ((80, 24), ["g", "r"]),
    "prepare-guide-80x24": ((80, 24), ["g", "g"]),
}


def compare(name: str, text: str) -> None:
    file = _GOLDEN / f"{name}.txt"
    if os.environ.get("EARSHOT_GOLDEN") == "write":
        file.write_text(text, encoding="utf-8")

    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", _SCREENS)
async def test_the_record_screen_reads_as_it_should(
    name: str, study: Study, shown: Callable[[Earshot], str]
) -> None:
    moment, size, keys = _SCREENS[name]
    app = Earshot(study)
    async with app.run_test(size=size) as pilot:
        session = FakeSession(_MOMENTS[moment])
        app.recording = Recording(session, "x", "P07_i1", "Laptop", ("P07", "INT01"), (), GUIDE)
        await app.push_screen(RecordScreen(app.recording, clock=lambda: 0.0))
        await pilot.press(*keys)
        session.now = _MOMENTS[moment]
        await pilot.pause()
        text = shown(app) + "\n"

    compare(name, text)


@pytest.mark.parametrize("name", _PREPARING)
async def test_the_screen_before_it_reads_as_it_should(
    name: str, study: Study, shown: Callable[[Earshot], str]
) -> None:
    size, keys = _PREPARING[name]
    guide.keep(study, "# Guide\n\n## How it began\n- Who told you?\n\n## A day on the course\n")
    people = (Participant("P07"), Participant("INT01", Role.INTERVIEWER))
    with study.change("made") as change:
        change.add_interview(About("P07_i1", people))
    app = Earshot(study, sound=FakeSound())
    async with app.run_test(size=size) as pilot:
        for key in keys:
            await pilot.press(key)
            await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
            await pilot.pause()
        text = shown(app) + "\n"

    compare(name, text)


def test_every_state_has_a_screen_here() -> None:
    shown = {moment.doing for moment in _MOMENTS.values()}

    assert shown == set(Doing) - {Doing.STARTING}
