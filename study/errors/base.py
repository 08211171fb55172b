"""The root of all errors: it carries what happened, never what to do about it."""

from __future__ import annotations

from typing import ClassVar


class EarshotError(Exception):
    """Something a person can understand and mend.

    The text of the exception is one sentence of what happened, and its attributes are the facts
    of it; what to do next is said by the command line and by the screens, each in its own words.
    """

    exit_code: ClassVar[int] = 1
