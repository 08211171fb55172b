"""What a reviewer would trip over: each test is named for something that went wrong once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from cli import VERB_PROGRAM
from study import InterviewState, Verdict
from study.store import Study, read_decisions, read_newest_transcript
from tests.following import key_told
from tests.keys import key_of
from tui.app import Earshot
from tui.screens.dialogs import QuestionDialog
from tui.screens.review_screen import ReviewScreen

Shown = Callable[[Earshot], str]
Verb = Callable[[str], tuple[str, ...]]


def _text(study: Study, turn: int = 0) -> str:
    source = read_newest_transcript(study.interview("P07_i1"))
    assert source is not None
    return source.transcript.turns[turn].text


async def _until(pilot: Pilot[None], reached: Callable[[], bool]) -> None:
    for _ in range(1000):
        if reached():
            return
        await pilot.pause(0.02)
    pytest.fail("not reached within twenty seconds")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_row_of_a_turn_is_seen_as_it_is_opened(
    size: tuple[int, int], course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter", "end", "enter")
        await pilot.pause()
        text = " ".join(shown(app).replace("▌", " ").replace("│", " ").split())

    assert "Oh, since the spring." in text
    assert "with my tea." in text


async def test_the_list_of_mentions_is_filled_before_the_first_decision(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("enter")
        await pilot.pause()

        assert "person (1): 2 to decide" in shown(app)


async def test_what_is_typed_takes_the_place_of_the_chosen_words(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "right", "right", "enter", *"they", "escape")
        await pilot.press("home", "right", "v", "right", "enter", *"Did they", "escape")

    assert _text(course) == "Did they tell me who comes to the course with you?"


async def test_what_was_found_is_corrected_split_or_decided_where_it_stands(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "slash", *"with you", "enter", "enter", *"beside you", "escape")
        await pilot.press("slash", *"Ashfield", "enter", "x")
        await pilot.press("slash", *"She works", "enter", "b")
        await pilot.pause()

    assert _text(course) == "Could you tell me who comes to the course beside you?"
    assert _text(course, 2).startswith("She works at")
    kept = [one for one in read_decisions(course.interview("P07_i1")) if one.decision]
    assert [one.decision.verdict for one in kept if one.decision] == [Verdict.REJECTED]


async def test_a_command_hard_behind_escape_is_no_letter_in_the_turn(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "enter", *"So. ", "alt+n")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, ReviewScreen)

        assert not screen.widgets.editor.is_typing
    assert _text(course).startswith("So. Could you")


async def test_the_hand_over_leads_to_what_is_still_undecided(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", *"aaa", "home", key_of("interview.ready"))
        await pilot.pause()

        assert "1 to decide before it can go to the data officer" in shown(app)
        assert "▸Leeds◂" in shown(app)


async def test_the_last_decision_tells_what_comes_next(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", *"aaaa")
        await pilot.pause()

        assert f"press {key_told('interview.ready')} to send it" in shown(app)


@pytest.mark.slow
async def test_the_hand_over_searches_what_was_corrected_first(course: Study) -> None:
    app = Earshot(course, program=VERB_PROGRAM)
    async with app.run_test() as pilot:
        await pilot.press(
            "enter", *"aaaa", "home", "enter", *"So. ", "escape", key_of("interview.ready")
        )
        await _until(pilot, lambda: app.work is None and "anonymised" in _done(course))
        screen = app.screen
        # The search may have found more to decide.
        while not isinstance(app.screen, QuestionDialog):
            assert course.find_interview("P07_i1").undecided
            await pilot.press("a")
            if not course.find_interview("P07_i1").undecided:
                await pilot.press(key_of("interview.ready"))
        await pilot.press("y")
        await pilot.pause()

        assert app.screen is screen
        assert course.find_interview("P07_i1").state is InterviewState.READY
    assert _text(course).startswith("So. ")


async def test_a_search_that_fails_hands_nothing_on_and_is_not_begun_again(
    course: Study, verb: Verb, shown: Shown
) -> None:
    program = verb("""
        tell(event="error", message=f"{argv[0]} did not work")
        sys.exit(1)
    """)
    app = Earshot(course, program=program)
    async with app.run_test() as pilot:
        await pilot.press(
            "enter", *"aaaa", "home", "enter", *"So. ", "escape", key_of("interview.ready")
        )
        await _until(pilot, lambda: "anonymise did not work" in shown(app))
        await pilot.press("escape")
        await pilot.pause()

        assert app.work is None
        assert not isinstance(app.screen, QuestionDialog)
    assert course.find_interview("P07_i1").state is InterviewState.CORRECTED


def _done(study: Study) -> list[str]:
    interview = study.find_interview("P07_i1").id
    return [line.verb for line in study.read_trail()[0] if line.interview == interview]
