"""What to do about an error at the shell: whole sentences, of verbs and options that there are."""

from __future__ import annotations

import argparse
import re
import shlex
from typing import cast

import pytest

from cli import VERB_NAMES, build_parser
from cli.verb_advice import SENTENCES, advise_verb, advise_verb_for_code
from study.errors import (
    LeakPlace,
    MentionsUndecided,
    ModelGap,
    ModelMissing,
    OriginalSurvives,
    SoundRefused,
    WorkBrokeOff,
)
from tests.every_error import CONCRETE, SITUATIONS, made

OPTION = re.compile(r"(?<!\w)--[a-z][a-z-]*")
COMMAND = re.compile(r"`(earshot[^`]*)`")


@pytest.fixture(scope="module")
def options() -> dict[str, set[str]]:
    """The options of each verb, as its parser knows them."""
    (found,) = (each.choices for each in build_parser()._actions if each.choices)
    verbs = cast("dict[str, argparse.ArgumentParser]", found)
    return {
        name: {option for action in one._actions for option in action.option_strings}
        for name, one in verbs.items()
    }


def test_every_error_has_a_next_step_and_nothing_else_has() -> None:
    assert set(SENTENCES) == set(CONCRETE)


def test_a_next_step_is_said_in_whole_sentences_whatever_the_facts() -> None:
    for error in SITUATIONS:
        said = advise_verb(error)
        assert re.fullmatch(r"[A-Z`][^\n]*[.?]", said), repr(error)
        assert "  " not in said


def test_the_shells_sentences_name_only_verbs_and_options_that_there_are(
    options: dict[str, set[str]],
) -> None:
    every = set[str]().union(*options.values())

    for error in SITUATIONS:
        said = advise_verb(error)
        for command in COMMAND.findall(said):
            _, verb, *rest = shlex.split(command)
            assert verb in VERB_NAMES, (said, verb)
            assert {word for word in rest if word.startswith("--")} <= options[verb], said
        assert set(OPTION.findall(COMMAND.sub("", said))) <= every, said


def test_an_exit_code_alone_tells_what_to_do_where_no_fact_is_needed() -> None:
    for kind in CONCRETE:
        assert advise_verb_for_code(kind.exit_code) in {"", advise_verb(made(kind))}
    assert advise_verb_for_code(WorkBrokeOff.exit_code)
    assert advise_verb_for_code(1) == ""


def test_a_model_that_can_be_fetched_is_named_with_its_size() -> None:
    missing = ModelMissing("speaker", ModelGap.NOT_INSTALLED, name="speakers", size_mb=46)

    said = advise_verb(missing)

    assert said == "`earshot models get speakers` fetches it, 46 MB."


def test_the_words_of_a_refusal_are_shown_without_the_stops_behind_them() -> None:
    said = advise_verb(OriginalSurvives(["word 7 of turn 2"], (2,), ("mary place.", "?")))

    assert said.startswith("It says: mary place. Accept")


def test_each_kind_of_place_has_its_own_sentence_of_what_to_do() -> None:
    said = {place: advise_verb(OriginalSurvives(["there"], places=(place,))) for place in LeakPlace}

    assert len(set(said.values())) == len(LeakPlace)
    assert "--to" in said[LeakPlace.TARGET]
    assert "earshot settings STUDY --title" in said[LeakPlace.TITLE]
    assert "--keep-inside" in said[LeakPlace.ATTRIBUTE]
    assert "--heading" in said[LeakPlace.HEADING]
    assert "--call" in said[LeakPlace.CALLED]
    assert "--purpose" in said[LeakPlace.PURPOSE]


def test_sound_that_was_to_go_into_a_zip_file_is_told_to_go_into_a_folder() -> None:
    said = advise_verb(SoundRefused("it goes into a folder", needs_folder=True))

    assert said.startswith("Give a folder with --to")


def test_one_mention_is_decided_and_several_are() -> None:
    assert advise_verb(MentionsUndecided(1)).startswith("Decide it with")
    assert advise_verb(MentionsUndecided(2)).startswith("Decide them with")
    assert "handed over: 1 mention is undecided" in str(MentionsUndecided(1))
    assert str(MentionsUndecided(5)).startswith("Nothing may be signed off or handed over")
