"""Checks of this computer: what it has and lacks for the work, and what to do about it.

Each check answers in a sentence. One that fails in an unforeseen way says so, and the others
still answer. No check loads a model or sends anything anywhere.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.system_keyring import is_keyring_secure
from app.system_parts import find_missing_parts, find_system_kind, name_install_command
from app.terminal import read_encoding
from capture import list_devices
from models import (
    ModelKind,
    find_model_folder,
    inspect_machine,
    is_model_whole,
    list_models,
    list_offers,
    measure_room_gb,
    name_outdated_library,
)
from study.errors import EarshotError, NoSoundLibrary

_LEAST_FREE_GB, _SCARCE_FREE_GB = 0.5, 5.0  # an hour in three channels at 48 kHz is 1 GB
_LEAST_MEMORY_GB, _SCARCE_MEMORY_GB = 1.0, 3.5  # tiny.en alone; small.en beside a desktop
_LEAST_COLUMNS, _LEAST_LINES = 80, 24  # what every screen is drawn for
_SANE_YEARS = range(2026, 2100)  # Earshot is of 2026; a clock without its battery says 1970
_MANY_COLOURS = ("256color", "direct", "kitty", "alacritty", "ghostty", "wezterm")


class HealthVerdict(StrEnum):
    """How well the computer does in one check."""

    OK = "ok"
    LOOK = "look"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """What one check found, in a sentence; ``advice`` says what to do, "" where all is well."""

    name: str
    verdict: HealthVerdict
    found: str
    advice: str = ""


def run_health_checks(advise: Callable[[EarshotError], str]) -> list[HealthCheck]:
    """Run every check; never raises.

    advise: returns the sentence that says what to do about an error.
    """
    return [
        _run_check(name, check, advise)
        for name, check in (
            ("system", _system),
            ("sound", _sound),
            ("models", _models),
            ("disk", _disk),
            ("memory", _memory),
            ("terminal", _terminal),
            ("clock", _clock),
            ("keyring", _keyring),
        )
    ]


_Found = tuple[HealthVerdict, str, str]


def _run_check(
    name: str, check: Callable[[], _Found], advise: Callable[[EarshotError], str]
) -> HealthCheck:
    try:
        return HealthCheck(name, *check())
    except EarshotError as problem:
        return HealthCheck(name, HealthVerdict.LOOK, str(problem), advise(problem))
    except Exception as fault:  # noqa: BLE001 - the other checks still answer
        found = f"This could not be checked ({type(fault).__name__})."
        return HealthCheck(name, HealthVerdict.LOOK, found, "Please report it.")


def _system() -> _Found:
    kind = find_system_kind()
    missing = find_missing_parts(kind)
    if missing:
        found = f"Missing: {', '.join(part.what for part in missing)}."
        return HealthVerdict.LOOK, found, name_install_command(kind, missing)
    return HealthVerdict.OK, f"{kind}; nothing of it is missing.", ""


def _sound() -> _Found:
    try:
        found = list_devices()
    except NoSoundLibrary as missing:
        advice = "The command above installs it. Everything else works without."
        return HealthVerdict.LOOK, str(missing), advice
    if not found:
        return (
            HealthVerdict.LOOK,
            "There is no microphone.",
            "Plug one in to record. You need none to import.",
        )
    default = next((device for device in found if device.is_default), found[0])
    others = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return HealthVerdict.OK, f"{default.name}{others}.", ""


def _models() -> _Found:
    broken = [
        offer
        for offer in list_offers()
        if find_model_folder(offer).exists()
        and (
            not is_model_whole(offer.kind, find_model_folder(offer))
            or name_outdated_library(offer.kind, find_model_folder(offer))
        )
    ]
    if broken:
        names = ", ".join(offer.name for offer in broken)
        advice = "Install Earshot again."
        if not any(offer.is_bundled for offer in broken):
            advice = f"earshot models get {broken[0].name}"
        return HealthVerdict.BROKEN, f"Incomplete, or made for newer libraries: {names}.", advice
    speech, names = list_models(ModelKind.SPEECH), list_models(ModelKind.NAMES)
    if not names:
        return (
            HealthVerdict.BROKEN,
            "The model that ships with Earshot is gone.",
            "Install it again.",
        )
    if not speech:
        return HealthVerdict.LOOK, "There is no speech model yet.", "earshot models get small.en"
    return (
        HealthVerdict.OK,
        f"{', '.join(m.name for m in speech)}; {', '.join(m.name for m in names)}.",
        "",
    )


def _disk() -> _Found:
    free_gb = min(measure_room_gb(), shutil.disk_usage(os.curdir).free / 1e9)
    found = f"{free_gb:.1f} GB are free."
    if free_gb < _LEAST_FREE_GB:
        return HealthVerdict.BROKEN, found, "Free some space: a recording needs up to 1 GB an hour."
    if free_gb < _SCARCE_FREE_GB:
        return HealthVerdict.LOOK, found, "Free some space before a long day of interviews."
    return HealthVerdict.OK, found, ""


def _memory() -> _Found:
    machine = inspect_machine()
    found = f"{machine.describe()}."
    if machine.memory_gb < _LEAST_MEMORY_GB:
        return HealthVerdict.BROKEN, found, "Transcribe on a computer with more memory."
    if machine.memory_gb < _SCARCE_MEMORY_GB:
        return HealthVerdict.LOOK, found, "Take base.en, or transcribe on another computer."
    return HealthVerdict.OK, found, ""


def _terminal() -> _Found:
    size = shutil.get_terminal_size((0, 0))
    encoding = read_encoding(sys.stdout)
    if encoding != "utf8":
        found = f"Its encoding is {encoding or 'unknown'}, not UTF-8."
        return (
            HealthVerdict.LOOK,
            found,
            "Set LANG to a locale that ends in UTF-8, such as C.UTF-8.",
        )
    if not (size.columns and size.lines):
        return HealthVerdict.OK, "Not used: a script runs Earshot.", ""
    found = f"{size.columns} x {size.lines}, {_colours()}, UTF-8."
    if size.columns < _LEAST_COLUMNS or size.lines < _LEAST_LINES:
        return HealthVerdict.LOOK, found, f"Make it at least {_LEAST_COLUMNS} x {_LEAST_LINES}."
    return HealthVerdict.OK, found, ""


def _colours() -> str:
    kind = os.environ.get("TERM", "")
    if os.environ.get("NO_COLOR") or kind in {"", "dumb"}:
        return "no colours"
    if os.environ.get("COLORTERM") in {"truecolor", "24bit"}:
        return "all colours"
    return "256 colours" if any(name in kind for name in _MANY_COLOURS) else "few colours"


def _clock() -> _Found:
    now = time.localtime()
    found = time.strftime("%Y-%m-%d %H:%M %Z.", now)
    if now.tm_year not in _SANE_YEARS:
        return (
            HealthVerdict.BROKEN,
            found,
            "Set the clock: the audit trail notes when things were done.",
        )
    return HealthVerdict.OK, found, ""


def _keyring() -> _Found:
    with contextlib.suppress(ImportError, RuntimeError):
        if is_keyring_secure():
            return HealthVerdict.OK, "The system has one that keeps secrets from other users.", ""
    return HealthVerdict.OK, "None that is secure: the passphrase is asked for each time.", ""
