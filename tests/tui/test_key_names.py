"""Sentences on the screens name the keys that a person has, not those that Earshot comes with."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import COMMANDS, CommandPlace, Preferences
from study import (
    InterviewDetails,
    InterviewState,
    InterviewSummary,
    Participant,
    PersonRole,
    SoundFormat,
)
from study.store import IncomingSound, Study
from tests.tui.gallery import settle
from tests.tui.pressing import own_keys
from tui.app import Earshot
from tui.guided_tour import TourPosition, suggest_next_key
from tui.key_names import use_keys, with_keys
from tui.widgets.labels import describe_next_step, name_next_step

Choose = Callable[[dict[str, str]], None]
ROOT = Path(__file__).parents[2]
SOURCES = sorted([*ROOT.glob("tui/**/*.py"), *ROOT.glob("app/*.py")])
_PLACES = {command.id.partition(".")[0] for command in COMMANDS if "." in command.id}
_IN_BRACES = re.compile(r"\{([a-z_]+\.[a-z_0-9]+)\}")
# A bare key after "press", or one that begins what it does; y answers every question.
_BARE = re.compile(
    r"\b[Pp]ress (?!y\b)(?:[A-Za-z0-9]|Enter|Space)(?![\w{])"
    r"|\bSpace\b"
    r"|\b[A-Za-z] (?:stops it|shows it|takes it back|reads it|adds one|records one|writes one)\b"
)


@pytest.fixture
def choose() -> Iterator[Choose]:
    """Choose keys for one test."""
    yield use_keys
    use_keys({})


@pytest.fixture
def recorded(study: Study) -> InterviewSummary:
    with IncomingSound(study, SoundFormat(8000, 1)) as incoming:
        incoming.write(bytes(16_000))
        incoming.keep(InterviewDetails("P07_i1", (Participant("P07"),)), {"container": "WAV"})
    return study.find_interview("P07_i1")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_sentence_names_commands_that_there_are_and_no_bare_key(path: Path) -> None:
    known = {command.id for command in COMMANDS}
    said = [
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]

    named = {name for text in said for name in _IN_BRACES.findall(text)}
    assert {name for name in named if name.partition(".")[0] in _PLACES} <= known
    if path.name != "command_table.py":  # where the keys themselves stand
        assert not [text for text in said if _BARE.search(text)]


def test_a_key_that_somebody_chose_stands_in_the_sentence(choose: Choose) -> None:
    sentence = "Press {home.transcribe}, or {interview.play}."

    assert with_keys(sentence, {}) == "Press t, or Space."
    assert with_keys(sentence, {"home.transcribe": "f12,x"}) == "Press F12, or Space."
    assert with_keys(sentence) == "Press t, or Space."
    choose({"interview.play": "f4"})
    assert with_keys(sentence) == "Press t, or F4."


def test_the_next_step_of_an_interview_names_the_key_of_who_is_there(
    recorded: InterviewSummary, choose: Choose
) -> None:
    choose({"home.transcribe": "f12"})
    position = TourPosition(CommandPlace.HOME, recorded)

    assert name_next_step(recorded) == "F12 transcribe"
    assert describe_next_step(recorded) == "Press F12 to transcribe this recording."
    assert "Press F12 to turn it into text" in suggest_next_key(position)


def test_the_next_step_after_a_hand_over_is_the_copy_that_came_back(
    recorded: InterviewSummary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InterviewSummary, "state", InterviewState.HANDED)

    assert name_next_step(recorded) == "done"
    assert name_next_step(recorded, is_returned=True) == "⏎ read copy"
    assert describe_next_step(recorded, is_returned=True) == (
        "A participant's copy came back. Press Enter to open it and go through it."
    )
    assert describe_next_step(recorded, is_returned=True, place=CommandPlace.INTERVIEW) == (
        "A participant's copy came back: \\ goes through it."
    )
    officer = PersonRole.OFFICER  # who may not enter it, and was told of the key that does
    assert name_next_step(recorded, role=officer, is_returned=True) == "done"


@pytest.mark.parametrize("place", [CommandPlace.HOME, CommandPlace.INTERVIEW])
def test_an_officer_is_told_of_a_returned_copy_without_keys_that_refuse(
    recorded: InterviewSummary, monkeypatch: pytest.MonkeyPatch, place: CommandPlace
) -> None:
    monkeypatch.setattr(InterviewSummary, "state", InterviewState.HANDED)

    said = describe_next_step(recorded, role=PersonRole.OFFICER, is_returned=True, place=place)

    assert said == (
        "A participant's copy came back. It waits for somebody whose role lets them correct"
        " transcripts."
    )


@pytest.mark.parametrize("state", list(InterviewState))
def test_every_next_step_fits_its_column_in_the_list(
    recorded: InterviewSummary, monkeypatch: pytest.MonkeyPatch, state: InterviewState
) -> None:
    monkeypatch.setattr(InterviewSummary, "state", state)
    steps = [name_next_step(recorded, is_returned=returned) for returned in (False, True)]

    assert [step for step in steps if len(step) > 12] == []


async def test_no_key_that_was_moved_stands_in_the_list(
    study: Study, recorded: InterviewSummary, shown: Callable[[Earshot], str]
) -> None:
    assert recorded.label
    chosen = own_keys()
    app = Earshot(study, chosen=Preferences(chosen.keys))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        seen = shown(app)

    key = chosen.keys["home.transcribe"]
    assert f"{key} transcribe" in seen
    assert f"Press {key} to transcribe this recording." in seen
    assert "t transcribe" not in seen
