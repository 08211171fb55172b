"""A person's preferences for the interface on this computer: keys, looks, when it locks.

They stand in one small file, ``interface.toml``, that the person writes; it holds nothing of a
study. The interface reports wrong entries when it opens, and ignores them alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import platformdirs

from app.command_table import COMMANDS, KEY_SIGNS, Command, CommandPlace, name_key
from study import read_plain_file

LOCK_AFTER_MIN: Final = 10.0  # our choice: long enough to think, short enough for a shared room
COLOURS: Final = ("dark", "light", "terminal")
TIMELINES: Final = ("blocks", "digits")
_LONGEST_LOCK_MIN = 600.0
_ENTRIES = frozenset({"keys", "colours", "lock_after_min", "blank_lines", "timeline"})
_MOST_BYTES = 16 << 10  # a key for every command takes 3 kB
_PART_OF: Final = {  # commands of older versions, and the command that does their work now
    f"check.{name}": "check.filter"
    for name in ("kind", "action", "who", "class", "bulk", "unseen", "all")
}
_KEY_WORDS = {sign: word for word, sign in KEY_SIGNS.items()} | {" ": "space"}
_SHIFTED: Final = re.compile(r"\bshift\+f([1-9]|1[0-2])\b")


@dataclass(frozen=True, slots=True)
class Preferences:
    """The preferences.

    keys: by a command's id. has_blank_lines: whether a blank line follows each turn. timeline: how
    it shows who speaks, one of ``TIMELINES``. problems: sentences about ignored entries.
    """

    keys: dict[str, str] = field(default_factory=dict[str, str])
    colours: str = "dark"
    lock_after_min: float = LOCK_AFTER_MIN
    problems: tuple[str, ...] = ()
    has_blank_lines: bool = False
    timeline: str = "blocks"

    def keys_of(self, command: Command) -> str:
        """Return the keys of a command, several with commas, as Textual names them."""
        return self.keys.get(command.id, command.key)


def preferences_file() -> Path:
    """Return the path of the preferences file, whether it exists or not."""
    return Path(platformdirs.user_config_dir("earshot")) / "interface.toml"


def read_preferences(path: Path | None = None) -> Preferences:
    """Read the file; the defaults where there is none."""
    unread = Preferences(
        problems=("interface.toml cannot be read, so the usual settings are used.",)
    )
    try:
        raw = read_plain_file(path or preferences_file(), _MOST_BYTES)
        if len(raw) > _MOST_BYTES:
            return unread
        return _parse(tomllib.loads(raw.decode()))
    except FileNotFoundError:
        return Preferences()
    # Tables in tables without end are too deep for the parser; a number without end is no number.
    except (OSError, ValueError, RecursionError):
        return unread


def _parse(entries: Mapping[str, Any]) -> Preferences:
    problems: list[str] = []
    keys = _keys(_flat(entries.get("keys", {})), problems)
    colours = entries.get("colours", "dark")
    if colours not in COLOURS:
        problems.append("colours must be one of dark, light, terminal.")
        colours = "dark"
    lock = entries.get("lock_after_min", LOCK_AFTER_MIN)
    if not isinstance(lock, int | float) or not 1 <= lock <= _LONGEST_LOCK_MIN:
        problems.append("lock_after_min must be a number of minutes from 1 to 600.")
        lock = LOCK_AFTER_MIN
    has_blank_lines = entries.get("blank_lines", False)
    if not isinstance(has_blank_lines, bool):
        problems.append("blank_lines must be true or false.")
        has_blank_lines = False
    timeline = entries.get("timeline", "blocks")
    if timeline not in TIMELINES:
        problems.append("timeline must be one of blocks, digits.")
        timeline = "blocks"
    unknown = sorted(set(entries) - _ENTRIES)
    problems += [f"There is no setting called {name!r}." for name in unknown]
    return Preferences(
        keys, str(colours), float(lock), tuple(problems), has_blank_lines, str(timeline)
    )


def _flat(entries: object, front: str = "") -> dict[str, object]:
    """Join the names of nested tables: TOML reads ``interview.play = "f12"`` as one."""
    if not isinstance(entries, dict):
        return {}
    found: dict[str, object] = {}
    for name, value in entries.items():  # pyright: ignore[reportUnknownVariableType]
        if isinstance(value, dict):
            found |= _flat(value, f"{front}{name}.")  # pyright: ignore[reportUnknownArgumentType]
        else:
            found[f"{front}{name}"] = value
    return found


def _keys(entries: Mapping[str, object], problems: list[str]) -> dict[str, str]:
    known = {command.id: command for command in COMMANDS}
    keys: dict[str, str] = {}
    for name, value in entries.items():
        if name in _PART_OF:
            now = _PART_OF[name]
            problems.append(f"{name} is part of {now} now: its key in interface.toml does nothing.")
        elif name not in known:
            problems.append(f"No command is called {name!r}: see `earshot keys`.")
        elif not isinstance(value, str) or not value.strip():
            problems.append(f'The key of {name} is a word such as "f12" or "ctrl+t".')
        else:
            keys[name] = _named(value)
    for name, (key, other) in _clashing(keys, known).items():
        problems.append(
            f"{name_key(key)} is the key of {other} already, so {name} keeps its usual key."
        )
        del keys[name]
    return keys


def _named(key: str) -> str:
    bare = key if key == " " else key.strip()
    named = _KEY_WORDS.get(bare, bare if len(bare) == 1 else bare.lower())
    # Terminals tell Shift with F1 to F12 from F13 to F24 only sometimes: they are one key here.
    return _SHIFTED.sub(lambda key: f"f{int(key[1]) + 12}", named)


def _clashing(keys: Mapping[str, str], known: Mapping[str, Command]) -> dict[str, tuple[str, str]]:
    """Return the commands whose new key another command of the same screen has, by their ids.

    With each stands the key, and the id of the command that has it.
    """
    found: dict[str, tuple[str, str]] = {}
    for name in keys:
        place, wanted = known[name].screen, set(keys[name].split(","))
        for command in COMMANDS:
            if command.id == name or not _meet(command.screen, place):
                continue
            taken = wanted.intersection(keys.get(command.id, command.key).split(","))
            if taken:
                found.setdefault(name, (min(taken), command.id))
    return found


def _meet(one: CommandPlace, other: CommandPlace) -> bool:
    return one is other or CommandPlace.EVERYWHERE in {one, other}
