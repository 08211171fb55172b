"""The root of all errors: it says what happened, never what to do about it."""

from __future__ import annotations

from typing import ClassVar


class EarshotError(Exception):
    """Something a person can understand and mend.

    The text of the exception says in one sentence what happened, its attributes hold the facts.
    The command line and the screens add what to do next, each in its own words.
    """

    exit_code: ClassVar[int] = 1
