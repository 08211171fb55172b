"""What to do about an error is said twice, in verbs and in keys, and says only what is there."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Callable
from typing import cast

import pytest

import cli.next_steps
import tui.next_steps
from study import errors
from study.errors import EarshotError, ModelGap
from tests.every_error import CONCRETE, FAMILIES, SITUATIONS, made
from tui.cli import VERBS, parser
from tui.commands import COMMANDS, keys
from tui.preferences import Preferences

OPTION = re.compile(r"(?<!\w)--[a-z][a-z-]*")
COMMAND = re.compile(r"`(earshot[^`]*)`")
KEYS = Preferences().keys


@pytest.fixture(scope="module")
def options() -> dict[str, set[str]]:
    """The options of each verb, as its parser knows them."""
    (found,) = (each.choices for each in parser()._actions if each.choices)
    verbs = cast("dict[str, argparse.ArgumentParser]", found)
    return {
        name: {option for action in one._actions for option in action.option_strings}
        for name, one in verbs.items()
    }


@pytest.mark.parametrize("table", [cli.next_steps.SENTENCES, tui.next_steps.SENTENCES])
def test_every_error_has_a_next_step_and_nothing_else_has(
    table: dict[type[EarshotError], object],
) -> None:
    assert set(table) == set(CONCRETE)


def at_a_screen(error: EarshotError) -> str:
    return tui.next_steps.next_step(error, KEYS)


@pytest.mark.parametrize("say", [cli.next_steps.next_step, at_a_screen])
def test_a_next_step_is_said_in_whole_sentences_whatever_the_facts(
    say: Callable[[EarshotError], str],
) -> None:
    for error in SITUATIONS:
        said = say(error)
        assert re.fullmatch(r"[A-Z`][^\n]*[.?]", said), repr(error)
        assert "  " not in said


def test_the_shells_sentences_name_only_verbs_and_options_that_there_are(
    options: dict[str, set[str]],
) -> None:
    every = set[str]().union(*options.values())

    for error in SITUATIONS:
        said = cli.next_steps.next_step(error)
        for command in COMMAND.findall(said):
            _, verb, *rest = shlex.split(command)
            assert verb in VERBS, (said, verb)
            assert {word for word in rest if word.startswith("--")} <= options[verb], said
        assert set(OPTION.findall(COMMAND.sub("", said))) <= every, said


def test_the_screens_sentences_hold_no_command_of_the_shell() -> None:
    for error in SITUATIONS:
        said = at_a_screen(error)
        assert "earshot " not in said
        assert "`" not in said
        assert not OPTION.search(said)


def test_the_screens_sentences_name_only_verbs_that_there_are() -> None:
    said = " ".join(tui.next_steps.next_step(error, KEYS) for error in SITUATIONS)

    assert set(re.findall(r"the verb (\w+)", said)) <= set(VERBS)


def test_every_key_of_a_screens_sentence_is_a_commands() -> None:
    for error in SITUATIONS:
        assert "{" not in tui.next_steps.next_step(error, KEYS)

    known = {command.id for command in COMMANDS}
    plain = [each for each in tui.next_steps.SENTENCES.values() if isinstance(each, str)]
    named = set(re.findall(r"\{([^}]*)\}", " ".join(plain)))
    assert named
    assert named <= known


def test_a_key_that_a_person_chose_is_the_one_that_is_said() -> None:
    error = errors.TranscriptMissing()

    said = tui.next_steps.next_step(error, {})
    remapped = tui.next_steps.next_step(error, {"home.transcribe": "f9,x"})

    assert "Press t in the list" in said
    assert "Press f9 in the list" in remapped
    assert "or t in the review" in remapped


def test_a_key_is_named_as_the_help_screen_names_it() -> None:
    (command,) = (command for command in COMMANDS if command.id == "interview.play")

    said = tui.next_steps.next_step(errors.NoLoudspeaker(), {})

    assert f"press {keys(command, 'space')} to" in said


def test_an_exit_code_alone_tells_what_to_do_where_no_fact_is_needed() -> None:
    for kind in CONCRETE:
        error = made(kind)
        for said, whole in (
            (cli.next_steps.next_step_of(kind.exit_code), cli.next_steps.next_step(error)),
            (tui.next_steps.next_step_of(kind.exit_code, {}), tui.next_steps.next_step(error, {})),
        ):
            assert said in {"", whole}
    assert tui.next_steps.next_step_of(errors.TranscriptMissing.exit_code, {})
    assert cli.next_steps.next_step_of(errors.WorkBrokeOff.exit_code)
    assert cli.next_steps.next_step_of(1) == tui.next_steps.next_step_of(1, {}) == ""


@pytest.mark.parametrize("family", [
    errors.WorkError, errors.SoundError, errors.ModelError, errors.StepMissing, errors.ExportError,
])  # fmt: skip
def test_what_can_end_work_beside_a_screen_is_told_from_its_exit_code(
    family: type[EarshotError],
) -> None:
    assert family in FAMILIES
    for kind in CONCRETE:
        if issubclass(kind, family):
            assert tui.next_steps.next_step_of(kind.exit_code, {}), kind.__name__


def test_a_model_that_can_be_fetched_is_named_with_its_size() -> None:
    missing = errors.ModelMissing("speaker", ModelGap.NOT_INSTALLED, name="speakers", size_mb=46)

    said = cli.next_steps.next_step(missing)

    assert said == "`earshot models get speakers` fetches it, 46 MB."
