"""The walk of three people by keys alone: each takes over with a passphrase of their own.

Bringing in a typed transcript has no key, and a policy none: for those see
``tests/walk/test_three_people.py``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from capture import import_transcript
from study import InterviewDetails, InterviewState, Participant, Role
from study.store import Argon2Cost, Study, verify_study
from tests.keys import key_of
from tests.tui.gallery import settle
from tui.app import Earshot
from tui.hardening import read_screen_lines
from tui.screens.home_screen import HomeScreen
from tui.screens.people_screen import PeopleScreen

OWNER = "four unrelated small words"
NAMES = ("owner", "recovery", "Iris", "Anders", "Okafor", "Petra")
ROLES = {"Iris": "2", "Anders": "3", "Okafor": "4", "Petra": "5"}
SAID = "INT01: Who came with you?\n\nP05: My sister Jean Bennett, from Halifax.\n"
LABEL = "P05_i1"
PEOPLE = (Participant("INT01", Role.INTERVIEWER), Participant("P05"))
_PROGRAM = (sys.executable, "-P", "-m", "cli.command_line")
_PATIENCE = 1_200  # looks, 0.05 s apart


class Keyboard:
    """One keyboard at which people take turns."""

    def __init__(self, app: Earshot, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> str:
        """Press keys, ``"…"`` being put into a field; return what is then on the screen."""
        for key in keys:
            if key[:1] == '"':
                field = self.app.focused
                assert isinstance(field, Input)
                field.insert_text_at_cursor(key[1:-1])
            else:
                await self.pilot.press(key)
                await settle(self.app, self.pilot)
        lines = (strip.text.strip(" │▌") for strip in read_screen_lines(self.app))
        return " ".join(" ".join(lines).split())

    async def take_over(self, name: str) -> str:
        """Let somebody take over, in the list of interviews."""
        assert isinstance(self.app.screen, HomeScreen)
        own = OWNER if name == "owner" else f"what {name} alone knows"
        down = ["down"] * NAMES.index(name)
        seen = await self.press(key_of("home.people"), *down, "enter", f'"{own}"', "enter")
        assert self.app.study.slot_name == name, seen
        return seen

    async def work(self, *keys: str) -> str:
        """Press keys that begin work; wait for its end."""
        await self.press(*keys)
        for _ in range(_PATIENCE):
            await self.pilot.pause(0.05)
            if self.app.work is None:
                await settle(self.app, self.pilot)
                return await self.press()
        raise AssertionError("the work did not end")


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cheap: Argon2Cost) -> Iterator[Study]:
    """A study of one owner."""
    monkeypatch.setattr("study.store.keys.Argon2Cost", lambda: cheap)
    study, _ = Study.create(tmp_path / "study", OWNER, cost=cheap)
    with study:
        yield study


async def test_three_people_walk_by_keys_and_each_is_offered_what_their_role_may(
    made: Study, tmp_path: Path
) -> None:
    app = Earshot(made, program=_PROGRAM)
    async with app.run_test(size=(80, 24)) as pilot:
        await _walk(Keyboard(app, pilot), tmp_path)
    names, (lines, _) = app.study.slot_names(), app.study.read_trail()
    assert verify_study(app.study) == []
    app.stop_everything()

    told = {line.verb: names[line.slot] for line in lines}
    assert told["person added"] == told["person removed"] == "owner"
    assert told["transcript imported"] == "Iris"
    assert told["anonymised"] == told["ready"] == "Anders"
    assert told["handed over"] == "Anders"
    assert told["words opened to read"] == told["signed off"] == "Okafor"


async def _walk(at: Keyboard, tmp_path: Path) -> None:
    for name, role in ROLES.items():
        own = f'"what {name} alone knows"'
        seen = await at.press(
            key_of("home.people"),
            key_of("people.add"),
            f'"{name}"',
            "enter",
            role,
            own,
            "enter",
            own,
            "enter",
        )
        assert f"{name} can open the study as" in seen
        await at.press("escape", "escape")

    # The officer brings nothing in; the interviewer does, and neither decides nor hands over.
    seen = await at.take_over("Okafor")
    assert "N New" not in seen
    assert "t Transcribe" not in seen
    seen = await at.take_over("Iris")
    typed = tmp_path / "typed.txt"
    typed.write_text(SAID, encoding="utf-8")
    import_transcript(at.app.study, typed, InterviewDetails(LABEL, PEOPLE))
    seen = await at.press(key_of("home.refresh"), key_of("home.anonymise"), "e")
    assert "M Anonymise" not in seen
    assert "e Export" not in seen
    assert _state(at) is InterviewState.TRANSCRIBED

    # The assistant searches, decides and hands on; nobody has signed yet.
    assert "Anders, assistant" in await at.take_over("Anders")
    await at.work(key_of("home.anonymise"))
    await at.press("enter", *"AAAA", key_of("interview.ready"), "y", "escape")
    assert _state(at) is InterviewState.READY
    assert "Sign off" not in await at.press(key_of("home.check"))
    await at.press("escape")

    # The officer reads under notice, and signs.
    await at.take_over("Okafor")
    assert "sister" in await at.press("enter")
    await at.press(
        "escape",
        key_of("home.check"),
        key_of("check.sign"),
        "enter",
        "enter",
        "y",
        "escape",
        "escape",
    )
    assert _state(at) is InterviewState.SIGNED

    # The approver reads no words and hands nothing over; the assistant hands over.
    seen = await at.take_over("Petra")
    assert "⏎ Open" not in seen
    assert "e Export" not in seen
    await at.press("enter", "e")
    assert isinstance(at.app.screen, HomeScreen)
    await at.take_over("Anders")
    assert "Handed over, into" in await at.work("e", *"the analysts", "enter", "y")
    await at.press("escape")
    (file,) = (at.app.study.folder / "handed-over").rglob(f"{LABEL}.txt")
    assert "Jean" not in file.read_text(encoding="utf-8")

    # The owner removes the assistant, who then opens nothing.
    await at.take_over("owner")
    asked = await at.press(key_of("home.people"), *["down"] * NAMES.index("Anders"), "delete")
    assert "They may have copied what they could open until now: sound, words and names" in asked
    assert "Anders is removed" in await at.press("y")
    assert "Anders" not in await at.press("escape")
    assert isinstance(at.app.screen, PeopleScreen)


def _state(at: Keyboard) -> InterviewState:
    return at.app.study.find_interview(LABEL).state
