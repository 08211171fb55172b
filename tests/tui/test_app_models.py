"""With which model an interview is transcribed: asked where there are several, and named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from textual.pilot import Pilot

from models import InstalledModel
from study import InterviewDetails, SoundFormat, TaskProgress
from study.store import IncomingSound, Study, set_language
from tui.app import Earshot
from tui.screens.prompts import ChoicePrompt

Shown = Callable[[Earshot], str]
Verb = Callable[[str], tuple[str, ...]]

_SAYS_WHICH = """
    import pathlib, signal
    called = pathlib.Path(argv[1]).parent / "called.txt"
    called.write_text(argv[argv.index("--model") + 1] if "--model" in argv else "the usual")
    tell(event="progress", done=1.0, total=4.0, what="window 1")
    signal.pause()
"""


async def _until(pilot: Pilot[None], reached: Callable[[], bool]) -> None:
    for _ in range(500):
        if reached():
            return
        await pilot.pause(0.02)
    raise AssertionError("not reached within ten seconds")


@pytest.fixture
def recorded(study: Study) -> Study:
    """A study with a minute of an interview that nobody has transcribed."""
    with IncomingSound(study, SoundFormat(16_000, 1)) as incoming:
        incoming.write(np.zeros(60 * 16_000, dtype=np.int16).tobytes())
        incoming.keep(InterviewDetails("P07_i1"), {})
    return study


@pytest.fixture
def two_models(tiny_en_alone: InstalledModel) -> None:
    """The genuine tiny.en, and its files once more under the name of another model."""
    (tiny_en_alone.folder.parent / "base").symlink_to(tiny_en_alone.folder)


def _called(study: Study) -> Path:
    return study.folder.parent / "called.txt"


@pytest.mark.usefixtures("two_models")
@pytest.mark.parametrize("where", ["list", "interview"])
@pytest.mark.parametrize(("keys", "model"), [(["2"], "tiny.en"), (["enter"], "base")])
async def test_where_several_models_are_here_t_asks_which_and_what_runs_names_it(
    recorded: Study, verb: Verb, shown: Shown, where: str, keys: list[str], model: str
) -> None:
    app = Earshot(recorded, program=verb(_SAYS_WHICH))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*(["enter"] if where == "interview" else []), "t")
        await pilot.pause()
        asked = shown(app)
        assert app.work is None
        await pilot.press(*keys)
        await _until(pilot, lambda: bool(app.work and app.work.progress))
        await pilot.pause()
        running = shown(app)
        app.stop_everything()

    assert "Transcribe P07_i1 with which model?" in asked
    assert "▸ 1  base, 148 MB, the usual one here" in asked
    assert "2  tiny.en, 78 MB" in asked
    assert _called(recorded).read_text() == model
    assert f"It is being transcribed by the model {model}" in running
    assert f"Transcribing P07_i1 ({model})" in running


@pytest.mark.usefixtures("two_models")
async def test_escape_transcribes_with_no_model(recorded: Study, verb: Verb) -> None:
    app = Earshot(recorded, program=verb(_SAYS_WHICH))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t", "escape")
        await pilot.pause()

        assert app.work is None
    assert not _called(recorded).exists()


@pytest.mark.usefixtures("tiny_en_alone")
async def test_with_one_model_t_begins_at_once_and_names_it(
    recorded: Study, verb: Verb, shown: Shown
) -> None:
    app = Earshot(recorded, program=verb(_SAYS_WHICH))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t")
        await _until(pilot, lambda: bool(app.work and app.work.progress))
        await pilot.pause()
        running = shown(app)
        app.stop_everything()

    assert "by the model tiny.en" in running
    assert "Transcribing P07_i1 (tiny.en)" in running


@pytest.mark.usefixtures("two_models")
async def test_a_model_that_has_not_learnt_the_language_is_not_offered(
    recorded: Study, verb: Verb, shown: Shown
) -> None:
    set_language(recorded.interview("P07_i1"), "de")
    app = Earshot(recorded, program=verb(_SAYS_WHICH))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t")
        await _until(pilot, lambda: bool(app.work and app.work.progress))
        await pilot.pause()

        assert "Transcribing P07_i1 (base)" in shown(app)
        app.stop_everything()


@pytest.mark.usefixtures("two_models")
async def test_a_guided_demonstration_that_brings_its_model_asks_for_none(
    recorded: Study, verb: Verb
) -> None:
    app = Earshot(recorded, program=verb(_SAYS_WHICH), speech_model="tiny.en")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t")
        await _until(pilot, lambda: bool(app.work and app.work.progress))
        app.stop_everything()

    assert _called(recorded).read_text() == "tiny.en"


@pytest.mark.usefixtures("two_models")
async def test_the_model_that_was_chosen_is_kept_when_the_language_is_asked_for(
    recorded: Study, verb: Verb
) -> None:
    app = Earshot(
        recorded,
        program=verb("""
            import pathlib
            called = pathlib.Path(argv[1]).parent / "called.txt"
            with called.open("a") as lines:
                print(argv[argv.index("--model") + 1], "--unchecked" in argv, file=lines)
            tell(event="error", message="This sounds like German, not like English.",
                 language="de", exit_code=78)
            sys.exit(78)
        """),
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t", "2")
        await _until(pilot, lambda: app.work is None and isinstance(app.screen, ChoicePrompt))
        await pilot.press("2")
        await _until(pilot, lambda: _called(recorded).read_text().count("\n") > 1)

    assert _called(recorded).read_text().split() == ["tiny.en", "False", "tiny.en", "True"]


async def test_a_line_too_narrow_for_the_models_name_keeps_what_stops_it(
    course: Study, shown: Shown
) -> None:
    from app import BackgroundWork

    app = Earshot(course)
    progress = TaskProgress(600.0, 2400.0)
    async with app.run_test(size=(64, 24)) as pilot:
        app.jobs.show(
            BackgroundWork("transcribe", "x", "P08_i1", progress, 1500.0, model="large-v3-turbo")
        )
        await pilot.pause()

        assert "25%  25 min left  s stops it" in shown(app)
