"""What waits to be transcribed, and a recording that is followed, from the screens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from app import JobFinished
from study import InterviewDetails, QueuedInterview
from study.store import Study, change_settings, queue_interviews, read_transcription_queue
from tests.keys import key_of
from tests.recordings import HummingSound
from tui.app import Earshot
from tui.screens.dialogs import MessageDialog
from tui.screens.recording_screen import RecordingScreen
from tui.screens.willingness_screen import DissentScreen
from tui.widgets.interview_table import InterviewTable

Verb = Callable[[str], tuple[str, ...]]
Shown = Callable[[Earshot], str]

# Each child says what it works on in a file of its own, and goes on until the file `go` is there.
_PATIENT = """
    import pathlib, time
    here = pathlib.Path(argv[1]).parent
    (here / f"begun-{len(list(here.glob('begun-*')))}").write_text(" ".join(argv))
    tell(event="progress", done=65.0, total=130.0, what="transcribing")
    while not (here / "go").exists():
        time.sleep(0.01)
    tell(event="done", result={})
"""
# The same for one that follows: until the recording has ended.
_FOLLOWING = """
    import os
    over = int(argv[argv.index("--until-fd") + 1])
    tell(event="progress", done=65.0, total=66.0, what="transcribing")
    os.read(over, 1)
    tell(event="done", result={})
