"""What takes a sign-off back asks first, and a message does what the keys do that it names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from anonymise import accept_all_mentions, decide_mention, write_clean_transcript
from handoff import sign_transcript
from study import InterviewState, Verdict
from study.store import Interview, Study, mark_review_ready, read_newest_transcript
from tests.keys import key_of
from tui.app import Earshot
from tui.screens.check.check_screen import CheckScreen
from tui.screens.dialogs import MessageDialog, QuestionDialog, names_key
from tui.screens.home_screen import HomeScreen
from tui.screens.preparation_screen import PreparationScreen
from tui.screens.prompts import TextPrompt
from tui.screens.replacement_screen import ReplacementScreen
from tui.screens.review_screen import ReviewScreen

Shown = Callable[[Earshot], str]


@pytest.fixture
def signed(course: Study) -> Interview:
    """The first interview of the course, signed off."""
    interview = course.interview(course.find_interview("P07_i1").id)
    _sign(interview)
    return interview


def _sign(interview: Interview) -> None:
    accept_all_mentions(interview)
    write_clean_transcript(interview)
    mark_review_ready(interview)
    sign_transcript(interview)


async def _settle(pilot: Pilot[None], app: Earshot) -> None:
    await pilot.pause()
    await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
    await pilot.pause()


def _read(shown: Shown, app: Earshot) -> str:
    return " ".join(shown(app).replace("│", " ").replace("▌", " ").split())


EDITS = {
    "typing": ["home", "enter"],
    "split": ["home", "right", "right", key_of("interview.split")],
    "speaker": ["home", "2"],
    "remove": ["home", key_of("interview.remove")],
}


@pytest.mark.parametrize("edit", EDITS)
async def test_the_first_edit_of_a_signed_interview_asks_and_escape_leaves_it(
    edit: str, course: Study, signed: Interview, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("enter")
        await _settle(pilot, app)
        await pilot.press(*EDITS[edit], *"abc")  # which are typed, or answer nothing
        await _settle(pilot, app)
        asked = _read(shown, app)
        assert isinstance(app.screen, QuestionDialog), asked
        await pilot.press("escape")
        await _settle(pilot, app)
        assert isinstance(app.screen, ReviewScreen)

    assert "P07_i1 is signed off. Editing takes the sign-off back." in asked
    assert signed.summary.state is InterviewState.SIGNED


async def test_a_signed_interview_is_edited_once_that_was_confirmed_and_asks_no_more(
    course: Study, signed: Interview
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("enter")
        await _settle(pilot, app)
        await pilot.press("home", "enter", "y")
        await _settle(pilot, app)
        await pilot.press("escape", "enter", *"Well, ", "escape")
        await _settle(pilot, app)
        await pilot.press("down", "2")
        await _settle(pilot, app)
        assert isinstance(app.screen, ReviewScreen)

    found = read_newest_transcript(signed)
    assert found is not None
    assert signed.summary.state is not InterviewState.SIGNED


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (key_of("home.anonymise"), "Searching it again takes the sign-off back."),
        (key_of("home.go_on"), "What is recorded now is not, and its words take the sign-off back"),
    ],
)
async def test_whatever_takes_a_sign_off_back_from_the_list_asks_first(
    key: str, told: str, course: Study, signed: Interview, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(key)
        await _settle(pilot, app)
        asked = _read(shown, app)
        await pilot.press("escape")
        await _settle(pilot, app)
        assert isinstance(app.screen, HomeScreen)
        assert app.work is None
        if key == key_of("home.go_on"):
            await pilot.press(key, "y")
            await _settle(pilot, app)
            assert isinstance(app.screen, PreparationScreen)

    assert told in asked
    assert signed.summary.state is InterviewState.SIGNED


async def test_a_replacement_elsewhere_names_the_interviews_that_lose_their_sign_off(
    course: Study, signed: Interview, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("down", "enter")
        await _settle(pilot, app)
        await pilot.press(key_of("interview.replace"), *"spring", "enter", *"autumn", "enter")
        await pilot.press(key_of("replacing.everywhere"))
        await _settle(pilot, app)
        before = _read(shown, app)
        await pilot.press("enter")
        await _settle(pilot, app)
        asked = _read(shown, app)
        assert isinstance(app.screen, QuestionDialog), asked
        await pilot.press("escape")
        await _settle(pilot, app)
        assert isinstance(app.screen, ReplacementScreen)
        kept = signed.summary.state
        await pilot.press("enter", "y")
        await _settle(pilot, app)

    assert "This takes the sign-off of P07_i1 back." in before
    assert "This takes the sign-off of P07_i1 back. Replace all the same?" in asked
    assert kept is InterviewState.SIGNED
    assert signed.summary.state is InterviewState.CORRECTED


async def test_a_message_does_what_the_keys_do_that_it_names(course: Study, shown: Shown) -> None:
    interview = course.interview(course.find_interview("P07_i1").id)
    accept_all_mentions(interview)
    app = Earshot(course)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(key_of("home.check"))
        await _settle(pilot, app)
        await pilot.press("x", *"Leeds", "enter", key_of("check.sign"))
        await _settle(pilot, app)
        assert isinstance(app.screen, MessageDialog)
        await pilot.press("1")  # a key of the check that the message does not name
        await _settle(pilot, app)
        assert isinstance(app.screen, MessageDialog)
        await pilot.press(key_of("check.send_back"))
        await _settle(pilot, app)
        assert isinstance(app.screen, TextPrompt)
        assert "Why are you sending it back?" in shown(app)
        await pilot.press("escape", "up", key_of("check.take_back"), key_of("check.sign"))
        await pilot.press("A", "enter", "enter", "y")
        await _settle(pilot, app)
        assert isinstance(app.screen, MessageDialog)
        await pilot.press("e")
        await _settle(pilot, app)
        assert "Who receives P07_i1?" in shown(app)


@pytest.mark.parametrize(
    ("sign", "text", "is_named"),
    [
        ("M", "It was changed. Press M to search it.", True),
        ("M", "It was changed; M searches it.", True),
        ("X", "Nothing is signed while that stands. X sends it back.", True),
        ("Ctrl-R", "Press Ctrl-R to read it again.", True),
        ("e", "e hands it over. Any change makes the sign-off void.", True),
        ("a", "This is a message", False),
        ("A", "A mention stands there. A means it.", False),
        ("I", "I wins.", False),
        ("M", "Press Me.", False),
    ],
)
def test_a_text_names_a_key_where_it_says_to_press_it_or_what_it_does(
    sign: str, text: str, *, is_named: bool
) -> None:
    assert names_key(text, sign) is is_named


async def test_what_is_said_after_a_return_is_true_of_this_return(
    course: Study, shown: Shown
) -> None:
    """No objection: nothing is undecided again, and it is with the officer no more."""
    interview = course.interview(course.find_interview("P07_i1").id)
    accept_all_mentions(interview)
    app = Earshot(course, is_guided=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("enter", key_of("interview.ready"), "y")
        await _settle(pilot, app)
        handed = shown(app)
        await pilot.press(key_of("interview.check"))
        await _settle(pilot, app)
        await pilot.press(key_of("check.send_back"), *"the ward", "enter")
        await _settle(pilot, app)
        returned = shown(app)
        await pilot.press("escape")
        await _settle(pilot, app)
        review = shown(app)

    assert "Sent to the data officer. Editing takes it back." in handed
    assert "Sent back with 1 reason." in returned
    assert "undecided again" not in returned
    assert "It went back with your reasons." in returned
    assert "signs off what you read" not in " ".join(returned.split())
    assert "↩ sent back" in review
    assert "Sent to the data officer" not in review


async def test_the_key_to_what_is_undecided_goes_there_from_any_line(
    course: Study, shown: Shown
) -> None:
    interview = course.interview(course.find_interview("P07_i1").id)
    for key in ("m1", "m2", "m4"):
        decide_mention(interview, key, Verdict.ACCEPTED)
    app = Earshot(course)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(key_of("home.check"))
        await _settle(pilot, app)
        assert isinstance(app.screen, CheckScreen)
        told = shown(app)
        await pilot.press("end", key_of("check.review"))
        await _settle(pilot, app)
        assert isinstance(app.screen, ReviewScreen)
        current = app.screen.cursor.mention

    assert "1 still to decide" in told
    assert current is not None
    assert current.mention.key == "m3"
