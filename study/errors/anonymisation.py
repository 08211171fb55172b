"""Mentions, what was decided about them, and replacements: exit codes 90 to 109."""

from __future__ import annotations

from study.errors.base import EarshotError


class AnonymisationError(EarshotError):
    """A mention or a replacement cannot be changed as was asked."""


class UnknownMention(AnonymisationError):
    """A decision names a mention that is not there (any more)."""

    exit_code = 90

    def __init__(self) -> None:
        super().__init__("There is no such mention in this interview.")


class WordsChanged(AnonymisationError):
    """A decision is about words that were edited since they were found."""

    exit_code = 91

    def __init__(self) -> None:
        super().__init__("The words of that mention were edited since it was found.")


class UnknownReplacement(AnonymisationError):
    """A replacement is to be changed that stands for nobody in the study."""

    exit_code = 92

    def __init__(self) -> None:
        super().__init__("Nothing in this study has that label.")


class BadReplacement(AnonymisationError):
    """A typed replacement is empty, or stands for another already."""

    exit_code = 93

    def __init__(self, why: str) -> None:
        super().__init__(f"That replacement {why}.")
        self.why = why
