"""A whole interview on the screens, with a real session, a real study, and a source that hums."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.pilot import Pilot

from capture import RecordingPhase, RecordingStatus
from study import CONSENT_KINDS, ArtefactKind, Mark, MarkKind, RecordingSetup
from study.store import Study, save_topic_guide
from tests.keys import key_of
from tests.recordings import HummingSound
from tui.app import Earshot
from tui.screens.recording_screen import RecordingScreen


async def until(app: Earshot, pilot: Pilot[None], claim: Callable[[RecordingStatus], bool]) -> None:
    """Wait until the recording is as claimed."""
    async with asyncio.timeout(30):
        while app.recording is None or not claim(app.recording.controls.read_status()):
            await pilot.pause(0.02)


async def test_an_interview_from_the_first_key_to_the_last_is_in_the_study(study: Study) -> None:
    save_topic_guide(study, "## How it began\n## A day\n")
    app = Earshot(study, sound=HummingSound())
    async with app.run_test() as pilot:
        await pilot.press(key_of("home.new"), *"P07_i1", "enter", "r", "y")
        await until(app, pilot, lambda m: m.doing is RecordingPhase.RECORDING and m.sound_s > 0)
        await pilot.press(key_of("record.next"), "1", "m")
        await until(app, pilot, lambda m: m.marks >= 4)
        await pilot.press(key_of("record.distress"), "n")
        await until(app, pilot, lambda m: m.doing is RecordingPhase.PAUSED)
        await pilot.press("space", "y", key_of("record.off"))
        await until(app, pilot, lambda m: m.doing is RecordingPhase.OFF_RECORD)
        await pilot.press(key_of("record.off"), key_of("record.assent"))
        await until(app, pilot, lambda m: m.doing is RecordingPhase.RECORDING)
        await pilot.press("s", "S")
        await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
        await pilot.pause()

        assert not [s for s in app.screen_stack if isinstance(s, RecordingScreen)]
    found = study.find_interview("P07_i1")
    marks = _marks(study, found.id)
    setting = study.interview(found.id).read_artefact(ArtefactKind.SETTING, RecordingSetup)
    assert found.sound_s > 0
    assert not found.is_recording
    assert setting is not None
    assert setting.consent
    assert [(m.kind, m.note) for m in marks if m.length_s == 0][:4] == [
        (MarkKind.AFFIRMED, ""), (MarkKind.TOPIC, "How it began"), (MarkKind.SPEAKER, "P07"),
        (MarkKind.MARKER, ""),
    ]  # fmt: skip
    assert {m.kind for m in marks if m.length_s > 0} >= {MarkKind.DISTRESS, MarkKind.OFF_RECORD}
    asked = [m.kind for m in marks if m.kind in CONSENT_KINDS]
    assert asked == [MarkKind.AFFIRMED, MarkKind.AFFIRMED, MarkKind.ASSENT]
    told = [line.facts for line in study.read_trail()[0] if line.verb == "recording ended"]
    assert [{"affirmed", "assent"} & facts.keys() for facts in told] == [set()]  # sealed alone


async def test_a_crash_of_the_screen_seals_what_was_recorded(study: Study) -> None:
    app = Earshot(study, sound=HummingSound())
    async with app.run_test() as pilot:
        await pilot.press(key_of("home.new"), *"P07_i1", "enter", "r", "y")
        await until(app, pilot, lambda m: m.sound_s > 0)
        kept_s = app.recording.controls.read_status().sound_s if app.recording else 0.0

    app.stop_everything()

    found = study.find_interview("P07_i1")
    assert found.sound_s >= kept_s > 0
    assert not found.is_recording


def _marks(study: Study, interview: str) -> list[Mark]:
    sound = study.interview(interview).open_sound()
    assert sound is not None
    with sound:
        return sound.marks()
