"""Whether a code or a label may be somebody's name: asked when it is typed, never refused.

Both stand in files that leave the study, and a label in their names as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from anonymise import load_word_list
from models import look_up_word
from study import is_time_word
from study.errors import EarshotError

_COMMON_NAME = 0.75  # of 1.0: how common a given name is; "Alpha" and "Ward" have 0.5
_DOUBT = "{code} is a common first name, and a code goes into files that leave the study."
_DOUBT_LABEL = "{part} is a name, and a label goes into files that leave the study."
_PART = re.compile(r"[^\W\d_]+")


def doubt_label(label: str, names: Iterable[str] = ()) -> str:
    """Return a sentence about the part of a label that may be a name, "" where none may be.

    names: those that were entered for who takes part.
    """
    entered = {part.casefold() for name in names for part in _PART.findall(name)}
    parts = [part for part in _PART.findall(label) if not is_time_word(part.casefold())]
    found = next((p for p in parts if p.casefold() in entered or is_like_name(p)), "")
    return _DOUBT_LABEL.format(part=found) if found else ""


def doubt_codes(codes: Iterable[str]) -> str:
    """Return a sentence about the first code that may be a name, "" where none may be."""
    found = next((code for code in codes if is_like_name(code)), "")
    return _DOUBT.format(code=found) if found else ""


def is_like_name(code: str) -> bool:
    """Whether a code has no digit, and a part of it is a common given name."""
    if any(char.isdigit() for char in code):
        return False
    parts = code.replace("-", " ").replace("_", " ").casefold().split()
    return any(_is_given_name(part) for part in parts)


def _is_given_name(word: str) -> bool:
    if word in load_word_list("people", "given names that are words"):
        return True
    try:
        return look_up_word(word).given >= _COMMON_NAME
    except EarshotError:  # the table is damaged: what needs it says so
        return False
