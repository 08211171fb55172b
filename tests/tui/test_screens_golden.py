"""Whole screens, as a person reads them.

The expected screens lie in ``golden/``. After a change that was meant, write them anew with
``EARSHOT_GOLDEN=write pytest -n0 tests/tui/test_screens_golden.py``, and read them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from study.artefacts import Kind
from study.store import Study
from study.terms import Mark, MarkKind, Provenance, Transcript, Turn
from tui.app import Earshot

_UNSTEADY = re.compile(r"(?<=[ :.])[0-9a-f]{16}(?![0-9a-z])")  # hashes of what is sealed anew
_GOLDEN = Path(__file__).parent / "golden"
_SCREENS: dict[str, tuple[tuple[int, int], list[str]]] = {
    "home-80x24": ((80, 24), []),
    "home-120x40": ((120, 40), []),
    "interview-80x24": ((80, 24), ["enter", "a", "x"]),
    "interview-120x40": ((120, 40), ["enter", "A"]),
    "change-80x24": ((80, 24), ["enter", "c"]),
    "untranscribed-80x24": ((80, 24), ["end", "enter"]),
    "check-80x24": ((80, 24), ["enter", *"aaax", "escape", "c", "down", "down"]),
    "check-120x40": ((120, 40), ["enter", *"aAax", "escape", "c", "space", "o"]),
    "check-undecided-80x24": ((80, 24), ["enter", "a", "escape", "c"]),
    "check-risk-80x24": ((80, 24), ["enter", *"aaax", "escape", "c", "2"]),
    "check-risk-120x40": ((120, 40), ["enter", *"aaax", "escape", "c", "2"]),
    "check-trail-80x24": ((80, 24), ["enter", *"aaax", "escape", "c", "3", "down"]),
    "check-trail-120x40": ((120, 40), ["enter", *"aaax", "escape", "c", "3", "f", "end"]),
    "check-sign-80x24": ((80, 24), ["enter", *"aaax", "escape", "c", "S", *"AO", "enter", "enter"]),
    "small-60x20": ((60, 20), ["enter"]),
    "help-80x24": ((80, 24), ["question_mark"]),
}


@pytest.mark.parametrize("name", _SCREENS)
async def test_the_screen_reads_as_it_should(
    name: str, course: Study, shown: Callable[[Earshot], str]
) -> None:
    size, keys = _SCREENS[name]
    await _reads(name, course, size, keys, shown)


async def test_what_happened_while_recording_stands_between_the_turns(
    course: Study, turns: tuple[Turn, ...], add: Callable[..., str], shown: Callable[[Earshot], str]
) -> None:
    interview = add(course, "P10_i1")
    events = (
        Mark(0.0, MarkKind.TOPIC, "Who comes along"),
        Mark(0.0, MarkKind.SPEAKER, "INT"),
        Mark(4.2, MarkKind.PAUSED, "", 130.0),
        Mark(4.4, MarkKind.SLOW_DISK),
        Mark(12.5, MarkKind.TOPIC, "How long it has been going on, and what had to be given up"),
        Mark(15.2, MarkKind.MARKER, "looks at the photograph"),
        Mark(15.2, MarkKind.DISTRESS, "", 40.0),
        Mark(31.0, MarkKind.GAP, "the microphone is gone", 3.2),
    )
    with course.change("transcribed", interview) as change:
        transcript = Transcript(turns, Provenance("test", "earshot tests"), events=events)
        change.put(interview, Kind.RAW, transcript)
    await _reads("events-80x24", course, (80, 24), ["end", "enter"], shown)


async def _reads(
    name: str, study: Study, size: tuple[int, int], keys: list[str], shown: Callable[[Earshot], str]
) -> None:
    app = Earshot(study)
    async with app.run_test(size=size) as pilot:
        await pilot.press(*keys)
        if name.startswith("check"):  # what is left is read on a thread
            await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
        await pilot.pause()
        text = shown(app) + "\n"
    if name.startswith("check"):
        text = _UNSTEADY.sub("#" * 16, text)
    file = _GOLDEN / f"{name}.txt"
    if os.environ.get("EARSHOT_GOLDEN") == "write":
        file.write_text(text, encoding="utf-8")

    assert text == file.read_text(encoding="utf-8")
