"""A key means one thing in the whole program, and one thing has one key."""

from __future__ import annotations

from collections import defaultdict

from app import COMMANDS, KEY_MEANINGS, CommandPlace

# What has more than one key, and why: the letters of vim for the arrows, a smaller keyboard's key,
# and what foot pedals send. Nothing else has.
ALIASES = {
    "up": "k", "down": "j", "left": "h", "right": "l", "remove": "backspace",
    "play": "f4,f14", "back_2": "f3,f13", "on_2": "f5,f15", "back_5": "f2", "on_5": "f6",
    "play_this": "f7", "loop_this": "f8",
}  # fmt: skip
# While a turn is typed letters are letters, and these do what a letter does otherwise.
WHILE_TYPING = {
    "play": "tab,f4,f14", "back_2": "f3,f13,ctrl+b", "on_2": "f5,f15", "back_5": "f2", "on_5": "f6",
    "play_this": "f7,ctrl+o", "loop_this": "f8", "split": "ctrl+n",
}  # fmt: skip


def test_no_key_means_two_things_over_all_screens() -> None:
    means: dict[str, set[str]] = defaultdict(set)
    for command in COMMANDS:
        for meaning in KEY_MEANINGS:
            if meaning.name in command.means.split("+"):
                is_typing = command.screen is CommandPlace.TYPING
                keys = meaning.typing_keys if is_typing else meaning.keys
                if command.screen is CommandPlace.RECORD:
                    keys = meaning.key
                assert set(keys.split(",")) <= set(command.key.split(","))
                for key in keys.split(","):
                    means[key].add(meaning.name)

    assert {key: names for key, names in means.items() if len(names) > 1} == {}
    assert set(means) == {key for command in COMMANDS for key in command.key.split(",")}


def test_no_thing_has_two_keys_but_for_those_that_are_named_here() -> None:
    also = {meaning.name: meaning.also for meaning in KEY_MEANINGS if meaning.also}
    typing = {meaning.name: meaning.typing for meaning in KEY_MEANINGS if meaning.typing}

    assert also == ALIASES
    assert typing == WHILE_TYPING
    assert [m.name for m in KEY_MEANINGS if "," in m.key] == []
    assert len({m.name for m in KEY_MEANINGS}) == len(KEY_MEANINGS)


def test_two_meanings_stand_together_only_where_there_is_nothing_to_open() -> None:
    assert {c.id: c.means for c in COMMANDS if "+" in c.means} == {
        "typing.done": "back+open", "dialog.close": "back+open",
    }  # fmt: skip


def test_no_foot_pedal_pauses_a_recording() -> None:
    pause = next(command for command in COMMANDS if command.id == "record.pause")

    assert pause.key == "space"


def test_every_meaning_is_that_of_a_command() -> None:
    used = {name for command in COMMANDS for name in command.means.split("+")}

    assert {meaning.name for meaning in KEY_MEANINGS} == used
