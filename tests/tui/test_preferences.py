"""Keys, colours and the lock are a person's own; what is wrong in their file is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from study.store import Study
from tui import preferences
from tui.app import Earshot
from tui.cli import main
from tui.preferences import Preferences
from tui.screens.cover import Covered, Locked
from tui.screens.home import Home
from tui.screens.interview import InterviewScreen
from tui.verbs.keys import page

Shown = Callable[[Earshot], str]
_KEYS_PAGE = Path(__file__).parents[2] / "docs" / "keys.md"


def _read(tmp_path: Path, text: str) -> Preferences:
    file = tmp_path / "interface.toml"
    file.write_text(text, encoding="utf-8")
    return preferences.read(file)


def test_without_a_file_everything_is_as_it_comes(tmp_path: Path) -> None:
    assert preferences.read(tmp_path / "none.toml") == Preferences()


def test_keys_colours_and_lock_are_read(tmp_path: Path) -> None:
    chosen = _read(
        tmp_path,
        'colours = "terminal"\nlock_after_min = 5\n[keys]\n"interview.play" = "f9"\n'
        'interview.edit = "!"\n',
    )

    assert chosen == Preferences(
        {"interview.play": "f9", "interview.edit": "exclamation_mark"}, "terminal", 5.0
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("colours = [", "cannot be read"),
        ('colours = "pink"', "colours is one of"),
        ("lock_after_min = 0", "from 1 to 600"),
        ('size = "large"', "Nothing is called 'size'"),
        ('[keys]\n"interview.fly" = "f9"', "No command is called 'interview.fly'"),
        ('[keys]\n"interview.play" = 9', "is a word such as"),
        ('[keys]\n"interview.play" = "a"', "does something else already"),
    ],
)
def test_what_is_wrong_is_told_and_left_out(tmp_path: Path, text: str, told: str) -> None:
    chosen = _read(tmp_path, text)

    assert told in " ".join(chosen.problems)
    assert (chosen.keys, chosen.colours) == ({}, "dark")


async def test_a_key_of_ones_own_acts_and_stands_in_footer_and_help(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course, chosen=Preferences({"home.open": "f9"}))
    async with app.run_test() as pilot:
        await pilot.pause()
        bottom = "\n".join(shown(app).splitlines()[-2:])
        await pilot.press("question_mark")
        await pilot.pause()
        told = shown(app)
        await pilot.press("escape", "enter")
        stayed = isinstance(app.screen, Home)
        await pilot.press("f9")
        await pilot.pause()

        assert "f9 Open" in bottom
        assert "f9           Open:" in told
        assert stayed
        assert isinstance(app.screen, InterviewScreen)


async def test_a_problem_in_the_file_is_told_when_it_opens(course: Study, shown: Shown) -> None:
    app = Earshot(course, chosen=Preferences(problems=("Nothing is called 'size'.",)))
    async with app.run_test() as pilot:
        await pilot.pause()

        assert "Nothing is called 'size'." in shown(app)


async def test_one_key_covers_everything_even_while_typing(course: Study, shown: Shown) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("enter", "home", "enter", *"So ")
        await pilot.press("ctrl+l")
        await pilot.pause()
        covered, is_covered = shown(app), isinstance(app.screen, Covered)
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
        early = isinstance(app.screen, Locked)
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
        assert isinstance(app.screen, InterviewScreen)


async def test_colours_change_round_and_begin_as_chosen(course: Study) -> None:
    app = Earshot(course, chosen=Preferences(colours="terminal"))
    async with app.run_test() as pilot:
        seen = [app.theme]
        for _ in range(3):
            await pilot.press("l")
            seen.append(app.theme)

    assert seen == ["earshot-terminal", "earshot-dark", "earshot-light", "earshot-terminal"]


def test_the_page_of_keys_is_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "--page"]) == 0

    assert _KEYS_PAGE.read_text(encoding="utf-8") == page() == capsys.readouterr().out[:-1]
