"""Labels of interviews and codes of participants: which spellings are allowed."""

from __future__ import annotations

import re

_LONGEST_CODE = 40
_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(10)
}


def is_code(name: str) -> bool:
    """Whether a label or participant code holds only what every file system and format takes.

    It begins with a letter or digit: a dash in front would be an option on the command line and
    a formula in a spreadsheet. Names of Windows' own devices are no file names there.
    """
    return (
        name.casefold() not in _DEVICES
        and 0 < len(name) <= _LONGEST_CODE
        and name.isascii()
        and name[0].isalnum()
        and name.replace("-", "").replace("_", "").isalnum()
    )


# As an import numbers whom nobody entered, and as WhisperX, aTrain and noScribe number voices.
_STRANGER = re.compile(r"S\d\d|UNK|SPEAKER[-_]?\d{1,3}")


# As voices are numbered here that nobody has named yet.
_VOICE = re.compile(r"S[1-9][0-9]?")


def is_voice(code: str) -> bool:
    """Whether a code stands for a voice of one interview that nobody has named yet: S1."""
    return _VOICE.fullmatch(code) is not None


def is_stranger(code: str) -> bool:
    """Whether a code stands for somebody nobody entered: S01 of one interview, and no other."""
    return _STRANGER.fullmatch(code) is not None
