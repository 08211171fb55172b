"""The ids of interviews, and of other owners of sealed rows: random, and the names of folders.

What comes from elsewhere is held to their form before a path is made of it.
"""

from __future__ import annotations

import re
import secrets

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 8  # 31**8: a chance of 1 in 1.7 million that two of 1,000 interviews collide
_FORM = re.compile(f"[{_LETTERS}]{{{_LENGTH}}}")


def generate_interview_id() -> str:
    """Return a random id for an interview."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def is_interview_id(text: object) -> bool:
    """Whether a text has exactly the form of an id that ``generate_interview_id`` makes."""
    return isinstance(text, str) and _FORM.fullmatch(text) is not None