"""


async def until(pilot: Pilot[None], reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not reached():
            await pilot.pause(0.02)


def begun(study: Study) -> list[str]:
    """The interviews that children worked on, in order."""
    files = sorted(study.folder.parent.glob("begun-*"), key=lambda p: int(p.name[6:]))
    written = [file.read_text().split() for file in files]
    return [words[2] for words in written if len(words) > 2]  # one may be half written


@asynccontextmanager
async def running(app: Earshot) -> AsyncGenerator[Pilot[None]]:
    async with app.run_test() as pilot:
        yield pilot
        app.stop_everything()


async def test_what_is_asked_for_while_work_runs_waits_and_is_done_after_it(
    course: Study, verb: Verb, shown: Shown
) -> None:
    ids = [s.id for s in course.summaries()]
    app = Earshot(course, program=verb(_PATIENT))
    async with running(app) as pilot:
        await pilot.press("t")
        await until(pilot, lambda: bool(app.work and app.work.progress))
        await pilot.press("down", "t", "down", "t")
        await pilot.pause()
        assert "then 2 more" in shown(app)
        assert [w.interview for w in read_transcription_queue(course)] == ids

        (course.folder.parent / "go").touch()
        await until(pilot, lambda: app.work is None)

    assert begun(course) == ids
    assert read_transcription_queue(course) == ()


async def test_what_waited_goes_on_at_the_next_start(course: Study, verb: Verb) -> None:
    first, second, _ = (s.id for s in course.summaries())
    program = verb(_PATIENT)
    app = Earshot(course, program=program)
    async with running(app) as pilot:
        await pilot.press("down", "t")
        await until(pilot, lambda: begun(course) == [second])
        await pilot.press("up", "t")
        await pilot.press("q", "y")
    assert [w.interview for w in read_transcription_queue(course)] == [second, first]

    (course.folder.parent / "go").touch()
    app = Earshot(course, program=program)
    async with running(app) as pilot:
        await until(pilot, lambda: read_transcription_queue(course) == () and app.work is None)

    assert begun(course) == [second, second, first]


async def test_what_a_person_stops_waits_no_more_and_the_next_begins(
    course: Study, verb: Verb
) -> None:
    first, second, _ = (s.id for s in course.summaries())
    app = Earshot(course, program=verb(_PATIENT))
    async with running(app) as pilot:
        await pilot.press("t", "down", "t")
        await until(pilot, lambda: begun(course) == [first])
        await pilot.press("s")
        await until(pilot, lambda: begun(course) == [first, second])

        assert [w.interview for w in read_transcription_queue(course)] == [second]


@pytest.mark.usefixtures("tiny_en_alone")
async def test_a_recording_is_followed_by_the_model_that_the_study_chose(
    study: Study, verb: Verb, shown: Shown
) -> None:
    change_settings(study, while_recording="tiny.en")
    app = Earshot(study, sound=HummingSound(), program=verb(_FOLLOWING))
    async with running(app) as pilot:
        await pilot.press(key_of("home.new"), *"P07_i1", "enter", "r", "y")
        await until(pilot, lambda: bool(app.work and app.work.progress))
        await pilot.pause()
        assert "Transcribing P07_i1 (tiny.en)  as it is recorded  up to 00:01:05" in shown(app)
        assert "s stops it" not in shown(app)

        await pilot.press("s", "S")
        await until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.pause()
        assert "The rest of its transcript is being made now by the model tiny.en." in shown(app)
        await until(pilot, lambda: app.work is None)

    assert read_transcription_queue(study) == ()


@pytest.mark.usefixtures("tiny_en_alone")
async def test_after_a_dissent_nothing_more_is_transcribed(
    study: Study, verb: Verb, shown: Shown
) -> None:
    """Somebody did not want to go on, and the rest of their words was transcribed all the same."""
    change_settings(study, while_recording="tiny.en")
    app = Earshot(study, sound=HummingSound(), program=verb(_FOLLOWING))
    async with running(app) as pilot:
        await pilot.press(key_of("home.new"), *"P07_i1", "enter", "r", "y")
        await until(pilot, lambda: bool(app.work and app.work.progress))
        await pilot.press(key_of("record.dissent"))
        await until(pilot, lambda: isinstance(app.screen, DissentScreen))
        await pilot.pause()
        told = " ".join(shown(app).split())
        await until(pilot, lambda: app.work is None)

    assert "Nothing more of it is transcribed, unless somebody presses t." in told
    assert "is being made now" not in told
    assert read_transcription_queue(study) == ()


@pytest.mark.usefixtures("tiny_en_alone")
async def test_a_failure_beside_a_recording_is_told_when_that_has_ended(
    study: Study, verb: Verb, shown: Shown
) -> None:
    change_settings(study, while_recording="tiny.en")
    program = verb('tell(event="error", message="No memory.", advice="Close some.", exit_code=7)')
    app = Earshot(study, sound=HummingSound(), program=program)
    async with running(app) as pilot:
        await pilot.press(key_of("home.new"), *"P07_i1", "enter", "r", "y")
        await until(pilot, lambda: isinstance(app.screen, RecordingScreen))
        await until(pilot, lambda: app.work is None)
        await pilot.pause()
        assert isinstance(app.screen, RecordingScreen)
        assert "No memory" not in shown(app)

        await pilot.press("s", "S")
        await until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.pause()

        assert "No memory. Finished parts are kept." in shown(app)


@pytest.fixture
def _no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path / "none"))


@pytest.mark.usefixtures("_no_models")
async def test_without_a_model_nothing_follows_a_recording(study: Study, verb: Verb) -> None:
    app = Earshot(study, sound=HummingSound(), program=verb(_FOLLOWING))
    async with running(app) as pilot:
        await pilot.press(key_of("home.new"), *"P07_i1", "enter", "r", "y")
        await until(pilot, lambda: isinstance(app.screen, RecordingScreen))

        assert app.work is None


@pytest.mark.usefixtures("_no_models")
async def test_transcribing_gives_way_to_a_recording_and_goes_on_after_it(
    study: Study, verb: Verb
) -> None:
    with study.change("made") as change:
        waits = change.add_interview(InterviewDetails("P01_i1"))
    queue_interviews(study, [QueuedInterview(waits)])
    app = Earshot(study, sound=HummingSound(), program=verb(_PATIENT))
    async with running(app) as pilot:
        await until(pilot, lambda: begun(study) == [waits])
        await pilot.press(key_of("home.new"), *"P07_i1", "enter", "r", "y")
        await until(pilot, lambda: isinstance(app.screen, RecordingScreen) and app.work is None)
        assert [w.interview for w in read_transcription_queue(study)] == [waits]

        await pilot.press("s", "S")
        await until(pilot, lambda: begun(study) == [waits, waits])


async def test_work_that_ends_while_the_screens_are_taken_down_is_no_fault(
    course: Study, verb: Verb
) -> None:
    app = Earshot(course, program=verb(_PATIENT))
    async with running(app) as pilot:
        await pilot.press("t")
        await until(pilot, lambda: bool(app.work and app.work.progress))
        await app.screen.query_one(InterviewTable).remove()
        app._running = False  # as Textual does before it takes the first screen down
        app.post_message(Earshot.WorkEnded(JobFinished({})))
        await until(pilot, lambda: app.work is None)
        app._running = True
    (course.folder.parent / "go").touch()  # the program itself runs on until then

    assert not app.return_code
    assert len(begun(course)) == 1
