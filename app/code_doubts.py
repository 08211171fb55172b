"""Whether a participant's code may be somebody's name: asked when a code is typed, never refused.

A code stands in files that leave the study, and in every name of a file.
"""

from __future__ import annotations

from collections.abc import Iterable

from anonymise import load_word_list
from models import look_up_word
from study.errors import EarshotError

_COMMON_NAME = 0.75  # of 1.0: how common a given name is; "Alpha" and "Ward" have 0.5
_DOUBT = "{code} is a common first name, and a code goes into files that leave the study."


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
