"""Somebody withdraws, with keys: what is shown first, what is typed, and what two people do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from study import (
    DestructionState,
    InterviewDetails,
    Participant,
    PersonRole,
    Role,
    SoundFormat,
)
from study.store import (
    Argon2Cost,
    IncomingSound,
    Study,
    add_person,
    list_destructions,
)
from tests.keys import key_of
from tests.tui.gallery import Picture, settle, walk
from tui.app import Earshot
from tui.screens.dialogs import MessageDialog
from tui.screens.home_screen import HomeScreen
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.screens.withdrawal_screen import WithdrawalScreen

Shown = Callable[[Earshot], str]
APPROVER = "only the approver knows this"


@pytest.fixture
def held(tmp_path: Path, passphrase: str, cheap: Argon2Cost) -> Study:
    """A study with two interviews of P07 and one of P08, on a day that stays the same."""
    made, _ = Study.create(
        tmp_path / "held", passphrase, cost=cheap, clock=lambda: datetime(2026, 11, 29, tzinfo=UTC)
    )
    for label, code in (("P07_i1", "P07"), ("P07_i2", "P07"), ("P08_i1", "P08")):
        with IncomingSound(made, SoundFormat(8000, 1)) as incoming:
            incoming.write(bytes(16_000))
            people = (Participant("INT01", Role.INTERVIEWER), Participant(code))
            incoming.keep(InterviewDetails(label, people), {"container": "WAV"})
    return made


SMALL = (
    Picture("withdraw", WithdrawalScreen, ["@home.withdraw"]),
    Picture("withdraw-everything", WithdrawalScreen, ["4"]),
    Picture("withdraw-code", TextPrompt, ["enter", *"P07"]),
    Picture("withdraw-done", WithdrawalScreen, ["enter"]),
    Picture("withdraw-settle", ChoicePrompt, ["@withdraw.settle"]),
    Picture("withdraw-twice", WithdrawalScreen, ["enter", "4"]),
    Picture("withdraw-home", HomeScreen, ["escape"]),
)


def steady(shown: Shown) -> Shown:
    """Take the random id of a destruction out of a picture."""
    return lambda app: re.sub(r"\b[0-9a-f]{8}\b(?=:|  )", "#" * 8, shown(app))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_withdrawal_reads_as_it_should(
    held: Study, shown: Shown, size: tuple[int, int]
) -> None:
    pictures = (
        SMALL if size == (80, 24) else tuple(replace(one, name=f"{one.name}-wide") for one in SMALL)
    )
    with held:
        await walk(Earshot(held), pictures, steady(shown), size)


@pytest.mark.parametrize("typed", ["P08", "p07", "P0"])
async def test_another_code_withdraws_nobody_and_is_answered(
    held: Study, shown: Shown, typed: str
) -> None:
    with held:
        app = Earshot(held)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(app, pilot)
            await pilot.press(key_of("home.withdraw"), "2", "enter", *typed, "enter")
            assert "Nothing was done: that is not P07, letter for letter." in shown(app)
            await pilot.press("escape")

        assert list_destructions(held) == ()
        assert len(held.summaries()) == 3


async def test_one_asks_and_another_confirms_with_keys(
    held: Study, cheap: Argon2Cost, shown: Shown, tmp_path: Path
) -> None:
    add_person(held, "Adeyemi", PersonRole.APPROVER, APPROVER, cost=cheap)
    with held:
        app = Earshot(held)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(app, pilot)
            await pilot.press(key_of("home.withdraw"), "4", "enter", *"P07", "enter")
            await settle(app, pilot)
            assert "An approver or another owner must confirm" in shown(app)
            await pilot.press(key_of("withdraw.confirm"))
            assert isinstance(app.screen, MessageDialog)  # who asked does not confirm
    with Study.open(held.folder, APPROVER) as study:
        app = Earshot(study)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(app, pilot)
            await pilot.press(key_of("home.withdraw"), key_of("withdraw.confirm"), *"P07", "enter")
            await settle(app, pilot)
            (one,) = list_destructions(study)
            assert one.state is DestructionState.BEGUN  # somebody with all keys finishes it
            assert [s.label for s in study.summaries()] != []
            folder = tmp_path / "papers"
            await pilot.press("p", "ctrl+u", *str(folder), "enter")
            await settle(app, pilot)
        assert [path.name for path in folder.iterdir()] == [f"certificate-{one.id}.html"]


async def test_what_a_policy_does_not_say_is_asked_for_in_a_sentence(
    held: Study, shown: Shown
) -> None:
    with held:
        with held.change("interview made") as change:
            both = (Participant("P07"), Participant("P08"))
            change.add_interview(InterviewDetails("both", both))
        app = Earshot(held)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(app, pilot)
            await pilot.press(key_of("home.withdraw"), "4")
            assert "the policy does not say what goes" in " ".join(shown(app).split())
