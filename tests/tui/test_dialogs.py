"""Messages and questions, however long, say which key ends them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.binding import Binding
from textual.command import CommandPalette
from textual.screen import ModalScreen

from app import CommandPlace, list_commands
from study.store import Study
from tests.following import key_of
from tui.app import Earshot
from tui.screens.consent_form import ConsentReadingScreen
from tui.screens.dialogs import MessageDialog, QuestionDialog, RefusalDialog
from tui.screens.hearing_screen import HearingScreen
from tui.screens.replacement_screen import ReplacementScreen
from tui.screens.returned_screen import ReturnedScreen
from tui.screens.voices_screen import VoicesScreen
from tui.screens.willingness_screen import DissentScreen, WillingnessScreen
from tui.screens.withdrawal_screen import WithdrawalScreen

Shown = Callable[[Earshot], str]
_LONG = "\n".join(f"Line {number} of many." for number in range(1, 61))


@pytest.mark.parametrize(
    ("kind", "keys"),
    [(MessageDialog, "closes this"), (QuestionDialog, "y yes"), (RefusalDialog, "Esc close")],
)
async def test_a_box_longer_than_the_window_shows_its_keys_and_scrolls(
    study: Study, shown: Shown, kind: Callable[[str], ModalScreen[object]], keys: str
) -> None:
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(kind(_LONG))
        await pilot.pause()
        opened = shown(app)
        await pilot.press("end")
        await pilot.pause()
        scrolled = shown(app)

    assert "Line 1 of" in opened
    assert keys in opened
    assert "↓ and PgDn show the rest." in opened
    assert "Line 60 of" in scrolled
    assert keys in scrolled


async def test_a_box_that_fits_says_nothing_of_a_rest(study: Study, shown: Shown) -> None:
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(MessageDialog("All of it."))
        await pilot.pause()
        seen = shown(app)

    assert "All of it." in seen
    assert "the rest" not in seen


_PAGES = [
    ConsentReadingScreen, DissentScreen, HearingScreen, ReplacementScreen, ReturnedScreen,
    VoicesScreen, WillingnessScreen, WithdrawalScreen,
]  # fmt: skip


@pytest.mark.parametrize("page", _PAGES)
def test_a_page_in_front_of_a_screen_has_the_keys_that_work_everywhere(
    page: type[ModalScreen[object]],
) -> None:
    bound = {one.id for one in page.BINDINGS if isinstance(one, Binding)}

    wanted = {one.id for one in list_commands(CommandPlace.EVERYWHERE)}
    assert wanted - bound == {"cover", "leave"}  # which the app keeps in front of every message
    assert isinstance(vars(page)["place"], CommandPlace)


async def test_the_help_of_a_page_in_front_of_a_screen_tells_its_own_keys(
    course: Study, shown: Shown
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(key_of("home.withdraw"), key_of("help"))
        await pilot.pause()
        seen = shown(app)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, WithdrawalScreen)
        await pilot.press(key_of("palette"))
        await pilot.pause()
        assert isinstance(app.screen, CommandPalette)

    assert "withdrawing" in seen
    scopes = ("1   No further interviews", "2   The sound", "3   The words", "4   Everything")
    assert [one for one in scopes if one not in seen] == []
