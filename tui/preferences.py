"""What a person chose for the interface on this computer: keys, colours, when it locks.

One small file, ``interface.toml``, that a person writes; nothing of a study is in it. What is
wrong in it is told when the interface opens, and left out; the rest holds.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import platformdirs

from tui.commands import COMMANDS, Command, Place

LOCK_AFTER_MIN: Final = 10.0  # our choice: long enough to think, short enough for a shared room
COLOURS: Final = ("dark", "light", "terminal")
_LONGEST_LOCK_MIN = 600.0
_SIGNS = {  # how Textual names the signs that a person would write
    "?": "question_mark", "/": "slash", ",": "comma", ".": "full_stop", "<": "less_than_sign",
    ">": "greater_than_sign", "-": "minus", "+": "plus", "=": "equals_sign", ";": "semicolon",
    ":": "colon", "!": "exclamation_mark", "#": "number_sign", "*": "asterisk", " ": "space",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preferences:
    """What was chosen. keys: by a command's id. problems: sentences about what was left out."""

    keys: dict[str, str] = field(default_factory=dict[str, str])
    colours: str = "dark"
    lock_after_min: float = LOCK_AFTER_MIN
    problems: tuple[str, ...] = ()

    def key(self, command: Command) -> str:
        """Return the keys of a command, several with commas, as Textual names them."""
        return self.keys.get(command.id, command.key)


def preferences_file() -> Path:
    """Return where the file lies, or would lie."""
    return Path(platformdirs.user_config_dir("earshot")) / "interface.toml"


def read(path: Path | None = None) -> Preferences:
    """Read the file; the defaults where there is none."""
    file = path or preferences_file()
    try:
        raw = file.read_text(encoding="utf-8")
        told: dict[str, Any] = tomllib.loads(raw)
    except FileNotFoundError:
        return Preferences()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return Preferences(problems=("interface.toml cannot be read: nothing in it holds.",))
    return _understood(told)


def _understood(told: Mapping[str, Any]) -> Preferences:
    problems: list[str] = []
    keys = _keys(_flat(told.get("keys", {})), problems)
    colours = told.get("colours", "dark")
    if colours not in COLOURS:
        problems.append("colours is one of dark, light, terminal.")
        colours = "dark"
    lock = told.get("lock_after_min", LOCK_AFTER_MIN)
    if not isinstance(lock, int | float) or not 1 <= lock <= _LONGEST_LOCK_MIN:
        problems.append("lock_after_min is a number of minutes from 1 to 600.")
        lock = LOCK_AFTER_MIN
    unknown = sorted(set(told) - {"keys", "colours", "lock_after_min"})
    problems += [f"Nothing is called {name!r}." for name in unknown]
    return Preferences(keys, str(colours), float(lock), tuple(problems))


def _flat(told: object, front: str = "") -> dict[str, object]:
    """Bring ``interview.play = "f9"``, which TOML reads as a table, into one name."""
    if not isinstance(told, dict):
        return {}
    found: dict[str, object] = {}
    for name, value in told.items():  # pyright: ignore[reportUnknownVariableType]
        if isinstance(value, dict):
            found |= _flat(value, f"{front}{name}.")  # pyright: ignore[reportUnknownArgumentType]
        else:
            found[f"{front}{name}"] = value
    return found


def _keys(told: Mapping[str, object], problems: list[str]) -> dict[str, str]:
    known = {command.id: command for command in COMMANDS}
    keys: dict[str, str] = {}
    for name, value in told.items():
        if name not in known:
            problems.append(f"No command is called {name!r}: see `earshot keys`.")
        elif not isinstance(value, str) or not value.strip():
            problems.append(f'The key of {name} is a word such as "f9" or "ctrl+t".')
        else:
            keys[name] = _named(value)
    for name in _clashing(keys, known):
        problems.append(f"The key of {name} does something else already: it stays as it was.")
        del keys[name]
    return keys


def _named(key: str) -> str:
    bare = key if key == " " else key.strip()
    return _SIGNS.get(bare, bare if len(bare) == 1 else bare.lower())


def _clashing(keys: Mapping[str, str], known: Mapping[str, Command]) -> list[str]:
    """Return the commands whose new key another command of the same screen has."""
    found: list[str] = []
    for name in keys:
        place = known[name].screen
        others = {
            key
            for command in COMMANDS
            if command.id != name and _meet(command.screen, place)
            for key in keys.get(command.id, command.key).split(",")
        }
        if others & set(keys[name].split(",")):
            found.append(name)
    return found


def _meet(one: Place, other: Place) -> bool:
    return one is other or Place.EVERYWHERE in {one, other}
