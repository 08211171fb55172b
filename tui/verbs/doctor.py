"""``earshot doctor``: what this computer has and lacks for the work, and what to do about it.

Each check answers by itself and in a sentence; one that fails in a way nobody thought of is told
as such and does not take the others with it. No model is loaded and nothing is sent anywhere.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum

from cli.next_steps import next_step
from study.errors import ComputerUnfit, EarshotError, NoSoundLibrary
from tui.talk import Talk
from tui.verb import Verb

_LEAST_FREE_GB, _SCARCE_FREE_GB = 0.5, 5.0  # an hour in three channels at 48 kHz is 1 GB
_LEAST_MEMORY_GB, _SCARCE_MEMORY_GB = 1.0, 3.5  # the demonstration; small.en beside a desktop
_LEAST_COLUMNS, _LEAST_LINES = 80, 24  # what every screen is drawn for
_SANE_YEARS = range(2026, 2100)  # Earshot is of 2026; a clock without its battery says 1970
_MANY_COLOURS = ("256color", "direct", "kitty", "alacritty", "ghostty", "wezterm")


class Verdict(StrEnum):
    """How a check went."""

    OK = "ok"
    LOOK = "look"
    BROKEN = "broken"


_SIGNS = {Verdict.OK: "\u2713", Verdict.LOOK: "!", Verdict.BROKEN: "\u2717"}
_PLAIN_SIGNS = {Verdict.OK: "+", Verdict.LOOK: "!", Verdict.BROKEN: "x"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, what was found, and what to do."""

    name: str
    verdict: Verdict
    found: str
    advice: str = ""


def checks() -> list[Check]:
    """Look at everything; never raises."""
    return [
        _guarded(name, look)
        for name, look in (
            ("sound", _sound),
            ("models", _models),
            ("disk", _disk),
            ("memory", _memory),
            ("terminal", _terminal),
            ("clock", _clock),
            ("keyring", _keyring),
        )
    ]


_Found = tuple[Verdict, str, str]


def _guarded(name: str, look: Callable[[], _Found]) -> Check:
    try:
        return Check(name, *look())
    except EarshotError as problem:
        return Check(name, Verdict.LOOK, str(problem), next_step(problem))
    except Exception as fault:  # noqa: BLE001 - a doctor does not faint: the others still answer
        found = f"This could not be looked at ({type(fault).__name__})."
        return Check(name, Verdict.LOOK, found, "Please report it.")


def _sound() -> _Found:
    from capture.devices import devices

    try:
        found = devices()
    except NoSoundLibrary as missing:
        return Verdict.LOOK, str(missing), next_step(missing)
    if not found:
        return (
            Verdict.LOOK,
            "There is no microphone.",
            "Plug one in to record; importing needs none.",
        )
    default = next((device for device in found if device.is_default), found[0])
    others = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return Verdict.OK, f"{default.name}{others}.", ""


def _models() -> _Found:
    from models import shelf
    from models.catalogue import ModelKind, offers

    broken = [
        offer
        for offer in offers()
        if shelf.folder_of(offer).exists()
        and (
            not shelf.is_whole(offer.kind, shelf.folder_of(offer))
            or shelf.too_new(offer.kind, shelf.folder_of(offer))
        )
    ]
    if broken:
        names = ", ".join(offer.name for offer in broken)
        advice = "Install Earshot again."
        if not any(offer.is_bundled for offer in broken):
            advice = f"earshot models get {broken[0].name}"
        return Verdict.BROKEN, f"Incomplete, or made for newer libraries: {names}.", advice
    speech, names = shelf.here(ModelKind.SPEECH), shelf.here(ModelKind.NAMES)
    if not speech or not names:
        return Verdict.BROKEN, "The models that ship with Earshot are gone.", "Install it again."
    real = [model.name for model in speech if not model.offer.is_demonstration]
    if not real:
        found = "For speech only the demonstration's, which hears its own voices and no others."
        return Verdict.LOOK, found, "earshot models get small.en"
    return Verdict.OK, f"{', '.join(real)}; {', '.join(m.name for m in names)}.", ""


def _disk() -> _Found:
    from models.machine import room_gb

    free_gb = min(room_gb(), shutil.disk_usage(os.curdir).free / 1e9)
    found = f"{free_gb:.1f} GB are free."
    if free_gb < _LEAST_FREE_GB:
        return Verdict.BROKEN, found, "Free some space: a recording needs up to 1 GB an hour."
    if free_gb < _SCARCE_FREE_GB:
        return Verdict.LOOK, found, "Free some space before a long day of interviews."
    return Verdict.OK, found, ""


def _memory() -> _Found:
    from models.machine import this

    machine = this()
    found = f"{machine.told()}."
    if machine.memory_gb < _LEAST_MEMORY_GB:
        return Verdict.BROKEN, found, "Transcribe on a computer with more memory."
    if machine.memory_gb < _SCARCE_MEMORY_GB:
        return Verdict.LOOK, found, "Take base.en, or transcribe on another computer."
    return Verdict.OK, found, ""


def _terminal() -> _Found:
    size = shutil.get_terminal_size((0, 0))
    if _encoding() != "utf8":
        found = f"It does not speak UTF-8 but {_encoding() or 'something unknown'}."
        return Verdict.LOOK, found, "Set LANG to a locale that ends in UTF-8, such as C.UTF-8."
    if not (size.columns and size.lines):
        return Verdict.OK, "None: Earshot is run by a script.", ""
    found = f"{size.columns} x {size.lines}, {_colours()}, UTF-8."
    if size.columns < _LEAST_COLUMNS or size.lines < _LEAST_LINES:
        return Verdict.LOOK, found, f"Make it at least {_LEAST_COLUMNS} x {_LEAST_LINES}."
    return Verdict.OK, found, ""


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
        return Verdict.BROKEN, found, "Set the clock: the audit trail notes when things were done."
    return Verdict.OK, found, ""


def _keyring() -> _Found:
    from tui.passphrase import _keyring_is_secure  # pyright: ignore[reportPrivateUsage]

    secure = False
    with contextlib.suppress(ImportError, RuntimeError):
        secure = _keyring_is_secure()
    if secure:
        return Verdict.OK, "The system has one that keeps secrets from other users.", ""
    return Verdict.OK, "None that is secure: the passphrase is asked for each time.", ""


def _run(_: argparse.Namespace, talk: Talk) -> int:
    found = checks()
    signs = _SIGNS if _encoding() == "utf8" else _PLAIN_SIGNS
    talk.table(
        [asdict(check) for check in found],
        ["", "check", "verdict", "found", "what to do"],
        [(signs[c.verdict], c.name, c.verdict, c.found, c.advice) for c in found],
    )
    broken = sum(check.verdict is Verdict.BROKEN for check in found)
    return ComputerUnfit.exit_code if broken else 0


def _encoding() -> str:
    return str(getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "")


def _arguments(_: argparse.ArgumentParser) -> None:
    """Take nothing but ``--json``."""


VERB = Verb(
    name="doctor",
    summary="Look at sound, models, disk, memory, terminal, clock and keyring of this computer.",
    example="earshot doctor",
    run=_run,
    arguments=_arguments,
)
