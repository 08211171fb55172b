"""Keys, colours and the lock as a person chose them, on the screens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app import ARTHUR, DEMONSTRATION_PASSPHRASE, INTERVIEWER, Preferences
from study import InterviewDetails, Participant
from study.store import Study
from tests.keys import key_of
from tui.app import Earshot
from tui.screens.home_screen import HomeScreen
from tui.screens.privacy_screens import CoverScreen, LockScreen
from tui.screens.review_screen import ReviewScreen

Shown = Callable[[Earshot], str]


async def test_a_key_of_ones_own_acts_and_stands_in_footer_and_help(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course, chosen=Preferences({"home.open": "f12"}))
    async with app.run_test() as pilot:
        await pilot.pause()
        bottom = "\n".join(shown(app).splitlines()[-2:])
        await pilot.press("question_mark")
        await pilot.pause()
        told = shown(app)
        await pilot.press("escape", "enter")
        stayed = isinstance(app.screen, HomeScreen)
        await pilot.press("f12")
        await pilot.pause()

        assert "F12 Open" in bottom
        assert "F12          Open:" in told
        assert stayed
        assert isinstance(app.screen, ReviewScreen)


async def test_a_problem_in_the_file_is_told_when_it_opens(course: Study, shown: Shown) -> None:
    app = Earshot(course, chosen=Preferences(problems=("There is no setting called 'size'.",)))
    async with app.run_test() as pilot:
        await pilot.pause()

        assert "There is no setting called 'size'." in shown(app)


async def test_one_key_covers_everything_even_while_typing(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "enter", *"So ")
        await pilot.press("ctrl+l")
        await pilot.pause()
        covered, is_covered = shown(app), isinstance(app.screen, CoverScreen)
        await pilot.press("a", "escape", "ctrl+p")
        await pilot.pause()
        still = shown(app)
        await pilot.press("enter")
        await pilot.pause()

        assert is_covered
        for text in (covered, still):
            assert "Margaret" not in text
            assert "P07" not in text
        assert "So Could" in shown(app)


@pytest.mark.parametrize(
    ("passphrase", "people", "is_told"),
    [
        (DEMONSTRATION_PASSPHRASE, [(INTERVIEWER, ARTHUR)], True),
        ("of my own, thank you", [(INTERVIEWER, ARTHUR)], False),
        (DEMONSTRATION_PASSPHRASE, [], False),
        (DEMONSTRATION_PASSPHRASE, [(ARTHUR,), (Participant("P07"),)], False),
        (DEMONSTRATION_PASSPHRASE, [(Participant("P01", names=("Margaret",)),)], False),
    ],
)
async def test_a_demonstration_of_invented_people_alone_tells_its_passphrase_where_it_locks(
    tmp_path: Path,
    shown: Shown,
    passphrase: str,
    people: list[tuple[Participant, ...]],
    *,
    is_told: bool,
) -> None:
    """The guided demonstration locked after ten minutes, and nobody had told the passphrase."""
    made, _ = Study.create(tmp_path / "any folder", passphrase)
    with made as study:
        for number, who in enumerate(people):
            with study.change("entered") as change:
                change.add_interview(InterviewDetails(f"P01_i{number}", who))
        now = [0.0]
        app = Earshot(study, clock=lambda: now[0])
        async with app.run_test() as pilot:
            now[0] = 11 * 60.0
            app.lock_if_idle()
            await pilot.pause()
            await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
            await pilot.pause()
            locked = shown(app)

    assert "Locked" in locked
    assert (f"the passphrase is: {passphrase}" in locked) is is_told
    assert is_told or passphrase not in locked


async def test_it_locks_after_a_time_without_a_key_and_the_passphrase_opens(
    course: Study, shown: Shown, passphrase: str
) -> None:
    now = [0.0]
    app = Earshot(course, clock=lambda: now[0])
    async with app.run_test() as pilot:
        await pilot.press("enter")
        now[0] = 9 * 60.0
        app.lock_if_idle()
        await pilot.pause()
        early = isinstance(app.screen, LockScreen)
        now[0] = 11 * 60.0
        app.lock_if_idle()
        await pilot.pause()
        locked = shown(app)
        await pilot.press("ctrl+l", *"wrong", "enter")
        await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
        await pilot.pause()
        wrong = shown(app)
        await pilot.press(*passphrase, "enter")
        await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
        await pilot.pause()

        assert not early
        assert "Locked" in locked
        assert "Margaret" not in locked
        assert "That is not the passphrase." in wrong
        assert passphrase not in wrong
        assert isinstance(app.screen, ReviewScreen)


async def test_colours_change_round_and_begin_as_chosen(course: Study) -> None:
    app = Earshot(course, chosen=Preferences(colours="terminal"))
    async with app.run_test() as pilot:
        seen = [app.theme]
        for _ in range(3):
            await pilot.press(key_of("theme"))
            seen.append(app.theme)

    assert seen == ["earshot-terminal", "earshot-dark", "earshot-light", "earshot-terminal"]
