"""The language of an interview: chosen in the list and before a recording, asked if it differs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from study import InterviewDetails
from study.store import Study, change_settings, read_language, read_settings
from tests.keys import key_of
from tests.recordings import FakeSound
from tests.tui.test_screens_prepare import settle
from tui.app import Earshot
from tui.screens.home_screen import HomeScreen
from tui.screens.prompts import ChoicePrompt, TextPrompt

Verb = Callable[[str], tuple[str, ...]]
Shown = Callable[[Earshot], str]

# Writes down with which options it was called, and refuses until the language is settled.
_REFUSES = """
    from pathlib import Path
    kept = Path(argv[1]).parent / "called.txt"
    kept.open("a").write(" ".join(argv[4:argv.index("--keys-fd")]) + "\\n")
    if len(kept.read_text().splitlines()) == 1:
        tell(event="error", message="This sounds like German, not like English.", exit_code=78,
             language="de")
        sys.exit(78)
    tell(event="done", result={})
"""
_UNCLEAR = """
    tell(event="error", message="The first minutes do not tell.", exit_code=79)
    sys.exit(79)
"""


async def _until(pilot: Pilot[None], reached: Callable[[], bool]) -> None:
    for _ in range(500):
        if reached():
            return
        await pilot.pause(0.02)
    raise AssertionError("not reached within ten seconds")


def _called(study: Study) -> list[str]:
    written = study.folder.parent / "called.txt"
    return written.read_text().splitlines() if written.exists() else []


def _language(study: Study) -> str:
    return read_language(study.interview("P07_i1"))


async def test_another_language_is_asked_about_and_taken_with_one_key(
    course: Study, verb: Verb, shown: Shown
) -> None:
    app = Earshot(course, program=verb(_REFUSES))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t")
        await _until(pilot, lambda: isinstance(app.screen, ChoicePrompt))
        await pilot.pause()
        asked = shown(app)
        await pilot.press("1")
        await _until(pilot, lambda: len(_called(course)) == 2 and app.work is None)

    assert "P07_i1: This sounds like German, not like English." in asked
    assert "1  Transcribe it in German." in asked
    assert "2  It is English: transcribe it all the same." in asked
    assert _language(course) == "de"
    assert _called(course) == ["", ""]


async def test_who_insists_on_the_language_is_not_checked_again(course: Study, verb: Verb) -> None:
    app = Earshot(course, program=verb(_REFUSES))
    async with app.run_test() as pilot:
        await pilot.press("t")
        await _until(pilot, lambda: isinstance(app.screen, ChoicePrompt))
        await pilot.press("2")
        await _until(pilot, lambda: len(_called(course)) == 2 and app.work is None)

    assert _called(course) == ["", "--unchecked"]
    assert _language(course) == "en"


async def test_a_third_language_can_be_named_and_escape_leaves_it(
    course: Study, verb: Verb
) -> None:
    app = Earshot(course, program=verb(_REFUSES))
    async with app.run_test() as pilot:
        await pilot.press("t")
        await _until(pilot, lambda: isinstance(app.screen, ChoicePrompt))
        await pilot.press("3")
        await _until(pilot, lambda: isinstance(app.screen, TextPrompt))
        await pilot.press(*"nederlands", "enter")
        await _until(pilot, lambda: len(_called(course)) == 2 and app.work is None)

    assert _language(course) == "nl"


async def test_leaving_the_question_transcribes_nothing(course: Study, verb: Verb) -> None:
    app = Earshot(course, program=verb(_REFUSES))
    async with app.run_test() as pilot:
        await pilot.press("t")
        await _until(pilot, lambda: isinstance(app.screen, ChoicePrompt))
        await pilot.press("escape")
        await pilot.pause()

        assert isinstance(app.screen, HomeScreen)
        assert app.work is None

    assert len(_called(course)) == 1


async def test_where_no_language_stands_out_only_naming_one_is_offered(
    course: Study, verb: Verb, shown: Shown
) -> None:
    app = Earshot(course, program=verb(_UNCLEAR))
    async with app.run_test() as pilot:
        await pilot.press("t")
        await _until(pilot, lambda: isinstance(app.screen, ChoicePrompt))
        await pilot.pause()

        assert "1  Another language ..." in shown(app)
        assert "2  " not in shown(app).partition("1  Another")[2]


async def test_the_list_keeps_a_language_and_refuses_what_none_is_called(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("L", "1", *"klingon", "enter")
        await pilot.pause()
        refused = shown(app)
        await pilot.press(*["backspace"] * 7, *"Deutsch", "enter")
        await pilot.pause()

        assert isinstance(app.screen, HomeScreen)

    assert "No language has that name or code." in refused
    assert _language(course) == "de"


@pytest.mark.parametrize(
    ("studys", "row"),
    [("de", "German; L changes it"), ("auto", "detected from the first minutes; L sets it")],
)
async def test_a_recording_is_prepared_in_the_studys_language_or_its_own(
    study: Study, shown: Shown, studys: str, row: str
) -> None:
    change_settings(study, language=studys)
    with study.change("made") as change:
        change.add_interview(InterviewDetails("P07_i1"))
    app = Earshot(study, sound=FakeSound())
    async with app.run_test() as pilot:
        await pilot.press(key_of("home.go_on"))
        await settle(app, pilot)
        before = shown(app)
        await pilot.press("L", *"french", "enter")
        await pilot.pause()
        after = shown(app)
        await pilot.press("r", "y")
        await settle(app, pilot)

    assert row in before
    assert "French; L changes it" in after
    assert _language(study) == "fr"


async def test_the_language_of_the_whole_study_is_chosen_in_the_list(
    course: Study, study: Study
) -> None:
    for opened, keys in ((course, ["L", "2"]), (study, ["L"])):  # an empty study has none but that
        app = Earshot(opened)
        async with app.run_test() as pilot:
            await pilot.press(*keys, *"german", "enter")
            await pilot.pause()

            assert isinstance(app.screen, HomeScreen)
        assert read_settings(opened).language == "de"
