"""Sending, receiving, lending and taking back by keys, and the keys of studies."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from app import BackgroundWork, receive_parcel
from study import (
    ConsentRule,
    ParcelKind,
    ReportProgress,
    ShouldStop,
    TaskProgress,
    WithdrawalScope,
)
from study.errors import Stopped
from study.store import (
    Study,
    TranscriptEditor,
    encode_card,
    end_loan,
    list_loans,
    list_trusted,
    record_withdrawal,
    send_interviews,
    spell_card,
    verify_study,
)
from tests.consents import ask_for
from tests.keys import named
from tests.study.travelling import Place, bring_in, places
from tests.tui.gallery import Picture, settle, walk
from tui.app import Earshot
from tui.screens.dialogs import MessageDialog, QuestionDialog
from tui.screens.home_screen import HomeScreen
from tui.screens.prompts import ChoicePrompt
from tui.screens.travel.conflict_dialog import ConflictDialog
from tui.screens.travel.travel_screen import TravelScreen

Shown = Callable[[Earshot], str]
SEND, LEND, MOVE = "1", "3", "2"


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Place]]:
    """An office with an interview and a laptop, which trust each other."""
    (tmp_path / "stick").mkdir()
    monkeypatch.chdir(tmp_path / "stick")
    with places(tmp_path, "office", "laptop") as made:
        bring_in(made["office"].study, "P07_i1", is_decided=False)
        yield made


class Hands:
    """Presses keys in one study, and reads what is shown."""

    def __init__(self, app: Earshot, pilot: Pilot[None], shown: Shown) -> None:
        self.app, self._pilot, self._shown = app, pilot, shown

    async def press(self, *keys: str) -> str:
        """Press keys, ``@id`` for that of a command; ``=text`` is put into the field."""
        for key in keys:
            if key.startswith("="):
                field = self.app.focused
                assert isinstance(field, Input)
                field.value = key[1:]
            else:
                await self._pilot.press(named(key))
            await settle(self.app, self._pilot)
        return " ".join(self._shown(self.app).replace("│", " ").split())


@asynccontextmanager
async def hands(study: Study, shown: Shown) -> AsyncGenerator[Hands]:
    """Open the screen of sending and receiving of a study."""
    app = Earshot(study)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(app, pilot)
        one = Hands(app, pilot, shown)
        await one.press("@home.travel")
        yield one
    app.stop_everything()


def put(name: str, content: bytes) -> None:
    """Put a file on the stick, where the tests are."""
    Path(name).write_bytes(content)


def got(name: str) -> bytes:
    """Return what is in a file on the stick, b"" where there is none."""
    path = Path(name)
    return path.read_bytes() if path.exists() else b""


def turn(study: Study) -> str:
    source = study.interview("P07_i1").read_transcript()
    assert source is not None
    return source.transcript.turns[1].text


def lend(at: dict[str, Place]) -> None:
    """Lend the interview to the laptop, change it on both sides, and send it back."""
    office, laptop = at["office"], at["laptop"]
    one = office.study.interview("P07_i1")
    send_interviews(office.study, [one], laptop.card, Path("lent"), kind=ParcelKind.LENT)
    receive_parcel(laptop.study, Path("lent"))
    there = laptop.study.interview("P07_i1")
    TranscriptEditor(there).set_text(2, "Yes, my sister from there.")
    TranscriptEditor(there).set_text(1, "Well, from there?")
    send_interviews(laptop.study, [there], office.card, Path("back"))
    end_loan(office.study, one)
    TranscriptEditor(one).set_text(2, "Yes, my sister from here.")
    TranscriptEditor(one).set_text(1, "Well, from here?")


async def test_an_interview_is_lent_received_sent_back_and_taken_back_by_keys(
    at: dict[str, Place], shown: Shown
) -> None:
    office, laptop = at["office"].study, at["laptop"].study
    async with hands(office, shown) as one:
        asked = await one.press("enter")
        sent = await one.press(LEND, "1", "=P07.lent", "enter")
        listed = await one.press("escape")
        again = await one.press("enter")
    assert "Lend: read-only here until it is back" in asked
    assert "Sealed for laptop: P07_i1." in sent
    assert "Read-only here until the loan comes back." in sent
    assert "P07_i1 to review to laptop since" in listed
    assert "End the loan" in again

    async with hands(laptop, shown) as one:
        empty = await one.press("end")
        checked = await one.press("@travel.take_in", "=P07.lent", "enter")
        assert laptop.summaries() == []
        taken = await one.press("y")
        TranscriptEditor(laptop.interview("P07_i1")).set_text(2, "Changed.")
        await one.press("escape", "@travel.refresh", "enter", SEND, "1", "=P07.back", "enter")
    assert "No interviews yet" in empty
    assert "On loan from office: P07_i1." in checked
    assert "Nothing has been taken in. Take it in?" in checked
    assert "Taken in: 3 turns" in taken

    async with hands(office, shown) as one:
        asked = await one.press("@travel.take_in", "=P07.back", "enter")
        assert len(list_loans(office)) == 1
        told = await one.press("y")
    assert "Back from laptop: P07_i1. Take it back?" in asked
    assert "Every change made there is here now." in told
    assert turn(office) == "Changed."
    assert list_loans(office) == verify_study(office) == []


async def test_turns_that_both_changed_are_decided_one_by_one_by_keys(
    at: dict[str, Place], shown: Shown
) -> None:
    lend(at)
    office = at["office"].study
    async with hands(office, shown) as one:
        asked = await one.press("@travel.take_in", "=back", "enter")
        first = await one.press("y")
        second = await one.press("1")
        left = await one.press("escape")
        unchanged = turn(office)
        told = await one.press("escape", "@travel.take_in", "=back", "enter", "y", "1", "2")

    assert "2 turns were changed here as well: you decide each." in asked
    assert "P07_i1, turn 1: changed here and there 1 of 2" in first
    assert "As it was lent P07: Well, Margaret Hollis?" in first
    assert "1 Here P07: Well, from here? 2 Came back P07: Well, from there?" in first
    assert "turn 2: changed here and there 2 of 2" in second
    assert "Nothing was taken back, because not every turn was decided." in left
    assert unchanged == "Yes, my sister from here."
    assert "1 turn brought up to date from there." in told
    assert turn(office) == "Yes, my sister from there."
    assert verify_study(office) == []


async def test_a_move_is_settled_by_keys_after_a_question(
    at: dict[str, Place], shown: Shown
) -> None:
    office, laptop = at["office"].study, at["laptop"].study
    async with hands(office, shown) as one:
        await one.press("enter", MOVE, "1", "=P07.parcel", "enter")
        waits = await one.press("escape")
        told_in_list = await one.press("escape", "@home.refresh")
    async with hands(laptop, shown) as one:
        asked = await one.press("@travel.take_in", "=P07.parcel", "enter", "y")
        there = await one.press("y", "=P07.parcel", "enter")
        written = await one.press("=P07.receipt", "enter")
    async with hands(office, shown) as one:
        question = await one.press("@travel.take_in", "=P07.receipt", "enter")
        still = len(office.summaries())
        told = await one.press("y")

    assert "Write the receipt, so that the sender can settle the move?" in asked
    assert "There is already a file of that name." in there
    assert "Give the receipt to office." in written
    assert "moved to laptop, waits for the receipt" in waits
    assert "P07_i1 was moved to laptop on 20" in told_in_list
    assert "P07_i1 was moved. Settling it destroys what is still here. Settle it?" in question
    assert still == 1
    assert "laptop has taken in that parcel." in told
    assert office.summaries() == []
    assert len(laptop.summaries()) == 1


async def test_a_loan_is_ended_and_several_are_sent_in_one_file_by_keys(
    at: dict[str, Place], shown: Shown
) -> None:
    office, laptop = at["office"].study, at["laptop"].study
    bring_in(office, "P08_i1", code="P08", names=(("[Person 2]", "jo smith"),))
    async with hands(office, shown) as one:
        await one.press("enter", LEND, "1", "=lent", "enter", "escape", "home")
        await one.press("enter", "1")
        assert list_loans(office) == []
        marked = await one.press("home", "@travel.mark", "@travel.mark")
        asked = await one.press("enter", SEND, "1")
        await one.press("=both", "enter")
    receive_parcel(laptop, Path("both"))

    assert "2 marked" in marked
    assert "P07_i1-and-1-more.parcel" in "".join(asked.split())
    assert [one.label for one in laptop.summaries()] == ["P07_i1", "P08_i1"]


async def test_a_study_is_trusted_by_the_words_that_are_typed(
    at: dict[str, Place], shown: Shown, tmp_path: Path
) -> None:
    with places(tmp_path, "field") as more:
        field = more["field"]
        put("field.key", encode_card(field.card))
        words = spell_card(field.card)
        async with hands(field.study, shown) as one:
            none = await one.press("enter")
            nobody = await one.press("@travel.keys", "1")
            await one.press("escape", "@travel.keys", "2", "=own.key", "enter")
        async with hands(at["office"].study, shown) as one:
            await one.press("@travel.keys", "3", "=field.key", "enter", "=field", "enter")
            wrong = await one.press(f"=zoo {words}", "enter")
            right = await one.press("=" + " ".join(word[:4] for word in words.split()), "enter")
            listed = await one.press("escape")
            await one.press("@travel.keys", "5", "y")  # after the laptop

    assert "No interviews yet." in none
    assert " ".join(words.split()[:4]) in nobody
    assert got("own.key") == encode_card(field.card)
    assert "These are not the words of that key." in wrong
    assert "field is trusted: interviews can be sent to it" in right
    assert "Trusted: laptop, field." in listed
    assert [one.name for one in list_trusted(at["office"].study)] == ["laptop"]


async def test_what_cannot_be_sent_or_received_is_said_in_a_sentence(
    at: dict[str, Place], shown: Shown
) -> None:
    office, laptop = at["office"].study, at["laptop"].study
    send_interviews(office, [office.interview("P07_i1")], at["laptop"].card, Path("parcel"))
    whole = got("parcel")
    put("cut", whole[: len(whole) // 2])
    put("text", b"Dear colleagues,\n")
    async with hands(laptop, shown) as one:
        missing = await one.press("@travel.take_in", "=none", "enter")
        cut = await one.press("=cut", "enter")
        text = await one.press("escape", "@travel.take_in", "=text", "enter")
        assert laptop.summaries() == []
    ask_for(office, ConsentRule.RECORDED)
    record_withdrawal(office, "P07", WithdrawalScope.TRANSCRIPT)
    async with hands(office, shown) as one:
        withdrawn = await one.press("enter", SEND, "1", "=no", "enter")
        folder = await one.press("escape", "enter", SEND, "1", "=nowhere/no", "enter")

    assert "There is no such file." in missing
    assert "The parcel was cut off on its way: its end is missing." in cut
    assert "That file is no parcel of interviews." in text
    assert "P07 has withdrawn" in withdrawn
    assert "There is no such folder." in folder
    assert got("no") == b""


async def test_sending_shows_how_far_it_is_and_stops_at_once(
    at: dict[str, Place], shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_under_way, seen = threading.Event(), list[str]()

    def seal(*_: object, report: ReportProgress, stop: ShouldStop, **__: object) -> object:
        report(TaskProgress(1.0, 4.0))
        report(TaskProgress(2.0, 4.0))
        is_under_way.set()
        while not stop():
            threading.Event().wait(0.01)
        raise Stopped

    monkeypatch.setattr("tui.screens.travel.sending_controls.send_interviews", seal)
    app = Earshot(at["office"].study)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(named("@home.travel"))
        await settle(app, pilot)
        await pilot.press("enter", SEND, "1", "enter")
        while not is_under_way.is_set():
            await pilot.pause(0.01)
        await pilot.pause()
        seen.append(shown(app))
        await pilot.press("escape", "N")  # nothing but to move and to stop is offered meanwhile
        seen.append(shown(app))
        await pilot.press("s")
        await settle(app, pilot)
        seen.append(shown(app))
    app.stop_everything()

    assert "Sealing P07_i1" in seen[0]
    assert "50%" in seen[0]
    assert "left" in seen[0]
    assert "s stops it" in seen[0]
    assert "N Receive" not in seen[0]
    assert "Sealing P07_i1" in seen[1]
    assert "It was stopped. Nothing was sent, taken in or taken back." in seen[2]


async def test_who_leaves_while_something_is_sent_stops_it(
    at: dict[str, Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    is_under_way, is_stopped = threading.Event(), threading.Event()

    def seal(*_: object, stop: ShouldStop, **__: object) -> object:
        is_under_way.set()
        while not stop():
            threading.Event().wait(0.01)
        is_stopped.set()
        raise Stopped

    monkeypatch.setattr("tui.screens.travel.sending_controls.send_interviews", seal)
    app = Earshot(at["office"].study)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(named("@home.travel"))
        await settle(app, pilot)
        await pilot.press("enter", SEND, "1", "enter")
        while not is_under_way.is_set():
            await pilot.pause(0.01)
        await pilot.press("ctrl+q")
    app.stop_everything()

    assert is_stopped.wait(20)
    assert app.return_code == 0


async def test_the_palette_finds_each_step_by_its_name(at: dict[str, Place], shown: Shown) -> None:
    app = Earshot(at["office"].study)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p", *"trust another")
        while "Trust another study's key" not in (found := shown(app)):
            await pilot.pause(0.01)
        await pilot.press("enter")
        await settle(app, pilot)
        assert isinstance(app.screen, TravelScreen)
        names = {one.title for one in app.get_system_commands(app.screen)}
    app.stop_everything()

    assert "Trust another study's key" in found
    assert names >= {
        "Send or lend", "Move", "End a loan", "Receive or take back", "Take back a loan",
        "This study's key", "Trust another study's key", "Settle a receipt",
    }  # fmt: skip


async def test_nothing_is_sent_while_a_task_runs(at: dict[str, Place], shown: Shown) -> None:
    async with hands(at["office"].study, shown) as one:
        one.app.jobs.show(BackgroundWork("transcribe", "x", "P08_i1"))
        told = await one.press("enter", SEND, "1", "=no", "enter")
        one.app.jobs.show(None)

    assert "A task is running. Wait for it, or stop it with s." in told
    assert got("no") == b""


def _name_back(app: Earshot) -> None:
    field = app.focused
    assert isinstance(field, Input)
    field.value = str(app.study.folder.parent / "stick" / "back")


PICTURES = (
    Picture("travel-home", HomeScreen),
    Picture("travel", TravelScreen, ["@home.travel", "@travel.mark"]),
    Picture("travel-send", ChoicePrompt, ["enter"]),
    Picture("travel-who", ChoicePrompt, ["1"]),
    Picture("travel-keys", ChoicePrompt, ["escape", "@travel.keys"]),
    Picture("travel-back", QuestionDialog, ["escape", "@travel.take_in", _name_back, "enter"]),
    Picture("travel-conflict", ConflictDialog, ["y"]),
    Picture("travel-left", MessageDialog, ["escape"]),
)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_screens_of_sending_and_receiving_look_as_they_did(
    at: dict[str, Place], shown: Shown, size: tuple[int, int]
) -> None:
    lend(at)
    bring_in(at["office"].study, "P08_i1", code="P08", names=(("[Person 2]", "jo smith"),))

    await walk(Earshot(at["office"].study), PICTURES, shown, size)
