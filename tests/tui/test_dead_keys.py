"""No key does nothing without a word: what is no key here, or not available now, says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app import CommandPlace, list_commands
from study import PersonRole
from study.store import Argon2Cost, Study, add_person, read_decisions
from tests.keys import key_of, sign_of
from tests.tui.gallery import settle
from tui.app import Earshot
from tui.screens.dialogs import QuestionDialog
from tui.screens.home_screen import HomeScreen
from tui.screens.review_screen import ReviewScreen
from tui.widgets.safe_text import SafeText

Shown = Callable[[Earshot], str]
OWN = "somebody's own passphrase"
UNKNOWN = "does nothing here; ? shows every key"
ROLES = [r for r in PersonRole if r not in {PersonRole.OWNER, PersonRole.RECOVERY}]


@pytest.mark.parametrize(
    ("opening", "key"),
    [((), "Q"), (("enter",), "Q"), (("C",), "Q"), ((key_of("home.withdraw"),), "Q"),
     (("C", key_of("consent.new"), *"P09", "enter"), "w"),
     ((key_of("home.people"),), "Q"), ((key_of("home.check"),), "Q")],
)  # fmt: skip
async def test_a_key_that_is_none_here_says_so_until_the_next(
    course: Study, shown: Shown, opening: tuple[str, ...], key: str
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        await pilot.press(*opening)
        await settle(app, pilot)
        assert UNKNOWN not in shown(app)
        await pilot.press(key)
        await settle(app, pilot)
        assert f"{key} {UNKNOWN}" in shown(app)


async def test_what_was_said_of_a_key_goes_with_the_next(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        await pilot.press("Q")
        await settle(app, pilot)
        assert UNKNOWN in shown(app)
        await pilot.press("down")
        await settle(app, pilot)
        assert UNKNOWN not in shown(app)


async def test_in_an_empty_study_every_key_of_an_interview_says_that_there_is_none(
    study: Study, shown: Shown
) -> None:
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        for key in (
            "enter",
            key_of("home.go_on"),
            "t",
            key_of("home.anonymise"),
            key_of("home.check"),
            "e",
        ):
            await pilot.press(key)
            await settle(app, pilot)
            assert isinstance(app.screen, HomeScreen)
            assert f"No interviews yet; {sign_of('home.new')} records one." in shown(app), key
            await pilot.press(key_of("home.refresh"))


async def test_keys_about_questions_say_where_they_work(study: Study, shown: Shown) -> None:
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("C", key_of("consent.lost"))
        await settle(app, pilot)
        assert f"No participants yet; {sign_of('consent.new')} adds one." in shown(app)
        await pilot.press(key_of("consent.new"), *"P07", "enter", "y")
        await settle(app, pilot)
        assert "go down to one of them first" in shown(app)


@pytest.mark.parametrize("role", ROLES)
async def test_every_key_of_the_list_that_a_role_is_refused_says_so(
    course: Study, cheap: Argon2Cost, shown: Shown, role: PersonRole
) -> None:
    add_person(course, "Somebody", role, OWN, cost=cheap)
    with Study.open(course.folder, OWN) as study:
        app = Earshot(study)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(app, pilot)
            home = app.screen
            assert isinstance(home, HomeScreen)
            for command in list_commands(CommandPlace.HOME):
                refusal = home.explain_refusal(command.action, ())
                if "Your role" not in refusal:
                    continue
                await pilot.press(command.key.split(",")[0])
                await settle(app, pilot)
                assert app.screen is home
                assert refusal in " ".join(shown(app).split())


async def test_an_officer_is_asked_once_before_the_first_decision(
    course: Study, cheap: Argon2Cost
) -> None:
    add_person(course, "Okafor", PersonRole.OFFICER, OWN, cost=cheap)
    with Study.open(course.folder, OWN) as study:
        label = study.summaries()[0].id

        def decided() -> int:
            return sum(d.decision is not None for d in read_decisions(study.interview(label)))

        before = decided()
        app = Earshot(study)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(app, pilot)
            await pilot.press("enter")
            await settle(app, pilot)
            for key in "aAxXcu":
                await pilot.press(key)
                await settle(app, pilot)
                assert isinstance(app.screen, QuestionDialog), key
                asked = app.screen.query_one(".words", SafeText).said
                assert "somebody else has to sign this interview off" in asked
                await pilot.press("n")
                await settle(app, pilot)
            assert decided() == before
            await pilot.press("a", "y")
            await settle(app, pilot)
            assert decided() == before + 1
            await pilot.press("a")
            await settle(app, pilot)
            assert isinstance(app.screen, ReviewScreen)
            assert decided() == before + 2


async def test_an_owner_who_may_sign_all_the_same_is_asked_nothing(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        await pilot.press("enter", "a")
        await settle(app, pilot)
        assert isinstance(app.screen, ReviewScreen)
