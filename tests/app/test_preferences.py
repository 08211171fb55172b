"""The preferences file: what it sets, and what is left out because it is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app import Preferences, read_preferences


def _read(tmp_path: Path, text: str) -> Preferences:
    file = tmp_path / "interface.toml"
    file.write_text(text, encoding="utf-8")
    return read_preferences(file)


def test_without_a_file_everything_is_as_it_comes(tmp_path: Path) -> None:
    assert read_preferences(tmp_path / "none.toml") == Preferences()


def test_keys_colours_and_lock_are_read(tmp_path: Path) -> None:
    chosen = _read(
        tmp_path,
        'colours = "terminal"\nlock_after_min = 5\nblank_lines = true\ntimeline = "digits"\n'
        '[keys]\n"interview.play" = "f12"\n'
        'interview.edit = "!"\n',
    )

    assert chosen == Preferences(
        {"interview.play": "f12", "interview.edit": "exclamation_mark"}, "terminal", 5.0,
        has_blank_lines=True, timeline="digits",
    )  # fmt: skip


def test_shift_with_a_function_key_is_the_key_that_a_pedal_sends(tmp_path: Path) -> None:
    path = tmp_path / "interface.toml"
    path.write_text('[keys]\n"interview.play" = "shift+f4,f12"\n', encoding="utf-8")

    assert read_preferences(path).keys == {"interview.play": "f16,f12"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("colours = [", "cannot be read"),
        ('colours = "pink"', "colours must be one of"),
        ("lock_after_min = 0", "from 1 to 600"),
        ('blank_lines = "yes"', "true or false"),
        ("timeline = 3", "one of blocks, digits"),
        ('size = "large"', "There is no setting called 'size'"),
        ('[keys]\n"interview.fly" = "f12"', "No command is called 'interview.fly'"),
        ('[keys]\n"interview.play" = 9', "is a word such as"),
        ('[keys]\n"interview.play" = "a"', "a is the key of interview.accept already"),
        ('[keys]\n"interview.play" = "f13"', "F13 is the key of interview.back_2 already"),
        ('[keys]\n"help" = "e"', "e is the key of home.export already"),
    ],
)
def test_what_is_wrong_is_told_and_left_out(tmp_path: Path, text: str, told: str) -> None:
    chosen = _read(tmp_path, text)

    assert told in " ".join(chosen.problems)
    assert chosen == Preferences(problems=chosen.problems)


def test_a_file_for_the_keys_of_version_0_6_is_told_what_moved_and_still_holds(
    tmp_path: Path,
) -> None:
    chosen = _read(
        tmp_path,
        '[keys]\n"interview.play" = "f12"\n"check.kind" = "k"\n"check.all" = "f10"\n'
        '"interview.next" = "g"\n"home.new" = "f11"\n',
    )

    assert chosen.keys == {"interview.play": "f12", "home.new": "f11"}
    assert chosen.problems == (
        "check.kind is part of check.filter now: its key in interface.toml does nothing.",
        "check.all is part of check.filter now: its key in interface.toml does nothing.",
        "g is the key of interview.next_undecided already, so interview.next keeps its usual key.",
    )


HOSTILE = {
    "arrays in arrays": "a = " + "[" * 16_000,
    "tables in tables": "a = " + "{a = " * 3_000,
    "names of names": "[keys]\n" + ".".join("a" * 8_000) + " = 1",
    "a number without end": "lock_after_min = " + "9" * 16_000,
    "a megabyte": "# " + "x" * (1 << 20),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_one_sentence(tmp_path: Path, text: str) -> None:
    chosen = _read(tmp_path, text)

    assert chosen == Preferences(
        problems=("interface.toml cannot be read, so the usual settings are used.",)
    )


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "interface.toml")

    assert read_preferences(tmp_path / "interface.toml").problems == (
        "interface.toml cannot be read, so the usual settings are used.",
    )
