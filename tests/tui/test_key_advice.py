"""What to do about an error at a screen: whole sentences, of keys that there are."""

from __future__ import annotations

import re

import pytest

from app import COMMANDS, Preferences, name_keys
from cli import VERB_NAMES
from study.errors import (
    EarshotError,
    ExportError,
    ModelError,
    NoLoudspeaker,
    SoundError,
    StepMissing,
    TranscriptMissing,
    WorkError,
)
from tests.every_error import CONCRETE, FAMILIES, SITUATIONS, made
from tui.key_advice import SENTENCES, advise_key, advise_key_for_code

OPTION = re.compile(r"(?<!\w)--[a-z][a-z-]*")
KEYS = Preferences().keys
_COMMAND = r"`earshot (\w+)[^`]*`"


def test_every_error_has_a_next_step_and_nothing_else_has() -> None:
    assert set(SENTENCES) == set(CONCRETE)


def test_a_next_step_is_said_in_whole_sentences_whatever_the_facts() -> None:
    for error in SITUATIONS:
        said = advise_key(error, KEYS)
        assert re.fullmatch(r"[A-Z`][^\n]*[.?]", said), repr(error)
        assert "  " not in said
        assert not re.search(r"[a-z`]\.[A-Z]", said), said  # a space behind every full stop
        sentences = said.split(". ")
        assert len(sentences) == len(set(sentences)), said


def test_the_screens_sentences_name_a_command_only_as_one_for_a_terminal() -> None:
    named: set[str] = set()
    for error in SITUATIONS:
        said = advise_key(error, KEYS)
        verbs = re.findall(_COMMAND, said)
        rest = re.sub(_COMMAND, "", said)
        assert "earshot " not in rest
        assert "`" not in rest
        assert not OPTION.search(rest)
        assert "in a terminal" in said.lower() or not verbs
        named |= set(verbs)

    assert named
    assert named <= set(VERB_NAMES)


def test_every_key_of_a_screens_sentence_is_a_commands() -> None:
    for error in SITUATIONS:
        assert "{" not in advise_key(error, KEYS)

    known = {command.id for command in COMMANDS}
    plain = [each for each in SENTENCES.values() if isinstance(each, str)]
    named = set(re.findall(r"\{([^}]*)\}", " ".join(plain)))
    assert named
    assert named <= known


def test_a_key_that_a_person_chose_is_the_one_that_is_said() -> None:
    error = TranscriptMissing()

    said = advise_key(error, {})
    remapped = advise_key(error, {"home.transcribe": "f12,x"})

    assert "Press t in the list" in said
    assert "Press F12 in the list" in remapped
    assert "or t in the review" in remapped


def test_a_key_is_named_as_the_help_screen_names_it() -> None:
    (command,) = (command for command in COMMANDS if command.id == "interview.play")

    said = advise_key(NoLoudspeaker(), {})

    assert f"press {name_keys(command, 'space')} to" in said


def test_an_exit_code_alone_tells_what_to_do_where_no_fact_is_needed() -> None:
    for kind in CONCRETE:
        assert advise_key_for_code(kind.exit_code, {}) in {"", advise_key(made(kind), {})}
    assert advise_key_for_code(TranscriptMissing.exit_code, {})
    assert advise_key_for_code(1, {}) == ""


@pytest.mark.parametrize("family", [
    WorkError, SoundError, ModelError, StepMissing, ExportError,
])  # fmt: skip
def test_what_can_end_work_beside_a_screen_is_told_from_its_exit_code(
    family: type[EarshotError],
) -> None:
    assert family in FAMILIES
    for kind in CONCRETE:
        if issubclass(kind, family):
            assert advise_key_for_code(kind.exit_code, {}), kind.__name__
